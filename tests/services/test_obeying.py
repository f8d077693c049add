"""What does one fact change, in whatever order facts come and whoever tells them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.domain.delivery import State
from onboarding.domain.events import EventState, Fact, Identity, Told
from onboarding.domain.people import HireState, Person
from onboarding.domain.record import read_event
from onboarding.services.directory import Directory
from onboarding.services.obeying import Obeyed, obey
from tests.worlds import World, at, person, record, world

NOW = at("2026-12-01 08:00")
HOUR = timedelta(hours=1)
FIRST_DAY = date(2027, 1, 4)


def created(at: datetime = NOW, source: str = "greenhouse", number: str = "7", **more: object) -> Fact:
    """A hire, as an applicant system tells it: without a work address."""
    return fact(Told.CREATED, at, source, number, work_email=None, **more)


def fact(told: Told, at: datetime = NOW, source: str = "greenhouse", number: str = "7", **more: object) -> Fact:
    about, manager, rank = str(more.pop("about", "")), str(more.pop("manager", "")), more.pop("rank", 0)
    assert isinstance(rank, int)
    plain = record(manager_id=None) if told in (Told.CREATED, Told.KNOWN) else {}
    tree = {"type": told.value, "data": {**plain, **more, "id": f"{source}-{number}"}}
    return replace(read_event(tree, at), external_id=number, about=about, manager=manager, rank=rank)


def moved(first_day: date, at: datetime = NOW, *, rank: int = 0, about: str = "") -> Fact:
    return Fact(
        told=Told.UPDATED,
        external_id="7",
        hire_id="greenhouse-7",
        at=at,
        first_day=first_day,
        given=frozenset({"start_date"}),
        rank=rank,
        about=about,
    )


def tell(here: World, one: Fact, source: str = "greenhouse", now: datetime | None = None) -> Obeyed:
    with here.engine.store.begin() as books:
        return obey(here.engine, books, Directory(books), source, one, now or max(here.now, one.at))


def somebody(here: World, person_id: str = "greenhouse-7") -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


def state_of(here: World, hire_id: str = "greenhouse-7") -> HireState | None:
    with here.engine.store.read() as books:
        hire = books.hires.get(hire_id)
    return hire.state if hire else None


def unsent(here: World, hire_id: str = "greenhouse-7") -> int:
    return sum(one.state is State.PLANNED for one in here.rows(hire_id))


class TestOutcome:
    def test_what_a_fact_did_is_told_apart_without_reading_its_sentence(self) -> None:
        facts = (
            created(NOW),
            created(NOW + HOUR),
            created(NOW + 2 * HOUR, job_title="Painter"),
            moved(date(2027, 2, 1), NOW + 3 * HOUR),
            created(NOW - HOUR),
            fact(Told.WITHDRAWN, NOW + 4 * HOUR),
            fact(Told.UPDATED, NOW + 5 * HOUR, number="8", location="Cebu"),
        )
        with world() as here:
            told = [tell(here, one) for one in facts]
        assert [one.outcome.value for one in told] == [
            *("enrolled", "unchanged", "changed", "changed", "none", "left", "none"),
        ]
        assert [one.enrolled for one in told] == [True, *[False] * 6]

    def test_so_it_is_with_a_colleague(self) -> None:
        long_ago: dict[str, Any] = {
            "number": "9",
            "start_date": "2020-01-01",
            "work_email": "nine@example.com",
            "personal_email": None,
        }
        facts = (
            fact(Told.KNOWN, NOW, **long_ago),
            fact(Told.KNOWN, NOW + HOUR, **long_ago),
            fact(Told.WITHDRAWN, NOW + 2 * HOUR, number="9"),
        )
        with world() as here:
            assert [tell(here, one).outcome.value for one in facts] == ["changed", "unchanged", "left"]


class TestOrder:
    FACTS = (
        created(NOW, job_title="Designer", location="Manila"),
        fact(Told.UPDATED, NOW + HOUR, job_title="Painter"),
        fact(Told.UPDATED, NOW + 2 * HOUR, location="Cebu", job_title=None),
        moved(date(2027, 2, 1), NOW + 3 * HOUR),
        created(NOW + 4 * HOUR, job_title="Lead designer"),
        fact(Told.WITHDRAWN, NOW + 5 * HOUR),
        created(NOW + 6 * HOUR, start_date="2027-02-08", team="Checkout"),
        fact(Told.WITHDRAWN, NOW + 7 * HOUR),
    )

    @pytest.mark.slow
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(order=st.permutations(range(len(FACTS))), until=st.integers(1, len(FACTS)))
    def test_the_same_messages_end_in_the_same_record_and_plan(self, order: list[int], until: int) -> None:
        def end(numbers: list[int]) -> tuple[Person | None, HireState | None, bool]:
            with world() as here:
                early: list[Fact] = []
                for number in numbers:
                    told = self.FACTS[number]
                    if tell(here, told, now=NOW + 9 * HOUR).state is EventState.EARLY:
                        early.append(told)
                for told in early:  # what the engine does as soon as somebody tells of the hire
                    tell(here, told, now=NOW + 9 * HOUR)
                with here.engine.store.read() as books:
                    known = books.people.get("greenhouse-7")
                return known, state_of(here), unsent(here) > 0

        chosen = sorted(order[:until])
        assert end([one for one in order if one in chosen]) == end(chosen)

    def test_an_older_update_still_brings_what_no_newer_one_has_said(self) -> None:
        with world() as here:
            tell(here, created())
            tell(here, fact(Told.UPDATED, NOW + 3 * HOUR, job_title="Painter"))
            late = tell(here, moved(date(2027, 2, 1), NOW + 2 * HOUR))
            assert late.reason == "the start date moved from 2027-01-04 to 2027-02-01"
            assert somebody(here).job_title == "Painter"

    def test_a_withdrawal_that_comes_before_its_hire_still_counts(self) -> None:
        with world() as here:
            first = tell(here, fact(Told.WITHDRAWN, NOW + HOUR))
            assert first.reason == "greenhouse-7 was withdrawn before being enrolled"
            assert tell(here, created()).reason == "noted; the hire was withdrawn later"
            assert (state_of(here), unsent(here)) == (HireState.WITHDRAWN, 0)

    def test_a_fact_that_comes_again_changes_nothing(self) -> None:
        with world() as here:
            tell(here, created())
            rows = here.rows("greenhouse-7")
            assert tell(here, created()).reason == "nothing has changed"
            assert here.rows("greenhouse-7") == rows


class TestOffers:
    def test_of_two_versions_of_an_offer_the_higher_one_counts_whichever_came_first(self) -> None:
        with world() as here:
            tell(here, created(about="60", rank=1))
            tell(here, moved(date(2027, 2, 8), NOW + HOUR, rank=3, about="62"))
            late = tell(here, moved(date(2027, 2, 1), NOW + 2 * HOUR, rank=2, about="61"))
            assert late.reason == "older than what is known"
            assert somebody(here).start_date == date(2027, 2, 8)

    def test_a_deleted_offer_ends_only_the_hire_that_hangs_on_it(self) -> None:
        with world() as here:
            tell(here, created(about="61"))
            other = tell(here, fact(Told.WITHDRAWN, NOW + HOUR, about="60"))
            assert (other.state, state_of(here)) == (EventState.IGNORED, HireState.ACTIVE)
            assert tell(here, fact(Told.WITHDRAWN, NOW + HOUR, about="61")).reason == "withdrawn"

    def test_a_deleted_offer_to_somebody_who_was_not_hired_leaves_no_trace(self) -> None:
        with world() as here:
            tell(here, fact(Told.WITHDRAWN, NOW + HOUR, about="61"))
            assert tell(here, created()).reason == "enrolled"
            assert state_of(here) is HireState.ACTIVE


class TestKnown:
    def test_whoever_starts_soon_is_enrolled(self) -> None:
        with world() as here:
            found = tell(here, fact(Told.KNOWN))
            assert (found.reason, found.enrolled, unsent(here) > 0) == ("enrolled", True, True)

    def test_whoever_started_long_ago_is_a_colleague_without_a_journey(self) -> None:
        with world() as here:
            found = tell(here, fact(Told.KNOWN, start_date="2019-05-06"))
            assert (found.reason, found.touched, state_of(here)) == ("a colleague", "greenhouse-7", None)
            assert here.rows("greenhouse-7") == []

    def test_a_hire_event_makes_a_hire_however_late_it_is(self) -> None:
        with world() as here:
            assert tell(here, created(start_date="2026-10-05")).enrolled

    def test_a_colleague_who_gets_a_first_day_ahead_becomes_a_newcomer(self) -> None:
        with world() as here:
            tell(here, fact(Told.KNOWN, start_date=None))
            assert tell(here, fact(Told.UPDATED, NOW + HOUR, start_date="2027-01-04")).enrolled

    def test_a_colleague_who_leaves_is_in_the_directory_no_more(self) -> None:
        with world() as here:
            tell(here, fact(Told.KNOWN, start_date="2019-05-06"))
            gone = tell(here, fact(Told.WITHDRAWN, NOW + HOUR))
            assert (gone.reason, gone.touched, somebody(here).active) == ("has left", "greenhouse-7", False)

    def test_what_a_newcomer_told_us_stays_when_the_hr_system_says_nothing_of_it(self) -> None:
        with world() as here:
            tell(here, fact(Told.KNOWN))
            told = replace(somebody(here), interests=("tea",), opted_out=True)
            with here.engine.store.begin() as books:
                books.people.put(told)
            tell(here, fact(Told.KNOWN, NOW + HOUR, job_title="Painter"))
            after = somebody(here)
            assert (after.interests, after.opted_out, after.job_title) == (("tea",), True, "Painter")


class TestReversals:
    def test_a_hire_whose_leaving_is_called_off_goes_on_where_they_were(self) -> None:
        with world() as here:
            tell(here, fact(Told.KNOWN))
            sent = len(here.rows("greenhouse-7"))
            tell(here, fact(Told.WITHDRAWN, NOW + HOUR))
            assert unsent(here) == 0
            assert tell(here, fact(Told.KNOWN, NOW + 2 * HOUR)).reason == "the hire is back"
            assert (len(here.rows("greenhouse-7")), unsent(here) > 0) == (sent, True)

    @pytest.mark.slow
    def test_whoever_left_and_starts_anew_gets_a_journey_of_their_own(self) -> None:
        with world() as here:
            tell(here, created())
            here.walk_to(at("2027-03-01 08:00"))
            first = [one.key for one in here.rows("greenhouse-7") if one.state is State.SENT]
            tell(here, fact(Told.WITHDRAWN, here.now))
            here.now = at("2027-09-01 08:00")
            again = tell(here, created(here.now, start_date="2027-10-04"))
            assert (again.hire_id, again.reason) == ("greenhouse-7.2", "enrolled")
            assert unsent(here, "greenhouse-7.2") > 30
            assert [one.key for one in here.rows("greenhouse-7") if one.state is State.SENT] == first
            assert somebody(here, "greenhouse-7.2").active
            assert not somebody(here).active
            third = tell(here, fact(Told.WITHDRAWN, at("2028-01-10 08:00")))
            assert third.hire_id == "greenhouse-7.2"
            assert tell(here, created(at("2028-05-01 08:00"), start_date="2028-06-05")).hire_id == "greenhouse-7.3"


class TestSeveralSources:
    def test_an_hr_system_that_tells_of_a_hire_of_the_applicant_system_means_the_same(self) -> None:
        with world() as here:
            tell(here, created())
            same = tell(here, fact(Told.KNOWN, NOW + HOUR, "bamboohr", "40"), "bamboohr")
            assert (same.hire_id, same.enrolled) == ("greenhouse-7", False)
            assert somebody(here).work_email == "amihan@example.com"
            assert (
                tell(here, fact(Told.WITHDRAWN, NOW + 2 * HOUR, "bamboohr", "40"), "bamboohr").reason
                == "withdrawn"
            )
            assert state_of(here) is HireState.WITHDRAWN

    def test_a_source_that_knows_less_empties_nothing(self) -> None:
        with world() as here:
            tell(here, fact(Told.KNOWN, NOW, "bamboohr", "40"), "bamboohr")
            tell(here, created(NOW + HOUR, job_title=None))
            assert somebody(here, "bamboohr-40").job_title == "Designer"

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            (
                {"start_date": "2027-02-01"},
                "perhaps the same person as greenhouse-7: the same private address, and another first day",
            ),
            (
                {"last_name": "Feather"},
                "perhaps the same person as greenhouse-7: the same private address, and another name",
            ),
        ],
    )
    def test_when_it_is_unsure_a_human_decides(self, more: dict[str, object], sentence: str) -> None:
        with world() as here:
            tell(here, created())
            found = tell(here, fact(Told.KNOWN, NOW + HOUR, "bamboohr", "40", **more), "bamboohr")
            assert (found.state, found.reason) == (EventState.REVIEW, sentence)
            assert state_of(here, "bamboohr-40") is None

    def test_one_source_that_tells_of_two_people_with_one_private_address_is_asked_about(self) -> None:
        with world() as here:
            tell(here, created())
            twice = tell(here, created(number="8"))
            assert twice.reason == (
                "perhaps the same person as greenhouse-7: the same address, but greenhouse tells of two people"
            )

    def test_a_colleague_with_the_same_work_address_is_the_same_person(self) -> None:
        with world() as here:
            found = tell(
                here,
                fact(
                    Told.KNOWN, NOW, "bamboohr", "3", first_name="Berlin-1", last_name="Example",
                    work_email="Berlin-1@example.com", start_date="2020-01-01", job_title="Lead",
                ),
                "bamboohr",
            )  # fmt: skip
            assert (found.hire_id, found.reason) == ("berlin-1", "the record changed")
            assert somebody(here, "berlin-1").job_title == "Lead"

    def test_a_work_address_that_was_given_anew_is_another_person(self) -> None:
        left = person("old", work_email="amihan@example.com", active=False, last_name="Quill")
        with world(people=[left]) as here:
            assert tell(here, fact(Told.KNOWN)).hire_id == "greenhouse-7"


class TestManagers:
    def test_the_manager_is_known_by_the_name_that_the_source_has_for_them(self) -> None:
        with world() as here:
            with here.engine.store.begin() as books:
                books.identities.put(Identity(source="greenhouse", external_id="1", person_id="manila-lead"))
            tell(here, created(manager="1"))
            assert somebody(here).manager_id == "manila-lead"

    def test_a_manager_who_is_told_of_later_is_found_then(self) -> None:
        with world() as here:
            tell(here, fact(Told.KNOWN, NOW, "bamboohr", "40", manager="3"), "bamboohr")
            assert somebody(here, "bamboohr-40").manager_id == "bamboohr-3"
            tell(
                here,
                fact(
                    Told.KNOWN, NOW + HOUR, "bamboohr", "3", first_name="Berlin-1", last_name="Example",
                    work_email="berlin-1@example.com", personal_email=None, start_date="2020-01-01",
                ),
                "bamboohr",
            )  # fmt: skip
            assert somebody(here, "bamboohr-40").manager_id == "berlin-1"
