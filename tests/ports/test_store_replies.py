"""Does the store keep the contract of ReplyBook?"""

from __future__ import annotations

from dataclasses import replace

from onboarding.adapters.sql import SqlStore
from onboarding.domain.events import Tally
from onboarding.domain.mail_replies import FOR_A_HUMAN, Door, MailReply, ReplyState
from tests.ports.stores import DAY, HOUR, NOW

TAKEN = MailReply(
    digest="d1",
    received_at=NOW,
    door=Door.MAILBOX,
    state=ReplyState.TAKEN,
    reason="accepted: accepted is noted",
    meeting_id="m1",
    person_id="ada",
    stamped_at=NOW - HOUR,
)
REFUSED = MailReply(
    digest="d2", received_at=NOW + DAY, door=Door.INBOUND, state=ReplyState.REFUSED, reason="a stranger"
)


def test_what_became_of_a_mail_is_remembered_once(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.replies.record(TAKEN)
        assert not books.replies.record(replace(TAKEN, state=ReplyState.IGNORED))
    with store.read() as books:
        assert books.replies.get("d1") == TAKEN
        assert books.replies.get("d2") is None


def test_the_newest_come_first_and_may_be_asked_for_by_state(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.replies.find() == []
        for one in (TAKEN, REFUSED):
            books.replies.record(one)
        assert books.replies.find() == [REFUSED, TAKEN]
        assert books.replies.find(limit=1) == [REFUSED]
        assert books.replies.find(states=FOR_A_HUMAN) == [REFUSED]
        assert books.replies.find(states={ReplyState.IGNORED}) == []


def test_the_last_answer_that_was_taken_of_somebody_to_a_meeting_is_known(store: SqlStore) -> None:
    later = replace(TAKEN, digest="d3", received_at=NOW + HOUR, stamped_at=NOW - DAY)
    with store.begin() as books:
        for one in (
            later,
            TAKEN,
            replace(TAKEN, digest="d4", received_at=NOW + DAY, state=ReplyState.IGNORED),
            replace(TAKEN, digest="d5", received_at=NOW + DAY, person_id="bo"),
            replace(TAKEN, digest="d6", received_at=NOW + DAY, meeting_id="m2"),
        ):
            books.replies.record(one)
        assert books.replies.newest_taken("m1", "ada") == later
        assert books.replies.newest_taken("m1", "cy") is None


def test_every_end_is_counted_by_door(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.replies.summary() == {}
        for one in (TAKEN, REFUSED, replace(TAKEN, digest="d3", received_at=NOW + HOUR)):
            books.replies.record(one)
        assert books.replies.summary() == {
            (Door.MAILBOX, ReplyState.TAKEN): Tally(count=2, last_at=NOW + HOUR),
            (Door.INBOUND, ReplyState.REFUSED): Tally(count=1, last_at=NOW + DAY),
        }
