from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.domain.errors import BadSignature, NotFound, TooLarge
from onboarding.domain.events import Event, EventState
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.receiving import (
    MAX_BODY,
    Message,
    Received,
    must_wake,
    receive,
    receive_all,
    wake,
    wake_all,
)
from tests.alarms import KeptAlarms
from tests.signing import event, greenhouse_headers, post_standard, standard_headers
from tests.worlds import World, world


def events(here: World) -> list[Event]:
    with here.engine.store.read() as books:
        return books.events.find()


def post_greenhouse(here: World, body: bytes, *, delivery: str = "") -> Received:
    headers = greenhouse_headers(body, delivery=delivery)
    return receive(here.engine, source="greenhouse", headers=headers, body=body, now=here.now)


def test_a_message_is_recorded_as_it_came_and_not_obeyed_yet() -> None:
    with world() as here:
        first = post_standard(here.engine, {}, now=here.now)
        (kept,) = events(here)
        assert (kept.id, kept.state) == (first.event_id, EventState.RECORDED)
        assert json.loads(kept.body) == json.loads(event())
        assert here.rows() == []


def test_a_repeat_gets_the_same_answer_and_is_recorded_once() -> None:
    with world() as here:
        first = post_standard(here.engine, {}, now=here.now, delivery="msg_1")
        again = post_standard(here.engine, {}, now=here.now + timedelta(minutes=3), delivery="msg_1")
        assert (again.event_id, first.new, again.new) == (first.event_id, True, False)
        assert len(events(here)) == 1


def test_a_repeat_after_it_was_obeyed_is_not_obeyed_again() -> None:
    with world() as here:
        post_standard(here.engine, {}, now=here.now, delivery="msg_1")
        enroll_waiting(here.engine, here.now)
        post_standard(here.engine, {}, now=here.now, delivery="msg_1")
        assert enroll_waiting(here.engine, here.now) == []


def test_the_same_delivery_id_from_two_sources_are_two_events() -> None:
    with world() as here:
        one = post_standard(here.engine, {}, now=here.now, delivery="7")
        other = post_greenhouse(here, b"{}", delivery="7")
        assert one.event_id != other.event_id
        assert len(events(here)) == 2


def test_a_source_without_a_secret_is_not_found_and_says_where_one_is_set() -> None:
    with world() as here, pytest.raises(NotFound, match="ONBOARDING_WEBHOOK_SECRETS"):
        receive(here.engine, source="nowhere", headers={}, body=b"{}", now=here.now)


def test_a_body_over_a_mebibyte_is_refused_before_its_signature_is_looked_at() -> None:
    with world() as here:
        with pytest.raises(TooLarge):
            receive(here.engine, source="standard", headers={}, body=b" " * (MAX_BODY + 1), now=here.now)
        with pytest.raises(BadSignature):
            receive(here.engine, source="standard", headers={}, body=b" " * MAX_BODY, now=here.now)
        assert events(here) == []


def test_a_message_whose_body_was_changed_is_refused_and_not_recorded() -> None:
    with world() as here:
        headers = standard_headers(event(), here.now, delivery="msg_1")
        with pytest.raises(BadSignature):
            receive(here.engine, source="standard", headers=headers, body=event(id="eve"), now=here.now)
        assert events(here) == []


@pytest.mark.parametrize(
    "body", [b'{"action": "a\0b"}', b'{"action": "\xff"}', b"\xff\xfe\x00{", b"", b"[", b"null"]
)
def test_a_body_that_no_text_can_hold_waits_in_review_and_stops_nobody(body: bytes) -> None:
    with world() as here:
        odd = post_greenhouse(here, body)
        post_standard(here.engine, {}, now=here.now)
        results = {one.event_id: one for one in enroll_waiting(here.engine, here.now)}
        assert results[odd.event_id].state is EventState.REVIEW
        assert results[odd.event_id].reason
        assert here.rows()


def test_only_what_the_source_may_keep_is_stored_with_a_digest_of_all_that_came() -> None:
    with world() as here:
        body = event(salary=90_000, birthday="1990-05-06")
        headers = standard_headers(body, here.now, delivery="msg_1")
        receive(here.engine, source="standard", headers=headers, body=body, now=here.now)
        (kept,) = events(here)
        assert "Amihan" in kept.body
        assert not {"salary", "90000", "birthday", "1990"} & set(re.findall(r"\w+", kept.body))
        assert kept.digest == hashlib.sha256(body).hexdigest()


def test_a_body_that_cannot_be_read_is_not_kept_and_says_so() -> None:
    with world() as here:
        odd = post_greenhouse(here, b"ssn=078-05-1120")
        assert [one.body for one in events(here)] == ["not kept: 15 bytes"]
        (waits,) = enroll_waiting(here.engine, here.now)
        assert (waits.event_id, waits.state) == (odd.event_id, EventState.REVIEW)
        assert waits.reason == "the body cannot be read, so it was not kept: 15 bytes; have it sent again"


def test_a_burst_of_messages_sets_one_alarm_for_each_window_of_five_seconds() -> None:
    alarms = KeptAlarms()
    with world(alarms=alarms) as here:
        for seconds in (0, 1, 4, 5, 9):
            wake(here.engine, here.now + timedelta(seconds=seconds), here.now)
    assert alarms.names == ["enroll-hires/2026-12-01T08:00:05Z", "enroll-hires/2026-12-01T08:00:10Z"]


def test_messages_that_came_together_are_woken_for_once_in_each_window() -> None:
    alarms = KeptAlarms()
    with world(alarms=alarms) as here:
        ready = [here.now + timedelta(seconds=seconds) for seconds in (9, 0, 1, 4, 5)]
        wake_all(here.engine, [(moment, here.now) for moment in ready])
    assert alarms.names == ["enroll-hires/2026-12-01T08:00:05Z", "enroll-hires/2026-12-01T08:00:10Z"]


def test_a_message_wakes_nobody_when_its_alarm_is_known_to_be_set() -> None:
    with world() as here:
        new = post_standard(here.engine, {}, now=here.now)
        assert must_wake(here.engine, new, here.now)
        wake(here.engine, here.now, here.now)
        assert not must_wake(here.engine, new, here.now)
        assert must_wake(here.engine, new, here.now + timedelta(seconds=6))  # counts are due again
        assert not must_wake(here.engine, post_standard(here.engine, {}, now=here.now), here.now)  # a repetition


def test_of_messages_that_came_together_each_is_answered_for_itself() -> None:
    with world() as here:

        def told(number: int, body: bytes) -> Message:
            headers = standard_headers(body, here.now, delivery=f"msg_{number}")
            return Message(source="standard", headers=headers, body=body, now=here.now)

        good, forged = told(1, event()), replace(told(2, event()), body=b"{}")
        unknown, huge = replace(good, source="acme"), replace(good, body=b" " * (MAX_BODY + 1))
        outcomes = receive_all(here.engine, [forged, good, unknown, good, huge, told(3, event())])
        assert [type(one) for one in outcomes] == [BadSignature, Received, NotFound, Received, TooLarge, Received]
        assert [one.new for one in outcomes if isinstance(one, Received)] == [True, False, True]
        assert len(events(here)) == 2
