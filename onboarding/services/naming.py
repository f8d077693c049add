"""Whom may a question name, and whom does somebody mean by a name or an address?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from onboarding.domain.folding import folded_name
from onboarding.domain.forms import Form, Kind
from onboarding.domain.people import Person
from onboarding.services.directory import Directory


def known(directory: Directory, form: Form, hire_id: str) -> tuple[Person, ...]:
    """Whom a question of kind person may name: everybody who is with the company but the newcomer, by name."""
    if not any(question.kind is Kind.PERSON for question in form.questions):
        return ()
    active = [one for one in directory.everybody().values() if one.active and one.id != hire_id]
    return tuple(sorted(active, key=lambda one: (one.name.casefold(), one.id)))


def choices(people: Sequence[Person]) -> tuple[tuple[str, str], ...]:
    """Their ids and names; of those who share a name, the address too."""
    often = Counter(folded_name(one.name) for one in people)
    return tuple((one.id, one.name if often[folded_name(one.name)] == 1 else _exactly(one)) for one in people)


def _exactly(person: Person) -> str:
    return f"{person.name}, {person.work_email or person.id}"


def meant(form: Form, raw: Mapping[str, list[str]], people: Sequence[Person]) -> Mapping[str, list[str]]:
    """What was sent, with an id in the place of a name or a work address that only one person has."""
    asked = [one.key for one in form.questions if one.kind is Kind.PERSON and one.key in raw]
    ids = {one.id for one in people}
    return {**raw, **{key: [one if one in ids else _one_of(people, one) for one in raw[key]] for key in asked}}


def _one_of(people: Iterable[Person], written: str) -> str:
    found = {one.id for one in people if folded_name(written) in _names(one)}
    return found.pop() if len(found) == 1 else written


def _names(person: Person) -> set[str]:
    """As what somebody may be known; a person without a work address is not meant by an empty text."""
    formal = f"{person.first_name} {person.last_name}"
    return {folded_name(one) for one in (person.name, formal, person.work_email, _exactly(person))} - {""}
