"""When is somebody busy within a span, as their calendar has it?

The hours are those that are meant: each event in its own zone, what has none in that of the owner. Whatever cannot
be understood is left out and counted with a reason; a calendar that is cut off, or costs too much, is refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from onboarding.domain.errors import BadRecord
from onboarding.domain.ical.events import (
    Event,
    Length,
    Taken,
    When,
    period_length,
    read_event,
)
from onboarding.domain.ical.lines import Component, read_calendars
from onboarding.domain.ical.rules import Budget, Repetition, Spent, Unread
from onboarding.domain.ical.zones import DescribedZone, NamedZone, Zone, wall_clock, zone_named
from onboarding.domain.slots import Busy

WORK = 500_000
"""Days of rules that one calendar may cost: about two seconds."""
MOST = 5_000
"""Busy times within one span; more is no calendar of a person."""
MARGIN = timedelta(days=2)
"""Clocks of zones differ by 26 hours at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """Busy times in order (UTC), and how many events were left out, by reason; nothing of what they are about."""

    busy: tuple[Busy, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)


def nobody(uid: str) -> bool:
    """No event is one of ours."""
    _ = uid
    return False


def busy_times(
    raw: bytes,
    *,
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    owner: Collection[str] = (),
    ours: Callable[[str], bool] = nobody,
) -> Expanded:
    """When the owner of a calendar is busy, cut to start..end (aware).

    `zone` is the owner's, in which whole days and times without a zone count; `owner` are their addresses in small
    letters, whose declined invitations are free. Events of whose UID `ours` is true are left out: we know them.

    Raises:
        TooLarge: more than 10 MB.
        BadRecord: it is no calendar, is cut off, or costs too much to expand.
    """
    around = _Around(
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        owner=frozenset(owner),
        zone=NamedZone(zone),
        ours=ours,
    )
    return _expanded(around, read_calendars(raw))


def busy_times_of_parts(
    parts: Iterable[bytes],
    *,
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    owner: Collection[str] = (),
    ours: Callable[[str], bool] = nobody,
) -> Expanded:
    """As `busy_times`, of a calendar that comes as one text for each event; one that is broken is left out."""
    around = _Around(
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        owner=frozenset(owner),
        zone=NamedZone(zone),
        ours=ours,
    )
    calendars: list[Component] = []
    for raw in parts:
        try:
            calendars += read_calendars(raw)
        except BadRecord:
            around.ignored["an event that cannot be read"] += 1
    return _expanded(around, calendars)


def _expanded(around: _Around, calendars: Iterable[Component]) -> Expanded:
    try:
        for calendar in calendars:
            _Reader(around=around, calendar=calendar).read()
    except Spent as error:
        raise BadRecord("the calendar takes too long to expand") from error
    return Expanded(busy=_merged(around.found), ignored=dict(around.ignored))


@dataclass(slots=True, kw_only=True)
class _Around:
    """What is wanted, and what was found."""

    start: datetime
    end: datetime
    owner: frozenset[str]
    zone: NamedZone
    ours: Callable[[str], bool]
    budget: Budget = field(default_factory=lambda: Budget(WORK))
    found: list[tuple[datetime, datetime, bool]] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)

    def add(self, begins: datetime, ends: datetime, taken: Taken) -> None:
        """Note a time that is taken, as far as it lies within the span."""
        begins, ends = max(begins, self.start), min(ends, self.end)
        if taken is Taken.NO or begins >= ends:
            return
        self.found.append((begins, ends, taken is Taken.PERHAPS))
        if len(self.found) > MOST:
            raise BadRecord("the calendar holds too many times for the span")


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads one VCALENDAR, whose zones count in it alone."""

    around: _Around
    calendar: Component
    zones: dict[str, Zone | None] = field(default_factory=dict)
    own: dict[str, Component] = field(init=False)

    def __post_init__(self) -> None:
        """Find the calendar's own zones once: each event may name another one."""
        described = (part for part in self.calendar.parts if part.name == "VTIMEZONE")
        named = [(line.value.strip(), part) for part in described if (line := part.first("TZID"))]
        self.own = dict(reversed(named))  # of two with the same name the first counts

    def read(self) -> None:
        """Note all busy times."""
        series: dict[str, list[Event]] = defaultdict(list)
        for component in self.calendar.parts:
            self.around.budget.spend()
            try:
                if component.name == "VEVENT":
                    event = read_event(component, self.zone, self.around.owner)
                    series[event.uid].append(event)
                elif component.name == "VFREEBUSY":
                    self.free_busy(component)
            except (Unread, OverflowError) as error:
                self.around.ignored[_reason(error)] += 1
        for uid, events in series.items():
            if not self.around.ours(uid):
                self.series(events)

    def zone(self, name: str) -> Zone:
        """The zone of a TZID: by its name, else as this calendar describes it."""
        if not name:
            return self.around.zone
        if name not in self.zones:
            self.zones[name] = zone_named(name) or self.described(name)
        found = self.zones[name]
        if found is None:
            raise Unread("a time zone that nobody knows")
        return found

    def described(self, name: str) -> Zone | None:
        """The zone as this calendar describes it."""
        try:
            return DescribedZone(self.own[name], self.around.budget) if name in self.own else None
        except Unread:
            return None

    def free_busy(self, component: Component) -> None:
        """A published list of busy times (RFC 5545 section 3.6.4), which are always in UTC."""
        if component.spoiled:
            raise Unread("a list of busy times that cannot be read")
        for line in component.of("FREEBUSY"):
            kind = line.parameters.get("FBTYPE", "BUSY").upper()
            taken = {"FREE": Taken.NO, "BUSY-TENTATIVE": Taken.PERHAPS}.get(kind, Taken.YES)
            for text in line.value.split(",") if taken is not Taken.NO else ():
                begins, _, rest = text.strip().partition("/")
                when = _in_utc(begins)
                self.around.add(when.utc, period_length(when, rest, _in_utc).end(when), taken)

    def series(self, events: list[Event]) -> None:
        """All events of one UID: the times of a repeated one, each of which may have been changed."""
        changed: dict[datetime, Event] = {}
        for event in sorted(events, key=lambda one: one.sequence):
            if event.instead_of is not None:
                changed[event.instead_of.utc] = event
                if event.from_then_on:
                    self.around.ignored["a change of all times from one on, of which the first was taken"] += 1
        instead = (one.instead_of for one in changed.values())
        days = {when.wall.date() for when in instead if when and when.whole_day}
        for event in events:
            if event.instead_of is None:
                try:
                    self.repeated(event, changed, days)
                except (Unread, OverflowError) as error:
                    self.around.ignored[_reason(error)] += 1
        for event in changed.values():
            self.around.add(event.starts.utc, event.length.end(event.starts), event.taken)

    def repeated(self, event: Event, changed: Mapping[datetime, Event], changed_days: Collection[date]) -> None:
        """Note each time of an event, but for those that were taken out or changed."""
        left_out = {when.utc for when in event.without if not when.whole_day}
        days = {when.wall.date() for when in event.without if when.whole_day}
        seen: set[datetime] = set()
        for when, length in self.times(event):
            begins = when.utc
            if begins in seen or begins in left_out or begins in changed:
                continue
            if when.wall.date() in days or when.wall.date() in changed_days:
                continue
            seen.add(begins)
            self.around.add(begins, length.end(when), event.taken)

    def times(self, event: Event) -> Iterator[tuple[When, Length]]:
        """When an event begins around the span, the same time perhaps twice."""
        if event.taken is Taken.NO:
            return
        yield event.starts, event.length
        yield from event.further
        first = self.around.start.replace(tzinfo=None) - MARGIN - event.length.most
        last = self.around.end.replace(tzinfo=None) + MARGIN
        for rule in event.rules:
            repetition = Repetition(
                rule=rule, start=event.starts.wall, utc=event.starts.zone.utc, budget=self.around.budget
            )
            for wall in repetition.between(first, last):
                yield event.starts.at(wall), event.length


def _in_utc(text: str) -> When:
    zone = zone_named("UTC")
    if zone is None or not text.strip().upper().endswith("Z"):
        raise Unread("a time that is none")
    return When(wall=wall_clock(text.strip().upper()[:-1]), zone=zone)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Unread) else "a time that is none"


def _merged(found: list[tuple[datetime, datetime, bool]]) -> tuple[Busy, ...]:
    """What touches becomes one, the sure and the tentative apart: it does not tell which events there were."""
    merged: list[Busy] = []
    for tentative in (False, True):
        begins: datetime | None = None
        ends = begins
        for start, end, _ in sorted(one for one in found if one[2] is tentative):
            if begins is None or ends is None or start > ends:
                if begins is not None and ends is not None:
                    merged.append(Busy(start=begins, end=ends, tentative=tentative))
                begins, ends = start, end
            else:
                ends = max(ends, end)
        if begins is not None and ends is not None:
            merged.append(Busy(start=begins, end=ends, tentative=tentative))
    return tuple(sorted(merged, key=lambda one: (one.start, one.end, one.tentative)))
