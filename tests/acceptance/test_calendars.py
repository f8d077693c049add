"""Does a meeting keep clear of what people have in a real calendar server, and is ours never in its own way?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from onboarding.adapters.calendars.caldav import CalDavCalendars
from onboarding.adapters.calendars.web import Web
from onboarding.domain.free_busy import uids_of
from onboarding.domain.meetings import Meeting
from onboarding.services import free_busy
from tests.domain.calendars import calendar, event
from tests.sinks.behaviour import LOOPBACK
from tests.sinks.radicale import Radicale
from tests.worlds import World, directory, world


@pytest.fixture(scope="module")
def server(caldav_server: Radicale) -> Radicale:
    caldav_server.home("/lighthouse")
    for address in ("amihan@example.com", *(one.work_email for one in directory())):
        caldav_server.make(f"/lighthouse/{address}")
    return caldav_server


@contextmanager
def company(server: Radicale) -> Iterator[World]:
    """A company whose calendars are at that server."""
    calendars = CalDavCalendars(
        Web(trusted=[LOOPBACK]),
        uids_of("example.com"),
        template=f"{server.url}/lighthouse/{{email}}/",
        authorization=lambda: server.authorization,
    )
    with world(calendars=calendars) as here:
        yield here


def first_coffee(here: World) -> Meeting:
    """Live until both were invited to the first coffee."""
    here.enrol()
    here.hear_yes()
    here.walk_to(here.row("first_coffee").due_at + timedelta(days=1))
    with here.engine.store.read() as books:
        (found,) = [one for one in books.meetings.of_hire("n1") if one.step == "first_coffee"]
    return found


@pytest.mark.slow
def test_a_weekly_event_of_the_buddy_moves_the_coffee_and_an_invitation_of_ours_does_not(server: Radicale) -> None:
    with company(server) as here:
        usual = first_coffee(here)
        buddy = next(one for one in usual.people if one != "n1")
        letters = [one for one in here.mail.letters if one.invitation and one.to.email == f"{buddy}@example.com"]
        assert not any("could not read every calendar" in one.text for one in letters)
        kept = letters[-1].invitation
        assert kept is not None
        server.put(
            f"/lighthouse/{buddy}@example.com/ours.ics", kept.ics.replace("METHOD:REQUEST\r\n", "").encode()
        )
        with here.engine.store.read() as books:
            person = books.people.get(buddy)
        assert person is not None
        free_busy.read_one(here.engine, person, here.now)
        with here.engine.store.read() as books:
            held = books.busy.of_people([buddy], usual.starts_at, usual.ends_at)[buddy]
        assert (held.reading.why, held.busy) == ("", ())

    zone = ZoneInfo(person.time_zone)
    began = usual.starts_at.astimezone(zone) - timedelta(days=70, minutes=30)
    weekly = event(
        "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID={zone.key}:{began:%Y%m%dT%H%M%S}",
        "DURATION:PT2H",
        "RRULE:FREQ=WEEKLY",
    )
    server.put(f"/lighthouse/{buddy}@example.com/weekly.ics", calendar(weekly))
    with company(server) as here:
        moved = first_coffee(here)
        assert moved.people == usual.people
        taken = usual.starts_at - timedelta(minutes=30), usual.ends_at + timedelta(minutes=30)
        assert moved.ends_at <= taken[0] or moved.starts_at >= taken[1]
