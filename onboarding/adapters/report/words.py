"""Which fixed words stand in the report, in the language of HR?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """The fixed words in one language; `{...}` marks are filled in by the page."""

    language: str
    title: str
    of: str
    made: str
    few: str
    nobody_began: str
    everybody: str
    group: str
    people: str
    hidden: str
    why_hidden: str
    none: str
    no_measure: str
    legend: str
    of_all: str
    count_share: str
    chart: str
    figures: str
    reading: str
    notes: Sequence[str]
    columns: Mapping[str, str]
    tiles: Mapping[str, str]
    parts: Mapping[str, Sequence[str]]
    names: Mapping[str, str]

    def day(self, day: date) -> str:
        """Such as `January 4, 2027`."""
        return format_date(day, format="long", locale=self.language)

    def cohort(self, name: str) -> str:
        """`2027-01` and `2027-Q1` as people write them: `Jan 2027`, `Q1 2027`."""
        year, _, rest = name.partition("-")
        quarter = rest.startswith("Q")
        month = 3 * int(rest[1:]) - 2 if quarter else int(rest)
        return format_date(date(int(year), month, 1), "QQQ y" if quarter else "LLL y", locale=self.language)

    def share(self, share: float) -> str:
        """Such as `83%`, or `83 %` where it is written so."""
        return format_percent(share, locale=self.language)

    def number(self, value: float) -> str:
        """With one decimal at most."""
        return format_decimal(value, "#,##0.#", locale=self.language)

    def points(self, value: float) -> str:
        """With its sign, as scores are written: `+20`, `-5`."""
        whole = round(value)
        return f"{whole:+d}".replace("-", MINUS) if whole else "0"


@cache
def languages() -> dict[str, ReportWords]:
    """The words in every language that the report speaks."""
    written = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return {language: ReportWords(language=language, **words) for language, words in written.items()}


def words_of(language: str) -> ReportWords:
    """The words of a language, of `pt` for `pt-br`; English where there are none."""
    return languages().get(language) or languages().get(language.partition("-")[0]) or languages()["en"]
