"""What follows from the answers to an invitation, whichever way they come?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.attending import MOST_MOVES, Answered, Attendance, Said
from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import State, Why
from onboarding.domain.mail import Letter
from onboarding.domain.meetings import Chosen, Hold, Meeting, MeetingState
from onboarding.domain.people import HireState, Person
from onboarding.domain.preferences import Away, Preferences, Teller
from onboarding.services import hiring, reviewing
from onboarding.services.attending import Attended, Followed, attend
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.meeting_changes import move
from onboarding.services.meetings import keep_true, off
from onboarding.services.planning import invited_people, replan_touched
from onboarding.services.situations import situation
from onboarding.services.swapping import Swap, swap
from tests.worlds import MANILA, NAIROBI, World, at, person, world

STEP = "first_coffee"
HIRE = "amihan@example.com"
EARLY = "2027-01-04 00:30"


def meeting(here: World, step: str = STEP) -> Meeting:
    with here.engine.store.read() as books:
        return next(one for one in reversed(books.meetings.of_hire("n1")) if one.step == step)


def attendance(here: World, meeting_id: str) -> dict[str, Attendance]:
    with here.engine.store.read() as books:
        return {one.person_id: one.attendance for one in books.meetings.attendees(meeting_id)}


def say(here: World, who: str, said: Said, start: datetime | None = None, **more: object) -> Attended:
    """Answer the first coffee."""
    end = start + timedelta(minutes=25) if start else None
    answer = Answered(said=said, start=start, end=end, **more)  # type: ignore[arg-type]  # tests vary what they like
    return attend(here.engine, meeting(here).id, who, answer, here.now)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three, in which a newcomer and a buddy were invited to the first coffee a minute ago."""
    file = tmp_path_factory.mktemp("invited") / "world.db"
    migrate(f"sqlite:///{file}")
    with world(EARLY, people=two(), store=SqlStore(f"sqlite:///{file}")) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP, "buddy").due_at)
    return file


@contextmanager
def invited(saved: Path) -> Iterator[World]:
    """A copy of that world for one test."""
    with TemporaryDirectory() as folder:
        copy = shutil.copy(saved, folder)
        with world("2027-01-04 05:01", people=(), store=SqlStore(f"sqlite:///{copy}")) as here:
            yield here


def two(*, buddy: Person | None = None) -> list[Person]:
    return [person("boss", MANILA), buddy or person("pal", MANILA)]


def last(here: World, email: str) -> Letter:
    return [letter for letter in here.to(email) if letter.invitation is not None][-1]


def line(letter: Letter, name: str) -> str:
    assert letter.invitation is not None
    unfolded = letter.invitation.ics.replace("\r\n ", "")
    return next(one for one in unfolded.splitlines() if one.startswith(name))


def suits(here: World, one: Meeting) -> bool:
    with here.engine.store.read() as books:
        people = [books.people.get(each) for each in one.people]
    final = one.ends_at - timedelta(minutes=1)
    return all(
        each is not None and Calendar.of(each).is_working(one.starts_at) and Calendar.of(each).is_working(final)
        for each in people
    )


@pytest.mark.parametrize("said", [Said.ACCEPTED, Said.TENTATIVE])
def test_a_yes_or_a_maybe_is_remembered_and_nobody_is_written_to(saved: Path, said: Said) -> None:
    with invited(saved) as here:
        before = meeting(here)
        ledger = here.rows()
        assert say(here, "pal", said).followed is Followed.NOTED
        assert attendance(here, before.id) == {"n1": Attendance.NEEDS_ACTION, "pal": Attendance(said.value)}
        assert meeting(here) == before
        assert here.rows() == ledger


def test_who_declines_has_the_meeting_moved_to_another_day_and_both_are_told(saved: Path) -> None:
    with invited(saved) as here:
        before = meeting(here)
        attended = say(here, "pal", Said.DECLINED, reason="  a   dentist ")
        after = meeting(here)
        assert attended == Attended(followed=Followed.MOVED, reason=attended.reason, meeting=after)
        assert (after.uid, after.sequence, after.moved_from) == (before.uid, 1, before.starts_at)
        assert after.starts_at.date() != before.starts_at.date()
        assert after.moves == 1
        assert suits(here, after)
        here.walk_to(here.now + timedelta(hours=20))
        for email in (HIRE, "pal@example.com"):
            letter = last(here, email)
            assert (line(letter, "SEQUENCE"), line(letter, "UID")) == ("SEQUENCE:1", f"UID:{before.uid}")
            assert "PARTSTAT=NEEDS-ACTION" in line(letter, "ATTENDEE")
        assert set(attendance(here, after.id).values()) == {Attendance.NEEDS_ACTION}


def test_another_time_that_suits_both_is_taken_as_it_is_and_who_asked_has_accepted(saved: Path) -> None:
    with invited(saved) as here:
        before = meeting(here)
        wanted = before.starts_at + timedelta(days=1, minutes=10)
        assert say(here, "n1", Said.COUNTER, wanted).followed is Followed.MOVED
        after = meeting(here)
        assert (after.starts_at, after.ends_at - after.starts_at) == (wanted, timedelta(minutes=25))
        assert (after.sequence, after.chosen) == (1, Chosen.PEOPLE)
        assert attendance(here, after.id) == {"n1": Attendance.ACCEPTED, "pal": Attendance.NEEDS_ACTION}
        here.walk_to(here.now + timedelta(hours=20))
        assert "PARTSTAT=ACCEPTED" in line(last(here, HIRE), "ATTENDEE")
        assert "PARTSTAT=NEEDS-ACTION" in line(last(here, "pal@example.com"), "ATTENDEE")


def test_another_time_later_than_the_step_wants_it_stands_when_the_plan_is_made_anew(saved: Path) -> None:
    with invited(saved) as here:
        before = meeting(here)
        wanted = before.starts_at + timedelta(weeks=2)
        say(here, "pal", Said.COUNTER, wanted)
        daily_review(here.engine, here.now)
        assert meeting(here).starts_at == wanted


@pytest.mark.parametrize(
    "off",
    [
        pytest.param(timedelta(days=1, hours=12), id="at night"),
        pytest.param(timedelta(days=400), id="in another year"),
        pytest.param(timedelta(days=-2), id="in the past"),
    ],
)
def test_another_time_that_suits_nobody_becomes_the_nearest_that_does(saved: Path, off: timedelta) -> None:
    with invited(saved) as here:
        before = meeting(here)
        say(here, "pal", Said.COUNTER, before.starts_at + off)
        after = meeting(here)
        assert suits(here, after)
        assert after.starts_at >= here.now + timedelta(hours=24)
        assert after.starts_at - before.starts_at < timedelta(days=21)
        assert attendance(here, after.id)["pal"] is Attendance.NEEDS_ACTION


def test_the_nearest_time_lies_on_the_day_that_was_asked_for(saved: Path) -> None:
    with invited(saved) as here:
        before = meeting(here)
        evening = before.starts_at.replace(hour=11) + timedelta(days=1)  # 19:00 in Manila
        say(here, "pal", Said.COUNTER, evening)
        assert Calendar.of(person("x", MANILA)).day_of(meeting(here).starts_at) == evening.date()


def test_nobody_is_given_a_day_on_which_they_are_away(saved: Path) -> None:
    with invited(saved) as here:
        days = Away(first=date(2027, 1, 1), last=date(2027, 1, 15))
        with here.engine.store.begin() as books:
            said = Preferences(away=(days,))
            books.preferences.put("pal", said, by=Teller.PERSON, fields=["away"], now=here.now)
        say(here, "pal", Said.DECLINED)
        assert meeting(here).starts_at > at("2027-01-16 00:00")


def test_asking_for_the_time_that_stands_is_a_yes(saved: Path) -> None:
    with invited(saved) as here:
        before = meeting(here)
        assert say(here, "pal", Said.COUNTER, before.starts_at).followed is Followed.NOTED
        assert attendance(here, before.id)["pal"] is Attendance.ACCEPTED


def test_after_two_moves_a_human_is_asked_and_the_meeting_of_two_is_called_off_for_good(saved: Path) -> None:
    with invited(saved) as here:
        for who in ("pal", "n1"):
            assert say(here, who, Said.DECLINED).followed is Followed.MOVED
            here.now += timedelta(minutes=10)
        attended = say(here, "pal", Said.DECLINED)
        assert (attended.followed, attended.human) == (Followed.CALLED_OFF, True)
        off = meeting(here)
        assert (off.state, off.sequence, off.hold) == (MeetingState.CANCELLED, 3, Hold.STUCK)
        items = [one for one in daily_review(here.engine, here.now) if one.kind == reviewing.MEETING]
        assert [(one.id, one.hire_id, one.text.partition(":")[0]) for one in items] == [
            (off.id, "n1", "first_coffee cannot find a time")
        ]
        here.walk_to(here.now + timedelta(days=3))
        assert meeting(here).state is MeetingState.CANCELLED
        assert line(last(here, HIRE), "STATUS") == "STATUS:CANCELLED"


def test_who_likes_no_suggestion_reaches_a_human_at_once(saved: Path) -> None:
    with invited(saved) as here:
        attended = say(here, "pal", Said.NO_TIME)
        assert (attended.followed, attended.human) == (Followed.CALLED_OFF, True)


def test_a_new_buddy_takes_up_what_was_called_off_with_the_old_one(saved: Path) -> None:
    with invited(saved) as here:
        say(here, "pal", Said.NO_TIME)
        here.now += timedelta(minutes=10)
        hiring.leave(here.engine, "pal", here.now)
        with here.engine.store.begin() as books:
            books.people.put(person("friend", MANILA))
        daily_review(here.engine, here.now)
        after = meeting(here)
        assert (after.state, after.people) == (MeetingState.PLANNED, ("n1", "friend"))
        assert (after.hold, after.sequence, after.moves) == (Hold.NONE, 2, 0)


def test_three_go_on_without_the_one_who_finds_no_time() -> None:
    people = [person(name, MANILA) for name in ("boss", "pal")]
    with world("2027-01-11 00:30", people=people) as here:
        here.enrol(manager_id="boss")
        here.walk_to(at("2027-01-11 09:00"))
        found = meeting(here, "welcome_round")
        attended = attend(here.engine, found.id, "boss", Answered(said=Said.NO_TIME), here.now)
        assert (attended.followed, attended.human) == (Followed.GOES_ON, True)
        assert (meeting(here, "welcome_round").state, attendance(here, found.id)["boss"]) == (
            MeetingState.PLANNED,
            Attendance.DECLINED,
        )
        kinds = [one.kind for one in reviewing.review(here.engine, here.now)]
        assert reviewing.MEETING in kinds
        attend(here.engine, found.id, "boss", Answered(said=Said.ACCEPTED), here.now)
        assert reviewing.MEETING not in [one.kind for one in reviewing.review(here.engine, here.now)]


def test_an_answer_to_an_older_invitation_is_ignored_with_the_reason(saved: Path) -> None:
    with invited(saved) as here:
        say(here, "pal", Said.DECLINED, sequence=0)
        after = meeting(here)
        attended = say(here, "n1", Said.DECLINED, sequence=0)
        assert attended.followed is Followed.IGNORED
        assert attended.reason == "it answers version 0 of the invitation, and version 1 stands"
        assert meeting(here) == after


def test_the_same_no_twice_moves_once(saved: Path) -> None:
    with invited(saved) as here:
        say(here, "pal", Said.DECLINED, sequence=0)
        assert say(here, "pal", Said.DECLINED, sequence=0).followed is Followed.IGNORED
        assert meeting(here).sequence == 1


@pytest.mark.parametrize(
    ("meeting_id", "who", "why"),
    [("nothing", "pal", "no such meeting"), ("", "boss", "not part of the meeting")],
)
def test_what_is_about_no_meeting_of_theirs_is_ignored(saved: Path, meeting_id: str, who: str, why: str) -> None:
    with invited(saved) as here:
        found = meeting(here)
        attended = attend(here.engine, meeting_id or found.id, who, Answered(said=Said.DECLINED), here.now)
        assert attended.followed is Followed.IGNORED
        assert why in attended.reason


def test_an_answer_after_the_meeting_has_begun_or_was_called_off_is_ignored(saved: Path) -> None:
    with invited(saved) as here:
        found = meeting(here)
        here.now = found.starts_at
        assert "begun" in say(here, "pal", Said.DECLINED).reason
        here.now = found.starts_at - timedelta(hours=20)
        hiring.withdraw(here.engine, "n1", here.now)
        assert "called off" in say(here, "pal", Said.DECLINED).reason


def test_a_first_day_that_moves_asks_everybody_anew(saved: Path) -> None:
    with invited(saved) as here:
        found = meeting(here)
        say(here, "pal", Said.ACCEPTED)
        here.enrol(manager_id="boss", start_date="2027-01-18")
        after = meeting(here)
        assert after.sequence == found.sequence + 1
        assert set(attendance(here, after.id).values()) == {Attendance.NEEDS_ACTION}


def test_a_time_that_people_chose_moves_when_somebody_does_not_work_then_any_more(saved: Path) -> None:
    with invited(saved) as here:
        before = meeting(here)
        say(here, "pal", Said.COUNTER, before.starts_at + timedelta(days=1))
        chosen = meeting(here)
        here.now += timedelta(minutes=5)
        live_in(here, "pal", NAIROBI)
        after = meeting(here)
        assert (after.sequence, after.chosen) == (chosen.sequence + 1, Chosen.ENGINE)
        assert suits(here, after)


def test_a_buddy_who_was_not_invited_yet_is_invited_to_what_stands() -> None:
    with world(EARLY, people=two(buddy=person("pal", NAIROBI))) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP).due_at)
        say(here, "n1", Said.NO_TIME)
        here.walk_to(here.now + timedelta(days=2))
        row = here.row(STEP, "buddy")
        assert (row.state, row.why) == (State.SKIPPED, Why.NO_MEETING)
        assert meeting(here).state is MeetingState.CANCELLED


@pytest.mark.slow
def test_two_who_decline_at_the_same_moment_move_the_meeting_once(postgres_store: SqlStore) -> None:
    with world(EARLY, people=two(), store=postgres_store) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP, "buddy").due_at)
        here.now += timedelta(minutes=1)
        together = Barrier(2)

        def decline(who: str) -> Followed:
            together.wait()
            return say(here, who, Said.DECLINED, sequence=0).followed

        with ThreadPoolExecutor(2) as threads:
            followed = sorted(threads.map(decline, ["n1", "pal"]))
        assert followed == [Followed.IGNORED, Followed.MOVED]
        assert (meeting(here).sequence, meeting(here).moves) == (1, 1)


def test_only_a_meeting_in_everybodys_working_hours_says_that_it_is_one(saved: Path) -> None:
    with invited(saved) as here:
        say(here, "pal", Said.DECLINED)
        here.walk_to(here.now + timedelta(hours=20))
        assert "The time is inside the working hours of both of you. Please answer" in last(here, HIRE).text
        evening = meeting(here).starts_at + timedelta(hours=31)
        move(here.engine, meeting(here).id, evening, here.now, anyway=True)
        here.walk_to(here.now + timedelta(hours=20))
        assert meeting(here).starts_at == evening
        for email in (HIRE, "pal@example.com"):
            assert "working hours of both" not in last(here, email).text
            assert "\nPlease answer in your calendar" in last(here, email).text


def test_a_meeting_of_somebody_who_does_not_come_after_all_needs_no_human(saved: Path) -> None:
    with invited(saved) as here:
        say(here, "pal", Said.NO_TIME)
        later = here.now + timedelta(minutes=1)
        assert "meeting" in {one.kind for one in reviewing.review(here.engine, later)}
        hiring.withdraw(here.engine, "n1", here.now)
        assert "meeting" not in {one.kind for one in reviewing.review(here.engine, later)}


def test_whoever_takes_a_place_may_ask_for_another_time_as_often_as_anybody(saved: Path) -> None:
    with invited(saved) as here:
        with here.engine.store.begin() as books:
            books.people.put(person("new-pal", MANILA))
        for _ in range(MOST_MOVES):
            say(here, "pal", Said.DECLINED)
        assert meeting(here).moves == MOST_MOVES
        swap(here.engine, Swap(hire_id="n1", role="buddy", to="new-pal"), here.now)
        assert meeting(here).people == ("n1", "new-pal")
        assert meeting(here).moves == 0


@pytest.mark.slow
def test_whoever_answers_waits_for_whoever_weighs_all_hires_anew_and_neither_blocks_the_other(
    postgres_store: SqlStore,
) -> None:
    with world(EARLY, people=two(), store=postgres_store) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP, "buddy").due_at)
        here.now += timedelta(minutes=1)
        before = meeting(here)
        with ThreadPoolExecutor(1) as threads:
            with here.engine.store.begin() as books:
                books.pairings.hold(alone=True)
                answered = threads.submit(say, here, "pal", Said.DECLINED, sequence=0)
                wait([answered], 0.3)
                books.meetings.put(off(before, here.now))
            assert answered.result(20).followed is Followed.IGNORED
        assert (meeting(here).sequence, meeting(here).state) == (1, MeetingState.CANCELLED)


def test_a_plan_that_read_a_meeting_before_somebody_answered_uses_no_sequence_twice(saved: Path) -> None:
    with invited(saved) as here:
        with here.engine.store.read() as books:
            hire = books.hires.get("n1")
            assert hire is not None
            seen = situation(here.engine, books, Directory(books), hire, here.now)
            everybody = invited_people(books.deliveries.of_hire("n1"))
        say(here, "pal", Said.DECLINED)
        gone = replace(seen, hire=replace(hire, state=HireState.WITHDRAWN))
        with here.engine.store.begin() as books:
            keep_true(books, gone, everybody, here.now)
        assert (meeting(here).sequence, meeting(here).state) == (2, MeetingState.CANCELLED)


ANSWERS = st.tuples(
    st.sampled_from(["n1", "pal"]), st.sampled_from(Said), st.integers(-48, 600), st.integers(0, 30)
)


CITIES = (MANILA, {"time_zone": "Asia/Tokyo", "country": ""}, {"time_zone": "Asia/Karachi", "country": ""})
MOVES = st.tuples(st.sampled_from(["pal", "first day"]), st.sampled_from(CITIES), st.integers(-3, 14))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(events=st.lists(st.one_of(ANSWERS, MOVES), min_size=2, max_size=6))
def test_with_people_and_first_days_moving_in_between_hours_are_kept_and_no_sequence_falls(
    saved: Path, events: list[tuple[object, ...]]
) -> None:
    with invited(saved) as here:
        before = meeting(here)
        for event in events:
            match event:
                case (str(who), Said() as said, int(hours), int(later)):
                    start = before.starts_at + timedelta(hours=hours) if said is Said.COUNTER else None
                    say(here, who, said, start)
                    here.walk_to(here.now + timedelta(hours=later))
                case ("pal", dict(city), int()):
                    live_in(here, "pal", city)
                case (_, _, int(days)):
                    first_day = at("2027-01-04 00:00") + timedelta(days=days)
                    here.enrol(manager_id="boss", start_date=f"{first_day:%Y-%m-%d}")
            here.now += timedelta(minutes=1)
            after = meeting(here)
            assert after.sequence >= before.sequence
            assert after.moves <= MOST_MOVES
            ahead = after.state is MeetingState.PLANNED and after.starts_at > here.now
            assert not ahead or suits(here, after)
            before = after


def live_in(here: World, person_id: str, city: dict[str, str]) -> None:
    """Somebody works in another city from now on."""
    with here.engine.store.begin() as books:
        directory = Directory(books)
        known = directory.get(person_id)
        assert known is not None
        directory.put(replace(known, **city))  # type: ignore[arg-type]  # a city
        replan_touched(here.engine, books, directory, {person_id}, here.now)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=6))
def test_whatever_people_answer_hours_are_kept_sequences_rise_and_a_human_comes_in_time(
    saved: Path,
    answers: list[tuple[str, Said, int, int]],
) -> None:
    with invited(saved) as here:
        before = meeting(here)
        for who, said, hours, later in answers:
            start = before.starts_at + timedelta(hours=hours) if said is Said.COUNTER else None
            say(here, who, said, start)
            after = meeting(here)
            assert after.sequence >= before.sequence
            assert (after.sequence == before.sequence) == (
                (after.starts_at, after.state) == (before.starts_at, before.state)
            )
            assert after.state is MeetingState.CANCELLED or suits(here, after)
            assert after.moves <= MOST_MOVES
            assert after.sequence <= MOST_MOVES + 1
            assert after.hold is Hold.STUCK or after.state is MeetingState.PLANNED
            before = after
            here.walk_to(here.now + timedelta(hours=later))
