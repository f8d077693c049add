"""A company on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.spoken import Spoken
from tests.worlds import directory


@pytest.fixture
def onboarding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> Spoken:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONBOARDING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "220")
    return Spoken(capsys, monkeypatch, sqlite_url)


@pytest.fixture
def enrolled(onboarding: Spoken) -> Spoken:
    """The company with its directory, and the newcomer of `record`."""
    with onboarding.world("2026-12-01 08:00") as here:
        with here.engine.store.begin() as books:
            books.people.put_all(directory())
        here.enrol()
    return onboarding
