"""Which values fit the fields of a record?

Each function returns the value as we keep it or raises ValueError, whose message continues "<field> ...".
A message never repeats the value: it may be somebody's name in the wrong column.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import available_timezones

from onboarding.domain.countries import COUNTRIES
from onboarding.domain.errors import BadAddress
from onboarding.domain.mail import Address
from onboarding.domain.texts import composed

ID_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
RESERVED_IDS = frozenset({"hr", "it", "company", "nobody"})
"""Ids that the engine uses itself: HR and IT as recipients."""
LONGEST_EMAIL = 254
"""RFC 5321 section 4.5.3.1.3, without the angle brackets."""
FIRST_YEAR, LAST_YEAR = 1950, 2100
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(value: object) -> str:
    """Text of one line, in NFC, without space around it.

    Refuses control characters, lone surrogates, marks that turn the reading direction (they can disguise a
    name), and `=?`, which mail headers read as an encoded word.
    """
    text = _text(value)
    # Whatever is printable holds none of them, which is most of what files with thousands of rows hold.
    if not text.isprintable() and any(map(_is_unfit, text)):
        raise ValueError("must be one line of plain text, without control characters")
    if "=?" in text:
        raise ValueError("must not hold =?, which could forge a mail header")
    return composed(text).strip()


def _is_unfit(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _UNFIT


def identifier(value: object) -> str:
    """An id that may reach logs, addresses of pages and Prefect: never an e-mail address, never a path."""
    text = _text(value)
    if not re.fullmatch(ID_PATTERN[1:-1], text):
        raise ValueError(
            "must have 1 to 64 characters, each a letter a-z, a digit, a dot, a hyphen or an underscore"
        )
    if not re.search(r"[A-Za-z0-9]", text):
        raise ValueError("must hold a letter or a digit")
    if text.lower() in RESERVED_IDS:
        raise ValueError(f"is reserved: choose another one than {text.lower()}")
    return text


def is_identifier(text: str) -> bool:
    """Whether a text can be an id, so that it may be shown."""
    return re.fullmatch(ID_PATTERN[1:-1], text) is not None


def email(value: object) -> str:
    """An address that can be written to."""
    text = one_line(value)
    if len(text) > LONGEST_EMAIL:
        raise ValueError(f"must have at most {LONGEST_EMAIL} characters")
    try:
        return Address(email=text).email
    except BadAddress as error:
        raise ValueError("is not an e-mail address that can be written to") from error


def zone(value: object) -> str:
    """An IANA time zone; a near miss is named, never corrected."""
    text = one_line(value)
    if text in _zones():
        return text
    near = difflib.get_close_matches(text[:64], _zones(), n=1, cutoff=0.8)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ValueError(f"must be an IANA time zone such as Europe/Berlin{hint}")


def is_zone(text: str) -> bool:
    """Whether a text is an IANA time zone; unlike `zone`, this is as quick for texts that are none."""
    return text in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def day(value: object) -> date:
    """A real day, written as 2026-03-02."""
    text = value if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("must be a day written as 2026-03-02")
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("is a day that no calendar has") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return found


def clock_time(value: object) -> time:
    """A local time of day, written as 09:30."""
    text = value if isinstance(value, str) else ""
    if not re.fullmatch(CLOCK_PATTERN[1:-1], text):
        raise ValueError("must be a time of day written as 09:30")
    return time.fromisoformat(text)


def moment(value: object) -> datetime:
    """A moment with its offset, in ISO 8601; returned in UTC."""
    text = value if isinstance(value, str) else ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("must be a moment written as 2026-03-02T09:30:00Z") from error
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError("must be a moment with its offset from UTC, written as 2026-03-02T09:30:00Z")
    return found.astimezone(UTC)


def country(value: object) -> str:
    """An ISO 3166-1 alpha-2 code, in capitals."""
    code = one_line(value).upper()
    if code not in COUNTRIES:
        raise ValueError("must be a two-letter country code of ISO 3166-1, such as DE")
    return code


def subdivision(value: object) -> str:
    """The part of an ISO 3166-2 code after the hyphen, in capitals; the whole code is read as well."""
    code = one_line(value).upper()
    if not re.fullmatch(r"([A-Z]{2}-)?[A-Z0-9]{1,3}", code):
        raise ValueError("must be the part of an ISO 3166-2 code after the hyphen, such as BY")
    return code


def language(value: object) -> str:
    """A language tag in lower case, such as `en` or `pt-br`."""
    tag = one_line(value).lower().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", tag):
        raise ValueError("must be a language tag such as en or pt-br")
    return tag


def languages(value: object) -> list[str]:
    """Language tags in lower case without repeats, in the order given."""
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list of language tags")  # noqa: TRY004 -- one kind of error for whoever lists them
    if len(value) > MOST_LANGUAGES:
        raise ValueError(f"must have at most {MOST_LANGUAGES} entries")
    return list(dict.fromkeys(language(entry) for entry in value))


def seniority(value: object) -> int:
    """A level from 1 to 10; 0 says that it is not known. Digits in a text are read as well."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,2}", value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST_LEVEL:
        raise ValueError(f"must be a whole number from 1 to {HIGHEST_LEVEL}, or 0 for not known")
    return value


def interests(value: object) -> list[str]:
    """Short texts without repeats (letter case ignored), in the order given."""
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list of short texts")  # noqa: TRY004 -- one kind of error for whoever lists them
    if len(value) > MOST_INTERESTS:
        raise ValueError(f"must have at most {MOST_INTERESTS} entries")
    found: dict[str, str] = {}
    for entry in value:
        text = one_line(entry)
        if len(text) > LONGEST_INTEREST:
            raise ValueError(f"must have entries of at most {LONGEST_INTEREST} characters")
        if text:
            found.setdefault(text.casefold(), text)
    return list(found.values())


MOST_LANGUAGES = 20
HIGHEST_LEVEL = 10
MOST_INTERESTS = 30
LONGEST_INTEREST = 60


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004 -- one kind of error for whoever lists them
    return value
