"""What is sent about a list to do: the list, reminders of what is due, and word of what is overdue?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import chain

from onboarding.domain import conditions
from onboarding.domain.delivery import GONE, Planned, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.facts import hire_facts
from onboarding.domain.forms import Ask
from onboarding.domain.journey import Span, Step, Task, Unit, reminder_of
from onboarding.domain.lists import Todo, is_reminder, named_day, question_key, reminder, telling, to_tell
from onboarding.domain.people import HireState, Person, Role
from onboarding.domain.wording import day_in_words, moment_in_words
from onboarding.services.ask_forms import form_of
from onboarding.services.case import Case, Decision, Done, Mail, Skip
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.engine import HR_ID, Engine
from onboarding.services.giving_way import left_or_will
from onboarding.services.planning import replan
from onboarding.services.situations import Situation, situation
from onboarding.services.todos import todo_of, todos

NOTHING: dict[str, object] = {"tasks": [], "overdue": [], "soon": [], "stands_in": False}
"""What a message knows of a list when its form is none."""

MOST_LINES = 60
"""So many tasks are named in one reminder; whoever has more that are due gets another one on that day."""

LONGER = Span(count=10, unit=Unit.WORKING_DAYS)
"""How long a list stays open after its last day, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A list of somebody that is open, with everything around it."""

    seen: Situation
    step: Step
    ask: Ask
    todo: Todo


def decide(case: Case) -> Decision:
    """Send the list, or remind of what is due on all lists of its reader."""
    return _remind(case) if is_reminder(case.delivery.occasion) else _send(case)


def _send(case: Case) -> Decision:
    ask = case.asking(case.step.subject, case.now)
    todo = _todo(case, ask)
    if todo.done and not todo.left():
        return Skip(why=Why.ANSWERED, reason="not needed: all of it is done")
    ask = replace(ask, closes_at=_closes_at(case.step, todo))
    case.books.asks.open(ask)
    replan(case.engine, case.books, case.directory, case.seen.hire, now=case.now, because="the list was sent")
    mine = _Open(seen=case.seen, step=case.step, ask=ask, todo=todo)
    language = case.engine.words.language_of(case.step.subject, ask.role, case.recipient.language)
    waiting = [one for one in todo.tasks if one.key not in todo.done]
    said = {**NOTHING, "tasks": _lines(case, mine, waiting, language), "stands_in": _stands_in(case)}
    return _mail(case, case.step.subject, mine, said, language)


def _todo(case: Case, ask: Ask) -> Todo:
    ticks = case.books.ticks.of_hire(case.seen.hire.id)
    return todo_of(case.step, case.seen.hire, case.recipient, case.seen.offices, ask, ticks)


def _closes_at(step: Step, todo: Todo) -> datetime:
    """Until `closes_after`, the end of the journey and two weeks after its last day are all over."""
    last = max(todo.calendar.moment(todo.day(one), time(18)) for one in todo.tasks)
    end = todo.calendar.moment(todo.first_day + JOURNEY_LENGTH, time(18))
    return max(todo.calendar.add(todo.opened_at, step.closes_after), end, todo.calendar.add(last, LONGER))


def _stands_in(case: Case) -> bool:
    return case.delivery.role == Role.IT and case.recipient.id == HR_ID


def _remind(case: Case) -> Decision:
    """One reminder a day for each person: it names what is due on all of their lists."""
    ask = case.books.asks.get(question_key(case.delivery.key))
    if ask is None or not left_or_will(case, ask):
        return Skip(why=Why.ANSWERED, reason="not needed: the list itself was not sent")
    if case.now >= ask.closes_at:
        return Skip(why=Why.TOO_LATE, reason="the list is closed")
    todo = _todo(case, ask)
    _plan_next(case, reminder(case.step, _wish(case), todo, named_day(case.delivery.occasion)))
    if not case.delivery.pinned and _heard_today(case, ask):
        return Skip(why=Why.ANSWERED, reason="not needed: the list, or a reminder that names it, came today")
    message = reminder_of(case.step)
    language = case.engine.words.language_of(message, ask.role, case.recipient.language)
    mine = _Open(seen=case.seen, step=case.step, ask=ask, todo=todo)
    overdue: list[dict[str, object]] = []
    soon: list[dict[str, object]] = []
    for one in chain([mine], _others(case, ask)):
        if len(overdue) + len(soon) >= MOST_LINES:
            break
        late, near = one.todo.overdue(case.now), one.todo.soon(case.now)
        if late or near:
            closes = max(one.ask.closes_at, _closes_at(one.step, one.todo))
            case.books.asks.open(replace(one.ask, reminded_at=case.now, closes_at=closes))
        overdue += _lines(case, one, late, language)
        soon += _lines(case, one, near, language)
    if not overdue and not soon:
        return Skip(why=Why.ANSWERED, reason="not needed: nothing of the list is due")
    said = {**NOTHING, "overdue": overdue, "soon": soon, "stands_in": _stands_in(case)}
    return _mail(case, message, mine, said, language)


def _heard_today(case: Case, ask: Ask) -> bool:
    today = case.calendar.day_of(case.now)
    return any(at is not None and case.calendar.day_of(at) == today for at in (ask.opened_at, ask.reminded_at))


def _others(case: Case, mine: Ask) -> Iterator[_Open]:
    """The other lists that are open to the reader, and of which they heard nothing today."""
    for ask in case.books.asks.open_to(case.recipient.id, case.now):
        hire = case.books.hires.get(ask.hire_id)
        if ask.id == mine.id or hire is None or hire.state is not HireState.ACTIVE or _heard_today(case, ask):
            continue
        with suppress(BadWords):
            seen = situation(case.engine, case.books, case.directory, hire, case.now)
            step = seen.journey.step(ask.step)
            found = todos(case.books, seen).get((ask.step, ask.occasion, ask.person_id))
            if step is None or found is None or step.remind_after is None:
                continue
            if ask.person_id in seen.cast.ids(ask.role, ask.occasion):
                yield _Open(seen=seen, step=step, ask=ask, todo=found)


def tell(case: Case) -> Decision:
    """Tell once of each task that it is overdue, to whom the step says; never to the one who has the list."""
    watched, until = case.seen.journey.step(case.step.watches), named_day(case.delivery.occasion)
    holder = _holder(case, watched)
    if watched is None or until is None or holder is None:
        return Done(reason="looked: the list was not sent", why=Why.NOTHING_TO_TELL)
    person, ask = holder
    ticks = case.books.ticks.of_hire(case.seen.hire.id)
    todo = todo_of(watched, case.seen.hire, person, case.seen.offices, ask, ticks)
    _plan_next(case, telling(case.step, _wish(case), todo, case.calendar, until))
    if _is_same(person, case.recipient):
        return Done(reason="looked: it is their own list", why=Why.NOTHING_TO_TELL)
    late = todo.overdue(case.now)
    untold = to_tell(case.step, todo, case.calendar, _told_until(case), until)
    named = [one for one in untold if one in late]
    facts = {"hire": hire_facts(case.seen.person), "overdue": len(late), "answered": not todo.left()}
    if not named or not conditions.holds_text(case.step.when, facts):
        return Done(reason="looked: nothing to tell", why=Why.NOTHING_TO_TELL)
    language = case.engine.words.language_of(case.step.subject, case.delivery.role, case.recipient.language)
    mine = _Open(seen=case.seen, step=watched, ask=ask, todo=todo)
    tasks = [{"text": one["text"], "by": one["by"]} for one in _lines(case, mine, named, language)]
    said = {"title": watched.title_in(language), "person": person.name, "answers": [], "tasks": tasks}
    return Mail(message=case.step.subject, role=case.delivery.role, language=language, fields={"watch": said})


def _is_same(holder: Person, reader: Person) -> bool:
    """Whether both are one reader: HR's id stands for whoever is named, and several roles may share an address."""
    theirs, other = ((one.work_email or one.personal_email).casefold() for one in (holder, reader))
    return theirs == other if theirs and other else holder.id == reader.id


def _holder(case: Case, watched: Step | None) -> tuple[Person, Ask] | None:
    """Who has the list now, and how it came to them."""
    if watched is None or not watched.tasks:
        return None
    for ask in case.books.asks.of_hire(case.seen.hire.id):
        if ask.step == watched.key and ask.person_id in case.seen.cast.ids(ask.role, ask.occasion):
            return case.seen.cast.people[ask.person_id], ask
    return None


def _told_until(case: Case) -> date | None:
    """Up to which day this reader was really told."""
    key = question_key(case.delivery.key)
    rows = case.books.deliveries.of_hire(case.seen.hire.id)
    days = (named_day(one.occasion) for one in rows if question_key(one.key) == key and one.state in GONE)
    return max((day for day in days if day is not None), default=None)


def _plan_next(case: Case, wish: Planned | None) -> None:
    """What comes after this one; planning again wishes the same as soon as this one is behind us."""
    if wish is not None:
        case.books.deliveries.plan([wish], case.now)


def _wish(case: Case) -> Planned:
    """This delivery as the plan knows it, without what it adds to its occasion."""
    one = case.delivery
    return Planned(
        hire_id=one.hire_id,
        step=one.step,
        verb=one.verb,
        role=one.role,
        person_id=one.person_id,
        occasion=case.occasion,
        due_at=one.due_at,
        grace_until=one.grace_until,
    )


def _lines(case: Case, one: _Open, tasks: Iterable[Task], language: str) -> list[dict[str, object]]:
    """The tasks in words, each with the page on which it is said to be done."""
    labels = labels_of(case.engine, one.seen, one.ask, case.recipient, language)
    url = case.engine.links.ask(one.ask.id, one.ask.closes_at)
    return [
        {
            "text": labels.get(task.key, task.key),
            "by": day_in_words(one.todo.day(task), language),
            "url": f"{url}?done={task.key}",
            "hire": one.seen.person.name,
        }
        for task in sorted(tasks, key=one.todo.day)
    ]


def labels_of(engine: Engine, seen: Situation, ask: Ask, reader: Person, language: str) -> dict[str, str]:
    """The words of each task of a list, by key."""
    form = form_of(engine, seen, ask, reader, language)
    return {question.key: question.label for question in form.questions}


_OF_QUESTIONS = ("yes_url", "no_url", "move_url", "agree_url", "not_now_url", "met", "met_on")
"""What only the mail of a question says of it."""


def _mail(case: Case, message: str, one: _Open, said: dict[str, object], language: str) -> Mail:
    form = form_of(case.engine, case.seen, one.ask, case.recipient, language)
    asked: dict[str, object] = {
        "url": case.engine.links.ask(one.ask.id, one.ask.closes_at),
        **dict.fromkeys(_OF_QUESTIONS, ""),
        "title": form.title,
        "deadline": moment_in_words(one.ask.closes_at, case.recipient.time_zone, language),
        "minutes": form.minutes,
        "readers": form.readers,
    }
    fields: dict[str, object] = {"ask": asked, "todo": said}
    return Mail(
        message=message, role=case.delivery.role, language=language, fields=fields, optional=case.step.optional
    )
