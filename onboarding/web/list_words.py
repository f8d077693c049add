"""Which fixed words stand on the page of a list to do, around the tasks that HR wrote?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from onboarding.web.words import FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWords:
    """The fixed words of the page of a list to do in one language."""

    progress: str
    all_done: str
    until: str
    overdue: str
    week: str
    later: str
    done: str
    by: str
    was_by: str
    ticked: str
    ticked_by: str
    optional: str
    more: str
    ask_title: str
    ask_help: str
    confirm: str
    not_yet: str
    already: str
    how: str
    for_hire: str
    for_hire_help: str
    hire: str
    manager: str
    buddy: str
    peer: str
    partner: str
    work_partner: str
    mentor: str
    hr: str
    it: str

    def who(self, role: str) -> str:
        """A role in words."""
        return str(getattr(self, role))


@cache
def list_words() -> dict[str, ListWords]:
    """The words in all languages that the pages speak; a language that lacks a word raises TypeError."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {language: ListWords(**words["list"]) for language, words in tables.items()}


def list_words_of(language: str) -> ListWords:
    """The words in a language that the pages speak."""
    return list_words()[language]
