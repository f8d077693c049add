"""Is what somebody told of themselves forgotten when they have left, and kept while that may be a mistake?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from onboarding.domain.people import NOTHING_SHARED, Person
from onboarding.domain.preferences import Teller
from onboarding.ports import Books
from onboarding.services import drafting, hiring, photos, profiles
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.editions import FORGOTTEN
from onboarding.services.engine import Engine
from onboarding.services.leaving import KEPT, forget_who_left
from onboarding.services.preferring import keep
from tests.portraits import photo
from tests.worlds import MANILA, World, copied, person, world

DAY = timedelta(days=1)
SECRET = "I water the orchids of my neighbour"
COLLEAGUES = [
    person("boss", MANILA, department="Leadership"),
    person("manila-lead", MANILA, manager_id="boss"),
    *(person(one, MANILA, manager_id="manila-lead", interests=("hiking",)) for one in ("maria", "jo")),
]


@pytest.fixture(scope="module")
def told() -> Iterator[World]:
    """A newcomer who has answered, gave a photo and began to change the answers; and a colleague with a photo."""
    with world(people=COLLEAGUES) as found:
        found.enrol()
        found.walk_to(found.row("profile").due_at)
        found.answer(found.row("profile"), called="Ami", city=SECRET, interests=["hiking"])
        _begin(found)
        for one in ("n1", "maria"):
            photos.add(found.engine, one, photo(), found.now)
        yield found


@pytest.fixture
def here(told: World) -> Iterator[World]:
    """The same for one test alone."""
    with copied(told) as found:
        yield found


def _begin(here: World) -> None:
    key = here.row("profile").key
    with here.engine.store.read() as books:
        ask = books.asks.get(key)
    assert ask is not None
    link = here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
    drafting.keep(here.engine, link, {"about": ["I draw boats"]}, here.now)


def kept(here: World, person_id: str = "n1") -> bool:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
        assert found is not None
        return profiles.kept(here.engine, books, found).anything


def later(here: World, days: float) -> list[str]:
    """Whom the daily review forgets after some days; it looks each day."""
    before = here.now
    forgotten = []
    while here.now < before + timedelta(days=days):
        here.now += DAY
        forgotten += forget_who_left(here.engine, here.now)
    return forgotten


@pytest.mark.parametrize("gone", [hiring.leave, hiring.withdraw])
def test_a_newcomer_who_has_left_is_forgotten_after_thirty_days(
    here: World, gone: Callable[[Engine, str, datetime], object]
) -> None:
    gone(here.engine, "n1", here.now)
    assert later(here, KEPT.days) == []
    assert kept(here)
    assert later(here, 1) == ["n1"]
    assert not kept(here)
    with here.engine.store.read() as books:
        known = books.people.get("n1")
        assert known is not None
        assert known.shared == NOTHING_SHARED
        assert books.photos.get("n1") is None
        assert not any(one.values for one in books.asks.answers_of_hire("n1").values())
        assert books.asks.begun_of_hire("n1") == {}
        assert not any("hiking" in one.reasons for one in books.pairings.about("n1"))
        history = [one.reason for one in books.deliveries.history("n1/profile/hire/n1/once")]
    assert history[-1] == FORGOTTEN
    assert later(here, 3) == []
    assert kept(here, "maria")


def test_the_daily_review_does_it(here: World) -> None:
    hiring.leave(here.engine, "maria", here.now)
    daily_review(here.engine, here.now)
    assert kept(here, "maria")
    here.now += KEPT
    daily_review(here.engine, here.now)
    assert not kept(here, "maria")


def test_whoever_comes_back_in_time_is_not_forgotten_and_begins_anew(here: World) -> None:
    hiring.leave(here.engine, "maria", here.now)
    later(here, 20)
    with here.engine.store.begin() as books:
        books.people.put(replace(COLLEAGUES[2], active=True))
    assert later(here, 20) == []
    hiring.leave(here.engine, "maria", here.now)
    assert later(here, KEPT.days) == []
    assert later(here, 1) == ["maria"]


def test_each_is_forgotten_alone_so_that_one_who_cannot_be_does_not_keep_the_others(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("n1", "maria"):
        hiring.leave(here.engine, one, here.now)
    later(here, 1)
    here.now += KEPT
    forget, seen = profiles.forget, list[str]()

    def stumbles(engine: Engine, books: Books, directory: Directory, found: Person, now: datetime) -> bool:
        seen.append(found.id)
        if len(seen) > 1:
            raise RuntimeError("the second one")
        return forget(engine, books, directory, found, now)

    monkeypatch.setattr(profiles, "forget", stumbles)
    with pytest.raises(RuntimeError):
        forget_who_left(here.engine, here.now)
    first, second = seen
    assert (kept(here, first), kept(here, second)) == (False, True)


def test_what_a_colleague_who_left_began_to_write_is_forgotten_too(here: World) -> None:
    here.walk_to(here.row("welcome_notes", "peer").due_at)
    row = here.row("welcome_notes", "peer")
    with here.engine.store.read() as books:
        ask = books.asks.get(row.key)
    assert ask is not None
    link = here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
    drafting.keep(here.engine, link, {"note": ["Hello"]}, here.now)
    hiring.leave(here.engine, row.person_id, here.now)
    assert row.person_id in later(here, KEPT.days + 1)
    with here.engine.store.read() as books:
        assert books.asks.draft_of(row.key) is None
        assert books.asks.draft_of(here_profile(ask.hire_id)) is not None


@pytest.mark.parametrize("told_by", ["maria", "HR"])
def test_what_stood_on_the_page_of_preferences_is_forgotten_as_far_as_it_is_theirs(
    here: World, told_by: str
) -> None:
    with here.engine.store.begin() as books:
        books.busy.set_address("maria", "https://calendar.example.com/secret.ics", here.now)
        directory = Directory(books)
        maria = directory.get("maria")
        assert maria is not None
        if told_by == "maria":
            says = directory.preferences_of("maria")
            keep(directory, replace(maria, interests=("orchids",)), says, by=Teller.PERSON, now=here.now)
    hiring.leave(here.engine, "maria", here.now)
    assert "maria" in later(here, KEPT.days + 1)
    with here.engine.store.read() as books:
        found = books.people.get("maria")
        assert found is not None
        assert found.interests == (() if told_by == "maria" else ("hiking",))
        assert books.busy.addresses(["maria"]) == {}


def here_profile(hire_id: str) -> str:
    """The key of the profile of a newcomer, which nobody has touched."""
    return f"{hire_id}/profile/hire/{hire_id}/once"
