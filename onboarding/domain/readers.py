"""Who reads what about somebody? Worked out from the journey and the fields that its messages really use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from onboarding.domain.exchange import CARD
from onboarding.domain.journey import EXCHANGE, Step, Verb, reminder_of
from onboarding.domain.people import Role

Uses = Callable[[str, str], frozenset[str]]
"""The paths of the fields that a message uses for a role."""

FormUses = Callable[[str], frozenset[str]]
"""The same of the texts of a form."""


class About(StrEnum):
    """What can be told about somebody."""

    NAME = "name"
    PHOTO = "photo"
    ANSWERS = "answers"
    INTERESTS = "interests"
    JOB = "job_title"
    DEPARTMENT = "department"
    TEAM = "team"
    LOCATION = "location"
    START = "start_date"
    EMAIL = "email"
    TIME_ZONE = "time_zone"


OF_NEWCOMER: Mapping[About, frozenset[str]] = {
    About.NAME: frozenset(
        (
            "hire.name",
            "hire.first_name",
            "other.name",
            "other.first_name",
            "watch.person",
            "exchange.others",
            "todo.overdue[].hire",
            "todo.soon[].hire",
        )
    ),
    About.PHOTO: frozenset(("hire.photo",)),
    About.ANSWERS: frozenset(("profile",)),
    About.INTERESTS: frozenset(("hire.interests", "other.interests", "coffee.together")),
    About.JOB: frozenset(("hire.job_title", "other.job_title")),
    About.DEPARTMENT: frozenset(("hire.department", "other.department")),
    About.TEAM: frozenset(("hire.team",)),
    About.LOCATION: frozenset(("hire.location", "other.location")),
    About.START: frozenset(("hire.start_date",)),
    About.EMAIL: frozenset(("hire.email",)),
    About.TIME_ZONE: frozenset(("meeting.when_other",)),
}
"""By which fields a message or a form tells it of the newcomer to anybody else."""

ON_PAGES = (About.NAME, About.ANSWERS, About.JOB, About.TEAM, About.LOCATION, About.START, About.TIME_ZONE)
"""What a page shows of whoever joins to those who write to them (`services.passing_on.joins`)."""

ONLY_WORDS = frozenset({Role.HIRE, Role.MANAGER})
"""Whoever is asked without being shown who joins."""

COLLEAGUES = ("manager", "buddy", "partner", "work_partner", "mentor", "notes[]", "peers[]", "other")
"""The owners of fields by which the newcomer's own mails tell of a colleague."""


def readers_of_newcomer(
    steps: Iterable[Step], uses: Uses, form_uses: FormUses
) -> dict[About, dict[str, frozenset[str]]]:
    """Who else reads what about a newcomer: for each thing the roles, and the steps whose mails tell it.

    A role without such a step reads it on a page only, which shows nothing any more once it is taken back.
    """
    found: defaultdict[About, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    steps = list(steps)
    for step in steps:
        for role in step.roles:
            if role is Role.HIRE or step.verb is Verb.MATCH:
                continue
            paths = _paths(step, role, uses, form_uses)
            for about, fields in OF_NEWCOMER.items():
                if paths & fields or (
                    about is About.EMAIL and step.verb is Verb.MEET
                ):  # who comes is invited by it
                    found[about][role].add(step.key)
    for about in ON_PAGES:
        for role in writers(steps):
            found[about][role] |= set()
    return {about: {role: frozenset(keys) for role, keys in roles.items()} for about, roles in found.items()}


def writers(steps: Iterable[Step]) -> frozenset[Role]:
    """Who is asked for words that a mail passes on to the newcomer: the page of their form says who joins."""
    known = list(steps)
    passed_on = {step.notes_of for step in known if step.verb is Verb.WRITE and Role.HIRE in step.roles}
    roles = {role for step in known if step.verb is Verb.ASK and step.key in passed_on for role in step.roles}
    return frozenset(roles - ONLY_WORDS)


def told_of_colleagues(steps: Iterable[Step], uses: Uses) -> frozenset[About]:
    """What newcomers read about the colleagues whom we introduce to them."""
    steps = list(steps)
    paths: set[str] = set()
    for step in steps:
        if Role.HIRE in step.roles and step.verb is not Verb.MATCH:
            paths |= _paths(step, Role.HIRE, uses, lambda _: frozenset())
    keys = {path.rpartition(".")[2] for path in paths if path.rpartition(".")[0] in COLLEAGUES}
    if any(Role.HIRE in step.roles and step.verb is Verb.MEET for step in steps):
        keys.add(About.EMAIL)  # who comes is invited by it
    if paths & OF_NEWCOMER[About.TIME_ZONE]:
        keys.add(About.TIME_ZONE)
    return frozenset(about for about in About if about.value in keys)


def _paths(step: Step, role: Role, uses: Uses, form_uses: FormUses) -> frozenset[str]:
    of_messages = [uses(message, role) for message in messages_of(step)]
    of_form = [form_uses(step.subject)] if step.verb is Verb.ASK else []
    return frozenset().union(*of_messages, *of_form)


def messages_of(step: Step) -> Iterator[str]:
    """Every message that a step may send."""
    yield step.subject
    if step.verb is Verb.ASK and step.remind_after:
        yield reminder_of(step)
    if step.notes_of and step.without != "skip":
        yield step.without
    if step.without_common_hour == EXCHANGE:
        yield from (EXCHANGE, CARD)
