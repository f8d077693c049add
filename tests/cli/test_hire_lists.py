from __future__ import annotations

from datetime import date

from onboarding.cli.hire import list_in_words
from onboarding.services.todos import ListState, OverdueTask


def state(*overdue: OverdueTask, done: int = 3) -> ListState:
    return ListState(
        step="it_list",
        title="IT's list",
        role="it",
        person_id="it",
        person_name="IT",
        done=done,
        total=5,
        overdue=overdue,
    )


def test_a_list_is_said_in_one_line() -> None:
    late = OverdueTask(key="laptop", label="Send the laptop", by=date(2026, 12, 28))
    assert list_in_words(state(late)) == "done 3 of 5, overdue: Send the laptop (by 2026-12-28)"
    assert list_in_words(state(done=5)) == "done 5 of 5"
