from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from onboarding.adapters.calendars.memory import MemoryCalendars
from onboarding.adapters.sql import SqlStore
from onboarding.domain.free_busy import Owner, Reading, Told
from onboarding.domain.meetings import Meeting
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.domain.slots import Busy
from onboarding.ports import FreeBusy, Store
from onboarding.services import free_busy, rounds
from onboarding.services.directory import Directory
from onboarding.services.preferring import keep
from tests.worlds import BERLIN, World, at, person, world

UNREAD = "We could not read every calendar"


def coffee_with(
    calendars: FreeBusy | None, store: Store | None = None
) -> tuple[Meeting, list[str], Reading | None]:
    """The first coffee of the newcomer, the texts of its invitations, and the last reading of the newcomer."""
    with world(calendars=calendars, store=store) as here:
        here.enrol()
        here.hear_yes()
        due = here.row("first_coffee").due_at
        here.walk_to(due + timedelta(days=1))
        with here.engine.store.read() as books:
            (meeting,) = [one for one in books.meetings.of_hire("n1") if one.step == "first_coffee"]
            reading = books.busy.readings(["n1"]).get("n1")
        texts = [one.text for one in here.mail.letters if one.invitation and meeting.uid in one.invitation.ics]
        assert len(texts) == 2
        return meeting, texts, reading


@pytest.fixture(scope="module")
def usual() -> Meeting:
    """The coffee when no calendar is known."""
    meeting, texts, _ = coffee_with(None)
    assert not any(UNREAD in text for text in texts)
    return meeting


@pytest.mark.parametrize("tentative", [False, True])
@pytest.mark.parametrize("who", [0, 1])
def test_a_meeting_keeps_clear_of_what_either_calendar_tells(usual: Meeting, who: int, *, tentative: bool) -> None:
    taken = Busy(
        start=usual.starts_at - timedelta(hours=2), end=usual.ends_at + timedelta(hours=2), tentative=tentative
    )
    meeting, texts, _ = coffee_with(MemoryCalendars(busy={usual.people[who]: [taken]}))
    assert meeting.people == usual.people
    assert not (meeting.starts_at < taken.end and taken.start < meeting.ends_at)
    assert not any(UNREAD in text for text in texts)


def test_a_silent_calendar_leaves_working_hours_alone_and_the_invitations_say_so(usual: Meeting) -> None:
    meeting, texts, reading = coffee_with(MemoryCalendars(silent={"n1": "it does not answer"}))
    assert meeting.starts_at == usual.starts_at
    assert all(UNREAD in text for text in texts)
    assert reading is not None
    assert (reading.why, reading.kind) == ("it does not answer", "memory")


@pytest.mark.parametrize(("days", "unread"), [(0, False), (3, True)])
def test_a_time_that_is_chosen_days_after_the_calendars_were_read_says_so(days: int, *, unread: bool) -> None:
    with world(calendars=MemoryCalendars()) as here:
        here.enrol()
        here.hear_yes()
        here.walk_to(here.row("first_coffee").due_at + timedelta(minutes=1))
        with here.engine.store.read() as books:
            (meeting,) = [one for one in books.meetings.of_hire("n1") if one.step == "first_coffee"]
            moved = replace(meeting, stamped_at=meeting.stamped_at + timedelta(days=days))
            assert free_busy.unread(here.engine, books, moved) is unread


@dataclass(kw_only=True)
class Breaking(MemoryCalendars):
    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        raise RuntimeError("Salary talk with Dana")


def test_a_calendar_that_breaks_costs_nobody_an_invitation(
    usual: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    meeting, texts, _ = coffee_with(Breaking())
    assert meeting.starts_at == usual.starts_at
    assert all(UNREAD in text for text in texts)
    assert "calendars.not_read" in caplog.text
    assert "Dana" not in caplog.text


@dataclass(kw_only=True)
class Writing(MemoryCalendars):
    store: SqlStore

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        with self.store.begin(within=0.2):  # nobody else may hold the writer's place
            return super().read(owners, start, end)


def test_calendars_are_read_outside_of_any_transaction_and_once_for_everybody(sqlite_store: SqlStore) -> None:
    calendars = Writing(store=sqlite_store)
    meeting, _, _ = coffee_with(calendars, sqlite_store)
    assert [one for one in calendars.asked if set(one) == set(meeting.people)]
    assert len(calendars.asked) == len(set(calendars.asked))


@dataclass(kw_only=True)
class Tagged(MemoryCalendars):
    """A calendar that is read once and did not change since."""

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        told = super().read(owners, start, end)
        tags = {one.person_id: one.etag for one in owners}
        return {who: Told(unchanged=True) if tags[who] else replace(one, etag="v1") for who, one in told.items()}


def test_what_did_not_change_stays_as_it_was_read() -> None:
    busy = Busy(start=at("2026-12-02 10:00"), end=at("2026-12-02 11:00"))
    with world(calendars=Tagged(busy={"chief": [busy]})) as here:
        for minutes in (0, 1):
            now = here.now + timedelta(minutes=minutes)
            reading = free_busy.read_one(here.engine, person("chief"), now)
            assert reading is not None
            assert (reading.etag.partition(" ")[2], reading.why) == ("v1", "")
            with here.engine.store.read() as books:
                assert books.busy.of_people(["chief"], now, now + timedelta(days=9))["chief"].busy == (busy,)


def test_who_lives_in_another_zone_since_is_read_anew_although_the_calendar_is_as_it_was() -> None:
    busy = Busy(start=at("2026-12-02 10:00"), end=at("2026-12-02 11:00"))
    calendars = Tagged(busy={"chief": [busy]})
    with world(calendars=calendars) as here:
        free_busy.read_one(here.engine, person("chief"), here.now)
        with here.engine.store.begin() as books:
            chief = books.people.get("chief")
            assert chief is not None
            books.people.put(replace(chief, time_zone="Asia/Manila"))
        later = Busy(start=at("2026-12-02 03:00"), end=at("2026-12-02 04:00"))
        calendars.busy = {"chief": [later]}
        free_busy.read_one(here.engine, person("chief"), here.now)
        with here.engine.store.read() as books:
            assert books.busy.of_people(["chief"], at("2026-12-01 00:00"), at("2026-12-09 00:00"))[
                "chief"
            ].busy == (later,)


def book(here: World, start: datetime) -> Meeting:
    """A meeting of ours in the book."""
    made = Meeting(
        id="m", hire_id="n1", step="x", occasion="once", people=("chief",), starts_at=start,
        ends_at=start + timedelta(minutes=25), uid="m@example.com", organizer="p@example.com", stamped_at=here.now,
    )  # fmt: skip
    with here.engine.store.begin() as books:
        books.meetings.put(made)
    return made


@pytest.mark.parametrize("knows", [True, False])
def test_our_own_meeting_that_a_calendar_tells_us_back_is_no_reason_against_moving_it(*, knows: bool) -> None:
    start = at("2026-12-02 10:00")
    told = [
        Busy(start=start, end=start + timedelta(minutes=25)),
        Busy(start=at("2026-12-03 10:00"), end=at("2026-12-03 11:00")),
    ]
    with world(calendars=MemoryCalendars(busy={"chief": told}, knows_uids=knows)) as here:
        book(here, start)
        free_busy.read_one(here.engine, person("chief"), here.now)
        with here.engine.store.read() as books:
            kept = books.busy.of_people(["chief"], here.now, here.now + timedelta(days=9))["chief"].busy
    assert kept == (tuple(told) if knows else (told[1],))


def test_busy_times_are_forgotten_when_they_are_past() -> None:
    busy = [Busy(start=at(f"2026-12-0{day} 10:00"), end=at(f"2026-12-0{day} 11:00")) for day in (1, 8)]
    with world("2026-12-01 08:00", calendars=MemoryCalendars(busy={"chief": busy})) as here:
        free_busy.read_one(here.engine, person("chief"), here.now)
        free_busy.read_one(here.engine, person("manila-1"), at("2026-12-06 08:00"))
        with here.engine.store.read() as books:
            left = books.busy.of_people(["chief"], at("2026-12-01 00:00"), at("2026-12-31 00:00"))
    assert left["chief"].busy == (busy[1],)


def test_who_has_no_calendar_is_not_asked() -> None:
    with world() as here:
        assert free_busy.read_one(here.engine, person("chief"), here.now) is None


def drawn(calendars: MemoryCalendars) -> Meeting:
    """The one coffee of a round of two."""
    people = [person("ann", BERLIN), person("bo", BERLIN, department="Sales")]
    with world("2027-01-13 06:00", people=people, calendars=calendars) as here:
        with here.engine.store.begin() as books:
            directory = Directory(books)
            for one in people:
                said = Preferences(opted_in=frozenset({COFFEE}))
                keep(directory, one, said, by=Teller.PERSON, now=here.now)
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-17 12:00"))
        with here.engine.store.read() as books:
            (meeting,) = books.meetings.of_people(["ann"], at("2027-01-18 00:00"), at("2027-01-25 00:00"))
        return meeting


def test_a_coffee_round_keeps_clear_of_calendars_too() -> None:
    usual = drawn(MemoryCalendars())
    calendars = MemoryCalendars(busy={"bo": [Busy(start=usual.starts_at, end=usual.ends_at)]})
    assert drawn(calendars).starts_at != usual.starts_at
    assert ("ann", "bo") in calendars.asked


def test_a_reading_from_a_moment_that_is_still_to_come_is_not_fresh() -> None:
    calendars = MemoryCalendars()
    with world(calendars=calendars) as here:
        here.enrol()
        here.hear_yes()
        due = here.row("first_coffee").due_at
        for one in ("n1", here.row("first_coffee", "buddy").person_id):
            with here.engine.store.read() as books:
                found = books.people.get(one)
            assert found is not None
            free_busy.read_one(here.engine, found, due + timedelta(days=400))
        calendars.asked.clear()
        here.walk_to(due)
    assert calendars.asked
