"""Is a country, a part of it or a language known by its name in three languages?"""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain import values
from onboarding.domain.countries import COUNTRIES, country_code
from onboarding.domain.folding import folded
from onboarding.domain.languages import language_tag
from onboarding.domain.subdivisions import subdivision_code

NAMED = [
    *((text, "DE") for text in ("DE", "de", " DEU ", "Germany", "GERMANY", "Deutschland", "Alemania")),
    *(
        (text, "US")
        for text in ("USA", "U.S.A.", "United States", "United States of America", "EE.UU.", "EE. UU.")
    ),
    *((text, "US") for text in ("Estados Unidos", "Vereinigte Staaten", "U.S.")),
    *((text, "GB") for text in ("UK", "Great Britain", "Vereinigtes Königreich", "Reino Unido", "Großbritannien")),
    *((text, "MX") for text in ("Mexico", "México", "Mexiko")),
    *((text, "CI") for text in ("Côte d'Ivoire", "Cote d\u2019Ivoire", "Ivory Coast", "Elfenbeinküste")),
    *((text, "") for text in ("", "Berlin", "XX", "Europe", "Germ", None, 7, ["DE"])),
]


@pytest.mark.parametrize(("text", "code"), NAMED)
def test_a_country_is_known_by_code_and_name(text: object, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_country_is_known_by_its_own_code_and_by_no_other(language: str) -> None:
    listed = Locale(language).territories
    assert {code: country_code(listed[code]) for code in COUNTRIES} == {code: code for code in COUNTRIES}


LANGUAGES = [
    *(
        (text, "de")
        for text in ("de", "DE", "deu", "ger", "German", "Deutsch", "alemán", "Aleman", "German (Germany)")
    ),
    *((text, "es") for text in ("es", "Spanish", "Spanisch", "Español")),
    *((text, "pt-br") for text in ("pt-BR", "pt_br", "Brazilian Portuguese")),
    *((text, "fr") for text in ("French", "français", "Französisch")),
    ("日本語", "ja"),
    ("English (United States)", "en"),
    *((text, "") for text in ("", "xx", "Klingonese", "English, German", "en-", "d")),
]


@pytest.mark.parametrize(("text", "tag"), LANGUAGES)
def test_a_language_is_known_by_tag_and_name(text: str, tag: str) -> None:
    assert language_tag(text) == (tag or ("en" if text == "en-" else ""))


@given(st.text(max_size=30))
def test_a_tag_that_is_found_is_one_that_a_record_takes(text: str) -> None:
    tag = language_tag(text)
    assert not tag or values.language(tag) == tag


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("DE", "BY", "BY"),
        ("DE", "de-by", "DE-BY"),
        ("DE", "Bayern", "BY"),
        ("DE", "BADEN-WÜRTTEMBERG", "BW"),
        ("US", "California", "CA"),
        ("CA", "Ontario", "ON"),
        ("CH", "Uri", "UR"),
        ("GB", "Oxford", ""),
        ("", "California", ""),
        ("HolidayBase", "California", ""),
        ("DE", "", ""),
    ],
)
def test_a_part_of_a_country_is_known_by_code_and_name(country: str, text: str, code: str) -> None:
    assert subdivision_code(country, text) == code


def test_names_of_countries_do_not_collide_when_they_are_folded() -> None:
    found: dict[str, set[str]] = {}
    for language in ("en", "de", "es"):
        for code, name in Locale(language).territories.items():
            if code in COUNTRIES:
                found.setdefault(folded(name), set()).add(code)
    assert {name: codes for name, codes in found.items() if len(codes) > 1} == {}
