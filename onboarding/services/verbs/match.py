"""Who is chosen? At its moment a provisional choice is announced, and stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from onboarding.domain.delivery import Why
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.services.case import Case, Decision, Done, Skip
from onboarding.services.casting import LIVE
from onboarding.services.filling import end_lost
from onboarding.services.planning import replan
from onboarding.services.situations import situation


def decide(case: Case) -> Decision:
    """Announce the people chosen for the step's role; skipped with the reasons when there is nobody.

    Whoever cannot take the role any more gives way to the next best first, and the plan follows.
    """
    role, hire = case.step.subject, case.seen.hire
    before = case.books.pairings.of_hire(hire.id)
    known = end_lost(case.filling())
    if known != before or not _chosen(case, known):
        seen = situation(case.engine, case.books, case.directory, hire, case.now, choose=True)
        known = case.books.pairings.of_hire(hire.id)
        if known != before:
            replan(case.engine, case.books, case.directory, hire, now=case.now, because=f"a {role} is chosen anew")
        if not _chosen(case, known):
            return Skip(why=Why.NOBODY, reason=seen.cast.why_nobody(role))
    chosen = _chosen(case, known)
    for pairing in chosen:
        if pairing.state is PairingState.PROVISIONAL:
            case.books.pairings.put(replace(pairing, state=PairingState.ANNOUNCED))
    return Done(reason=f"{role}: {', '.join(one.person_id for one in chosen)}")


def _chosen(case: Case, pairings: Iterable[Pairing]) -> list[Pairing]:
    place = (case.step.subject, case.occasion)
    return [one for one in pairings if (one.role, one.occasion) == place and one.state in LIVE]
