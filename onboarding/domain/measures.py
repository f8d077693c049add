"""How many meetings were planned and held: by kind, by buddy, by month of the first day, and per newcomer?

A meeting counts as held when somebody who was asked said so. One that nobody was asked about is not called held.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

SMALL = 5
"""A group of fewer newcomers is not told apart: what is said of it would be said of a person."""

FEWER = f"fewer than {SMALL}"

BUCKETS: tuple[tuple[str, int], ...] = (("0", 0), ("1", 1), ("2-3", 3), ("4-8", 8))
"""Name and largest number of meetings of each bucket but the last."""

MORE = "more"


class Became(StrEnum):
    """What became of a meeting, as far as anybody told us."""

    TO_COME = "to_come"  # not over yet, and nobody said anything
    HELD = "held"  # somebody who was asked said yes
    NOT_HELD = "not_held"  # somebody said no, nobody said yes
    UNANSWERED = "unanswered"  # asked, and no answer so far
    NOT_ASKED = "not_asked"  # over, and nobody was asked
    CANCELLED = "cancelled"  # called off before it began
    EXCHANGED = "exchanged"  # no meeting: they share no hour, and write to each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A meeting of a newcomer: `kind` is the key of its step, `day` its day on the newcomer's calendar.

    `wrote` is the day on which both had written, the newcomer and another, where they write instead of meeting.
    """

    hire_id: str
    kind: str
    people: tuple[str, ...]
    day: date
    became: Became
    wrote: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A hire to count: `started` says whether the first day has come, `buddies` who is or was their buddy."""

    id: str
    first_day: date
    started: bool
    buddies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Meetings counted: `planned` is all but the cancelled, `asked` the held, not held and unanswered.

    `exchanged` are those in whose place people write to each other; they are in no other number.
    """

    planned: int
    to_come: int
    asked: int
    held: int
    not_held: int
    unanswered: int
    not_asked: int
    cancelled: int
    exchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfBuddy:
    """One buddy: newcomers of the measured days, and the meetings with them."""

    person_id: str
    newcomers: int
    meetings: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The newcomers whose first day lies in a month such as `2027-01`.

    `newcomers` is "fewer than 5" for a small group, and nothing more is told of it. `without` are those who have
    begun and of whom no meeting is known to be held; "fewer than 5", too, unless it is 0. `days` is the median of
    days to the first meeting held, of at least five newcomers.
    """

    month: str
    newcomers: int | str
    meetings: Tally | None = None
    without: int | str | None = None
    days: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many newcomers who have begun had so many meetings: planned, held, and held with their buddy."""

    meetings: str
    planned: int
    held: int
    held_with_buddy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMeeting:
    """Calendar days from the first day to the first meeting held; the first day itself, and a day before it, is 0.

    `without` are those who have begun and of whom no meeting is known to be held.
    """

    newcomers: int
    median_days: float | None
    longest_days: int | None
    without: int


def tally(met: Iterable[Met]) -> Tally:
    """Count what became of meetings."""
    return tally_of(one.became for one in met)


def tally_of(became: Iterable[Became]) -> Tally:
    """Count meetings by what became of each."""
    count = Counter(became)
    asked = count[Became.HELD] + count[Became.NOT_HELD] + count[Became.UNANSWERED]
    return Tally(
        planned=asked + count[Became.TO_COME] + count[Became.NOT_ASKED],
        to_come=count[Became.TO_COME],
        asked=asked,
        held=count[Became.HELD],
        not_held=count[Became.NOT_HELD],
        unanswered=count[Became.UNANSWERED],
        not_asked=count[Became.NOT_ASKED],
        cancelled=count[Became.CANCELLED],
        exchanged=count[Became.EXCHANGED],
    )


def by_kind(met: Iterable[Met]) -> dict[str, Tally]:
    """Meetings by the key of their step."""
    kinds: dict[str, list[Met]] = defaultdict(list)
    for one in met:
        kinds[one.kind].append(one)
    return {kind: tally(theirs) for kind, theirs in kinds.items()}


def by_buddy(newcomers: Sequence[Newcomer], met: Mapping[str, Sequence[Met]]) -> list[OfBuddy]:
    """Every buddy with the meetings in which they were; the most meetings held first."""
    looks_after: dict[str, list[Newcomer]] = defaultdict(list)
    for newcomer in newcomers:
        for buddy in newcomer.buddies:
            looks_after[buddy].append(newcomer)
    found = [
        OfBuddy(
            person_id=buddy,
            newcomers=len(theirs),
            meetings=tally(one for hire in theirs for one in met.get(hire.id, ()) if buddy in one.people),
        )
        for buddy, theirs in looks_after.items()
    ]
    return sorted(found, key=lambda one: (-one.meetings.held, -one.meetings.planned, one.person_id))


def by_month(newcomers: Sequence[Newcomer], met: Mapping[str, Sequence[Met]]) -> list[Cohort]:
    """The cohorts in the order of time."""
    months: dict[str, list[Newcomer]] = defaultdict(list)
    for newcomer in newcomers:
        months[f"{newcomer.first_day:%Y-%m}"].append(newcomer)
    return [_cohort(month, months[month], met) for month in sorted(months)]


def _cohort(month: str, newcomers: Sequence[Newcomer], met: Mapping[str, Sequence[Met]]) -> Cohort:
    if len(newcomers) < SMALL:
        return Cohort(month=month, newcomers=FEWER)
    first = first_meeting(newcomers, met)
    return Cohort(
        month=month,
        newcomers=len(newcomers),
        meetings=tally(one for newcomer in newcomers for one in met.get(newcomer.id, ())),
        without=FEWER if 0 < first.without < SMALL else first.without,
        days=first.median_days if first.newcomers >= SMALL else None,
    )


def buckets(newcomers: Sequence[Newcomer], met: Mapping[str, Sequence[Met]]) -> list[Bucket]:
    """How many of those who have begun had 0, 1, 2-3, 4-8 or more meetings."""
    planned: Counter[str] = Counter()
    held: Counter[str] = Counter()
    with_buddy: Counter[str] = Counter()
    for newcomer in newcomers:
        if newcomer.started:
            theirs = met.get(newcomer.id, ())
            happened = [one for one in theirs if one.became is Became.HELD]
            planned[bucket_of(tally(theirs).planned)] += 1
            held[bucket_of(len(happened))] += 1
            with_buddy[bucket_of(sum(not newcomer.buddies.isdisjoint(one.people) for one in happened))] += 1
    return [
        Bucket(meetings=name, planned=planned[name], held=held[name], held_with_buddy=with_buddy[name])
        for name in (*(name for name, _ in BUCKETS), MORE)
    ]


def bucket_of(count: int) -> str:
    """The bucket of a number of meetings."""
    return next((name for name, most in BUCKETS if count <= most), MORE)


def first_contact(first_day: date, met: Iterable[Met]) -> int | None:
    """Calendar days until the newcomer first met or wrote with somebody; None when that is not known, or not so.

    A day before the first one is 0, too.
    """
    days = [one.wrote or one.day for one in met if one.wrote or one.became is Became.HELD]
    return max(0, (min(days) - first_day).days) if days else None


def may_have_met(met: Iterable[Met], today: date) -> bool:
    """Whether a meeting was due of which nobody said that it took place, or that it did not."""
    return any(one.became in (Became.UNANSWERED, Became.NOT_ASKED) and one.day <= today for one in met)


def first_meeting(newcomers: Collection[Newcomer], met: Mapping[str, Sequence[Met]]) -> FirstMeeting:
    """How long it took until newcomers first met somebody; those who have not begun are left out."""
    started = [one for one in newcomers if one.started]
    days = [
        max(0, (min(held) - newcomer.first_day).days)
        for newcomer in started
        if (held := [one.day for one in met.get(newcomer.id, ()) if one.became is Became.HELD])
    ]
    return FirstMeeting(
        newcomers=len(days),
        median_days=median(days) if days else None,
        longest_days=max(days, default=None),
        without=len(started) - len(days),
    )
