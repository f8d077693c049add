"""What happens when a human gives a role to somebody else?"""

from __future__ import annotations

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.preferences import Preferences, Teller
from onboarding.services.directory import Directory
from onboarding.services.hiring import withdraw
from onboarding.services.matches import matches
from onboarding.services.rematching import rematch
from onboarding.services.swapping import Swap, Swapped, swap
from tests.worlds import MANILA, World, at, person, world

DAY_30 = at("2027-02-04 09:00")


def of_role(here: World, role: str = "buddy") -> dict[str, Pairing]:
    with here.engine.store.read() as books:
        return {one.person_id: one for one in books.pairings.of_hire("n1") if one.role == role}


def buddy(here: World) -> str:
    (found,) = [name for name, one in of_role(here).items() if one.state in ("provisional", "announced")]
    return found


def everybody(here: World) -> list[Pairing]:
    """Whoever has a role now."""
    with here.engine.store.read() as books:
        return [one for one in books.pairings.of_hire("n1") if one.state in ("provisional", "announced")]


def another(here: World, role: str = "buddy", **more: str) -> Swapped:
    return swap(here.engine, Swap(hire_id="n1", role=role, **more), here.now)


def settled(here: World) -> str:
    """A newcomer at day 30, whose buddy said yes and met them."""
    here.enrol()
    here.hear_yes()
    here.walk_to(DAY_30)
    return buddy(here)


def subjects(here: World, email: str) -> list[str]:
    return [one.subject for one in here.to(email)]


@pytest.mark.slow
def test_the_next_best_takes_the_place_and_the_former_is_remembered_with_the_reason() -> None:
    with world() as here:
        first = settled(here)
        found = another(here, because="they have no time")
        assert (found.before.id, found.after.id) == (first, buddy(here))
        assert of_role(here)[first].state is PairingState.SWAPPED
        assert of_role(here)[found.after.id].state is PairingState.ANNOUNCED
        assert found.reasons.endswith(f", in place of {first}: they have no time")
        shown = next(one for one in matches(here.engine, "n1", here.now).roles if one.role == "buddy")
        assert [(one.person.id, one.became) for one in shown.before] == [(first, "a human chose somebody else")]


@pytest.mark.slow
def test_both_are_introduced_although_the_first_introduction_was_weeks_ago() -> None:
    with world() as here:
        first = settled(here)
        before = len(subjects(here, "amihan@example.com"))
        new = another(here).after
        rows = [one for one in here.rows() if one.step == "buddy_introduction" and one.state is State.PLANNED]
        assert {(one.role, one.person_id, one.occasion) for one in rows} == {
            ("hire", "n1", f"once.again-{new.id}"),
            ("buddy", new.id, "once"),
        }
        here.walk_to(max(one.due_at for one in rows))
        assert any(new.name in one for one in subjects(here, "amihan@example.com")[before:])
        assert subjects(here, f"{new.id}@example.com")
        letters = [one for one in here.to("amihan@example.com")[before:] if new.name in one.text]
        assert not any(first.capitalize() in one.text for one in letters)


@pytest.mark.slow
def test_the_introduction_is_not_repeated_by_later_plans() -> None:
    with world() as here:
        settled(here)
        another(here)
        here.walk_to(at("2027-02-09 09:00"))
        introductions = [one for one in here.rows() if one.step == "buddy_introduction" and one.role == "hire"]
        assert [one.state for one in introductions] == [State.SENT, State.SENT]
        here.enrol(job_title="Senior designer")
        here.walk_to(at("2027-02-16 09:00"))
        again = [one for one in here.rows() if one.step == "buddy_introduction" and one.role == "hire"]
        assert [one.key for one in again] == [one.key for one in introductions]


def test_a_meeting_to_which_people_were_invited_moves_to_the_new_buddy() -> None:
    with world() as here:
        here.enrol()
        here.hear_yes()
        here.walk_to(here.row("first_coffee").due_at)
        first = buddy(here)
        new = another(here).after
        with here.engine.store.read() as books:
            (coffee,) = [one for one in books.meetings.of_hire("n1") if one.step == "first_coffee"]
        assert (coffee.sequence, set(coffee.people)) == (1, {"n1", new.id})
        here.walk_to(at("2027-01-06 12:00"))
        told = {one.person_id: one.state for one in here.rows() if one.occasion == "once.seq-1"}
        assert told == {"n1": State.SENT, first: State.SENT}
        assert here.row("first_coffee", "buddy").person_id == new.id
        assert here.row("first_coffee", "buddy").state is State.SENT


def test_the_former_is_never_chosen_again_for_this_hire() -> None:
    with world() as here:
        here.enrol()
        gone = []
        for _ in range(4):
            gone.append(buddy(here))
            another(here)
            rematch(here.engine, here.now)
        assert len(set(gone)) == 4
        assert not {one.person_id for one in everybody(here)} & set(gone)
        with pytest.raises(BadRecord, match="declined or is ruled out"):
            another(here, to=gone[0])


def test_somebody_whom_a_human_chose_before_the_announcement_stays() -> None:
    with world() as here:
        here.enrol()
        named = of_role(here)[buddy(here)].alternatives[-1]
        another(here, to=named)
        rematch(here.engine, here.now)
        assert buddy(here) == named
        here.walk_to(at("2026-12-18 03:00"))
        assert buddy(here) == named
        assert here.row("buddy_yes", "buddy").person_id == named


def test_the_person_who_was_named_must_keep_every_rule_but_may_take_one_more() -> None:
    with world() as here:
        here.enrol()
        with here.engine.store.begin() as books:
            directory = Directory(books)
            never = Preferences(excluded=frozenset({"n1"}))
            directory.prefer("manila-3", never, by=Teller.HR, fields=("excluded",), now=here.now)
            full = Preferences(capacity=0)
            directory.prefer("nairobi-lead", full, by=Teller.HR, fields=("capacity",), now=here.now)
        first = buddy(here)
        refused = {
            "manila-lead": "is in the line of managers",
            "manila-3": "has another role for this newcomer, declined or is ruled out",
            "n1": "is the newcomer",
        }
        for name, why in refused.items():
            with pytest.raises(BadRecord, match=why):
                another(here, to=name)
        assert (buddy(here), of_role(here)[first].state) == (first, PairingState.PROVISIONAL)
        assert another(here, to="nairobi-lead").after.id == "nairobi-lead"


def test_where_several_have_the_role_it_must_be_said_whose_place_is_meant() -> None:
    with world() as here:
        here.enrol()
        peers = sorted(of_role(here, "peer"))
        with pytest.raises(BadRecord, match="say with --from"):
            another(here, "peer")
        assert another(here, "peer", former=peers[0]).before.id == peers[0]
        with pytest.raises(NotFound, match="is not peer of n1"):
            another(here, "peer", former="chief")


def test_whom_nobody_knows_and_who_is_not_coming_is_said() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        here.enrol(manager_id="boss")
        with pytest.raises(NotFound, match="there is no hire n9"):
            swap(here.engine, Swap(hire_id="n9", role="buddy"), here.now)
        with pytest.raises(NotFound, match="there is no person nobody-here"):
            another(here, to="nobody-here")
        with pytest.raises(NotFound, match="n1 has no mentor"):
            another(here, "mentor")
        with pytest.raises(BadRecord, match="pal stays: nobody can be buddy"):
            another(here)
        assert buddy(here) == "pal"
        withdraw(here.engine, "n1", here.now)
        with pytest.raises(BadRecord, match="is not coming"):
            another(here)


@pytest.mark.slow
def test_the_wish_of_a_check_in_reaches_a_human_first() -> None:
    with world() as here:
        first = settled(here)
        good = {"role_clear": "5", "knows_whom": "5", "connected": "5", "recommend": "10"}
        here.answer(here.row("check_in_30"), **good, another_buddy="yes")
        here.walk_to(at("2027-02-05 12:00"))
        assert here.row("low_30", "hr").state is State.SENT
        assert here.row("talk_30", "manager").state is State.PLANNED  # the manager reads nothing of it
        assert buddy(here) == first


def test_nobody_is_thanked_for_a_yes_that_another_gave() -> None:
    with world() as here:
        here.enrol()
        here.hear_yes()
        said_yes = here.row("buddy_yes", "buddy").person_id
        here.run()
        assert here.row("buddy_guide", "buddy").state is State.SENT
        swap(here.engine, Swap(hire_id="n1", role="buddy"), here.now)
        asked = here.row("buddy_yes", "buddy")
        assert asked.person_id != said_yes
        here.walk_to(asked.due_at)
        guides = [one for one in here.rows() if one.step == "buddy_guide" and one.person_id == asked.person_id]
        assert not any(one.state is State.SENT for one in guides)
        here.answer(asked, agree="yes")
        here.run()
        guides = [one for one in here.rows() if one.step == "buddy_guide" and one.person_id == asked.person_id]
        assert [one.state for one in guides] == [State.SENT]
