"""Who is chosen for the roles that a hire lacks? At once, and as well as it can be done for one hire alone.

What was chosen and not announced is weighed again each day with that of all other hires (`rematching.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from onboarding.domain.assignment import Match
from onboarding.domain.calendars import day_of_step
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.delivery import GONE, Delivery, State
from onboarding.domain.errors import BadWords
from onboarding.domain.facts import applies
from onboarding.domain.journey import Journey, Step, Verb
from onboarding.domain.matching_weights import DEFAULTS, NO_LIMITS, MatchingWeights
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.offices import Offices
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.rules import rule_between
from onboarding.ports import Books, Words
from onboarding.services.casting import JOURNEY_LENGTH, LIVE
from onboarding.services.directory import Directory

WITH_A_WORKER = GONE | {State.CLAIMED}
"""A letter may have left: whoever it goes to is not exchanged any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A hire, and everything that the choice of people for them rests on.

    `loads` remembers how many hires everybody has in a role, by role, as this hire's first day counts them. With
    `keep` False whoever cannot stay is ended for the moment only, and nothing is written.
    """

    words: Words
    books: Books
    directory: Directory
    journey: Journey
    hire: Hire
    person: Person
    offices: Offices
    now: datetime
    keep: bool = True
    loads: dict[str, dict[str, int]] = field(default_factory=dict)

    def load(self, role: str) -> dict[str, int]:
        """How many hires each person has in a role."""
        if role not in self.loads:
            self.loads[role] = self.books.pairings.load(role, self.hire.first_day - JOURNEY_LENGTH)
        return self.loads[role]


def fill_roles(filling: Filling) -> dict[str, str]:
    """Choose people for every matched role that lacks them; what was chosen before stays while it can.

    Returns why a role stays empty, by role.
    """
    missing: dict[str, str] = {}
    if filling.hire.state is HireState.ACTIVE:
        pairings = end_lost(filling)
        for step, occasion in matched(filling.journey, filling.person):
            try:
                pairings += _fill(filling, step, occasion, pairings, missing)
            except BadWords as error:  # a slip of HR costs nobody their plan
                missing[step.subject] = f"nobody is chosen as {step.subject} until a slip is mended: {error}"
    return missing


def matched(journey: Journey, person: Person) -> list[tuple[Step, str]]:
    """Every match step that the journey has for a hire, on each of its occasions."""
    steps = [step for step in journey.steps if step.verb is Verb.MATCH and applies(step, person)]
    return [(step, occasion) for step in steps for occasion in step.occasions]


def wanted(step: Step, weights: MatchingWeights) -> Wanted:
    """What a match step looks for."""
    return Wanted(
        role=step.subject,
        weights=weights.roles[step.subject],
        capacity=step.capacity,
        other_department=step.other_department,
    )


def somebody_else(filling: Filling, role: str, occasion: str) -> str:
    """Why nobody else could take a role that somebody has; "" when somebody could."""
    places = matched(filling.journey, filling.person)
    step = next((step for step, on in places if (step.subject, on) == (role, occasion)), None)
    if step is None or is_over(filling):
        return "nobody is chosen for it any more"
    pairings = filling.books.pairings.of_hire(filling.hire.id)
    need = need_of(filling, step, occasion, pairings)
    try:
        weights = filling.words.matching()
    except BadWords as error:
        return f"nobody is chosen until a slip is mended: {error}"
    return filling.directory.choosers.choose(wanted(step, weights), need, filling.load(role), 1)[1]


def need_of(filling: Filling, step: Step, occasion: str, pairings: Iterable[Pairing]) -> Need:
    """What a hire needs for a match step, beside the people whom they have already.

    Whoever was replaced before anybody was told may be chosen again; nobody else who had a role for the hire.
    """
    known = list(pairings)
    there = [one.person_id for one in known if one.role == step.subject and one.state in LIVE]
    people = [filling.directory.get(one) for one in there]
    return Need(
        hire=filling.person,
        day=begins(filling, step, occasion),
        preferences=filling.directory.preferences_of(filling.hire.id),
        taken=frozenset(one.person_id for one in known if one.state is not PairingState.REPLACED),
        beside=tuple(person for person in people if person is not None),
    )


def begins(filling: Filling, step: Step | None, occasion: str) -> date:
    """The day on which somebody begins to be needed: that of the match, not before the first day or today."""
    days = [filling.hire.first_day, filling.now.date()]
    if step is not None:
        week = int(occasion.removeprefix("week-")) if step.weeks else None
        calendar = filling.offices.calendar_of(filling.person)
        days.append(day_of_step(step.day, step.count, filling.hire.first_day, calendar, week))
    return max(days)


def is_over(filling: Filling) -> bool:
    """Whether the journey has ended, so that nobody is chosen any more."""
    return filling.hire.first_day + JOURNEY_LENGTH < filling.now.date()


def announced(ledger: Iterable[Delivery], step: Step, occasion: str, now: datetime) -> bool:
    """Whether the moment of a match has passed: whoever comes in later is told at once."""
    rows = [one for one in ledger if (one.step, one.occasion) == (step.key, occasion)]
    return any(
        one.state is State.DONE or (one.state is State.SKIPPED and one.grace_until < now and one.due_at <= now)
        for one in rows
    )


def pairing_of(filling: Filling, occasion: str, role: str, match: Match, state: PairingState) -> Pairing:
    """A match as it is remembered."""
    return Pairing(
        hire_id=filling.hire.id,
        role=role,
        occasion=occasion,
        person_id=match.person_id,
        state=state,
        reasons=match.reasons,
        alternatives=match.alternatives,
        made_at=filling.now,
    )


def end_lost(filling: Filling) -> list[Pairing]:
    """End the pairings of people who left or became the manager, and those not announced yet that break a rule.

    Whoever was announced stays: they were told, and so was the newcomer. Whom nobody told of it may be chosen
    again when the rule does not hold any more.
    """
    pairings = filling.books.pairings.of_hire(filling.hire.id)
    if not any(one.state in LIVE for one in pairings):
        return pairings
    manager, weights = filling.directory.manager_of(filling.person), _weights(filling)
    steps = {(step.subject, occasion): step for step, occasion in _steps(filling.journey)}
    after: list[Pairing] = []
    for place, pairing in enumerate(pairings):
        kept = pairing
        if pairing.state in LIVE:
            beside, step = [*after, *pairings[place + 1 :]], steps.get((pairing.role, pairing.occasion))
            if _is_gone(filling, pairing, manager):
                kept = _ended(filling, pairing, PairingState.ENDED)
            elif step is not None and _breaks_a_rule(filling, pairing, step, weights, beside):
                told = was_told(filling.books.deliveries.of_hire(filling.hire.id), pairing)
                kept = _ended(filling, pairing, PairingState.ENDED if told else PairingState.REPLACED)
            if filling.keep and kept != pairing:
                filling.books.pairings.put(kept)
        after.append(kept)
    return after


def was_told(ledger: Iterable[Delivery], pairing: Pairing) -> bool:
    """Whether a letter about the role went to somebody, or may be on its way."""
    place = (pairing.role, pairing.person_id)
    return any((one.role, one.person_id) == place and one.state in WITH_A_WORKER for one in ledger)


def _ended(filling: Filling, pairing: Pairing, state: PairingState) -> Pairing:
    if pairing.role in filling.loads:
        filling.loads[pairing.role][pairing.person_id] -= 1
    return replace(pairing, state=state, made_at=filling.now)


def _steps(journey: Journey) -> list[tuple[Step, str]]:
    steps = [step for step in journey.steps if step.verb is Verb.MATCH]
    return [(step, occasion) for step in steps for occasion in step.occasions]


def _weights(filling: Filling) -> MatchingWeights:
    """What counts; without limits where HR's file has a slip, which must not cost anybody their person."""
    try:
        return filling.words.matching()
    except BadWords:
        return MatchingWeights(roles=dict.fromkeys(DEFAULTS, NO_LIMITS))


def _is_gone(filling: Filling, pairing: Pairing, manager: Person | None) -> bool:
    other = filling.directory.get(pairing.person_id)
    return other is None or not other.active or other == manager


def _breaks_a_rule(
    filling: Filling, pairing: Pairing, step: Step, weights: MatchingWeights, beside: Iterable[Pairing]
) -> bool:
    """Whether somebody who was not announced could not be chosen any more, be it only for a smaller capacity."""
    other = filling.directory.get(pairing.person_id)
    if pairing.state is not PairingState.PROVISIONAL or other is None:
        return False
    said = filling.directory.preferences_of(other.id)
    rule = rule_between(
        need_of(filling, step, pairing.occasion, beside),
        Colleague(person=other, preferences=said),
        wanted(step, weights),
        in_line=filling.directory.in_line(filling.person, other),
    )
    if rule is not Rule.MAY or said.capacity is None:
        return rule is not Rule.MAY
    return filling.load(pairing.role).get(other.id, 0) > said.capacity


def _fill(
    filling: Filling, step: Step, occasion: str, pairings: Sequence[Pairing], missing: dict[str, str]
) -> list[Pairing]:
    """The pairings that are new for one step on one occasion."""
    mine = [one for one in pairings if (one.role, one.occasion) == (step.subject, occasion)]
    live = sum(one.state in LIVE for one in mine)
    if live >= step.how_many or is_over(filling):
        return []
    found, why = filling.directory.choosers.choose(
        wanted(step, filling.words.matching()),
        need_of(filling, step, occasion, pairings),
        filling.load(step.subject),
        step.how_many - live,
    )
    if not found and not live:
        missing[step.subject] = why
    state = _state(filling, step, occasion) if found and mine else PairingState.PROVISIONAL
    new = [pairing_of(filling, occasion, step.subject, match, state) for match in found]
    load = filling.load(step.subject)
    for one in new:
        filling.books.pairings.put(one)
        load[one.person_id] = load.get(one.person_id, 0) + 1
    return new


def _state(filling: Filling, step: Step, occasion: str) -> PairingState:
    ledger = filling.books.deliveries.of_hire(filling.hire.id)
    told = announced(ledger, step, occasion, filling.now)
    return PairingState.ANNOUNCED if told else PairingState.PROVISIONAL
