"""Are the rows of a file the same, whatever program saved it?"""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.errors import BadRecord
from onboarding.domain.sheets import spreadsheet
from onboarding.domain.sheets.spreadsheet import WINDOWS, Sheet, read_sheet, written

TABLE = [["id", "first name", "E-Mail"], ["1", "Zoë", "zoe@example.com"], ["2", "Aña; B, \t|", 'x "y"\nz']]


def saved(rows: list[list[str]], delimiter: str = ",", end: str = "\n", *, quote_all: bool = False) -> str:
    out = io.StringIO(newline="")
    dialect = csv.unix_dialect if quote_all else csv.excel  # the first quotes every cell
    csv.writer(out, dialect, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def rows_of(sheet: Sheet) -> list[list[str]]:
    return [list(sheet.header), *(list(row.cells) for row in sheet.rows)]


def refused(content: bytes | str) -> str:
    with pytest.raises(BadRecord) as caught:
        read_sheet(content)
    (sentence,) = caught.value.mistakes
    return sentence


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("quote_all", [False, True])
def test_every_usual_way_to_save_a_table_gives_the_same_rows(
    delimiter: str, end: str, encoding: str, *, quote_all: bool
) -> None:
    sheet = read_sheet(saved(TABLE, delimiter, end, quote_all=quote_all).encode(encoding))
    assert rows_of(sheet) == TABLE
    assert sheet.delimiter == delimiter
    assert sheet.remarks == ((WINDOWS,) if encoding == "cp1252" else ())


@pytest.mark.parametrize(("encoding", "mark"), [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_utf_16_is_read_by_its_mark_in_both_orders_of_bytes(encoding: str, mark: bytes) -> None:
    assert rows_of(read_sheet(mark + saved(TABLE).encode(encoding))) == TABLE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04rest", "the file is an Excel workbook, not CSV: open it in Excel and save it as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0", "the file is an Excel workbook, not CSV: open it in Excel and save it as CSV UTF-8"),
        (b"i\0d\0", "the file is not text, or UTF-16 without its mark: save it as CSV UTF-8"),
        (b"id\nZo\x81", "the file is neither UTF-8 nor Windows-1252 text: save it as CSV UTF-8"),
        (b"\xff\xfei", "the file is damaged: it is not the utf-16 text that its mark says"),
        (b"\xff\xfe\0\xd8", "the file is damaged: it is not the utf-16 text that its mark says"),
        ('id\n1\n"2\n3\n', "a quotation mark that opens in the row of line 3 is never closed"),
        ('"id', "a quotation mark that opens in the row of line 1 is never closed"),
        ("[1]", "entry 1 of the list is not an object with named fields"),
        ("{}", "the file holds no list of people: a JSON list, or an object with one named employees"),
        ("[{", "the file is not JSON that can be read"),
        ("[" * 100_000, "the file is not JSON that can be read"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes | str, sentence: str) -> None:
    assert refused(content) == sentence


@pytest.mark.slow
def test_too_many_bytes_or_rows_are_refused() -> None:
    assert refused(b"x" * 20_000_001) == "the file has more than 20 MB: divide it into smaller ones"
    assert refused("id\n" + "1\n" * 200_001) == "the file has more than 200,000 rows: divide it into smaller ones"
    assert refused(json.dumps([{"id": 1}] * 200_001)) == (
        "the file has more than 200,000 rows: divide it into smaller ones"
    )
    assert len(read_sheet("id\n" + "1\n" * 200_000).rows) == 200_000


def test_a_cell_without_end_says_after_which_line_it_begins() -> None:
    assert refused("id,name\n1,a\n2," + "x" * 200_000).startswith("the file cannot be read as CSV after line 2: ")


HEADERS = [
    ("id;name;team", ";"),
    ("id,name,team", ","),
    ("id\tname\tteam", "\t"),
    ('"id, the number";first name;last name', ";"),
    ('"Name; first, last",id', ","),
    ("id;a,b,c,d,e", ";"),
    ("notes, plans, and more;id;first name", ";"),
    ("id", ","),
]


@pytest.mark.parametrize(("header", "delimiter"), HEADERS)
def test_the_delimiter_is_that_which_makes_columns_that_we_know(header: str, delimiter: str) -> None:
    assert read_sheet(f"{header}\n1\n").delimiter == delimiter


@pytest.mark.parametrize("hint", ["sep=;\r\n", '"sep=;"\n', "sep=;,,\n"])
def test_a_line_that_tells_excel_the_delimiter_is_obeyed_and_no_row(hint: str) -> None:
    sheet = read_sheet(f"{hint}id;a,b\n1;2\n")
    assert rows_of(sheet) == [["id", "a,b"], ["1", "2"]]
    assert [(row.line, row.number) for row in sheet.rows] == [(3, 2)]


def test_a_row_has_the_line_on_which_it_begins_and_the_number_of_a_spreadsheet() -> None:
    text = 'id,name\r\n1,"a\r\nb\nc"\r\n\r\n,\r\n"2","d"\r\n3,e'
    assert [(row.line, row.number, row.cells[0]) for row in read_sheet(text).rows] == [
        (2, 2, "1"),
        (7, 5, "2"),
        (8, 6, "3"),
    ]


def test_lines_before_the_header_that_are_empty_do_not_count_as_one() -> None:
    sheet = read_sheet("\n  \n,,\nid,name\n1,a\n")
    assert (sheet.header, [row.line for row in sheet.rows]) == (["id", "name"], [5])


def test_nothing_at_all_is_a_sheet_without_rows() -> None:
    for nothing in (b"", b"\xef\xbb\xbf", b"\xff\xfe", "", "\n", "\ufeff"):
        assert rows_of(read_sheet(nothing)) == [[]]


def test_a_list_in_json_becomes_rows_with_every_field_of_any_entry() -> None:
    entries = [
        {"id": 7, "first_name": "Zoë", "interests": ["tea", "chess"], "opt_out": True},
        {},
        {"id": "8", "working_hours": {"start": "09:00", "end": None}, "manager_id": 7.0, "odd": [{"a": 1}]},
    ]
    sheet = read_sheet(json.dumps({"source": "somewhere", "employees": entries}))
    assert list(sheet.header) == [
        *(
            "id",
            "first_name",
            "interests",
            "opt_out",
            "working_hours start",
            "working_hours end",
            "manager_id",
            "odd",
        ),
    ]
    assert [(row.line, list(row.cells)) for row in sheet.rows] == [
        (1, ["7", "Zoë", "tea; chess", "yes", "", "", "", ""]),
        (3, ["8", "", "", "", "09:00", "", "7.0", ""]),
    ]
    assert sheet.unit == "entry"


class TestWritten:
    def test_it_holds_the_named_rows_as_they_were_and_why(self) -> None:
        sheet = read_sheet(saved([["id", "Name"], ["1", "Zoë"], ["2", 'a;"b"\nc'], ["3", "d", "too much"]], ";"))
        text = written(sheet, {3: "no; not so", 5: "too long"})
        assert text.startswith(b"\xef\xbb\xbf")
        again = read_sheet(text)
        assert rows_of(again) == [
            ["id", "Name", "why"],
            ["2", 'a;"b"\nc', "no; not so"],
            ["3", "d", "too long", "too much"],
        ]
        assert again.delimiter == ";"

    def test_reasons_of_before_are_replaced(self) -> None:
        sheet = read_sheet("id,Why,name\n1,old,Ann\n")
        assert rows_of(read_sheet(written(sheet, {2: "new"}))) == [["id", "name", "why"], ["1", "Ann", "new"]]

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
    @pytest.mark.parametrize("space", ["", " ", "\t", "\r\n"])
    def test_no_cell_can_be_calculated_by_a_spreadsheet(self, sign: str, space: str) -> None:
        sheet = read_sheet(saved([["id", f"{sign}head"], ["1", f"{space}{sign}cmd|' /C calc'!A0"]]))
        for row in rows_of(read_sheet(written(sheet, {2: "why not"}))):
            assert all(cell.strip()[0] not in "=+-@" for cell in row)

    def test_half_of_a_character_is_written_as_a_question_mark(self) -> None:
        sheet = read_sheet('[{"id": "\\ud800"}]')
        assert b"?" in written(sheet, {1: "why"})


CELLS = st.text(alphabet=st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(ENCODINGS),
)
def test_what_is_written_is_read_again(rows: list[list[str]], delimiter: str, end: str, encoding: str) -> None:
    header = ["id", "first name", "Büro"]
    sheet = read_sheet(saved([header, *rows], delimiter, end, quote_all=True).encode(encoding))
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert rows_of(sheet) == [header, *kept]


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_anything_is_read_or_refused(content: bytes | str) -> None:
    with suppress(BadRecord):
        read_sheet(content)


@given(st.text(alphabet="ab,;\"'\n\r\t|=id \x1a", max_size=80))
def test_a_text_like_a_table_is_read_or_refused_and_its_lines_are_in_it(text: str) -> None:
    with suppress(BadRecord):
        sheet = read_sheet(text)
        lines = [row.line for row in sheet.rows]
        assert lines == sorted(set(lines))
        assert all(1 < line <= len(io.StringIO(text, newline="").readlines()) for line in lines)
        assert rows_of(read_sheet(written(sheet, dict.fromkeys(lines, "why"))))


def test_the_limits_are_what_the_readme_says() -> None:
    assert (spreadsheet.MOST_BYTES, spreadsheet.MOST_ROWS) == (20_000_000, 200_000)
