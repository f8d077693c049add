"""What did somebody answer, and what follows? Stored, then planned again; a low answer wakes a human."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from onboarding.domain.answers import decided, validate
from onboarding.domain.errors import AlreadyLeft, Expired, NotFound, NothingAnswered
from onboarding.domain.forms import Ask, Form, Value, Written
from onboarding.domain.held import MOVE, QUESTION, YES
from onboarding.domain.journey import TAKE_CARE
from onboarding.domain.languages import of_page
from onboarding.domain.passing_on import Passing, leaving, left_as_it_was, offered
from onboarding.domain.people import HireState
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books
from onboarding.services import exchanges, naming, profiles, round_answers, taking_care
from onboarding.services.ask_forms import form_of
from onboarding.services.begun import begun
from onboarding.services.directory import Directory
from onboarding.services.editions import WORDS_TAKEN_BACK, edition
from onboarding.services.engine import Engine
from onboarding.services.escalating import TAKEN_CARE_OF
from onboarding.services.fields import profile_link
from onboarding.services.giving_way import decline, gave_way
from onboarding.services.meeting_after_all import meet_after_all
from onboarding.services.passing_on import Asking, Joins, joins, standing
from onboarding.services.planning import replan
from onboarding.services.round_answers import Answered
from onboarding.services.situations import situation
from onboarding.services.taking_care import TAKEN, Told
from onboarding.services.waking_watches import wake_watches

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """Everything that a page needs to put a question; texts are in `language`.

    `people` are the choices of questions of kind person: (id, name). `form` has the questions that can be answered
    now. `passing` is there where words are passed on in the name of whoever writes them; `leaves` and `left` say
    when, in words. `joins` is there where the newcomer reads them. `written` is what was saved and not sent,
    `begun` when that was, in words; both are empty when there is no draft. `edition` grows when it is
    answered or something is taken back. Moments are said in `time_zone`.
    `profile` is the address at which somebody sees what colleagues read about them, where a form asks for that.
    `taken_by` is who takes care of the newcomer already, and `taken_at` since when, in words.
    """

    ask: Ask
    form: Form
    language: str
    company_name: str
    hire_name: str
    you_name: str
    closes: str
    values: dict[str, Value]
    answered: bool
    people: tuple[tuple[str, str], ...]
    is_over: bool = False
    passing: Passing | None = None
    leaves: str = ""
    left: str = ""
    joins: Joins | None = None
    begun: str = ""
    written: Written = field(default_factory=dict)
    profile: str = ""
    taken_by: str = ""
    taken_at: str = ""
    edition: int = 0
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """The ask that a link leads to, whose mail it stood in, and whether it still opens the form."""

    ask_id: str
    told: Told
    is_open: bool


def open_ask(engine: Engine, token: str, now: datetime) -> AskView:
    """What to show for a link; changes nothing.

    Raises:
        BadLink: the link is forged or damaged.
        Expired: the deadline is over, the hire was withdrawn, or the words would reach nobody any more.
        NotFound: the ask is not known.
    """
    with engine.store.read() as books:
        return view_of(engine, books, token, now)


def view_of(engine: Engine, books: Books, token: str, now: datetime) -> AskView:
    """The same within a transaction of the caller's."""
    link = _link_in(engine, token, now)
    if round_answers.is_about_coffee(link.ask_id):
        return _of_coffee(engine, books, round_answers.question(engine, books, link.ask_id, now))
    return _view(_asked(engine, books, Directory(books), link, now), link)


def answer(engine: Engine, token: str, raw: Mapping[str, list[str]], now: datetime) -> AskView:
    """Store what was submitted, as a new version, and let everything follow from it.

    Raises:
        BadLink, Expired, NotFound: as `open_ask`.
        AlreadyLeft: the answers are words that have left.
        BadAnswer: with one sentence a question; nothing is stored.
        NothingAnswered: every question was left open, and there is no answer to take back with that.
    """
    link = _link_in(engine, token, now)
    with engine.store.begin() as books:
        if round_answers.is_about_coffee(link.ask_id):
            return _of_coffee(engine, books, round_answers.answer(engine, books, link.ask_id, raw, now))
        books.pairings.hold()
        books.asks.hold([link.ask_id])
        directory = Directory(books)
        asked = _asked(engine, books, directory, link, now)
        ask, hire, recipient, seen = asked.ask, asked.seen.hire, asked.author, asked.seen
        before = _view(asked, link)
        if not before.form.questions:
            raise AlreadyLeft("these words have left already")
        if before.form.tasks:
            raise NotFound("a list has no answers: its tasks are ticked one by one")
        fixed = left_as_it_was(before.values, before.form.questions) if before.passing else {}
        people = naming.known(directory, before.form, hire.id, recipient.id)
        sent = naming.meant(before.form, raw, people)
        values = validate(before.form, sent, frozenset(one.id for one in people), fixed) | fixed
        if not values and not before.values:
            raise NothingAnswered
        if ask.form == TAKE_CARE:
            kept = taking_care.kept(values, recipient, link.told, books.asks.answer_to(ask.id))
            if kept is None:
                return before
            values = kept
        books.asks.answer(ask.id, values, now)
        profiles.learn(engine, books, directory, ask, recipient, now)
        step = seen.journey.step(ask.step)
        if step is not None:
            decline(books, hire, ask, step, values, now)
            if values.get(QUESTION) == MOVE:
                meet_after_all(books, seen, step, ask.occasion, now)
        replan(engine, books, directory, hire, now=now, because=_because(ask, values))
        wake_watches(engine, books, hire, ask, now, changed=values != before.values)
        seen, author = situation(engine, books, directory, hire, now), directory.get(recipient.id) or recipient
        view = _view(replace(asked, seen=seen, author=author), link)
        if gave_way(books, seen, ask):  # with a no that took effect the form is closed
            view = replace(view, is_over=True)
    log.info("ask.answered", extra={"hire": hire.id, "step": ask.step})
    return view


def _because(ask: Ask, values: Mapping[str, Value]) -> str:
    """Why the plan changes, for people."""
    if ask.form == TAKE_CARE:
        return TAKEN_CARE_OF if values.get(TAKEN) == YES else "whoever was told cannot take care of it"
    return f"an answer to {ask.step}"


def take_back(engine: Engine, token: str, now: datetime) -> AskView:
    """Remove the words to be passed on from every version of the answer; what else was answered stays.

    Taking back twice, or what was never written, changes nothing. Words that may not be passed on go as well.

    Raises:
        BadLink, Expired, NotFound: as `open_ask`; Expired also where nothing is passed on.
        AlreadyLeft: the words have left.
    """
    link = _link_in(engine, token, now)
    with engine.store.begin() as books:
        books.pairings.hold()
        books.asks.hold([link.ask_id])
        directory = Directory(books)
        asked = _asked(engine, books, directory, link, now)
        view = _view(asked, link)
        if view.passing is None:
            raise Expired("nothing of this is passed on")
        hire, keys = asked.seen.hire, {one.key for one in leaving(_form(asked).questions)}
        if not keys & (view.values.keys() | view.written.keys()):
            return view
        if view.passing.text and view.passing.left_at is not None:
            raise AlreadyLeft("these words have left already")
        books.asks.take_back(link.ask_id, keys, now)
        books.deliveries.remark(link.ask_id, WORDS_TAKEN_BACK, now)
        replan(engine, books, directory, hire, now=now, because=f"an answer to {asked.ask.step} was taken back")
        view = _view(asked, link)
    log.info("ask.taken_back", extra={"hire": hire.id, "step": asked.ask.step})
    return view


def _link_in(engine: Engine, token: str, now: datetime) -> _Link:
    try:
        named, is_open = engine.links.read_ask(token, now), True
    except Expired:
        named, is_open = engine.links.read_closed_ask(token), False
    ask_id, told = taking_care.of_link(named)
    return _Link(ask_id=ask_id, told=told, is_open=is_open)


def _of_coffee(engine: Engine, books: Books, asked: Answered) -> AskView:
    """The question after a coffee, which is about no newcomer."""
    return AskView(
        ask=asked.ask,
        form=asked.form,
        language=asked.form.language,
        company_name=engine.company.name,
        hire_name="",
        you_name=asked.person.called,
        closes=asked.closes,
        values=asked.values,
        answered=bool(asked.values),
        people=(),
        edition=asked.edition,
        time_zone=asked.person.time_zone,
        **begun(books, asked.ask, asked.person, asked.form),
    )


def _asked(engine: Engine, books: Books, directory: Directory, link: _Link, now: datetime) -> Asking:
    ask = books.asks.get(link.ask_id)
    hire = books.hires.get(ask.hire_id) if ask else None
    recipient = taking_care.reader(engine, directory, ask, link.told) if ask else None
    if ask is None or hire is None or recipient is None:
        raise NotFound("this question is not known")
    if hire.state is HireState.WITHDRAWN or not recipient.active:
        raise Expired("this question is closed")
    seen = situation(engine, books, directory, hire, now)
    if exchanges.is_closed(books, seen, ask) or gave_way(books, seen, ask):
        raise Expired("this question is closed")
    return Asking(engine=engine, books=books, directory=directory, seen=seen, ask=ask, author=recipient, now=now)


def _form(asked: Asking) -> Form:
    return form_of(asked.engine, asked.seen, asked.ask, asked.author)


def _view(asked: Asking, link: _Link) -> AskView:
    """What to show; raises Expired where the form is closed and there is nothing left to tell."""
    books, ask, zone = asked.books, asked.ask, asked.author.time_zone
    over = not link.is_open or asked.now >= ask.closes_at
    given = books.asks.answer_to(ask.id)
    care = taking_care.care_of(given) if ask.form == TAKE_CARE else None
    if ask.form == TAKE_CARE:
        given = taking_care.own(given, link.told)
    passing = standing(asked, given)
    if over and not (passing and passing.is_shown(asked.now)):
        raise Expired("this question is closed")
    form = _form(asked)
    can_be_answered = offered(form.questions, passing, over=over)
    form = replace(form, questions=decided(can_be_answered, given.values if given else {}))

    def said(moment: datetime | None) -> str:
        return moment_in_words(moment, zone, of_page(form.language)) if moment else ""

    return AskView(
        ask=ask,
        form=form,
        language=form.language,
        company_name=asked.engine.company.name,
        hire_name=asked.seen.person.name,
        you_name=asked.author.called,
        closes=said(ask.closes_at),
        values=dict(given.values) if given else {},
        answered=bool(given and (given.values or not given.taken_back)),
        people=naming.choices(naming.known(asked.directory, form, ask.hire_id, asked.author.id)),
        is_over=over,
        passing=passing,
        leaves=said(passing.planned_at if passing else None),
        left=said(passing.left_at if passing else None),
        joins=joins(asked, form),
        profile=profile_link(asked.engine, asked.seen.hire) if profiles.is_own(ask, form) else "",
        taken_by=care.name if care else "",
        taken_at=said(care.since if care else None),
        edition=edition(books, ask.id),
        time_zone=zone,
        **begun(books, ask, asked.author, form),
    )
