from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.adapters.sql import SqlStore
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.waking import HORIZON, next_minute, set_alarms, wake_enrolment, wake_waiting
from tests.alarms import KeptAlarms
from tests.signing import post_standard
from tests.worlds import at, world

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive by contract


@given(moments)
@settings(deadline=None)
def test_an_alarm_rings_at_a_whole_minute_and_never_before_the_moment(moment: datetime) -> None:
    minute = next_minute(moment)
    assert (minute.second, minute.microsecond) == (0, 0)
    assert timedelta() <= minute - moment < timedelta(minutes=1)


@given(moments)
@settings(deadline=None, max_examples=15)
def test_the_window_of_an_event_ends_after_it_and_within_five_seconds(moment: datetime) -> None:
    alarms = KeptAlarms()
    with world(people=[], alarms=alarms) as here:
        wake_enrolment(here.engine, moment)
    ((flow, ring, _),) = alarms.kept
    assert flow == "enroll-hires"
    assert timedelta() < ring - moment <= timedelta(seconds=5)


def test_each_due_minute_of_the_next_two_days_has_one_alarm_of_that_name() -> None:
    alarms = KeptAlarms()
    with world("2026-12-13 08:00", alarms=alarms) as here:
        here.enrol()
        here.enrol(id="n2", work_email="n2@example.com")
        assert alarms.names == ["run-due-steps/2026-12-14T02:00Z"]
        assert set_alarms(here.engine, here.now) == 0
        ahead = [one.due_at for one in here.rows() if one.due_at < here.now + HORIZON]
        assert len(ahead) == 1


def test_a_scheduler_that_goes_away_in_the_middle_gets_the_rest_next_time() -> None:
    alarms = KeptAlarms(lasts=0)
    with world("2027-01-03 08:00", alarms=alarms) as here:
        here.enrol()
        assert alarms.kept == []
        alarms.lasts = 1
        assert set_alarms(here.engine, here.now) == 1
        alarms.lasts = 1_000
        assert set_alarms(here.engine, here.now) > 0
        assert len(alarms.names) == len(set(alarms.names))


def test_while_an_earlier_event_waits_for_its_run_no_other_is_needed() -> None:
    alarms = KeptAlarms()
    with world(people=[], alarms=alarms) as here:
        post_standard(here.engine, {"id": "a1"}, now=here.now)
        wake_enrolment(here.engine, here.now)
        later = here.now + timedelta(seconds=12)
        post_standard(here.engine, {"id": "a2"}, now=later)
        assert wake_enrolment(here.engine, later) == 0
        assert alarms.names == ["enroll-hires/2026-12-01T08:00:05Z"]
        assert len(enroll_waiting(here.engine, later)) == 2
        post_standard(here.engine, {"id": "a3"}, now=later + timedelta(seconds=1))
        assert wake_enrolment(here.engine, later + timedelta(seconds=1)) == 1


def test_a_run_that_was_lost_is_not_waited_for_longer_than_a_minute() -> None:
    alarms = KeptAlarms()
    with world(people=[], alarms=alarms) as here:
        post_standard(here.engine, {"id": "a1"}, now=here.now)
        wake_enrolment(here.engine, here.now)
        assert wake_enrolment(here.engine, here.now + timedelta(seconds=59)) == 0
        assert wake_enrolment(here.engine, here.now + timedelta(seconds=61)) == 1


def test_an_earlier_event_without_an_alarm_is_no_reason_to_set_none() -> None:
    alarms = KeptAlarms(lasts=0)
    with world(people=[], alarms=alarms) as here:
        post_standard(here.engine, {"id": "a1"}, now=here.now)
        wake_enrolment(here.engine, here.now)
        alarms.lasts = 1
        assert wake_enrolment(here.engine, here.now + timedelta(seconds=12)) == 1


def test_waking_the_enrolment_never_fails_whatever_is_down() -> None:
    with world(people=[], alarms=KeptAlarms(lasts=0)) as here:
        assert wake_enrolment(here.engine, here.now) == 0
    gone = SqlStore("postgresql+psycopg://nobody@127.0.0.1:9/none")
    engine = replace(here.engine, store=gone)
    assert wake_enrolment(engine, here.now) == 0
    gone.close()


def test_what_is_late_already_has_no_alarm_but_what_is_due_now_has() -> None:
    alarms = KeptAlarms()
    with world("2027-01-19 02:00:30", alarms=alarms) as here:
        here.enrol()
        assert "run-due-steps/2027-01-19T02:01Z" in alarms.names
        assert all(moment >= at("2027-01-19 02:00") for _, moment, _ in alarms.kept)


def test_what_waits_already_is_enrolled_soon_and_what_waits_for_its_moment_then() -> None:
    alarms = KeptAlarms()
    with world(people=[], alarms=alarms) as here:
        wake_waiting(here.engine, here.now)
        assert alarms.names == []
        event_id = post_standard(here.engine, {}, now=here.now).event_id
        wake_waiting(here.engine, here.now + timedelta(hours=1))
        with here.engine.store.begin() as books:
            books.events.postpone(event_id, ready_at=here.now + timedelta(hours=4), reason="it does not answer")
        wake_waiting(here.engine, here.now + timedelta(hours=1))
    assert alarms.names == ["enroll-hires/2026-12-01T09:00:05Z", "enroll-hires/2026-12-01T12:00:05Z"]
