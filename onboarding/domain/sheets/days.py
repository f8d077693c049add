"""Which day does a cell of a spreadsheet mean, however it is written?

1/4/2027 is April in Boston and January in London. Which of them a column means is never guessed from one cell: the
whole column decides by a day after the twelfth, or whoever imports the file says it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import NoReturn

from babel import Locale

from onboarding.domain import values
from onboarding.domain.countries import READ_IN
from onboarding.domain.folding import folded


class Order(StrEnum):
    """Which number comes first in 1/4/2027."""

    DMY = "dmy"
    MDY = "mdy"


EXCEL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers after February 1900.

Excel counts from 1 = 1900-01-01 and holds 1900 for a leap year, as Lotus 1-2-3 did, so that later numbers are one
too high (ECMA-376 part 1, section 18.17.4.1; learn.microsoft.com, "Excel incorrectly assumes that the year 1900 is
a leap year"). The 1904 system of old Macintosh workbooks cannot be told from it and is not read.
"""
LONGEST = 48
MONTHS = 12
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_BASIC = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_DOTS = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_EITHER = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})")
_DAY_MONTH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[. -]{0,2}(?:de )?([^\W\d_]{3,12})[. ,-]{0,2}(?:del? )?([0-9]{4})"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})[. -]{1,2}([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_SURE = (
    (_YEAR_FIRST, (1, 3, 4)),
    (_BASIC, (1, 2, 3)),
    (_DOTS, (3, 2, 1)),
    (_DAY_MONTH, (3, 2, 1)),
    (_MONTH_DAY, (3, 1, 2)),
)
"""Ways to write a day that mean one day only, and which parts of them are year, month and day."""
_SERIAL = re.compile(r"([0-9]{5,6})(?:[.,][0-9]+)?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/. ]{1,2}([0-9]{1,2}|[^\W\d_]{3,12})[-/. ]{1,2}'?[0-9]{2}")
_CLOCK = re.compile(
    r"(?:T| )(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[ap]\.?m\.?)?)"
    r" ?(?P<offset>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"(?:0?0:00|12:00(?=.*am))(?::00(?:[.,]0+)?)?(?: ?am)?", re.IGNORECASE)
_UNREADABLE = "must be a day, best written as 2026-03-02"


def orders_shown(cells: Iterable[str]) -> frozenset[Order]:
    """The orders that a column proves by days after the twelfth: none, one, or both."""
    found = {(int(match[1]) > MONTHS, int(match[3]) > MONTHS) for cell in cells if (match := _EITHER.match(cell))}
    proofs = {Order.DMY: (True, False), Order.MDY: (False, True)}
    return frozenset(order for order, proof in proofs.items() if proof in found)


def may_mean_two(cell: str) -> bool:
    """Whether a cell means another day in each order."""
    match = _EITHER.match(cell)
    return match is not None and int(match[1]) != int(match[3]) and max(int(match[1]), int(match[3])) <= MONTHS


def read_day(cell: str, orders: frozenset[Order]) -> date:
    """The day that a cell means; `orders` are those that its column may have.

    Raises:
        ValueError: whose message continues "<column> ..." and never repeats the cell.
    """
    text = _without_clock(unicodedata.normalize("NFC", cell).strip() if len(cell) <= LONGEST else "")
    if match := _EITHER.fullmatch(text):
        return _in_order(match[1], match[3], match[4], orders)
    if match := _SERIAL.fullmatch(text):
        return _serial(int(match[1]))
    for pattern, order in _SURE:
        if match := pattern.fullmatch(text):
            year, month, day = (match[place] for place in order)
            return _day(year, month if month.isdecimal() else _month(month), day)
    raise ValueError("must be a day whose year has four digits" if _SHORT_YEAR.fullmatch(text) else _UNREADABLE)


def _without_clock(text: str) -> str:
    """The day of a timestamp as it is written there.

    A time with an offset can lie on another day where the person lives: systems that keep midnight in Berlin as
    23:00 of the day before in UTC exist. Only midnight is taken at its word.
    """
    match = _CLOCK.search(text)
    if match is None or match.end() != len(text):
        return text
    if match["offset"] and not _MIDNIGHT.fullmatch(match["time"]):
        raise ValueError("carries a time of another zone, so that the local day is not sure: give the day alone")
    return text[: match.start()]


def _in_order(first: str, second: str, year: str, orders: frozenset[Order]) -> date:
    readings = {Order.DMY: (year, second, first), Order.MDY: (year, first, second)}
    if len(orders) == 1:
        return _day(*readings[next(iter(orders))])
    if int(first) == int(second):
        return _day(*readings[Order.DMY])
    if max(int(first), int(second)) <= MONTHS:
        mixed = "stands in a column that mixes both orders" if orders else "can be read day first and month first"
        raise ValueError(f"{mixed}: say which is meant with --dates dmy or --dates mdy")
    return _day(*readings[Order.DMY if int(first) > int(second) else Order.MDY])


def _day(year: str, month: str, day: str) -> date:
    return values.day(f"{year}-{month:>02}-{day:>02}")


def _serial(number: int) -> date:
    found = EXCEL_ZERO + timedelta(days=number)
    if not values.FIRST_YEAR <= found.year <= values.LAST_YEAR:
        raise ValueError(_UNREADABLE)
    return found


def _month(name: str) -> str:
    return str(_months().get(folded(name)) or _refuse())


def _refuse() -> NoReturn:
    raise ValueError(_UNREADABLE)


@cache
def _months() -> dict[str, int]:
    """Names of months, whole and short, in the languages that we read (Unicode CLDR)."""
    found = {"sep": 9, "set": 9}
    for language in READ_IN:
        for names in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                found |= {folded(name): number for number, name in names[width].items()}
    return found
