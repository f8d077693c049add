from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onboarding.domain.forms import Answer, Ask, Value
from onboarding.domain.held import answers_about, became
from onboarding.domain.measures import Became
from onboarding.domain.meetings import Meeting, MeetingState

NOW = datetime(2027, 1, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FOLLOWS = {"n1": {"met_coffee": "coffee"}}


def meeting(name: str = "m", **more: object) -> Meeting:
    plain = Meeting(
        id=name,
        hire_id="n1",
        step="coffee",
        occasion="once",
        people=("n1", "bo"),
        starts_at=NOW - 3 * HOUR,
        ends_at=NOW - 2 * HOUR,
        uid=f"{name}@example.com",
        organizer="people@example.com",
        stamped_at=NOW,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # tests vary what they like


def asked(values: dict[str, Value] | None = None, **more: object) -> tuple[Ask, Answer | None]:
    plain = Ask(
        id="a",
        hire_id="n1",
        step="met_coffee",
        role="hire",
        person_id="n1",
        occasion="once",
        form="did_you_meet",
        opened_at=NOW - HOUR,
        closes_at=NOW + HOUR,
    )
    ask = replace(plain, **more)  # type: ignore[arg-type]  # as above
    return ask, None if values is None else Answer(ask_id=ask.id, values=values, answered_at=NOW, version=1)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([], Became.NOT_ASKED),
        ([""], Became.UNANSWERED),
        (["no"], Became.NOT_HELD),
        (["no", ""], Became.NOT_HELD),
        (["no", "yes"], Became.HELD),
        (["maybe"], Became.UNANSWERED),
    ],
)
def test_a_meeting_that_is_over_became_what_people_said(said: list[str], found: Became) -> None:
    assert became(meeting(), said, NOW) is found


def test_a_meeting_ahead_is_still_to_come_and_a_cancelled_one_never_held() -> None:
    assert became(meeting(ends_at=NOW + HOUR), [], NOW) is Became.TO_COME
    assert became(meeting(state=MeetingState.CANCELLED), ["yes"], NOW) is Became.CANCELLED


def test_an_answer_is_about_the_meeting_that_stands_for_its_step_and_occasion() -> None:
    meetings = [
        meeting("off", state=MeetingState.CANCELLED),
        meeting("on"),
        meeting("other", occasion="week-2"),
        meeting("else", hire_id="n2"),
    ]
    assert answers_about(meetings, [asked({"met": "yes"})], FOLLOWS) == {"on": ["yes"]}


def test_both_who_met_may_be_asked() -> None:
    found = answers_about([meeting()], [asked({"met": "no"}), asked(None, id="b", role="buddy")], FOLLOWS)
    assert found == {"m": ["no", ""]}


def test_an_ask_of_a_removed_step_is_about_the_last_meeting_before_it() -> None:
    meetings = [
        meeting("first", ends_at=NOW - 5 * HOUR),
        meeting("last"),
        meeting("later", ends_at=NOW + HOUR),
    ]
    assert answers_about(meetings, [asked({"met": "yes"})], {"n1": {}}) == {"last": ["yes"]}
    assert answers_about([], [asked({"met": "yes"})], {}) == {}


def test_a_form_that_follows_a_meeting_and_asks_something_else_says_nothing() -> None:
    other = [asked({"mood": 3}, form="mood"), asked(None, id="b", form="mood")]
    assert answers_about([meeting()], other, FOLLOWS) == {}
    assert answers_about([meeting()], [*other, asked(None, id="c")], FOLLOWS) == {"m": [""]}
