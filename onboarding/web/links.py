"""Who may see a page behind a link at all?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request

from onboarding.ports import Links
from onboarding.web.loopback import limited
from onboarding.web.site import TheSite


def behind_links(prefix: str, read: Callable[[Links, str], object]) -> APIRouter:
    """The router of pages at `<prefix>/{token}`: each visit is counted, and the token is verified.

    Both happen before a body is read: whoever has no link of ours cannot have us wait for one. `read` raises
    BadLink for a token that we did not sign; whether a link still opens something is for the page to say.
    """

    async def genuine(request: Request, site: TheSite) -> None:  # no plain function: it would wait for a thread
        read(site.engine.links, request.path_params["token"])

    rules: list[Any] = [Depends(limited), Depends(genuine)]
    return APIRouter(prefix=prefix, dependencies=rules)
