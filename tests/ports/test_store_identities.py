"""Does the store keep the contract of Identities?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from onboarding.adapters.sql import SqlStore
from onboarding.domain.events import Identity
from tests.ports.stores import DAY, NOW, Crash, crash_after


def identity(external_id: str = "4012", **given: Any) -> Identity:
    return Identity(**{"source": "bamboo", "external_id": external_id, "person_id": "ada", **given})


def test_an_identity_comes_back_with_every_field(store: SqlStore) -> None:
    full = identity(
        "Zoë 🎈 'O\"Neil\\", about="offer-61", rank=2**40, told={"start_date": NOW, "state": NOW + DAY, "*": NOW}
    )
    with store.begin() as books:
        books.identities.put(full)
    with store.read() as books:
        assert books.identities.get("bamboo", full.external_id) == full
        assert books.identities.get("bamboo", "zoë") is None
        assert books.identities.get("workday", full.external_id) is None


def test_the_moments_that_were_told_come_back_in_utc_to_the_microsecond(store: SqlStore) -> None:
    manila = datetime(2025, 3, 3, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=8)))
    with store.begin() as books:
        books.identities.put(identity(told={"state": manila}))
    with store.read() as books:
        found = books.identities.get("bamboo", "4012")
    assert found is not None
    assert found.told == {"state": manila}
    assert found.told["state"].tzinfo is UTC
    assert found.told["state"].hour == 15


def test_putting_an_identity_again_replaces_every_field(store: SqlStore) -> None:
    with store.begin() as books:
        books.identities.put(identity(about="60", rank=3, told={"state": NOW}))
        books.identities.put(identity(person_id="ada.2"))
        assert books.identities.of_source("bamboo") == [identity(person_id="ada.2")]
        assert books.identities.of_person("ada") == []


def test_one_person_has_many_names_and_one_name_of_each_source_means_one_person(store: SqlStore) -> None:
    names = [("workday", "7"), ("bamboo", "b"), ("bamboo", "B"), ("bamboo", "a-b"), ("bamboo", "ab")]
    with store.begin() as books:
        for source, external_id in names:
            books.identities.put(identity(external_id, source=source))
        books.identities.put(identity("7", person_id="bo"))
    with store.read() as books:
        of_ada = [(one.source, one.external_id) for one in books.identities.of_person("ada")]
        assert of_ada == [("bamboo", "B"), ("bamboo", "a-b"), ("bamboo", "ab"), ("bamboo", "b"), ("workday", "7")]
        of_bamboo = [one.external_id for one in books.identities.of_source("bamboo")]
        assert of_bamboo == ["7", "B", "a-b", "ab", "b"]
        assert books.identities.of_person("nobody") == books.identities.of_source("nothing") == []


def test_a_crash_leaves_no_identity(store: SqlStore) -> None:
    try:
        crash_after(store, lambda books: books.identities.put(identity()))
    except Crash:
        with store.read() as books:
            assert books.identities.of_source("bamboo") == []
