"""How are dates, times and names said in words of a language?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The locale of a language tag such as `de` or `pt-br`; English when unknown."""
    try:
        return Locale.parse(language.replace("-", "_") or "en", sep="_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def direction_of(language: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr` (Unicode CLDR)."""
    direction: str = locale_of(language).text_direction
    return direction


def day_in_words(day: date, language: str) -> str:
    """Such as `Monday, January 4, 2027` or `Montag, 4. Januar 2027`."""
    return format_date(day, format="full", locale=locale_of(language))


def moment_in_words(moment: datetime, zone: str, language: str) -> str:
    """Such as `Monday, January 4, 2027, 10:00 AM (Manila, UTC+8)`: date, time and zone, as clocks there show it.

    Raises:
        ValueError: for a naive moment.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be said in words")
    locale = locale_of(language)
    local = moment.astimezone(ZoneInfo(zone))
    day = format_date(local.date(), format="full", locale=locale)
    return f"{day}, {_clock(local, locale)} ({zone_in_words(local, zone, language)})"


def time_in_words(moment: datetime, zone: str, language: str) -> str:
    """Such as `10:00 AM` or `10:00`: the time alone, as clocks there show it, for a moment that is just now.

    Raises:
        ValueError: for a naive moment.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be said in words")
    return _clock(moment.astimezone(ZoneInfo(zone)), locale_of(language))


def _clock(local: datetime, locale: Locale) -> str:
    return format_time(local, format="short", tzinfo=local.tzinfo, locale=locale).replace("\u202f", " ")


def zone_in_words(local: datetime, zone: str, language: str) -> str:
    """Such as `Kathmandu, UTC+5:45`: the zone's city, and its distance from UTC at that moment."""
    if zone == "UTC":
        return zone
    city = get_timezone_location(zone, locale=locale_of(language), return_city=True)
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"{city}, UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
