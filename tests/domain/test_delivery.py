from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from onboarding.domain.delivery import GONE, MOVES, UNSENT, Planned, State, check_move
from onboarding.domain.errors import IllegalMove
from tests.worlds import at

WISH = Planned(
    hire_id="n1",
    step="first_coffee",
    verb="meet",
    role="buddy",
    person_id="b-7",
    occasion="once.seq-1",
    due_at=at("2027-01-04 10:00"),
    grace_until=at("2027-01-07 10:00"),
)


def test_the_key_is_hire_step_role_person_occasion() -> None:
    assert WISH.key == "n1/first_coffee/buddy/b-7/once.seq-1"


@pytest.mark.parametrize("field", ["due_at", "grace_until"])
def test_a_moment_without_a_zone_is_refused(field: str) -> None:
    naive = datetime(2027, 1, 4, 10, tzinfo=UTC).replace(tzinfo=None)
    changes: dict[str, Any] = {field: naive}
    with pytest.raises(ValueError, match="without a zone in n1/first_coffee"):
        replace(WISH, **changes)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("before", sorted(State))
def test_only_the_moves_of_the_table_are_legal(before: State) -> None:
    for after in State:
        if after in MOVES[before]:
            check_move("k", before, after)
        else:
            with pytest.raises(IllegalMove, match=f"k cannot go from {before} to {after}"):
                check_move("k", before, after)


def test_what_was_sent_can_never_be_planned_again() -> None:
    reached, ahead = set[State](), {State.SENT}
    while ahead:
        reached |= ahead
        ahead = {after for before in ahead for after in MOVES[before]} - reached
    assert reached == {State.SENT, State.DELIVERED, State.BOUNCED}


def test_a_letter_leaves_only_from_sending_and_sending_only_from_a_claim() -> None:
    assert {before for before, after in MOVES.items() if State.SENDING in after} == {State.CLAIMED}
    assert {before for before, after in MOVES.items() if State.SENT in after} == {State.SENDING, State.UNKNOWN}


def test_no_state_is_both_unsent_and_gone() -> None:
    assert not UNSENT & GONE
