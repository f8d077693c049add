"""Who stands in a people file, row by row, and what is wrong with the rows that do not fit?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from onboarding.domain import record, values
from onboarding.domain.errors import BadRecord
from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences
from onboarding.domain.sheets import cells, columns, days
from onboarding.domain.sheets import column_names as names
from onboarding.domain.sheets.columns import Columns
from onboarding.domain.sheets.days import Order
from onboarding.domain.sheets.named_managers import Colleagues, whole_number
from onboarding.domain.sheets.needed_columns import complete, is_partial
from onboarding.domain.sheets.people_row import DATES, LEAVING, NO_ZONE, Reading, Row, RowReader, split_name
from onboarding.domain.sheets.spreadsheet import Sheet, SheetRow, read_sheet

MOST_LINES = 5
"""Lines that a remark names; of the rest it says how many there are."""
NO_ROWS = "the file has no rows below its first line"
OF_THE_KNOWN = (
    "the file lacks columns that somebody new needs, so that it only changes people who are known already"
)
TOO_LONG = "the row has more cells than the first line has columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row that fits: the record and the person it means, or `person` None for somebody who has left.

    `says` are the preferences that the row names, `zeros` the fields of them that it sets to 0. With
    `zone_derived` no cell named the time zone: it is that of the location or the country. A `partial`
    entry says something of somebody who is known, and nothing else of them changes.
    """

    line: int
    number: int
    id: str
    record: Mapping[str, object]
    person: Person | None
    says: Preferences = NOTHING_SAID
    zeros: frozenset[str] = frozenset()
    zone_derived: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a cell, in a sentence that repeats no value; `column` as the file calls it, or ""."""

    column: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that was not taken; `line` is where it begins, `number` what a spreadsheet calls it, both from 1."""

    line: int
    number: int
    id: str
    reason: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """What a file says: the rows that fit, those that do not, and remarks on how it was read.

    `titles` maps a field to the name that its column has in the file; `unit` is what a line is called there.
    """

    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[str, ...]
    titles: Mapping[str, str]
    unit: str = "line"

    def refusal(self, entry: Entry, mistakes: Sequence[str]) -> Refusal:
        """An entry that is refused after all; each sentence begins with the field it speaks of."""
        return _refusal(entry.line, entry.number, entry.id, [(_field(one), one) for one in mistakes], self.titles)


def read_people(
    content: bytes | str,
    *,
    needs: Sequence[str],
    today: date,
    reading: Reading | None = None,
    partial: bool = False,
) -> PeopleFile:
    """Everybody in a CSV file or a JSON list, in its order.

    `needs` are the fields that a record must have, `today` decides whether somebody's last day is over. With
    `partial` a file of ids and preferences may lack them: it is about people who are known.

    Raises:
        BadRecord: when the file as a whole cannot be understood: it is no table, lacks a column, or has one twice.
    """
    sheet = read_sheet(content)
    found = _settled(columns.find(sheet.header), sheet)
    if not sheet.rows:
        return PeopleFile(entries=(), refused=(), remarks=(NO_ROWS,), titles={}, unit=sheet.unit)
    partial = partial and is_partial(found, needs)
    if not partial:
        complete(found, needs)
    reading = reading or Reading()
    orders = {name: frozenset([reading.order]) if reading.order else _orders(found, sheet, name) for name in DATES}
    reader = RowReader(
        found, reading, orders=orders, colleagues=_colleagues(found, sheet, reading.colleagues), today=today
    )
    reports = _Reports(found, sheet)
    for row in sheet.rows:
        reports.add(row, reader.read(row.cells), None if partial else needs)
    told = () if reading.order else tuple(_decided(found, sheet, orders))
    known = (OF_THE_KNOWN,) if partial else ()
    return reports.file((*sheet.remarks, *_dropped(found), *known, *told))


_INSTEAD = {
    "first_name": names.NAME,
    "last_name": names.NAME,
    "manager_id": names.MANAGER,
    "manager_email": names.MANAGER,
}
"""Columns that give a field which has none of its own."""


class _Reports:
    """Gathers what becomes of the rows."""

    def __init__(self, found: Columns, sheet: Sheet) -> None:
        stands_for = {name: found.title(other) for name, other in _INSTEAD.items() if other in found.places}
        self._titles = stands_for | {name: found.title(name) for name in found.places}
        self._width, self._unit = len(sheet.header), sheet.unit
        self._entries: list[Entry] = []
        self._refused: list[Refusal] = []
        self._notes: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._lines: dict[str, int] = {}

    def add(self, row: SheetRow, read: Row, needs: Sequence[str] | None) -> None:
        """A row is an entry or a refusal; what is to be said of it counts only when it goes in.

        With None for `needs` it is about somebody who is known.
        """
        person_id = str(read.record.get("id", ""))
        mistakes = [("", TOO_LONG)] if any(map(str.strip, row.cells[self._width :])) else []
        before = self._lines.setdefault(person_id, row.line) if person_id else row.line
        if before != row.line:
            mistakes.append(("id", f"id is the same as in {self._unit} {before}"))
        person = None
        if not mistakes:
            person, mistakes = _left(read) if read.gone else _person(read, needs)
        if mistakes:
            shown = person_id if values.is_identifier(person_id) else ""
            self._refused.append(_refusal(row.line, row.number, shown, mistakes, self._titles))
            return
        self._entries.append(
            Entry(
                line=row.line,
                number=row.number,
                id=person_id,
                record=read.record,
                person=person,
                says=NOTHING_SAID if read.gone else read.says,
                zeros=frozenset() if read.gone else read.zeros,
                zone_derived="time_zone" not in read.found,
                partial=needs is None,
            )
        )
        for note in [] if read.gone else read.notes:
            self._notes[note].append(row.line)

    def file(self, remarks: Sequence[str]) -> PeopleFile:
        """All of it."""
        notes = tuple(self._note(name, words, lines) for (name, words), lines in self._notes.items())
        return PeopleFile(
            entries=tuple(self._entries),
            refused=tuple(self._refused),
            remarks=(*remarks, *notes),
            titles=self._titles,
            unit=self._unit,
        )

    def _note(self, name: str, words: str, lines: Sequence[int]) -> str:
        unit = self._unit if len(lines) == 1 else {"line": "lines", "entry": "entries"}[self._unit]
        named = ", ".join(map(str, lines[:MOST_LINES]))
        more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
        return f"{self._titles.get(name, name)}: {words} ({unit} {named}{more})"


def _person(read: Row, needs: Sequence[str] | None) -> tuple[Person | None, list[tuple[str, str]]]:
    """The person of a row, or every mistake in it; whoever is known has a zone."""
    own = [
        (name, f"{name} {words}") for name, words in read.mistakes.items() if words != NO_ZONE or needs is not None
    ]
    known = {"time_zone", *read.mistakes}  # a row whose country does not fit needs no second sentence on its zone
    try:
        person = record.read_person(read.record, needs)
    except BadRecord as error:
        others = [(_field(one), one) for one in error.mistakes if _field(one) not in known]
        return None, sorted([*own, *others], key=_rank)
    return (None, sorted(own, key=_rank)) if own else (person, [])


def _left(read: Row) -> tuple[None, list[tuple[str, str]]]:
    """Of somebody who has left only the id has to fit, so that no other field can hinder it."""
    try:
        values.identifier(read.record.get("id", ""))
    except ValueError as error:
        return None, [("id", f"id {error}" if read.record.get("id") else "id is missing")]
    return None, []


def _rank(mistake: tuple[str, str]) -> int:
    return _RANKS.get(mistake[0], len(_RANKS))


_RANKS = {name: rank for rank, name in enumerate((*record.ORDER, *LEAVING))}


def _field(sentence: str) -> str:
    """The field with which a sentence begins: `working_hours.end is missing`, `start_date: n1 is a hire`."""
    return sentence.partition(" ")[0].rstrip(":").replace(".", "_")


def _refusal(
    line: int, number: int, person_id: str, mistakes: Sequence[tuple[str, str]], titles: Mapping[str, str]
) -> Refusal:
    named = tuple(
        Mistake(column=titles.get(name, name if name in names.FIRST else ""), sentence=sentence)
        for name, sentence in mistakes
    )
    reason = "; ".join(sentence for _, sentence in mistakes)
    return Refusal(line=line, number=number, id=person_id, reason=reason, mistakes=named)


def _settled(found: Columns, sheet: Sheet) -> Columns:
    """The Spanish column "Estado": a state of employment when all its cells are one, else a part of a country."""
    if names.ESTADO not in found.places:
        return found
    place = found.places[names.ESTADO]
    said = {row.cells[place].strip() for row in sheet.rows if place < len(row.cells)} - {"", *cells.EMPTY}
    meant = names.STATUS if said and all(cells.has_left(one) is not None for one in said) else "subdivision"
    if meant in found.places:
        raise BadRecord(f"2 columns mean {meant}: {found.title(meant)}, {found.title(names.ESTADO)}; delete one")
    places = {meant if name == names.ESTADO else name: where for name, where in found.places.items()}
    return replace(found, places=places)


def _orders(found: Columns, sheet: Sheet, name: str) -> frozenset[Order]:
    return days.orders_shown(_column(found, sheet, name))


def _column(found: Columns, sheet: Sheet, name: str) -> Iterator[str]:
    place = found.places.get(name)
    if place is not None:
        yield from (row.cells[place].strip() for row in sheet.rows if place < len(row.cells))


def _decided(found: Columns, sheet: Sheet, orders: Mapping[str, frozenset[Order]]) -> Iterator[str]:
    """How dates were read that another order would turn into other days."""
    first = {Order.DMY: "day", Order.MDY: "month"}
    for name, shown in orders.items():
        if len(shown) == 1 and any(map(days.may_mean_two, _column(found, sheet, name))):
            (order,) = shown
            yield f"{found.title(name)}: read with the {first[order]} first, as other rows of the column show"


def _dropped(found: Columns) -> tuple[str, ...]:
    return (f"columns that were not read: {', '.join(found.dropped)}",) if found.dropped else ()


def _colleagues(found: Columns, sheet: Sheet, known: Colleagues) -> Colleagues:
    """The people of the file and of the directory, when a column may name managers by name."""
    if names.MANAGER not in found.places:
        return Colleagues()
    return known.and_those([named for row in sheet.rows for named in _names(found, row)])


def _names(found: Columns, row: SheetRow) -> Iterator[tuple[str, list[str]]]:
    def cell(name: str) -> str:
        place = found.places.get(name, len(row.cells))
        try:
            return cells.cleaned(row.cells[place]) if place < len(row.cells) else ""
        except ValueError:
            return ""

    person_id = whole_number(cell("id"))
    if person_id:
        named = split_name(cell(names.NAME)) if names.NAME in found.places else {}
        first, last = named.get("first_name", cell("first_name")), named.get("last_name", cell("last_name"))
        called = [first, cell("preferred_name")] if last else []
        yield person_id, [f"{one} {last}" for one in called if one]
