"""What does somebody see of their list to do, and what follows when they tick a task?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain.errors import Expired, NotFound
from onboarding.domain.forms import Ask, Form, Question
from onboarding.domain.journey import Step, Task
from onboarding.domain.languages import of_page
from onboarding.domain.lists import Tick, Todo
from onboarding.domain.people import HireState, Person, Role
from onboarding.domain.wording import day_in_words, moment_in_words
from onboarding.ports import Books
from onboarding.services.ask_forms import form_of
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import Engine
from onboarding.services.planning import replan
from onboarding.services.situations import Situation, situation
from onboarding.services.todos import done_of, newest, todo_of

log = logging.getLogger(__name__)

OVERDUE, WEEK, LATER, DONE = "overdue", "week", "later", "done"
GROUPS = (OVERDUE, WEEK, LATER, DONE)
"""In the order of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One task on the page: `by`, and `ticked` when it was done, in words; `group` is where it stands."""

    key: str
    label: str
    help: str
    link: str
    required: bool
    group: str
    by: str
    ticked: str = ""
    ticked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForHire:
    """What somebody does for the newcomer; `role` has it, `day` is when it was done, or is to be, in words."""

    text: str
    role: str
    done: bool
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Everything that a page needs to show a list; texts are in the language of its form.

    `done` of `total` counts what is required. `for_hire` is empty for everybody but the newcomer.
    """

    ask: Ask
    form: Form
    language: str
    company_name: str
    hire_name: str
    you_name: str
    closes: str
    tasks: tuple[TaskView, ...]
    done: int
    total: int
    for_hire: tuple[ForHire, ...]

    def group(self, name: str) -> list[TaskView]:
        """The tasks of one group."""
        return [one for one in self.tasks if one.group == name]

    def task(self, key: str) -> TaskView | None:
        """The task of that key, or None."""
        return next((one for one in self.tasks if one.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCase:
    """A list with everything around it."""

    ask: Ask
    step: Step
    seen: Situation
    reader: Person
    todo: Todo
    ticks: dict[str, Tick]


def open_list(engine: Engine, token: str, now: datetime) -> ListView:
    """What to show for a link; changes nothing.

    Raises:
        BadLink: the link is forged or damaged.
        Expired: the list is closed, the hire was withdrawn, or somebody else has the list now.
        NotFound: it is not known, or is no list.
    """
    ask_id = engine.links.read_ask(token, now)
    with engine.store.read() as books:
        directory = Directory(books)
        return _view(engine, books, directory, _opened(engine, books, directory, ask_id, now), now)


def tick(engine: Engine, token: str, task: str, now: datetime, *, done: bool) -> ListView:
    """Say that a task is done, or is not after all; nothing changes where that is known already.

    When the last required task is done the list counts as answered, and what would still remind of it ends.

    Raises:
        BadLink, Expired, NotFound: as `open_list`; NotFound also for a task that the list does not have.
    """
    ask_id = engine.links.read_ask(token, now)
    with engine.store.begin() as books:
        books.pairings.hold()
        directory = Directory(books)
        case = _opened(engine, books, directory, ask_id, now)
        if task not in {one.key for one in case.step.tasks}:
            raise NotFound("the list has no such task")
        case = say(engine, books, directory, case, task, now, by=case.reader.id, done=done)
        view = _view(engine, books, directory, case, now)
    log.info("task.ticked", extra={"hire": case.ask.hire_id, "step": case.ask.step, "done": done})
    return view


def say(
    engine: Engine,
    books: Books,
    directory: Directory,
    case: ListCase,
    task: str,
    now: datetime,
    *,
    by: str,
    done: bool,
) -> ListCase:
    """Write that a task is done, or is not after all, as the person `by` says; how the list stands then."""
    if done == (task in case.todo.done):
        return case
    ask = case.ask
    books.ticks.put(
        Tick(
            hire_id=ask.hire_id,
            step=ask.step,
            occasion=ask.occasion,
            task=task,
            person_id=by,
            done=done,
            at=now,
        )
    )
    case = case_of(books, case.seen, case.step, ask, case.reader)
    if not case.todo.left():
        books.asks.answer(ask.id, dict.fromkeys(sorted(case.todo.done), "yes"), now)
    because = f"a task of {case.step.key} is {'done' if done else 'not done after all'}"
    replan(engine, books, directory, case.seen.hire, now=now, because=because)
    return case


def _opened(engine: Engine, books: Books, directory: Directory, ask_id: str, now: datetime) -> ListCase:
    ask = books.asks.get(ask_id)
    hire = books.hires.get(ask.hire_id) if ask else None
    reader = somebody(engine.company, directory, ask.person_id) if ask else None
    if ask is None or hire is None or reader is None:
        raise NotFound("this list is not known")
    if hire.state is HireState.WITHDRAWN or not reader.active or now >= ask.closes_at:
        raise Expired("this list is closed")
    seen = situation(engine, books, directory, hire, now)
    step = seen.journey.step(ask.step)
    if step is None or not step.tasks:
        raise NotFound("this is no list")
    if ask.person_id not in seen.cast.ids(ask.role, ask.occasion):
        raise Expired("somebody else has this list now")
    return case_of(books, seen, step, ask, reader)


def case_of(books: Books, seen: Situation, step: Step, ask: Ask, reader: Person) -> ListCase:
    """A list that was sent, as it stands; whether it may still be ticked is for the caller to ask."""
    ticks = books.ticks.of_hire(ask.hire_id)
    return ListCase(
        ask=ask,
        step=step,
        seen=seen,
        reader=reader,
        todo=todo_of(step, seen.hire, reader, seen.offices, ask, ticks),
        ticks=done_of(ticks, ask.step, ask.occasion),
    )


def _view(engine: Engine, books: Books, directory: Directory, case: ListCase, now: datetime) -> ListView:
    form = form_of(engine, case.seen, case.ask, case.reader)
    needed = sum(one.required for one in case.step.tasks)
    return ListView(
        ask=case.ask,
        form=form,
        language=form.language,
        company_name=engine.company.name,
        hire_name=case.seen.person.name,
        you_name=case.reader.called,
        closes=moment_in_words(case.ask.closes_at, case.reader.time_zone, of_page(form.language)),
        tasks=tuple(_tasks(engine, directory, case, form, now)),
        done=needed - len(case.todo.left()),
        total=needed,
        for_hire=tuple(_for_hire(engine, books, directory, case, of_page(form.language))),
    )


def _tasks(engine: Engine, directory: Directory, case: ListCase, form: Form, now: datetime) -> Iterator[TaskView]:
    """The tasks by their day; a form that was just edited shows only what the journey has of it."""
    words = {one.key: one for one in form.questions}
    for task in sorted(case.step.tasks, key=case.todo.day):
        question, ticked = words.get(task.key), case.ticks.get(task.key)
        if question is None:
            continue
        who = somebody(engine.company, directory, ticked.person_id) if ticked else None
        yield TaskView(
            key=task.key,
            label=question.label,
            help=question.help,
            link=question.link,
            required=task.required,
            group=_group(case.todo, task, now),
            by=day_in_words(case.todo.day(task), of_page(form.language)),
            ticked=moment_in_words(ticked.at, case.reader.time_zone, of_page(form.language)) if ticked else "",
            ticked_by=who.name if who else "",
        )


def _group(todo: Todo, task: Task, now: datetime) -> str:
    if task.key in todo.done:
        return DONE
    if task in todo.overdue(now):
        return OVERDUE
    return WEEK if todo.this_week(task, now) else LATER


def _for_hire(
    engine: Engine, books: Books, directory: Directory, case: ListCase, language: str
) -> Iterator[ForHire]:
    """What others do for the newcomer, as far as HR has words for it, by its day."""
    if case.ask.role != Role.HIRE:
        return
    found: list[tuple[date, ForHire]] = []
    hire, ticks = case.seen.hire, books.ticks.of_hire(case.seen.hire.id)
    for step, ask in newest(books.asks.of_hire(hire.id), case.seen.journey):
        holder = somebody(engine.company, directory, ask.person_id)
        if ask.role == Role.HIRE or holder is None:
            continue
        todo = todo_of(step, hire, holder, case.seen.offices, ask, ticks)
        words = {one.key: one for one in form_of(engine, case.seen, ask, case.reader).questions}
        done = done_of(ticks, ask.step, ask.occasion)
        found += [
            _line(todo, task, words[task.key], ask.role, done.get(task.key), language)
            for task in step.tasks
            if task.key in words and words[task.key].for_hire
        ]
    yield from (line for _, line in sorted(found, key=lambda one: one[0]))


def _line(
    todo: Todo, task: Task, question: Question, role: str, ticked: Tick | None, language: str
) -> tuple[date, ForHire]:
    day = todo.calendar.day_of(ticked.at) if ticked else todo.day(task)
    return day, ForHire(
        text=question.for_hire, role=role, done=ticked is not None, day=day_in_words(day, language)
    )
