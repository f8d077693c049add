"""Which words are passed on, and how long do they belong to whoever wrote them?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from onboarding.domain.delivery import GONE, UNSENT, Delivery, State
from onboarding.domain.forms import Kind, Question
from onboarding.domain.passing_on import (
    SHOWN_FOR,
    Passing,
    leaving,
    may_leave,
    moments,
    offered,
    words_in,
)
from tests.worlds import at

NOW = at("2027-01-04 01:00")
NOTE = Question(key="note", kind=Kind.LONG_TEXT, label="Your line")
AGREE = Question(key="agree", kind=Kind.CHOICE, label="Yes?")
WHY = Question(key="why", kind=Kind.TEXT, label="Why?", private=True)
MAY = Question(key="pass_on", kind=Kind.CHOICE, label="May we?")
FORM = (AGREE, NOTE, WHY, MAY)


def row(state: State, due: timedelta = timedelta(), settled: timedelta | None = None) -> Delivery:
    return Delivery(
        hire_id="n1",
        step="card",
        verb="write",
        role="hire",
        person_id="n1",
        occasion="once",
        due_at=NOW + due,
        grace_until=NOW + due,
        number=1,
        state=state,
        settled_at=None if settled is None else NOW + settled,
    )


def test_words_are_what_was_written_and_nothing_private() -> None:
    values = {"note": " Hello \n", "why": "Too tired", "agree": "yes", "pass_on": "yes"}
    assert words_in(FORM, values) == "Hello"
    assert leaving(FORM) == (NOTE, MAY)


@pytest.mark.parametrize(
    ("questions", "values", "may"),
    [
        ((NOTE,), {"note": "x"}, True),
        ((NOTE, MAY), {"note": "x"}, False),
        ((NOTE, MAY), {"note": "x", "pass_on": "no"}, False),
        ((NOTE, MAY), {"note": "x", "pass_on": "yes"}, True),
    ],
)
def test_where_a_form_asks_only_a_yes_lets_the_words_leave(
    questions: tuple[Question, ...], values: dict[str, str], *, may: bool
) -> None:
    assert may_leave(questions, values) is may


NOTHING, WAITS = Passing(text=""), Passing(text="Hello", planned_at=NOW)
LEFT, MISSED = Passing(text="Hello", left_at=NOW), Passing(text="", left_at=NOW)


@pytest.mark.parametrize(
    ("passing", "over", "keys"),
    [
        (None, False, "agree note why pass_on"),
        (None, True, ""),
        (NOTHING, False, "agree note why pass_on"),
        (NOTHING, True, ""),
        (WAITS, False, "agree note why pass_on"),
        (WAITS, True, "note pass_on"),
        (LEFT, False, "agree why"),
        (LEFT, True, ""),
        (MISSED, False, "agree why"),
        (MISSED, True, ""),
    ],
)
def test_what_can_be_answered_follows_from_whether_the_form_is_closed_and_the_words_have_left(
    passing: Passing | None, keys: str, *, over: bool
) -> None:
    assert " ".join(one.key for one in offered(FORM, passing, over=over)) == keys


@pytest.mark.parametrize("state", State)
def test_words_have_left_as_soon_as_a_mail_may_have_left(state: State) -> None:
    planned_at, left_at = moments([row(state)], NOW)
    assert (planned_at is not None) is (state in UNSENT)
    assert (left_at is not None) is (state in GONE)


def test_the_first_mail_counts_and_none_that_left_before_the_words_were_asked_for() -> None:
    hour = timedelta(hours=1)
    rows = [
        row(State.SENT, settled=-hour),
        row(State.DELIVERED, settled=3 * hour),
        row(State.SENT, settled=2 * hour),
        row(State.PLANNED, due=5 * hour),
        row(State.PLANNED, due=4 * hour),
    ]
    assert moments(rows, NOW) == (NOW + 4 * hour, NOW + 2 * hour)


def test_a_link_tells_of_words_that_left_or_were_taken_back_for_a_month() -> None:
    taken_back = Passing(text="", taken_back_at=NOW)
    for told in (LEFT, taken_back):
        assert told.is_shown(NOW + SHOWN_FOR - timedelta(seconds=1))
        assert not told.is_shown(NOW + SHOWN_FOR)
    assert WAITS.is_shown(NOW + 2 * SHOWN_FOR)
    assert not NOTHING.is_shown(NOW)
    assert not MISSED.is_shown(NOW)
