"""Does the store keep the contract of Asks?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import select

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.adapters.sql.tables import answers
from onboarding.domain.errors import NotFound
from onboarding.domain.forms import Answer, Draft, TakenBack, Value
from onboarding.domain.people import Shared
from tests.databases import opened
from tests.ports.stores import DAY, HOUR, NOW, ask, person

VALUES: dict[str, Value] = {"connected": 4, "note": "Olá “Ada” 🎈", "topics": ["chess", "rust"], "empty": ""}


@pytest.fixture
def another_thread() -> Iterator[ThreadPoolExecutor]:
    """Somebody who works at the same time."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


def test_an_ask_comes_back(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        assert books.asks.get(ask().id) == ask()
        assert books.asks.get("nothing") is None


def test_an_ask_that_is_put_again_has_the_new_moments_and_its_answers(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        given = books.asks.answer(ask().id, VALUES, NOW)
        again = ask(opened_at=NOW + DAY, closes_at=NOW + 2 * DAY)
        books.asks.open(again)
        assert books.asks.get(ask().id) == again
        assert books.asks.answer_to(ask().id) == given


def test_asks_about_a_hire_come_by_moment_and_id(store: SqlStore) -> None:
    with store.begin() as books:
        for ask_id, opened_at in (("c", NOW), ("b", NOW), ("a", NOW + HOUR)):
            books.asks.open(ask(ask_id, opened_at=opened_at))
        books.asks.open(ask("other", hire_id="bo"))
        assert [each.id for each in books.asks.of_hire("ada")] == ["b", "c", "a"]


def test_an_answer_comes_back_with_its_values(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        assert books.asks.answer_to(ask().id) is None
        given = books.asks.answer(ask().id, VALUES, NOW)
    expected = Answer(ask_id=ask().id, values=VALUES, answered_at=NOW, version=1)
    assert given == expected
    with store.read() as books:
        assert books.asks.answer_to(ask().id) == expected


def test_the_newest_version_answers_and_an_ask_counts_once(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.open(ask("silent"))
        assert books.asks.count_answers() == 0
        for version in range(1, 4):
            given = books.asks.answer(ask().id, {"connected": version}, NOW + version * HOUR)
            assert given.version == version
        assert books.asks.answer_to(ask().id) == given
        assert [one.version for one in books.asks.versions(ask().id)] == [1, 2, 3]
        assert books.asks.versions(ask().id)[-1] == given
        assert books.asks.versions("silent") == []
        assert books.asks.count_answers() == 1


def test_answers_about_a_hire_are_the_newest_of_each_ask(store: SqlStore) -> None:
    with store.begin() as books:
        for ask_id, hire_id in (("a", "ada"), ("b", "ada"), ("silent", "ada"), ("other", "bo")):
            books.asks.open(ask(ask_id, hire_id=hire_id))
        first = books.asks.answer("a", {"connected": 1}, NOW)
        books.asks.answer("b", {"connected": 2}, NOW)
        newest = books.asks.answer("b", {"connected": 3}, NOW + DAY)
        books.asks.answer("other", {"connected": 4}, NOW)
        assert books.asks.answers_of_hire("ada") == {"a": first, "b": newest}


def test_nobody_answers_an_ask_that_was_never_opened(store: SqlStore) -> None:
    with store.begin() as books, pytest.raises(NotFound, match="no ask nothing"):
        books.asks.answer("nothing", {}, NOW)


WRITTEN = {"note": ["  Olá “Ada” 🎈\n "], "topics": ["chess", "rust"]}


def test_a_draft_is_kept_in_the_place_of_the_one_before_until_an_answer_comes(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.open(ask("other", hire_id="bo"))
        books.asks.keep_draft(Draft(ask_id=ask().id, values={"note": ["x"]}, saved_at=NOW))
        books.asks.keep_draft(Draft(ask_id=ask().id, values=WRITTEN, saved_at=NOW + HOUR))
        books.asks.keep_draft(Draft(ask_id="other", values={}, saved_at=NOW))
    with store.begin() as books:
        assert books.asks.draft_of(ask().id) == Draft(ask_id=ask().id, values=WRITTEN, saved_at=NOW + HOUR)
        assert books.asks.begun_of_hire("ada") == {ask().id: NOW + HOUR}
        assert (books.asks.answer_to(ask().id), books.asks.count_answers()) == (None, 0)
        books.asks.answer(ask().id, VALUES, NOW + DAY)
        assert books.asks.draft_of(ask().id) is None
        assert books.asks.draft_of("other") is not None


def test_drafts_of_asks_that_closed_long_ago_are_forgotten(store: SqlStore) -> None:
    with store.begin() as books:
        for ask_id, closes_at in (("old", NOW - DAY), ("open", NOW + DAY)):
            books.asks.open(ask(ask_id, opened_at=NOW - 2 * DAY, closes_at=closes_at))
            books.asks.keep_draft(Draft(ask_id=ask_id, values=WRITTEN, saved_at=NOW - 2 * DAY))
        assert books.asks.forget_drafts(NOW) == 1
        assert sorted(books.asks.begun_of_hire("ada")) == ["open"]
        assert books.asks.forget_drafts(NOW) == 0


def test_a_draft_is_deleted_alone(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.answer(ask().id, VALUES, NOW)
        books.asks.keep_draft(Draft(ask_id=ask().id, values=WRITTEN, saved_at=NOW + HOUR))
        assert books.asks.drop_draft(ask().id)
        assert not books.asks.drop_draft(ask().id)
    with store.read() as books:
        given = books.asks.answer_to(ask().id)
        assert given is not None
        assert (books.asks.draft_of(ask().id), given.version, given.values) == (None, 1, VALUES)


def test_drafts_of_a_person_are_forgotten_and_those_of_others_are_kept(store: SqlStore) -> None:
    with store.begin() as books:
        for ask_id, person_id in (("a", "bo"), ("b", "bo"), ("c", "cy")):
            books.asks.open(ask(ask_id, person_id=person_id))
            books.asks.keep_draft(Draft(ask_id=ask_id, values=WRITTEN, saved_at=NOW))
        assert books.asks.forget_drafts_of("bo") == 2
        assert sorted(books.asks.begun_of_hire("ada")) == ["c"]


def test_nobody_keeps_a_draft_of_an_ask_that_was_never_opened(store: SqlStore) -> None:
    with store.begin() as books, pytest.raises(NotFound, match="no ask nothing"):
        books.asks.keep_draft(Draft(ask_id="nothing", values={}, saved_at=NOW))


def test_what_is_taken_back_is_gone_from_the_file_of_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrate(url)
    secrets = [f"Nobody may read this any more, part {number}. " * 40 for number in range(12)]
    with opened(url) as store:
        with store.begin() as books:
            books.people.put(person("ada"))
            books.asks.open(ask())
        for secret in secrets:
            with store.begin() as books:
                books.asks.answer(ask().id, {"note": secret, "kept": "this stays"}, NOW)
                books.people.share("ada", Shared(called="Nobody may", interests=("Nobody may read",)), NOW)
                books.photos.put("ada", b"Nobody may read this photo" * 500, NOW)
        with store.begin() as books:
            assert books.asks.take_back(ask().id, ["note"], NOW).anything
            books.people.share("ada", Shared(), NOW)
            books.photos.forget("ada")
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"this stays" in left
    assert b"Nobody may" not in left


def test_what_is_taken_back_is_in_no_version_and_only_that_it_was_is_noted(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.answer(ask().id, {"note": "First words", "agree": "yes"}, NOW)
        books.asks.answer(ask().id, {"note": "Second words", "agree": "yes"}, NOW + HOUR)
        books.asks.keep_draft(Draft(ask_id=ask().id, values={"note": ["Third words"]}, saved_at=NOW + HOUR))
        taken = books.asks.take_back(ask().id, ["note"], NOW + DAY)
        assert books.asks.draft_of(ask().id) is None
    expected = Answer(ask_id=ask().id, values={"agree": "yes"}, answered_at=NOW + DAY, version=3, taken_back=True)
    assert taken == TakenBack(noted=expected, draft=True)
    with store.read() as books:
        assert books.asks.answer_to(ask().id) == expected
        assert books.asks.answers_of_hire("ada") == {ask().id: expected}
    with store._reading.begin() as connection:
        rows = connection.execute(select(answers.c.version, answers.c["values"]).order_by(answers.c.version)).all()
    assert [tuple(row) for row in rows] == [(number, {"agree": "yes"}) for number in (1, 2, 3)]


def test_words_can_be_written_again_after_they_were_taken_back(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.answer(ask().id, {"note": "First words"}, NOW)
        books.asks.take_back(ask().id, ["note"], NOW + HOUR)
        again = books.asks.answer(ask().id, {"note": "Better words"}, NOW + DAY)
        assert books.asks.answer_to(ask().id) == again
        assert (again.version, again.taken_back) == (3, False)


def test_where_nothing_was_answered_nothing_is_taken_back(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        assert books.asks.take_back(ask().id, ["note"], NOW) == TakenBack()
        assert books.asks.answer_to(ask().id) is None
        given = books.asks.answer(ask().id, {"agree": "yes"}, NOW)
        assert books.asks.take_back(ask().id, ["note"], NOW) == TakenBack()
        assert books.asks.answer_to(ask().id) == given


def test_all_answers_are_taken_back_at_once_those_of_older_versions_too(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.answer(ask().id, VALUES, NOW)
        books.asks.answer(ask().id, {}, NOW)
        taken = books.asks.take_back(ask().id, None, NOW + DAY)
        assert taken.noted == Answer(ask_id=ask().id, values={}, answered_at=NOW + DAY, version=3, taken_back=True)
        assert books.asks.take_back(ask().id, None, NOW + DAY) == TakenBack()


def test_of_a_draft_only_what_is_taken_back_is_cut(store: SqlStore) -> None:
    with store.begin() as books:
        books.asks.open(ask())
        books.asks.keep_draft(Draft(ask_id=ask().id, values=WRITTEN, saved_at=NOW))
        assert books.asks.take_back(ask().id, ["agree"], NOW + HOUR) == TakenBack()
        assert books.asks.take_back(ask().id, ["note"], NOW + HOUR) == TakenBack(draft=True)
        left = Draft(ask_id=ask().id, values={"topics": WRITTEN["topics"]}, saved_at=NOW)
        assert books.asks.draft_of(ask().id) == left
        assert books.asks.take_back(ask().id, ["topics", "note"], NOW + HOUR) == TakenBack(draft=True)
        assert books.asks.draft_of(ask().id) is None
        books.asks.keep_draft(Draft(ask_id=ask().id, values={}, saved_at=NOW))
        assert books.asks.take_back(ask().id, ["note"], NOW + HOUR) == TakenBack()
        assert books.asks.take_back(ask().id, None, NOW + HOUR) == TakenBack(draft=True)
        assert books.asks.answer_to(ask().id) is None


def test_nobody_else_takes_back_what_somebody_holds(store: SqlStore, another_thread: ThreadPoolExecutor) -> None:
    def take_back() -> None:
        with store.begin() as books:
            books.asks.take_back(ask().id, ["note"], NOW)

    with store.begin() as books:
        books.asks.open(ask())
        books.asks.answer(ask().id, {"note": "Hello"}, NOW)
    with store.begin() as books:
        books.asks.hold(["nothing", ask().id])
        other = another_thread.submit(take_back)
        assert not wait([other], timeout=0.2).done
        given = books.asks.answer_to(ask().id)
        assert given is not None
        assert given.values == {"note": "Hello"}
    other.result(timeout=10)
    with store.read() as books:
        given = books.asks.answer_to(ask().id)
        assert given is not None
        assert given.values == {}
