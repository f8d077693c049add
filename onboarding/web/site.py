"""What do all pages work with?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from onboarding.clock import Clock
from onboarding.services.engine import Engine
from onboarding.web.limits import Limiter


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The engine, the clock, and what this site shows.

    `desk` says that this machine is shown what nobody else is: no proxy stands in front. `outbox` is the folder of
    the folder mailer, if any; `metrics_token` lets a monitoring system elsewhere read `/metrics`.
    """

    engine: Engine
    clock: Clock
    desk: bool
    outbox: Path | None = None
    metrics_token: str = field(default="", repr=False)
    limiter: Limiter = field(default_factory=Limiter)


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site = request.app.state.site
    if not isinstance(site, Site):
        raise TypeError("the application was not made by create_app")
    return site


TheSite = Annotated[Site, Depends(site_of)]
