"""What does planning look at, and what of it do conditions see?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from onboarding.domain import conditions, lists
from onboarding.domain.calendars import Calendar
from onboarding.domain.cast import Cast
from onboarding.domain.delivery import Planned
from onboarding.domain.exchange import Written
from onboarding.domain.journey import Step, Verb
from onboarding.domain.meetings import Meeting
from onboarding.domain.offices import NO_OFFICES, Offices
from onboarding.domain.people import Hire, Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that planning looks at.

    `opened` tells when an ask was really sent, by (step, person, occasion); `invited` who got an invitation, by
    (step, occasion, person, role); `told` the newest SEQUENCE that was sent to each of these as an update (0 when
    there was only the invitation), and when. All of it comes from the ledger. `closes` tells until when
    silence about a step means nothing: its form is open, or its meeting is still to come. `since` tells when
    somebody took the place of another, by (role, occasion), and `introduced` when the hire last got a message,
    by (step, occasion). `asked` tells when each question was really sent, by the key of its delivery. `offices`
    make the calendars. `written` tells of each form of an exchange that was sent, by its id. `todos` has each
    list that was sent, by (step, occasion, person), `handled` the day of its newest reminder or telling, by the
    key that it follows. `answered` tells when each ask was answered, as `opened` does. `untaken` tells of each
    alert that nobody takes care of when somebody else is told, by its key. `more` tells of each mail about a
    changed answer that has not left when it does, by its key. `human` is who gets what a watch tells HR about this
    hire; None for whoever has that role in the cast.
    """

    hire: Hire
    person: Person
    cast: Cast
    meetings: tuple[Meeting, ...] = ()
    opened: Mapping[tuple[str, str, str], datetime] = field(default_factory=dict)
    answered: Mapping[tuple[str, str, str], datetime] = field(default_factory=dict)
    closes: Mapping[str, datetime] = field(default_factory=dict)
    invited: frozenset[tuple[str, str, str, str]] = frozenset()
    told: Mapping[tuple[str, str, str, str], tuple[int, datetime]] = field(default_factory=dict)
    since: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    introduced: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    offices: Offices = NO_OFFICES
    asked: Mapping[str, datetime] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    todos: Mapping[tuple[str, str, str], lists.Todo] = field(default_factory=dict)
    handled: Mapping[str, date] = field(default_factory=dict)
    untaken: Mapping[str, datetime] = field(default_factory=dict)
    more: Mapping[str, datetime] = field(default_factory=dict)
    human: Person | None = None

    def calendar_of_wish(self, wish: Planned) -> Calendar:
        """The calendar of whoever gets it."""
        return self.calendar_of(wish.verb, wish.role, wish.person_id)

    def calendar_of(self, verb: str, role: str, person_id: str) -> Calendar:
        """The calendar of whoever gets a step of that verb."""
        told = self.human if (verb, role) == (Verb.WATCH, Role.HR) else None
        return self.offices.calendar_of(told or self.cast.people.get(person_id, self.person))


def hire_facts(person: Person) -> dict[str, object]:
    """The hire as conditions see it."""
    return {
        "id": person.id,
        "department": person.department,
        "team": person.team,
        "location": person.location,
        "country": person.country,
        "subdivision": person.subdivision,
        "language": person.language,
        "job_title": person.job_title,
        "manager_id": person.manager_id,
        "interests": list(person.likes),
    }


def applies(step: Step, person: Person) -> bool:
    """Whether the journey has this step for that hire."""
    return not step.only_if or conditions.holds_text(step.only_if, {"hire": hire_facts(person)})
