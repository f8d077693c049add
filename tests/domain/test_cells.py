"""Does a cell say what its author meant, and what no spreadsheet may do with it?"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.folding import folded, folded_name
from onboarding.domain.sheets import cells

CLEANED = [
    ("Ann", "Ann"),
    ("  Ann\u00a0Ash \t", "Ann Ash"),
    ("Ann\r\nAsh", "Ann Ash"),
    ("\ufeff\u200bAnn\u200b", "Ann"),
    ("'=1", "=1"),
    ("'+49", "+49"),
    ("'@ann", "@ann"),
    ("'00123", "00123"),
    ("'t Hooft", "'t Hooft"),
    ("'", "'"),
    ('="00123"', "00123"),
    ("='00123'", "00123"),
    ('="a ""b"""', 'a "b"'),
    ('\'="00123"', "00123"),
    ('=""', ""),
    *(
        (nothing, "")
        for nothing in ("", " ", "-", "\u2014", "NULL", "null", "n/a", "N/A", "#N/A", "#NV", "NaN", "'-")
    ),
    ("Null", "Null"),
    ("NA", "NA"),
    ("#OPS", "#OPS"),
]


@pytest.mark.parametrize(("cell", "text"), CLEANED)
def test_a_cell_is_its_text_without_guards_and_what_stands_for_nothing(cell: str, text: str) -> None:
    assert cells.cleaned(cell) == text


@pytest.mark.parametrize("cell", ["=A1", "=1+1", '="a"&"b"', "=cmd|' /C calc'!A0", " =SUM(A1)"])
def test_a_formula_is_no_value(cell: str) -> None:
    with pytest.raises(ValueError, match="is a formula: save the file with its values instead"):
        cells.cleaned(cell)


@pytest.mark.parametrize("cell", ["#REF!", "#NAME?", "#DIV/0!", "#WERT!", "#BEZUG!", "#\u00a1REF!", "########"])
def test_an_error_of_a_spreadsheet_is_no_value(cell: str) -> None:
    with pytest.raises(ValueError, match="is an error of the spreadsheet, not a value"):
        cells.cleaned(cell)


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "1", "x", "ja", "Wahr", "Sí", "si", "VERDADERO"])
def test_yes_in_three_languages(word: str) -> None:
    assert cells.yes_or_no(word) is True


@pytest.mark.parametrize("word", ["no", "N", "False", "0", "Nein", "FALSCH", "falso"])
def test_no_in_three_languages(word: str) -> None:
    assert cells.yes_or_no(word) is False


def test_maybe_is_neither() -> None:
    with pytest.raises(ValueError, match="must be yes or no"):
        cells.yes_or_no("maybe")


STATES = [
    *((word, True) for word in ("Inactive", "TERMINATED", "left", "Inaktiv", "ausgeschieden", "Inactiva", "Baja")),
    *(
        (word, False)
        for word in ("Active", "On Leave", "Full-Time", "Aktiv", "Elternzeit", "Activo", "Alta", "new")
    ),
    *((word, None) for word in ("gekündigt", "de baja", "perhaps", "")),
]


@pytest.mark.parametrize(("word", "gone"), STATES)
def test_a_state_of_employment_says_whether_somebody_has_left(word: str, gone: object) -> None:
    assert cells.has_left(word) is gone


def test_no_word_means_both_here_and_gone() -> None:
    gone, here = ({folded(word) for word in words.split(";")} for words in (cells.GONE, cells.HERE))
    assert gone & here == set()
    assert "" not in gone | here


CLOCKS = [
    ("09:30", "09:30"),
    ("9:30", "09:30"),
    ("9.30", "09:30"),
    ("9:30:00", "09:30"),
    ("9:30 AM", "09:30"),
    ("12:00 AM", "00:00"),
    ("12:15 pm", "12:15"),
    ("5 p.m.", "17:00"),
    ("9 Uhr", "09:00"),
    ("9.30 Uhr", "09:30"),
    ("13:00 PM", "13:00 PM"),
    ("9", "9"),
    ("early", "early"),
]


@pytest.mark.parametrize(("text", "clock"), CLOCKS)
def test_a_time_of_day_is_brought_into_one_form_or_left_alone(text: str, clock: str) -> None:
    assert cells.clock(text) == clock


PARTS = [
    ("chess; tea ;", ["chess", "tea", ""]),
    ("chess\ntea, green", ["chess", "tea, green"]),
    ("chess, tea", ["chess", "tea"]),
    ("tea, green; chess", ["tea, green", "chess"]),
    ("chess\n", ["chess"]),
    ("-", [""]),
]


@pytest.mark.parametrize(("cell", "parts"), PARTS)
def test_a_cell_lists_by_semicolons_else_lines_else_commas(cell: str, parts: list[str]) -> None:
    assert cells.parts(cell) == parts


def test_texts_are_the_same_word_without_case_accents_and_punctuation() -> None:
    assert folded("E-Mail (gesch\u00e4ftlich)") == folded("email GESCHA\u0308FTLICH") == "emailgeschaftlich"
    assert folded("Employee #") == folded("employee_number")
    assert folded("Stra\u00dfe") == "strasse"


def test_names_are_the_same_without_case_and_surplus_spaces_only() -> None:
    assert folded_name(" Ann  ASH ") == folded_name("ann ash")
    assert folded_name("Jose\u0301") == folded_name("JOS\u00c9") != folded_name("Jose")


@given(st.text(max_size=40))
def test_any_cell_is_cleaned_or_refused_and_once_is_enough(cell: str) -> None:
    with suppress(ValueError):
        text = cells.cleaned(cell)
        assert text == text.strip()
        assert text not in cells.EMPTY
    cells.clock(cell)
    cells.has_left(cell)
