"""On which days does something repeat? The recurrence rules of RFC 5545 section 3.3.10, in bounded time.

Only the days of the wanted span are looked at, so that a rule without an end, or one that is never true, costs no
more than that; a rule that counts is followed from its beginning, within a budget.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import product

MOST_TIMES = 24
"""Times of one day at which a rule may repeat."""

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
_ONE_DAY = timedelta(days=1)


class Unread(ValueError):
    """Something of an event that we do not understand; the message is a fixed sentence, never the value."""


class Spent(Exception):
    """The work that one calendar may cost is done."""


class Frequency(StrEnum):
    """How often a rule looks again. What repeats within a day is no meeting, and not read."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(slots=True)
class Budget:
    """How many days may still be looked at: a count, not a clock, so that the same calendar ends the same way."""

    left: int

    def spend(self, steps: int = 1) -> None:
        """Count down.

        Raises:
            Spent: nothing is left.
        """
        self.left -= steps
        if self.left < 0:
            raise Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule; `until` is a date, a moment on the event's clock, or an aware one. Weekdays begin with Monday 0.

    `by_day` holds (n, weekday), n 0 for every one of them.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by_month: frozenset[int] = frozenset()
    by_month_day: frozenset[int] = frozenset()
    by_year_day: frozenset[int] = frozenset()
    by_day: frozenset[tuple[int, int]] = frozenset()
    by_position: frozenset[int] = frozenset()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    week_start: int = 0


def read_rule(text: str) -> Rule:
    """A rule such as `FREQ=WEEKLY;BYDAY=MO`.

    Raises:
        Unread: it is none, or one of those that no calendar of people writes.
    """
    parts: dict[str, str] = {}
    for part in text.strip().strip(";").upper().split(";"):
        name, sign, value = part.partition("=")
        if not sign or name in parts:
            raise Unread("a rule that is none")
        parts[name] = value
    if parts.get("FREQ") in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise Unread("a rule that repeats within a day")
    if parts.get("FREQ") not in Frequency.__members__ or set(parts) - _KNOWN:
        raise Unread("a rule of a kind that is not read")
    rule = Rule(
        frequency=Frequency(parts["FREQ"]),
        interval=_whole(parts.get("INTERVAL", "1"), 1, 10_000),
        count=_whole(parts["COUNT"], 1, 10**9) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        by_month=frozenset(_numbers(parts, "BYMONTH", 1, 12)),
        by_month_day=frozenset(_signed(parts, "BYMONTHDAY", 31)),
        by_year_day=frozenset(_signed(parts, "BYYEARDAY", 366)),
        by_day=_by_day(parts),
        by_position=frozenset(_signed(parts, "BYSETPOS", 366)),
        hours=_numbers(parts, "BYHOUR", 0, 23),
        minutes=_numbers(parts, "BYMINUTE", 0, 59),
        seconds=_numbers(parts, "BYSECOND", 0, 59),
        week_start=DAYS.index(_one_of(parts.get("WKST", "MO"))),
    )
    if max(len(rule.hours), 1) * max(len(rule.minutes), 1) * max(len(rule.seconds), 1) > MOST_TIMES:
        raise Unread("a rule that repeats within a day")
    return rule


_KNOWN = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY", "BYSETPOS"),
        *("BYHOUR", "BYMINUTE", "BYSECOND"),
    }
)


def _one_of(text: str) -> str:
    if text not in DAYS:
        raise Unread("a rule that is none")
    return text


def _whole(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\+?[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise Unread("a rule that is none")
    return int(text)


def _numbers(parts: Mapping[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(sorted({_whole(one, least, most) for one in parts[name].split(",")})) if name in parts else ()


def _signed(parts: Mapping[str, str], name: str, most: int) -> Iterator[int]:
    for one in parts[name].split(",") if name in parts else ():
        number = _whole(one.removeprefix("-"), 1, most)
        yield -number if one.startswith("-") else number


def _by_day(parts: Mapping[str, str]) -> frozenset[tuple[int, int]]:
    found = [_BY_DAY.fullmatch(one) for one in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    if not all(found):
        raise Unread("a rule that is none")
    return frozenset((int(one[1] or 0), DAYS.index(one[2])) for one in found if one)


def _until(text: str) -> date | datetime:
    found = _UNTIL.fullmatch(text)
    if not found:
        raise Unread("a rule that is none")
    try:
        day = datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007 -- a date has no zone
        if not found[2]:
            return day
        moment = datetime.combine(day, datetime.strptime(found[2], "%H%M%S").time())  # noqa: DTZ007 -- as above
    except ValueError as error:
        raise Unread("a rule that is none") from error
    return moment.replace(tzinfo=UTC) if found[3] else moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A rule that begins at `start`, a naive moment on the event's own clock; `utc` reads that clock."""

    rule: Rule
    start: datetime
    utc: Callable[[datetime], datetime]
    budget: Budget = field(repr=False)

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """When it repeats, in order: first <= moment < last, on the event's own clock.

        Raises:
            Spent: the budget is used up.
        """
        counted = 0
        for moment in self._moments(self.start if self.rule.count else max(first, self.start), last):
            if moment < self.start:
                continue
            counted += 1
            if moment >= last or self._over(moment) or (self.rule.count and counted > self.rule.count):
                return
            if moment >= first:
                yield moment

    def _over(self, moment: datetime) -> bool:
        until = self.rule.until
        if until is None:
            return False
        if not isinstance(until, datetime):
            return moment.date() > until
        return (self.utc(moment) if until.tzinfo else moment) > until

    def _moments(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Every moment of the periods that touch that span, in order."""
        rule, start = self.rule, self.start
        clock = product(
            rule.hours or (start.hour,), rule.minutes or (start.minute,), rule.seconds or (start.second,)
        )
        times = [time(*each) for each in clock]
        number = _period(rule, first.date()) - _period(rule, start.date())
        number -= number % rule.interval
        while (begins := _first_day(rule, _period(rule, start.date()) + number)) <= last.date():
            self.budget.spend()
            days = (day for day in self._candidates(begins) if _fits(rule, day))
            moments = [datetime.combine(day, each) for day in days for each in times]
            places = {one - 1 if one > 0 else len(moments) + one for one in rule.by_position}
            yield from (one for place, one in enumerate(moments) if not places or place in places)
            number += rule.interval

    def _candidates(self, begins: date) -> Iterator[date]:
        """The days of the period that begins then, but for those that the rule leaves out by month and number."""
        rule, start = self.rule, self.start
        plain = not (rule.by_month_day or rule.by_day or rule.by_year_day)
        if rule.frequency is Frequency.DAILY:
            yield begins
        elif rule.frequency is Frequency.WEEKLY:
            self.budget.spend(7)
            days = (begins + number * _ONE_DAY for number in range(7))
            yield from (day for day in days if rule.by_day or day.weekday() == start.weekday())
        elif rule.frequency is Frequency.MONTHLY:
            yield from self._of_month(begins, frozenset({start.day}) if plain else rule.by_month_day)
        else:
            months = rule.by_month or (frozenset({start.month}) if plain else frozenset(range(1, 13)))
            for month in sorted(months):
                first = begins.replace(month=month)
                yield from self._of_month(first, frozenset({start.day}) if plain else rule.by_month_day)

    def _of_month(self, first: date, numbers: frozenset[int]) -> Iterator[date]:
        length = monthrange(first.year, first.month)[1]
        found = {one if one > 0 else length + 1 + one for one in numbers} if numbers else range(1, length + 1)
        self.budget.spend(len(found))
        yield from (first.replace(day=one) for one in sorted(found) if 1 <= one <= length)


def _period(rule: Rule, day: date) -> int:
    """The number of the day, week, month or year that holds a day."""
    if rule.frequency is Frequency.DAILY:
        return day.toordinal()
    if rule.frequency is Frequency.WEEKLY:
        return (day.toordinal() - 1 - rule.week_start) // 7
    return day.year * 12 + day.month - 1 if rule.frequency is Frequency.MONTHLY else day.year


def _first_day(rule: Rule, number: int) -> date:
    """The first day of the period of that number."""
    if rule.frequency is Frequency.DAILY:
        return date.fromordinal(number)
    if rule.frequency is Frequency.WEEKLY:
        return date.fromordinal(number * 7 + 1 + rule.week_start)
    year, month = divmod(number, 12) if rule.frequency is Frequency.MONTHLY else (number, 0)
    return date(year, month + 1, 1)


def _fits(rule: Rule, day: date) -> bool:
    """Whether the rule holds on a day of one of its periods."""
    length = monthrange(day.year, day.month)[1]
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day and not {day.day, day.day - length - 1} & rule.by_month_day:
        return False
    days = 366 if monthrange(day.year, 2)[1] == 29 else 365  # noqa: PLR2004 -- the length of February
    of_year = day.timetuple().tm_yday
    if rule.by_year_day and not {of_year, of_year - days - 1} & rule.by_year_day:
        return False
    if not rule.by_day:
        return True
    if rule.frequency is Frequency.MONTHLY or (rule.frequency is Frequency.YEARLY and rule.by_month):
        which = {0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}
    elif rule.frequency is Frequency.YEARLY:
        which = {0, (of_year - 1) // 7 + 1, -((days - of_year) // 7 + 1)}
    else:
        return any(weekday == day.weekday() for _, weekday in rule.by_day)
    return any(number in which and weekday == day.weekday() for number, weekday in rule.by_day)
