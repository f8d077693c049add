"""What do all pages work with?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from onboarding.clock import Clock
from onboarding.services import receiving
from onboarding.services.engine import Engine
from onboarding.services.receiving import Message, Received
from onboarding.web.limits import Limiter, Places
from onboarding.web.proxies import Proxies
from onboarding.web.together import Together

SAVINGS, SAVINGS_PER_SECOND = 120, 4
"""How often the forms of one network are saved while people write, at once and then. A page saves every five
seconds at most, so that twenty people behind one address can write without a pause, and more as people do. With a
burst of visits it is less than a server takes at once (`--limit-concurrency`): one burst does not fill it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The engine, the clock, and what this site shows.

    `desk` says that this machine is shown what nobody else is: no proxy stands in front. `outbox` is the folder of
    the folder mailer, if any; `metrics_token` lets a monitoring system elsewhere read `/metrics`. `save_as_you_go`
    says that forms are saved while somebody writes; these visits are counted apart, in `savings`.
    """

    engine: Engine
    clock: Clock
    desk: bool
    outbox: Path | None = None
    metrics_token: str = field(default="", repr=False)
    save_as_you_go: bool = True
    limiter: Limiter = field(default_factory=Limiter)
    savings: Limiter = field(default_factory=lambda: Limiter(burst=SAVINGS, per_second=SAVINGS_PER_SECOND))
    uploads: Places = field(default_factory=Places, repr=False)
    proxies: Proxies = field(default_factory=Proxies, repr=False)
    door: Together[Message, Received] = field(init=False, repr=False)
    alarm: Together[tuple[datetime, datetime], None] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Messages of HR systems that arrive together are recorded together, and wake the enrolment together."""
        object.__setattr__(self, "door", Together(self._receive))
        object.__setattr__(self, "alarm", Together(self._wake))

    def _receive(self, messages: Sequence[Message], waited: float) -> list[Received | Exception]:
        return receiving.receive_all(self.engine, messages, waited=waited)

    def _wake(self, moments: Sequence[tuple[datetime, datetime]], _waited: float) -> list[None]:
        receiving.wake_all(self.engine, moments)
        return [None] * len(moments)


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site = request.app.state.site
    if not isinstance(site, Site):
        raise TypeError("the application was not made by create_app")
    return site


async def _site_of(request: Request) -> Site:  # no plain function: it would wait for a thread of the pool
    return site_of(request)


TheSite = Annotated[Site, Depends(_site_of)]
