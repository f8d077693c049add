from __future__ import annotations

from datetime import timedelta

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.errors import BadSignature
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.services.enrolling import enroll_waiting, replay
from onboarding.services.hiring import withdraw
from onboarding.services.receiving import receive, wake
from onboarding.services.reviewing import RECENT, TO_LOOK_AT, review
from tests.signing import post_standard
from tests.worlds import at, world


def test_what_cannot_be_understood_waits_until_it_is_obeyed() -> None:
    with world() as here:
        post_standard(here.engine, {"start_date": "soon"}, now=here.now)
        enroll_waiting(here.engine, here.now)
        (item,) = review(here.engine, here.now)
        assert item.kind == "event"
        assert item.text.startswith("an event of standard waits: start_date")
        assert replay(here.engine, item.id, here.now).reason == item.text.partition(": ")[2]


def test_what_failed_or_is_unknown_stays_until_somebody_settles_it() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED, reason="550 no such mailbox")]
        here.run()
        (item,) = review(here.engine, here.now + timedelta(days=300))
        assert (item.kind, item.id, item.hire_id) == ("failed", str(here.row("profile").number), "n1")
        assert item.text == "profile to hire is failed: 550 no such mailbox"


def test_what_was_skipped_needs_somebody_for_a_week_and_only_while_the_hire_comes() -> None:
    with world() as here:
        here.enrol(manager_id="", manager_email="lead@example.com")
        kinds = {one.kind for one in review(here.engine, here.now)}
        assert kinds == {"skipped"}
        assert review(here.engine, here.now + RECENT)
        assert review(here.engine, here.now + RECENT + timedelta(seconds=1)) == []
        withdraw(here.engine, "n1", here.now)
        assert review(here.engine, here.now) == []


def test_a_reminder_that_was_not_needed_needs_nobody() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-14 03:00"))
        here.answer(here.row("profile"), called="Ami")
        here.walk_to(at("2026-12-17 03:00"))
        assert here.row("profile", occasion="once.reminder").reason == "not needed: already answered"
        assert review(here.engine, here.now) == []


def test_the_oldest_comes_first() -> None:
    with world("2027-01-19 02:00") as here:
        here.enrol()
        here.now += timedelta(hours=1)
        post_standard(here.engine, {"id": "n2", "start_date": "soon"}, now=here.now)
        enroll_waiting(here.engine, here.now)
        items = review(here.engine, here.now)
        assert [one.since for one in items] == sorted(one.since for one in items)
        assert items[-1].kind == "event"


def test_a_source_whose_newest_message_was_refused_is_named_until_one_gets_in() -> None:
    with world() as here:
        post_standard(here.engine, {"id": "n1"}, now=here.now)
        enroll_waiting(here.engine, here.now)
        here.now += timedelta(hours=1)
        with pytest.raises(BadSignature):
            receive(here.engine, source="standard", headers={}, body=b"{}", now=here.now)
        items = [one for one in review(here.engine, here.now) if one.kind == "source"]
        assert [(one.id, one.text.partition(":")[0]) for one in items] == [
            ("standard", "the newest message of standard was refused")
        ]
        here.now += timedelta(minutes=10)
        received = post_standard(here.engine, {"id": "n2"}, now=here.now)
        assert received.ready_at is not None
        wake(here.engine, received.ready_at, here.now)
        assert not [one for one in review(here.engine, here.now) if one.kind == "source"]


def test_steps_that_wait_for_the_same_person_are_one_thing_with_the_number_of_each() -> None:
    with world(people=[]) as here:
        here.enrol()
        items = {one.reason or one.text: one for one in review(here.engine, here.now)}
        assert len(items) <= 6
        alone = items["nobody can be buddy: the directory holds no other people"]
        assert alone.text == (
            "nobody can be buddy: the directory holds no other people; 17 steps wait for somebody: buddy_yes, "
            "buddy_guide, buddy_list, buddy_introduction, first_coffee, buddy_week_1, met_first_coffee, "
            "welcome_round, buddy_week_2, follow_up, buddy_week_4, buddy_coffee, met_buddy_coffee, buddy_week_8, "
            "follow_up_buddy, buddy_words, buddy_thanks"
        )
        waiting = [one for one in here.rows() if one.why in TO_LOOK_AT and one.state is State.SKIPPED]
        reachable = [number for one in items.values() for number in (one.ids or (one.id,))]
        assert sorted(map(int, reachable)) == sorted(one.number for one in waiting)
        assert all(one.id == one.ids[0] for one in items.values() if one.ids)


def test_what_came_too_late_is_one_thing_whatever_day_it_was_due() -> None:
    with world("2027-01-12 02:00") as here:
        here.enrol()
        (item,) = review(here.engine, here.now)
        assert item.text.startswith("too late; skipped: ")
        assert item.steps[0] == "profile"
        assert len(item.ids) > len(item.steps)


def test_a_step_alone_says_its_whole_reason() -> None:
    with world() as here:
        here.enrol()
        key, reason = here.row("profile").key, "nobody can be buddy: all are away"
        with here.engine.store.begin() as books:
            books.deliveries.move(key, State.SKIPPED, now=here.now, why=Why.NOBODY, reason=reason)
        found = [
            one for one in review(here.engine, here.now) if one.kind == "skipped" and "all are away" in one.text
        ]
        assert [(one.text, one.ids, one.steps) for one in found] == [
            (f"profile to hire is skipped: {reason}", (), ())
        ]
