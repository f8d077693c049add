"""Which days and hours does one person work, and when is a local time real?"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from onboarding.domain.errors import BadRecord
from onboarding.domain.journey import Count, Span, Unit
from onboarding.domain.office_days import NO_OFFICE, OfficeDays
from onboarding.domain.people import Person, WorkingHours

ONE_DAY = timedelta(days=1)
NIGHT = (6 * 60, 22 * 60)
"""Local minutes: no hours stretch into the night before or after these."""
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One person's working days and hours.

    `zone` is theirs, `hours` are local; `country` and `subdivision` (ISO 3166, or "") decide the days off, where
    their `office` says nothing else.
    Every moment that comes in must be aware (else ValueError), every moment that goes out is UTC.
    """

    zone: ZoneInfo
    hours: WorkingHours
    country: str = ""
    subdivision: str = ""
    office: OfficeDays = NO_OFFICE

    @staticmethod
    def of(person: Person, office: OfficeDays = NO_OFFICE) -> Calendar:
        """The calendar of somebody in the directory; equal facts share one object.

        Without an office it tells hours and dates rightly, and days off as far as the country decides them. Where
        these matter, ask `Offices.calendar_of`.

        Raises:
            BadRecord: when the time zone is no IANA name.
        """
        return _calendar(person.time_zone, person.working_hours, person.country, person.subdivision, office)

    def is_working_day(self, day: date) -> bool:
        """Whether it is neither weekend nor a public holiday where they live, or their office works on it."""
        days = self._working_days(day.year)
        index = bisect_left(days, day)
        return index < len(days) and days[index] == day

    def working_day(self, day: date, n: int) -> date:
        """The day itself or the next working day (n = 0), the n-th after that one, or the |n|-th before `day`."""
        year = day.year
        days = self._working_days(year)
        index = bisect_left(days, day) + n
        while index >= len(days):
            index -= len(days)
            year += 1
            days = self._working_days(year)
        while index < 0:
            year -= 1
            days = self._working_days(year)
            index += len(days)
        return days[index]

    def moment(self, day: date, at: time) -> datetime:
        """A naive local time made real, in UTC.

        PEP 495 with fold = 0: a time that the clocks skip moves on by the length of the gap (02:30 becomes
        03:30), and of a time that comes twice the first is meant.
        """
        if at.tzinfo is not None:
            raise ValueError("a local time carries no zone of its own")
        return datetime.combine(day, at.replace(fold=0), tzinfo=self.zone).astimezone(UTC)

    def at_work(self, day: date, at: time) -> datetime:
        """That local time moved into working hours: early becomes the start, late half an hour before the end."""
        start, end = self.hours.start, self.hours.end
        if at >= end:
            at = max(start, _earlier(end))
        moment = self.moment(day, max(start, at))
        # The clocks may have skipped what was left of short hours in the night; then the start is what remains.
        return moment if self._in_hours(moment) else self.moment(day, start)

    def is_working(self, moment: datetime) -> bool:
        """Whether their clock shows working hours of a working day at that moment."""
        return self._in_hours(moment) and self.is_working_day(self.day_of(moment))

    def next_working(self, moment: datetime) -> datetime:
        """The moment itself when they are working, else the next start of their working hours."""
        if self.is_working(moment):
            return moment.astimezone(UTC)
        day = self.working_day(self.day_of(moment), 0)
        while (start := self.moment(day, self.hours.start)) <= moment or not self.is_working(start):
            day = self.working_day(day + ONE_DAY, 0)
        return start

    def add(self, moment: datetime, span: Span) -> datetime:
        """That much later, in UTC.

        Hours are real hours. Days and weeks keep the local time of day. Working days do so too, and count as
        `working_day` does: one working day after a Saturday is Tuesday.
        """
        local = _aware(moment).astimezone(self.zone)
        if span.unit is Unit.HOURS:
            return moment.astimezone(UTC) + timedelta(hours=span.count)
        if span.unit is Unit.WORKING_DAYS:
            day = self.working_day(local.date(), span.count)
        else:
            day = local.date() + span.count * (ONE_DAY if span.unit is Unit.DAYS else 7 * ONE_DAY)
        return moment.astimezone(UTC) if day == local.date() else self.moment(day, local.time())

    def day_of(self, moment: datetime) -> date:
        """The local date at that moment."""
        return _aware(moment).astimezone(self.zone).date()

    def window(self, day: date) -> tuple[datetime, datetime] | None:
        """Start and end (UTC) of their working hours on that day; None on a day off.

        Where the clocks change inside the first or last hour, the shorter reading counts: a time inside the
        window is inside the hours by any clock.
        """
        if not self.is_working_day(day):
            return None
        return _window(self.zone, self.hours, day)

    def stretched(self, before: int, after: int) -> Calendar:
        """The same with hours that are so many minutes longer at either end, and never reach into the night."""
        if not before and not after:
            return self
        return replace(self, hours=stretched(self.hours, before, after))

    def _working_days(self, year: int) -> tuple[date, ...]:
        return _working_days(self.country, self.subdivision, self.office, year)

    def _in_hours(self, moment: datetime) -> bool:
        return self.hours.start <= _aware(moment).astimezone(self.zone).time() < self.hours.end


def get_ready() -> None:
    """Load the holidays of all countries, before somebody waits for it: that takes a tenth of a second."""
    import holidays.countries  # noqa: F401, PLC0415 -- `onboarding --help` does not have that time


def day_of_step(step_day: int, count: Count, first_day: date, calendar: Calendar, week: int | None) -> date:
    """The working day, for that person, on which a step of the journey falls.

    Day 1 is the first day moved to a working day, 2 the next one, -5 five working days before the first day.
    With the calendar count, N is N days after the first day, moved on to a working day (a negative N moves
    back, so that "before" stays before). With a week, the count starts at the first day of that week of the
    journey.

    Raises:
        ValueError: for day 0, which no journey has, and for a week below 1.
    """
    if step_day == 0:
        raise ValueError("a journey has no day 0: 1 is the first day, -1 the working day before")
    if week is not None and week < 1:
        raise ValueError(f"the weeks of a journey start at 1, not at {week}")
    base = first_day + timedelta(weeks=week - 1) if week else first_day
    if count is Count.WORKING:
        return calendar.working_day(base, step_day - 1 if step_day > 0 else step_day)
    day = base + timedelta(days=step_day)
    return calendar.working_day(day, 0) if step_day > 0 else calendar.working_day(day + ONE_DAY, -1)


def minute_of(at: time) -> int:
    """Minutes since midnight."""
    return at.hour * 60 + at.minute


@lru_cache(maxsize=4096)
def _calendar(time_zone: str, hours: WorkingHours, country: str, subdivision: str, office: OfficeDays) -> Calendar:
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:  # a folder such as "America" is an OSError
        raise BadRecord(f"time_zone: {time_zone!r} is not an IANA time zone such as Asia/Manila") from error
    return Calendar(zone=zone, hours=hours, country=country, subdivision=subdivision, office=office)


@lru_cache(maxsize=4096)
def stretched(hours: WorkingHours, before: int, after: int) -> WorkingHours:
    """Hours that are so many minutes longer at either end, and never reach into the night."""
    start, end = minute_of(hours.start), minute_of(hours.end)
    earliest = max(start - before, min(start, NIGHT[0]))
    latest = min(end + after, max(end, NIGHT[1]))
    return WorkingHours(
        start=_clock(earliest) if earliest < start else hours.start,  # seconds of theirs stay
        end=_clock(latest) if latest > end else hours.end,
    )


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


@lru_cache(maxsize=16384)
def _window(zone: ZoneInfo, hours: WorkingHours, day: date) -> tuple[datetime, datetime] | None:
    start, end = max(_readings(zone, day, hours.start)), min(_readings(zone, day, hours.end))
    return (start, end) if start < end else None


def _readings(zone: ZoneInfo, day: date, at: time) -> tuple[datetime, datetime]:
    """Both readings (UTC) of a local time (PEP 495); they differ only where the clocks change."""
    local = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


@lru_cache(maxsize=4096)
def _working_days(country: str, subdivision: str, office: OfficeDays, year: int) -> tuple[date, ...]:
    """Every working day of a year, in order: those of an office where it says so, else those of the country.

    Weekends are those of the country at that date (the Emirates moved theirs in 2022). A Saturday that a country
    works to make up for a long holiday stays a day off: a mail that waits two days harms nobody.
    """
    first = date(year, 1, 1)
    days = [first + n * ONE_DAY for n in range((date(year + 1, 1, 1) - first).days)]
    known, weekend = _holidays(country, subdivision, year), office.weekend

    def works(day: date) -> bool:
        said = office.works(day)
        if said is not None:
            return said
        if weekend is not None:
            off = day.weekday() in weekend
        else:
            off = day.weekday() >= SATURDAY if known is None else known.is_weekend(day)
        return not off and (known is None or day not in known)

    return tuple(filter(works, days))


def _holidays(country: str, subdivision: str, year: int) -> holidays.HolidayBase | None:
    """The public holidays of that year, of the country where the part is unknown, None where both are."""
    if country and subdivision:
        try:
            return holidays.country_holidays(country, subdiv=subdivision, years=year)
        except NotImplementedError:
            return _holidays(country, "", year)
    try:
        return holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return None


def _earlier(end: time) -> time:
    """Half an hour before that time of day; midnight where there is no half hour before it."""
    return _clock(max(0, minute_of(end) - 30))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone says nothing about anybody's working hours")
    return moment
