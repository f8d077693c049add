from __future__ import annotations

from datetime import date

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.errors import BadAnswer
from onboarding.services.backfilling import Late, backfill
from onboarding.services.changing import send_step
from tests.worlds import World, at, world

OLD, NEW = "manila-lead", "nairobi-lead"


def what_the_old_manager_got(here: World) -> list[str]:
    as_manager = {one.number for one in here.rows() if (one.person_id, one.role) == (OLD, "manager")}
    return [letter.subject for letter in here.mail.letters if letter.number in as_manager]


def stands(here: World) -> dict[str, tuple[State, Why]]:
    return {one.person_id: (one.state, one.why) for one in here.rows() if one.step == "manager_list"}


def test_a_step_that_is_sent_by_hand_does_not_reach_who_had_the_role_before() -> None:
    with world() as here:
        here.enrol(manager_id=OLD)
        here.walk_to(at("2026-12-20 06:00"))
        here.enrol(manager_id=NEW)
        here.walk_to(at("2027-01-04 06:00"))
        assert stands(here) == {OLD: (State.WITHDRAWN, Why.PLAN), NEW: (State.SENT, Why.NONE)}
        send_step(here.engine, "n1", "manager_list", here.now)
        here.run()
        assert what_the_old_manager_got(here) == []
        assert stands(here)[OLD] == (State.SKIPPED, Why.PLAN)


def test_a_backfill_does_not_reach_who_had_the_role_before() -> None:
    with world("2027-01-11 01:00") as here:
        here.enrol(manager_id=OLD)
        assert stands(here) == {OLD: (State.SKIPPED, Why.TOO_LATE)}
        here.enrol(manager_id=NEW)
        first, last = date(2027, 1, 1), date(2027, 1, 10)
        backfill(
            here.engine,
            first_day_from=first,
            first_day_to=last,
            steps=("manager_list",),
            late=Late.SEND,
            rehearse=False,
            now=here.now,
        )
        here.walk_to(at("2027-01-11 12:00"))
        assert what_the_old_manager_got(here) == []
        assert stands(here)[NEW] == (State.SENT, Why.NONE)


def test_nobody_can_name_a_newcomer_as_their_own_work_partner() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-08 06:00"))
        with pytest.raises(BadAnswer):
            here.answer(here.row("first_item", "manager"), note="A small page.", work_partner="n1")
        here.answer(here.row("first_item", "manager"), note="A small page.", work_partner="manila-1")
        assert here.row("pair_introduction", "work_partner").person_id == "manila-1"
