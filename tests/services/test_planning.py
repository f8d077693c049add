from __future__ import annotations

from dataclasses import replace

import pytest

from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.journey import REMINDER, UPDATE
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.planning import replan, replan_touched
from onboarding.services.situations import situation
from tests.worlds import MANILA, World, at, person, world


def again(here: World, because: str = "a test wants it") -> bool:
    """Plan again; whether nothing changed."""
    with here.engine.store.begin() as books:
        (hire,) = books.hires.find()
        return replan(here.engine, books, Directory(books), hire, now=here.now, because=because).empty


@pytest.mark.parametrize("day", ["2026-12-01", "2026-12-15", "2027-01-04", "2027-02-10", "2027-05-01"])
@pytest.mark.slow
def test_planning_again_changes_nothing_at_any_moment_of_a_journey(day: str) -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at(f"{day} 12:00"))
        again(here)
        before = here.rows()
        assert again(here)
        assert here.rows() == before


def test_planning_a_late_record_again_changes_nothing() -> None:
    with world("2027-01-19 01:00") as here:
        here.enrol()
        assert again(here)


def test_a_manager_who_changes_after_the_invitation_is_told_and_the_new_one_is_invited() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-11 23:00"))
        assert here.row("welcome_round", "manager").state is State.SENT
        here.enrol(manager_id="nairobi-lead")
        here.walk_to(at("2027-01-12 23:00"))
        rows = [one for one in here.rows() if one.step == "welcome_round" and one.state is State.SENT]
        old = next(one for one in rows if one.person_id == "manila-lead" and UPDATE in one.occasion)
        cancellation = next(one for one in here.mail.letters if one.number == old.number)
        assert cancellation.invitation is not None
        assert cancellation.invitation.method == "CANCEL"
        assert "once" in {one.occasion for one in rows if one.person_id == "nairobi-lead"}


def test_a_buddy_who_leaves_after_the_invitation_gives_the_coffee_to_the_next_one() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 12:00"))
        old = here.row("first_coffee", "buddy")
        assert old.state is State.SENT
        with here.engine.store.begin() as books:
            known = books.people.get(old.person_id)
            assert known is not None
            books.people.put(replace(known, active=False))
            replan_touched(here.engine, books, Directory(books), {old.person_id}, here.now)
        here.walk_to(at("2027-01-06 12:00"))
        new = here.row("first_coffee", "buddy")
        assert new.person_id != old.person_id
        assert new.state is State.SENT
        assert here.row("first_coffee", "hire", f"once{UPDATE}1").state is State.SENT


def test_a_buddy_who_is_found_late_and_the_hire_are_both_invited() -> None:
    with world(people=[person("boss", MANILA)]) as here:
        here.enrol(manager_id="boss")
        alone = here.row("first_coffee", "hire")
        assert (alone.state, alone.why) == (State.SKIPPED, Why.NOBODY)
        here.walk_to(at("2027-01-05 23:00"))
        with here.engine.store.begin() as books:
            books.people.put(person("pal", MANILA))
        daily_review(here.engine, here.now)
        here.walk_to(at("2027-01-06 23:00"))
        assert here.row("first_coffee", "hire").state is State.SENT
        assert here.row("first_coffee", "buddy").state is State.SENT


def test_only_hires_whom_a_change_touches_are_planned_again() -> None:
    with world() as here:
        here.enrol()
        with here.engine.store.begin() as books:
            directory = Directory(books)
            assert replan_touched(here.engine, books, directory, {"chicago-lead"}, here.now) == []
            manager = directory.get("manila-lead")
            assert manager is not None
            directory.put(replace(manager, time_zone="America/Chicago"))
            assert replan_touched(here.engine, books, directory, {"manila-lead"}, here.now) == ["n1"]
        assert here.row("manager_list", "manager").due_at.hour == 15


def test_a_reminder_moves_with_the_question_that_left_late() -> None:
    with world() as here:
        here.enrol()
        planned = here.row("profile", occasion="once" + REMINDER)
        here.now = at("2026-12-16 03:00")
        here.run()
        moved = here.row("profile", occasion="once" + REMINDER)
        assert here.row("profile").state is State.SENT
        assert moved.due_at > planned.due_at
        assert again(here)
        assert _same(here.row("profile", occasion="once" + REMINDER), moved)


def _same(one: Delivery, other: Delivery) -> bool:
    return (one.due_at, one.state) == (other.due_at, other.state)


def test_a_hire_without_a_person_is_a_fault_of_ours_and_says_so() -> None:
    with world() as here:
        here.enrol()
        with here.engine.store.begin() as books:
            (hire,) = books.hires.find()
            lost = replace(hire, id="nobody")
            with pytest.raises(LookupError, match="hire nobody has no person"):
                situation(here.engine, books, Directory(books), lost, here.now)
