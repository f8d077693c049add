from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import NotFound, Unavailable
from onboarding.domain.events import EventState
from onboarding.domain.people import HireState, Person
from onboarding.services.enrolling import CHUNK, Enrolled, enroll_waiting, replay
from onboarding.services.hiring import add_hire
from onboarding.services.receiving import Received, receive
from onboarding.services.reviewing import review
from tests.services.breaking import Fragile
from tests.signing import post_standard, standard_headers
from tests.worlds import World, record, world

NUMBERS = count(1)


def told(here: World, what: str = "hire.created", **more: str) -> Enrolled:
    """Post one event and obey it."""
    post_standard(here.engine, dict(more), now=here.now, told=what, delivery=f"msg_{next(NUMBERS)}")
    (result,) = enroll_waiting(here.engine, here.now)
    here.now += timedelta(seconds=1)
    return result


def post(here: World, what: str, timestamp: str, **more: object) -> Received:
    """Receive one event that says when it happened."""
    body = json.dumps({"type": what, "timestamp": timestamp, "data": record(**more)}).encode()
    headers = standard_headers(body, here.now, delivery=f"msg_{next(NUMBERS)}")
    return receive(here.engine, source="standard", headers=headers, body=body, now=here.now)


def somebody(here: World, person_id: str = "n1") -> Person:
    with here.engine.store.read() as books:
        known = books.people.get(person_id)
    assert known is not None
    return known


def test_a_new_hire_is_enrolled_and_nothing_waits_afterwards() -> None:
    with world() as here:
        result = told(here)
        assert (result.hire_id, result.state, result.reason) == ("n1", EventState.OBEYED, "enrolled")
        assert here.row("welcome_card").state is State.PLANNED
        assert enroll_waiting(here.engine, here.now) == []


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"start_date": "2027-01-18"}, "the start date moved from 2027-01-04 to 2027-01-18"),
        ({"manager_id": "berlin-lead"}, "the manager changed"),
        ({"time_zone": "Europe/Berlin"}, "the time zone changed"),
        ({"job_title": "Lead designer"}, "the record changed"),
    ],
)
def test_a_change_says_what_it_was_without_names(changes: dict[str, str], because: str) -> None:
    with world() as here:
        told(here)
        assert told(here, **changes).reason == because


def test_an_update_changes_only_what_it_says() -> None:
    with world() as here:
        here.enrol(interests=["tea"])
        changed = {"type": "hire.updated", "data": {"id": "n1", "job_title": "Painter", "location": ""}}
        add_hire(here.engine, changed, here.now)
        after = somebody(here)
        assert (after.job_title, after.location, after.interests) == ("Painter", "", ("tea",))
        assert after.work_email == "amihan@example.com"


def test_an_update_that_comes_before_its_hire_is_obeyed_as_soon_as_the_hire_is_told() -> None:
    with world() as here:
        told_at = [(here.now + timedelta(minutes=minutes)).isoformat() for minutes in (-3, -2)]
        early = post(here, "hire.updated", told_at[1], job_title="Painter")
        (waits,) = enroll_waiting(here.engine, here.now)
        assert (waits.event_id, waits.state, here.rows()) == (early.event_id, EventState.EARLY, [])
        assert waits.reason == "an update for n1, of whom nobody has told us"
        post(here, "hire.created", told_at[0])
        both = enroll_waiting(here.engine, here.now)
        assert [one.state for one in both] == [EventState.OBEYED, EventState.OBEYED]
        assert somebody(here).job_title == "Painter"


def test_an_early_update_shows_up_in_the_review_after_a_day() -> None:
    with world() as here:
        early = told(here, "hire.updated")
        assert review(here.engine, here.now + timedelta(hours=23)) == []
        (item,) = review(here.engine, here.now + timedelta(hours=25))
        assert (item.kind, item.id, item.hire_id) == ("event", early.event_id, "n1")


def test_an_older_event_of_the_same_source_is_ignored() -> None:
    with world() as here:
        told(here)
        here.now -= timedelta(minutes=5)
        late = told(here, start_date="2027-01-25")
        assert (late.state, late.reason) == (EventState.IGNORED, "older than what is known")


def test_a_hire_who_is_withdrawn_before_being_enrolled_is_nobody() -> None:
    with world() as here:
        result = told(here, "hire.withdrawn")
        assert (result.state, result.reason) == (EventState.IGNORED, "n1 was withdrawn before being enrolled")
        assert here.rows() == []


def test_a_hire_who_is_withdrawn_may_come_back() -> None:
    with world() as here:
        told(here)
        assert told(here, "hire.withdrawn").reason == "withdrawn"
        assert not [one for one in here.rows() if one.state is State.PLANNED]
        assert told(here, start_date="2027-02-01").reason == "the hire is back"
        assert here.row("welcome_card").state is State.PLANNED
        with here.engine.store.read() as books:
            assert {hire.state for hire in books.hires.find()} == {HireState.ACTIVE}


def test_another_source_cannot_change_a_hire() -> None:
    with world() as here:
        here.enrol()
        result = told(here, "hire.withdrawn")
        assert result.state is EventState.REVIEW
        assert result.reason == "the hire n1 is known from by-hand, not from standard"
        assert here.row("welcome_card").state is State.PLANNED


def test_whoever_opted_out_stays_so_when_the_record_comes_again() -> None:
    with world() as here:
        told(here)
        known = somebody(here)
        with here.engine.store.begin() as books:
            books.people.put(replace(known, opted_out=True))
        told(here, job_title="Painter")
        assert somebody(here).opted_out


def test_an_event_that_is_not_about_a_hire_is_ignored_with_the_reason() -> None:
    with world() as here:
        result = told(here, "invoice.paid")
        assert (result.state, result.reason) == (EventState.IGNORED, "an event that is not about a hire")


def test_a_source_that_is_not_set_up_any_more_leaves_its_events_in_review() -> None:
    with world() as here:
        post_standard(here.engine, {}, now=here.now)
        here.engine.sources.pop("standard")  # type: ignore[attr-defined]  # the world gave a dict
        (result,) = enroll_waiting(here.engine, here.now)
        assert (result.state, result.reason) == (
            EventState.REVIEW,
            "the source standard is not set up any more",
        )


def test_what_cannot_be_understood_names_every_field() -> None:
    with world() as here:
        result = told(here, start_date="soon", time_zone="Mars/Olympus")
        assert result.state is EventState.REVIEW
        assert "start_date" in result.reason
        assert "time_zone" in result.reason


def test_one_event_that_fails_is_isolated_from_the_chunk_around_it() -> None:
    # the journey breaks once for the chunk, and once more for the first event alone
    words = Fragile(RuntimeError("Amihan is too much"), times=2)
    with world(words=words) as here:  # type: ignore[arg-type]  # passes the rest on
        for number in range(4):
            post_standard(here.engine, {"id": f"h{number}", "work_email": f"h{number}@example.com"}, now=here.now)
        results = enroll_waiting(here.engine, here.now)
        states = [one.state for one in results]
        assert sorted(states) == [EventState.OBEYED] * 3 + [EventState.REVIEW]
        (bad,) = [one for one in results if one.state is EventState.REVIEW]
        assert bad.reason == "an unexpected error: RuntimeError"
        assert replay(here.engine, bad.event_id, here.now).state is EventState.OBEYED


def test_a_store_that_is_gone_leaves_every_event_waiting() -> None:
    words = Fragile(Unavailable("the database does not answer"), times=1)
    with world(words=words) as here:  # type: ignore[arg-type]  # passes the rest on
        post_standard(here.engine, {}, now=here.now)
        with pytest.raises(Unavailable):
            enroll_waiting(here.engine, here.now)
        assert [one.state for one in enroll_waiting(here.engine, here.now)] == [EventState.OBEYED]


def test_more_events_than_fit_into_one_look_are_all_obeyed() -> None:
    with world() as here:
        for number in range(5):
            post_standard(here.engine, {"id": f"h{number}", "work_email": f"h{number}@example.com"}, now=here.now)
        assert len(enroll_waiting(here.engine, here.now, limit=2)) == 5
        assert CHUNK > 1


def test_an_event_that_nobody_knows_cannot_be_replayed() -> None:
    with world() as here, pytest.raises(NotFound, match="onboarding review"):
        replay(here.engine, "nothing", here.now)


def test_an_update_of_a_withdrawn_hire_is_noted_and_brings_nobody_back() -> None:
    with world() as here:
        for told in ("hire.created", "hire.withdrawn", "hire.updated"):
            here.now += timedelta(hours=1)
            post_standard(here.engine, {"job_title": told}, now=here.now, told=told)
            (last,) = enroll_waiting(here.engine, here.now)
        assert (last.state, last.reason) == (EventState.OBEYED, "noted; the hire stays withdrawn")
        with here.engine.store.read() as books:
            hire = books.hires.get("n1")
        assert hire is not None
        assert hire.state is HireState.WITHDRAWN
