from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.preferences import Away, Preferences, Teller
from onboarding.services.directory import Directory
from onboarding.services.meeting_times import far_apart
from onboarding.services.planning import replan_touched
from onboarding.services.situations import situation
from tests.worlds import MANILA, World, at, person, world


def say(here: World, **preferences: Preferences) -> None:
    """Let people say something, and let the plans follow."""
    with here.engine.store.begin() as books:
        directory = Directory(books)
        for person_id, says in preferences.items():
            directory.prefer(person_id, says, by=Teller.PERSON, fields=["away"], now=here.now)
        replan_touched(here.engine, books, directory, set(preferences), here.now)


def coffee(here: World) -> Meeting:
    with here.engine.store.read() as books:
        met = [one for one in books.meetings.of_hire("n1") if one.state is not MeetingState.EXCHANGED]
        (one,) = [one for one in met if one.step == "first_coffee"]
        return one


def invited(here: World) -> Meeting:
    """A world in which the first coffee was announced to both."""
    here.enrol()
    here.hear_yes()
    here.walk_to(here.row("first_coffee").due_at)
    return coffee(here)


def apart(here: World) -> None:
    """A newcomer in Manila, and a buddy who has moved to the other side of the world before their coffee."""
    here.enrol(manager_id="boss")
    here.walk_to(here.row("first_coffee").due_at - timedelta(hours=1))
    with here.engine.store.begin() as books:
        pal = books.people.get("pal")
        assert pal is not None
        books.people.put(replace(pal, time_zone="Etc/GMT+5", country=""))  # 20:00 to 04:00 of a day in Manila


def test_people_who_share_no_hour_meet_when_both_allow_a_little_more() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        apart(here)
        say(here, n1=Preferences(flexible_before=120), pal=Preferences(flexible_after=120))
        here.walk_to(here.row("first_coffee").due_at)
        starts = coffee(here).starts_at
        assert f"{starts.astimezone(ZoneInfo('Asia/Manila')):%H:%M}" == "07:30"
        assert f"{starts.astimezone(ZoneInfo('Etc/GMT+5')):%H:%M}" == "18:30"


def test_one_who_allows_it_is_never_met_at_night_for_another_who_does_not() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        apart(here)
        say(here, n1=Preferences(flexible_before=120, flexible_after=120))
        here.walk_to(at("2027-01-06 00:00"))
        assert (here.row("first_coffee").state, here.row("first_coffee").why) == (State.SKIPPED, Why.EXCHANGED)


def test_who_shares_no_hour_is_told_apart_from_who_is_merely_busy() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        apart(here)
        assert far(here)
        say(here, n1=Preferences(flexible_before=120), pal=Preferences(flexible_after=120))
        assert not far(here)
        busy = (Away(first=here.now.date(), last=here.now.date() + timedelta(days=60)),)
        say(here, pal=Preferences(flexible_after=120, away=busy))
        assert not far(here)
        say(here, pal=Preferences())
        assert far(here)


def far(here: World) -> bool:
    """Whether the newcomer and the buddy share no hour."""
    with here.engine.store.read() as books:
        hire = books.hires.get("n1")
        assert hire is not None
        seen = situation(here.engine, books, Directory(books), hire, here.now)
        step = seen.journey.step("first_coffee")
        assert step is not None
        return far_apart(seen, step, "once", here.now)


def test_who_takes_back_what_they_allowed_is_met_there_no_more() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA)]) as here:
        apart(here)
        say(here, n1=Preferences(flexible_before=120), pal=Preferences(flexible_after=120))
        here.walk_to(here.row("first_coffee").due_at)
        assert coffee(here).state is MeetingState.PLANNED
        say(here, pal=Preferences())
        assert coffee(here).state is MeetingState.CANCELLED


def test_a_meeting_moves_off_the_days_on_which_somebody_is_away() -> None:
    with world() as here:
        before = invited(here)
        day = before.starts_at.date()
        away = Away(first=day, last=day)
        say(here, n1=Preferences(away=(away,)))
        after = coffee(here)
        assert (after.uid, after.sequence, after.moved_from) == (before.uid, 1, before.starts_at)
        assert after.starts_at.date() > day


@pytest.mark.slow
def test_who_bent_for_the_last_coffee_has_the_kinder_hour_of_the_next() -> None:
    """The newcomer's comfort counts twice, but the book remembers that the buddy sat at the edge of the day."""
    lagos = {"time_zone": "Africa/Lagos", "country": "", "location": "Lagos"}
    with world(people=[person("boss", MANILA), person("pal", lagos, department="Product")]) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(at("2027-04-20 00:00"))
        with here.engine.store.read() as books:
            met = [one for one in books.meetings.of_hire("n1") if set(one.people) == {"n1", "pal"}]
        assert len(met) >= 2
        assert [f"{one.starts_at:%H:%M}" for one in met[:2]] == ["08:00", "08:30"]  # one hour is common, 08 to 09
