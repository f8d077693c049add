"""What becomes of an event that tells of several people, or that nobody can read yet?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import Unavailable
from onboarding.domain.events import Event, EventState, Told, Unfit
from onboarding.services.enrolling import CHUNK, PAUSES, Enrolled, enroll_waiting, replay
from onboarding.services.reading import READERS, SILENT
from onboarding.services.reviewing import review
from tests.alarms import KeptAlarms
from tests.scripted import ACME, Scripted, post, post_all, tells
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")
AWAY = Unavailable("Acme does not answer (ConnectTimeout)")


def event(here: World, event_id: str) -> Event:
    with here.engine.store.read() as books:
        found = books.events.get(event_id)
    assert found is not None
    return found


def to_review(here: World) -> list[str]:
    return [item.id for item in review(here.engine, here.now) if item.kind == "event"]


def hires(here: World) -> list[str]:
    with here.engine.store.read() as books:
        return sorted(hire.id for hire in books.hires.find())


class TestBatches:
    def test_the_good_parts_are_obeyed_the_bad_one_waits_and_a_replay_repeats_nothing(self) -> None:
        acme = Scripted()
        good = [tells(Told.CREATED, number, NOW) for number in ("1", "2")]
        acme.means(
            "batch",
            [good[0], Unfit(mistakes=("entry 2: start_date is missing",), external_id="9"), good[1]],
            [good[0], tells(Told.CREATED, "9", NOW), good[1]],
        )
        with world(sources={ACME: acme}) as here:
            received = post(here.engine, "batch", here.now)
            (result,) = enroll_waiting(here.engine, here.now)
            assert (result.state, result.reason) == (
                EventState.REVIEW,
                "entry 2: start_date is missing (1 of 3 parts)",
            )
            assert hires(here) == ["acme-1", "acme-2"]
            assert to_review(here) == [received.event_id]
            before = here.rows("acme-1")
            here.now += timedelta(hours=1)
            mended = replay(here.engine, received.event_id, here.now)
            assert (mended.state, mended.reason) == (EventState.OBEYED, "nothing has changed; enrolled")
            assert hires(here) == ["acme-1", "acme-2", "acme-9"]
            assert here.rows("acme-1") == before
            again = replay(here.engine, received.event_id, here.now)
            assert (again.state, again.reason) == (EventState.OBEYED, "nothing has changed")
            assert to_review(here) == []

    def test_several_parts_with_one_fate_are_told_in_one_sentence(self) -> None:
        acme = Scripted()
        acme.means("batch", [tells(Told.CREATED, str(number), NOW) for number in range(3)])
        acme.means("none", [])
        acme.means(
            "gone", [tells(Told.WITHDRAWN, "0", NOW + timedelta(minutes=1)), *[Unfit(mistakes=("a", "b"))] * 2]
        )
        with world(sources={ACME: acme}) as here:
            post_all(here.engine, ["batch", "none", "gone"], here.now)
            done = enroll_waiting(here.engine, here.now)
            assert [(one.state, one.reason) for one in done] == [
                (EventState.OBEYED, "enrolled"),
                (EventState.IGNORED, "it tells of nobody"),
                (EventState.REVIEW, "a; b (2 of 3 parts)"),
            ]

    def test_a_part_about_a_hire_who_is_not_announced_yet_is_obeyed_as_soon_as_they_are(self) -> None:
        acme = Scripted()
        later = NOW + timedelta(minutes=1)
        titles = {"1": "Lead", "2": "Painter"}
        acme.means(
            "changes", [tells(Told.UPDATED, name, later, job_title=title) for name, title in titles.items()]
        )
        acme.means("first", [tells(Told.CREATED, "1", NOW)])
        acme.means("second", [tells(Told.CREATED, "2", NOW)])
        with world(sources={ACME: acme}) as here:
            post(here.engine, "first", here.now)
            enroll_waiting(here.engine, here.now)
            here.now = later
            changes = post(here.engine, "changes", here.now)
            (waits,) = enroll_waiting(here.engine, here.now)
            assert (waits.state, waits.hire_id) == (EventState.EARLY, "acme-2")
            assert waits.reason == "an update for acme-2, of whom nobody has told us (1 of 2 parts)"
            post(here.engine, "second", here.now)
            done = enroll_waiting(here.engine, here.now)
            assert [one.state for one in done] == [EventState.OBEYED, EventState.OBEYED]
            assert event(here, changes.event_id).state is EventState.OBEYED
            with here.engine.store.read() as books:
                found = [one.job_title for one in books.people.all() if one.id.startswith("acme")]
            assert found == list(titles.values())

    def test_a_part_that_breaks_leaves_the_whole_event_in_review_and_nothing_half_done(self) -> None:
        acme = Scripted()
        broken = tells(Told.CREATED, "2", NOW)
        object.__setattr__(broken.person, "interests", object())  # no table can hold it
        acme.means("batch", [tells(Told.CREATED, "1", NOW), broken])
        acme.means("fine", [tells(Told.CREATED, "3", NOW)])
        with world(sources={ACME: acme}) as here:
            post_all(here.engine, ["batch", "fine"], here.now)
            done = enroll_waiting(here.engine, here.now)
            assert sorted((one.state, one.reason) for one in done) == [
                (EventState.OBEYED, "enrolled"),
                (EventState.REVIEW, "an unexpected error: StatementError"),
            ]
            assert hires(here) == ["acme-3"]


class TestSilence:
    def test_it_is_asked_again_after_each_pause_and_obeyed_when_it_answers(self) -> None:
        acme, alarms = Scripted(), KeptAlarms()
        acme.means("thin", AWAY, AWAY, AWAY, [tells(Told.KNOWN, "1", NOW)])
        with world(sources={ACME: acme}, alarms=alarms) as here:
            received = post(here.engine, "thin", here.now)
            for attempts, pause in enumerate(PAUSES[:3], start=1):
                (waits,) = enroll_waiting(here.engine, here.now)
                assert (waits.state, waits.reason) == (
                    EventState.RECORDED,
                    "Acme does not answer (ConnectTimeout); asked again later",
                )
                kept = event(here, received.event_id)
                assert (kept.ready_at, kept.attempts) == (here.now + pause, attempts)
                assert alarms.kept[-1][1] - kept.ready_at <= timedelta(seconds=5)
                assert enroll_waiting(here.engine, here.now + pause - timedelta(seconds=1)) == []
                here.now += pause
            (done,) = enroll_waiting(here.engine, here.now)
            assert (done.state, done.reason) == (EventState.OBEYED, "enrolled")
            assert len(acme.read) == 4

    def test_after_two_days_of_silence_a_human_looks_and_a_replay_helps(self) -> None:
        acme = Scripted()
        acme.means("thin", AWAY)
        with world(sources={ACME: acme}) as here:
            received = post(here.engine, "thin", here.now)
            results: list[Enrolled] = []
            while not results or results[-1].state is EventState.RECORDED:
                (result,) = enroll_waiting(here.engine, here.now)
                results.append(result)
                here.now = max(here.now, event(here, received.event_id).ready_at)
            assert len(results) == len(PAUSES) + 1
            assert timedelta(days=2) <= here.now - NOW <= timedelta(days=2, hours=3)
            assert (results[-1].state, results[-1].reason) == (
                EventState.REVIEW,
                "Acme does not answer (ConnectTimeout); asked 10 times, so somebody must look",
            )
            assert enroll_waiting(here.engine, here.now + timedelta(days=30)) == []
            acme.means("thin", [tells(Told.KNOWN, "1", NOW)])
            assert replay(here.engine, received.event_id, here.now).state is EventState.OBEYED

    def test_one_system_that_is_silent_stops_no_other_one(self) -> None:
        acme, other = Scripted(), Scripted(name="other")
        acme.means("thin", AWAY)
        other.means("full", [tells(Told.CREATED, "1", NOW, source="other")])
        with world(sources={ACME: acme, "other": other}) as here:
            post(here.engine, "thin", here.now)
            post(here.engine, "full", here.now, source="other")
            assert sorted(one.state for one in enroll_waiting(here.engine, here.now)) == ["obeyed", "recorded"]
            assert hires(here) == ["other-1"]

    def test_a_system_that_leaves_many_questions_unanswered_is_asked_no_more_in_this_run(self) -> None:
        acme, other = Scripted(), Scripted(name="other")
        other.means("full", [tells(Told.CREATED, "1", NOW, source="other")])
        names = [f"m{number}" for number in range(3 * CHUNK)]
        for number, name in enumerate(names):
            acme.means(name, AWAY, [tells(Told.WITHDRAWN, str(number), NOW)])
        with world(sources={ACME: acme, "other": other}) as here:
            post_all(here.engine, names, here.now)
            post(here.engine, "full", here.now, source="other")
            here.now += timedelta(minutes=5)
            done = enroll_waiting(here.engine, here.now)
            assert SILENT <= len(acme.read) <= SILENT + READERS
            assert Counter(one.state for one in done) == {EventState.RECORDED: len(names), EventState.OBEYED: 1}
            acme.read.clear()
            for name in names:
                acme.means(name, [tells(Told.WITHDRAWN, name, NOW)])
            here.now += PAUSES[0]
            done = enroll_waiting(here.engine, here.now)
            assert Counter(one.state for one in done) == {EventState.IGNORED: len(names)}

    def test_a_question_that_is_answered_makes_up_for_those_before(self) -> None:
        acme = Scripted()
        names = [f"m{number}" for number in range(6 * SILENT)]
        for number, name in enumerate(names):
            acme.means(name, [tells(Told.WITHDRAWN, name, NOW)] if number % 3 == 0 else AWAY)
        with world(sources={ACME: acme}) as here:
            post_all(here.engine, names, here.now)
            here.now += timedelta(minutes=5)
            enroll_waiting(here.engine, here.now)
            assert sorted(acme.read) == sorted(names)


class TestLag:
    def test_a_message_is_obeyed_when_the_answers_of_its_system_are_new(self) -> None:
        acme, alarms = Scripted(lag=timedelta(seconds=20)), KeptAlarms()
        acme.means("thin", [tells(Told.KNOWN, "1", NOW)])
        with world(sources={ACME: acme}, alarms=alarms) as here:
            received = post(here.engine, "thin", here.now)
            assert received.ready_at == here.now + timedelta(seconds=20)
            assert enroll_waiting(here.engine, here.now) == []
            assert acme.read == []
            assert alarms.names == ["enroll-hires/2026-12-01T08:00:25Z"]
            (done,) = enroll_waiting(here.engine, here.now + timedelta(seconds=25))
            assert done.state is EventState.OBEYED


class TestSurprises:
    @pytest.mark.parametrize("error", [ValueError("Amihan"), KeyError("Amihan"), RecursionError("Amihan")])
    def test_an_error_that_nobody_expected_waits_in_review_without_its_words(self, error: Exception) -> None:
        acme = Scripted()
        acme.means("odd", error)
        acme.means("fine", [tells(Told.CREATED, "1", NOW)])
        with world(sources={ACME: acme}) as here:
            odd, _ = post_all(here.engine, ["odd", "fine"], here.now)
            states = {one.event_id: one for one in enroll_waiting(here.engine, here.now)}
            assert states[odd].reason == f"an unexpected error: {type(error).__name__}"
            assert hires(here) == ["acme-1"]
            acme.means("odd", [tells(Told.CREATED, "2", NOW)])
            assert replay(here.engine, odd, here.now).state is EventState.OBEYED


class TestTouched:
    def test_when_a_colleague_leaves_others_take_their_roles(self) -> None:
        acme = Scripted()
        with world(sources={ACME: acme}) as here:
            here.enrol()
            with here.engine.store.read() as books:
                buddy = next(one.person_id for one in books.pairings.of_hire("n1") if one.role == "buddy")
                known = books.people.get(buddy)
            assert known is not None
            mine = {"work_email": known.work_email, "last_name": known.last_name, "first_name": known.first_name}
            acme.means(
                "known", [tells(Told.KNOWN, "b", NOW, personal_email=None, start_date="2020-01-01", **mine)]
            )
            acme.means("left", [tells(Told.WITHDRAWN, "b", NOW + timedelta(hours=1))])
            post(here.engine, "known", here.now)
            enroll_waiting(here.engine, here.now)
            here.now += timedelta(hours=1)
            post(here.engine, "left", here.now)
            (left,) = enroll_waiting(here.engine, here.now)
            assert (left.hire_id, left.reason) == (buddy, "has left")
            asked = [one for one in here.rows() if one.role == "buddy" and one.state is State.PLANNED]
            assert asked
            assert all(one.person_id not in (buddy, "nobody") for one in asked)

    def test_a_manager_who_leaves_is_replaced_by_the_next_one_whom_the_record_names(self) -> None:
        acme = Scripted()
        boss = {"personal_email": None, "start_date": "2020-01-01", "first_name": "Boss", "last_name": "Example"}
        acme.means("boss", [tells(Told.KNOWN, "7", NOW, work_email="boss@example.com", **boss)])
        acme.means("hire", [tells(Told.CREATED, "1", NOW, manager="7")])
        later = NOW + timedelta(hours=1)
        acme.means("gone", [tells(Told.WITHDRAWN, "7", later)])
        acme.means("next", [tells(Told.UPDATED, "1", later, manager="8"),
                            tells(Told.KNOWN, "8", later, work_email="next@example.com", **boss)])  # fmt: skip
        with world(sources={ACME: acme}) as here:
            post_all(here.engine, ["boss", "hire"], here.now)
            enroll_waiting(here.engine, here.now)
            assert here.row("manager_list", "manager", hire_id="acme-1").person_id == "acme-7"
            here.now = later
            post(here.engine, "gone", here.now)
            enroll_waiting(here.engine, here.now)
            assert here.row("manager_list", "manager", hire_id="acme-1").state is State.SKIPPED
            post(here.engine, "next", here.now)
            enroll_waiting(here.engine, here.now)
            found = here.row("manager_list", "manager", hire_id="acme-1")
            assert (found.person_id, found.state) == ("acme-8", State.PLANNED)

    def test_a_colleague_who_came_by_a_journey_touches_the_plans_of_others_like_any_other(self) -> None:
        acme = Scripted()
        acme.means("boss", [tells(Told.CREATED, "7", NOW, work_email="boss@example.com")])
        acme.means("hire", [tells(Told.CREATED, "1", NOW, manager="7")])
        later = NOW + timedelta(hours=1)
        acme.means(
            "moved", [tells(Told.UPDATED, "7", later, time_zone="America/Chicago", country="US", subdivision="IL")]
        )
        with world(sources={ACME: acme}) as here:
            post_all(here.engine, ["boss", "hire"], here.now)
            enroll_waiting(here.engine, here.now)
            before = here.row("manager_list", "manager", hire_id="acme-1")
            here.now = later
            post(here.engine, "moved", here.now)
            enroll_waiting(here.engine, here.now)
            after = here.row("manager_list", "manager", hire_id="acme-1")
            assert after.due_at > before.due_at + timedelta(hours=10)
