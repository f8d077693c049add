"""How does a human give a role to somebody else? Who had it is remembered and never chosen again for this hire."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.assignment import Match
from onboarding.domain.candidates import SAID, Need, Rule
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.journey import Step
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import Hire, HireState
from onboarding.ports import Books
from onboarding.services.casting import LIVE
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.filling import Filling, matched, need_of, pairing_of, wanted
from onboarding.services.hiring import known_hire
from onboarding.services.matches import Named, named
from onboarding.services.planning import replan
from onboarding.services.situations import situation
from onboarding.services.waking import set_alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What a human asks for: `former` where several have the role, `to` whom, "" for the next best."""

    hire_id: str
    role: str
    former: str = ""
    to: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """Who has the role now, and why they."""

    hire_id: str
    role: str
    occasion: str
    before: Named
    after: Named
    reasons: str


def swap(engine: Engine, asked: Swap, now: datetime) -> Swapped:
    """Give a role of a hire to somebody else; mails and meetings follow, and both hear of it.

    Raises:
        NotFound: no such hire or person, or nobody has that role.
        BadRecord: nobody else can have it, or the person who was named cannot, with the reason.
    """
    with engine.store.begin() as books:
        books.pairings.hold()
        directory = Directory(books)
        hire = known_hire(books, asked.hire_id)
        filling = _filling(engine, books, directory, hire, now)
        former = _former(filling, asked)
        step = next(
            one
            for one, occasion in matched(filling.journey, filling.person)
            if (one.subject, occasion) == (former.role, former.occasion)
        )
        gone = replace(former, state=PairingState.SWAPPED, made_at=now)
        books.pairings.put(gone)
        match = _match(filling, step, gone, asked)
        why = f"{match.reasons}, in place of {gone.person_id}" + (f": {asked.because}" if asked.because else "")
        new = pairing_of(filling, gone.occasion, gone.role, replace(match, reasons=why), PairingState.ANNOUNCED)
        books.pairings.put(new)
        replan(engine, books, directory, hire, now=now, because=f"another {gone.role} was chosen")
        swapped = Swapped(
            hire_id=hire.id,
            role=gone.role,
            occasion=gone.occasion,
            before=named(directory, gone.person_id),
            after=named(directory, new.person_id),
            reasons=why,
        )
    set_alarms(engine, now)
    return swapped


def _filling(engine: Engine, books: Books, directory: Directory, hire: Hire, now: datetime) -> Filling:
    if hire.state is not HireState.ACTIVE:
        raise BadRecord(f"{hire.id} is not coming, so nobody needs another person")
    seen = situation(engine, books, directory, hire, now)
    return Filling(
        words=engine.words,
        books=books,
        directory=directory,
        journey=seen.journey,
        hire=hire,
        person=seen.person,
        offices=seen.offices,
        now=now,
    )


def _former(filling: Filling, asked: Swap) -> Pairing:
    """Whose place is taken."""
    role = asked.role.replace("_", " ")
    places = {(step.subject, occasion) for step, occasion in matched(filling.journey, filling.person)}
    found = [
        one
        for one in filling.books.pairings.of_hire(asked.hire_id)
        if one.role == asked.role and one.state in LIVE and (one.role, one.occasion) in places
    ]
    if not found:
        raise NotFound(
            f"{asked.hire_id} has no {role}; `onboarding match show {asked.hire_id}` tells who there is"
        )
    if asked.former:
        found = [one for one in found if one.person_id == asked.former]
    if not found:
        raise NotFound(f"{asked.former} is not {role} of {asked.hire_id}")
    if len(found) > 1:
        who = ", ".join(one.person_id for one in found)
        raise BadRecord(f"{asked.hire_id} has several; say with --from whose place is meant: {who}")
    return found[0]


def _match(filling: Filling, step: Step, gone: Pairing, asked: Swap) -> Match:
    """The person whom the human named, when no rule speaks against it; else the next best."""
    looked_for = wanted(step, filling.words.matching())
    need = need_of(filling, step, gone.occasion, _free(filling, asked.to))
    choosers, loads = filling.directory.choosers, filling.load(step.subject)
    if asked.to:
        _check(filling, need, asked.to, choosers.rule(looked_for, need, loads, _known(filling, asked.to)))
        return choosers.match(looked_for, need, loads, asked.to)
    found, why = choosers.choose(looked_for, need, loads, 1)
    if not found:
        raise BadRecord(f"{gone.person_id} stays: {why}")
    return found[0]


def _free(filling: Filling, person_id: str) -> list[Pairing]:
    """All pairings of the hire, now that this person has no other role of which nobody was told."""
    for one in filling.books.pairings.of_hire(filling.hire.id):
        if one.person_id == person_id and one.state is PairingState.PROVISIONAL:
            filling.books.pairings.put(replace(one, state=PairingState.REPLACED, made_at=filling.now))
    return filling.books.pairings.of_hire(filling.hire.id)


def _known(filling: Filling, person_id: str) -> str:
    if filling.directory.everybody().get(person_id) is None:
        raise NotFound(f"there is no person {person_id}; `onboarding people list` names them")
    return person_id


def _check(filling: Filling, need: Need, person_id: str, rule: Rule) -> None:
    """A human may ask more of somebody than the engine would, but not against a rule."""
    if rule in (Rule.MAY, Rule.FULL):
        return
    why = "is the newcomer" if rule is Rule.SELF else SAID[rule][0]
    raise BadRecord(f"{person_id} cannot have this role for {filling.hire.id} from {need.day}: {person_id} {why}")
