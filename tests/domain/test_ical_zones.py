from __future__ import annotations

import pytest

from onboarding.domain.ical.zones import zone_named
from tests.domain.calendars import event, expanded, told


def zone(*observances: str) -> str:
    """A zone of these observances."""
    return "\n".join(["BEGIN:VTIMEZONE", "TZID:Ours", *observances, "END:VTIMEZONE"])


def observance(start: str, before: str, after: str, *more: str, kind: str = "STANDARD") -> str:
    lines = [
        f"BEGIN:{kind}",
        f"DTSTART:{start}",
        f"TZOFFSETFROM:{before}",
        f"TZOFFSETTO:{after}",
        *more,
        f"END:{kind}",
    ]
    return "\n".join(lines)


NINE = event("DTSTART;TZID=Ours:20270322T090000\nDURATION:PT1H")
ALWAYS = observance("19700101T000000", "+0530", "+0530")
ENDED = (
    observance(
        "19700426T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=-1SU;UNTIL=20060402T070000Z"
    ),
    observance(
        "19701025T020000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z"
    ),
)


@pytest.mark.parametrize(
    ("described", "busy"),
    [
        (zone(ALWAYS), "03-22 03:30-04:30"),
        (zone(*ENDED), "03-22 14:00-15:00"),  # what was said last still counts
        (zone(observance("20270101T000000", "+0100", "+0300", "RDATE:20270320T000000")), "03-22 06:00-07:00"),
        (zone(observance("20280101T000000", "+0100", "+0300")), "03-22 08:00-09:00"),  # before the first
        (zone(observance("20270101T000000", "+0000", "+053015")), "03-22 03:29-04:29"),
    ],
)
def test_a_described_zone_counts_from_when_it_says(described: str, busy: str) -> None:
    assert told(expanded(described, NINE)) == [busy]


@pytest.mark.parametrize(
    "described",
    [
        zone(),
        zone(observance("19700101T000000", "soon", "+0100")),
        zone(observance("19700101T000000", "+2500", "+0100")),
        zone(observance("19700101T000000", "+0100", "+0100", "RRULE:FREQ=DAILY")),
        zone(observance("19700101T000000", "+0100", "+0100", "RRULE:FREQ=YEARLY;INTERVAL=2")),
        zone(observance("19700101T000000", "+0100", "+0100", "RRULE:FREQ=SECONDLY")),
        zone("BEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD"),
        zone(ALWAYS, 'BEGIN:STANDARD\nDTSTART;X="\nEND:STANDARD'),
        zone(ALWAYS).replace("TZID:Ours", "TZID:Theirs"),
    ],
)
def test_a_zone_that_cannot_be_understood_leaves_its_events_out(described: str) -> None:
    found = expanded(described, NINE)
    assert (found.busy, found.ignored) == ((), {"a time zone that nobody knows": 1})


def test_a_zone_of_one_calendar_does_not_reach_another() -> None:
    two = expanded(zone(ALWAYS), "END:VCALENDAR\nBEGIN:VCALENDAR", NINE)
    assert two.ignored == {"a time zone that nobody knows": 1}


@pytest.mark.parametrize("name", ["", "Nowhere", "../../etc/passwd", "localtime2", "Europe", "a/b/c/d", "\0"])
def test_a_name_that_nobody_knows_is_no_zone(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("rule", "busy"),
    [
        ("FREQ=YEARLY;BYYEARDAY=82,-284", ["03-22 09:00-09:20", "03-23 09:00-09:20"]),
        ("FREQ=YEARLY;BYDAY=12MO", ["03-22 09:00-09:20"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1WE", ["03-22 09:00-09:20", "03-31 09:00-09:20"]),
        ("FREQ=DAILY;BYHOUR=8,20;COUNT=2", ["03-22 09:00-09:20", "03-22 20:00-20:20", "03-23 08:00-08:20"]),
        ("FREQ=DAILY;BYDAY=SA", ["03-22 09:00-09:20", "03-27 09:00-09:20", "04-03 09:00-09:20"]),
    ],
)
def test_rarer_rules_repeat_as_they_say_and_the_first_time_counts_always(rule: str, busy: list[str]) -> None:
    assert told(expanded(event(f"DTSTART:20270322T090000Z\nDURATION:PT20M\nRRULE:{rule}"))) == busy


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;UNTIL=20279999",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ",
    ],
)
def test_a_rule_that_is_none_leaves_its_event_out(rule: str) -> None:
    found = expanded(event(f"DTSTART:20270322T090000Z\nDURATION:PT20M\nRRULE:{rule}"))
    assert (found.busy, found.ignored) == ((), {"a rule that is none": 1})


def test_times_that_repeat_within_a_day_are_left_out() -> None:
    minutes = ",".join(map(str, range(60)))
    found = expanded(event(f"DTSTART:20270322T090000Z\nDURATION:PT20M\nRRULE:FREQ=DAILY;BYMINUTE={minutes}"))
    assert found.ignored == {"a rule that repeats within a day": 1}


def test_a_change_of_all_later_times_is_counted_and_changes_the_first() -> None:
    found = expanded(
        event("DTSTART:20270322T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"),
        event("RECURRENCE-ID;RANGE=THISANDFUTURE:20270329T090000Z\nDTSTART:20270329T120000Z\nDURATION:PT1H"),
    )
    assert told(found) == ["03-22 09:00-10:00", "03-29 12:00-13:00"]
    assert sum(found.ignored.values()) == 1
