"""How do words stand that a mail passes on in the name of whoever writes them, and for whom are they?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from onboarding.domain.cast import NOBODY
from onboarding.domain.delivery import Delivery
from onboarding.domain.forms import Answer, Ask, Form
from onboarding.domain.journey import Step, Verb, occasion_of
from onboarding.domain.languages import of_page
from onboarding.domain.passing_on import OVER, Passing, leaving, moments
from onboarding.domain.people import Person, Role
from onboarding.domain.readers import ONLY_WORDS
from onboarding.domain.wording import day_in_words, zone_in_words
from onboarding.ports import Books
from onboarding.services.case import Case
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.situations import Situation
from onboarding.services.verbs import write


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """Who joins, for a colleague who writes to them; "" where something is not known.

    `zone` is the city of their clock and its distance from UTC on the first day; `shared` is what they chose to
    share: (question, answer) in the reader's language.
    """

    name: str
    called: str
    email: str
    job_title: str
    team: str
    first_day: str
    place: str
    zone: str
    shared: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One ask with what is known around it."""

    engine: Engine
    books: Books
    directory: Directory
    seen: Situation
    ask: Ask
    author: Person
    now: datetime

    def case_of(self, row: Delivery, step: Step, reader: Person) -> Case:
        """One delivery of the same newcomer, as its verb would see it now."""
        return Case(
            engine=self.engine,
            books=self.books,
            directory=self.directory,
            now=self.now,
            delivery=row,
            step=step,
            occasion=occasion_of(row.occasion),
            recipient=reader,
            seen=self.seen,
        )


def standing(asking: Asking, given: Answer | None) -> Passing | None:
    """How the words of an ask stand; None when nobody but whoever writes them reads them in a mail."""
    rows = list(_taking_along(asking))
    if not rows:
        return None
    values = given.values if given else {}
    notes = (
        write.note_in(asking.case_of(row, step, reader), asking.ask, asking.author, values)
        for row, step, reader in rows
    )
    planned_at, left_at = moments([row for row, _, _ in rows], asking.ask.opened_at)
    return Passing(
        text=next((note for note in notes if note), "") if given else "",
        planned_at=planned_at if planned_at is not None and planned_at > asking.now else None,
        left_at=left_at,
        taken_back_at=given.answered_at if given and given.taken_back else None,
    )


def _taking_along(asking: Asking) -> Iterator[tuple[Delivery, Step, Person]]:
    """The deliveries to others that take the words of an ask along, each with its step and its reader."""
    ask, seen = asking.ask, asking.seen
    steps = {one.key: one for one in passing_on(seen, ask)}
    for row in asking.books.deliveries.of_hire(ask.hire_id) if steps else ():
        step = steps.get(row.step)
        if step is None or row.state in OVER or row.person_id in (NOBODY, ask.person_id):
            continue
        if step.weeks and occasion_of(row.occasion) != ask.occasion:
            continue
        reader = seen.cast.people.get(row.person_id) or asking.directory.get(row.person_id)
        if reader is not None:
            yield row, step, reader


def passing_on(seen: Situation, ask: Ask) -> list[Step]:
    """The steps that pass on what is written to an ask."""
    return [one for one in seen.journey.steps if one.verb is Verb.WRITE and one.notes_of == ask.step]


def closing(asking: Asking, form: Form) -> datetime:
    """When an ask closes (UTC): a form for nothing but words to pass on not later than they leave."""
    planned_at, _ = moments([row for row, _, _ in _taking_along(asking)], asking.now)
    only_words = leaving(form.questions) == form.questions
    if planned_at is None or planned_at <= asking.now or not only_words:
        return asking.ask.closes_at
    return min(asking.ask.closes_at, planned_at)


def joins(asking: Asking, form: Form) -> Joins | None:
    """Who joins, where a colleague is asked for words that the newcomer will read; else None.

    A manager knows it, and what newcomers share is not meant for them.
    """
    ask, seen = asking.ask, asking.seen
    if ask.role in ONLY_WORDS or not any(Role.HIRE in one.roles for one in passing_on(seen, ask)):
        return None
    hire, language = seen.person, form.language
    calendar = seen.offices.calendar_of(hire)
    morning = calendar.moment(seen.hire.first_day, hire.working_hours.start).astimezone(calendar.zone)
    row, step = asking.books.deliveries.get(ask.id), seen.journey.step(ask.step)
    shared = write.shared_profile(asking.case_of(row, step, asking.author), language) if row and step else []
    return Joins(
        name=hire.name,
        called=hire.called,
        email=hire.work_email,
        job_title=hire.job_title,
        team=hire.team or hire.department,
        first_day=day_in_words(seen.hire.first_day, of_page(language)),
        place=hire.location,
        zone=zone_in_words(morning, hire.time_zone, of_page(language)),
        shared=tuple((str(one["question"]), str(one["answer"])) for one in shared),
    )
