"""Do two workers that enrol at the same time obey each event once, and see each other's news?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Barrier, Thread

import pytest

from onboarding.domain.events import Event, EventState, Told, Understood
from onboarding.ports import Store
from onboarding.services.directory import Directory
from onboarding.services.enrolling import Enrolled, enroll_waiting, replay
from onboarding.services.obeying import obey
from tests.databases import Hasty, opened
from tests.scripted import ACME, Scripted, post, post_all, tells
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, once SQLite, once PostgreSQL."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with opened(url) as found:
        yield found


@dataclass
class Overtaken(Scripted):
    """While it is asked the first time, another worker obeys everything that waits."""

    here: list[World] = field(default_factory=list)
    others: list[Enrolled] = field(default_factory=list)

    def understand(self, event: Event, now: datetime) -> Understood:
        """Let the other worker go first."""
        if self.here:
            self.others.extend(enroll_waiting(self.here.pop().engine, now))
        return super().understand(event, now)


def test_two_workers_obey_each_event_once(url: str) -> None:
    acme, start = Scripted(), Barrier(2)
    names = [f"m{number}" for number in range(24)]
    for number, name in enumerate(names):
        acme.means(name, [tells(Told.CREATED, str(number), NOW)])

    def work() -> list[Enrolled]:
        with opened(url) as mine, world(sources={ACME: acme}, people=[], store=mine) as here:
            start.wait(10)
            return enroll_waiting(here.engine, NOW, limit=7)

    with opened(url) as mine, world(sources={ACME: acme}, store=mine) as here:
        event_ids = post_all(here.engine, names, NOW)
        with ThreadPoolExecutor(2) as workers:
            done = [one for each in [workers.submit(work), workers.submit(work)] for one in each.result()]
        enroll_waiting(here.engine, NOW)  # what one of them left to the other, who had ended by then
        with mine.read() as books:
            found = [books.events.get(event_id) for event_id in event_ids]
            hires = books.hires.find()
    assert len({one.event_id for one in done}) == len(done)
    assert {(one.state, one.reason) for one in found if one} == {(EventState.OBEYED, "enrolled")}
    assert len(hires) == len(names)


def test_what_another_worker_obeyed_meanwhile_is_left_alone(store: Store) -> None:
    acme = Overtaken()
    acme.means("m", [tells(Told.CREATED, "1", NOW)])
    with world(sources={ACME: acme}, store=store) as here:
        post(here.engine, "m", here.now)
        acme.here.append(here)
        assert enroll_waiting(here.engine, here.now) == []
        assert [one.reason for one in acme.others] == ["enrolled"]


def test_a_replay_that_another_worker_overtakes_says_how_the_event_stands(store: Store) -> None:
    acme = Overtaken()
    acme.means("m", [tells(Told.CREATED, "1", NOW)])
    with world(sources={ACME: acme}, store=store) as here:
        event_id = post(here.engine, "m", here.now).event_id
        acme.here.append(here)
        result = replay(here.engine, event_id, here.now)
        assert (result.event_id, result.hire_id, result.state) == (event_id, "acme-1", EventState.OBEYED)


def test_what_breaks_here_and_is_obeyed_by_another_worker_then_is_not_sent_to_review(store: Store) -> None:
    acme = Scripted()
    broken = tells(Told.CREATED, "1", NOW)
    object.__setattr__(broken.person, "interests", object())  # no table can hold it
    acme.means("m", [broken], [tells(Told.CREATED, "1", NOW)])
    others: list[Enrolled] = []
    with (
        world(sources={ACME: acme}, store=store) as there,
        world(sources={ACME: acme}, store=Hasty(store)) as here,
    ):
        event_id = post(there.engine, "m", NOW).event_id
        hasty = here.engine.store
        assert isinstance(hasty, Hasty)
        hasty.before = [lambda: None, lambda: others.extend(enroll_waiting(there.engine, NOW))]
        assert enroll_waiting(here.engine, NOW) == []
        assert [one.event_id for one in others] == [event_id]
        with store.read() as books:
            found = books.events.get(event_id)
        assert found is not None
        assert found.state is EventState.OBEYED


def test_a_change_waits_for_the_hire_whom_another_worker_is_just_taking_in(url: str) -> None:
    acme, done = Scripted(), list[Enrolled]()
    acme.means("changed", [tells(Told.UPDATED, "1", NOW, job_title="Painter")])

    def work() -> None:
        with opened(url) as other, world(sources={ACME: acme}, people=[], store=other) as there:
            done.extend(enroll_waiting(there.engine, NOW))

    with opened(url) as mine, world(sources={ACME: acme}, store=mine) as here:
        post(here.engine, "changed", NOW)
        worker = Thread(target=work)
        with mine.begin() as books:
            obey(here.engine, books, Directory(books), ACME, tells(Told.CREATED, "1", NOW, job_title=None), NOW)
            worker.start()
            worker.join(0.3)
            assert worker.is_alive()
        worker.join(20)
        assert [one.state for one in done] == [EventState.OBEYED]
        with mine.read() as books:
            known = books.people.get("acme-1")
    assert known is not None
    assert known.job_title == "Painter"
