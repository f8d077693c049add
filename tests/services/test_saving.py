"""Does a draft wait for an answer or a draft that is just being stored, and then give way?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import Overtaken, SavedElsewhere
from onboarding.domain.forms import Draft
from onboarding.services import drafting, saving
from onboarding.services.editions import Opened
from tests.worlds import World, world

NEW = Opened(edition=0, mark="")
"""A page that was opened before anything was written."""


def by_itself(here: World, token: str) -> object:
    return saving.save(here.engine, token, {"about": ["x"]}, NEW, here.now)


def by_the_button(here: World, token: str) -> object:
    return drafting.keep(here.engine, token, {"about": ["x"]}, here.now, NEW)


def test_a_draft_that_arrives_while_an_answer_is_stored_is_refused(postgres_store: SqlStore) -> None:
    with world(store=postgres_store) as here, ThreadPoolExecutor(1) as another:
        token = opened(here)
        key = here.row("profile").key
        with postgres_store.begin() as books:
            books.asks.hold([key])
            late = another.submit(saving.save, here.engine, token, {"called": ["Am"]}, NEW, here.now)
            assert not wait([late], timeout=0.3).done
            books.asks.answer(key, {"called": "Ami"}, here.now)
        with pytest.raises(Overtaken):
            late.result(10)
        with postgres_store.read() as books:
            assert books.asks.draft_of(key) is None


@pytest.mark.parametrize("keep", [by_itself, by_the_button])
def test_a_draft_that_arrives_while_another_page_saves_waits_and_is_refused(
    postgres_store: SqlStore, keep: Callable[[World, str], object]
) -> None:
    with world(store=postgres_store) as here, ThreadPoolExecutor(1) as another:
        token, key = opened(here), here.row("profile").key
        newer = Draft(ask_id=key, values={"about": ["Half an hour of text"]}, saved_at=here.now)
        with postgres_store.begin() as books:
            books.asks.hold([key])
            late = another.submit(keep, here, token)
            assert not wait([late], timeout=0.3).done
            books.asks.keep_draft(newer)
        with pytest.raises(SavedElsewhere):
            late.result(10)
        with postgres_store.read() as books:
            assert books.asks.draft_of(key) == newer


def opened(here: World) -> str:
    """The token of a profile that somebody has open."""
    here.enrol()
    here.walk_to(here.row("profile").due_at + timedelta(minutes=1))
    with here.engine.store.read() as books:
        ask = books.asks.get(here.row("profile").key)
    assert ask is not None
    return here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
