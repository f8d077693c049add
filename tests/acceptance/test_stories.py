"""The stories of the project: a few newcomers, walked through their days."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from onboarding.domain.delivery import GONE, State, Transition, Why
from onboarding.domain.mail import Letter
from onboarding.domain.meetings import MeetingState
from onboarding.services.hiring import withdraw
from tests.worlds import MANILA, World, at, local, person, world

SENTINEL = "Sentinel words of mine"
ENDED = GONE | {State.DONE, State.SKIPPED, State.WITHDRAWN}


def calendar_of(letter: Letter) -> icalendar.Component:
    assert letter.invitation is not None
    calendar = icalendar.Calendar.from_ical(letter.invitation.ics)
    return next(one for one in calendar.walk("VEVENT"))


def sequence(event: icalendar.Component) -> int:
    return int(str(event["SEQUENCE"]))


def invitations(here: World, email: str) -> list[Letter]:
    return [letter for letter in here.to(email) if letter.invitation is not None]


@pytest.mark.slow
def test_a_hire_in_manila_gets_every_step_within_local_working_hours() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-04-30 00:00"))
        assert all(row.state in ENDED for row in here.rows())
        assert all(row.reason for row in here.rows() if row.state is State.SKIPPED)
        letters = here.to("amihan@example.com") + here.to("amihan@example.org")
        assert len(letters) >= 20
        for letter in letters:
            moment = local(letter, "Asia/Manila")
            assert moment.weekday() < 5, letter.subject
            assert 9 <= moment.hour < 17, letter.subject


@pytest.mark.slow
def test_mails_before_the_first_day_go_to_the_private_address_and_later_ones_to_work() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-31 00:00"))
        morning = at("2027-01-04 00:00") - timedelta(hours=8)
        assert {letter.date < morning for letter in here.to("amihan@example.org")} == {True}
        assert {letter.date < morning for letter in here.to("amihan@example.com")} == {False}


@pytest.mark.slow
def test_a_hire_meets_buddy_or_partners_at_least_four_times_in_ninety_days() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-04-04 00:00"))
        with here.engine.store.read() as books:
            meetings = books.meetings.of_hire("n1")
        held = [one for one in meetings if one.step in ("first_coffee", "buddy_coffee", "partner_coffee")]
        assert len(held) >= 4


def test_the_welcome_card_holds_only_what_colleagues_wrote() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-23 12:00"))
        asks = [one for one in here.rows() if one.step == "welcome_notes" and one.occasion == "once"]
        writer = asks[0]
        here.answer(writer, note="I keep bees. Ask me about *the roof*. What do you read?")
        here.walk_to(at("2027-01-05 00:00"))
        card = here.row("welcome_card")
        letter = next(one for one in here.mail.letters if one.number == card.number)
        assert "I keep bees. Ask me about *the roof*" in letter.text
        for silent in asks[1:]:
            assert silent.person_id.capitalize() not in letter.text


def test_without_notes_the_card_comes_in_the_form_that_hr_wrote_for_it() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-05 00:00"))
        assert here.row("welcome_card").state is State.SENT


def test_a_start_date_that_moves_across_a_clock_change_moves_what_is_unsent_and_keeps_the_local_hour() -> None:
    berlin = {"time_zone": "Europe/Berlin", "country": "DE", "subdivision": "BE", "location": "Berlin"}
    with world("2027-03-01 08:00") as here:
        here.enrol(start_date="2027-03-22", manager_id="berlin-lead", **berlin)
        here.walk_to(at("2027-03-10 12:00"))
        sent = {one.key for one in here.rows() if one.state in GONE}
        assert sent
        before = here.row("welcome_card").due_at
        here.enrol(start_date="2027-04-06", manager_id="berlin-lead", **berlin)
        after = here.row("welcome_card").due_at
        zone = ZoneInfo("Europe/Berlin")
        assert before.astimezone(zone).hour == after.astimezone(zone).hour == 9
        assert (before.hour, after.hour) == (8, 7)
        assert {one.key for one in here.rows() if one.state in GONE} == sent
        reasons = {one.reason for one in history(here, here.row("welcome_card").key)}
        assert "the start date moved from 2027-03-22 to 2027-04-06" in reasons


def history(here: World, key: str) -> list[Transition]:
    with here.engine.store.read() as books:
        return books.deliveries.history(key)


def test_a_meeting_moves_with_the_start_date_with_the_same_uid_and_the_next_sequence() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 12:00"))
        buddy = here.row("first_coffee", "buddy")
        first = calendar_of(invitations(here, "amihan@example.com")[0])
        here.enrol(start_date="2027-01-18")
        here.walk_to(at("2027-01-08 00:00"))
        moved = calendar_of(invitations(here, "amihan@example.com")[-1])
        assert moved["UID"] == first["UID"]
        assert (sequence(first), sequence(moved)) == (0, 1)
        assert moved.decoded("DTSTART") > first.decoded("DTSTART")
        to_buddy = invitations(here, f"{buddy.person_id}@example.com")
        assert [sequence(calendar_of(one)) for one in to_buddy] == [0, 1]


def test_a_hire_who_withdraws_after_the_invitation_ends_everything_unsent_and_cancels_the_meeting() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 14:00"))
        assert invitations(here, "amihan@example.com")
        withdraw(here.engine, "n1", here.now)
        unsent = [one for one in here.rows() if one.state in (State.PLANNED, State.CLAIMED)]
        assert {one.step for one in unsent} <= {"first_coffee"}
        here.walk_to(at("2027-04-30 00:00"))
        last = invitations(here, "amihan@example.com")[-1]
        assert last.invitation is not None
        assert last.invitation.method == "CANCEL"
        assert str(calendar_of(last)["STATUS"]) == "CANCELLED"
        assert not [one for one in here.mail.letters if one.date > at("2027-01-06 00:00")]
        with here.engine.store.read() as books:
            assert {one.state for one in books.meetings.of_hire("n1")} == {MeetingState.CANCELLED}


@pytest.mark.slow
def test_a_record_that_arrives_on_day_twelve_gets_what_is_still_kind_and_says_why_the_rest_is_not() -> None:
    with world("2027-01-19 01:00") as here:
        report = here.enrol()
        late = {one.step: one.reason for one in report.will_not_send}
        assert "too late" in late["welcome_notes"]
        assert "too late" in late["manager_list"]
        here.walk_to(at("2027-05-10 00:00"))
        for step in ("channels", "buddy_introduction", "check_in_30", "check_in_60", "check_in_90"):
            assert here.row(step).state is State.SENT, step


@pytest.mark.slow
@pytest.mark.parametrize(("day", "expected"), [("2027-01-24 01:00", State.SENT), ("2027-02-05 23:00", State.SENT)])
def test_a_record_that_arrives_on_day_twenty_or_thirty_three_still_gets_the_day_30_check_in(
    day: str, expected: State
) -> None:
    with world(day) as here:
        here.enrol()
        here.walk_to(at("2027-03-30 00:00"))
        assert here.row("check_in_30").state is expected


@pytest.mark.slow
def test_a_low_answer_reaches_hr_at_the_next_working_hour_and_private_answers_never_reach_the_manager() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-02-03 12:00"))
        here.now = at("2027-02-05 19:30")  # Friday evening in Berlin, where HR sits
        here.answer(
            here.row("check_in_30"),
            role_clear="4",
            knows_whom="2",
            connected="1",
            recommend="3",
            another_buddy="yes",
            better=SENTINEL,
            to_manager="yes",
        )
        told = here.row("low_30", "hr")
        assert told.due_at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%a %H:%M") == "Mon 09:00"
        here.walk_to(at("2027-02-09 12:00"))
        letter = next(
            one for one in here.to("people@example.com") if one.number == here.row("low_30", "hr").number
        )
        assert "Amihan" in letter.text
        assert "Would you like another buddy?" in letter.text
        manager = next(one for one in here.mail.letters if one.number == here.row("talk_30", "manager").number)
        assert "whom I can ask" in manager.text  # what is not private, as the newcomer said yes
        assert "another buddy" not in manager.text
        readers = [one.to.email for one in here.mail.letters if SENTINEL in f"{one.subject} {one.text} {one.html}"]
        assert readers == ["people@example.com"]


@pytest.mark.slow
def test_a_buddy_who_says_not_now_is_replaced_by_the_next_best_and_asked_nothing_more() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-18 18:00"))
        first = here.row("buddy_yes", "buddy")
        assert first.state is State.SENT
        here.answer(first, agree="not_now")
        second = here.row("buddy_yes", "buddy")
        assert second.person_id != first.person_id
        here.walk_to(second.due_at)
        here.answer(second, agree="yes")
        here.walk_to(at("2027-01-31 00:00"))
        coffee = here.row("first_coffee", "buddy")
        assert coffee.person_id == second.person_id
        assert not [one for one in here.rows() if one.person_id == first.person_id and one.state is State.PLANNED]


def test_a_manager_who_changes_gets_the_steps_of_a_manager() -> None:
    with world() as here:
        here.enrol()
        here.enrol(manager_id="nairobi-lead")
        assert here.row("manager_list", "manager").person_id == "nairobi-lead"
        old = [one for one in here.rows() if one.person_id == "manila-lead" and one.role == "manager"]
        assert {one.state for one in old} == {State.WITHDRAWN}


def test_a_zone_that_changes_moves_every_unsent_step_to_the_new_local_hour() -> None:
    with world() as here:
        here.enrol()
        here.enrol(time_zone="America/Chicago", country="US", subdivision="IL")
        card = here.row("welcome_card")
        assert card.due_at.astimezone(ZoneInfo("America/Chicago")).strftime("%a %H:%M") == "Mon 09:00"


def test_a_hire_without_a_manager_is_told_at_once_which_steps_will_not_be_sent() -> None:
    with world() as here:
        report = here.enrol(manager_id="", manager_email="")
        missing = {one.step: one.reason for one in report.will_not_send}
        assert missing["manager_list"] == "the record names no manager"


def test_an_unknown_manager_is_named_and_comes_in_as_soon_as_the_directory_knows_them() -> None:
    with world() as here:
        report = here.enrol(manager_id="m-77")
        reasons = {one.reason for one in report.will_not_send if one.role == "manager"}
        assert reasons == {"the manager m-77 is not in the directory"}
        with here.engine.store.begin() as books:
            books.people.put(person("m-77", MANILA))
        here.enrol(manager_id="m-77")
        assert here.row("manager_list", "manager").state is State.PLANNED


def test_a_tiny_company_says_why_nobody_can_be_buddy() -> None:
    with world(people=[person("boss", MANILA)]) as here:
        here.enrol(manager_id="boss")
        here.walk_to(at("2027-01-31 00:00"))
        row = here.row("buddy")
        assert (row.state, row.why) == (State.SKIPPED, Why.NOBODY)
        assert "in the line of managers" in row.reason
