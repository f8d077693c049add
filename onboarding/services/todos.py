"""How does each list to do about a hire stand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain.fields import FORM_FIELDS, nothing
from onboarding.domain.forms import Ask
from onboarding.domain.journey import Journey, Step
from onboarding.domain.lists import Tick, Todo
from onboarding.domain.offices import Offices
from onboarding.domain.people import Hire, HireState, Person
from onboarding.ports import Books
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import Company, Engine
from onboarding.services.situations import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueTask:
    """A task that is not done although its day is over; `label` is in English, as HR wrote it."""

    key: str
    label: str
    by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """How far somebody is with a list; what is not required does not count."""

    step: str
    title: str
    role: str
    person_id: str
    person_name: str
    done: int
    total: int
    overdue: tuple[OverdueTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What is overdue for a hire, in one sentence of keys, and since when (UTC)."""

    hire_id: str
    text: str
    since: datetime


def done_of(ticks: Iterable[Tick], step: str, occasion: str) -> dict[str, Tick]:
    """The tick of each task of a list that is done."""
    return {one.task: one for one in ticks if one.done and (one.step, one.occasion) == (step, occasion)}


def todo_of(step: Step, hire: Hire, person: Person, offices: Offices, ask: Ask, ticks: Iterable[Tick]) -> Todo:
    """The list that this ask is."""
    return Todo(
        tasks=step.tasks,
        first_day=hire.first_day,
        calendar=offices.calendar_of(person),
        opened_at=ask.opened_at,
        done=frozenset(done_of(ticks, step.key, ask.occasion)),
    )


def todos(books: Books, seen: Situation) -> dict[tuple[str, str, str], Todo]:
    """Each list that was sent, by (step, occasion, person)."""
    steps = {step.key: step for step in seen.journey.steps if step.tasks}
    asks = [ask for ask in books.asks.of_hire(seen.hire.id) if ask.step in steps] if steps else []
    ticks = books.ticks.of_hire(seen.hire.id) if asks else []
    return {
        (ask.step, ask.occasion, ask.person_id): todo_of(
            steps[ask.step], seen.hire, seen.cast.people[ask.person_id], seen.offices, ask, ticks
        )
        for ask in asks
        if ask.person_id in seen.cast.people
    }


def newest(asks: Iterable[Ask], journey: Journey) -> list[tuple[Step, Ask]]:
    """Each list of a journey with the ask of whoever got it last, in the order of the journey."""
    last = {(ask.step, ask.occasion): ask for ask in asks}
    steps = [step for step in journey.steps if step.tasks]
    return [(step, ask) for step in steps for (key, _), ask in last.items() if key == step.key]


def states(engine: Engine, books: Books, directory: Directory, hire: Hire, now: datetime) -> list[ListState]:
    """How the lists about a hire stand at a moment, in the order of the journey.

    Raises:
        BadWords: while the journey, a form or the offices cannot be read.
    """
    found: list[ListState] = []
    ticks = books.ticks.of_hire(hire.id)
    for step, ask in newest(books.asks.of_hire(hire.id), engine.words.journey(hire.journey)):
        person = somebody(engine.company, directory, ask.person_id)
        if person is None:
            continue
        todo = todo_of(step, hire, person, engine.words.offices(), ask, ticks)
        labels = _labels(engine, directory, ask)
        needed = [one for one in step.tasks if one.required]
        found.append(
            ListState(
                step=step.key,
                title=step.title,
                role=ask.role,
                person_id=ask.person_id,
                person_name=person.name,
                done=len(needed) - len(todo.left()),
                total=len(needed),
                overdue=tuple(
                    OverdueTask(key=one.key, label=labels.get(one.key, one.key), by=todo.day(one))
                    for one in todo.overdue(now)
                ),
            )
        )
    return found


def _labels(engine: Engine, directory: Directory, ask: Ask) -> dict[str, str]:
    hire = directory.get(ask.hire_id)
    fields = nothing(FORM_FIELDS)
    names = {"name": hire.name, "first_name": hire.called} if hire else {}
    of_hire = fields.get("hire")
    filled = {**of_hire, **names} if isinstance(of_hire, dict) else names
    fields |= {"hire": filled, "company": _company(engine.company)}
    return {one.key: one.label for one in engine.words.form(ask.form, "en", fields).questions}


def _company(company: Company) -> dict[str, str]:
    return {"name": company.name, "hr_email": company.hr_email}


def late_lists(engine: Engine, books: Books, since: datetime, now: datetime) -> list[Late]:
    """What became overdue since then, of all active hires on their journey.

    Raises:
        BadWords: while a journey or the offices cannot be read.
    """
    hires = {
        hire.id: hire
        for hire in books.hires.find()
        if hire.state is HireState.ACTIVE and hire.first_day + JOURNEY_LENGTH >= now.date()
    }
    journeys = {name: engine.words.journey(name) for name in {hire.journey for hire in hires.values()}}
    forms = {step.subject for journey in journeys.values() for step in journey.steps if step.tasks}
    if not forms:
        return []
    sent: dict[str, list[Ask]] = {}
    for ask, _ in books.asks.of_cohort(forms, now.date() - JOURNEY_LENGTH, None):
        sent.setdefault(ask.hire_id, []).append(ask)
    directory = Directory(books)
    found = (
        _late(engine, books, directory, hires[hire_id], journeys[hires[hire_id].journey], asks, since, now)
        for hire_id, asks in sent.items()
        if hire_id in hires
    )
    return [one for one in found if one is not None]


def _late(
    engine: Engine,
    books: Books,
    directory: Directory,
    hire: Hire,
    journey: Journey,
    asks: Sequence[Ask],
    since: datetime,
    now: datetime,
) -> Late | None:
    ticks = books.ticks.of_hire(hire.id)
    lists: list[str] = []
    days: list[datetime] = []
    count = 0
    for step, ask in newest(asks, journey):
        person = somebody(engine.company, directory, ask.person_id)
        if person is None:
            continue
        todo = todo_of(step, hire, person, engine.words.offices(), ask, ticks)
        over = {one.key: todo.over_at(one) for one in todo.overdue(now)}
        late = [key for key, at in over.items() if at >= since]
        if late:
            lists.append(f"{step.key} of {ask.role.replace('_', ' ')}: {', '.join(late)}")
            days += [over[key] for key in late]
            count += len(late)
    if not lists:
        return None
    what = "1 task is" if count == 1 else f"{count} tasks are"
    return Late(hire_id=hire.id, text=f"{what} overdue ({'; '.join(lists)})", since=min(days))
