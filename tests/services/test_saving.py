"""Does a draft that saves itself wait for an answer that is just being stored, and then give way?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import Overtaken
from onboarding.services import saving
from tests.worlds import World, world


def test_a_draft_that_arrives_while_an_answer_is_stored_is_refused(postgres_store: SqlStore) -> None:
    with world(store=postgres_store) as here, ThreadPoolExecutor(1) as another:
        token = opened(here)
        key = here.row("profile").key
        with postgres_store.begin() as books:
            books.asks.hold([key])
            late = another.submit(saving.save, here.engine, token, {"called": ["Am"]}, 0, here.now)
            assert not wait([late], timeout=0.3).done
            books.asks.answer(key, {"called": "Ami"}, here.now)
        with pytest.raises(Overtaken):
            late.result(10)
        with postgres_store.read() as books:
            assert books.asks.draft_of(key) is None


def opened(here: World) -> str:
    """The token of a profile that somebody has open."""
    here.enrol()
    here.walk_to(here.row("profile").due_at + timedelta(minutes=1))
    with here.engine.store.read() as books:
        ask = books.asks.get(here.row("profile").key)
    assert ask is not None
    return here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
