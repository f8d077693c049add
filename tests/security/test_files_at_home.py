"""Who may read what lies in ONBOARDING_HOME?"""

from __future__ import annotations

from collections.abc import Iterator
from os import umask
from pathlib import Path
from stat import S_IMODE

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.errors import Unavailable


@pytest.fixture(autouse=True)
def _everybody_may_read() -> Iterator[None]:
    """The usual mask of a shared machine."""
    before = umask(0o022)
    yield
    umask(before)


def test_a_database_that_was_only_asked_for_its_tables_is_nobody_elses_to_read(tmp_path: Path) -> None:
    file = tmp_path / "onboarding.db"
    store = SqlStore(f"sqlite:///{file}")
    with pytest.raises(Unavailable):
        store.ready()  # what every command does first
    migrate(f"sqlite:///{file}")
    with store.begin() as books:
        assert books.people.all() == []
        modes = {one.name: S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    store.close()
    assert "onboarding.db" in modes
    assert set(modes.values()) == {0o600}
