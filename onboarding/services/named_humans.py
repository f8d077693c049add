"""Which human is told of a newcomer, and who else when nobody takes care of it?

A `watch` that tells HR tells whoever HR named for that newcomer. The role stays `hr`, and so does the id in the
keys of deliveries: whoever is named later gets what has not left yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from onboarding.domain.delivery import Delivery
from onboarding.domain.errors import BadWords
from onboarding.domain.journey import ESCALATED, Verb
from onboarding.domain.people import Person, Role, WorkingHours
from onboarding.domain.people_team import NO_TEAM, Named, PeopleTeam
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import HR_ID, Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Somebody who is named, by id or address, and cannot be told; `place` is the file or the setting."""

    place: str
    named: str


def first(engine: Engine, directory: Directory, newcomer: Person) -> Person:
    """Who is told: whoever HR named, else HR's common address; with the id of HR."""
    part = _team(engine).part_of(newcomer)
    named = _known(engine, directory, newcomer, part.tell) if part else None
    return named or engine.company.hr


def second(engine: Engine, directory: Directory, newcomer: Person) -> Person:
    """Who is told when nobody takes care: somebody else than the first where there is anybody else."""
    return _other(engine, directory, newcomer) or engine.company.hr


def is_somebody_else(engine: Engine, directory: Directory, newcomer: Person) -> bool:
    """Whether the second human has another address than the first: else the same mailbox is told again."""
    return _other(engine, directory, newcomer) is not None


def _other(engine: Engine, directory: Directory, newcomer: Person) -> Person | None:
    told = first(engine, directory, newcomer).work_email.casefold()
    others = (one for one in _seconds(engine, directory, newcomer) if one.work_email.casefold() != told)
    return next(others, None)


def recipient(engine: Engine, directory: Directory, delivery: Delivery) -> Person | None:
    """Who gets a delivery; of a watch that tells HR it depends on the newcomer."""
    told = delivery.person_id == HR_ID and delivery.verb == Verb.WATCH
    newcomer = directory.get(delivery.hire_id) if told else None
    if newcomer is None:
        return somebody(engine.company, directory, delivery.person_id)
    return (second if delivery.occasion.endswith(ESCALATED) else first)(engine, directory, newcomer)


def reads_private(directory: Directory, newcomer: Person, reader: Person, role: str) -> bool:
    """Whether somebody may read private answers: HR alone, and nobody of the newcomer's own line of managers."""
    return role == Role.HR and not _is_close(directory, newcomer, directory.by_email(reader.work_email))


def lost(engine: Engine, directory: Directory) -> Iterator[Lost]:
    """Who is named and cannot be told, each as often as they are named: somebody else is told instead.

    For HR's eyes alone, since it may be an address; logs and Prefect know the place.
    """
    for part in _team(engine).parts:
        for named in (part.tell, part.second):
            if named and _is_lost(named, _person(directory, named)):
                yield Lost(place="people_team.toml", named=named.person_id or named.email)
    if (head := _of_company(engine)) and _is_lost(head, _person(directory, head)):
        yield Lost(place="ONBOARDING_ESCALATION_EMAIL", named=head.email)


def _team(engine: Engine) -> PeopleTeam:
    """Who is named; nobody while the file cannot be read, which the review says."""
    try:
        return engine.words.people_team()
    except BadWords:
        return NO_TEAM


def _seconds(engine: Engine, directory: Directory, newcomer: Person) -> Iterator[Person]:
    part = _team(engine).part_of(newcomer)
    for named in (part.second if part else None, _of_company(engine)):
        if named and (person := _known(engine, directory, newcomer, named)):
            yield person
    yield engine.company.hr


def _of_company(engine: Engine) -> Named | None:
    email = engine.company.escalation_email
    return Named(email=email) if email else None


def _known(engine: Engine, directory: Directory, newcomer: Person, named: Named) -> Person | None:
    """Somebody who is named, as HR; None for whoever has left, or is too close to the newcomer."""
    person = _person(directory, named)
    if _is_lost(named, person) or _is_close(directory, newcomer, person):
        return None
    if named.email or person is None:
        return _at(engine, named)
    return replace(person, id=HR_ID, personal_email="", opted_out=False)


def _person(directory: Directory, named: Named) -> Person | None:
    return directory.by_email(named.email) if named.email else directory.get(named.person_id)


def _is_lost(named: Named, person: Person | None) -> bool:
    """Whether they cannot be told; an address need not be known, but whose it is must not have left."""
    if person is None:
        return not named.email
    return not person.active or not person.work_email


def _is_close(directory: Directory, newcomer: Person, person: Person | None) -> bool:
    """Whether it is the newcomer, or somebody above or below them."""
    return person is not None and (person.id == newcomer.id or directory.in_line(newcomer, person))


def _at(engine: Engine, named: Named) -> Person:
    company = engine.company
    return Person(
        id=HR_ID,
        first_name=named.name or company.hr.first_name,
        work_email=named.email,
        language=named.language or company.language,
        time_zone=named.time_zone or company.time_zone,
        country=named.country or company.country,
        subdivision=named.subdivision if named.country else company.subdivision,
        working_hours=named.hours or WorkingHours(),
    )
