"""Where does SendGrid tell what became of our letters?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from onboarding.domain.errors import NotFound
from onboarding.services import mail_news, receiving
from onboarding.web.hooks import single_headers
from onboarding.web.limits import read_body
from onboarding.web.site import TheSite

router = APIRouter(prefix="/webhooks/sendgrid")


async def raw_body(request: Request, site: TheSite) -> bytes:
    """The bytes as they came, for the signature; nothing is read when no key is set.

    Raises:
        NotFound: no key is set.
        TooLarge: more than 1 MiB.
    """
    if site.engine.mail_news is None:
        raise NotFound("no mail service is set up to tell")
    return await read_body(request, receiving.MAX_BODY)


@router.post("/events")
def take_news(request: Request, body: Annotated[bytes, Depends(raw_body)], site: TheSite) -> dict[str, int]:
    """Verify and record one batch of news."""
    changed = mail_news.take_mail_news(site.engine, headers=single_headers(request), body=body, now=site.clock())
    return {"changed": changed}
