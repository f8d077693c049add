"""What did somebody choose on the page of their preferences, and what is wrong with it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import TypeVar

from onboarding.domain import values
from onboarding.domain.errors import BadAnswer
from onboarding.domain.free_busy import read_address
from onboarding.domain.languages import language_tag
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.preferences import MOST_ABSENCES, MOST_NEWCOMERS, PROGRAMMES, STRETCHES, Away, Preferences
from onboarding.domain.sheets import cells
from onboarding.domain.sheets.days import Order, read_day
from onboarding.domain.texts import clean

FURTHEST = timedelta(days=731)
"""How far ahead days may lie: further than two years is a slip of the keyboard."""

EVERYTHING = "all_programmes"
"""How a change is called that leaves, or comes back to, everything at once: it stands in the directory."""

_SEPARATORS = re.compile(r"[,;\n]")
Read = TypeVar("Read")


class Wrong(StrEnum):
    """What is to be mended, each as one sentence goes on after the name of its field."""

    CHOICE = "must be one of the choices"
    DAY = "must be a day, best written as 2027-03-02"
    PAST = "must not lie in the past"
    FAR = "must not lie more than two years ahead"
    ORDER = "must begin before it ends"
    BOTH = "needs a first and a last day"
    MANY = f"must be at most {MOST_ABSENCES}"
    LANGUAGE = "must be languages: names in English, German or Spanish, or tags such as en"
    INTEREST = f"must be at most {values.MOST_INTERESTS}, each of at most {values.LONGEST_INTEREST} characters"
    ADDRESS = "must be the address of a calendar that begins with https://"
    CLOCK = "must be two times of day such as 09:00 and 17:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody says on their page, all of it at once.

    `languages` are tags of those that the directory does not know; `programmes` those in which they take part.
    `calendar` is the address of a calendar of their own, "" to forget it, None to leave it as it is.
    """

    programmes: frozenset[str]
    capacity: int | None
    paused_until: date | None
    away: tuple[Away, ...]
    languages: tuple[str, ...]
    interests: tuple[str, ...]
    working_hours: WorkingHours
    flexible_before: int = 0
    flexible_after: int = 0
    calendar: str | None = None


def read_choices(sent: Mapping[str, Sequence[str]], person: Person, today: date) -> Chosen:
    """Understand what a form brought: names of fields to the texts that were sent under them.

    `today` is the date where the person is. Rows of absences are `away_first` and `away_last` in their order, and
    `away_remove` holds the numbers, from 0, of those to leave out.

    Raises:
        BadAnswer: with one `Wrong` for each field; that of a row is called `away-0`, `away-1` and so on.
    """
    mistakes: dict[str, str] = {}

    def read(field: str, reader: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return reader()
        except _NotSo as error:
            mistakes[field] = error.wrong
            return otherwise

    chosen = Chosen(
        programmes=read("programmes", lambda: _programmes(sent), frozenset()),
        capacity=read("capacity", lambda: _capacity(_text(sent, "capacity")), None),
        paused_until=read("paused_until", lambda: _pause(_text(sent, "paused_until"), today), None),
        away=_absences(sent, today, mistakes),
        languages=read("languages", lambda: _languages(sent, person), ()),
        interests=read("interests", lambda: _interests(sent, person), ()),
        working_hours=read("working_hours", lambda: _hours(sent), WorkingHours()),
        flexible_before=read("flexible_before", lambda: _stretch(_text(sent, "flexible_before")), 0),
        flexible_after=read("flexible_after", lambda: _stretch(_text(sent, "flexible_after")), 0),
        calendar=read("calendar", lambda: _calendar(sent), None),
    )
    if mistakes:
        raise BadAnswer(mistakes)
    return chosen


INTERESTS_SHOWN = "interests_shown"
"""The field of a page with the interests of a profile that it had filled in."""


def follow(chosen: Chosen, person: Person, before: Preferences) -> tuple[Person, Preferences]:
    """The person and the preferences after a choice.

    Whoever chooses no programme is out of everything, which stands in the directory; which ones they chose before
    is kept for the day they come back. An interest stays where they told it: in their profile or here.
    """
    after = replace(
        before,
        paused_until=chosen.paused_until,
        capacity=chosen.capacity,
        away=chosen.away,
        languages=chosen.languages,
        flexible_before=chosen.flexible_before,
        flexible_after=chosen.flexible_after,
    )
    if chosen.programmes:
        out = frozenset(PROGRAMMES) - chosen.programmes
        after = replace(after, opted_in=chosen.programmes, opted_out=out)
    kept = tuple(one for one in person.shared.interests if _among(one, chosen.interests))
    changed = replace(
        person,
        opted_out=not chosen.programmes,
        interests=tuple(one for one in chosen.interests if _among(one, person.interests) or not _among(one, kept)),
        working_hours=chosen.working_hours,
        shared=replace(person.shared, interests=kept),
    )
    return changed, after


def _among(interest: str, interests: Sequence[str]) -> bool:
    return interest.casefold() in (one.casefold() for one in interests)


def differences(before: Person, said: Preferences, after: Person, says: Preferences) -> tuple[str, ...]:
    """The names of what is different: preferences, and what people say of themselves in the directory."""
    told = [each.name for each in fields(Preferences) if getattr(said, each.name) != getattr(says, each.name)]
    own = ["interests"] if set(before.likes) != set(after.likes) or before.interests != after.interests else []
    own += ["working_hours"] if before.working_hours != after.working_hours else []
    everything = [EVERYTHING] if before.opted_out != after.opted_out else []
    return (*everything, *told, *own)


class _NotSo(Exception):
    """One field does not fit."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        super().__init__(wrong)


def _calendar(sent: Mapping[str, Sequence[str]]) -> str | None:
    """The address that was typed; what is kept is never on the page, so that an empty field changes nothing."""
    try:
        address = read_address(_text(sent, "calendar"))
    except ValueError:
        raise _NotSo(Wrong.ADDRESS) from None
    return address or ("" if "calendar_remove" in sent else None)


def _text(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return clean(next(iter(sent.get(name, ())), ""))


def _programmes(sent: Mapping[str, Sequence[str]]) -> frozenset[str]:
    found = frozenset(sent.get("programmes", ()))
    if not found <= frozenset(PROGRAMMES):
        raise _NotSo(Wrong.CHOICE)
    return found


def _capacity(text: str) -> int | None:
    if text and text not in map(str, range(MOST_NEWCOMERS + 1)):
        raise _NotSo(Wrong.CHOICE)
    return int(text) if text else None


def _stretch(text: str) -> int:
    if text and text not in map(str, STRETCHES):
        raise _NotSo(Wrong.CHOICE)
    return int(text) if text else 0


def _pause(text: str, today: date) -> date | None:
    day = _day(text, today) if text else None
    if day is not None and day <= today:
        raise _NotSo(Wrong.PAST)
    return day


def _day(text: str, today: date) -> date:
    try:
        day = read_day(text, frozenset(Order))
    except ValueError:
        raise _NotSo(Wrong.DAY) from None
    if day > today + FURTHEST:
        raise _NotSo(Wrong.FAR)
    return day


def _absences(sent: Mapping[str, Sequence[str]], today: date, mistakes: dict[str, str]) -> tuple[Away, ...]:
    """Every row that says something and is not to be removed, in the order of the days."""
    rows = zip_longest(sent.get("away_first", ()), sent.get("away_last", ()), fillvalue="")
    removed = frozenset(sent.get("away_remove", ()))
    found: set[Away] = set()
    for number, (first, last) in enumerate(rows):
        if str(number) in removed or not (clean(first) or clean(last)):
            continue
        try:
            found.add(_absence(clean(first), clean(last), today))
            if len(found) > MOST_ABSENCES:
                raise _NotSo(Wrong.MANY)  # noqa: TRY301 -- like every other mistake of a row
        except _NotSo as error:
            mistakes[f"away-{number}"] = error.wrong
    return tuple(sorted(found, key=lambda one: (one.first, one.last)))


def _absence(first: str, last: str, today: date) -> Away:
    if not (first and last):
        raise _NotSo(Wrong.BOTH)
    begins, ends = _day(first, today), _day(last, today)
    if begins > ends:
        raise _NotSo(Wrong.ORDER)
    if ends < today:
        raise _NotSo(Wrong.PAST)
    return Away(first=begins, last=ends)


def _languages(sent: Mapping[str, Sequence[str]], person: Person) -> tuple[str, ...]:
    named = [part for part in map(clean, _SEPARATORS.split(_text(sent, "languages"))) if part]
    tags = [language_tag(one) for one in named]
    if not all(tags) or len(tags) > values.MOST_LANGUAGES:
        raise _NotSo(Wrong.LANGUAGE)
    return tuple(dict.fromkeys(tag for tag in tags if tag not in (person.language, *person.languages)))


def _interests(sent: Mapping[str, Sequence[str]], person: Person) -> tuple[str, ...]:
    """What is written; but for what the page had filled in of a profile, and was taken back there since."""
    shown = [clean(part) for part in _SEPARATORS.split(_text(sent, INTERESTS_SHOWN))]
    taken_back = [one for one in shown if one and not _among(one, person.likes)]
    written = [clean(part) for part in _SEPARATORS.split(_text(sent, "interests"))]
    try:
        return tuple(values.interests([one for one in written if not _among(one, taken_back)]))
    except ValueError:
        raise _NotSo(Wrong.INTEREST) from None


def _hours(sent: Mapping[str, Sequence[str]]) -> WorkingHours:
    try:
        start, end = (values.clock_time(cells.clock(_text(sent, name))) for name in ("works_from", "works_until"))
    except ValueError:
        raise _NotSo(Wrong.CLOCK) from None
    if start >= end:
        raise _NotSo(Wrong.ORDER)
    return WorkingHours(start=start, end=end)
