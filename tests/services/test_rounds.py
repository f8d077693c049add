"""Does a coffee round bring people together, week after week, and does it say why when it cannot?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from onboarding import paths
from onboarding.adapters.sql import SqlStore
from onboarding.adapters.words import FolderWords
from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import RoundState, Seat, SeatState, WhyAlone
from onboarding.domain.delivery import State
from onboarding.domain.errors import BadWords
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person
from onboarding.domain.preferences import COFFEE, NOTHING_SAID, Away, Preferences, Teller
from onboarding.services import answering, hiring, reviewing, round_answers, round_shown, rounds
from onboarding.services.directory import Directory
from onboarding.services.dispatching import claim_batches, recover
from onboarding.services.preferring import exclude, keep
from onboarding.services.round_letters import ahead
from onboarding.services.round_members import gathered
from onboarding.services.round_mending import mend
from onboarding.services.round_past import import_past
from onboarding.services.round_wishes import draw_key
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, World, at, person, world

WEDNESDAY = "2027-01-13 06:00"
MONDAY = date(2027, 1, 18)
YES = Preferences(opted_in=frozenset({COFFEE}))
DRAWN = at("2027-01-15 18:00")


def company(count: int) -> list[Person]:
    """That many people in Berlin and Nairobi, of three departments, who report to nobody here."""
    return [
        person(f"p{number:02}", (BERLIN, NAIROBI)[number % 2], department=("Product", "Sales", "Care")[number % 3])
        for number in range(count)
    ]


def say(here: World, person_id: str, said: Preferences = YES) -> None:
    """Somebody's preferences, as if they had chosen them on their page."""
    with here.engine.store.begin() as books:
        directory = Directory(books)
        found = directory.get(person_id)
        assert found is not None
        keep(directory, found, said, by=Teller.PERSON, now=here.now)


@contextmanager
def rounds_of(people: list[Person], now: str = WEDNESDAY) -> Iterator[World]:
    """A company all of whom said yes to coffee rounds."""
    with world(now, people=people) as here:
        for one in people:
            say(here, one.id)
        yield here


def seats(here: World, day: date = MONDAY) -> dict[str, Seat]:
    with here.engine.store.read() as books:
        return {one.person_id: one for one in books.coffee.seats(day)}


def coffees(here: World, day: date = MONDAY) -> list[Meeting]:
    with here.engine.store.read() as books:
        return books.meetings.of_hire(f"coffee:{day}")


def subjects(here: World, person_id: str) -> list[str]:
    return [letter.subject for letter in here.to(f"{person_id}@example.com")]


def state(here: World, day: date = MONDAY) -> tuple[RoundState, str]:
    with here.engine.store.read() as books:
        found = books.coffee.get(day)
    assert found is not None
    return found.state, found.why


def reasons(here: World) -> list[str]:
    return [one.text for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.ROUND]


def draw(here: World) -> None:
    """Announce the round, and live until its invitations have left."""
    rounds.run_round(here.engine, here.now)
    here.walk_to(DRAWN)


def press(here: World, person_id: str, choice: str, day: date = MONDAY) -> round_answers.RoundView:
    token = here.engine.links.coffee(day, person_id).rpartition("/")[2]
    return round_answers.choose(here.engine, token, choice, here.now)


def answer_all(here: World, *, but: frozenset[str] = frozenset(), met: str = "yes") -> None:
    """Everybody who was asked says whether they met, but for some."""
    with here.engine.store.read() as books:
        asked = [ask for found in books.coffee.newest(9) for ask in books.asks.of_hire(f"coffee:{found.day}")]
        known = {one.id for one in asked if books.asks.answer_to(one.id) is not None}
    for ask in asked:
        if ask.person_id not in but and ask.id not in known and here.now < ask.closes_at:
            token = here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
            answering.answer(here.engine, token, {"met": [met]}, here.now)


def test_a_round_warns_draws_invites_and_asks() -> None:
    with rounds_of(company(6)) as here:
        report = rounds.run_round(here.engine, here.now)
        assert (report.day, report.state, report.opened) == (MONDAY, RoundState.ANNOUNCED, True)
        assert len(report.expected) == 6
        here.walk_to(at("2027-01-14 17:00"))
        for one in company(6):
            letters = here.to(f"{one.id}@example.com")
            assert [letter.subject for letter in letters] == [
                "Coffee round from Monday, January 18, 2027: would you like to take part?"
            ]
            assert Calendar.of(one).is_working(letters[0].date)
            assert letters[0].date <= report.draw_at - timedelta(hours=24)
            assert "/coffee/" in letters[0].text
            assert letters[0].unsubscribe_url
        assert coffees(here) == []
        here.walk_to(DRAWN)
        assert state(here) == (RoundState.DRAWN, "")
        assert len(coffees(here)) == 3
        for meeting in coffees(here):
            assert MONDAY <= meeting.starts_at.date() < MONDAY + timedelta(days=5)
            assert meeting.starts_at >= here.now
            for name in meeting.people:
                letter = here.to(f"{name}@example.com")[1]
                assert letter.subject.startswith("Coffee with ")
                assert letter.invitation is not None
                assert letter.invitation.method == "REQUEST"
                assert f"UID:{meeting.uid}" in letter.invitation.ics
        here.walk_to(at("2027-01-26 18:00"))
        assert all(len(here.to(f"{one.id}@example.com")) == 3 for one in company(6))
        assert all(subjects(here, one.id)[2].startswith("Did you meet ") for one in company(6))


def test_a_run_that_comes_twice_does_nothing() -> None:
    with rounds_of(company(4)) as here:
        rounds.run_round(here.engine, here.now)
        again = rounds.run_round(here.engine, here.now + timedelta(minutes=5))
        assert (again.opened, again.day) == (False, MONDAY)
        here.walk_to(DRAWN)
        sent = len(here.mail.letters)
        with here.engine.store.begin() as books:
            rounds.draw(here.engine, books, MONDAY, here.now)
        here.run()
        assert len(here.mail.letters) == sent == 8


def test_a_run_after_the_moment_of_the_draw_makes_up_for_it_and_announces_the_next() -> None:
    with rounds_of(company(4)) as here:
        rounds.run_round(here.engine, here.now)
        here.now = at("2027-01-15 12:30")
        report = rounds.run_round(here.engine, here.now)
        assert state(here) == (RoundState.DRAWN, "")
        assert (report.day, report.opened) == (MONDAY + timedelta(weeks=1), True)
        here.run()
        assert len(coffees(here)) == 2


def test_a_rehearsal_shows_the_tables_and_keeps_nothing() -> None:
    with rounds_of(company(4)) as here:
        report = rounds.run_round(here.engine, here.now, rehearse=True)
        assert report.opened
        assert Counter(seat.state for seat in report.seats) == {SeatState.SEATED: 4}
        assert coffees(here) == []
        with here.engine.store.read() as books:
            assert books.coffee.newest(1) == []
            assert books.deliveries.next_due() is None


@pytest.mark.slow
def test_over_eight_weeks_of_sixteen_people_nobody_meets_the_same_person_twice() -> None:
    with rounds_of(company(16)) as here:
        pairs: list[tuple[str, str]] = []
        for week in range(8):
            here.walk_to(at(WEDNESDAY) + timedelta(weeks=week))
            answer_all(here)
            report = rounds.run_round(here.engine, here.now)
            here.walk_to(here.now + timedelta(days=3))
            pairs += [pair for one in coffees(here, report.day) for pair in combinations(sorted(one.people), 2)]
            here.walk_to(here.now + timedelta(days=3))
            answer_all(here)
        assert len(pairs) == len(set(pairs)) == 64
        assert not any("paused" in one for number in range(16) for one in subjects(here, f"p{number:02}"))


def test_without_a_window_it_is_still_known_who_met_in_the_last_round() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        here.now = at("2027-01-20 06:00")
        with here.engine.store.read() as books:
            weights = CoffeeWeights(window=0)
            found = gathered(books, Directory(books), MONDAY + timedelta(weeks=1), weights, here.now)
        assert found.met == {("p00", "p01"): 1}


def test_past_pairs_of_a_file_do_not_meet_again() -> None:
    with rounds_of(company(4)) as here:
        rows = "Date,Person,Person\n2027-01-04,p00,p01@example.com\n2027-01-04,P02 Example,p03\n"
        rows += "2026-12-28,p00,p02\n"
        report = import_past(here.engine, rows, here.now)
        assert (report.taken, report.fresh, report.refused) == (3, 3, ())
        draw(here)
        assert sorted(sorted(one.people) for one in coffees(here)) == [["p00", "p03"], ["p01", "p02"]]


def test_an_odd_one_makes_a_table_of_three_and_waits_no_second_time() -> None:
    with rounds_of(company(5)) as here:
        draw(here)
        assert sorted(len(one.people) for one in coffees(here)) == [2, 3]
        three = next(one for one in coffees(here) if len(one.people) == 3)
        letter = here.to(f"{three.people[0]}@example.com")[1]
        assert all(one.capitalize() in letter.subject for one in three.people[1:])


def test_a_coffee_is_never_booked_over_a_meeting_of_the_journey() -> None:
    with rounds_of(company(2)) as here:
        with here.engine.store.begin() as books:
            for day in range(5):
                starts = datetime.combine(MONDAY + timedelta(days=day), time(0), tzinfo=UTC)
                for hour in (8, 9, 10, 11, 12):
                    books.meetings.put(busy_meeting(f"m{day}-{hour}", starts + timedelta(hours=hour)))
        draw(here)
        (coffee,) = coffees(here)
        assert coffee.starts_at.time() >= time(13)


def busy_meeting(name: str, starts_at: datetime) -> Meeting:
    return Meeting(
        id=name,
        hire_id="n1",
        step="buddy_coffee",
        occasion=name,
        people=("p00", "n1"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        uid=f"{name}@example.com",
        organizer="welcome@example.com",
        stamped_at=starts_at,
    )


def test_people_without_a_common_hour_in_the_week_are_told_kindly() -> None:
    pair = [person("ada", BERLIN), person("bo", BERLIN, department="Sales")]
    with rounds_of(pair) as here:
        with here.engine.store.begin() as books:
            for day in range(5):
                starts = datetime.combine(MONDAY + timedelta(days=day), time(8), tzinfo=UTC)
                ends = starts + timedelta(hours=8)
                books.meetings.put(replace(busy_meeting(f"m{day}", starts), people=("ada", "n1"), ends_at=ends))
        draw(here)
        assert coffees(here) == []
        assert {one.why for one in seats(here).values()} == {WhyAlone.NO_HOUR}
        for name in ("ada", "bo"):
            assert subjects(here, name)[1:] == ["No coffee for you in the week of Monday, January 18, 2027"]
        assert "We found no hour" in here.to("ada@example.com")[1].text
        assert reasons(here) == ["coffee round of 2027-01-18: nobody has coffee: 2 without a common hour"]


def test_far_zones_without_a_common_hour_are_not_drawn_together() -> None:
    with rounds_of([person("ada", MANILA), person("bo", CHICAGO)]) as here:
        draw(here)
        assert {one.why for one in seats(here).values()} == {WhyAlone.NOBODY_FITS}
        here.walk_to(at("2027-01-18 08:00"))
        assert "There was nobody left" in here.to("ada@example.com")[-1].text


def test_nobody_said_yes_is_a_reason_in_review_and_no_error() -> None:
    with world(WEDNESDAY, people=company(3)) as here:
        report = rounds.run_round(here.engine, here.now)
        assert (report.state, report.why) == (RoundState.EMPTY, "nobody has said yes to coffee rounds so far")
        assert reasons(here) == ["coffee round of 2027-01-18: nobody has said yes to coffee rounds so far"]
        here.walk_to(at("2027-01-20 06:00"))
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-27 06:00"))
        assert reasons(here) == []
        assert here.mail.letters == []


def test_a_round_to_which_nobody_had_said_yes_is_opened_once_somebody_has() -> None:
    with world(WEDNESDAY, people=company(2)) as here:
        assert rounds.run_round(here.engine, here.now).state is RoundState.EMPTY
        say(here, "p00")
        say(here, "p01")
        rehearsed = rounds.run_round(here.engine, here.now, rehearse=True)
        assert (rehearsed.state, rehearsed.expected) == (RoundState.DRAWN, ("p00", "p01"))
        report = rounds.run_round(here.engine, here.now)
        assert (report.opened, report.expected) == (True, ("p00", "p01"))
        assert not rounds.run_round(here.engine, here.now).opened
        here.walk_to(DRAWN)
        assert state(here) == (RoundState.DRAWN, "")
        assert [len(subjects(here, one)) for one in ("p00", "p01")] == [2, 2]


def test_a_company_of_three_meets_at_one_table_and_then_says_why_not() -> None:
    with rounds_of(company(3)) as here:
        draw(here)
        (coffee,) = coffees(here)
        assert coffee.people == ("p00", "p01", "p02")
        here.walk_to(at("2027-01-20 06:00"))
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-22 18:00"))
        second = seats(here, date(2027, 1, 25))
        assert len(second) == 3
        assert {one.why for one in second.values()} == {WhyAlone.NOBODY_FITS}
        assert reasons(here)[-1] == "coffee round of 2027-01-25: nobody has coffee: 3 with nobody who fits"


def test_everybody_paused_or_away_is_a_reason_and_who_paused_hears_nothing() -> None:
    with rounds_of(company(3)) as here:
        say(here, "p00", replace(YES, paused_until=date(2027, 3, 1)))
        say(here, "p01", replace(YES, away=(Away(first=MONDAY, last=MONDAY + timedelta(days=6)),)))
        say(here, "p02", replace(YES, paused_until=date(2027, 3, 1)))
        draw(here)
        assert state(here) == (RoundState.EMPTY, "nobody has coffee: 2 paused or skipped it, 1 away")
        assert subjects(here, "p00") == subjects(here, "p02") == []
        assert subjects(here, "p01") == ["No coffee for you in the week of Monday, January 18, 2027"]


def test_a_newcomer_takes_part_only_by_saying_yes_and_not_before_the_first_day() -> None:
    with rounds_of(company(2)) as here:
        here.enrol(start_date="2027-02-01", **BERLIN)
        rounds.run_round(here.engine, here.now)
        assert "n1" not in seats(here)
        say(here, "n1")
        here.walk_to(DRAWN)
        assert seats(here)["n1"].why is WhyAlone.NOT_HERE


def test_whoever_skips_hears_no_more_and_the_others_go_on() -> None:
    with rounds_of(company(4)) as here:
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-14 17:00"))
        assert press(here, "p00", "skip").stand is round_answers.Stand.SKIPS
        assert press(here, "p00", "join").stand is round_answers.Stand.IN
        assert press(here, "p00", "skip").stand is round_answers.Stand.SKIPS
        here.walk_to(DRAWN)
        assert len(subjects(here, "p00")) == 1
        (coffee,) = coffees(here)
        assert coffee.people == ("p01", "p02", "p03")
        assert press(here, "p00", "join").stand is round_answers.Stand.SKIPPED
        assert seats(here)["p00"].state is SeatState.SKIPS


def test_skipping_after_the_draw_calls_the_coffee_off_and_tells_the_other() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        (before,) = coffees(here)
        assert press(here, "p00", "skip").stand is round_answers.Stand.SKIPPED
        (after,) = coffees(here)
        assert (after.state, after.sequence, after.uid) == (MeetingState.CANCELLED, 1, before.uid)
        here.walk_to(at("2027-01-18 12:00"))
        told = here.to("p01@example.com")[-1]
        assert told.subject.endswith("(cancelled)")
        assert told.invitation is not None
        assert told.invitation.method == "CANCEL"
        here.walk_to(at("2027-01-26 12:00"))
        assert not any("Did you meet" in one for one in subjects(here, "p01"))


def test_somebody_who_leaves_before_the_coffee_leaves_nobody_waiting() -> None:
    with rounds_of(company(5)) as here:
        draw(here)
        three = next(one for one in coffees(here) if len(one.people) == 3)
        two = next(one for one in coffees(here) if len(one.people) == 2)
        hiring.leave(here.engine, three.people[0], here.now)
        hiring.leave(here.engine, two.people[0], here.now)
        after = {one.id: one for one in coffees(here)}
        assert after[three.id].people == three.people[1:]
        assert (after[three.id].state, after[three.id].starts_at) == (MeetingState.PLANNED, three.starts_at)
        assert after[two.id].state is MeetingState.CANCELLED
        here.walk_to(at("2027-01-18 14:00"))
        assert subjects(here, two.people[1])[-1].endswith("(cancelled)")
        letter = here.to(f"{three.people[1]}@example.com")[-1]
        assert letter.invitation is not None
        assert "SEQUENCE:1" in letter.invitation.ics
        (told,) = reasons(here)
        assert told.startswith(
            "coffee round of 2027-01-18: left out were 1 because somebody cannot come after all; `onboarding"
        )


def test_somebody_who_leaves_before_the_invitation_left_is_explained_to_the_other() -> None:
    with rounds_of([person("ada", BERLIN), person("bo", NAIROBI)]) as here:
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-15 11:00"))
        with here.engine.store.begin() as books:
            rounds.draw(here.engine, books, MONDAY, at("2027-01-15 12:00"))
        hiring.leave(here.engine, "bo", here.now)
        here.walk_to(DRAWN)
        assert subjects(here, "ada")[1:] == ["No coffee for you in the week of Monday, January 18, 2027"]
        assert "cannot come after all" in here.to("ada@example.com")[-1].text


def test_whoever_skips_a_table_of_three_is_not_asked_whether_they_met() -> None:
    with rounds_of(company(3)) as here:
        draw(here)
        press(here, "p00", "skip")
        (coffee,) = coffees(here)
        assert coffee.people == ("p01", "p02")
        here.walk_to(coffee.ends_at + timedelta(days=3))
        asked = [
            one for one in ("p00", "p01", "p02") if any("Did you meet" in said for said in subjects(here, one))
        ]
        assert asked == ["p01", "p02"]


def test_two_who_are_kept_apart_after_the_draw_do_not_meet_and_nobody_learns_why() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        exclude(here.engine, "p00", "p01", here.now)
        (coffee,) = coffees(here)
        assert coffee.state is MeetingState.CANCELLED
        assert {(one.why, one.reasons) for one in seats(here).values()} == {
            (WhyAlone.NO_HOUR, "no hour suits them all any more")
        }
        here.walk_to(at("2027-01-18 14:00"))
        assert [subjects(here, one)[-1].endswith("(cancelled)") for one in ("p00", "p01")] == [True, True]
        exclude(here.engine, "p00", "p01", here.now)
        assert len(coffees(here)) == 1


@pytest.mark.parametrize(("apart", "stay"), [("p01", ("p00", "p02")), ("p02", ("p00", "p01"))])
def test_of_three_two_of_whom_are_kept_apart_two_still_meet(apart: str, stay: tuple[str, ...]) -> None:
    with rounds_of(company(3)) as here:
        draw(here)
        exclude(here.engine, "p00", apart, here.now)
        (coffee,) = coffees(here)
        assert (coffee.state, coffee.people) == (MeetingState.PLANNED, stay)
        alone = seats(here)[apart]
        assert (alone.state, alone.why) == (SeatState.CANCELLED, WhyAlone.NO_HOUR)
        here.walk_to(coffee.ends_at + timedelta(days=3))
        assert subjects(here, apart)[-1].endswith("(cancelled)")


def test_a_coffee_moves_when_hours_change() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        (before,) = coffees(here)
        day = before.starts_at.date()
        say(here, "p00", replace(YES, away=(Away(first=day, last=day),)))
        with here.engine.store.begin() as books:
            mend(here.engine, books, Directory(books), {"p00"}, here.now)
        (after,) = coffees(here)
        assert after.starts_at.date() != day
        assert (after.sequence, after.moved_from) == (1, before.starts_at)
        here.walk_to(at("2027-01-18 10:00"))
        assert subjects(here, "p01")[-1].endswith("(new time)")


def test_three_rounds_without_an_answer_pause_with_notice_and_a_way_back() -> None:
    with rounds_of(company(4)) as here:
        for week in range(4):
            here.walk_to(at(WEDNESDAY) + timedelta(weeks=week))
            answer_all(here, but=frozenset({"p00"}))
            rounds.run_round(here.engine, here.now)
            here.walk_to(here.now + timedelta(days=6))
            answer_all(here, but=frozenset({"p00"}))
        here.walk_to(at(WEDNESDAY) + timedelta(weeks=4))
        answer_all(here, but=frozenset({"p00"}))
        rounds.run_round(here.engine, here.now)
        here.walk_to(here.now + timedelta(days=3))
        notices = [one for one in here.to("p00@example.com") if one.subject == "Your coffee rounds are paused"]
        assert len(notices) == 1
        assert "/coffee/" in notices[0].text
        newest = rounds.run_round(here.engine, here.now).day
        path = notices[0].text.split("/coffee/")[1].split()[0].rstrip(")>]")
        assert round_answers.open_round(here.engine, path, here.now).stand is round_answers.Stand.PAUSED
        assert "p00" not in rounds.run_round(here.engine, here.now).expected
        round_answers.choose(here.engine, path, "back", here.now)
        here.walk_to(here.now + timedelta(weeks=1))
        again = rounds.run_round(here.engine, here.now)
        assert again.day > newest
        assert "p00" in again.expected


def test_whoever_was_silent_takes_part_again_by_saying_how_on_their_page() -> None:
    with rounds_of(company(4)) as here:
        for week in range(5):
            here.walk_to(at(WEDNESDAY) + timedelta(weeks=week))
            answer_all(here, but=frozenset({"p00"}))
            rounds.run_round(here.engine, here.now)
            here.walk_to(here.now + timedelta(days=6))
            answer_all(here, but=frozenset({"p00"}))
        here.walk_to(at(WEDNESDAY) + timedelta(weeks=6) - timedelta(days=1))
        say(here, "p00", replace(YES, capacity=1))
        here.walk_to(at(WEDNESDAY) + timedelta(weeks=6))
        assert "p00" in rounds.run_round(here.engine, here.now).expected


def test_a_killed_worker_repeats_nothing() -> None:
    with rounds_of(company(4)) as here:
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-15 11:59"))
        here.now = at("2027-01-15 12:00")
        claim_batches(here.engine, here.now)
        assert coffees(here) == []
        recover(here.engine, here.now + timedelta(minutes=11))
        here.now += timedelta(minutes=11)
        here.mail.answers.append(Outcome(kind=OutcomeKind.UNKNOWN, reason="the connection ended"))
        here.walk_to(DRAWN)
        here.run()
        assert len(coffees(here)) == 2
        invited = [letter for letter in here.mail.letters if letter.subject.startswith("Coffee with")]
        counts = Counter(letter.to.email for letter in invited)
        assert sorted(counts.values()) == [1, 1, 1]
        with here.engine.store.read() as books:
            assert len(books.deliveries.in_states([State.UNKNOWN])) == 1


def test_a_draw_that_comes_days_late_is_called_off_with_a_reason() -> None:
    with rounds_of(company(2)) as here:
        rounds.run_round(here.engine, here.now)
        here.now = at("2027-01-20 12:00")
        here.run()
        assert state(here) == (RoundState.EMPTY, "it was too late to draw it")
        assert reasons(here) == ["coffee round of 2027-01-18: it was too late to draw it"]


def test_weights_that_cannot_be_read_delay_the_draw_and_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    shutil.copytree(paths.shipped_templates(), folder)
    with world(WEDNESDAY, people=company(2), words=FolderWords(folder)) as here:
        for one in company(2):
            say(here, one.id)
        (folder / "matching.toml").write_text("[coffee]\nwindow = -3\n", encoding="utf-8")
        rounds.run_round(here.engine, here.now)
        here.walk_to(DRAWN)
        assert state(here) == (RoundState.ANNOUNCED, "")
        (told,) = reasons(here)
        assert told.startswith("the coffee round of 2027-01-18 should have been drawn: waits for weights")
        assert "matching.toml, [coffee]: window" in told
        with pytest.raises(BadWords):
            rounds.run_round(here.engine, here.now, rehearse=True)
        (folder / "matching.toml").write_text("[coffee]\nwindow = 6\n", encoding="utf-8")
        here.walk_to(DRAWN + timedelta(hours=1))
        assert state(here) == (RoundState.DRAWN, "")


def test_rounds_that_go_quiet_are_told_in_review() -> None:
    with rounds_of(company(4)) as here:
        draw(here)
        here.walk_to(at("2027-03-17 08:00"))
        quiet = [one for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.QUIET]
        assert [one.id for one in quiet] == ["coffee"]
        assert "no round was announced" in quiet[0].text
        for one in company(4):
            say(here, one.id, NOTHING_SAID)
        assert [one for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.QUIET] == []


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_mail_speaks_the_language_of_its_reader(language: str) -> None:
    people = [replace(one, language=language) for one in company(2)]
    with rounds_of(people) as here:
        draw(here)
        here.walk_to(at("2027-01-26 18:00"))
        titles = {"en": "Coffee with", "de": "Kaffee mit", "es": "Café con"}
        assert subjects(here, "p00")[1].startswith(titles[language])
        assert len(subjects(here, "p00")) == 3


@pytest.mark.parametrize(
    ("language", "title", "why"),
    [
        ("en", "Coffee: ", "Why you and P01: from two departments, both like hiking and tea, "),
        ("es", "Café: ", "Por qué tú y P01: de dos departamentos, a ambas personas les gusta: hiking y tea, "),
        ("de", "Kaffee: ", "Warum du und P01: aus zwei Abteilungen, ihr mögt beide: hiking und tea, "),
    ],
)
def test_an_invitation_says_why_and_is_called_in_the_language_of_its_reader(
    language: str, title: str, why: str
) -> None:
    people = [replace(one, interests=("hiking", "tea")) for one in company(2)]
    people[0] = replace(people[0], language=language)
    with rounds_of(people) as here:
        draw(here)
        letter = next(one for one in here.to("p00@example.com") if one.invitation)
        assert letter.invitation is not None
        assert f"SUMMARY:{title}P00 Example" in letter.invitation.ics
        assert why in letter.text
        other = next(one for one in here.to("p01@example.com") if one.invitation)
        assert other.invitation is not None
        assert "SUMMARY:Coffee: P01 Example" in other.invitation.ics, "the other reads their own language"
        assert (seats(here)["p00"].reasons).startswith("from two departments, both like hiking and tea, ")


def test_a_table_of_three_says_so_and_claims_no_more_when_it_is_one_of_two() -> None:
    with rounds_of(company(3)) as here:
        draw(here)
        letters = [one for one in here.mail.letters if one.invitation]
        assert len(letters) == 3
        assert all("three of you, so that nobody is left out" in one.text for one in letters)
        hiring.leave(here.engine, "p00", here.now)
        here.walk_to(at("2027-01-18 09:00"))
        news = [one for one in here.mail.letters if one.invitation][3:]
        assert {one.to.email for one in news} == {f"p0{number}@example.com" for number in range(3)}
        assert not any("Why you and" in one.text for one in news)


def test_a_round_is_shown_with_reasons() -> None:
    with rounds_of(company(3)) as here:
        say(here, "p02", replace(YES, paused_until=date(2027, 3, 1)))
        draw(here)
        found = round_shown.show(here.engine, date(2027, 1, 20))
        (table,) = found.tables
        assert [one.name for one in table.people] == ["P00 Example", "P01 Example"]
        assert table.reasons.startswith("from two departments")
        assert [(one.id, why) for one, why in found.left_out] == [("p02", "paused until 2027-03-01")]


def kept(here: World, ready: rounds.Prepared | None) -> str:
    """Draw with tables that were made ahead and marked; what the round says then."""
    assert ready is not None
    marked = replace(ready, drawn=replace(ready.drawn, why="made ahead"))
    with here.engine.store.begin() as books:
        found = rounds.draw(here.engine, books, MONDAY, here.now, marked)
    assert found is not None
    return found.why


def test_tables_made_ahead_are_kept_and_made_while_somebody_else_writes(sqlite_store: SqlStore) -> None:
    with world(WEDNESDAY, people=company(5), store=sqlite_store) as here:
        for one in company(5):
            say(here, one.id)
        rounds.run_round(here.engine, here.now)
        here.now = at("2027-01-15 12:00")
        with here.engine.store.begin() as books:
            books.coffee.hold(MONDAY)
            ready = rounds.prepare(here.engine, MONDAY, here.now)
        assert kept(here, ready) == "made ahead"
        assert rounds.prepare(here.engine, MONDAY, here.now) is None, "it is drawn already"
        assert sorted(len(one.people) for one in coffees(here)) == [2, 3]


@pytest.mark.parametrize("change", ["skips", "leaves", "pauses", "works elsewhere", "has a meeting"])
def test_tables_made_ahead_are_made_anew_when_anything_is_different(change: str) -> None:
    with rounds_of(company(4)) as here:
        rounds.run_round(here.engine, here.now)
        here.now = at("2027-01-15 11:00")
        ready = rounds.prepare(here.engine, MONDAY, here.now)
        if change == "skips":
            press(here, "p00", "skip")
        elif change == "leaves":
            hiring.leave(here.engine, "p00", here.now)
        elif change == "pauses":
            say(here, "p00", replace(YES, paused_until=date(2027, 3, 1)))
        elif change == "works elsewhere":
            with here.engine.store.begin() as books:
                books.people.put(replace(company(1)[0], department="Legal"))
        else:
            with here.engine.store.begin() as books:
                books.meetings.put(
                    Meeting(
                        id="n1/first_coffee",
                        hire_id="n1",
                        step="first_coffee",
                        occasion="once",
                        people=("p00", "p01"),
                        starts_at=at("2027-01-18 10:00"),
                        ends_at=at("2027-01-18 10:25"),
                        uid="u",
                        organizer="people@example.com",
                        stamped_at=here.now,
                    )
                )
        assert kept(here, ready) == ""
        there = {name for one in coffees(here) for name in one.people}
        assert ("p00" in there) == (change in ("works elsewhere", "has a meeting"))


def test_the_worker_makes_the_tables_before_its_transaction() -> None:
    with rounds_of(company(4)) as here:
        rounds.run_round(here.engine, here.now)
        here.now = at("2027-01-15 12:00")
        with here.engine.store.read() as books:
            key = draw_key(MONDAY)
            assert books.deliveries.get(key) is not None
        ready = ahead(here.engine, key, here.now)
        assert ready is not None
        assert len(ready.drawn.meetings) == 2
        assert ahead(here.engine, key.replace("coffee_draw", "coffee_warning"), here.now) is None
        assert ahead(here.engine, "n1/profile/hire/n1/once", here.now) is None
