"""Are those who were chosen, and do not know it yet, spread well over all newcomers?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.alike import shared_minutes
from onboarding.domain.delivery import State
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import Person
from onboarding.domain.preferences import Preferences, Teller, kept_apart
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.hiring import leave, withdraw
from onboarding.services.lacking import lacking
from onboarding.services.rematching import rematch
from onboarding.services.reviewing import review
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, World, at, person, world

LIVE = (PairingState.PROVISIONAL, PairingState.ANNOUNCED)
BOSS = person("boss", MANILA)
ONCE = "once"


def of_role(here: World, hire_id: str, role: str = "buddy") -> list[Pairing]:
    with here.engine.store.read() as books:
        return [one for one in books.pairings.of_hire(hire_id) if one.role == role]


def has(here: World, hire_id: str, role: str = "buddy") -> str:
    """Who has the role, "" for nobody."""
    return next((one.person_id for one in of_role(here, hire_id, role) if one.state in LIVE), "")


def prefer(here: World, person_id: str, said: Preferences) -> None:
    with here.engine.store.begin() as books:
        Directory(books).prefer(person_id, said, by=Teller.HR, fields=("excluded",), now=here.now)


def hire(here: World, name: str, **more: object) -> None:
    here.enrol(id=name, work_email=f"{name}@example.com", manager_id="boss", **more)


def scarce(here: World) -> None:
    """`early` takes the only buddy whom `late` could have, although somebody else would do as well."""
    prefer(here, "spare", Preferences(capacity=1))
    prefer(here, "best", Preferences(capacity=1))
    hire(here, "early", interests=["tea"])
    with here.engine.store.begin() as books:
        Directory(books).prefer(
            "late", Preferences(excluded=frozenset({"spare"})), by=Teller.HR, fields=("excluded",), now=here.now
        )
    hire(here, "late")


PAIR = [BOSS, person("best", MANILA, interests=("tea",)), person("spare", MANILA)]


class TestWave:
    def test_nobody_goes_without_who_need_not(self) -> None:
        with world(people=PAIR) as here:
            scarce(here)
            assert (has(here, "early"), has(here, "late")) == ("best", "")
            found = [one for one in rematch(here.engine, here.now) if one.role == "buddy"]
            assert [(one.hire_id, one.before, one.after) for one in found] == [
                ("early", "best", "spare"),
                ("late", "", "best"),
            ]
            assert (has(here, "early"), has(here, "late")) == ("spare", "best")

    def test_the_plan_follows_and_whoever_gave_way_is_remembered(self) -> None:
        with world(people=PAIR) as here:
            scarce(here)
            rematch(here.engine, here.now)
            assert here.row("buddy_yes", "buddy", hire_id="early").person_id == "spare"
            assert here.row("buddy_yes", "buddy", hire_id="late").person_id == "best"
            assert {one.person_id: one.state for one in of_role(here, "early")} == {
                "best": PairingState.REPLACED,
                "spare": PairingState.PROVISIONAL,
            }

    def test_a_rehearsal_tells_the_same_and_changes_nothing(self) -> None:
        with world(people=PAIR) as here:
            scarce(here)
            told = rematch(here.engine, here.now, rehearse=True)
            assert (has(here, "early"), has(here, "late")) == ("best", "")
            assert rematch(here.engine, here.now) == told != []

    def test_a_second_look_changes_nothing(self) -> None:
        with world() as here:
            for number in range(6):
                here.enrol(id=f"h{number}", work_email=f"h{number}@example.com")
            rematch(here.engine, here.now)
            assert rematch(here.engine, here.now) == []

    def test_whoever_gave_way_may_be_needed_again(self) -> None:
        with world(people=PAIR) as here:
            scarce(here)
            rematch(here.engine, here.now)
            withdraw(here.engine, "late", here.now)
            leave(here.engine, "spare", here.now)
            rematch(here.engine, here.now)
            assert has(here, "early") == "best"
            assert {one.person_id: one.state for one in of_role(here, "early")} == {
                "best": PairingState.PROVISIONAL,
                "spare": PairingState.ENDED,
            }

    def test_the_daily_review_looks_at_it(self) -> None:
        with world(people=PAIR) as here:
            scarce(here)
            daily_review(here.engine, here.now)
            assert has(here, "late") == "best"

    def test_somebody_who_suits_clearly_better_takes_the_place_and_hardly_better_does_not(self) -> None:
        with world(people=[BOSS, person("near", NAIROBI)]) as here:
            hire(here, "n1", interests=["tea"])
            with here.engine.store.begin() as books:
                books.people.put(person("same", NAIROBI))
            assert not [one for one in rematch(here.engine, here.now) if one.before]
            assert has(here, "n1") == "near"
            with here.engine.store.begin() as books:
                books.people.put(person("better", MANILA, interests=("tea",)))
            rematch(here.engine, here.now)
            assert has(here, "n1") == "better"

    def test_what_was_announced_is_frozen(self) -> None:
        with world(people=PAIR) as here:
            scarce(here)
            here.walk_to(at("2026-12-23 04:00"))
            assert of_role(here, "early")[0].state is PairingState.ANNOUNCED
            assert not [one for one in rematch(here.engine, here.now) if one.role == "buddy"]
            assert has(here, "early") == "best"

    def test_whoever_was_asked_already_is_not_exchanged(self) -> None:
        with world("2026-12-30 03:00", people=PAIR) as here:
            scarce(here)
            with here.engine.store.begin() as books:  # the question overtook the announcement
                (row,) = [one for one in books.deliveries.of_hire("early") if one.step == "buddy_yes"][:1]
                (claimed,) = [
                    one for one in books.deliveries.claim(row.due_at, claim="c", limit=99) if one.key == row.key
                ]
                assert claimed.state is State.CLAIMED
            assert not [one for one in rematch(here.engine, here.now) if one.role == "buddy"]

    def test_four_peers_are_chosen_again_together(self) -> None:
        people = [BOSS, *(person(f"pal{number}", MANILA) for number in range(6))]
        with world(people=people) as here:
            hire(here, "n1")
            before = {one.person_id for one in of_role(here, "n1", "peer")}
            assert len(before) == 4
            assert rematch(here.engine, here.now) == []
            leave(here.engine, min(before), here.now)
            assert sum(one.state in LIVE for one in of_role(here, "n1", "peer")) == 4

    def test_a_slip_in_the_file_of_weights_changes_nobody_and_is_named(self, tmp_path: Path) -> None:
        copytree(paths.shipped_templates(), tmp_path / "words")
        file = tmp_path / "words" / "matching.toml"
        with world(people=PAIR, words=FolderWords(tmp_path / "words")) as here:
            scarce(here)
            good = file.read_text(encoding="utf-8")
            file.write_text(
                good.replace("language = 120", "language = nan", 1).replace("load = 90", "load = -1", 1)
            )
            assert rematch(here.engine, here.now) == []
            found = [one.text for one in review(here.engine, here.now) if one.id == "matching"]
            assert len(found) == 2
            assert "nobody is matched: matching.toml, [buddy]: language must be a whole number" in found[0]
            hire(here, "third")
            assert has(here, "third") == ""
            assert "until a slip is mended" in here.row("buddy_yes", "buddy", hire_id="third").reason
            file.write_text(good)
            with here.engine.store.begin() as books:
                books.people.put(person("fourth", MANILA))
            daily_review(here.engine, here.now)
            assert "" not in {has(here, name) for name in ("early", "late", "third")}


@pytest.mark.slow
def test_of_forty_hires_and_few_buddies_nobody_goes_without_who_need_not() -> None:
    cities = (MANILA, NAIROBI, BERLIN, CHICAGO)
    buddies = [
        person(f"b{number:02}", cities[number % 4], department=("Product", "Sales")[number % 2])
        for number in range(22)
    ]
    with world(people=[BOSS, *buddies]) as here:
        for number in range(40):
            city = cities[(number * 7) % 4] if number < 20 else cities[number % 2]
            hire(here, f"h{number:02}", **city)
        alone = sum(not has(here, f"h{number:02}") for number in range(40))
        rematch(here.engine, here.now)
        together = sum(not has(here, f"h{number:02}") for number in range(40))
        load = Counter(has(here, f"h{number:02}") for number in range(40))
        assert all(count <= 2 for one, count in load.items() if one)
        assert together == _least_without(here)
        assert together <= alone


def _least_without(here: World) -> int:
    """How many of the hires must go without a buddy, by augmenting paths over who may have whom."""
    with here.engine.store.read() as books:
        everybody = {one.id: one for one in books.people.all()}
    hires = [one for name, one in everybody.items() if name.startswith("h")]
    buddies = [one for name, one in everybody.items() if name.startswith("b") and name != "boss"]
    day = at("2027-01-04 00:00").date()
    may = {one.id: [other.id for other in buddies if shared_minutes(one, other, day) >= 60] for one in hires}
    rooms: dict[str, list[str]] = {other.id: [] for other in buddies}

    def place(name: str, seen: set[str]) -> bool:
        for other in may[name]:
            if other in seen:
                continue
            seen.add(other)
            if len(rooms[other]) < 2:
                rooms[other].append(name)
                return True
            for there in rooms[other]:
                if place(there, seen):
                    rooms[other].remove(there)
                    rooms[other].append(name)
                    return True
        return False

    return sum(not place(one.id, set()) for one in hires)


class TestOdd:
    def test_without_hires_there_is_nothing_to_do(self) -> None:
        with world(people=[]) as here:
            assert rematch(here.engine, here.now) == []

    def test_everybody_paused_is_said_and_ends_by_itself(self) -> None:
        people = [BOSS, *(person(f"pal{number}", MANILA) for number in range(3))]
        with world(people=people) as here:
            for number in range(3):
                prefer(here, f"pal{number}", Preferences(paused_until=at("2027-02-01 00:00").date()))
            hire(here, "n1")
            assert rematch(here.engine, here.now) == []
            (buddy,) = [one for one in lacking(here.engine, here.now) if one.role == "buddy"]
            assert "3 colleagues take a break from matching" in buddy.reason

    def test_a_company_of_three_has_a_buddy_and_says_why_nobody_else(self) -> None:
        with world(people=[BOSS, person("pal", MANILA, manager_id="boss")]) as here:
            hire(here, "n1")
            rematch(here.engine, here.now)
            assert has(here, "n1") == "pal"
            assert {one.role for one in lacking(here.engine, here.now)} == {
                "peer",
                "partner",
                "mentor",
                "work_partner",
            } - {"work_partner"}

    def test_a_circle_of_managers_and_an_unknown_one_do_no_harm(self) -> None:
        people = [
            person("boss", MANILA, manager_id="chief"),
            person("chief", MANILA, manager_id="boss"),
            person("lost", MANILA, manager_id="never-seen"),
            person("own", MANILA, manager_id="own"),
        ]
        with world(people=people) as here:
            hire(here, "n1")
            rematch(here.engine, here.now)
            chosen = {
                one.person_id
                for role in ("buddy", "peer", "partner", "mentor")
                for one in of_role(here, "n1", role)
            }
            assert chosen == {"lost", "own"}

    def test_somebody_who_left_without_anybody_planning_is_replaced(self) -> None:
        with world(people=PAIR) as here:
            hire(here, "n1")
            first = has(here, "n1")
            with here.engine.store.begin() as books:
                known = books.people.get(first)
                assert known is not None
                books.people.put(person(first, MANILA, active=False))
            (change,) = [one for one in rematch(here.engine, here.now) if one.role == "buddy"]
            assert change.after == has(here, "n1") != first
            assert here.row("buddy_yes", "buddy").person_id == change.after


def put(here: World, *people: Person) -> None:
    """People of the directory as they are now; no plan follows."""
    with here.engine.store.begin() as books:
        books.people.put_all(list(people))


class TestRulesThatComeLater:
    """Somebody was chosen, nobody was told, and then the directory changes."""

    CHANGES: ClassVar = {
        "above the manager": [replace(BOSS, manager_id="pal")],
        "far below": [person("mid", MANILA, manager_id="n1"), person("pal", MANILA, manager_id="mid")],
        "no common hours": [person("pal", CHICAGO)],
        "too new": [person("pal", MANILA, start_date=at("2026-12-01 00:00").date())],
        "left": [person("pal", MANILA, active=False)],
    }

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_whoever_breaks_a_rule_now_goes_although_nobody_else_can(self, change: list[Person]) -> None:
        with world(people=[BOSS, person("pal", MANILA)]) as here:
            hire(here, "n1")
            put(here, *change)
            (found,) = [one for one in rematch(here.engine, here.now) if one.role == "buddy"]
            assert (found.before, found.after, has(here, "n1")) == ("pal", "", "")
            assert here.row("buddy_yes", "buddy").state is State.SKIPPED
            assert rematch(here.engine, here.now) == []

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_whoever_breaks_a_rule_now_is_not_announced(self, change: list[Person]) -> None:
        with world(people=[BOSS, person("pal", MANILA), person("else", NAIROBI)]) as here:
            prefer(here, "else", Preferences(opted_out=frozenset({"peer", "partner", "mentor"})))
            hire(here, "n1")
            assert has(here, "n1") == "pal"
            put(here, *change)
            here.walk_to(at("2026-12-23 04:00"))
            found = [(one.person_id, one.state) for one in of_role(here, "n1") if one.state in LIVE]
            assert found == [("else", PairingState.ANNOUNCED)]
            assert here.row("buddy_yes", "buddy").person_id == "else"

    def test_one_pair_that_breaks_a_rule_keeps_nobody_else_from_being_spread_better(self) -> None:
        with world(people=[*PAIR, person("pal", NAIROBI)]) as here:
            prefer(here, "third", Preferences(excluded=frozenset({"best", "spare"})))
            prefer(here, "pal", Preferences(excluded=frozenset({"early", "late"})))
            hire(here, "third")
            assert has(here, "third") == "pal"
            put(here, person("pal", CHICAGO))
            scarce(here)
            rematch(here.engine, here.now)
            assert [has(here, one) for one in ("third", "early", "late")] == ["", "spare", "best"]

    def test_whom_nobody_told_may_be_chosen_again_once_the_rule_is_gone(self) -> None:
        with world(people=[BOSS, person("pal", MANILA)]) as here:
            hire(here, "n1")
            put(here, person("pal", CHICAGO))
            rematch(here.engine, here.now)
            put(here, person("pal", MANILA))
            rematch(here.engine, here.now)
            assert has(here, "n1") == "pal"

    def test_a_slip_in_the_file_of_weights_costs_nobody_their_person(self, tmp_path: Path) -> None:
        folder = tmp_path / "templates"
        copytree(paths.shipped_templates(), folder)
        with world(people=[BOSS, person("pal", MANILA)], words=FolderWords(folder)) as here:
            hire(here, "n1")
            (folder / "matching.toml").write_text("[buddy]\nleast_tenure_days = -1\n", encoding="utf-8")
            put(here, person("pal", MANILA, start_date=at("2026-12-01 00:00").date()))
            here.walk_to(at("2026-12-23 04:00"))
            assert has(here, "n1") == "pal"


CITIES = (MANILA, BERLIN, CHICAGO, NAIROBI)
NAMES = tuple(f"p{number}" for number in range(9))
companies = st.lists(
    st.builds(
        lambda name, city, department, team, start, seniority, active, manager: person(
            name,
            city,
            department=department,
            team=team,
            start_date=start,
            seniority=seniority,
            active=active,
            manager_id=manager,
        ),
        st.sampled_from(NAMES),
        st.sampled_from(CITIES),
        st.sampled_from(["", "Product", "Sales"]),
        st.sampled_from(["", "Apps"]),
        st.none() | st.dates(at("2024-01-01 00:00").date(), at("2027-01-01 00:00").date()),
        st.integers(0, 10),
        st.sampled_from([True, True, True, False]),
        st.sampled_from(["", *NAMES, "h0", "nobody-knows"]),
    ),
    unique_by=lambda one: one.id,
    max_size=9,
)
sayings = st.dictionaries(
    st.sampled_from([*NAMES, "h0", "h1"]),
    st.builds(
        Preferences,
        opted_out=st.sampled_from([frozenset(), frozenset({"buddy"}), frozenset({"peer"})]),
        paused_until=st.none() | st.dates(at("2026-12-01 00:00").date(), at("2027-03-01 00:00").date()),
        capacity=st.none() | st.integers(0, 2),
        excluded=st.frozensets(st.sampled_from([*NAMES, "h0", "h1"]), max_size=2),
    ),
    max_size=4,
)


@pytest.mark.slow
@given(companies, companies, sayings, st.sampled_from(CITIES))
@settings(deadline=None, max_examples=15)
def test_whoever_is_chosen_in_whatever_company_keeps_every_rule_and_whatever_becomes_of_it(
    company: list[Person], later: list[Person], said: dict[str, Preferences], city: dict[str, str]
) -> None:
    with world(people=company) as here:
        for name, theirs in said.items():
            if name in {one.id for one in company}:
                prefer(here, name, theirs)
        for number in range(3):
            here.enrol(
                id=f"h{number}",
                work_email=f"h{number}@example.com",
                manager_id=NAMES[number],
                **(city if number else MANILA),
            )
        rematch(here.engine, here.now)
        _keeps_every_rule(here)
        again = [_all(here, f"h{number}") for number in range(3)]
        assert rematch(here.engine, here.now) == []
        assert [_all(here, f"h{number}") for number in range(3)] == again
        put(here, *later)
        rematch(here.engine, here.now)
        _keeps_every_rule(here)
        assert rematch(here.engine, here.now) == []


def _all(here: World, hire_id: str) -> list[Pairing]:
    with here.engine.store.read() as books:
        return books.pairings.of_hire(hire_id)


def _keeps_every_rule(here: World) -> None:
    capacity = {"buddy": 2, "peer": 3, "partner": 2, "mentor": 2}
    with here.engine.store.read() as books:
        everybody = {one.id: one for one in books.people.all()}
        directory = Directory(books)
        for hire_ in books.hires.find():
            newcomer = everybody[hire_.id]
            live = [one for one in books.pairings.of_hire(hire_.id) if one.state in LIVE]
            assert len({one.person_id for one in live}) == len(live)
            for one in live:
                other = everybody[one.person_id]
                theirs = directory.preferences_of(other.id)
                assert other.active
                assert other.id != hire_.id
                assert other.id not in _above(newcomer, everybody)
                assert hire_.id not in _above(other, everybody)
                assert not kept_apart(hire_.id, directory.preferences_of(hire_.id), other.id, theirs)
                assert not other.opted_out
                assert one.role not in theirs.opted_out
                assert theirs.capacity != 0
                least = here.engine.words.matching().roles[one.role].least_shared_minutes
                assert shared_minutes(newcomer, other, hire_.first_day) >= least
                if one.role == "mentor" and newcomer.seniority and other.seniority:
                    assert other.seniority >= newcomer.seniority + 2
                load = books.pairings.load(one.role, hire_.first_day - JOURNEY_LENGTH)
                most = capacity[one.role] if theirs.capacity is None else theirs.capacity
                assert load[other.id] <= most


def _above(somebody: Person, everybody: dict[str, Person]) -> set[str]:
    seen: set[str] = set()
    while (above := somebody.manager_id) in everybody and above not in seen:
        seen.add(above)
        somebody = everybody[above]
    return seen
