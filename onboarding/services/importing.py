"""How do people and hires come in by file? Good rows go in, others are named; a rehearsal writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Fact, Told
from onboarding.domain.people import HireState, Person
from onboarding.domain.record import HIRE_NEEDS, PERSON_NEEDS
from onboarding.domain.sheets.named_managers import Colleagues, by_name
from onboarding.domain.sheets.people_file import Entry, PeopleFile, Refusal, read_people
from onboarding.domain.sheets.people_row import Reading
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.hiring import HireReport, enrol, noted_as_gone, withdraw
from onboarding.services.planning import replan_touched
from onboarding.services.row_taken import stands_after
from onboarding.services.told_preferences import Joined, check, remarks
from onboarding.services.waking import set_alarms

T = TypeVar("T")
HAS_LEFT = "the file says that they have left: `onboarding hire withdraw` ends a journey"
PORTION = 25
"""Rows, or hires that are planned again, that share a transaction: SQLite has one writer's place."""

NEW, CHANGED, SAME, LEFT, KNOWN = "new", "changed", "as before", "left", "known before"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file: how many rows were taken and as what, which were refused, what is worth saying.

    `written` is False for a rehearsal. `unit` is what the lines of a refusal count: lines, or entries of a list.
    """

    accepted: int
    refused: tuple[Refusal, ...]
    hires: tuple[HireReport, ...] = ()
    remarks: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    unit: str = "line"
    written: bool = True


@dataclass(slots=True, kw_only=True)
class _Taken:
    """What became of the rows so far."""

    refused: list[Refusal]
    counts: dict[str, int] = field(default_factory=dict)
    reports: list[HireReport] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    ended: list[str] = field(default_factory=list)
    stay_out: list[str] = field(default_factory=list)


def import_hires(
    engine: Engine,
    content: bytes | str,
    now: datetime,
    *,
    reading: Reading | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Enrol every good row of a CSV file or a JSON list, a portion at a time: others want to write, too.

    A rehearsal takes back each portion before the next one. So it knows of the rows before only those of the same
    portion: it cannot tell which roles people further up in the file will have, how much their colleagues will
    have to do by then, or that a row names somebody whom another row names by another id.

    Raises:
        BadRecord: when the file as a whole cannot be understood; nothing of it was taken.
    """
    file = _read(engine, content, HIRE_NEEDS, now, reading)
    taken = _Taken(refused=list(file.refused))
    for some in _portions(file.entries):
        with _transaction(engine, dry_run=dry_run) as books:
            _enrol_some(engine, books, file, some, taken, now)
    if not dry_run:
        set_alarms(engine, now)
    new = sum(one.created for one in taken.reports)
    taken.counts = {NEW: new, KNOWN: len(taken.reports) - new}
    return _report(file, taken, dry_run=dry_run)


def _enrol_some(
    engine: Engine, books: Books, file: PeopleFile, some: Sequence[Entry], taken: _Taken, now: datetime
) -> None:
    books.preferences.hold()
    directory = Directory(books)
    joined = Joined.of(books.preferences.all())  # of all: who is meant shows only when they are enrolled
    known = {*directory.everybody(), *_named(file)}
    for entry in some:
        try:
            fact = _created(entry, now)
            check(entry.says, known)
            taken.reports.append(enrol(engine, books, directory, fact, now))
            joined.join(taken.reports[-1].hire_id, entry.says, now, entry.zeros)
        except BadRecord as error:
            taken.refused.append(file.refusal(entry, error.mistakes))
    if changed := joined.write(books, now):
        replan_touched(engine, books, Directory(books), changed, now)
    taken.stay_out += joined.stay_out


def import_people(
    engine: Engine,
    content: bytes | str,
    now: datetime,
    *,
    reading: Reading | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Take every good row into the directory, a portion at a time, and plan again whom the changes touch.

    A file of ids and preferences alone changes whoever is known, and nothing else of them.
    Who has left becomes inactive; if they are a hire, their journey ends. A rehearsal only reads.

    Raises:
        BadRecord: when the file as a whole cannot be understood; nothing of it was taken.
    """
    file = _read(engine, content, PERSON_NEEDS, now, reading, partial=True)
    taken = _Taken(refused=list(file.refused), counts=dict.fromkeys((NEW, CHANGED, SAME, LEFT), 0))
    with engine.store.read() as books:
        everybody = {*(person.id for person in books.people.all()), *_named(file)}
    for some in _portions(file.entries):
        with engine.store.read() if dry_run else engine.store.begin() as books:
            _take_some(books, file, some, everybody, taken, now, dry_run=dry_run)
    if not dry_run:
        _follow(engine, taken.touched, taken.ended, now)
    return _report(file, taken, dry_run=dry_run)


def _take_some(
    books: Books,
    file: PeopleFile,
    some: Sequence[Entry],
    everybody: AbstractSet[str],
    taken: _Taken,
    now: datetime,
    *,
    dry_run: bool,
) -> None:
    if not dry_run:
        books.preferences.hold()
    known = {entry.id: found for entry in some if (found := books.people.get(entry.id)) is not None}
    hires = {entry.id: hire for entry in some if (hire := books.hires.get(entry.id)) is not None}
    joined = _joined(books, some)
    changed: dict[str, Person] = {}
    for entry in some:
        try:
            check(entry.says, everybody)
            taken.counts[_join(entry, known, changed, joined, now, is_hire=entry.id in hires)] += 1
        except BadRecord as error:
            taken.refused.append(file.refusal(entry, error.mistakes))
    gone = [entry.id for entry in some if entry.person is None and entry.id in hires]
    taken.ended += [one for one in gone if hires[one].state is HireState.ACTIVE]
    taken.stay_out += joined.stay_out
    if dry_run:
        return
    books.people.put_all([one for one in changed.values() if one.id not in known])
    for person_id in changed.keys() & known.keys():  # what others write meanwhile stays
        books.people.change(known[person_id], changed[person_id])
    for person in changed.values():
        if not person.active:
            noted_as_gone(books, person.id, now)
    taken.touched |= {*changed, *joined.write(books, now)}


def _joined(books: Books, some: Sequence[Entry]) -> Joined:
    """What counts for whoever a portion is about, before it."""
    concerned = {person_id for entry in some for person_id in (entry.id, *entry.says.excluded)}
    return Joined.of({person_id: books.preferences.get(person_id) for person_id in sorted(concerned)})


def _portions(entries: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(entries), PORTION):
        yield entries[start : start + PORTION]


def _join(
    entry: Entry,
    known: Mapping[str, Person],
    changed: dict[str, Person],
    joined: Joined,
    now: datetime,
    *,
    is_hire: bool,
) -> str:
    """Add what a row brings to what is changed; returns what became of it.

    Raises:
        BadRecord: when it does not fit what is known.
    """
    before = known.get(entry.id)
    after = stands_after(entry, before, is_hire=is_hire)
    joined.join(entry.id, entry.says, now, entry.zeros)
    if after is not None and after != before:
        changed[after.id] = after
        if after.opted_out and not (before and before.opted_out):
            joined.out_of_everything.add(after.id)
    return _outcome(entry, before, news=after != before or joined.is_news(entry.id))


def _follow(engine: Engine, changed: set[str], ended: Sequence[str], now: datetime) -> None:
    """Bring the plans in line with a directory that has changed."""
    for hire_id in ended:
        withdraw(engine, hire_id, now)
    if not changed:
        return
    with engine.store.read() as books:
        hires = [hire.id for hire in books.hires.find() if hire.state is HireState.ACTIVE]
    for some in _portions(hires):
        with engine.store.begin() as books:
            replan_touched(engine, books, Directory(books), changed, now, among=some)
    set_alarms(engine, now)


def _read(
    engine: Engine,
    content: bytes | str,
    needs: Sequence[str],
    now: datetime,
    reading: Reading | None,
    *,
    partial: bool = False,
) -> PeopleFile:
    """The file; managers are looked up by name among the people of the directory, too."""
    with engine.store.read() as books:
        known = [one for one in books.people.all() if one.active]
    names = by_name((one.id, (one.name, f"{one.first_name} {one.last_name}")) for one in known)
    colleagues = Colleagues(ids=frozenset(one.id for one in known), names=names)
    asked = replace(reading or Reading(), colleagues=colleagues)
    return read_people(content, needs=needs, today=now.date(), reading=asked, partial=partial)


def _named(file: PeopleFile) -> set[str]:
    """Everybody in a file; those whose row has to be mended, too: who must not meet them stands here already."""
    return {*(one.id for one in file.entries), *(one.id for one in file.refused)} - {""}


def _created(entry: Entry, now: datetime) -> Fact:
    if entry.person is None:
        raise BadRecord(HAS_LEFT)
    given = {*entry.record} - {"id", "opt_out"} | ({"opted_out"} if entry.person.opted_out else set())
    return Fact(
        told=Told.CREATED,
        external_id=entry.id,
        hire_id=entry.id,
        at=now,
        person=entry.person,
        given=frozenset(given),
    )


def _outcome(entry: Entry, before: Person | None, *, news: bool) -> str:
    if entry.person is None:
        return LEFT
    if before is None:
        return NEW
    return CHANGED if news else SAME


class _NothingWritten(Exception):
    """Ends the transaction of a rehearsal."""


@contextmanager
def _transaction(engine: Engine, *, dry_run: bool) -> Iterator[Books]:
    """A transaction; a rehearsal sees all that would come of it and rolls it back."""
    with suppress(_NothingWritten), engine.store.begin() as books:
        yield books
        if dry_run:
            raise _NothingWritten


def _report(file: PeopleFile, taken: _Taken, *, dry_run: bool) -> ImportReport:
    ended = (f"the journeys of these hires end: {', '.join(taken.ended)}",) if taken.ended else ()
    return ImportReport(
        accepted=sum(taken.counts.values()),
        refused=tuple(sorted(taken.refused, key=lambda one: one.line)),
        hires=tuple(taken.reports),
        remarks=(*file.remarks, *remarks(taken.stay_out), *ended),
        counts=taken.counts,
        unit=file.unit,
        written=not dry_run,
    )
