"""Is a day in a cell read as it was meant, and refused when it can mean two?"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.folding import folded
from onboarding.domain.sheets.days import EXCEL_ZERO, Order, may_mean_two, orders_shown, read_day

NONE: frozenset[Order] = frozenset()
DMY, MDY, BOTH = frozenset([Order.DMY]), frozenset([Order.MDY]), frozenset(Order)
FOURTH = date(2027, 1, 4)

ONE_WAY = [
    *("2027-01-04", "2027-1-4", "2027/01/04", "2027.01.04", "20270104", " 2027-01-04 "),
    *("2027-01-04T00:00:00", "2027-01-04T00:00:00Z", "2027-01-04 00:00:00.000+01:00", "2027-01-04T09:30"),
    *("04.01.2027", "4.1.2027", "4. 1. 2027", "04.01.2027 00:00:00"),
    *("46391", "46391.0", "46391,0", "46391.375"),
    *("4 Jan 2027", "04-Jan-2027", "4 January 2027", "4th January 2027", "Jan 4, 2027", "January 4th, 2027"),
    *("4. Januar 2027", "4 de enero de 2027", "4 ene 2027", "4-ene-2027", "4 de enero del 2027"),
]


@pytest.mark.parametrize("cell", ONE_WAY)
@pytest.mark.parametrize("orders", [NONE, DMY, MDY, BOTH])
def test_these_mean_the_same_day_in_every_column(cell: str, orders: frozenset[Order]) -> None:
    assert read_day(cell, orders) == FOURTH


BY_COLUMN = [
    ("04/01/2027", DMY, "2027-01-04"),
    ("04/01/2027", MDY, "2027-04-01"),
    ("4-1-2027", DMY, "2027-01-04"),
    ("4-1-2027", MDY, "2027-04-01"),
    ("1/4/2027 12:00:00 AM", MDY, "2027-01-04"),
    ("1/4/2027 0:00", DMY, "2027-04-01"),
    ("13/01/2027", NONE, "2027-01-13"),
    ("01/13/2027", NONE, "2027-01-13"),
    ("13/01/2027", BOTH, "2027-01-13"),
    ("01/13/2027", BOTH, "2027-01-13"),
    ("05/05/2027", NONE, "2027-05-05"),
    ("5/05/2027", BOTH, "2027-05-05"),
]


@pytest.mark.parametrize(("cell", "orders", "day"), BY_COLUMN)
def test_the_column_decides_what_a_day_with_two_meanings_means(
    cell: str, orders: frozenset[Order], day: str
) -> None:
    assert read_day(cell, orders).isoformat() == day


SAY_WHICH = ": say which is meant with --dates dmy or --dates mdy"
REFUSED = [
    ("04/01/2027", NONE, f"can be read day first and month first{SAY_WHICH}"),
    ("04/01/2027", BOTH, f"stands in a column that mixes both orders{SAY_WHICH}"),
    ("13/01/2027", MDY, "is a day that no calendar has"),
    ("32/01/2027", NONE, "is a day that no calendar has"),
    ("2027-02-29", NONE, "is a day that no calendar has"),
    ("30.02.2027", NONE, "is a day that no calendar has"),
    ("00/00/2027", NONE, "is a day that no calendar has"),
    ("1/4/27", DMY, "must be a day whose year has four digits"),
    ("04.01.27", NONE, "must be a day whose year has four digits"),
    ("4-Jan-27", NONE, "must be a day whose year has four digits"),
    ("1900-01-01", NONE, "must lie between the years 1950 and 2100"),
    ("2027-01-03T23:00:00Z", NONE, "carries a time of another zone, so that the local day is not sure"),
    ("2027-01-04T09:00:00+01:00", NONE, "carries a time of another zone, so that the local day is not sure"),
    *(
        (cell, NONE, "must be a day, best written as 2026-03-02")
        for cell in (
            *(
                "soon",
                "2027",
                "60",
                "99999",
                "-46391",
                "1/4",
                "4 Foo 2027",
                "2027-W01-1",
                "\u0661/\u0664/2027",
                "x" * 99,
            ),
            *("2027-01-04T", "2027-01-04 noon", "1.4.2027.5", "", "1799000000"),
        )
    ),
]


@pytest.mark.parametrize(("cell", "orders", "words"), REFUSED)
def test_a_day_that_is_not_sure_is_refused_in_words_without_the_cell(
    cell: str, orders: frozenset[Order], words: str
) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_day(cell, orders)
    assert str(caught.value).startswith(words)
    assert not cell or cell not in str(caught.value)


COLUMNS = [
    ([], NONE),
    (["04/01/2027", "soon", "46391", "13.01.2027", "2027-01-13"], NONE),
    (["04/01/2027", "13/01/2027"], DMY),
    (["04/01/2027", "01/13/2027 00:00"], MDY),
    (["13-01-2027", "1/13/2027"], BOTH),
    (["13/13/2027"], NONE),
]


@pytest.mark.parametrize(("cells", "orders"), COLUMNS)
def test_a_column_shows_its_order_by_days_after_the_twelfth(cells: list[str], orders: frozenset[Order]) -> None:
    assert orders_shown(cells) == orders


def test_excel_counts_as_its_own_documents_say() -> None:
    # ECMA-376 part 1, 18.17.4.1: 1900-03-01 is 61 in the 1900 system; 2008-01-01 is 39448 in Microsoft's examples.
    assert EXCEL_ZERO + timedelta(days=61) == date(1900, 3, 1)
    assert read_day("39448", NONE) == date(2008, 1, 1)
    assert read_day("46027", NONE) == date(2026, 1, 5)


def test_no_name_of_a_month_means_two() -> None:
    found: dict[str, set[int]] = {}
    for language in ("en", "de", "es"):
        for names in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in names[width].items():
                    found.setdefault(folded(name), set()).add(number)
    assert {name: numbers for name, numbers in found.items() if len(numbers) > 1} == {}


DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))
WAYS = {
    "%Y-%m-%d": NONE,
    "%d.%m.%Y": NONE,
    "%d/%m/%Y": DMY,
    "%m/%d/%Y": MDY,
    "%d-%m-%Y 00:00": DMY,
    "%Y%m%d": NONE,
    "%Y-%m-%dT00:00:00Z": NONE,
    "%d-%b-%Y": NONE,
    "%B %d, %Y": NONE,
}


@given(DAYS, st.sampled_from(sorted(WAYS)))
def test_every_day_is_read_in_every_way_to_write_it(day: date, way: str) -> None:
    written = datetime(day.year, day.month, day.day).strftime(way)  # noqa: DTZ001 -- a day has no zone
    assert read_day(written, WAYS[way]) == day


@given(DAYS)
def test_every_serial_number_is_its_day(day: date) -> None:
    assert read_day(str((day - date(1899, 12, 30)).days), NONE) == day


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_day_is_never_read_as_another_one_without_being_told(day: date, way: str) -> None:
    cell = datetime(day.year, day.month, day.day).strftime(way)  # noqa: DTZ001 -- a day has no zone
    try:
        assert read_day(cell, NONE) == day
    except ValueError:
        assert may_mean_two(cell)


@given(st.text(max_size=60), st.sampled_from([NONE, DMY, MDY, BOTH]))
def test_any_cell_is_a_day_or_refused(cell: str, orders: frozenset[Order]) -> None:
    orders_shown([cell])
    may_mean_two(cell)
    with suppress(ValueError):
        assert 1950 <= read_day(cell, orders).year <= 2100
