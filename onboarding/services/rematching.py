"""Could those who were chosen, and do not know it yet, be spread better over all newcomers?

Whoever is enrolled gets the best who is free at that moment, so an early hire may have somebody whom a later one
needs more. Once a day everything that was not announced is weighed again: for each role and occasion all hires in
one wave, in the order of the journey, so that a buddy comes before a peer. Whoever was chosen stays unless
somebody suits clearly better. What was announced is frozen.

For thousands of people that takes seconds. So the waves are gone through twice: first only reading, while others
may write, then in the transaction that keeps it, where whatever is still the same has been worked out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from onboarding.domain.assignment import Match
from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.delivery import Delivery
from onboarding.domain.errors import BadWords
from onboarding.domain.journey import Step
from onboarding.domain.matching_weights import MatchingWeights
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import Hire, HireState
from onboarding.domain.preferences import NOTHING_SAID
from onboarding.ports import Books
from onboarding.services.assignments import Assignments
from onboarding.services.casting import JOURNEY_LENGTH, LIVE
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.filling import (
    Filling,
    announced,
    end_lost,
    is_over,
    matched,
    need_of,
    pairing_of,
    wanted,
    was_told,
)
from onboarding.services.planning import replan
from onboarding.services.waking import set_alarms

MOST_LOOKS = 5
"""How often a wave of several people for each hire is looked at until its answer is its own; twice is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematched:
    """Who has a role of a hire instead of whom, by id; "" for nobody. `reasons` speak for the new one."""

    hire_id: str
    role: str
    occasion: str
    before: str
    after: str
    reasons: str


class _Rehearsed(Exception):
    """Not an error: it rolls a rehearsal back."""


def rematch(engine: Engine, now: datetime, *, rehearse: bool = False) -> list[Rematched]:
    """Weigh again whatever was not announced, and plan the hires anew whose people change; returns the changes.

    A rehearsal does everything in a transaction that is rolled back.
    """
    found: list[Rematched] = []
    assignments = Assignments()
    with engine.store.read() as books:
        _waved(engine, books, Directory(books), now, assignments, keep=False)
    with suppress(_Rehearsed), engine.store.begin() as books:
        books.pairings.hold(alone=True)
        found += _spread(engine, books, Directory(books), now, assignments)
        if rehearse:
            raise _Rehearsed
    if found and not rehearse:
        set_alarms(engine, now)
    return found


@dataclass(slots=True, kw_only=True)
class _Table:
    """A hire at the table: whom they have, who of them may still be exchanged (`open`), and what was sent.

    `lost` are those who could not stay, until somebody is looked for in their place.
    """

    filling: Filling
    pairings: list[Pairing]
    ledger: Sequence[Delivery]
    lost: list[Pairing]
    open: list[Pairing] = field(default_factory=list)

    @property
    def fixed(self) -> list[Pairing]:
        """Whoever stays, and everybody who had a role before."""
        return [one for one in self.pairings if one not in self.open]

    def lay_open(self, step: Step, occasion: str) -> int:
        """Let those be exchanged who have a role on an occasion and do not know it; how many are wanted there."""
        if announced(self.ledger, step, occasion, self.filling.now):
            return 0
        place = (step.subject, occasion)
        live = [one for one in self.pairings if (one.role, one.occasion) == place and one.state in LIVE]
        free = [one for one in live if one.state is PairingState.PROVISIONAL and not was_told(self.ledger, one)]
        self.open += free
        return step.how_many - (len(live) - len(free))

    def close(self, role: str, occasion: str) -> list[Pairing]:
        """Those of a place who were open until now."""
        mine = [one for one in self.open if (one.role, one.occasion) == (role, occasion)]
        self.open = [one for one in self.open if one not in mine]
        return mine

    def take_lost(self, role: str, occasion: str) -> list[Pairing]:
        """Those of a place who could not stay, each told once."""
        mine = [one for one in self.lost if (one.role, one.occasion) == (role, occasion)]
        self.lost = [one for one in self.lost if one not in mine]
        return mine

    def remember(self, pairing: Pairing) -> None:
        """Write what became of somebody."""
        if self.filling.keep:
            self.filling.books.pairings.put(pairing)
        place = (pairing.role, pairing.occasion, pairing.person_id)
        self.pairings = [one for one in self.pairings if (one.role, one.occasion, one.person_id) != place]
        self.pairings.append(pairing)


def _spread(
    engine: Engine, books: Books, directory: Directory, now: datetime, assignments: Assignments
) -> list[Rematched]:
    changes = _waved(engine, books, directory, now, assignments, keep=True)
    for hire_id in dict.fromkeys(one.hire_id for one in changes):
        hire = books.hires.get(hire_id)
        if hire is not None:
            replan(engine, books, directory, hire, now=now, because="somebody suits better")
    return changes


def _waved(
    engine: Engine, books: Books, directory: Directory, now: datetime, assignments: Assignments, *, keep: bool
) -> list[Rematched]:
    """Go through the waves; with `keep` False only for the assignments, which are remembered."""
    try:
        weights = engine.words.matching()
    except BadWords:  # the review names the slip
        return []
    tables = list(_tables(engine, books, directory, now, keep=keep))
    standing = _Standing(books, tables)
    changes: list[Rematched] = []
    for wave in _waves(tables, weights):
        changes += _match(standing, directory, wave, assignments)
    changes += [_rematched(table, one.role, one.occasion, one, None) for table in tables for one in table.lost]
    return changes


def _waves(tables: Sequence[_Table], weights: MatchingWeights) -> list[_Wave]:
    """Everybody who wants the same on the same occasion; what comes first in a journey comes first here."""
    seats: dict[tuple[str, Wanted, int], list[tuple[_Table, Step]]] = defaultdict(list)
    rank: dict[tuple[str, Wanted, int], int] = {}
    for table in tables:
        for place, (step, occasion) in enumerate(matched(table.filling.journey, table.filling.person)):
            count = table.lay_open(step, occasion)
            if count > 0:
                key = (occasion, wanted(step, weights), count)
                seats[key].append((table, step))
                rank[key] = min(place, rank.get(key, place))
    keys = sorted(seats, key=lambda key: rank[key])
    return [
        _Wave(wanted=looked_for, occasion=occasion, count=count, seats=seats[occasion, looked_for, count])
        for occasion, looked_for, count in keys
    ]


def _tables(engine: Engine, books: Books, directory: Directory, now: datetime, *, keep: bool) -> Iterator[_Table]:
    """Every hire whose journey still wants somebody, in the order of their ids."""
    directory.everybody()
    for hire in sorted(books.hires.find(first_day_from=now.date() - JOURNEY_LENGTH), key=lambda one: one.id):
        filling = _filling(engine, books, directory, hire, now, keep=keep)
        if filling is not None and not is_over(filling):
            before = {one for one in books.pairings.of_hire(hire.id) if one.state not in LIVE}
            pairings = end_lost(filling)
            yield _Table(
                filling=filling,
                pairings=pairings,
                ledger=books.deliveries.of_hire(hire.id),
                lost=[one for one in pairings if one.state not in LIVE and one not in before],
            )


def _filling(
    engine: Engine, books: Books, directory: Directory, hire: Hire, now: datetime, *, keep: bool
) -> Filling | None:
    person = directory.get(hire.id)
    if hire.state is not HireState.ACTIVE or person is None or not person.active:
        return None
    if (manager := directory.manager_of(person)) is not None:
        person = replace(person, manager_id=manager.id)
    try:
        journey, offices = engine.words.journey(hire.journey), engine.words.offices()
    except BadWords:  # the review names the slip
        return None
    return Filling(
        words=engine.words,
        books=books,
        directory=directory,
        journey=journey,
        hire=hire,
        person=person,
        offices=offices,
        now=now,
        keep=keep,
    )


class _Standing:
    """How many hires each person has in each role, as the waves go by.

    Counted are the hires whose journey overlaps with that of the first hire who is at the table.
    """

    def __init__(self, books: Books, tables: Sequence[_Table]) -> None:
        self._books = books
        first = min((table.filling.hire.first_day for table in tables), default=None)
        rows = books.pairings.standing(first - JOURNEY_LENGTH) if first else []
        self._loads: Counter[tuple[str, str]] = Counter((role, person_id) for _, role, _, person_id in rows)

    def load(self, role: str, person_id: str) -> int:
        """How many they have."""
        return self._loads[role, person_id]

    def move(self, role: str, gone: Iterable[str], come: Iterable[str]) -> None:
        """Some lose a hire, others get one."""
        self._loads.subtract((role, one) for one in gone)
        self._loads.update((role, one) for one in come)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wave:
    """Hires who want so many people of a role on the same occasion, with the step that says so."""

    wanted: Wanted
    occasion: str
    count: int
    seats: Sequence[tuple[_Table, Step]]


def _match(standing: _Standing, directory: Directory, wave: _Wave, assignments: Assignments) -> list[Rematched]:
    """Match all hires of a wave anew, and write what is different."""
    role = wave.wanted.role
    before = [table.close(role, wave.occasion) for table, _ in wave.seats]
    for people in before:
        standing.move(role, (one.person_id for one in people), ())
    needs = [_need(wave, *seat, people) for seat, people in zip(wave.seats, before, strict=True)]
    found = _settled(wave, needs, _colleagues(standing, directory, role), assignments)
    kept = [
        [one for one in people if one.person_id not in need.taken]
        for need, people in zip(needs, before, strict=True)
    ]
    # Where first days lie far apart, somebody can count as full who is free in time: then everybody stays.
    worse = sum(bool(one.person_id) for matches in found.values() for one in matches) < sum(map(len, kept))
    changes: list[Rematched] = []
    for (table, _), people, stay in zip(wave.seats, before, kept, strict=True):
        matches = [] if worse else [one for one in found[table.filling.hire.id] if one.person_id]
        after = {one.person_id for one in (stay if worse else matches)}
        gone = [one for one in people if one.person_id not in after]
        come = [one for one in matches if one.person_id not in {was.person_id for was in people}]
        changes += _write(table, wave, gone, come)
        standing.move(role, (), after)
    return changes


def _settled(
    wave: _Wave, needs: Sequence[Need], colleagues: Sequence[Colleague], assignments: Assignments
) -> Mapping[str, list[Match]]:
    """Assign until the answer is its own: several people for a hire are chosen turn by turn.

    Each turn hangs on who was chosen before, so tomorrow's look could find another answer in the same facts.
    """
    found = assignments.of(wave.wanted, needs, colleagues, wave.count)
    for _ in range(MOST_LOOKS if wave.count > 1 else 0):
        chosen = {one: frozenset(match.person_id for match in found[one] if match.person_id) for one in found}
        if all(need.chosen == chosen[need.hire.id] for need in needs):
            break
        needs = [replace(need, chosen=chosen[need.hire.id]) for need in needs]
        found = assignments.of(wave.wanted, needs, colleagues, wave.count)
    return found


def _colleagues(standing: _Standing, directory: Directory, role: str) -> list[Colleague]:
    said = directory.preferences()
    return [
        Colleague(
            person=person, preferences=said.get(person.id, NOTHING_SAID), load=standing.load(role, person.id)
        )
        for person in directory.everybody().values()
    ]


def _need(wave: _Wave, table: _Table, step: Step, people: Sequence[Pairing]) -> Need:
    """What a hire needs beside those who stay; whoever may be exchanged is there to be chosen again."""
    fixed = [one for one in table.fixed if one not in people]
    chosen = frozenset(one.person_id for one in people)
    return replace(need_of(table.filling, step, wave.occasion, fixed), chosen=chosen)


def _write(table: _Table, wave: _Wave, gone: Sequence[Pairing], come: Sequence[Match]) -> list[Rematched]:
    """Remember who came and who gave way; whoever stays is left as they were."""
    for one in gone:
        table.remember(replace(one, state=PairingState.REPLACED, made_at=table.filling.now))
    for match in come:
        table.remember(pairing_of(table.filling, wave.occasion, wave.wanted.role, match, PairingState.PROVISIONAL))
    role = wave.wanted.role
    lost = table.take_lost(role, wave.occasion)
    return [
        _rematched(table, role, wave.occasion, one, other) for one, other in _side_by_side([*lost, *gone], come)
    ]


def _side_by_side(gone: Sequence[Pairing], come: Sequence[Match]) -> Iterator[tuple[Pairing | None, Match | None]]:
    for place in range(max(len(gone), len(come))):
        yield gone[place] if place < len(gone) else None, come[place] if place < len(come) else None


def _rematched(table: _Table, role: str, occasion: str, gone: Pairing | None, come: Match | None) -> Rematched:
    return Rematched(
        hire_id=table.filling.hire.id,
        role=role,
        occasion=occasion,
        before=gone.person_id if gone else "",
        after=come.person_id if come else "",
        reasons=come.reasons if come else "cannot stay or is needed more elsewhere, and nobody else is free",
    )
