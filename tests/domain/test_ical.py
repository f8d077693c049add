from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onboarding.domain.errors import BadRecord, TooLarge
from onboarding.domain.ical import expanding
from onboarding.domain.ical.expanding import busy_times
from onboarding.domain.ical.lines import LARGEST, read_calendars
from tests.domain.calendars import BERLIN, SECRET, calendar, event, expanded, hours, told

NINE = "DTSTART;TZID=Europe/Berlin:20270322T090000\nDTEND;TZID=Europe/Berlin:20270322T100000"
MONDAYS = f"{NINE}\nRRULE:FREQ=WEEKLY;BYDAY=MO"


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        (NINE, ["03-22 08:00-09:00"]),
        ("DTSTART:20270322T090000Z\nDTEND:20270322T093000Z", ["03-22 09:00-09:30"]),
        ("DTSTART:20270322T090000\nDURATION:PT90M", ["03-22 08:00-09:30"]),  # no zone: that of the owner
        (f"{NINE}\nTRANSP:TRANSPARENT", []),
        (f"{NINE}\nSTATUS:CANCELLED", []),
        (f"{NINE}\nSTATUS:TENTATIVE", ["03-22 08:00-09:00?"]),
        (f"{NINE}\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        (f"{NINE}\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", ["03-22 08:00-09:00?"]),
        (f"{NINE}\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", ["03-22 08:00-09:00"]),
        (f"{NINE}\nATTENDEE;PARTSTAT=DECLINED:mailto:Bo@example.com", []),
        (f"{NINE}\nATTENDEE;PARTSTAT=ACCEPTED:MAILTO:bo@example.com", ["03-22 08:00-09:00"]),
        (f"{NINE}\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bo@example.com", ["03-22 08:00-09:00?"]),
        (f"{NINE}\nATTENDEE;PARTSTAT=DECLINED:mailto:other@example.com", ["03-22 08:00-09:00"]),
        ("DTSTART:20270322T090000Z", []),  # takes no time
        ("DTSTART;VALUE=DATE:20270324", ["03-23 23:00-03-24 23:00"]),
        ("DTSTART;VALUE=DATE:20270328\nDTEND;VALUE=DATE:20270329", ["03-27 23:00-03-28 22:00"]),  # 23 hours
        ("DTSTART:20270401T220000Z\nDTEND:20270601T000000Z", ["04-01 22:00-04-05 00:00"]),  # cut
        (MONDAYS, ["03-22 08:00-09:00", "03-29 07:00-08:00"]),  # the clock goes forward between them
        (f"{MONDAYS};COUNT=1", ["03-22 08:00-09:00"]),
        (f"{MONDAYS};UNTIL=20270329T065959Z", ["03-22 08:00-09:00"]),
        (f"{MONDAYS};UNTIL=20270329T070000Z", ["03-22 08:00-09:00", "03-29 07:00-08:00"]),
        (f"{MONDAYS};UNTIL=20270329", ["03-22 08:00-09:00", "03-29 07:00-08:00"]),
        (f"{MONDAYS}\nEXDATE;TZID=Europe/Berlin:20270329T090000", ["03-22 08:00-09:00"]),
        (f"{MONDAYS}\nEXDATE:20270329T070000Z", ["03-22 08:00-09:00"]),
        (f"{MONDAYS}\nEXDATE;VALUE=DATE:20270329", ["03-22 08:00-09:00"]),
        (
            f"{NINE}\nRDATE:20270325T120000Z,20270326T120000Z",
            ["03-22 08:00-09:00", "03-25 12:00-13:00", "03-26 12:00-13:00"],
        ),
        (f"{NINE}\nRDATE;VALUE=PERIOD:20270325T120000Z/PT2H", ["03-22 08:00-09:00", "03-25 12:00-14:00"]),
        ("DTSTART;TZID=W. Europe Standard Time:20270330T090000\nDURATION:PT1H", ["03-30 07:00-08:00"]),
        ('DTSTART;TZID="/example.org/x/Europe/Berlin":20270330T090000\nDURATION:PT1H', ["03-30 07:00-08:00"]),
        (
            "DTSTART;TZID=Europe/Berlin:20270328T023000\nDURATION:PT1H",
            ["03-28 01:30-02:30"],
        ),  # a time that is left out
    ],
)
def test_an_event_takes_the_time_that_it_means(lines: str, busy: list[str]) -> None:
    assert told(expanded(event(lines), owner={"bo@example.com"})) == busy


def test_a_changed_time_of_a_repeated_event_takes_the_place_of_the_one_that_it_names() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20270329T090000\nDTSTART:20270330T120000Z\nDTEND:20270330T130000Z"
    )
    assert told(expanded(event(MONDAYS), moved)) == ["03-22 08:00-09:00", "03-30 12:00-13:00"]
    off = event("RECURRENCE-ID:20270329T070000Z\nDTSTART:20270330T120000Z\nDURATION:PT1H\nSTATUS:CANCELLED")
    assert told(expanded(event(MONDAYS), off)) == ["03-22 08:00-09:00"]
    declined = event(
        "RECURRENCE-ID:20270322T080000Z\nDTSTART:20270322T080000Z\nDURATION:PT1H\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:a@example.com"
    )
    assert told(expanded(event(MONDAYS), declined, owner={"a@example.com"})) == ["03-29 07:00-08:00"]


def test_of_two_changes_of_the_same_time_the_one_with_the_higher_sequence_counts() -> None:
    changes = [
        event(f"RECURRENCE-ID:20270329T070000Z\nSEQUENCE:{sequence}\nDTSTART:2027033{day}T120000Z\nDURATION:PT1H")
        for sequence, day in ((2, 1), (1, 0))
    ]
    assert told(expanded(event(MONDAYS), *changes)) == ["03-22 08:00-09:00", "03-31 12:00-13:00"]


def test_times_that_touch_become_one_and_tentative_ones_stay_apart() -> None:
    found = expanded(
        event("DTSTART:20270322T090000Z\nDTEND:20270322T100000Z", uid="a"),
        event("DTSTART:20270322T100000Z\nDTEND:20270322T110000Z", uid="b"),
        event("DTSTART:20270322T093000Z\nDTEND:20270322T120000Z\nSTATUS:TENTATIVE", uid="c"),
    )
    assert told(found) == ["03-22 09:00-11:00", "03-22 09:30-12:00?"]


def test_our_own_meetings_are_left_out() -> None:
    assert told(expanded(event(NINE, uid="abc@example.com"), ours=lambda uid: uid == "abc@example.com")) == []


def test_published_busy_times_count() -> None:
    listed = (
        "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY:20270322T090000Z/20270322T100000Z,20270323T090000Z/PT30M\n"
        "FREEBUSY;FBTYPE=FREE:20270324T090000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20270325T090000Z/PT1H\n"
        "END:VFREEBUSY"
    )
    assert told(expanded(listed)) == ["03-22 09:00-10:00", "03-23 09:00-09:30", "03-25 09:00-10:00?"]


FIRST, LAST = hours("2001-01-02").replace(tzinfo=None), hours("2060-01-01").replace(tzinfo=None)
DESCRIBED = """BEGIN:VTIMEZONE
TZID:Ours
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@given(st.datetimes(min_value=FIRST, max_value=LAST))
@example(hours("2027-03-28 02:30").replace(tzinfo=None))
@example(hours("2027-10-31 02:30").replace(tzinfo=None))
@settings(max_examples=60)
def test_a_zone_that_only_the_calendar_describes_is_as_good_as_the_one_it_describes(wall: datetime) -> None:
    lines = f"DTSTART;TZID=%s:{wall:%Y%m%dT%H%M%S}\nDURATION:PT1H"
    about = hours(f"{wall:%Y-%m-%d}")
    span: dict[str, Any] = {"start": about - timedelta(days=2), "end": about + timedelta(days=3)}
    described = expanded(DESCRIBED, event(lines % "Ours"), **span)
    assert described.busy == expanded(event(lines % "Europe/Berlin"), **span).busy
    assert described.busy


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("DTSTART;TZID=Nowhere:20270322T090000\nDURATION:PT1H", "a time zone that nobody knows"),
        ("DTSTART:20270322T090000Z\nDTEND:20270322T080000Z", "an end before the beginning"),
        ("DTSTART:20270322T090000Z\nDURATION:-PT1H", "an end before the beginning"),
        (
            "DTSTART:20270322T090000Z\nDTEND;VALUE=DATE:20270323",
            "a beginning and an end that do not belong together",
        ),
        ("DTSTART:20271399T090000Z\nDURATION:PT1H", "a time that is none"),
        ("DTSTART:00010101T000000Z\nDURATION:PT1H", "a time that is none"),
        ("DTEND:20270322T090000Z", "an event that cannot be read"),
        ("DTSTART:20270322T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY", "a rule that repeats within a day"),
        ("DTSTART:20270322T090000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES", "a rule of a kind that is not read"),
        ("DTSTART:20270322T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYDAY=XX", "a rule that is none"),
        ("DTSTART:20270322T090000Z\nDURATION:soon", "a duration that is none"),
        (
            "DTSTART:20200101T090000Z\nDTEND:20270322T080000Z\nRRULE:FREQ=DAILY",
            "something that repeats and takes more than a year",
        ),
    ],
)
def test_what_cannot_be_understood_is_left_out_with_a_reason_and_the_rest_counts(lines: str, reason: str) -> None:
    found = expanded(event(lines, uid="bad"), event(NINE))
    assert (told(found), found.ignored) == (["03-22 08:00-09:00"], {reason: 1})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>Please sign in</html>",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        calendar(event(NINE))[:-30],
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50,
        b"\xff\xfeB\x00E\x00G\x00I\x00N\x00",
    ],
)
def test_what_is_no_whole_calendar_is_refused_and_not_repeated(raw: bytes) -> None:
    with pytest.raises(BadRecord) as refused:
        busy_times(raw, start=hours("2027-03-22"), end=hours("2027-04-05"), zone=BERLIN)
    assert "sign in" not in str(refused.value)


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(TooLarge):
        read_calendars(b" " * (LARGEST + 1))


def test_a_rule_that_is_never_true_or_began_long_ago_costs_nothing() -> None:
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    old = "DTSTART:19000101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    assert len(expanded(event(f"{NINE}\n{never}"), event(old, uid="old")).busy) == 14


def test_a_calendar_that_costs_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "WORK", 20_000)
    costly = "DTSTART:19000101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1000000"
    with pytest.raises(BadRecord, match="too long"):
        expanded(*(event(costly, uid=str(number)) for number in range(50)))


def test_a_calendar_with_thousands_of_times_in_two_weeks_is_refused() -> None:
    dense = "\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"
    with pytest.raises(BadRecord, match="too many"):
        expanded(*(event("DTSTART:20270322T000000Z\nDURATION:PT9M" + dense, uid=str(n)) for n in range(20)))


def test_a_subject_is_never_read() -> None:
    (found,) = read_calendars(calendar(event(f"{NINE}\nDESCRIPTION:{SECRET}\nLOCATION:{SECRET}\n  and more")))
    assert SECRET not in repr(found)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_calendar_or_are_refused(raw: bytes) -> None:
    with suppress(BadRecord):
        busy_times(raw, start=hours("2027-03-22"), end=hours("2027-04-05"), zone=BERLIN)


_NAMES = (
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "SEQUENCE",
    "ATTENDEE",
    "UID",
)
_VALUES = (
    *("20270322T090000Z", "20270322", "99999999T999999", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=-1"),
    *(
        "FREQ=YEARLY;BYYEARDAY=-366;INTERVAL=10000",
        "PT1H",
        "P99999D",
        "-P1W",
        "20270322T090000Z/PT1H",
        "/",
        "",
        "\0",
    ),
    *("FREQ=WEEKLY;UNTIL=20270322T090000;WKST=SU", "22000101T000000", "19000101T000000", "FREQ=DAILY;COUNT=3"),
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(_NAMES),
            st.sampled_from(
                ("", ";TZID=Ours", ";TZID=Asia/Kathmandu", ";VALUE=DATE", ";VALUE=PERIOD", ";X", ';A="')
            ),
            st.one_of(st.sampled_from(_VALUES), st.text(max_size=12)),
        ),
        max_size=8,
    ),
    st.sampled_from(("Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns", "Africa/Monrovia")),
)
@settings(max_examples=150)
def test_any_event_is_read_left_out_or_refused(lines: list[tuple[str, str, str]], zone: str) -> None:
    text = "\n".join(f"{name}{parameters}:{value}" for name, parameters, value in lines)
    try:
        found = expanded(DESCRIBED, event(text), event(MONDAYS, uid="sane"), zone=ZoneInfo(zone))
    except BadRecord:
        return
    assert all(hours("2027-03-22") <= one.start < one.end <= hours("2027-04-05") for one in found.busy)


def _unknown_zones(count: int) -> list[str]:
    return [event(f"DTSTART;TZID=Nowhere/{number}:20270323T100000", uid=str(number)) for number in range(count)]


def _one_series_of_many(count: int) -> list[str]:
    second = [hours("2028-01-01") + timedelta(seconds=number) for number in range(count // 2)]
    changed = [event(f"RECURRENCE-ID:{one:%Y%m%dT%H%M%SZ}\nDTSTART:{one:%Y%m%dT%H%M%SZ}") for one in second]
    return [event("DTSTART:20290105T100000Z")] * (count // 2) + changed


@pytest.mark.slow
@pytest.mark.parametrize("parts", [_unknown_zones, _one_series_of_many])
def test_four_times_as_much_of_the_worst_takes_about_four_times_as_long(parts: Callable[[int], list[str]]) -> None:
    def seconds(count: int) -> float:
        raw = parts(count)
        begun = process_time()
        expanded(*raw)
        return process_time() - begun

    few, many = min(seconds(1_000) for _ in range(3)), min(seconds(4_000) for _ in range(2))
    assert many < 6 * few + 0.05
