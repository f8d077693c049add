"""Who has which role for a hire, and why is a role empty?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from onboarding.domain.cast import Cast
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import Person, Role
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, IT_ID, Company
from onboarding.services.work_partners import RULED_OUT, Partner

LIVE = frozenset({PairingState.PROVISIONAL, PairingState.ANNOUNCED})
JOURNEY_LENGTH = timedelta(days=120)
"""How long a hire counts as somebody's newcomer, from the first day."""


def cast_of(
    company: Company,
    directory: Directory,
    hire: Person,
    pairings: Iterable[Pairing],
    partner: Partner | None,
    missing: Mapping[str, str],
) -> Cast:
    """Who has which role now; a role that nobody has says why in `missing`."""
    people: dict[str, Person] = {hire.id: hire, **company.desks}
    roles: dict[tuple[str, str], tuple[str, ...]] = {
        (Role.HIRE, "once"): (hire.id,),
        (Role.HR, "once"): (HR_ID,),
        (Role.IT, "once"): (IT_ID if company.it_email else HR_ID,),
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
    if partner is not None and partner.has_it:
        people[partner.person.id] = partner.person
        roles[(Role.WORK_PARTNER, "once")] = (partner.person.id,)
    else:
        why.setdefault(Role.WORK_PARTNER, RULED_OUT if partner else "the manager has not named a work partner")
    return Cast(people=people, roles=roles, missing=why)


def _no_manager(hire: Person, manager: Person | None) -> str:
    if manager is not None:
        return f"the manager {manager.id} has left"
    if hire.manager_id:
        return f"the manager {hire.manager_id} is not in the directory"
    if hire.manager_email:
        return "the manager's e-mail is not in the directory"
    return "the record names no manager"
