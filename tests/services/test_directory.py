"""Do a page and an HR system that write one person at the same time keep what the other wrote?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.people import Person, Shared, WorkingHours
from onboarding.services.directory import Directory
from tests.worlds import BERLIN, at, person

NOW = at("2027-01-04 08:00")
OLD = person("ada", BERLIN, job_title="Designer")
TOLD = Shared(called="Adi", interests=("tea",))
EARLY = WorkingHours(start=time(7), end=time(15))

Write = Callable[[Directory, Person], None]


def shares(directory: Directory, read: Person) -> None:
    """As the form of a profile does."""
    directory.share(replace(read, shared=TOLD), NOW)


def promotes(directory: Directory, read: Person) -> None:
    """As a message of an HR system does."""
    directory.put(replace(read, job_title="Lead"))


def rises_early(directory: Directory, read: Person) -> None:
    """As the page of preferences does."""
    directory.share(replace(read, working_hours=EARLY, shared=TOLD), NOW)
    directory.put(replace(read, working_hours=EARLY, shared=TOLD))


def moves_house(directory: Directory, read: Person) -> None:
    """The address stands twice in a row, once folded: both go together."""
    directory.put(replace(read, work_email="Ada@example.org"))


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        (promotes, shares, {"job_title": "Lead", "shared": TOLD}),
        (shares, promotes, {"job_title": "Lead", "shared": TOLD}),
        (promotes, rises_early, {"job_title": "Lead", "shared": TOLD, "working_hours": EARLY}),
        (rises_early, promotes, {"job_title": "Lead", "shared": TOLD, "working_hours": EARLY}),
        (moves_house, promotes, {"job_title": "Lead", "work_email": "Ada@example.org"}),
    ],
)
@pytest.mark.parametrize("all_read", [False, True])
def test_each_of_two_writers_writes_only_what_they_change(
    postgres_store: SqlStore,
    first: Write,
    second: Write,
    after: dict[str, object],
    all_read: bool,  # noqa: FBT001 -- a parameter of the table
) -> None:
    with postgres_store.begin() as books:
        books.people.put(OLD)
    with postgres_store.begin() as slow:
        directory = Directory(slow)
        read = directory.everybody()["ada"] if all_read else directory.get("ada")
        assert read == OLD
        with postgres_store.begin() as quick:
            other = Directory(quick)
            first(other, other.get("ada") or OLD)
        second(directory, OLD)
    with postgres_store.read() as books:
        found = books.people.get("ada")
        assert found == replace(OLD, **after)  # type: ignore[arg-type]  # fields of a person
        assert books.people.by_email(found.work_email.upper()) == found
