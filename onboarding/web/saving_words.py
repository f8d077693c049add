"""Which fixed words say whether a form is saved while somebody writes, and that a draft is deleted?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from onboarding.web.words import FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingWords:
    """The fixed words in one language.

    `{later}` is what the button says that saves, `{days}` how long a draft stays after its form has closed.
    """

    told: str
    saved: str
    lost: str
    not_now: str
    answered: str
    elsewhere: str
    moved_on_title: str
    moved_on: str
    left: str
    over: str
    link: str
    large: str
    busy: str
    off: str
    delete: str
    delete_title: str
    delete_ask: str
    delete_now: str
    keep: str
    deleted_title: str
    deleted: str
    sent_stays: str
    again: str


@cache
def saving_words() -> dict[str, SavingWords]:
    """The words in all languages that the pages speak; a language that lacks a word raises TypeError."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {language: SavingWords(**words["saving"]) for language, words in tables.items()}


def saving_words_of(language: str) -> SavingWords:
    """The words in a language that the pages speak."""
    return saving_words()[language]
