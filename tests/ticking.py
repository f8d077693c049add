"""How does somebody tick a task in a test? As the page of their list would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from onboarding.domain.journey import Journey
from onboarding.ports import Words
from onboarding.services import ticking
from onboarding.services.ticking import ListView
from tests.worlds import WORDS, World

IT, HR, MANAGER = "it@example.com", "people@example.com", "manila-lead@example.com"
"""Who is written to about the newcomer of `worlds.record`."""

LISTS = ("it_list", "it_overdue", "it_overdue_manager", "manager_tasks", "manager_overdue", "hire_list")
"""The steps of the shipped journey that are about lists, without those that need a buddy."""


@dataclass(frozen=True)
class _Only:
    """The shipped words with a journey that has only some of its steps."""

    steps: tuple[str, ...]

    def journey(self, name: str) -> Journey:
        whole = WORDS.journey(name)
        return replace(whole, steps=tuple(one for one in whole.steps if one.key in self.steps))

    def __getattr__(self, name: str) -> Any:
        return getattr(WORDS, name)


LIST_WORDS = cast("Words", _Only(LISTS))
"""The shipped words with a journey of lists only, so that its days are quickly walked."""


def token_of(here: World, step: str, role: str, hire_id: str = "n1") -> str:
    """The end of the address of the list that somebody has."""
    row = here.row(step, role, hire_id=hire_id)
    with here.engine.store.read() as books:
        ask = books.asks.get(row.key)
    assert ask is not None, f"{row.key} was not sent"
    return here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]


def list_of(here: World, step: str, role: str, hire_id: str = "n1") -> ListView:
    """The list as its page shows it."""
    return ticking.open_list(here.engine, token_of(here, step, role, hire_id), here.now)


def tick(here: World, step: str, role: str, *tasks: str, done: bool = True, hire_id: str = "n1") -> None:
    """Tick tasks of a list, or take the ticks back."""
    for task in tasks:
        ticking.tick(here.engine, token_of(here, step, role, hire_id), task, here.now, done=done)
