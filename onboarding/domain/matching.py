"""Who suits whom for a role, and why?

Hard rules remove people, each with a named reason; a score orders the rest; ties are broken by a digest, so that
every machine chooses the same. The rules and weights come from what users of pairing tools ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b

from onboarding.domain.calendars import Calendar, common_minutes
from onboarding.domain.people import Person, Role
from onboarding.domain.preferences import NOTHING_SAID, Preferences, kept_apart, why_not

LEAST_COMMON_MINUTES = 60
"""Less common working time than this leaves no room to meet."""

LEAST_TENURE = {Role.BUDDY: 180, Role.PEER: 30, Role.PARTNER: 30, Role.MENTOR: 540}
"""Days with the company before somebody can take a role; unknown start dates count as long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may take the role: a higher score is better, `reasons` is one sentence."""

    person_id: str
    score: int
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Whom a hire needs: the role, when it starts to matter, and what rules people out.

    `taken` are people who have another role for this hire or declined; `load` counts the hires that each person
    already has in this role; `chain` is the manager, the managers above, and the hire's own reports. `preferences`
    are those of whoever has said something; what they say of days counts when the role
    `begins`, else on `day`.
    """

    role: Role
    hire: Person
    day: date
    begins: date | None = None
    capacity: int = 2
    other_department: bool = False
    taken: Collection[str] = ()
    chain: Collection[str] = ()
    load: Mapping[str, int]
    preferences: Mapping[str, Preferences] = field(default_factory=dict)

    def said_by(self, person_id: str) -> Preferences:
        """What somebody has said of being matched."""
        return self.preferences.get(person_id, NOTHING_SAID)


def candidates(need: Need, people: Sequence[Person]) -> tuple[list[Candidate], Counter[str]]:
    """Everybody who may take the role, best first, and how many each hard rule ruled out."""
    ruled_out: Counter[str] = Counter()
    found: list[Candidate] = []
    mine = Calendar.of(need.hire)
    for person in people:
        why = _ruled_out(need, person)
        shared = 0
        if not why:
            shared = common_minutes(mine, Calendar.of(person), need.day)
            why = "without a common working hour" if shared < LEAST_COMMON_MINUTES else ""
        if why:
            if why != "the hire":
                ruled_out[why] += 1
            continue
        found.append(_scored(need, person, shared))
    found.sort(key=lambda one: (-one.score, _tie(need, one.person_id)))
    return found, ruled_out


def nobody_because(role: str, ruled_out: Counter[str]) -> str:
    """One sentence on why nobody can take a role."""
    title = role.replace("_", " ")
    if not ruled_out:
        return f"nobody can be {title}: the directory holds no other people"
    parts = ", ".join(
        f"{count} {why}" for why, count in sorted(ruled_out.items(), key=lambda item: (-item[1], item[0]))
    )
    return f"nobody can be {title}: {parts}"


def chain_of(hire: Person, people: Mapping[str, Person]) -> frozenset[str]:
    """The manager, every manager above (a cycle ends the climb), and the hire's own reports."""
    above: list[str] = []
    at = _manager_of(hire, people)
    while at and at not in above and at != hire.id:
        above.append(at)
        at = _manager_of(people[at], people) if at in people else ""
    below = [person.id for person in people.values() if person.manager_id == hire.id]
    return frozenset([*above, *below])


def _manager_of(person: Person, people: Mapping[str, Person]) -> str:
    if person.manager_id:
        return person.manager_id
    email = person.manager_email.casefold()
    return next((one.id for one in people.values() if email and one.work_email.casefold() == email), "")


def _ruled_out(need: Need, person: Person) -> str:
    said = need.said_by(person.id)
    capacity = need.capacity if said.capacity is None else said.capacity
    refuses = why_not(need.role, person, said, need.begins or need.day)
    newest = need.day - timedelta(days=LEAST_TENURE.get(need.role, 0))
    rules = (
        ("the hire", person.id == need.hire.id),
        ("no longer with the company", not person.active),
        ("in the line of managers", person.id in need.chain),
        (refuses, bool(refuses)),
        # In neutral words: who must not meet whom is confidential.
        ("not for this hire", kept_apart(need.hire.id, need.said_by(need.hire.id), person.id, said)),
        ("who already has a role for this hire or declined", person.id in need.taken),
        ("too new themselves", person.start_date is not None and person.start_date > newest),
        ("who look after enough newcomers", need.load.get(person.id, 0) >= capacity),
        ("in the same department", need.other_department and person.department == need.hire.department),
    )
    return next((why for why, holds in rules if holds), "")


def _scored(need: Need, person: Person, shared: int) -> Candidate:
    hire = need.hire
    hours = shared // 60
    interests = [
        one for one in hire.interests if one.casefold() in {theirs.casefold() for theirs in person.interests}
    ]
    same_team = bool(hire.team) and person.team == hire.team
    same_department = bool(hire.department) and person.department == hire.department
    close_work = need.role in (Role.BUDDY, Role.PEER)
    parts = [
        (60 * min(hours, 4), f"{hours} common working hours" if hours > 1 else "1 common working hour"),
        (120 if person.language == hire.language else 0, "the same language"),
        (60 * min(len(interests), 3), f"both like {' and '.join(interests[:2])}"),
        (100 if close_work and same_department else 0, "the same department"),
        (-60 if need.role is Role.BUDDY and same_team else 40 if close_work and same_team else 0, "the same team"),
        (50 if not close_work and not same_department else 0, "another department"),
        (30 if person.location and person.location == hire.location else 0, f"also in {person.location}"),
        (-90 * need.load.get(person.id, 0), "looks after another newcomer too"),
    ]
    score = sum(points for points, _ in parts)
    said = [words for points, words in parts if points > 0] or ["is free to help"]
    return Candidate(person_id=person.id, score=score, reasons=", ".join(said))


def _tie(need: Need, person_id: str) -> str:
    return blake2b(f"{need.role}/{need.hire.id}/{person_id}".encode(), digest_size=8).hexdigest()
