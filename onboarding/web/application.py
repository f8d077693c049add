"""How do the pages become one site?"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from onboarding import clock as clocks
from onboarding import settings as company_settings
from onboarding.clock import Clock
from onboarding.services.counting import EVERY
from onboarding.services.engine import Engine
from onboarding.web import (
    asks,
    calendars,
    coffee,
    desk,
    drafts,
    health,
    hooks,
    mail_news,
    mail_replies,
    meetings,
    metrics,
    notes,
    optional,
    preferences,
    profile,
    scim,
    scim_schemas,
)
from onboarding.web.headers import Headers
from onboarding.web.loopback import is_loopback_host
from onboarding.web.refusals import answer_refusals
from onboarding.web.site import Site


def create_app(
    engine: Engine,
    *,
    clock: Clock,
    desk: bool,
    outbox: Path | None = None,
    metrics_token: str = "",
    save_as_you_go: bool = True,
) -> FastAPI:
    """The site over an engine; it gives the engine's connections back when it ends.

    `desk` adds HR's pages, which answer to loopback only; `outbox` is the folder that the mailbox page shows.
    `save_as_you_go` has forms saved while somebody writes.
    """
    app = FastAPI(
        title=f"Onboarding at {engine.company.name}",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.site = Site(
        engine=engine,
        clock=clock,
        desk=desk,
        outbox=outbox,
        metrics_token=metrics_token,
        save_as_you_go=save_as_you_go,
    )
    for part in ROUTERS:
        app.include_router(part)
    answer_refusals(app)
    app.add_middleware(Headers)
    return app


ROUTERS = (
    hooks.router,
    mail_news.router,
    mail_replies.router,
    scim_schemas.router,
    scim.router,
    asks.router,
    notes.router,
    drafts.router,
    drafts.scripts,
    optional.router,
    preferences.router,
    profile.router,
    coffee.router,
    meetings.router,
    calendars.router,
    health.router,
    metrics.router,
    desk.router,
)


def app() -> FastAPI:
    """The site of this company's settings: `uvicorn --factory onboarding.web:app`.

    Desk pages are shown only while the company's public address is this machine. Where it is another one, a proxy
    stands in front, and one that adds no header would make the whole world look like loopback.

    Raises:
        BadSettings: with every problem at once.
    """
    from onboarding import bootstrap  # noqa: PLC0415 -- the wiring is needed by this factory only

    settings = company_settings.load()
    logging.getLogger("uvicorn.access").addFilter(hide_tokens)
    return create_app(
        bootstrap.build(settings),
        clock=clocks.from_file(settings.clock_file),
        desk=is_loopback_host(urlsplit(settings.public_url).netloc),
        outbox=settings.outbox if settings.mailer == "folder" else None,
        metrics_token=settings.metrics_token,
        save_as_you_go=settings.save_as_you_go,
    )


def hide_tokens(entry: logging.LogRecord) -> bool:
    """Take out of an entry of the access log the tokens of links (who has one can answer), and whom SCIM seeks."""
    if isinstance(entry.args, tuple):
        entry.args = tuple(_without_secrets(part) if isinstance(part, str) else part for part in entry.args)
    return True


_KNOWN = re.compile(r"/+webhooks/+(hris|sendgrid)/+[\w-]+")
"""Addresses of doors that hold no secret; whatever else speaks of them may hold one in an odd place."""


_TOKEN = re.compile(
    r"^(/+(?:ask|calendar|coffee|meetings|optional|preferences|profile|webhooks/+(?:hris/+[\w.-]+|sendgrid/+inbound)))[/;?].*"
)
"""What stands behind one of these is a secret of somebody's."""


def _without_secrets(text: str) -> str:
    without_tokens = _TOKEN.sub(r"\1/...", text)
    if without_tokens == text and re.search("hris|webhooks", text, re.IGNORECASE) and not _KNOWN.fullmatch(text):
        return "/..."
    return re.sub(r"^(/scim/[^?]*)\?.*", r"\1?...", without_tokens)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    site: Site = app.state.site
    writing = asyncio.create_task(_write_counts(site.engine))
    yield
    writing.cancel()
    site.engine.close()


async def _write_counts(engine: Engine) -> None:
    """Write down what was counted although nobody comes any more: HR looks right after the first message."""
    while True:
        await asyncio.sleep(EVERY.total_seconds())
        await run_in_threadpool(engine.counts.write, engine.store)
