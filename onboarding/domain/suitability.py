"""Who may have a role for a hire, and how well does each suit?

The same points are counted twice: here on columns of people, to choose; in `reasons.py` for one pair, to say why.
So are the rules: `rules.py` looks at one pair again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from onboarding.domain.alike import craft, likings, tongues
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.crowd import UNKNOWN, Crowd, Flags, Numbers, Places, digests
from onboarding.domain.matching_weights import COUNTED_HOURS, COUNTED_INTERESTS, COUNTED_YEARS
from onboarding.domain.min_cost import Costs
from onboarding.domain.preferences import FIRST_DAYS
from onboarding.domain.rules import least_level

Codes: TypeAlias = NDArray[np.uint8]

YEAR = 365
NO_DAY = 0  # before every day: an unknown start was long ago, and a pause that nobody asked for is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How points become costs: times `factor`, and `tie_bits` below it decide between equals."""

    factor: int = 1
    tie_bits: int = 0


ALONE = Scale(factor=1 << 20, tie_bits=20)
"""For one hire at a time, whose costs are never added up."""


class Suitability:
    """The people of a directory as they suit a role; whoever can take nobody at all stands at the end.

    `able` is how many stand before them.
    """

    def __init__(self, wanted: Wanted, colleagues: Iterable[Colleague], chains: Chains) -> None:
        self.wanted, self._chains = wanted, chains
        self.colleagues = sorted(colleagues, key=lambda one: (self._fixed(one) is not Rule.MAY, one.person.id))
        self.fixed: Codes = np.array([self._fixed(one) for one in self.colleagues], dtype=np.uint8)
        self.able = int(np.count_nonzero(self.fixed == Rule.MAY))
        people = [one.person for one in self.colleagues]
        self.crowd = Crowd(people, [one.preferences for one in self.colleagues])
        self._room: Numbers = np.array([one.room(wanted.capacity) for one in self.colleagues], dtype=np.int32)
        self.load: Numbers = np.array([one.load for one in self.colleagues], dtype=np.int32)
        self._start: Numbers = _days(person.start_date for person in people)
        self._level: Numbers = np.array([person.seniority for person in people], dtype=np.int32)
        self._paused: Numbers = _days(one.preferences.paused_until for one in self.colleagues)
        self._away = _Absences(self.colleagues)
        self._excluded_by: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self.colleagues):
            for excluded in one.preferences.excluded:
                self._excluded_by[excluded].append(place)

    def _fixed(self, colleague: Colleague) -> Rule:
        """What stands between somebody and every hire."""
        if not colleague.person.active:
            return Rule.LEFT
        if colleague.person.opted_out or self.wanted.role in colleague.preferences.opted_out:
            return Rule.OPTED_OUT
        return Rule.MAY if colleague.room(self.wanted.capacity) else Rule.FULL

    def carry(self, loads: Mapping[str, int]) -> None:
        """Take these loads for those of everybody; only for people who came without any."""
        places = self.crowd.places_of(loads)
        self.load[:] = 0
        self.load[places] = [load for one, load in loads.items() if one in self.crowd.place]
        full = self.load[: self.able] >= self._room[: self.able]
        self.fixed[: self.able] = np.where(full, Rule.FULL, Rule.MAY)

    def _rules(self, need: Need, count: int) -> Iterator[tuple[Rule, Flags | Places]]:
        """Whom each rule takes from the first `count` people, as flags or places; a later rule counts more."""
        crowd, wanted, hire = self.crowd, self.wanted, need.hire
        yield Rule.FULL, self.fixed[:count] == Rule.FULL
        yield Rule.PAUSED, self._paused[:count] > need.day.toordinal()
        yield Rule.AWAY, _below(self._away.within(need.day, FIRST_DAYS), count)
        too_few = crowd.shifts.allowed(hire, need.preferences, need.day) < wanted.weights.least_shared_minutes
        yield Rule.FEW_HOURS, too_few[crowd.shift[:count]]
        if wanted.other_department and (mine := crowd.department.number(hire.department)) != UNKNOWN:
            yield Rule.SAME_DEPARTMENT, crowd.department.column[:count] == mine
        if needed := least_level(hire, wanted):
            level = self._level[:count]
            yield Rule.TOO_JUNIOR, (level != UNKNOWN) & (level < needed)
        newest = need.day - timedelta(days=wanted.weights.least_tenure_days)
        yield Rule.TOO_NEW, self._start[:count] > newest.toordinal()
        taken = crowd.places_of({*need.taken, *need.preferences.excluded})
        yield Rule.TAKEN, _below([*taken, *self._excluded_by.get(hire.id, ())], count)
        yield Rule.IN_LINE, _below(crowd.places_of(self._chains.of(hire.id)), count)
        yield Rule.OPTED_OUT, self.fixed[:count] == Rule.OPTED_OUT
        yield Rule.LEFT, self.fixed[:count] == Rule.LEFT
        yield Rule.SELF, _below(crowd.places_of([hire.id]), count)

    def _eligible(self, need: Need) -> Places:
        """Whom no rule takes away, in order."""
        may = np.ones(self.able, dtype=np.bool_)
        for _, who in self._rules(need, self.able):
            if who.dtype == np.bool_:
                may &= ~cast("Flags", who)  # five times as fast as the line below, which does the same
            else:
                may[who] = False
        return np.flatnonzero(may)

    def ruled_out(self, need: Need) -> Counter[Rule]:
        """How many of the directory each rule takes away."""
        counts = np.bincount(self._codes(need), minlength=Rule.MAY + 1)
        return Counter({rule: int(counts[rule]) for rule in Rule if counts[rule]})

    def colleague(self, person_id: str) -> Colleague:
        """Somebody of the directory."""
        return self.colleagues[self.crowd.place[person_id]]

    def rule_of(self, need: Need, person_id: str) -> Rule:
        """What stands between somebody of the directory and the hire; MAY when nothing does."""
        return Rule(int(self._codes(need)[self.crowd.place[person_id]]))

    def _codes(self, need: Need) -> Codes:
        codes: Codes = np.full(len(self.colleagues), Rule.MAY, dtype=np.uint8)
        for rule, who in self._rules(need, len(codes)):
            codes[who] = rule
        return codes

    def scores(self, need: Need) -> Numbers:
        """The points of everybody who is able, without their load."""
        crowd, weights, hire, able = self.crowd, self.wanted.weights, need.hire, self.able
        hours = np.minimum(crowd.shifts.hours(hire, need.preferences, need.day), COUNTED_HOURS)
        score = (np.int32(weights.shared_hour) * hours)[crowd.shift[:able]]
        speaks = crowd.tongues.any_of(tongues(hire, need.preferences))[:able]
        score += np.int32(weights.language) * speaks
        score += np.int32(weights.interest) * np.minimum(self._shared_interests(need), COUNTED_INTERESTS)
        for same, other, words, text in (
            (weights.same_department, weights.other_department, crowd.department, hire.department),
            (weights.same_team, weights.other_team, crowd.team, hire.team),
            (weights.same_location, 0, crowd.location, hire.location),
            (weights.same_craft, 0, crowd.craft, craft(hire)),
        ):
            words.add_points(score, text, same, other)
        if weights.tenure_year:
            score += np.int32(weights.tenure_year) * self._years(need.day)
        score[_below(crowd.places_of(need.chosen), able)] += weights.stay
        for one in need.beside if weights.mixed else ():
            alike: Numbers = np.zeros(able, dtype=np.int32)
            crowd.department.add_points(alike, one.department, 1, 0)
            crowd.team.add_points(alike, one.team, 1, 0)
            alike[_below(crowd.places_of([one.id]), able)] = 0
            score -= np.int32(weights.mixed) * alike
        return score

    def costs(self, need: Need, scale: Scale) -> tuple[Places, Costs]:
        """Who may have the role for the hire, in order, and what each would cost: never less than 0."""
        places, short = self._short(need)
        return places, self._costs(need, places, short, scale)

    def cheapest(self, need: Need, scale: Scale, most: int) -> tuple[Places, Costs, bool]:
        """The same for so many who cost least, and whether they are all there are."""
        places, short = self._short(need)
        if len(places) <= most:
            return places, self._costs(need, places, short, scale), True
        near = short <= np.partition(short, most - 1)[most - 1]
        places, costs = places[near], self._costs(need, places[near], short[near], scale)
        kept = np.sort(np.argsort(costs, kind="stable")[:most])
        return places[kept], costs[kept], False

    def _short(self, need: Need) -> tuple[Places, Numbers]:
        """Who may have the role for the hire, in order, and how many points they are short of the best."""
        places = self._eligible(need)
        weights = self.wanted.weights
        return places, (weights.best - self.scores(need) + np.int32(weights.load) * self.load[: self.able])[places]

    def _costs(self, need: Need, places: Places, short: Numbers, scale: Scale) -> Costs:
        costs = short.astype(np.int64) * scale.factor
        if scale.tie_bits:
            mixed = self.crowd.digest[places] * digests([f"{self.wanted.role}/{need.hire.id}"])
            costs += (mixed >> np.uint64(64 - scale.tie_bits)).astype(np.int64)
        return costs

    def best(self, need: Need, count: int) -> list[Colleague]:
        """The people who suit a hire best, so many of them at most."""
        places, costs = self.costs(need, ALONE)
        return [self.colleagues[place] for place in places[np.lexsort((places, costs))[:count]].tolist()]

    def _shared_interests(self, need: Need) -> Numbers:
        shared = np.zeros(self.able, dtype=np.int32)
        for liking in sorted(likings(need.hire)):
            places = self.crowd.likings.of(liking)
            shared[places[: np.searchsorted(places, self.able)]] += 1
        return shared

    def _years(self, day: date) -> Numbers:
        """Full years with the company, up to those that count; of an unknown start nothing is claimed."""
        start = self._start[: self.able]
        years = np.clip((day.toordinal() - start) // YEAR, 0, COUNTED_YEARS)
        return np.where(start == NO_DAY, 0, years).astype(np.int32)


class _Absences:
    """Every absence of anybody."""

    def __init__(self, colleagues: Iterable[Colleague]) -> None:
        found = [(place, away) for place, one in enumerate(colleagues) for away in one.preferences.away]
        self._place: Places = np.array([place for place, _ in found], dtype=np.intp)
        self._first: Numbers = _days(away.first for _, away in found)
        self._last: Numbers = _days(away.last for _, away in found)

    def within(self, day: date, days: int) -> Places:
        """Who is away on any of that many days from `day` on."""
        first = day.toordinal()
        return self._place[(self._first < first + days) & (self._last >= first)]


def _days(days: Iterable[date | None]) -> Numbers:
    """Days as numbers, and NO_DAY where there is none."""
    return np.array([NO_DAY if day is None else day.toordinal() for day in days], dtype=np.int32)


def _below(places: Sequence[int] | Places, count: int) -> Places:
    found = np.asarray(places, dtype=np.intp)
    return found[found < count]
