"""Do those who weigh everybody again, announce and answer at the same moment keep out of each other's way?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Thread
from typing import Any

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.journey import Journey
from onboarding.domain.meetings import PairingState
from onboarding.domain.preferences import Preferences, Teller
from onboarding.ports import Words
from onboarding.services.importing import import_people
from onboarding.services.opting_out import set_opted_out
from onboarding.services.preferring import choose, exclude, pause
from onboarding.services.rematching import rematch
from tests.databases import opened
from tests.services.test_rematching import LIVE, PAIR, has, of_role, scarce
from tests.worlds import World, at, world

ANNOUNCED_AT = at("2026-12-16 01:00")


@dataclass
class Interrupted:
    """Words during whose fourth look at the journey something else happens, as far as it can."""

    words: Words
    meanwhile: Callable[[], object]
    looks: int = 0
    others: list[Thread] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        """Every other word is that of `words`."""
        return getattr(self.words, name)

    def journey(self, name: str) -> Journey:
        """Let the other go first, or wait for us."""
        self.looks += 1
        if self.looks == 4:  # each hire is looked at once before the transaction, and once inside
            self.others.append(Thread(target=self.meanwhile))
            self.others[0].start()
            self.others[0].join(1)
        return self.words.journey(name)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, once SQLite, once PostgreSQL."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


def rematch_while(here: World, url: str, other: Callable[[World], object]) -> None:
    """Weigh everybody again; in the middle of it another worker begins something else."""
    with opened(url) as theirs, world(people=[], store=theirs) as there:
        there.now = here.now
        words = Interrupted(here.engine.words, lambda: other(there))
        rematch(replace(here.engine, words=words), here.now)
        words.others[0].join(20)
        assert not words.others[0].is_alive()


def test_nobody_is_announced_who_is_being_exchanged(url: str) -> None:
    with opened(url) as mine, world(people=PAIR, store=mine) as here:
        scarce(here)
        here.now = ANNOUNCED_AT
        rematch_while(here, url, World.run)
        here.walk_to(at("2026-12-16 01:05"))
        assert (has(here, "early"), has(here, "late")) == ("spare", "best")
        for name in ("early", "late"):
            (live,) = [one for one in of_role(here, name) if one.state in LIVE]
            told = here.row("buddy", hire_id=name)
            assert (live.state, told.state) == (PairingState.ANNOUNCED, State.DONE)
            assert told.reason == f"buddy: {live.person_id}"


def _page(there: World) -> object:
    token = there.engine.links.preferences("best").rpartition("/")[2]
    sent = {"programmes": ["buddy"], "works_from": ["09:00"], "works_until": ["17:00"]}
    return choose(there.engine, token, sent, there.now)


def _one_press(there: World) -> None:
    token = there.engine.links.unsubscribe("best").rpartition("/")[2]
    set_opted_out(there.engine, token, there.now, out=True)


def _file(there: World) -> object:
    header = "id,first_name,last_name,work_email,time_zone,capacity"
    return import_people(there.engine, f"{header}\nbest,Best,Example,best@example.com,Asia/Manila,4\n", there.now)


CHANGES: dict[str, Callable[[World], object]] = {
    "their page": _page,
    "one press in a mail": _one_press,
    "HR excludes somebody else": lambda there: exclude(there.engine, "best", "boss", there.now),
    "HR notes a pause": lambda there: pause(there.engine, "best", date(2027, 3, 1), there.now),
    "HR imports a file": _file,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_exclusion_is_not_lost_to_whatever_is_said_at_the_same_moment(
    url: str, change: Callable[[World], object]
) -> None:
    with opened(url) as mine, opened(url) as theirs, world(people=PAIR, store=mine) as here:
        there = World(engine=replace(here.engine, store=theirs), mail=here.mail, now=here.now)
        other = Thread(target=change, args=(there,))
        with mine.begin() as books:
            books.preferences.hold()
            said = Preferences(excluded=frozenset({"spare"}))
            books.preferences.put("best", said, by=Teller.HR, fields=["excluded"], now=here.now)
            other.start()
            other.join(0.3)  # it may have read what counted before
        other.join(20)
        with mine.read() as books:
            history = books.preferences.history("best")
        assert "spare" in history[-1].preferences.excluded
        assert len(history) == 2
