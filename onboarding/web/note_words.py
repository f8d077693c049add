"""Which fixed words stand around words that are passed on in the name of whoever writes them?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWords:
    """The fixed words in one language; `{...}` marks are filled in by the page."""

    joins: str
    name: str
    job: str
    team: str
    first_day: str
    place: str
    zone: str
    shared: str
    until: str
    until_open: str
    yours: str
    waits: str
    waits_open: str
    change: str
    take_back: str
    left_title: str
    left: str
    change_others: str
    late: str
    missed_title: str
    missed: str
    write_to: str
    ask_title: str
    ask: str
    keep: str
    back_title: str
    back: str
    again: str
    write_again: str


FILE = Path(__file__).with_name("note_words.toml")


@cache
def note_words() -> dict[str, NoteWords]:
    """The words in every language that the pages speak; one that lacks a word raises TypeError."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {language: NoteWords(**words) for language, words in tables.items()}


def note_words_of(language: str) -> NoteWords:
    """The words in a language that the pages speak."""
    return note_words()[language]
