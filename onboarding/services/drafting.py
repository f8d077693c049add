"""How is what somebody wrote and has not sent kept, and shown to them and to nobody else?

A draft is no answer: nothing follows from it, reminders go on, and HR learns that it was begun, never what it
says. When its form has closed it stays unsent; whoever wrote it still finds their words for a while, to copy them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.domain.answers import unfinished
from onboarding.domain.errors import AlreadyLeft, NotFound
from onboarding.domain.forms import TEXTS, Ask, Draft, Form, Written
from onboarding.domain.journey import TAKE_CARE
from onboarding.domain.people import HireState, Person
from onboarding.ports import Books
from onboarding.services import editions, round_answers, taking_care
from onboarding.services.answering import AskView, view_of
from onboarding.services.ask_forms import form_of
from onboarding.services.directory import Directory
from onboarding.services.editions import Opened
from onboarding.services.engine import Engine
from onboarding.services.situations import situation

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long a draft is kept after its form has closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """Texts that somebody wrote into a form that is closed: (question, text), in the language of the form."""

    language: str
    texts: tuple[tuple[str, str], ...]


def keep(
    engine: Engine, token: str, raw: Mapping[str, list[str]], now: datetime, opened: Opened | None = None
) -> AskView | None:
    """Keep what was written so far, whether it fits or not, in the place of the draft before.

    None, and nothing is kept, of a page that does not say how it was `opened`, when it was answered or something
    of it was taken back at the same moment: whoever pressed both buttons wants it gone.

    Raises:
        BadLink, Expired, NotFound, AlreadyLeft: as `open_for_drafts`.
        Overtaken, SavedElsewhere: as `editions.check`, of a page that says how it was opened.
    """
    with engine.store.read() as books:
        asked = open_for_drafts(engine, books, token, now)
    ask, written = asked.ask, dict(unfinished(asked.form, raw))
    with engine.store.begin() as books:
        books.asks.hold([ask.id])
        if opened is not None:
            editions.check(books, ask.id, opened, written)
        elif editions.edition(books, ask.id) != asked.edition:
            return None
        books.asks.keep_draft(Draft(ask_id=ask.id, values=written, saved_at=now))
    log.info("ask.begun", extra={"hire": ask.hire_id, "step": ask.step})
    return asked


def open_for_drafts(engine: Engine, books: Books, token: str, now: datetime) -> AskView:
    """The form of a link, where a draft of it may be kept; changes nothing.

    Raises:
        BadLink, Expired, NotFound: as `answering.open_ask`; NotFound also where there are no drafts.
        AlreadyLeft: the answers are words that have left.
    """
    asked = view_of(engine, books, token, now)
    if asked.ask.form == TAKE_CARE:
        raise NotFound("two people may answer this form, and a draft is for one pair of eyes")
    if asked.form.tasks:
        raise NotFound("a list has no drafts: its tasks are ticked one by one")
    if not asked.form.questions:
        raise AlreadyLeft("these words have left already")
    return asked


def left_over(
    engine: Engine, token: str, now: datetime, typed: Mapping[str, list[str]] | None = None
) -> LeftOver | None:
    """What somebody wrote into a form that has closed: what they `typed` just now, else their draft.

    None when there is no text to copy, and for whoever has left or does not come after all.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the ask is not known.
    """
    ask_id, told = taking_care.of_link(engine.links.read_closed_ask(token))
    with engine.store.read() as books:
        ask = books.asks.get(ask_id)
        person = taking_care.reader(engine, Directory(books), ask, told) if ask else None
        if ask is None or person is None:
            raise NotFound("this question is not known")
        form = _form(engine, books, ask, person, now)
        if form is None or not person.active:
            return None
        draft = books.asks.draft_of(ask_id)
        kept = draft.values if draft else {}
        written: Written = unfinished(form, typed) if typed is not None else kept
    texts = [
        (one.label, written[one.key][0]) for one in form.questions if one.kind in TEXTS and one.key in written
    ]
    return LeftOver(language=form.language, texts=tuple(texts)) if texts else None


def _form(engine: Engine, books: Books, ask: Ask, person: Person, now: datetime) -> Form | None:
    """The form of an ask in the language of whoever was asked; None about a newcomer who does not come."""
    if round_answers.is_about_coffee(ask.id):
        return engine.words.form(ask.form, person.language, round_answers.form_fields(engine, person))
    hire = books.hires.get(ask.hire_id)
    if hire is None or hire.state is HireState.WITHDRAWN:
        return None
    seen = situation(engine, books, Directory(books), hire, now)
    return form_of(engine, seen, ask, person)
