"""How does HR tick for somebody who cannot, such as IT on the phone?"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from onboarding.domain.errors import IllegalMove, NotFound
from onboarding.domain.forms import Ask
from onboarding.domain.journey import Journey, Step
from onboarding.domain.people import HireState
from onboarding.ports import Books
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import HR_ID, Engine
from onboarding.services.hiring import known_hire
from onboarding.services.situations import situation
from onboarding.services.ticking import case_of, say
from onboarding.services.todos import ListState, newest, states
from onboarding.services.waking import set_alarms

log = logging.getLogger(__name__)


def tick_by_hand(
    engine: Engine, hire_id: str, tasks: Sequence[str], now: datetime, *, done: bool, on: str = ""
) -> list[ListState]:
    """Say that tasks about a hire are done, or are not after all; HR is noted as who said so.

    The same follows as when whoever has the list ticks them. `on` is the step of the list, needed only where
    several lists have a task of that key. A list that is closed can still be ticked. Returns how the lists stand.

    Raises:
        NotFound: no such hire, list or task, or the list was not sent yet; nothing is ticked then.
        IllegalMove: the hire was withdrawn, or several lists have the task.
    """
    with engine.store.begin() as books:
        books.pairings.hold()
        hire = known_hire(books, hire_id)
        if hire.state is HireState.WITHDRAWN:
            raise IllegalMove(f"{hire_id} was withdrawn: the lists are closed")
        directory = Directory(books)
        touched = set[str]()
        for task in dict.fromkeys(tasks):
            seen = situation(engine, books, directory, hire, now)
            step, ask = _list_with(books, seen.journey, hire_id, task, on)
            holder = somebody(engine.company, directory, ask.person_id)
            if holder is None:
                raise NotFound(f"whoever has {step.key} is not known")
            say(engine, books, directory, case_of(books, seen, step, ask, holder), task, now, by=HR_ID, done=done)
            touched.add(step.key)
        stand = [one for one in states(engine, books, directory, hire, now) if one.step in touched]
    log.info("task.ticked", extra={"hire": hire_id, "steps": sorted(touched), "done": done})
    set_alarms(engine, now)
    return stand


def _list_with(books: Books, journey: Journey, hire_id: str, task: str, on: str) -> tuple[Step, Ask]:
    """The one list that was sent and has a task."""
    lists = [step for step in journey.steps if step.tasks and on in ("", step.key)]
    having = {step.key for step in lists if task in (one.key for one in step.tasks)}
    found = [(step, ask) for step, ask in newest(books.asks.of_hire(hire_id), journey) if step.key in having]
    if len(found) > 1:
        several = ", ".join(step.key for step, _ in found)
        raise IllegalMove(f"{task} stands on several lists, {several}: say which one with --list")
    if found:
        return found[0]
    if having:
        raise NotFound(f"{task} stands on {', '.join(sorted(having))}, which was not sent yet")
    known = "; ".join(f"{step.key}: {', '.join(one.key for one in step.tasks)}" for step in lists)
    raise NotFound(f"{on or hire_id} has no task {task}" + (f"; there are {known}" if known else ""))
