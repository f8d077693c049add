"""What does HR's report say of newcomers? Tables of groups, which tell nothing of a small one.

Every table parts people into groups: newcomers by the month of their first day, answers by their form, newcomers
by how often they met. What may not be told is hidden here, before anybody draws or writes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from onboarding.domain.small_groups import gives_away, hidden, is_small, joined

PROMOTERS, DETRACTORS = 9, 6
"""From 9 on somebody recommends the company, up to 6 they advise against it (the usual bounds of eNPS)."""

CONNECTED = 0.75
"""Whoever answers in the upper quarter of a scale feels connected: 4 and 5 of 1 to 5."""

WAITS: tuple[tuple[str, int], ...] = (("0", 0), ("1-2", 2), ("3-7", 7), ("8-14", 14))
"""Name and longest wait, in calendar days, of each group but the last two."""

LONGER, UNKNOWN, NONE = "more", "unknown", "none"

AND = " + "
"""Between the names of groups that were joined."""


class Every(StrEnum):
    """How long the cohorts of a report are."""

    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group of a table, or the whole: so many people, and what is told of them.

    `people` is None when the group is hidden, and nothing is told of it then; and in a table that does not tell of
    how many people it is. Shares are parts of 1.
    """

    name: str
    people: int | None
    told: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_hidden(self) -> bool:
        """Whether nothing may be told of it."""
        return self.people is None and not self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of the report. `main` names what is drawn; `whole` is None where groups of people overlap.

    `of_people` says whether a line tells of how many people it is.
    """

    key: str
    main: str
    lines: tuple[Line, ...]
    whole: Line | None = None
    of_people: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is told of the newcomers with a first day in `first`..`last`, whole months.

    `newcomers` is None when there are fewer than five: then there are no parts. `forms` has the titles of forms.
    """

    first: date
    last: date
    every: Every
    newcomers: int | None
    parts: tuple[Part, ...]
    forms: Mapping[str, str] = field(default_factory=dict)

    def part(self, key: str) -> Part | None:
        """The table of that name."""
        return next((one for one in self.parts if one.key == key), None)


def whole_months(first: date, last: date) -> tuple[date, date]:
    """The months that a range touches, from end to end: no two reports differ by a few days only."""
    return first.replace(day=1), month_after(last, 1) - date.resolution


def last_year(today: date) -> tuple[date, date]:
    """The twelve months that end with that of `today`."""
    return month_after(today, -11), month_after(today, 1) - date.resolution


def month_after(day: date, count: int) -> date:
    """The first day of the month so many months later."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def cohort_of(day: date, every: Every) -> str:
    """Such as `2027-01` or `2027-Q1`."""
    return f"{day:%Y-%m}" if every is Every.MONTH else f"{day.year}-Q{(day.month + 2) // 3}"


def cohorts(first: date, last: date, every: Every) -> list[str]:
    """The cohorts of a range in the order of time, those without newcomers too."""
    months = [
        month_after(first, count) for count in range((last.year - first.year) * 12 + last.month - first.month + 1)
    ]
    return list(dict.fromkeys(cohort_of(month, every) for month in months))


def how_long(first_days: Iterable[date]) -> Every:
    """Months, unless most months that have newcomers have fewer than five of them."""
    sizes = Counter(cohort_of(day, Every.MONTH) for day in first_days).values()
    return Every.QUARTER if 2 * sum(map(is_small, sizes)) > len(sizes) else Every.MONTH


def table(key: str, main: str, lines: Sequence[Line], whole: Line, already: Collection[str] = ()) -> Part:
    """A table whose groups part the whole; small groups are hidden, and others with them.

    `already` are the names of groups that are hidden in another table of the same people.
    """
    before = {place for place, line in enumerate(lines) if line.name in already}
    gone = hidden([line.people or 0 for line in lines], before)
    if is_small(whole.people or 0) or gives_away([line.people or 0 for line in lines], gone):
        return Part(key=key, main=main, lines=tuple(map(hide, lines)), whole=hide(whole))
    shown = (hide(line) if place in gone else line for place, line in enumerate(lines))
    return Part(key=key, main=main, lines=tuple(shown), whole=whole)


def side_by_side(key: str, main: str, lines: Iterable[Line]) -> Part:
    """A table of groups that overlap, such as of two check-ins: without a whole to subtract from."""
    return Part(
        key=key, main=main, lines=tuple(hide(line) if is_small(line.people or 0) else line for line in lines)
    )


def hide(line: Line) -> Line:
    """The same group, with nothing told of it; of nobody there is nothing to hide."""
    return line if line.people == 0 else Line(name=line.name, people=None)


def counted(key: str, main: str, sizes: Mapping[str, int]) -> Part:
    """How many people each group has, and which part of all that is."""
    everybody = sum(sizes.values())
    lines = [Line(name=name, people=size, told=_share(size, everybody)) for name, size in sizes.items()]
    return table(key, main, lines, Line(name="all", people=everybody))


def spread(key: str, sizes: Mapping[str, int]) -> Part:
    """The same over groups that have an order: small ones are joined with their neighbours, as `1+2-3`."""
    names = list(sizes)
    groups = joined([*sizes.values()])
    by_name = {AND.join(names[one] for one in group): sum(sizes[names[one]] for one in group) for group in groups}
    return counted(key, "share", by_name)


def _share(size: int, everybody: int) -> dict[str, float]:
    return {"share": size / everybody} if everybody else {}


def rate(name: str, people: int, asked: int, answered: int) -> Line:
    """How many of the questions put about so many newcomers were answered."""
    return Line(
        name=name,
        people=people,
        told={"rate": answered / asked, "asked": asked, "answered": answered} if asked else {},
    )


def enps(name: str, scores: Sequence[int]) -> Line:
    """Promoters (9, 10) less detractors (0 to 6), in percentage points from -100 to 100."""
    promoters = sum(score >= PROMOTERS for score in scores)
    detractors = sum(score <= DETRACTORS for score in scores)
    told = {"enps": 100 * (promoters - detractors) / len(scores)} if scores else {}
    return Line(name=name, people=len(scores), told=told)


def connected(name: str, scores: Sequence[int], least: int, most: int) -> Line:
    """Which part feels connected, and the mean answer on the scale of the form."""
    bound = least + CONNECTED * (most - least)
    told = (
        {"share": sum(score >= bound for score in scores) / len(scores), "mean": sum(scores) / len(scores)}
        if scores
        else {}
    )
    return Line(name=name, people=len(scores), told=told)


def wait_of(days: int | None, *, may_have_met: bool) -> str:
    """The group of somebody who met the first person after so many days; None when nobody said so.

    Whoever had a meeting about which nobody answered may have met somebody: that is not known.
    """
    if days is None:
        return UNKNOWN if may_have_met else NONE
    return next((name for name, most in WAITS if days <= most), LONGER)


WAIT_NAMES = (*(name for name, _ in WAITS), LONGER, UNKNOWN, NONE)
