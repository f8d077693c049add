from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from onboarding.domain.ical.expanding import busy_times
from tests.domain.calendars import calendar, event, hours

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Manila", "Australia/Lord_Howe", "UTC")

numbered = st.sampled_from((1, 2, 3, 4, -1, -2))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule that is true now and then: dateutil looks for one that never is until the year 9999."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 3))}"]
    kind = draw(st.sampled_from(("", "BYDAY", "BYMONTHDAY") if frequency != "WEEKLY" else ("", "BYDAY")))
    if kind == "BYDAY":
        nth = frequency in ("MONTHLY", "YEARLY") and draw(
            st.booleans()
        )  # dateutil reads both kinds as those that are both
        days = draw(st.lists(st.sampled_from(DAYS), unique=True, min_size=1, max_size=3))
        parts.append(f"BYDAY={','.join(f'{draw(numbered)}{day}' if nth else day for day in days)}")
    if kind == "BYMONTHDAY":
        parts.append(f"BYMONTHDAY={draw(st.sampled_from((1, 2, 15, 28, -1, -28)))},{draw(st.integers(1, 31))}")
    if frequency in ("MONTHLY", "YEARLY") and kind and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from((1, 2, -1)))}")
    if frequency != "DAILY" and draw(st.integers(0, 2)) == 0:
        parts.append(f"BYMONTH={','.join(map(str, draw(st.sets(st.integers(2, 7), min_size=4))))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    end = draw(st.sampled_from(("", "COUNT", "UNTIL")))
    if end:
        parts.append(f"COUNT={draw(st.integers(1, 40))}" if end == "COUNT" else "UNTIL=20270401T063000Z")
    return ";".join(parts)


moments = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 3, 31)).map(  # noqa: DTZ001 -- walls
    lambda one: one.replace(hour=4 + one.hour % 18, second=0, microsecond=0)  # clocks change at night
)


@given(rules(), moments, st.sampled_from(ZONES))
@settings(max_examples=80, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_a_rule_repeats_when_another_library_says_so(rule: str, start: datetime, zone: str) -> None:
    lines = f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\nDURATION:PT20M\nRRULE:{rule}"
    raw = calendar(event(lines.replace(";TZID=UTC", "").replace("00\nD", "00Z\nD") if zone == "UTC" else lines))
    first, last = hours("2027-02-20"), hours("2027-04-10")
    ours = busy_times(raw, start=first, end=last, zone=ZoneInfo("UTC"))
    theirs = recurring_ical_events.of(icalendar.Calendar.from_ical(raw)).between(first, last)
    others = {max(one["DTSTART"].dt.astimezone(ZoneInfo("UTC")), first) for one in theirs}
    assert not ours.ignored
    assert {one.start for one in ours.busy} == others


@given(moments, st.integers(1, 5), st.sets(st.integers(0, 6)), st.sampled_from(ZONES))
@settings(max_examples=40)
def test_daily_and_weekly_rules_repeat_as_one_counts_by_hand(
    start: datetime, interval: int, weekdays: set[int], zone: str
) -> None:
    days = sorted(weekdays | {start.weekday()})
    weekly = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(DAYS[day] for day in days)}"
    monday = start - timedelta(days=start.weekday())
    by_hand = {
        "daily": [start + timedelta(days=interval * number) for number in range(900)],
        "weekly": [
            moment
            for week in range(150)
            for day in days
            if (moment := monday + timedelta(days=7 * interval * week + day)) >= start
        ],
    }
    first, last = hours("2027-03-01"), hours("2027-04-10")
    for rule, walls in ((f"FREQ=DAILY;INTERVAL={interval}", by_hand["daily"]), (weekly, by_hand["weekly"])):
        lines = f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\nDURATION:PT20M\nRRULE:{rule}"
        found = busy_times(calendar(event(lines)), start=first, end=last, zone=ZoneInfo("UTC"))
        wanted = {wall.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC")) for wall in walls}
        touching = {max(one, first) for one in wanted if first - timedelta(minutes=20) < one < last}
        assert {one.start for one in found.busy} == touching
