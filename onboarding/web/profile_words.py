"""Which fixed words stand on the page of what colleagues see about somebody?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("profile_words.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileWords:
    """The fixed words in one language; `{...}` marks are filled in by the page."""

    title: str
    intro: str
    who: str
    nothing: str
    begun: str
    hr: str
    edit: str
    begin: str
    closed: str
    source: str
    from_form: str
    from_page: str
    from_record: str
    used: str
    seen_by: str
    seen_by_hr: str
    was_sent: str
    reader_manager: str
    reader_buddy: str
    reader_peer: str
    reader_partner: str
    reader_work_partner: str
    reader_mentor: str
    reader_it: str
    reader_coffee: str
    reader_newcomer: str
    about_name: str
    about_last_name: str
    about_job_title: str
    about_department: str
    about_team: str
    about_location: str
    about_start_date: str
    about_email: str
    about_time_zone: str
    about_interests: str
    record: str
    photo: str
    photo_alt: str
    photo_help: str
    photo_choose: str
    photo_add: str
    photo_change: str
    photo_remove: str
    take_back: str
    all_title: str
    all: str
    all_mails: str
    all_now: str
    preferences: str
    see: str
    left: str
    old: str
    still_kept: str
    still_kept_until: str
    done_added: str
    done_removed: str
    done_taken_back: str
    done_nothing: str
    wrong_missing: str
    wrong_large: str
    wrong_kind: str
    wrong_pixels: str
    wrong_small: str
    wrong_moving: str
    wrong_broken: str
    wrong_crowded: str


@cache
def profile_words() -> dict[str, ProfileWords]:
    """The words in every language that the pages speak; a language that lacks one raises TypeError."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {language: ProfileWords(**words) for language, words in tables.items()}


def profile_words_of(language: str) -> ProfileWords:
    """The words in a language that the pages speak."""
    return profile_words()[language]
