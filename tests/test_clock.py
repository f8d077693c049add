from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from onboarding import clock
from onboarding.domain.errors import BadSettings
from tests.worlds import at


def test_the_real_clock_is_aware_and_in_utc() -> None:
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta()
    assert first <= second


def test_without_a_file_it_is_the_real_clock() -> None:
    assert clock.from_file(None) is clock.now


@pytest.mark.parametrize(
    "text", ["2027-01-04T10:00:00+08:00", "2027-01-04T02:00:00Z\n", " 2027-01-04 02:00+00:00 "]
)
def test_a_file_holds_the_moment_of_a_walk_with_any_offset(text: str, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text(text, encoding="ascii")
    read = clock.from_file(tmp_path / "clock")
    assert read() == at("2027-01-04 02:00")
    assert read().utcoffset() == timedelta()


def test_the_file_is_read_again_each_time(tmp_path: Path) -> None:
    read = clock.from_file(tmp_path / "clock")
    for moment in ("2027-01-04 02:00", "2027-01-05 02:00"):
        (tmp_path / "clock").write_text(at(moment).isoformat(), encoding="ascii")
        assert read() == at(moment)


def test_a_file_that_is_missing_means_the_real_clock(tmp_path: Path) -> None:
    assert abs(clock.from_file(tmp_path / "clock")() - clock.now()) < timedelta(seconds=10)


@pytest.mark.parametrize(
    "text", ["tomorrow", "2026-12-10 12:00", "2027-01-04T10:00:00", "", "2027-01-04T10:00:00+08:00 and more"]
)
def test_a_file_that_holds_no_moment_says_what_it_must_hold(text: str, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text(text, encoding="ascii")
    with pytest.raises(BadSettings, match=r"ONBOARDING_CLOCK_FILE: .* must hold one moment with its offset"):
        clock.from_file(tmp_path / "clock")()
