"""Who is chosen? At its moment a provisional choice is announced, and stays."""

from __future__ import annotations

from dataclasses import replace

from onboarding.domain.delivery import Why
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.services.case import Case, Decision, Done, Skip
from onboarding.services.casting import LIVE
from onboarding.services.planning import replan
from onboarding.services.situations import situation


def decide(case: Case) -> Decision:
    """Announce the people chosen for the step's role; skipped with the reasons when there is nobody.

    Whoever cannot take the role any more gives way to the next best first, and the plan follows.
    """
    role, hire = case.step.subject, case.seen.hire
    chosen = _chosen(case)
    if not chosen or not all(_is_here(case, one) for one in chosen):
        seen = situation(case.engine, case.books, case.directory, hire, case.now, choose=True)
        chosen = _chosen(case)
        if not chosen:
            return Skip(why=Why.NOBODY, reason=seen.cast.why_nobody(role))
        replan(case.engine, case.books, case.directory, hire, now=case.now, because=f"a {role} is chosen anew")
    for pairing in chosen:
        if pairing.state is PairingState.PROVISIONAL:
            case.books.pairings.put(replace(pairing, state=PairingState.ANNOUNCED))
    return Done(reason=f"{role}: {', '.join(one.person_id for one in chosen)}")


def _chosen(case: Case) -> list[Pairing]:
    place = (case.step.subject, case.occasion)
    pairings = case.books.pairings.of_hire(case.seen.hire.id)
    return [one for one in pairings if (one.role, one.occasion) == place and one.state in LIVE]


def _is_here(case: Case, pairing: Pairing) -> bool:
    person = case.directory.get(pairing.person_id)
    return person is not None and person.active
