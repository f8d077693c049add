from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from onboarding.domain.delivery import State
from onboarding.domain.mail import Letter
from onboarding.domain.meetings import Meeting, MeetingState, PairingState
from onboarding.domain.people import Person
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.hiring import withdraw
from onboarding.services.planning import replan, replan_touched
from tests.worlds import MANILA, World, at, person, world

STEP = "first_coffee"
HIRE = "amihan@example.com"


def coffees(here: World) -> list[Meeting]:
    with here.engine.store.read() as books:
        return [one for one in books.meetings.of_hire("n1") if one.step == STEP]


def know(here: World, somebody: Person) -> None:
    """The directory changes, and a moment later everybody has heard of it."""
    with here.engine.store.begin() as books:
        books.people.put(somebody)
        replan_touched(here.engine, books, Directory(books), {somebody.id}, here.now)
    here.now += timedelta(minutes=5)


def leave(here: World, person_id: str) -> None:
    with here.engine.store.read() as books:
        known = books.people.get(person_id)
    assert known is not None
    know(here, replace(known, active=False))


def last_invitation(here: World, email: str) -> Letter:
    return [letter for letter in here.to(email) if letter.invitation is not None][-1]


def method_and_sequence(letter: Letter) -> tuple[str, str]:
    assert letter.invitation is not None
    lines = letter.invitation.ics.splitlines()
    return letter.invitation.method, next(line for line in lines if line.startswith("SEQUENCE"))


def test_a_coffee_that_was_called_off_and_comes_about_after_all_invites_both() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        here.enrol(manager_id="boss")
        here.walk_to(at("2027-01-04 06:00"))
        leave(here, "pal")
        here.walk_to(at("2027-01-04 08:00"))
        assert method_and_sequence(last_invitation(here, HIRE)) == ("CANCEL", "SEQUENCE:1")
        know(here, person("friend", MANILA))
        daily_review(here.engine, here.now)
        here.walk_to(at("2027-01-05 06:00"))
        (coffee,) = coffees(here)
        assert (coffee.state, coffee.people, coffee.sequence) == (MeetingState.PLANNED, ("n1", "friend"), 2)
        assert method_and_sequence(last_invitation(here, HIRE)) == ("REQUEST", "SEQUENCE:2")
        assert method_and_sequence(last_invitation(here, "friend@example.com")) == ("REQUEST", "SEQUENCE:2")


def test_who_comes_back_meets_the_buddy_to_whom_it_was_called_off() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 06:00"))
        buddy = here.row(STEP, "buddy").person_id
        withdraw(here.engine, "n1", here.now)
        here.walk_to(at("2027-01-04 09:00"))
        here.enrol()
        here.now += timedelta(minutes=5)
        here.walk_to(at("2027-01-05 06:00"))
        (coffee,) = coffees(here)
        assert (coffee.state, coffee.people, coffee.sequence) == (MeetingState.PLANNED, ("n1", buddy), 2)
        for email in (HIRE, f"{buddy}@example.com"):
            assert method_and_sequence(last_invitation(here, email)) == ("REQUEST", "SEQUENCE:2")


def test_who_was_told_that_it_is_off_is_not_told_so_again_when_others_meet() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        here.enrol(manager_id="boss")
        here.walk_to(at("2027-01-04 06:00"))
        with here.engine.store.begin() as books:
            (pairing,) = (one for one in books.pairings.of_hire("n1") if one.role == "buddy")
            books.pairings.put(replace(pairing, state=PairingState.DECLINED))
        know(here, person("pal", MANILA, job_title="Somebody with less time"))
        here.walk_to(at("2027-01-04 08:00"))
        assert method_and_sequence(last_invitation(here, "pal@example.com")) == ("CANCEL", "SEQUENCE:1")
        told = len(here.to("pal@example.com"))
        know(here, person("friend", MANILA))
        daily_review(here.engine, here.now)
        here.walk_to(at("2027-01-05 06:00"))
        assert coffees(here)[-1].people == ("n1", "friend")
        assert len(here.to("pal@example.com")) == told


def test_a_new_buddy_who_is_invited_to_a_moved_coffee_gets_one_mail_about_it() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 12:00"))
        old = here.row(STEP, "buddy").person_id
        leave(here, old)
        here.walk_to(at("2027-01-05 02:00"))
        with here.engine.store.begin() as books:
            (hire,) = books.hires.find()
            replan(here.engine, books, Directory(books), hire, now=here.now, because="the next morning")
        here.walk_to(at("2027-01-07 12:00"))
        new = here.row(STEP, "buddy").person_id
        assert new != old
        mine = [one for one in here.rows() if one.step == STEP and one.person_id == new]
        assert [(one.occasion, one.state) for one in mine] == [("once", State.SENT)]
