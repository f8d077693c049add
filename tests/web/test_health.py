"""Does the site say truly whether it lives and can work?"""

from __future__ import annotations

from pathlib import Path

from onboarding.adapters.sql import SqlStore
from tests.sites import site


def test_a_site_lives_even_while_its_store_is_away(tmp_path: Path) -> None:
    with site() as here:
        object.__setattr__(
            here.world.engine, "store", SqlStore(f"sqlite:///{tmp_path}/no-such-folder/onboarding.db")
        )
        assert here.browser.get("/healthz").status_code == 200
        answer = here.browser.get("/readyz")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


def test_a_site_over_a_migrated_store_is_ready(sqlite_store: SqlStore) -> None:
    with site(store=sqlite_store) as here:
        assert here.browser.get("/readyz").json() == {"state": "ready"}


def test_a_site_gives_its_connections_back_when_it_ends(sqlite_store: SqlStore) -> None:
    with site(store=sqlite_store) as here, here.browser:
        assert here.browser.get("/readyz").status_code == 200
