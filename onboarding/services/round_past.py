"""Who had coffee with whom before we arranged it? A file tells, so that nobody meets the same person again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from onboarding.domain.coffee import PastPair
from onboarding.domain.errors import BadRecord
from onboarding.domain.folding import folded
from onboarding.domain.people import Person
from onboarding.domain.sheets.column_names import listed
from onboarding.domain.sheets.days import Order, orders_shown, read_day
from onboarding.domain.sheets.spreadsheet import read_sheet
from onboarding.ports import Books
from onboarding.services.engine import Engine

DAY = "day; date; week; round; met on; Tag; Datum; Woche; Runde; Fecha; Día; Semana; Ronda"
PERSON = """
    person; person 1; person one; person a; first person; one; user 1; user; member 1; employee 1; participant 1;
    Person 1; Teilnehmer 1; Teilnehmerin 1; Mitarbeiter 1; persona; persona 1; participante 1
"""
OTHER = """
    other; person 2; person two; person b; second person; other person; partner; match; matched with; with; user 2;
    member 2; employee 2; participant 2; Partnerin; Teilnehmer 2; Mitarbeiter 2; mit; persona 2; otra persona;
    participante 2; con
"""
NEEDED = {"day": DAY, "person": PERSON, "other": OTHER}
CALLED = {"day": "day", "person": "the first person", "other": "the second person"}
"""How a mistake names a cell: what stands in it may be a name or an address."""

BOTH = 2
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not taken, with the reason; `line` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReport:
    """What became of a file: rows taken, how many pairs were new, and the rows refused."""

    taken: int
    fresh: int
    refused: tuple[RefusedRow, ...]
    remarks: tuple[str, ...]
    written: bool


def import_past(
    engine: Engine, content: bytes | str, now: datetime, *, order: Order | None = None, dry_run: bool = False
) -> PastReport:
    """Remember the pairs of a file with a day and two people a row, each by id, address or whole name.

    A table of three is three rows. Rows that were taken before change nothing.

    Raises:
        BadRecord: the file as a whole cannot be understood; nothing of it was taken.
    """
    sheet = read_sheet(content)
    places = _places(sheet.header)
    with engine.store.read() if dry_run else engine.store.begin() as books:
        people = _Known(books.people.all())
        days = [row.cells[places["day"]] for row in sheet.rows if len(row.cells) > places["day"]]
        orders = frozenset({order}) if order else orders_shown(days)
        pairs: list[PastPair] = []
        refused: list[RefusedRow] = []
        for row in sheet.rows:
            try:
                pairs.append(_pair(row.cells, places, people, orders, now.date()))
            except ValueError as error:
                refused.append(RefusedRow(line=row.line, reason=str(error)))
        fresh = _fresh(books, pairs) if dry_run else books.coffee.note_past(pairs)
    return PastReport(
        taken=len(pairs), fresh=fresh, refused=tuple(refused), remarks=sheet.remarks, written=not dry_run
    )


def _fresh(books: Books, pairs: Sequence[PastPair]) -> int:
    """How many pairs nobody has told us of."""
    return len(set(pairs).difference(books.coffee.past_since(min(one.day for one in pairs)))) if pairs else 0


def _places(header: Sequence[str]) -> Mapping[str, int]:
    """Which column means what."""
    titles = [folded(one) for one in header]
    places: dict[str, int] = {}
    for field, text in NEEDED.items():
        names = {folded(one) for one in listed(text)}
        found = [place for place, title in enumerate(titles) if title in names]
        if len(found) == 1:
            places[field] = found[0]
    same = [place for place, title in enumerate(titles) if title == folded("person")]
    if len(same) == BOTH:  # the header of the simplest file: day, person, person
        places |= {"person": same[0], "other": same[1]}
    missing = [field for field in NEEDED if field not in places]
    if missing:
        raise BadRecord(
            f"the first line must name the columns day, person and person; it does not name {', '.join(missing)}"
        )
    return places


class _Known:
    """The people of the directory by whatever a file may call them."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.ids = {one.id: one.id for one in people}
        self.names: dict[str, set[str]] = {}
        for one in people:
            called = (one.work_email, one.personal_email, one.name, f"{one.first_name} {one.last_name}")
            for name in called:
                if name.strip():
                    self.names.setdefault(name.strip().casefold(), set()).add(one.id)

    def find(self, cell: str) -> str:
        """The id of whom a cell names.

        Raises:
            ValueError: nobody, or several people.
        """
        text = " ".join(cell.split()).removeprefix("'")
        found = {self.ids[text]} if text in self.ids else self.names.get(text.casefold(), set())
        if not text:
            raise ValueError("is missing")
        if len(found) != 1:
            raise ValueError("may be several people: use the id" if found else "is nobody of the directory")
        return next(iter(found))


def _pair(
    cells: Sequence[str], places: Mapping[str, int], people: _Known, orders: frozenset[Order], today: date
) -> PastPair:
    def read(field: str, reader: Callable[[str], Read]) -> Read:
        try:
            return reader(cells[places[field]] if places[field] < len(cells) else "")
        except ValueError as error:
            raise ValueError(f"{CALLED[field]} {error}") from error

    day = read("day", lambda text: read_day(text, orders))
    if day > today:
        raise ValueError("day lies in the future")
    one, other = sorted((read("person", people.find), read("other", people.find)))
    if one == other:
        raise ValueError("both people are the same")
    return PastPair(day=day, one=one, other=other)
