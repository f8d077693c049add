"""Whom did the manager name as work partner, and may they be it?

Nobody chooses a work partner but the manager, who cannot know what people said, or what HR keeps for itself. So
whom they name is looked at like everybody who is matched. The manager never hears why somebody cannot be it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.candidates import Rule
from onboarding.domain.delivery import GONE, Delivery
from onboarding.domain.forms import Answer
from onboarding.domain.people import Hire, HireState, Person, Role
from onboarding.domain.preferences import FIRST_DAYS, ROLES, kept_apart
from onboarding.ports import Books
from onboarding.services.directory import Directory

RULED_OUT = "whom the manager named as work partner cannot be it now"
"""The same words whatever the reason is: that two people are kept apart is confidential."""

NAME_ANOTHER = "nobody has the role until the manager names somebody else, so ask for another name, not saying why"
STAYS = "they were introduced already, so only a talk can end it"

BECAUSE: Mapping[Rule, str] = {
    Rule.SELF: "the manager named the newcomer as their own work partner",
    Rule.LEFT: "the manager named a work partner who is no longer with the company",
    Rule.OPTED_OUT: "the manager named a work partner who takes part in nothing",
    Rule.TAKEN: "the manager named a work partner with whom the newcomer is kept apart, and knows nothing of it",
    Rule.AWAY: "the manager named a work partner who is away in the first days",
    Rule.PAUSED: "the manager named a work partner who takes a break from matching",
}
"""What HR reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Whom the newest answer names, since when, and what stands between them and the hire; MAY when nothing does.

    Whoever was told of it stays, unless they have left.
    """

    person: Person
    since: datetime
    rule: Rule
    told: bool = False

    @property
    def has_it(self) -> bool:
        """Whether they are the work partner."""
        return self.rule is Rule.MAY or (self.told and self.rule is not Rule.LEFT)


def named_partner(
    directory: Directory, hire: Hire, answers: Mapping[str, Answer], ledger: Sequence[Delivery]
) -> Partner | None:
    """Whom the manager named last; None as long as they have named nobody whom the directory knows."""
    for answer in sorted(answers.values(), key=lambda one: one.answered_at, reverse=True):
        value = answer.values.get(Role.WORK_PARTNER)
        person = directory.get(value) if isinstance(value, str) and value else None
        if person is not None:
            return Partner(
                person=person,
                since=answer.answered_at,
                rule=_rule(directory, hire, person, answer.answered_at),
                told=_told(ledger, person.id, answer.answered_at),
            )
    return None


def partner_of(books: Books, directory: Directory, hire: Hire) -> Partner | None:
    """The same, read from the books; the ledger only where somebody is named."""
    answers = books.asks.answers_of_hire(hire.id)
    if not any(Role.WORK_PARTNER in one.values for one in answers.values()):
        return None
    return named_partner(directory, hire, answers, books.deliveries.of_hire(hire.id))


def in_doubt(books: Books, directory: Directory, first_day_from: date) -> Iterator[tuple[Hire, Partner, str]]:
    """Hires, whom their managers named although something stands between the two, and what HR reads of it."""
    for hire in books.hires.find(first_day_from=first_day_from):
        partner = partner_of(books, directory, hire) if hire.state is HireState.ACTIVE else None
        if partner is not None and (not partner.has_it or partner.rule is Rule.TAKEN):
            yield hire, partner, f"{BECAUSE[partner.rule]}: {STAYS if partner.has_it else NAME_ANOTHER}"


def _rule(directory: Directory, hire: Hire, person: Person, since: datetime) -> Rule:
    """What stands between two people from the day on which one is the other's work partner."""
    day = max(Calendar.of(person).day_of(since), hire.first_day)
    said, of_hire = directory.preferences_of(person.id), directory.preferences_of(hire.id)
    rules = (
        (Rule.SELF, person.id == hire.id),
        (Rule.LEFT, not person.active),
        (Rule.OPTED_OUT, person.opted_out or said.opted_out.issuperset(ROLES)),
        (Rule.TAKEN, kept_apart(hire.id, of_hire, person.id, said)),
        (Rule.AWAY, said.away_within(day, FIRST_DAYS)),
        (Rule.PAUSED, said.paused_on(day)),
    )
    return next((rule for rule, holds in rules if holds), Rule.MAY)


def _told(ledger: Sequence[Delivery], person_id: str, since: datetime) -> bool:
    """Whether the two were introduced to each other since the manager named somebody, or one of them was."""
    steps = {one.step for one in ledger if (one.role, one.person_id) == (Role.WORK_PARTNER, person_id)}
    return any(
        one.step in steps
        and one.state in GONE
        and (one.role == Role.HIRE or one.person_id == person_id)
        and one.settled_at is not None
        and one.settled_at >= since
        for one in ledger
    )
