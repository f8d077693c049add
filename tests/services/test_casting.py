from __future__ import annotations

from dataclasses import replace

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.services.digest import daily_review
from onboarding.services.hiring import withdraw
from onboarding.services.importing import import_people
from tests.worlds import MANILA, World, at, directory, person, world


def pairings(here: World, role: str, hire_id: str = "n1") -> list[Pairing]:
    with here.engine.store.read() as books:
        return [one for one in books.pairings.of_hire(hire_id) if one.role == role]


def change(here: World, person_id: str, **more: object) -> None:
    with here.engine.store.begin() as books:
        known = books.people.get(person_id)
        assert known is not None
        books.people.put(replace(known, **more))  # type: ignore[arg-type]  # tests vary what they like


def test_every_matched_role_is_filled_at_once_with_reasons_and_the_next_best() -> None:
    with world() as here:
        here.enrol()
        (buddy,) = pairings(here, "buddy")
        assert buddy.state is PairingState.PROVISIONAL
        assert "common working hours" in buddy.reasons
        assert len(buddy.alternatives) == 3
        assert len(pairings(here, "peer")) == 4
        assert all(pairings(here, role) for role in ("partner", "mentor"))


def test_nobody_has_two_roles_for_the_same_hire_and_no_manager_has_one() -> None:
    with world() as here:
        here.enrol()
        chosen = [one.person_id for role in ("buddy", "peer", "partner", "mentor") for one in pairings(here, role)]
        assert len(chosen) == len(set(chosen))
        assert not {"chief", "manila-lead", "n1"} & set(chosen)


def test_a_choice_that_stands_is_kept_when_the_plan_is_made_again() -> None:
    with world() as here:
        here.enrol()
        before = [pairings(here, role) for role in ("buddy", "peer")]
        with here.engine.store.begin() as books:
            books.people.put(person("better", MANILA, department="Product", interests=("tea",)))
        here.enrol()
        assert [pairings(here, role) for role in ("buddy", "peer")] == before


def test_somebody_who_leaves_is_replaced_by_another() -> None:
    with world() as here:
        here.enrol()
        (first,) = pairings(here, "buddy")
        change(here, first.person_id, active=False)
        daily_review(here.engine, here.now)
        ended, second = sorted(pairings(here, "buddy"), key=lambda one: one.state)
        assert {ended.state, second.state} == {PairingState.ENDED, PairingState.PROVISIONAL}
        assert ended.person_id != second.person_id
        assert here.row("buddy_yes", "buddy").person_id in {second.person_id, ended.person_id}
        assert not [one for one in here.rows() if one.person_id == first.person_id and one.state is State.PLANNED]


def test_whoever_opts_out_before_being_told_is_replaced_and_later_keeps_their_word() -> None:
    with world() as here:
        here.enrol()
        (first,) = pairings(here, "buddy")
        change(here, first.person_id, opted_out=True)
        daily_review(here.engine, here.now)
        states = {one.person_id: one.state for one in pairings(here, "buddy")}
        assert states.pop(first.person_id) is PairingState.REPLACED
        ((second, _),) = states.items()
        here.walk_to(at("2026-12-23 12:00"))
        change(here, second, opted_out=True)
        daily_review(here.engine, here.now)
        assert {one.state for one in pairings(here, "buddy") if one.person_id == second} == {
            PairingState.ANNOUNCED
        }


def test_nobody_looks_after_more_newcomers_than_the_step_allows() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, manager_id="boss")]) as here:
        for number in range(3):
            here.enrol(id=f"h{number}", work_email=f"h{number}@example.com", manager_id="boss")
        assert [len(pairings(here, "buddy", f"h{number}")) for number in range(3)] == [1, 1, 0]
        row = here.row("buddy_yes", "buddy", hire_id="h2")
        assert row.why is Why.NOBODY
        assert "1 looks after enough newcomers" in row.reason


def test_a_newcomer_who_withdraws_makes_room_for_the_next_one() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, manager_id="boss")]) as here:
        for number in range(3):
            here.enrol(id=f"h{number}", work_email=f"h{number}@example.com", manager_id="boss")
        withdraw(here.engine, "h0", here.now)
        here.enrol(id="h3", work_email="h3@example.com", manager_id="boss")
        assert [one.person_id for one in pairings(here, "buddy", "h3")] == ["pal"]


def test_a_manager_who_has_left_is_named_as_the_reason() -> None:
    with world() as here:
        change(here, "manila-lead", active=False)
        report = here.enrol()
        assert "the manager manila-lead has left" in {one.reason for one in report.will_not_send}


def test_a_manager_known_by_e_mail_only_is_found_else_said() -> None:
    with world() as here:
        here.enrol(manager_id="", manager_email="Manila-Lead@example.com")
        assert here.row("welcome_round", "manager").person_id == "manila-lead"
        report = here.enrol(id="n2", work_email="n2@example.com", manager_id="", manager_email="no@example.com")
        assert "the manager's e-mail is not in the directory" in {one.reason for one in report.will_not_send}


@pytest.mark.slow
def test_a_work_partner_whom_the_manager_names_gets_the_steps_of_one() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-07 12:00"))
        here.answer(here.row("first_item", "manager"), note="A small page.", work_partner="manila-2")
        named = {one.person_id for one in here.rows() if one.role == "work_partner" and one.state is State.PLANNED}
        assert named == {"manila-2"}


def test_a_step_for_others_chooses_nobody_for_a_hire_of_the_leadership() -> None:
    with world() as here:
        here.enrol(department="Leadership")
        assert not pairings(here, "mentor")
        assert here.row("mentor_yes", "mentor").state is State.SKIPPED


def test_long_after_the_first_day_nobody_is_chosen_any_more() -> None:
    with world("2027-06-01 08:00") as here:
        here.enrol()
        assert not pairings(here, "buddy")


def test_a_file_that_brings_the_missing_people_fills_the_roles_at_once() -> None:
    with world(people=[person("boss", MANILA)]) as here:
        here.enrol(manager_id="boss")
        assert not pairings(here, "buddy")
        with here.engine.store.begin() as books:
            books.people.put_all(directory())
        text = "id,first_name,work_email,time_zone\nboss,Bosse,boss@example.com,Asia/Manila\n"
        assert import_people(here.engine, text, here.now).accepted == 1
        assert pairings(here, "buddy")
        assert here.row("buddy_yes", "buddy").state is State.PLANNED


def test_somebody_whose_first_day_nobody_knows_counts_as_long_there() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, start_date=None)]) as here:
        here.enrol(manager_id="boss")
        assert [one.person_id for one in pairings(here, "buddy")] == ["pal"]
