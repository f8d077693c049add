"""Which fixed words stand on the pages, around what HR wrote?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The fixed words in one language; `{...}` marks are filled in by the page."""

    language: str
    send: str
    save: str
    optional: str
    needed: str
    private: str
    shared: str
    example: str
    readers: str
    minute: str
    minutes: str
    until: str
    answered: str
    mistakes: str
    mistake: str
    empty: str
    empty_help: str
    no_answer: str
    choose: str
    yes: str
    no: str
    wrong_empty: str
    wrong_scale: str
    wrong_choice: str
    wrong_long: str
    wrong_day: str
    wrong_early: str
    wrong_late: str
    wrong_person: str
    near: str
    person_help: str
    only_if: str
    only_if_it_fits: str
    send_again: str
    later: str
    later_help: str
    begun: str
    taken_by: str
    kept_title: str
    kept: str
    kept_beside: str
    go_on: str
    left_over_title: str
    left_over: str
    received: str
    change: str
    questions: str
    over_title: str
    over: str
    forged_title: str
    forged: str
    large_title: str
    large: str
    slow_title: str
    slow: str
    busy_title: str
    busy: str
    away_title: str
    away: str
    missing_title: str
    missing: str
    broken_title: str
    broken: str
    leave_title: str
    leave: str
    leave_now: str
    left_title: str
    left: str
    come_back: str
    back_title: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceWords:
    """The fixed words of the page of preferences in one language."""

    calendar: str
    calendar_help: str
    calendar_subscribe: str
    calendar_address: str
    calendar_secret: str
    calendar_renew: str
    calendar_renewed: str
    title: str
    intro: str
    readers: str
    who: str
    shared: str
    unsaved: str
    saved: str
    as_before: str
    now_in: str
    now_out: str
    now_paused: str
    now_back: str
    back: str
    programmes: str
    programmes_help: str
    coffee: str
    coffee_help: str
    buddy: str
    buddy_help: str
    peer: str
    peer_help: str
    partner: str
    partner_help: str
    mentor: str
    mentor_help: str
    capacity: str
    capacity_help: str
    capacity_open: str
    nobody: str
    pause: str
    pause_help: str
    away: str
    away_help: str
    absence: str
    first_day: str
    last_day: str
    remove: str
    languages: str
    languages_help: str
    interests: str
    interests_help: str
    hours: str
    hours_help: str
    works_from: str
    works_until: str
    flexible: str
    flexible_help: str
    flexible_before: str
    flexible_after: str
    not_at_all: str
    minutes: str
    own_calendar: str
    own_calendar_help: str
    own_calendar_now: str
    own_calendar_remove: str
    known: str
    known_help: str
    name: str
    email: str
    job: str
    place_in_company: str
    location: str
    zone: str
    start: str
    way_out: str
    left_title: str
    left: str
    wrong_choice: str
    wrong_day: str
    wrong_past: str
    wrong_far: str
    wrong_order: str
    wrong_both: str
    wrong_many: str
    wrong_language: str
    wrong_interest: str
    wrong_clock: str
    wrong_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoffeeWords:
    """The fixed words of the page of a coffee round in one language."""

    takes_part_title: str
    takes_part: str
    skips_title: str
    skips: str
    skipped_title: str
    skipped: str
    paused_title: str
    paused: str
    out_title: str
    out: str
    none_title: str
    none: str
    skip: str
    join: str
    back: str
    preferences: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingWords:
    """The fixed words of the page of an invitation in one language."""

    title: str
    title_alone: str
    off_text: str
    over_text: str
    without_you_text: str
    human: str
    your_time: str
    length: str
    minutes: str
    video: str
    you_needs_action: str
    you_accepted: str
    you_tentative: str
    you_declined: str
    other_needs_action: str
    other_accepted: str
    other_tentative: str
    other_declined: str
    accept: str
    another: str
    another_help: str
    no_suggestions: str
    no_time: str
    decline_title: str
    decline_help: str
    decline_last: str
    decline_round: str
    reason: str
    reason_help: str
    decline: str
    followed_accepted: str
    followed_tentative: str
    followed_declined: str
    followed_human: str
    followed_moved: str
    followed_goes_on: str
    followed_called_off: str
    followed_ignored: str


FILE = Path(__file__).with_name("words.toml")


@cache
def languages() -> dict[str, PageWords]:
    """All languages that the pages speak, English first; a language that lacks a word raises TypeError."""
    tables = _tables()
    everywhere = {language: {**words} for language, words in tables.items()}
    for words in everywhere.values():
        words.pop("preferences")
        words.pop("coffee")
        words.pop("meeting")
        words.pop("list")
        words.pop("saving")
    return {language: PageWords(language=language, **words) for language, words in everywhere.items()}


@cache
def preference_words() -> dict[str, PreferenceWords]:
    """The words of the page of preferences in the same languages."""
    return {language: PreferenceWords(**words["preferences"]) for language, words in _tables().items()}


@cache
def coffee_words() -> dict[str, CoffeeWords]:
    """The words of the page of a coffee round in the same languages."""
    return {language: CoffeeWords(**words["coffee"]) for language, words in _tables().items()}


@cache
def meeting_words() -> dict[str, MeetingWords]:
    """The words of the page of an invitation in the same languages."""
    return {language: MeetingWords(**words["meeting"]) for language, words in _tables().items()}


def words_of(language: str) -> PageWords:
    """The words of a language tag (`pt-br`, `de`); English when there are none."""
    known = languages()
    return known.get(language.lower().partition("-")[0], known["en"])


def preference_words_of(language: str) -> PreferenceWords:
    """The words of the page of preferences in a language that the pages speak."""
    return preference_words()[language]


def coffee_words_of(language: str) -> CoffeeWords:
    """The words of the page of a coffee round in a language that the pages speak."""
    return coffee_words()[language]


def meeting_words_of(language: str) -> MeetingWords:
    """The words of the page of an invitation in a language that the pages speak."""
    return meeting_words()[language]


def preferred(accept_language: str) -> PageWords:
    """The words that `Accept-Language` asks for (RFC 9110 section 12.5.4); English when there are none."""
    known = languages()
    wishes = [_wish(part) for part in accept_language[:500].split(",")]
    spoken = [(quality, known[tag]) for tag, quality in wishes if tag in known]
    return max(spoken, key=lambda one: one[0], default=(0.0, known["en"]))[1]


def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _wish(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    try:
        quality = float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        quality = 0.0
    return tag.strip().lower().partition("-")[0], quality
