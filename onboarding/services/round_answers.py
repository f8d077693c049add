"""What does somebody say to a coffee round: not this time, I am back, or whether they met?"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from onboarding.domain.answers import validate
from onboarding.domain.coffee import RoundState, Seat, SeatState, day_of
from onboarding.domain.errors import Expired, NotFound, NothingAnswered
from onboarding.domain.fields import FORM_FIELDS, nothing
from onboarding.domain.forms import Ask, Form, Value
from onboarding.domain.languages import of_page
from onboarding.domain.people import Person
from onboarding.domain.wording import day_in_words, moment_in_words
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.editions import edition
from onboarding.services.engine import Engine
from onboarding.services.round_letters import QUESTION, meeting_of
from onboarding.services.round_members import come_back, is_silent, takes_part
from onboarding.services.round_mending import mend

log = logging.getLogger(__name__)


class Stand(StrEnum):
    """Where somebody stands who opens the page of a round."""

    IN = "takes_part"  # takes part; may skip it
    SKIPS = "skips"  # said "not this time", and may still come back
    SKIPPED = "skipped"  # said so, and the tables stand
    PAUSED = "paused"  # paused after three rounds without an answer; may come back
    OUT = "out"  # takes part in no coffee rounds
    NONE = "none"  # has no coffee in that round, or it is over


class Choice(StrEnum):
    """What may be chosen there."""

    SKIP = "skip"
    JOIN = "join"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """What the page of a round shows; `week` is its first day in words, `link` leads to the preferences."""

    stand: Stand
    language: str
    week: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The question after a coffee, as its page needs it."""

    ask: Ask
    form: Form
    person: Person
    closes: str
    values: dict[str, Value]
    edition: int


def open_round(engine: Engine, token: str, now: datetime) -> RoundView:
    """What to show for a link; changes nothing.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the person is not known.
        Expired: the person has left.
    """
    day, person_id = engine.links.read_coffee(token)
    with engine.store.read() as books:
        directory = Directory(books)
        return _round_view(engine, books, directory, day, _here(directory, person_id), now)


def choose(engine: Engine, token: str, choice: str, now: datetime) -> RoundView:
    """Do what somebody pressed, as far as it is still possible, and show where they stand then.

    Skipping a round that is drawn calls the coffee off, and the other is told.

    Raises:
        BadLink, NotFound, Expired: as `open_round`.
    """
    day, person_id = engine.links.read_coffee(token)
    with engine.store.begin() as books:
        books.coffee.hold(day)
        directory = Directory(books)
        person = _here(directory, person_id)
        stand = _stand(books, directory, day, person, now)
        seat = books.coffee.seat(day, person_id)
        if choice == Choice.SKIP and stand is Stand.IN and seat is not None:
            skip(engine, books, directory, seat, now)
        elif choice == Choice.JOIN and stand is Stand.SKIPS and seat is not None:
            books.coffee.put_seats([replace(seat, state=SeatState.EXPECTED)])
        elif choice == Choice.BACK and stand is Stand.PAUSED:
            come_back(books, person, directory.preferences_of(person_id), now)
        log.info("coffee.chosen", extra={"person": person_id, "day": str(day)})
        return _round_view(engine, books, directory, day, person, now)


def skip(engine: Engine, books: Books, directory: Directory, seat: Seat, now: datetime) -> None:
    """Somebody skips a round; a coffee that is drawn is called off, or goes on without them, and all are told."""
    books.coffee.put_seats([replace(seat, state=SeatState.SKIPS)])
    if seat.state is SeatState.SEATED:
        mend(engine, books, directory, {seat.person_id}, now)


def _here(directory: Directory, person_id: str) -> Person:
    person = directory.get(person_id)
    if person is None:
        raise NotFound("this person is not known any more")
    if not person.active:
        raise Expired("this person has left, so that nobody matches them")
    return person


def _round_view(
    engine: Engine, books: Books, directory: Directory, day: date, person: Person, now: datetime
) -> RoundView:
    return RoundView(
        stand=_stand(books, directory, day, person, now),
        language=person.language,
        week=day_in_words(day, of_page(person.language)),
        link=engine.links.preferences(person.id),
    )


def _stand(books: Books, directory: Directory, day: date, person: Person, now: datetime) -> Stand:
    if not takes_part(person, directory.preferences_of(person.id)):
        return Stand.OUT
    found, seat = books.coffee.get(day), books.coffee.seat(day, person.id)
    open_still = found is not None and found.state is RoundState.ANNOUNCED and now < found.draw_at
    if seat is not None and seat.state is SeatState.SKIPS:
        return Stand.SKIPS if open_still else Stand.SKIPPED
    if seat is not None and (_may_skip(books, seat, now) or (seat.state is SeatState.EXPECTED and open_still)):
        return Stand.IN
    return Stand.PAUSED if is_silent(books, person, directory.preferences_of(person.id), now) else Stand.NONE


def _may_skip(books: Books, seat: Seat, now: datetime) -> bool:
    """Whether their coffee is still ahead."""
    meeting = meeting_of(books, seat) if seat.state is SeatState.SEATED else None
    return meeting is not None and meeting.starts_at > now


def is_about_coffee(ask_id: str) -> bool:
    """Whether a question is one after a coffee of a round."""
    return day_of(ask_id.partition("/")[0]) is not None


def question(engine: Engine, books: Books, ask_id: str, now: datetime) -> Answered:
    """The question after a coffee; changes nothing.

    Raises:
        NotFound: it is not known.
        Expired: it is closed, or the person has left.
    """
    ask = books.asks.get(ask_id)
    person = books.people.get(ask.person_id) if ask else None
    if ask is None or person is None:
        raise NotFound("this question is not known")
    if not person.active or now >= ask.closes_at:
        raise Expired("this question is closed")
    form = engine.words.form(ask.form, person.language, form_fields(engine, person))
    given = books.asks.answer_to(ask.id)
    return Answered(
        ask=ask,
        form=form,
        person=person,
        closes=moment_in_words(ask.closes_at, person.time_zone, of_page(form.language)),
        values=dict(given.values) if given else {},
        edition=edition(books, ask.id),
    )


def answer(engine: Engine, books: Books, ask_id: str, raw: Mapping[str, list[str]], now: datetime) -> Answered:
    """Store what was submitted, as a new version, and note at the seat whether they met.

    Raises:
        NotFound, Expired: as `question`.
        BadAnswer: with one sentence a question; nothing is stored.
        NothingAnswered: every question was left open, and there is no answer to take back with that.
    """
    asked = question(engine, books, ask_id, now)
    values = validate(asked.form, raw, frozenset())
    if not values and not asked.values:
        raise NothingAnswered
    books.asks.answer(ask_id, values, now)
    day = day_of(asked.ask.hire_id)
    seat = books.coffee.seat(day, asked.person.id) if day else None
    if seat is not None:
        books.coffee.put_seats([replace(seat, answer=str(values.get(QUESTION, "")) or seat.answer)])
    log.info("coffee.answered", extra={"round": asked.ask.hire_id})
    return question(engine, books, ask_id, now)


def form_fields(engine: Engine, person: Person) -> dict[str, object]:
    """The fields of a form; there is no newcomer to speak of."""
    company = engine.company
    return {
        **nothing(FORM_FIELDS),
        "company": {"name": company.name, "hr_email": company.hr_email},
        "you": {"name": person.name, "first_name": person.called},
    }
