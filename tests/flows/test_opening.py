"""Do errors stay free of names on their way to Prefect?"""

from __future__ import annotations

import pickle
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.opening import Withheld, keeping, opened, withheld
from onboarding.domain.errors import BadSettings, NotFound, Unavailable
from onboarding.domain.people import Person

NAME = "Amihan Quill"


def whole(error: BaseException) -> str:
    """All that Prefect could write down of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(pickle.dumps(error))


def test_an_unexpected_error_keeps_its_kind_and_place_and_loses_its_words() -> None:
    with (
        pytest.raises(Withheld, match=r"^ValueError at test_opening\.py:\d+ in test_an_unexpected") as told,
        withheld(),
    ):
        raise ValueError(NAME)
    assert NAME not in whole(told.value)


def test_the_place_names_our_own_line_and_the_innermost_one() -> None:
    with (
        pytest.raises(Withheld, match=r"people\.py:\d+ in __getattr__|AttributeError at test_opening"),
        withheld(),
    ):
        Person(id="p1", first_name=NAME).nickname  # type: ignore[attr-defined]  # noqa: B018 -- the point of this test


@pytest.mark.parametrize(
    "error",
    [Unavailable("the database does not answer"), NotFound("there is no step coffee"), BadSettings(["no key"])],
)
def test_sentences_that_never_name_people_pass(error: Exception) -> None:
    with pytest.raises(Withheld, match=re.escape(str(error))), withheld():
        raise error


def test_what_is_withheld_already_passes_as_it_is() -> None:
    with pytest.raises(Withheld, match=r"^told$"), withheld(), withheld():
        raise Withheld("told")


def test_settings_that_cannot_work_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path))
    monkeypatch.setenv("ONBOARDING_TIME_ZONE", "Europe/Atlantis")
    with pytest.raises(Withheld, match="ONBOARDING_TIME_ZONE"), opened(None):
        raise AssertionError("it must not open")


def test_the_moment_is_what_was_asked_for_else_what_the_clock_says(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2027-03-01T09:00:00+08:00")
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path))
    monkeypatch.setenv("ONBOARDING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ONBOARDING_CLOCK_FILE", str(clock))
    asked = datetime(2030, 1, 1, tzinfo=UTC)
    with opened(asked) as (_, now):
        assert now == asked
    with opened(None) as (_, now):
        assert now == datetime(2027, 3, 1, 1, tzinfo=UTC)


def test_flows_inside_a_keeping_block_share_one_engine(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path))
    monkeypatch.setenv("ONBOARDING_DATABASE_URL", sqlite_url)
    with keeping() as (kept, _), opened(None) as (first, _), opened(None) as (second, _):
        assert first is second is kept
    with opened(None) as (other, _):
        assert other is not kept
