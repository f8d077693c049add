"""What do the tests in a browser share? One browser and one company, started by the first test that wants them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Browser, chromium
from tests.browser.pages import Office, office
from tests.databases import SqliteFiles


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def there(
    browser: Browser, sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The company; not started where there is no browser."""
    folder = tmp_path_factory.mktemp("office")
    with office(folder, sqlite_files.fresh(folder)) as found:
        yield found
