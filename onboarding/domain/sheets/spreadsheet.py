"""Which rows of cells does a file hold, whatever program saved it?"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from onboarding.domain.errors import BadRecord
from onboarding.domain.sheets import columns
from onboarding.domain.sheets.spreadsheet_json import cells_of_json

MOST_BYTES = 20_000_000
MOST_ROWS = 200_000
DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx (a ZIP archive) and .xls (a compound file) begin."""
SAVE_AS = "save it as CSV UTF-8"
WINDOWS = (
    "the file is not UTF-8, so it was read as Windows-1252, as Excel saves CSV in western Europe and America: "
    "look whether names with accents are right"
)
_HINT = re.compile(r'"?sep=([,;\t|:])"?,*\r?\n?')
"""A first line with which Excel is told the delimiter; it is no row."""
_END = "\x1aend"
_DANGEROUS = ("=", "+", "-", "@")
"""Signs with which a spreadsheet takes a cell for a formula (OWASP, "CSV Injection")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row as it stands; `line` is where it begins, `number` what a spreadsheet calls it, both from 1."""

    line: int
    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows below the header that are not empty, and how the file was read.

    `unit` is what `line` counts: lines of a text, or entries of a JSON list.
    """

    header: Sequence[str]
    rows: Sequence[SheetRow]
    delimiter: str = ","
    unit: str = "line"
    remarks: tuple[str, ...] = ()


def read_sheet(content: bytes | str) -> Sheet:
    """The rows of a CSV file (any usual encoding, delimiter and line end), or of a JSON list of objects.

    Raises:
        BadRecord: when it is neither, or too large.
    """
    if len(content) > MOST_BYTES:
        raise BadRecord(f"the file has more than {MOST_BYTES // 1_000_000} MB: divide it into smaller ones")
    text, remarks = (content.removeprefix("\ufeff"), ()) if isinstance(content, str) else _decoded(content)
    if text.lstrip()[:1] in ("[", "{"):
        fields, entries = cells_of_json(text)
        listed = [SheetRow(line=at, number=at + 1, cells=each) for at, each in enumerate(entries, 1) if any(each)]
        return Sheet(header=fields, rows=_at_most(listed), unit="entry", remarks=remarks)
    hint = _HINT.match(text)
    delimiter = hint[1] if hint else _delimiter(text)
    rows = list(_rows(text, delimiter, skip=1 if hint else 0))
    header: Sequence[str] = rows[0].cells if rows else ()
    return Sheet(header=header, rows=rows[1:], delimiter=delimiter, remarks=remarks)


def written(sheet: Sheet, reasons: Mapping[int, str]) -> bytes:
    """The rows whose line has a reason as a CSV file with a column `why`; UTF-8 with a mark, as Excel reads it.

    Cells that a spreadsheet would calculate are guarded by an apostrophe, which `domain.cells` takes away again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.delimiter, lineterminator="\r\n")
    kept = [place for place, title in enumerate(sheet.header) if not columns.is_reasons(title)]
    writer.writerow([*(_guarded(sheet.header[place]) for place in kept), "why"])
    for row in sheet.rows:
        if row.line in reasons:
            own = [row.cells[place] if place < len(row.cells) else "" for place in kept]
            beyond = row.cells[len(sheet.header) :]
            writer.writerow([*map(_guarded, own), reasons[row.line], *map(_guarded, beyond)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    if content.startswith(_WORKBOOKS):
        raise BadRecord(f"the file is an Excel workbook, not CSV: open it in Excel and {SAVE_AS}")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    try:
        if encoding:
            return content.decode(encoding), ()
        if b"\0" in content:
            raise BadRecord(f"the file is not text, or UTF-16 without its mark: {SAVE_AS}")
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if encoding:
            raise BadRecord(f"the file is damaged: it is not the {encoding} text that its mark says") from error
    try:
        return content.decode("cp1252"), (WINDOWS,)
    except UnicodeDecodeError as error:
        raise BadRecord(f"the file is neither UTF-8 nor Windows-1252 text: {SAVE_AS}") from error


def _delimiter(text: str) -> str:
    """The sign that divides the header into most columns that we know, else into most columns."""

    def fitness(sign: str) -> tuple[int, int]:
        try:
            cells = next(_records(text, sign))[1]
        except (csv.Error, StopIteration):
            return 0, 0
        return columns.recognised(cells), len(cells)

    return max(DELIMITERS, key=fitness)


def _rows(text: str, delimiter: str, skip: int) -> Iterator[SheetRow]:
    """The rows that are not empty, the header first."""
    count, number, line = 0, -skip, 0  # Excel does not show the hint as a row
    try:
        for line, cells in _records(text, delimiter):
            number += 1
            if number < 1 or not any(map(str.strip, cells)):
                continue
            count += 1
            if count > MOST_ROWS + 1:
                raise BadRecord(_TOO_MANY)
            yield SheetRow(line=line, number=number, cells=cells)
    except csv.Error as error:
        raise BadRecord(
            f"the file cannot be read as CSV after line {line}: {error}; is a quotation mark missing?"
        ) from error


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins.

    Python's csv ends quietly in the middle of a quoted cell, and would hand over the rest of the file as one cell.
    So a last line of our own has to come back alone.
    """
    ending = "" if text.endswith(("\n", "\r")) or not text else "\n"
    reader = csv.reader(chain(io.StringIO(text + ending, newline=""), [_END]), delimiter=delimiter)
    begins = 1
    for cells in reader:
        if cells == [_END]:
            return
        if cells and cells[-1].endswith(_END):
            raise BadRecord(f"a quotation mark that opens in the row of line {begins} is never closed")
        yield begins, cells
        begins = reader.line_num + 1


_TOO_MANY = f"the file has more than {MOST_ROWS:,} rows: divide it into smaller ones"


def _at_most(rows: list[SheetRow]) -> list[SheetRow]:
    if len(rows) > MOST_ROWS:
        raise BadRecord(_TOO_MANY)
    return rows


def _guarded(cell: str) -> str:
    text = cell.strip()
    return f"'{text}" if len(text) > 1 and text.startswith(_DANGEROUS) else text
