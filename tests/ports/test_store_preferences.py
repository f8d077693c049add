"""Does the store keep the contract of PreferenceBook, and does a database of revision 0003 come along whole?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.engines import address, connect_to
from onboarding.adapters.sql.migrations import configuration, migrate
from onboarding.domain.preferences import NOTHING_SAID, Away, Change, Preferences, Teller
from tests.databases import opened
from tests.ports.stores import DAY, NOW

FULL = Preferences(
    opted_in=frozenset({"coffee", "mentor"}),
    opted_out=frozenset({"buddy"}),
    paused_until=date(2027, 2, 1),
    capacity=0,
    excluded=frozenset({"bo", "cy"}),
    away=(
        Away(first=date(2027, 1, 4), last=date(2027, 1, 8)),
        Away(first=date(2027, 3, 1), last=date(2027, 3, 1)),
    ),
    languages=("de", "pt-br"),
    flexible_before=30,
    flexible_after=90,
)


def test_preferences_come_back_with_every_field_and_nobody_else_has_any(store: SqlStore) -> None:
    with store.begin() as books:
        books.preferences.put("ada", FULL, by=Teller.PERSON, fields=["capacity"], now=NOW)
    with store.read() as books:
        assert books.preferences.get("ada") == FULL
        assert books.preferences.get("bo") == NOTHING_SAID
        assert books.preferences.all() == {"ada": FULL}


def test_the_newest_version_counts_and_every_version_is_kept(store: SqlStore) -> None:
    with store.begin() as books:
        books.preferences.put("ada", FULL, by=Teller.PERSON, fields=["capacity", "away"], now=NOW)
        books.preferences.put("bo", FULL, by=Teller.HR, fields=["excluded"], now=NOW)
        second = books.preferences.put("ada", NOTHING_SAID, by=Teller.HR, fields=["away"], now=NOW + DAY)
    with store.read() as books:
        assert books.preferences.all() == {"ada": NOTHING_SAID, "bo": FULL}
        assert books.preferences.history("ada") == [
            Change(
                person_id="ada",
                version=1,
                preferences=FULL,
                changed_by=Teller.PERSON,
                changed_at=NOW,
                fields=("capacity", "away"),
            ),
            second,
        ]
        assert (second.version, second.changed_by, second.changed_at) == (2, Teller.HR, NOW + DAY)
        assert books.preferences.history("cy") == []


def test_two_who_write_at_once_get_a_version_each(store: SqlStore) -> None:
    def write(number: int) -> None:
        with store.begin() as books:
            books.preferences.put("ada", Preferences(capacity=number), by=Teller.HR, fields=["capacity"], now=NOW)

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(write, range(5)))
    with store.read() as books:
        assert [one.version for one in books.preferences.history("ada")] == [1, 2, 3, 4, 5]


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of revision 0003 with two people, one of whom has opted out of everything."""
    url = f"sqlite:///{tmp_path}/old.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_empty_url")
    engine = connect_to(address(url))
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0003")
        for person_id, out in (("ada", True), ("bo", False)):
            texts = "first_name last_name preferred_name work_email folded_email personal_email folded_private"
            texts += " time_zone country subdivision language job_title department team location manager_id"
            texts += " manager_email works_from works_until"
            named = dict.fromkeys(texts.split(), "")
            named |= {"first_name": person_id, "time_zone": "UTC", "language": "en", "works_from": "09:00"}
            named |= {"works_until": "17:00", "id": person_id, "interests": '["tea"]'}
            columns = ", ".join([*named, "active", "opted_out"])
            marks = ", ".join([f":{name}" for name in named] + [":active", ":opted_out"])
            row = {**named, "active": True, "opted_out": out}
            connection.execute(text(f"INSERT INTO people ({columns}) VALUES ({marks})"), row)  # noqa: S608 -- our own names
    engine.dispose()
    return url


def test_people_of_the_revision_before_keep_what_they_said(old_url: str) -> None:
    migrate(old_url)
    with opened(old_url) as store, store.read() as books:
        ada, bo = books.people.all()
        assert (ada.opted_out, bo.opted_out) == (True, False)
        assert (ada.interests, ada.languages, ada.craft, ada.seniority) == (("tea",), (), "", 0)
        assert books.preferences.all() == {}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whoever_spoke_before_hours_could_stretch_has_allowed_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    if kind == "postgres":
        url = request.getfixturevalue("postgres_empty_url")
    engine = connect_to(address(url))
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0005")
        connection.execute(
            text(
                "INSERT INTO preferences (person_id, version, opted_in, opted_out, capacity, excluded, away,"
                " languages, changed_by, changed_at, fields) VALUES ('ada', 1, '[\"coffee\"]', '[]', 2, '[]',"
                " '[\"2027-01-04..2027-01-08\"]', '[]', 'person', '2026-12-01 08:00:00+00:00', '[]')"
            )
        )
    engine.dispose()
    migrate(url)
    with opened(url) as store, store.read() as books:
        said = books.preferences.get("ada")
    assert (said.opted_in, said.capacity, len(said.away)) == (frozenset({"coffee"}), 2, 1)
    assert (said.flexible_before, said.flexible_after) == (0, 0)
