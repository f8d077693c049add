"""Whom does a file name that an HR system writes again and again, for companies whose system sends no messages?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from os import stat_result
from pathlib import Path

from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, Unavailable
from onboarding.domain.events import Fact, Told, Unfit
from onboarding.domain.record import PERSON_NEEDS
from onboarding.domain.sheets.days import Order
from onboarding.domain.sheets.people_file import Entry, read_people
from onboarding.domain.sheets.people_row import Reading
from onboarding.domain.sheets.spreadsheet import MOST_BYTES

_NO_FIELDS = frozenset({"id", "opt_out"})


class CsvRoster:
    """A CSV file (or a JSON list) at a place where it is exported to; `order` says how it means 1/4/2027.

    Its ids are ours: whoever is imported by hand from the same file is the same person.
    """

    name = "csv"

    def __init__(self, path: Path, places: Places = Places(), order: Order | None = None) -> None:  # noqa: B008 -- it is frozen
        self._path, self._places, self._order = path, places, order

    def everybody(self, now: datetime) -> Iterator[Fact | Unfit]:
        """Each person of the file as they stand now, or as gone; rows that do not fit with their line.

        A file that as a whole cannot be understood is one `Unfit`.

        Raises:
            Unavailable: when the file is not there, cannot be read, or is just being written.
        """
        content = self._content()
        reading = Reading(zone_of=self._zone_of, order=self._order)
        try:
            file = read_people(content, needs=PERSON_NEEDS, today=now.date(), reading=reading)
        except BadRecord as error:
            yield Unfit(mistakes=error.mistakes)
            return
        for entry in file.entries:
            yield _fact(entry, now)
        for one in file.refused:
            sentences = tuple(f"{file.unit} {one.line}: {each.sentence}" for each in one.mistakes)
            yield Unfit(mistakes=sentences, external_id=one.id)

    def _content(self) -> bytes:
        """The bytes of the file, the same from the first to the last.

        An exporter that writes into the file instead of moving a finished one here shows by its size or its time.
        """
        try:
            before = self._path.stat()
            with self._path.open("rb") as source:
                content = source.read(MOST_BYTES + 1)
            after = self._path.stat()
        except OSError as error:
            raise Unavailable(f"the file {self._path.name} cannot be read: {error.strerror}") from error
        if _version(before) != _version(after) or len(content) != min(after.st_size, MOST_BYTES + 1):
            raise Unavailable(f"the file {self._path.name} is just being written")
        return content

    def _zone_of(self, location: str, country: str) -> str:
        return self._places.zone(offices=[location] if location else [], country=country)


def _version(stat: stat_result) -> tuple[int, int, int, int]:
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def _fact(entry: Entry, now: datetime) -> Fact:
    if entry.person is None:
        return Fact(told=Told.WITHDRAWN, external_id=entry.id, hire_id=entry.id, at=now)
    given = {name for name in entry.record if name not in _NO_FIELDS}
    if entry.person.opted_out:
        given.add("opted_out")  # a file can only ask to leave somebody out, never take that back
    return Fact(
        told=Told.KNOWN,
        external_id=entry.id,
        hire_id=entry.id,
        at=now,
        person=entry.person,
        given=frozenset(given),
        manager=entry.person.manager_id,
    )
