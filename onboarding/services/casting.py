"""Who has which role for a hire, and why is a role empty?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from onboarding.domain import matching
from onboarding.domain.calendars import Calendar, day_of_step
from onboarding.domain.forms import Answer
from onboarding.domain.journey import Journey, Step, Verb
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import Hire, HireState, Person, Role
from onboarding.domain.plan import Cast, applies
from onboarding.domain.preferences import kept_apart, may_take
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, Company

LIVE = frozenset({PairingState.PROVISIONAL, PairingState.ANNOUNCED})
NEXT_BEST = 3
JOURNEY_LENGTH = timedelta(days=120)
"""How long a hire counts as somebody's newcomer, from the first day."""


def cast_of(
    company: Company,
    directory: Directory,
    hire: Person,
    pairings: Iterable[Pairing],
    answers: Mapping[str, Answer],
    missing: Mapping[str, str],
) -> Cast:
    """Who has which role now; a role that nobody has says why in `missing`."""
    people: dict[str, Person] = {hire.id: hire, HR_ID: company.hr}
    roles: dict[tuple[str, str], tuple[str, ...]] = {
        (Role.HIRE, "once"): (hire.id,),
        (Role.HR, "once"): (HR_ID,),
    }
    why = dict(missing)
    manager = directory.manager_of(hire)
    if manager is not None and manager.active:
        people[manager.id] = manager
        roles[(Role.MANAGER, "once")] = (manager.id,)
    else:
        why[Role.MANAGER] = _no_manager(hire, manager)
    for pairing in pairings:
        person = directory.get(pairing.person_id)
        if person is not None:
            people[person.id] = person
        if person is not None and pairing.state in LIVE:
            key = (pairing.role, pairing.occasion)
            roles[key] = (*roles.get(key, ()), person.id)
    named = _named_partner(directory, answers)
    if named is not None:
        people[named.id] = named
        roles[(Role.WORK_PARTNER, "once")] = (named.id,)
    else:
        why.setdefault(Role.WORK_PARTNER, "the manager has not named a work partner")
    return Cast(people=people, roles=roles, missing=why)


def _no_manager(hire: Person, manager: Person | None) -> str:
    if manager is not None:
        return f"the manager {manager.id} has left"
    if hire.manager_id:
        return f"the manager {hire.manager_id} is not in the directory"
    if hire.manager_email:
        return "the manager's e-mail is not in the directory"
    return "the record names no manager"


def _named_partner(directory: Directory, answers: Mapping[str, Answer]) -> Person | None:
    for answer in sorted(answers.values(), key=lambda one: one.answered_at, reverse=True):
        value = answer.values.get(Role.WORK_PARTNER)
        person = directory.get(value) if isinstance(value, str) and value else None
        if person is not None and person.active:
            return person
    return None


def fill_roles(
    books: Books, directory: Directory, journey: Journey, hire: Hire, person: Person, now: datetime
) -> dict[str, str]:
    """Choose people for every matched role that lacks them; what was chosen before stays while it can.

    Returns why a role stays empty, by role.
    """
    missing: dict[str, str] = {}
    if hire.state is HireState.ACTIVE:
        pairings = _end_lost(books, directory, journey, hire, person, now)
        for step in journey.steps:
            if step.verb is Verb.MATCH and applies(step, person):
                for occasion in step.occasions:
                    pairings = _fill(
                        books, directory, step, occasion, hire, person, pairings, missing=missing, now=now
                    )
    return missing


def _end_lost(
    books: Books, directory: Directory, journey: Journey, hire: Hire, person: Person, now: datetime
) -> list[Pairing]:
    """End the pairings of people who left or became the manager, and those not announced yet that cannot stay.

    Whoever was announced stays: they were told, and so was the newcomer.
    """
    manager = directory.manager_of(person)
    steps = {
        (step.subject, one): step for step in journey.steps if step.verb is Verb.MATCH for one in step.occasions
    }
    kept: list[Pairing] = []
    for pairing in books.pairings.of_hire(hire.id):
        other = directory.get(pairing.person_id)
        lost = other is None or not other.active or other == manager
        if other is not None and not lost and pairing.state is PairingState.PROVISIONAL:
            step = steps.get((pairing.role, pairing.occasion))
            begins = _begins(step, pairing.occasion, hire, person, now)
            lost = not _still_takes(books, directory, hire, pairing, other, begins)
        ended = replace(pairing, state=PairingState.ENDED, made_at=now)
        if pairing.state in LIVE and lost:
            books.pairings.put(ended)
        kept.append(ended if pairing.state in LIVE and lost else pairing)
    return kept


def _still_takes(
    books: Books, directory: Directory, hire: Hire, pairing: Pairing, person: Person, begins: date
) -> bool:
    """Whether somebody who was chosen, and does not know it yet, would still let themselves be chosen."""
    said = directory.preferences_of(person.id)
    apart = kept_apart(hire.id, directory.preferences_of(hire.id), person.id, said)
    if apart or not may_take(pairing.role, person, said, begins):
        return False
    if said.capacity is None:
        return True
    load = books.pairings.load(pairing.role, hire.first_day - JOURNEY_LENGTH)
    return load.get(person.id, 0) <= said.capacity


def _begins(step: Step | None, occasion: str, hire: Hire, person: Person, now: datetime) -> date:
    """The day on which somebody begins to be needed: that of the match, not before the first day or today."""
    days = [hire.first_day, now.date()]
    if step is not None:
        week = int(occasion.removeprefix("week-")) if step.weeks else None
        days.append(day_of_step(step.day, step.count, hire.first_day, Calendar.of(person), week))
    return max(days)


def _fill(  # noqa: PLR0913 -- one role of one hire, and everything the choice rests on
    books: Books,
    directory: Directory,
    step: Step,
    occasion: str,
    hire: Hire,
    person: Person,
    pairings: list[Pairing],
    *,
    missing: dict[str, str],
    now: datetime,
) -> list[Pairing]:
    role = step.subject
    live = [one for one in pairings if (one.role, one.occasion) == (role, occasion) and one.state in LIVE]
    lacking = step.how_many - len(live)
    if lacking <= 0 or hire.first_day + JOURNEY_LENGTH < now.date():
        return pairings
    everybody = directory.everybody()
    need = matching.Need(
        role=Role(role),
        hire=person,
        day=hire.first_day,
        begins=_begins(step, occasion, hire, person, now),
        capacity=step.capacity,
        other_department=step.other_department,
        taken=frozenset(one.person_id for one in pairings),
        chain=matching.chain_of(person, everybody),
        load=books.pairings.load(role, hire.first_day - JOURNEY_LENGTH),
        preferences=directory.preferences(),
    )
    found, ruled_out = matching.candidates(need, list(everybody.values()))
    if not found and not live:
        missing[role] = matching.nobody_because(role, ruled_out)
    chosen = found[:lacking]
    others = tuple(one.person_id for one in found[lacking : lacking + NEXT_BEST])
    for one in chosen:
        pairing = Pairing(
            hire_id=hire.id,
            role=role,
            occasion=occasion,
            person_id=one.person_id,
            state=PairingState.PROVISIONAL,
            reasons=one.reasons,
            alternatives=others,
            made_at=now,
        )
        books.pairings.put(pairing)
        pairings = [*pairings, pairing]
    return pairings
