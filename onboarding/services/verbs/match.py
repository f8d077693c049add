"""Who is chosen? At its moment a provisional choice is announced, and stays."""

from __future__ import annotations

from dataclasses import replace

from onboarding.domain.delivery import Why
from onboarding.domain.meetings import PairingState
from onboarding.services.case import Case, Decision, Done, Skip
from onboarding.services.casting import LIVE, fill_roles


def decide(case: Case) -> Decision:
    """Announce the people chosen for the step's role; skipped with the reasons when there is nobody."""
    role = case.step.subject
    chosen = [
        one
        for one in case.books.pairings.of_hire(case.seen.hire.id)
        if (one.role, one.occasion) == (role, case.occasion) and one.state in LIVE
    ]
    if not chosen:
        seen = case.seen
        missing = fill_roles(case.books, case.directory, seen.journey, seen.hire, seen.person, case.now)
        return Skip(why=Why.NOBODY, reason=missing.get(role, f"nobody to match as {role}"))
    for pairing in chosen:
        if pairing.state is PairingState.PROVISIONAL:
            case.books.pairings.put(replace(pairing, state=PairingState.ANNOUNCED))
    return Done(reason=f"{role}: {', '.join(one.person_id for one in chosen)}")
