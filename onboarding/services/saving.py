"""How is a draft kept while somebody writes, and how do they delete it?

Saving comes by itself, so it gives way: what was begun before an answer arrived never stands beside that answer,
and what an old page still says never replaces what another page saved since.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onboarding.domain.answers import unfinished
from onboarding.domain.forms import Draft
from onboarding.domain.languages import of_page
from onboarding.domain.wording import time_in_words
from onboarding.services import drafting, editions
from onboarding.services.editions import Opened
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """That a draft was kept: when, on the clock of whoever writes, in the words of their `language`.

    `mark` tells it from any other draft of the form; "" where nothing is left.
    """

    language: str
    time: str
    mark: str


def save(engine: Engine, token: str, raw: Mapping[str, list[str]], opened: Opened, now: datetime) -> Saved:
    """Keep what stands on a page of a form.

    Nothing is kept of a form in which nothing stands, where there is no answer beside which that says something.

    Raises:
        BadLink, Expired, NotFound, AlreadyLeft: as `drafting.keep`.
        Overtaken, SavedElsewhere: as `editions.check`.
    """
    with engine.store.read() as books:
        asked = drafting.open_for_drafts(engine, books, token, now)
    ask, written = asked.ask, dict(unfinished(asked.form, raw))
    with engine.store.begin() as books:
        books.asks.hold([ask.id])
        editions.check(books, ask.id, opened, written)
        first = books.asks.draft_of(ask.id) is None
        if written or opened.edition:
            books.asks.keep_draft(Draft(ask_id=ask.id, values=written, saved_at=now))
        else:
            books.asks.drop_draft(ask.id)
    if first and written:
        log.info("ask.begun", extra={"hire": ask.hire_id, "step": ask.step})
    return Saved(
        language=asked.language,
        time=time_in_words(now, asked.time_zone, of_page(asked.language)),
        mark=editions.mark_of(written),
    )


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
