"""What are the steps of a journey called in another language?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from onboarding.domain.errors import BadWords
from onboarding.domain.journey import Journey
from onboarding.domain.tables import unknown

TITLES = "titles"
"""The only table of such a file: from the key of a step to its title."""


def read_titles(file: str, tree: Mapping[str, object]) -> Mapping[str, str]:
    """The title of each step, by key; `file` is how mistakes call it.

    Raises:
        BadWords: with every mistake.
    """
    mistakes = [f"{file}: {unknown(key, (TITLES,))}" for key in tree if key != TITLES]
    table = tree.get(TITLES)
    if not isinstance(table, Mapping) or not table:
        mistakes.append(f'{file}: there must be a table [{TITLES}], with lines such as profile = "Your title"')
        table = {}
    titles: dict[str, str] = {}
    for key, title in table.items():
        if isinstance(title, str) and title.strip():
            titles[key] = title.strip()
        else:
            mistakes.append(f"{file}: {key} must be a text")
    if mistakes:
        raise BadWords(mistakes)
    return titles


def misfits(file: str, titles: Mapping[str, str], journey: Journey) -> Iterator[str]:
    """Titles of steps that the journey does not have."""
    keys = [step.key for step in journey.steps]
    yield from (f"{file}: there is no such step: {unknown(key, keys)}" for key in titles if key not in keys)


def untitled(file: str, titles: Mapping[str, str], journey: Journey) -> Iterator[str]:
    """Steps that are called as in English; no mistake, since a step of one's own may be for one language only."""
    missing = [step for step in journey.steps if step.key not in titles]
    yield from (f'{file}: {one.key} has no title; its readers get "{one.title}"' for one in missing)
