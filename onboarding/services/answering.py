"""What did somebody answer, and what follows? Stored, then planned again; a low answer wakes a human."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain import conditions
from onboarding.domain.answers import validate
from onboarding.domain.conditions import OF_ANSWERS
from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import Expired, NotFound
from onboarding.domain.forms import Ask, Form, Kind, Value
from onboarding.domain.held import MOVE, QUESTION, YES
from onboarding.domain.journey import ESCALATED, TAKE_CARE, Step, Verb
from onboarding.domain.meetings import PairingState
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.preferences import ROLES, Teller
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books
from onboarding.services import exchanges, named_humans, round_answers
from onboarding.services.case import Case
from onboarding.services.casting import LIVE
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, Engine
from onboarding.services.escalating import TAKEN, TAKEN_CARE_OF
from onboarding.services.fields import base_fields
from onboarding.services.meeting_after_all import meet_after_all
from onboarding.services.planning import replan, replan_touched
from onboarding.services.preferring import keep
from onboarding.services.round_answers import Answered
from onboarding.services.situations import Situation, situation
from onboarding.services.verbs import watch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """Everything that a page needs to put a question; texts are in `language`.

    `people` are the choices of questions of kind person: (id, name).
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


def open_ask(engine: Engine, token: str, now: datetime) -> AskView:
    """What to show for a link; changes nothing.

    Raises:
        BadLink: the link is forged or damaged.
        Expired: the deadline is over, the hire was withdrawn, or the words would reach nobody any more.
        NotFound: the ask is not known.
    """
    ask_id = engine.links.read_ask(token, now)
    with engine.store.read() as books:
        if round_answers.is_about_coffee(ask_id):
            return _of_coffee(engine, round_answers.question(engine, books, ask_id, now))
        ask, _, recipient, seen = _asked(engine, books, Directory(books), ask_id, now)
        return _view(engine, books, ask, recipient, seen)


def answer(engine: Engine, token: str, raw: Mapping[str, list[str]], now: datetime) -> AskView:
    """Store what was submitted, as a new version, and let everything follow from it.

    Raises:
        BadLink, Expired, NotFound: as `open_ask`.
        BadAnswer: with one sentence a question; nothing is stored.
    """
    ask_id = engine.links.read_ask(token, now)
    with engine.store.begin() as books:
        if round_answers.is_about_coffee(ask_id):
            return _of_coffee(engine, round_answers.answer(engine, books, ask_id, raw, now))
        books.pairings.hold()
        directory = Directory(books)
        ask, hire, recipient, seen = _asked(engine, books, directory, ask_id, now)
        form = _form(engine, ask, recipient, seen)
        values = validate(form, raw, frozenset(person_id for person_id, _ in _people(directory, form, hire.id)))
        books.asks.answer(ask.id, values, now)
        _learn_interests(directory, hire, recipient, values)
        step = seen.journey.step(ask.step)
        if step is not None:
            _decline(books, hire, ask, step, values, now)
            if values.get(QUESTION) == MOVE:
                meet_after_all(books, seen, step, ask.occasion, now)
        replan(engine, books, directory, hire, now=now, because=_because(ask, values))
        _wake_watches(engine, books, hire, ask, now)
        view = _view(engine, books, ask, recipient, situation(engine, books, directory, hire, now))
    log.info("ask.answered", extra={"hire": hire.id, "step": ask.step})
    return view


def _because(ask: Ask, values: Mapping[str, Value]) -> str:
    """Why the plan changes, for people."""
    if ask.form == TAKE_CARE:
        return TAKEN_CARE_OF if values.get(TAKEN) == YES else "whoever was told cannot take care of it"
    return f"an answer to {ask.step}"


def _of_coffee(engine: Engine, asked: Answered) -> AskView:
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
    )


def _asked(
    engine: Engine, books: Books, directory: Directory, ask_id: str, now: datetime
) -> tuple[Ask, Hire, Person, Situation]:
    ask = books.asks.get(ask_id)
    hire = books.hires.get(ask.hire_id) if ask else None
    recipient = _recipient(engine, directory, ask) if ask else None
    if ask is None or hire is None or recipient is None:
        raise NotFound("this question is not known")
    if hire.state is HireState.WITHDRAWN or not recipient.active or now >= ask.closes_at:
        raise Expired("this question is closed")
    seen = situation(engine, books, directory, hire, now)
    if exchanges.is_closed(books, seen, ask):
        raise Expired("this question is closed")
    return ask, hire, recipient, seen


def _recipient(engine: Engine, directory: Directory, ask: Ask) -> Person | None:
    """Who is asked; of HR whoever is told of that newcomer."""
    newcomer = directory.get(ask.hire_id) if ask.person_id == HR_ID else None
    return named_humans.first(engine, directory, newcomer) if newcomer else directory.get(ask.person_id)


def _form(engine: Engine, ask: Ask, recipient: Person, seen: Situation) -> Form:
    language = recipient.language
    fields = base_fields(engine, seen, recipient, language, ask.occasion)
    return engine.words.form(ask.form, language, fields | exchanges.words_in_form(engine, seen, ask, language))


def _view(engine: Engine, books: Books, ask: Ask, recipient: Person, seen: Situation) -> AskView:
    form = _form(engine, ask, recipient, seen)
    given = books.asks.answer_to(ask.id)
    return AskView(
        ask=ask,
        form=form,
        language=form.language,
        company_name=engine.company.name,
        hire_name=seen.person.name,
        you_name=recipient.called,
        closes=moment_in_words(ask.closes_at, recipient.time_zone, form.language),
        values=dict(given.values) if given else {},
        answered=given is not None,
        people=_people(Directory(books), form, ask.hire_id),
    )


def _people(directory: Directory, form: Form, hire_id: str) -> tuple[tuple[str, str], ...]:
    """Whom a question of kind person may name: everybody who is with the company but the newcomer, by name."""
    if not any(question.kind is Kind.PERSON for question in form.questions):
        return ()
    active = [one for one in directory.everybody().values() if one.active and one.id != hire_id]
    return tuple((one.id, one.name) for one in sorted(active, key=lambda one: (one.name.casefold(), one.id)))


def _decline(books: Books, hire: Hire, ask: Ask, step: Step, values: Mapping[str, Value], now: datetime) -> None:
    """Somebody who says no to a role is replaced by the next best; planning again does the rest."""
    if not step.declines_when or not conditions.holds_text(step.declines_when, {"answer": dict(values)}):
        return
    for pairing in books.pairings.of_hire(hire.id):
        mine = (pairing.role, pairing.person_id) == (ask.role, ask.person_id)
        if mine and pairing.state in LIVE:
            books.pairings.put(replace(pairing, state=PairingState.DECLINED, made_at=now))


def _learn_interests(directory: Directory, hire: Hire, person: Person, values: Mapping[str, Value]) -> None:
    """What a hire says they like joins what the record knew: channels and matches go by it."""
    told = values.get("interests")
    if person.id == hire.id and isinstance(told, list) and told:
        directory.put(replace(person, interests=tuple(dict.fromkeys([*person.interests, *told]))))


def _wake_watches(engine: Engine, books: Books, hire: Hire, ask: Ask, now: datetime) -> None:
    """A watch whose condition an answer fulfils falls due at once, in the working hours of whoever is told."""
    directory = Directory(books)
    seen = situation(engine, books, directory, hire, now)
    for row in books.deliveries.of_hire(hire.id):
        step = seen.journey.step(row.step)
        if (
            step is not None
            and step.verb is Verb.WATCH
            and _waits(row)
            and _listens(step, seen.journey.step(ask.step))
        ):
            _wake(engine, books, directory, seen, step, row, now)


def _waits(row: Delivery) -> bool:
    """Whether a watch has told nothing yet: also one that looked already, or would have looked too late."""
    if row.occasion.endswith(ESCALATED):
        return False
    looked = row.state is State.DONE and row.why is Why.NOTHING_TO_TELL
    return row.state is State.PLANNED or looked or (row.state is State.SKIPPED and row.why is Why.TOO_LATE)


def _listens(watch_step: Step, asked: Step | None) -> bool:
    """Whether a watch looks at the answers of a question, or counts the meetings that it tells of."""
    if asked is None:
        return False
    counts = "missed" in watch_step.when and not watch_step.tells_silence
    of_answers = watch_step.watches == asked.key and any(f"{one}." in watch_step.when for one in OF_ANSWERS)
    return of_answers or (counts and watch_step.watches == asked.after)


def _wake(
    engine: Engine,
    books: Books,
    directory: Directory,
    seen: Situation,
    step: Step,
    row: Delivery,
    now: datetime,
) -> None:
    recipient = seen.human if row.person_id == HR_ID else seen.cast.people.get(row.person_id)
    watched = seen.journey.step(step.watches)
    if recipient is None or watched is None:
        return
    case = Case(
        engine=engine,
        books=books,
        directory=directory,
        now=now,
        delivery=row,
        step=step,
        occasion=row.occasion,
        recipient=recipient,
        seen=seen,
    )
    asks = [one for one in books.asks.of_hire(seen.hire.id) if one.step == watched.key]
    if not watch.holds(case, watched, asks, books.asks.answers_of_hire(seen.hire.id)):
        return
    calendar = case.calendar
    due = calendar.next_working(now)
    because = "an answer needs a human"
    if row.state is not State.PLANNED:
        wish = replace(row, due_at=due, grace_until=calendar.add(due, step.grace), why=Why.NONE, reason="")
        books.deliveries.revive(wish, now, because)
    elif due < row.due_at:
        books.deliveries.reschedule(
            row.key, due_at=due, grace_until=calendar.add(due, step.grace), reason=because, now=now
        )
    books.deliveries.pin(row.key)


def is_opted_out(engine: Engine, token: str) -> bool:
    """Whether the person of a link gets no optional mails.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the person is not known any more.
    """
    with engine.store.read() as books:
        return _of_link(engine, books, token).opted_out


def set_opted_out(engine: Engine, token: str, now: datetime, *, out: bool) -> None:
    """Leave every optional mail and every programme, or come back to those that were left.

    Hires for whom they were only pencilled in get others.

    Raises:
        BadLink, NotFound: as `is_opted_out`.
    """
    with engine.store.begin() as books:
        books.preferences.hold()
        directory = Directory(books)
        person = _of_link(engine, books, token)
        said = directory.preferences_of(person.id)
        if not out and said.opted_out >= frozenset(ROLES):
            said = replace(said, opted_out=said.opted_out - frozenset(ROLES))  # whoever comes back takes part
        if keep(directory, replace(person, opted_out=out), said, by=Teller.PERSON, now=now):
            replan_touched(engine, books, directory, {person.id}, now)
    log.info("person.opted_out" if out else "person.opted_in", extra={"person": person.id})


def _of_link(engine: Engine, books: Books, token: str) -> Person:
    person = books.people.get(engine.links.read_unsubscribe(token))
    if person is None:
        raise NotFound("this person is not known any more")
    return person
