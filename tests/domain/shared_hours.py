"""How many minutes do two calendars share? From zones and hours alone, another way than the product's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from onboarding.domain.calendars import Calendar, minute_of


def common_minutes(a: Calendar, b: Calendar, day: date) -> int:
    """Minutes that both work on a working day around that date, at the offsets of its noon in UTC."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    a_start, a_end = _minutes_utc(a, noon)
    b_start, b_end = _minutes_utc(b, noon)
    # Zones lie up to 26 hours apart, so yesterday's and tomorrow's hours of the one can meet today's of the other.
    shifts = (days * 24 * 60 for days in (-2, -1, 0, 1, 2))
    return sum(max(0, min(a_end, b_end + shift) - max(a_start, b_start + shift)) for shift in shifts)


def _minutes_utc(of: Calendar, noon: datetime) -> tuple[int, int]:
    """Start and end of working hours as minutes of the UTC day, below 0 and above 1440 where they spill over."""
    offset = noon.astimezone(of.zone).utcoffset() or timedelta()
    shift = int(offset.total_seconds()) // 60
    return minute_of(of.hours.start) - shift, minute_of(of.hours.end) - shift
