from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from onboarding.domain.errors import NotFound
from onboarding.domain.meetings import PairingState
from onboarding.domain.people import HireState
from onboarding.services.digest import daily_review
from onboarding.services.hiring import leave, withdraw
from onboarding.services.matches import Matches, RoleMatch, matches
from tests.templates_folder import without_steps
from tests.worlds import MANILA, World, at, person, world


def everybody(here: World, hire_id: str = "n1") -> Matches:
    return matches(here.engine, hire_id, here.now)


def role(here: World, name: str, occasion: str = "once") -> RoleMatch:
    return next(one for one in everybody(here).roles if (one.role, one.occasion) == (name, occasion))


def test_every_role_is_shown_in_the_order_of_the_journey_with_reasons_and_the_next_best_by_name() -> None:
    with world() as here:
        here.enrol()
        found = everybody(here)
        assert (found.name, found.state) == ("Amihan Quill", HireState.ACTIVE)
        names = [(one.role, one.occasion) for one in found.roles]
        assert names[:3] == [("manager", "once"), ("buddy", "once"), ("peer", "once")]
        assert [occasion for name, occasion in names if name == "partner"] == ["week-2", "week-3", "week-4"]
        (buddy,) = role(here, "buddy").now
        assert (buddy.state, buddy.since, buddy.person.name) == ("provisional", here.now, "Manila-1 Example")
        assert "common working hours" in buddy.reasons
        assert [one.name.endswith(" Example") for one in buddy.alternatives] == [True, True, True]
        assert len(role(here, "peer").now) == 4
        (manager,) = role(here, "manager").now
        assert (manager.person.id, manager.state, manager.since) == ("manila-lead", "named", None)
        assert role(here, "work_partner").why_empty == "the manager has not named a work partner"


def test_an_announcement_has_its_moment_and_a_yes_is_shown() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-17 03:00"))
        (asked,) = role(here, "buddy").now
        assert asked.asked is not None
        assert (asked.state, asked.since, asked.asked.said) == ("announced", here.row("buddy").settled_at, "")
        here.answer(here.row("buddy_yes", "buddy"), agree="yes")
        (agreed,) = role(here, "buddy").now
        assert agreed.asked is not None
        assert (agreed.asked.said, agreed.asked.at) == ("yes", here.now)


def test_who_declined_is_kept_with_the_moment_and_who_took_the_place() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-17 03:00"))
        (first,) = role(here, "buddy").now
        here.answer(here.row("buddy_yes", "buddy"), agree="not_now")
        found = role(here, "buddy")
        (second,), (before,) = found.now, found.before
        assert (before.person, before.state, before.became) == (first.person, "declined", "declined")
        assert before.since == here.now
        assert before.instead == second.person != first.person


def test_who_did_not_answer_in_time_is_said_so_and_who_left_is_named_with_the_next() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-23 12:00"))
        found = role(here, "buddy")
        (silent,), (second,) = found.before, found.now
        assert silent.asked is not None
        assert (silent.asked.said, silent.state, silent.became) == ("silent", "silent", "did not answer")
        assert silent.instead == second.person
        leave(here.engine, second.person.id, here.now)
        found = role(here, "buddy")
        (_, left) = found.before
        assert (left.became, left.person.here) == ("has left the company", False)
        assert left.instead == found.now[0].person


def test_somebody_replaced_for_their_silence_is_said_to_be_silent() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-17 12:00"))
        with here.engine.store.begin() as books:
            (pairing,) = [one for one in books.pairings.of_hire("n1") if one.role == "buddy"]
            books.pairings.put(replace(pairing, state=PairingState.ENDED, made_at=here.now))
        here.now = at("2026-12-23 12:00")
        daily_review(here.engine, here.now)
        found = role(here, "buddy")
        assert [one.became for one in found.before] == ["did not answer"]
        assert found.now[0].person.id != pairing.person_id


def test_a_role_that_nobody_can_take_says_why() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, manager_id="boss")]) as here:
        here.enrol(manager_id="boss")
        assert [one.person.id for one in role(here, "buddy").now] == ["pal"]
        found = role(here, "peer")
        assert (found.now, found.how_many) == ((), 4)
        assert "1 has another role for this newcomer, declined or is ruled out" in found.why_empty
        assert role(here, "partner", "week-3").why_empty.startswith("nobody can be partner")


def test_a_few_of_several_say_that_more_are_wanted() -> None:
    people = [person("boss", MANILA), *(person(f"pal{number}", MANILA, manager_id="boss") for number in range(3))]
    with world(people=people) as here:
        here.enrol(manager_id="boss")
        found = role(here, "peer")
        assert (len(found.now), found.how_many) == (2, 4)
        assert found.why_empty


def test_a_withdrawn_newcomer_has_nobody_and_nobody_is_missed() -> None:
    with world() as here:
        here.enrol()
        here.now += timedelta(days=1)
        withdraw(here.engine, "n1", here.now)
        found = everybody(here)
        assert found.state is HireState.WITHDRAWN
        assert [(one.now, one.why_empty) for one in found.roles] == [((), "")] * len(found.roles)
        (buddy,) = role(here, "buddy").before
        assert (buddy.state, buddy.became, buddy.instead) == ("ended", "the newcomer is not coming", None)


def test_a_partner_at_work_whom_the_manager_named_has_the_moment_of_the_answer() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-07 12:00"))
        here.answer(here.row("first_item", "manager"), note="A small page.", work_partner="manila-2")
        (named,) = role(here, "work_partner").now
        assert (named.person.id, named.state, named.since) == ("manila-2", "named", here.now)


def test_a_role_that_the_journey_no_longer_has_comes_last(tmp_path: Path) -> None:
    steps = ("mentor", "mentor_yes", "mentor_silent", "mentor_introduction", "mentor_coffee")
    with world() as here:
        here.enrol()
        edited = replace(here.engine, words=without_steps(tmp_path / "words", *steps))
        found = matches(edited, "n1", here.now).roles
        assert (found[-1].role, found[-1].how_many, found[-1].why_empty) == ("mentor", 0, "")
        assert len(found[-1].now) == 1


def test_somebody_unknown_is_not_found() -> None:
    with world() as here, pytest.raises(NotFound, match="onboarding hire list"):
        everybody(here, "n9")
