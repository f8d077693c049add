"""What does a look at everybody whom an HR system knows bring, and what does it leave alone?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadWords, NotFound, Unavailable
from onboarding.domain.events import Event, EventState, Fact, Told, Unfit
from onboarding.domain.people import HireState, Person
from onboarding.services import syncing
from onboarding.services.enrolling import enroll_waiting, replay
from onboarding.services.hiring import withdraw
from onboarding.services.reviewing import review
from onboarding.services.syncing import FEW, Synced, sync, sync_all
from tests.alarms import KeptAlarms
from tests.scripted import ACME, Listed, Scripted, post, tells
from tests.services.breaking import Fragile
from tests.services.watched import Watched
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")
AWAY = Unavailable("Acme does not answer (ConnectTimeout)")
LONG_AGO = {"start_date": "2020-01-01", "personal_email": None}


def newcomer(number: str = "1", **more: object) -> Fact:
    return tells(Told.KNOWN, number, NOW, **more)


def colleague(number: str, **more: object) -> Fact:
    return newcomer(number, **{**LONG_AGO, **more})


def crowd(count: int) -> list[Fact | Unfit | Exception]:
    return [colleague(f"c{number}") for number in range(count)]


def gone(number: str) -> Fact:
    return tells(Told.WITHDRAWN, number, NOW)


@pytest.fixture
def acme() -> Listed:
    return Listed()


@pytest.fixture
def here(acme: Listed) -> Iterator[World]:
    with world(rosters={ACME: acme}) as found:
        yield found


def look(here: World, *, after: timedelta = timedelta(days=1), rehearse: bool = False) -> Synced:
    """Look now; the next look is a day later."""
    found = sync(here.engine, ACME, here.now, rehearse=rehearse)
    here.now += after
    return found


def events(here: World) -> list[Event]:
    with here.engine.store.read() as books:
        return sorted(books.events.find(), key=lambda one: (one.received_at, one.delivery_id))


def to_review(here: World) -> list[tuple[str, str]]:
    return [(item.hire_id, item.text) for item in review(here.engine, here.now) if item.kind == "event"]


def people(here: World) -> dict[str, Person]:
    with here.engine.store.read() as books:
        return {person.id: person for person in books.people.all()}


def state_of(here: World, hire_id: str) -> HireState | None:
    with here.engine.store.read() as books:
        hire = books.hires.get(hire_id)
    return hire.state if hire else None


def who(group: Sequence[object]) -> list[str]:
    return [one.person_id or one.external_id for one in group]  # type: ignore[attr-defined]  # all are Seen


def test_a_rehearsal_takes_each_portion_back_before_the_next_one(
    here: World, acme: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "CHUNK", 2)
    seen = Watched(here.engine.store)
    object.__setattr__(here.engine, "store", seen)
    acme.people = [newcomer(str(number)) for number in range(5)]
    found = look(here, rehearse=True)
    assert (seen.hires, len(found.enrolled), events(here)) == ([2, 2, 1], 5, [])
    assert state_of(here, "acme-1") is None


class TestEverybody:
    def test_whoever_starts_unannounced_is_enrolled_and_that_is_said(self, here: World, acme: Listed) -> None:
        acme.people = [newcomer("1"), colleague("2")]
        found = look(here)
        assert (who(found.enrolled), who(found.changed)) == (["acme-1"], ["acme-2"])
        assert here.row("welcome_card", hire_id="acme-1").state is State.PLANNED
        assert here.rows("acme-2") == []
        (said,) = events(here)
        assert (said.source, said.hire_id, said.state, said.reason) == (
            ACME, "acme-1", EventState.OBEYED, "enrolled; no message told us"
        )  # fmt: skip
        assert to_review(here) == []

    def test_a_second_look_changes_nothing_and_says_nothing(self, here: World, acme: Listed) -> None:
        acme.people = [newcomer("1"), colleague("2"), Unfit(mistakes=("start_date is missing",), external_id="3")]
        look(here)
        before = (events(here), people(here), here.rows("acme-1"))
        again = look(here)
        assert (again.seen, again.enrolled, again.changed, again.left) == (3, (), (), ())
        assert (events(here), people(here), here.rows("acme-1")) == before

    def test_what_has_changed_and_who_has_left_is_told(self, here: World, acme: Listed) -> None:
        acme.people = [newcomer("1"), newcomer("2"), colleague("3"), colleague("4")]
        look(here)
        acme.people = [newcomer("1", start_date="2027-01-18"), gone("2"), colleague("3", team="Care"), gone("4")]
        found = look(here)
        assert {one.person_id: one.reason for one in (*found.changed, *found.left)} == {
            "acme-1": "the start date moved from 2027-01-04 to 2027-01-18",
            "acme-2": "withdrawn",
            "acme-3": "the record changed",
            "acme-4": "has left",
        }
        assert state_of(here, "acme-2") is HireState.WITHDRAWN
        assert not people(here)["acme-4"].active
        assert [one.seen for one in (found, look(here))] == [4, 4]

    def test_whoever_was_gone_before_we_knew_them_leaves_no_trace(self, here: World, acme: Listed) -> None:
        acme.people = [gone("1")]
        assert look(here) == Synced(source=ACME, seen=1)
        assert events(here) == []
        with here.engine.store.read() as books:
            assert books.identities.of_source(ACME) == []

    def test_plans_follow_when_a_colleague_changes_or_leaves(self, here: World, acme: Listed) -> None:
        acme.people = [newcomer("1", manager="7"), colleague("7", first_name="Boss"), colleague("8")]
        look(here)
        assert here.row("manager_list", "manager", hire_id="acme-1").person_id == "acme-7"
        acme.people = [newcomer("1", manager="7"), gone("7"), colleague("8")]
        look(here)
        assert here.row("manager_list", "manager", hire_id="acme-1").state is State.SKIPPED

    def test_a_change_that_waited_for_its_hire_is_obeyed_by_the_next_run(self) -> None:
        told, alarms = Scripted(), KeptAlarms()
        told.means("changed", [tells(Told.UPDATED, "1", NOW + timedelta(hours=1), job_title="Painter")])
        acme = Listed([newcomer("1")])
        with world(sources={ACME: told}, rosters={ACME: acme}, alarms=alarms) as here:
            here.now += timedelta(hours=1)
            post(here.engine, "changed", here.now)
            assert [one.state for one in enroll_waiting(here.engine, here.now)] == [EventState.EARLY]
            alarms.kept.clear()
            sync(here.engine, ACME, here.now)
            assert any(name.startswith("enroll-hires/") for name in alarms.names)
            assert [one.state for one in enroll_waiting(here.engine, here.now)] == [EventState.OBEYED]


class TestMissing:
    def test_one_who_is_missing_has_left(self, here: World, acme: Listed) -> None:
        acme.people = [newcomer("1"), *crowd(3)]
        look(here)
        acme.people = crowd(2)
        found = look(here)
        assert sorted(who(found.left)) == ["acme-1", "acme-c2"]
        assert (found.kept_back, state_of(here, "acme-1")) == ("", HireState.WITHDRAWN)

    @pytest.mark.parametrize(
        ("before", "after", "held"),
        [(30, 30 - FEW, False), (30, 24, False), (30, 23, True), (4, 1, True), (4, 0, True), (1, 0, True)],
    )
    def test_when_many_or_all_are_missing_nobody_is_taken_for_gone(
        self, here: World, acme: Listed, before: int, after: int, *, held: bool
    ) -> None:
        acme.people = crowd(before)
        look(here)
        acme.people = crowd(after)
        found = look(here)
        assert len(found.left) == (0 if held else before - after)
        assert bool(found.kept_back) is held
        if held:
            sentence = (
                f"{before - after} of {before} people whom acme told us of are missing from its list: "
                "nobody was taken for gone"
            )
            assert found.kept_back == sentence
            assert to_review(here) == [("", f"an event of acme waits: {sentence}")]
            acme.people = crowd(before)
            look(here)
            assert to_review(here) == []

    def test_a_list_that_cannot_be_read_makes_nobody_gone(self, here: World, acme: Listed) -> None:
        acme.people = crowd(2)
        look(here)
        acme.people = [Unfit(mistakes=("the file has no column id",))]
        found = look(here)
        assert found.left == ()
        missing, unreadable = (text for _, text in to_review(here))
        assert missing.startswith("an event of acme waits: 2 of 2 people whom acme told us of are missing")
        assert unreadable == "an event of acme waits: the file has no column id"

    def test_somebody_whose_row_does_not_fit_is_not_missing(self, here: World, acme: Listed) -> None:
        acme.people = [*crowd(2), newcomer("1")]
        look(here)
        acme.people = [*crowd(2), Unfit(mistakes=("start_date is missing",), external_id="1")]
        assert look(here).left == ()
        acme.people = [*crowd(1), newcomer("1"), Unfit(mistakes=("line 4: id is missing",))]  # it may be theirs
        assert look(here).left == ()

    def test_whom_only_another_system_told_us_of_is_not_missing(self, here: World, acme: Listed) -> None:
        here.enrol()
        acme.people = crowd(1)
        assert look(here).left == ()


class TestUnfit:
    def test_what_does_not_fit_waits_in_review_until_it_fits(self, here: World, acme: Listed) -> None:
        unfit = Unfit(mistakes=("time_zone is missing", "start_date is missing"), external_id="1")
        acme.people = [unfit, colleague("2")]
        assert who(look(here).to_review) == ["1"]
        text = "an event of acme waits: time_zone is missing; start_date is missing"
        assert to_review(here) == [("", text)]
        look(here)
        assert to_review(here) == [("", text)]
        acme.people = [newcomer("1"), colleague("2")]
        assert who(look(here).enrolled) == ["acme-1"]
        assert to_review(here) == []
        problem, enrolled = (one for one in events(here) if one.delivery_id.startswith("sync/1"))
        assert (problem.state, problem.reason) == (EventState.OBEYED, "it fits now")
        assert enrolled.reason == "enrolled; no message told us"
        acme.people = [unfit, colleague("2")]
        look(here)
        assert to_review(here) == [("", text)]

    def test_rows_that_name_nobody_are_all_told(self, here: World, acme: Listed) -> None:
        acme.people = [Unfit(mistakes=(f"line {number}: id is missing",)) for number in (3, 7)]
        look(here)
        assert [text for _, text in to_review(here)] == [
            "an event of acme waits: line 3: id is missing; line 7: id is missing"
        ]

    def test_one_who_breaks_something_stops_nobody_else(self, here: World, acme: Listed) -> None:
        broken = newcomer("2")
        object.__setattr__(broken.person, "interests", object())  # no table can hold it
        acme.people = [newcomer("1"), broken, newcomer("3")]
        found = look(here)
        assert who(found.enrolled) == ["acme-1", "acme-3"]
        assert [(one.external_id, one.reason) for one in found.to_review] == [
            ("2", "an unexpected error: StatementError")
        ]
        ((_, text),) = to_review(here)
        assert text == "an event of acme waits: an unexpected error: StatementError"

    def test_words_of_hr_that_hinder_it_are_repeated(self, acme: Listed) -> None:
        acme.people = [newcomer("1")]
        words = Fragile(BadWords("journeys/remote.toml: step 3 has no day"), times=1)
        with world(rosters={ACME: acme}, words=words) as here:  # type: ignore[arg-type]  # passes the rest on
            assert [one.reason for one in look(here).to_review] == ["journeys/remote.toml: step 3 has no day"]
            assert who(look(here).enrolled) == ["acme-1"]


class TestRehearsal:
    def test_it_shows_what_would_be_and_keeps_nothing(self) -> None:
        acme, alarms = Listed([newcomer("1"), *crowd(3)]), KeptAlarms()
        with world("2026-12-20 08:00", rosters={ACME: acme}, alarms=alarms) as here:
            sync(here.engine, ACME, here.now)
            before = (events(here), people(here), here.rows("acme-1"), list(alarms.kept))
            acme.people = [newcomer("2"), gone("1"), *crowd(2), Unfit(mistakes=("bad",), external_id="9")]
            with here.engine.store.read() as books:
                known = books.identities.of_source(ACME)
            shown = sync(here.engine, ACME, here.now, rehearse=True)
            assert (who(shown.enrolled), sorted(who(shown.left))) == (["acme-2"], ["acme-1", "acme-c2"])
            assert who(shown.to_review) == ["9"]
            with here.engine.store.read() as books:
                assert books.identities.of_source(ACME) == known
            assert (events(here), people(here), here.rows("acme-1"), list(alarms.kept)) == before
            assert sync(here.engine, ACME, here.now) == shown


class TestSilence:
    def test_a_list_that_breaks_off_changes_nothing(self, here: World, acme: Listed) -> None:
        acme.people = crowd(3)
        look(here)
        before = (events(here), people(here))
        acme.people = [newcomer("1"), AWAY]
        with pytest.raises(Unavailable, match="Acme does not answer"):
            look(here)
        assert (events(here), people(here)) == before

    def test_a_store_that_is_gone_makes_nobody_a_problem(self) -> None:
        words = Fragile(Unavailable("the database does not answer"), times=1)
        with world(rosters={ACME: Listed([newcomer("1")])}, words=words) as here:  # type: ignore[arg-type]  # as above
            with pytest.raises(Unavailable, match="the database"):
                look(here)
            assert who(look(here).enrolled) == ["acme-1"]
            assert to_review(here) == []

    def test_one_system_that_is_silent_stops_no_other_one(self) -> None:
        rosters = {ACME: Listed([AWAY]), "other": Listed([tells(Told.KNOWN, "1", NOW, source="other")], "other")}
        with world(rosters=rosters) as here:
            acme, other = sync_all(here.engine, here.now)
            assert acme == Synced(source=ACME, away="Acme does not answer (ConnectTimeout)")
            assert who(other.enrolled) == ["other-1"]
            assert sync_all(here.engine, here.now, source=ACME) == [acme]

    def test_a_system_that_cannot_be_asked_says_which_can(self, here: World) -> None:
        with pytest.raises(NotFound, match="greenhouse cannot be asked for everybody; those that can: acme"):
            sync(here.engine, "greenhouse", here.now)
        with world() as nobody, pytest.raises(NotFound, match="those that can: none"):
            sync_all(nobody.engine, nobody.now, source=ACME)


class TestKnownBefore:
    def test_a_colleague_of_the_directory_is_linked_by_the_work_address_and_not_doubled(
        self, here: World, acme: Listed
    ) -> None:
        known = {"first_name": "Berlin-1", "last_name": "Example", "work_email": "Berlin-1@example.com"}
        acme.people = [colleague("3", **known, team="Care")]
        before = people(here).keys()
        found = look(here)
        assert [(one.person_id, one.reason) for one in found.changed] == [("berlin-1", "the record changed")]
        assert people(here).keys() == before
        assert people(here)["berlin-1"].team == "Care"
        acme.people = [gone("3"), colleague("4")]
        assert who(look(here).left) == ["berlin-1"]

    def test_a_hire_who_came_by_hand_is_linked_by_private_address_and_first_day(
        self, here: World, acme: Listed
    ) -> None:
        here.enrol()
        acme.people = [newcomer("1", personal_email="amihan@example.org", work_email=None, team="Care")]
        found = look(here)
        assert (who(found.enrolled), who(found.changed)) == ([], ["n1"])
        assert people(here)["n1"].team == "Care"
        assert here.rows("acme-1") == []

    def test_a_hire_who_was_withdrawn_by_hand_is_not_called_back_night_after_night(
        self, here: World, acme: Listed
    ) -> None:
        acme.people = [newcomer("1")]
        look(here)
        withdraw(here.engine, "acme-1", here.now)
        for _ in range(3):
            look(here)
            assert state_of(here, "acme-1") is HireState.WITHDRAWN

    def test_in_doubt_a_human_says_who_it_is_and_the_next_look_takes_it_in(
        self, here: World, acme: Listed
    ) -> None:
        here.enrol()
        acme.people = [newcomer("1", personal_email="amihan@example.org", work_email=None, last_name="Feather")]
        look(here)
        ((_, text),) = to_review(here)
        assert text.endswith("perhaps the same person as n1: the same private address, and another name")
        (event,) = events(here)
        noted = replay(here.engine, event.id, here.now, same_as="n1")
        assert noted.state is EventState.REVIEW
        assert noted.reason == "it is noted who is meant; `onboarding sync-directory acme` takes it in"
        assert who(look(here).changed) == ["n1"]
        assert to_review(here) == []
        assert people(here)["n1"].last_name == "Feather"

    def test_in_doubt_a_human_may_say_that_it_is_somebody_else(self, here: World, acme: Listed) -> None:
        here.enrol()
        acme.people = [newcomer("1", personal_email="amihan@example.org", work_email=None, last_name="Feather")]
        look(here)
        (event,) = events(here)
        replay(here.engine, event.id, here.now, somebody_else=True)
        assert who(look(here).enrolled) == ["acme-1"]
        assert to_review(here) == []
