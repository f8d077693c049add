"""Whom may a question name, and whom does somebody mean by a name or an address?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from onboarding.domain.folding import folded, folded_name
from onboarding.domain.forms import Form, Kind
from onboarding.domain.people import Person
from onboarding.services.directory import Directory

LONGEST = 320
"""Characters of the longest name or address (RFC 5321 section 4.5.3.1) that is looked up."""

MOST_WORDS = 6
"""Words of a name that are compared."""


def known(directory: Directory, form: Form, *without: str) -> tuple[Person, ...]:
    """Whom a question of kind person may name: everybody who is with the company but those, by name."""
    if not any(question.kind is Kind.PERSON for question in form.questions):
        return ()
    active = [one for one in directory.everybody().values() if one.active and one.id not in without]
    return tuple(sorted(active, key=lambda one: (one.name.casefold(), one.id)))


def choices(people: Sequence[Person]) -> tuple[tuple[str, str], ...]:
    """Their ids and names; of those who share a name, the address too."""
    often = Counter(folded_name(one.name) for one in people)
    return tuple((one.id, one.name if often[folded_name(one.name)] == 1 else _exactly(one)) for one in people)


def _exactly(person: Person) -> str:
    return f"{person.name}, {person.work_email or person.id}"


def meant(form: Form, raw: Mapping[str, list[str]], people: Sequence[Person]) -> Mapping[str, list[str]]:
    """What was sent, with an id in the place of a name or a work address that only one person has."""
    asked = [one.key for one in form.questions if one.kind is Kind.PERSON and len(raw.get(one.key, ())) == 1]
    if not asked:
        return raw
    ids, named = {one.id for one in people}, _by_name(people)
    return {**raw, **{key: [one if one in ids else named(one) for one in raw[key]] for key in asked}}


def _by_name(people: Sequence[Person]) -> Callable[[str], str]:
    """The id of whoever alone is known by what somebody wrote; without such a person, what they wrote."""
    known: dict[str, set[str]] = {}
    for person in people:
        for name in _names(person):
            known.setdefault(name, set()).add(person.id)

    def named(written: str) -> str:
        found = known.get(folded_name(written), set()) if len(written) <= LONGEST else set()
        return next(iter(found)) if len(found) == 1 else written

    return named


def near(people: Sequence[tuple[str, str]], written: str, most: int = 5) -> list[str]:
    """Of choices (id, name), the names that are close to what somebody wrote and that is none of them.

    Those come first in which each word of theirs begins a word of the name; then those that are spelled alike.
    """
    words = list(dict.fromkeys(_words(written)))[:MOST_WORDS] if len(written) <= LONGEST else []
    plain = {" ".join(_words(name)): name for _, name in people}
    begun = [
        name
        for key, name in plain.items()
        if words and all(any(part.startswith(word) for part in key.split()) for word in words)
    ]
    alike = get_close_matches(" ".join(words), plain, n=most, cutoff=0.7) if words else []
    return list(dict.fromkeys([*begun, *(plain[key] for key in alike)]))[:most]


def _words(name: str) -> list[str]:
    """The words of a name, without case and accents."""
    return [word for word in map(folded, name.split()) if word]


def _names(person: Person) -> set[str]:
    """As what somebody may be known; a person without a work address is not meant by an empty text."""
    formal = f"{person.first_name} {person.last_name}"
    return {folded_name(one) for one in (person.name, formal, person.work_email, _exactly(person))} - {""}
