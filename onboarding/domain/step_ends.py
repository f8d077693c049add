"""What became of the steps about newcomers, as a table that tells nothing of fewer than five of them?

The groups of this table overlap: every newcomer has steps in several of them. How many people a group is about is
therefore not told, only how many steps: the number of everybody less that of a group would be a group too, of
those who have no such step. What is left to subtract is the number of steps: all of them less those that are
shown are those that are not. So groups of fewer than five newcomers are joined with others; where nothing is left
to join, two groups are hidden, and what both have is of five newcomers at least.

What is done in time is the figure that the table is for: it is joined with nothing, and hidden only when it, or
everything else together, is of fewer than five newcomers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from onboarding.domain.delivery import GONE, Ended, State
from onboarding.domain.report import AND, Line, Part
from onboarding.domain.small_groups import is_small

IN_TIME, LATE, NOT_THROUGH = "in_time", "late", "not_through"
ORDER = (IN_TIME, LATE, NOT_THROUGH)
"""How a step ends that was not skipped."""

SKIPPED = "skipped"
"""All that was skipped, for whatever reason; `skipped:no_slot` is that of one reason."""

OTHER = f"{SKIPPED}:other"
"""Several reasons, beside others that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Steps that ended in one of these ways, and the newcomers whom they are about."""

    names: tuple[str, ...]
    people: frozenset[str]
    steps: int

    @property
    def is_small(self) -> bool:
        return is_small(len(self.people))

    @property
    def place(self) -> tuple[int, int, tuple[str, ...]]:
        """Where its row stands: what was not skipped first, then the most steps."""
        return min((ORDER.index(one) for one in self.names if one in ORDER), default=3), -self.steps, self.names

    @property
    def kind(self) -> str:
        """Whether all of it was skipped, or nothing; "" for both."""
        kinds = {one.partition(":")[0] == SKIPPED for one in self.names}
        return "" if len(kinds) > 1 else SKIPPED if True in kinds else "through"


def table(ended: Iterable[Ended]) -> Part:
    """How many steps ended in which way, and which part of all steps that is."""
    groups = _groups(ended)
    shown = [one for one in groups if one.names == (IN_TIME,)]
    shown += _joined([one for one in groups if one not in shown])
    shown.sort(key=lambda one: one.place)
    everything = sum(one.steps for one in groups)
    people = frozenset[str]().union(*(one.people for one in groups))
    whole = Line(name="all", people=None, told={"steps": everything} if everything else {})
    gone = shown if is_small(len(people)) else _hidden(shown)
    lines = [_line(name, one, everything, is_hidden=one in gone) for name, one in _named(shown)]
    if is_small(len(people)):
        whole = Line(name="all", people=None)
    return Part(key="steps", main="share", lines=tuple(lines), whole=whole, of_people=False)


def became(one: Ended) -> str:
    """The group of a step, by how it ended: `in_time`, `late`, `not_through` or such as `skipped:no_slot`."""
    if one.state in GONE - {State.UNKNOWN} or one.state is State.DONE:
        return IN_TIME if one.in_time else LATE
    return f"{SKIPPED}:{one.why}" if one.state is State.SKIPPED else NOT_THROUGH


def _groups(ended: Iterable[Ended]) -> list[_Group]:
    people: dict[str, set[str]] = defaultdict(set)
    steps: dict[str, int] = defaultdict(int)
    for one in ended:
        people[became(one)].add(one.hire_id)
        steps[became(one)] += one.deliveries
    return [_Group(names=(name,), people=frozenset(people[name]), steps=steps[name]) for name in sorted(people)]


def _joined(groups: Sequence[_Group]) -> list[_Group]:
    """The groups, joined until none is small: with one of their kind before another, a small one before others."""
    found = [*groups]
    while len(found) > 1 and (small := [one for one in found if one.is_small]):
        least = min(small, key=lambda one: one.steps)
        found.remove(least)
        mate = min(found, key=lambda one: (one.kind != least.kind, not one.is_small, one.steps))
        found.remove(mate)
        names = tuple(sorted((*least.names, *mate.names), key=lambda one: (one not in ORDER, one)))
        found.append(_Group(names=names, people=least.people | mate.people, steps=least.steps + mate.steps))
    return found


def _hidden(groups: Sequence[_Group]) -> list[_Group]:
    """Those that are small, and another with a small one: alone it would be all less what is shown."""
    gone = [one for one in groups if one.is_small]
    rest = [one for one in groups if one not in gone]
    return [*gone, min(rest, key=lambda one: one.steps)] if len(gone) == 1 and rest else gone


def _named(groups: Sequence[_Group]) -> Iterator[tuple[str, _Group]]:
    """Each with its name: several reasons have one together, that of all if no other reason is named."""
    reasons = sum(one.kind != "through" for one in groups)
    for one in groups:
        skipped = [name for name in one.names if name.startswith(SKIPPED)]
        names = [name for name in one.names if name not in skipped]
        if len(skipped) > 1:
            skipped = [OTHER if reasons > 1 else SKIPPED]
        yield AND.join((*names, *skipped)), one


def _line(name: str, group: _Group, everything: int, *, is_hidden: bool) -> Line:
    told = {} if is_hidden else {"share": group.steps / everything, "steps": group.steps}
    return Line(name=name, people=None, told=told)
