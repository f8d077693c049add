"""IT forgets the laptop, and a manager leaves in the middle of a list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import Expired
from onboarding.services import ticking
from onboarding.services.hiring import withdraw
from onboarding.services.reviewing import review
from tests.ticking import HR, IT, LIST_WORDS, MANAGER, list_of, tick, token_of
from tests.worlds import World, at, world


@pytest.fixture
def here() -> Iterator[World]:
    with world(words=LIST_WORDS) as found:
        found.enrol()
        yield found


def subjects(here: World, email: str) -> list[tuple[str, str]]:
    return [(f"{one.date:%m-%d}", one.subject) for one in here.to(email)]


def test_it_forgets_the_laptop_and_hr_and_the_manager_are_told_once(here: World) -> None:
    here.walk_to(at("2026-12-22 09:00"))
    tick(here, "it_list", "it", "accounts")
    here.walk_to(at("2027-01-05 03:00"))
    assert subjects(here, IT) == [
        ("12-21", "To do for Amihan Quill, who starts on Monday, January 4, 2027"),
        ("12-25", "Due soon: Send the laptop to Amihan"),
        ("12-29", "Overdue: Send the laptop to Amihan"),
        ("01-01", "Overdue: Send the laptop to Amihan"),
    ]
    assert "Help Amihan to sign in for the first time" in here.to(IT)[-1].text
    assert not any("accounts of" in one.text for one in here.to(IT)[1:])
    about_it = "Overdue for Amihan Quill: IT's list: accounts, laptop, access"
    told = [one for email in (HR, MANAGER) for one in here.to(email) if one.subject == about_it]
    assert [(one.to.email, f"{one.date:%m-%d}") for one in told] == [(HR, "12-30"), (MANAGER, "01-04")]
    for letter in told:
        assert "Send the laptop to Amihan, by Monday, December 28, 2026" in letter.text
        assert "accounts of" not in letter.text

    tick(here, "it_list", "it", "laptop", "sign_in", "access", "missing")
    before = len(here.to(IT)), [one for one in here.mail.letters if one.subject == about_it]
    here.walk_to(at("2027-03-01 00:00"))
    assert (len(here.to(IT)), [one for one in here.mail.letters if one.subject == about_it]) == before
    key = here.row("it_list", "it").key
    with here.engine.store.read() as books:
        given = books.asks.answer_to(key)
    assert given is not None
    assert set(given.values) == {"accounts", "laptop", "sign_in", "access", "missing"}


def test_nobody_ticks_and_each_task_is_told_once_to_each(here: World) -> None:
    here.walk_to(at("2027-02-10 00:00"))
    for email in (HR, MANAGER):
        told = "\n".join(one.text for one in here.to(email) if "IT's list" in one.subject)
        for task in ("Make the accounts", "Send the laptop", "to sign in", "Give access", "still missing"):
            assert told.count(task) == 1, (email, task)
    days = [one.date.date() for one in here.to(IT)]
    assert len(days) == len(set(days))
    assert all(row.state is not State.PLANNED for row in here.rows())


def test_the_next_manager_goes_on_with_the_list_and_the_first_one_has_it_no_more(here: World) -> None:
    here.walk_to(at("2026-12-22 09:00"))
    tick(here, "manager_tasks", "manager", "first_call")
    old = token_of(here, "manager_tasks", "manager")
    here.enrol(manager_id="berlin-lead")
    here.walk_to(at("2026-12-28 12:00"))
    view = list_of(here, "manager_tasks", "manager")
    assert (view.ask.person_id, view.done, view.total) == ("berlin-lead", 1, 5)
    assert [(one.key, one.ticked_by) for one in view.group("done")] == [("first_call", "Manila-lead Example")]
    assert here.to(MANAGER)[-1].date < at("2026-12-22 09:00")
    assert "first_call" not in here.to("berlin-lead@example.com")[-1].text
    with pytest.raises(Expired):
        ticking.open_list(here.engine, old, here.now)


def test_a_first_day_that_moves_takes_the_days_of_the_tasks_with_it(here: World) -> None:
    here.walk_to(at("2026-12-22 09:00"))
    assert {one.by for one in list_of(here, "it_list", "it").tasks[:2]} == {"Monday, December 28, 2026"}
    here.enrol(start_date="2027-02-01")
    assert {one.by for one in list_of(here, "it_list", "it").tasks[:2]} == {"Monday, January 25, 2027"}
    here.walk_to(at("2027-01-15 00:00"))
    assert [f"{one.date:%m-%d}" for one in here.to(IT)] == ["12-21"]
    here.walk_to(at("2027-01-27 00:00"))
    assert [f"{one.date:%m-%d}" for one in here.to(IT)] == ["12-21", "01-22", "01-26"]


def test_a_newcomer_who_does_not_come_ends_all_of_it(here: World) -> None:
    here.walk_to(at("2026-12-29 12:00"))
    withdraw(here.engine, "n1", here.now)
    before = len(here.mail.letters)
    here.walk_to(at("2027-03-01 00:00"))
    assert len(here.mail.letters) == before
    assert review(here.engine, at("2026-12-30 10:00")) == []


def test_one_reminder_a_day_names_what_is_due_for_all_newcomers(here: World) -> None:
    here.enrol(id="n2", first_name="Bayani", last_name="Reyes", start_date="2027-01-05")
    here.walk_to(at("2027-01-08 00:00"))
    days = [one.date.date() for one in here.to(IT) if one.subject.startswith(("Overdue", "Due soon"))]
    assert len(days) == len(set(days))
    letter = next(
        one for one in here.to(IT) if "Quill" in one.text and "Reyes" in one.text and "Due" in one.subject
    )
    assert "Amihan Quill: Send the laptop to Amihan" in letter.text
    assert "Bayani Reyes: Send the laptop to Bayani" in letter.text


def test_who_is_told_to_us_late_gives_nobody_a_list_that_is_overdue_at_once() -> None:
    with world(now="2027-01-13 09:00", words=LIST_WORDS) as here:
        here.enrol()
        here.walk_to(at("2027-01-13 12:00"))
        view = list_of(here, "it_list", "it")
        assert view.group("overdue") == []
        assert view.group("week")[0].by == "Thursday, January 14, 2027"
        here.walk_to(at("2027-01-22 12:00"))
        assert [f"{one.date:%m-%d}" for one in here.to(IT)] == ["01-13", "01-15"]
        assert [f"{one.date:%m-%d}" for one in here.to(HR) if "IT's list" in one.subject] == ["01-18"]


def test_the_daily_review_names_what_became_overdue_lately(here: World) -> None:
    here.walk_to(at("2026-12-29 12:00"))
    (item,) = review(here.engine, here.now)
    assert (item.kind, item.hire_id) == ("overdue", "n1")
    assert item.text == (
        "5 tasks are overdue (it_list of it: accounts, laptop; manager_tasks of manager: first_call, first_week; "
        "hire_list of hire: papers)"
    )
    assert item.since == at("2026-12-23 16:00")
    tick(here, "manager_tasks", "manager", "first_call", "first_week")
    tick(here, "hire_list", "hire", "papers")
    tick(here, "it_list", "it", "accounts")
    (item,) = review(here.engine, here.now)
    assert (item.text, item.since) == ("1 task is overdue (it_list of it: laptop)", at("2026-12-28 23:00"))
    assert review(here.engine, at("2027-01-06 10:00"))[0].since > item.since
