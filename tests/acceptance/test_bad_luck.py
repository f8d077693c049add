"""What happens when things break: a killed worker, a silent scheduler, a store that is gone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from onboarding.adapters.alarms import NullAlarms, PrefectAlarms
from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import GONE, State
from onboarding.domain.errors import IllegalMove
from onboarding.services.changing import settle_unknown
from onboarding.services.dispatching import LEASE, run_due
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.receiving import wake
from onboarding.services.reviewing import review
from tests.signing import post_standard
from tests.worlds import World, at, world

ROOT = Path(__file__).parents[2]


def enrol_five(here: World) -> None:
    for number in range(5):
        here.enrol(id=f"h{number}", work_email=f"h{number}@example.com", personal_email=f"h{number}@example.org")


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite_url", "postgres_url"])
def test_a_worker_killed_between_sending_and_sent_repeats_nothing_and_leaves_one_unknown(
    database: str, request: pytest.FixtureRequest
) -> None:
    url: str = request.getfixturevalue(database)
    moment = "2026-12-14 02:00"
    with world(store=SqlStore(url)) as here:
        enrol_five(here)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.acceptance.killed_worker", url, moment],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = [int(line) for line in killed.stdout.split()]
    assert len(left) == 3
    with world(now=moment, store=SqlStore(url), people=[]) as here:
        here.run()
        assert not here.mail.letters  # claimed by the dead worker, whose lease still runs
        here.now += LEASE + timedelta(minutes=1)
        here.run()
        again = [letter.number for letter in here.mail.letters]
        assert len(again) == 2
        assert not set(again) & set(left)
        states = Counter(here.row("profile", hire_id=f"h{number}").state for number in range(5))
        assert states == {State.SENT: 4, State.UNKNOWN: 1}
        (item,) = review(here.engine, here.now)
        assert item.kind == "unknown"
        settled = settle_unknown(here.engine, int(item.id), State.SENT, here.now)
        assert settled.state is State.SENT
        with pytest.raises(IllegalMove):
            settle_unknown(here.engine, int(item.id), State.FAILED, here.now)


def test_prefect_down_while_webhooks_arrive_delays_them_and_loses_none() -> None:
    nobody_there = PrefectAlarms("http://127.0.0.1:9/api")
    with world(alarms=nobody_there) as here:
        for number in range(3):
            received = post_standard(here.engine, {"id": f"h{number}"}, now=here.now)
            assert received.new
            wake(here.engine, here.now, here.now)
        assert not here.rows("h0")
        # Prefect is back: its sweep looks for recorded events, whatever became of their alarms
        enrolled = enroll_waiting(here.engine, here.now)
        assert sorted(one.hire_id for one in enrolled) == ["h0", "h1", "h2"]
        here.walk_to(at("2026-12-15 00:00"))
        assert here.row("profile", hire_id="h0").state in GONE


def test_a_burst_of_events_sets_one_alarm() -> None:
    alarms = NullAlarms()
    with world(alarms=alarms) as here:
        for number in range(20):
            post_standard(here.engine, {"id": f"h{number}"}, now=here.now)
            wake(here.engine, here.now, here.now)
        assert [flow for flow, _ in alarms.alarms.values()] == ["enroll-hires"]
        (moment,) = [when for _, when in alarms.alarms.values()]
        assert here.now < moment <= here.now + timedelta(seconds=5)


def test_alarms_are_set_once_for_each_due_minute_of_the_next_two_days() -> None:
    alarms = NullAlarms()
    with world("2026-12-13 00:00", alarms=alarms) as here:
        here.enrol()
        wanted = set(alarms.alarms)
        assert "run-due-steps/2026-12-14T02:00Z" in wanted
        assert all(when <= here.now + timedelta(days=2) for _, when in alarms.alarms.values())
        alarms.alarms.clear()
        here.enrol(job_title="Lead designer")
        assert not alarms.alarms


def test_an_event_repeated_by_its_sender_is_one_event_and_one_journey() -> None:
    with world() as here:
        first = post_standard(here.engine, {}, now=here.now, delivery="msg_1")
        again = post_standard(here.engine, {}, now=here.now, delivery="msg_1")
        assert (first.new, again.new) == (True, False)
        assert first.event_id == again.event_id
        assert len(enroll_waiting(here.engine, here.now)) == 1
        planned = len(here.rows())
        post_standard(here.engine, {}, now=here.now, delivery="msg_2")
        enroll_waiting(here.engine, here.now)
        assert len(here.rows()) == planned


def test_two_workers_at_once_send_everything_once(sqlite_url: str) -> None:
    moment = at("2026-12-14 02:00")
    with world(store=SqlStore(sqlite_url)) as here:
        enrol_five(here)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: run_due(here.engine, moment), range(4)))
        assert sorted(Counter(letter.to.email for letter in here.mail.letters).values()) == [1] * 5
