"""Does the store keep the contract of Accounts?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from onboarding.adapters.sql import SqlStore
from onboarding.domain.scim.account import Account, AccountState
from onboarding.domain.scim.paths import Sought
from tests.ports.stores import DAY, HOUR, NOW, person


def account(number: int = 1, user_name: str = "", **given: Any) -> Account:
    """An account, the first at NOW, each an hour later."""
    resource = {
        "userName": user_name or f"user-{number}@example.com",
        "externalId": f"X-{number}",
        "active": True,
        "emails": [
            {"value": f"home-{number}@example.org", "type": "home"},
            {"value": f"User-{number}@example.com", "type": "work"},
        ],
    }
    plain = Account(id=f"account-{number}", resource=resource, created_at=NOW + number * HOUR, changed_at=NOW)
    return replace(plain, **given)


def test_an_account_comes_back_as_it_was_added(store: SqlStore) -> None:
    full = account(
        resource={"userName": "ana.lúcia ⚽", "active": False, "name": {"givenName": "'"}, "emails": []},
        version=7,
        changed_at=NOW + DAY,
    )
    with store.begin() as books:
        assert books.accounts.add(full)
    with store.read() as books:
        assert books.accounts.get("account-1") == full
        assert books.accounts.get("account-2") is None


def test_a_user_name_is_taken_once_whatever_its_letter_case(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.accounts.add(account(1, "Straße"))
        assert not books.accounts.add(account(2, "STRASSE"))
    with store.read() as books:
        assert books.accounts.find(()) == (1, [account(1, "Straße")])


def test_a_deleted_account_stays_and_frees_its_user_name(store: SqlStore) -> None:
    ended = account(1, "ada", state=AccountState.DELETED, version=2)
    with store.begin() as books:
        books.accounts.add(account(1, "ada"))
        assert books.accounts.put(ended)
        assert books.accounts.add(account(2, "ada"))
        assert books.accounts.get("account-1") == ended
        assert books.accounts.find(()) == (1, [account(2, "ada")])
        assert books.accounts.find(((Sought.ID, "account-1"),)) == (0, [])
        assert books.accounts.put(account(2, "ada", state=AccountState.DELETED))


def test_an_account_is_replaced_unless_its_new_user_name_is_taken(store: SqlStore) -> None:
    with store.begin() as books:
        books.accounts.add(account(1, "ada"))
        books.accounts.add(account(2, "bo"))
        assert books.accounts.put(account(1, "Ada", version=2))
        assert not books.accounts.put(account(2, "ADA", version=2))
        books.people.put(person())  # the transaction goes on after a refusal
    with store.read() as books:
        assert books.accounts.get("account-1") == account(1, "Ada", version=2)
        assert books.accounts.get("account-2") == account(2, "bo")


def test_accounts_are_found_by_what_identity_providers_ask_for(store: SqlStore) -> None:
    with store.begin() as books:
        for number in (1, 2, 3):
            books.accounts.add(account(number, resource={**account(number).resource, "externalId": "X"}))
        everybody = books.accounts.find(())[1]
        found = {
            "user name": books.accounts.find(((Sought.USER_NAME, "USER-2@example.com"),)),
            "work email": books.accounts.find(((Sought.WORK_EMAIL, "user-3@EXAMPLE.com"),)),
            "home email": books.accounts.find(((Sought.WORK_EMAIL, "home-3@example.org"),)),
            "id": books.accounts.find(((Sought.ID, "account-1"),)),
            "external id": books.accounts.find(((Sought.EXTERNAL_ID, "X"),)),
            "external id in another case": books.accounts.find(((Sought.EXTERNAL_ID, "x"),)),
            "both": books.accounts.find(((Sought.EXTERNAL_ID, "X"), (Sought.ID, "account-2"))),
            "neither": books.accounts.find(((Sought.EXTERNAL_ID, "Y"), (Sought.ID, "account-2"))),
            "a trick": books.accounts.find(((Sought.USER_NAME, "' OR 1=1 --"),)),
            "a pattern": books.accounts.find(((Sought.USER_NAME, "%"),)),
        }
    assert {name: (total, [each.id[-1] for each in accounts]) for name, (total, accounts) in found.items()} == {
        "user name": (1, ["2"]),
        "work email": (1, ["3"]),
        "home email": (0, []),
        "id": (1, ["1"]),
        "external id": (3, ["1", "2", "3"]),
        "external id in another case": (0, []),
        "both": (1, ["2"]),
        "neither": (0, []),
        "a trick": (0, []),
        "a pattern": (0, []),
    }
    assert [each.id[-1] for each in everybody] == ["1", "2", "3"]


def test_accounts_come_in_pages_oldest_first_and_a_new_one_moves_none(store: SqlStore) -> None:
    def pages() -> list[tuple[int, str]]:
        with store.read() as books:
            asked = ((0, 2), (2, 2), (4, 2), (6, 2), (0, 0), (10**9, 200))
            found = [books.accounts.find((), skip=skip, limit=limit) for skip, limit in asked]
        return [(total, "".join(each.id[-1] for each in accounts)) for total, accounts in found]

    with store.begin() as books:
        for number, hours in ((5, 1), (3, 2), (4, 3), (2, 3), (1, 4)):
            books.accounts.add(account(number, created_at=NOW + hours * HOUR))
    assert pages() == [(5, "53"), (5, "24"), (5, "1"), (5, ""), (5, ""), (5, "")]
    with store.begin() as books:
        books.accounts.add(account(6, created_at=NOW + 9 * HOUR))
    assert pages()[:3] == [(6, "53"), (6, "24"), (6, "16")]


def test_whoever_holds_an_account_changes_it_alone(store: SqlStore) -> None:
    with store.begin() as books:
        books.accounts.add(account())

    def count_up(_: int) -> None:
        with store.begin() as books:
            held = books.accounts.hold("account-1")
            assert held is not None
            books.accounts.put(replace(held, version=held.version + 1))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count_up, range(40)))
    with store.read() as books:
        found = books.accounts.get("account-1")
    assert found is not None
    assert found.version == 41


def test_two_who_take_one_user_name_at_once_are_told_apart(store: SqlStore) -> None:
    def add(number: int) -> bool:
        with store.begin() as books:
            return books.accounts.add(account(number, "ada"))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(add, range(8))) == 1


def test_two_who_change_to_one_user_name_at_once_are_told_apart(store: SqlStore) -> None:
    with store.begin() as books:
        for number in range(8):
            books.accounts.add(account(number))

    def rename(number: int) -> bool:
        with store.begin() as books:
            return books.accounts.put(account(number, "ada"))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(rename, range(8))) == 1
