"""How is a draft kept while somebody writes, and how do they delete it?

Saving comes by itself, so it gives way: what was begun before an answer arrived never stands beside that answer.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onboarding.domain.answers import unfinished
from onboarding.domain.errors import Overtaken
from onboarding.domain.forms import Draft
from onboarding.domain.languages import of_page
from onboarding.domain.wording import time_in_words
from onboarding.services import drafting
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """That a draft was kept: when, on the clock of whoever writes, in the words of their `language`."""

    language: str
    time: str


def save(engine: Engine, token: str, raw: Mapping[str, list[str]], since: int, now: datetime) -> Saved:
    """Keep what stands in a form that was opened in the edition `since` (0: it was not answered).

    Nothing is kept of a form in which nothing stands, where there is no answer beside which that says something.

    Raises:
        BadLink, Expired, NotFound, AlreadyLeft: as `drafting.keep`.
        Overtaken: the form was answered, or something was taken back, after it was opened.
    """
    with engine.store.begin() as books:
        books.asks.hold([engine.links.read_closed_ask(token)])
        asked = drafting.open_for_drafts(engine, books, token, now)
        if since != asked.edition:
            raise Overtaken("this form was sent, or something of it was taken back, after it was opened")
        written = dict(unfinished(asked.form, raw))
        first = books.asks.draft_of(asked.ask.id) is None
        if written or asked.edition:
            books.asks.keep_draft(Draft(ask_id=asked.ask.id, values=written, saved_at=now))
        else:
            books.asks.drop_draft(asked.ask.id)
    if first and written:
        log.info("ask.begun", extra={"hire": asked.ask.hire_id, "step": asked.ask.step})
    return Saved(language=asked.language, time=time_in_words(now, asked.time_zone, of_page(asked.language)))


def delete(engine: Engine, token: str) -> bool:
    """Delete the draft of a link, also when its form has closed; whether there was one.

    Raises:
        BadLink: the link is forged or damaged.
    """
    ask_id = engine.links.read_closed_ask(token)
    with engine.store.begin() as books:
        books.asks.hold([ask_id])
        gone = books.asks.drop_draft(ask_id)
    if gone:
        log.info("ask.draft_deleted", extra={"ask": ask_id})
    return gone
