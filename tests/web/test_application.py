"""Does the site of a company's settings show what it should, and hide the rest?"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from onboarding import bootstrap, settings
from onboarding.web import app
from onboarding.web.application import hide_tokens
from tests.sites import HERE, path_of
from tests.worlds import LATE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company's home with an empty database, said by the environment."""
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path))
    bootstrap.migrate(settings.load())
    return tmp_path


def test_the_site_of_the_settings_is_ready_and_shows_the_desk_on_this_machine(home: Path) -> None:
    with TestClient(app(), base_url="http://127.0.0.1:8400", client=HERE) as browser:
        assert browser.get("/readyz").status_code == 200
        assert browser.get("/mailbox").status_code == 200
    assert home.joinpath("secret_key").exists()


def test_a_site_that_is_public_has_no_desk_because_a_proxy_can_look_like_this_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARDING_PUBLIC_URL", "https://onboarding.example.com")
    with TestClient(app(), base_url="http://127.0.0.1:8400", client=HERE) as browser:
        assert browser.get("/healthz").status_code == 200
        assert browser.get("/mailbox").status_code == 404


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("said", "status"), [("true", 404), ("", 404), ("false", 403)])
def test_the_company_says_whether_forms_are_saved_while_somebody_writes(
    monkeypatch: pytest.MonkeyPatch, said: str, status: int
) -> None:
    if said:
        monkeypatch.setenv("ONBOARDING_SAVE_AS_YOU_GO", said)
    typed = {"go-on-later": "yes", "go-on-later-since": "0", "go-on-later-mark": ""}
    with TestClient(app(), base_url="http://127.0.0.1:8400", client=HERE) as browser:
        here = browser.app.state.site  # type: ignore[attr-defined]  # Starlette's application
        signed = here.engine.links.ask("nobody/asked", LATE)
        answer = browser.post(path_of(signed), data=typed, headers={"Accept": "application/json"})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/ask/secret-token", "/ask/..."),
        ("/optional/secret-token?x=1", "/optional/..."),
        ("/webhooks/hris/personio/secret-end", "/webhooks/hris/personio/..."),
        ("/webhooks/hris//personio/secret-end?x=1", "/webhooks/hris//personio/..."),
        ("/webhooks/hris/personio", "/webhooks/hris/personio"),
        ("/scim/v2/Users?filter=userName%20eq", "/scim/v2/Users?..."),
        ("/preferences/secret-token", "/preferences/..."),
        ("/preferences/secret-token/calendar", "/preferences/..."),
        ("/meetings/secret-token", "/meetings/..."),
        ("/calendar/secret-token.ics", "/calendar/..."),
        ("/healthz", "/healthz"),
        ("/hires/n1", "/hires/n1"),
    ],
)
def test_the_access_log_holds_no_token(path: str, shown: str) -> None:
    arguments = ("203.0.113.7:1", "GET", path, "1.1", 200)
    entry = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s "%s %s HTTP/%s" %d', arguments, None)
    assert hide_tokens(entry)
    assert f"GET {shown} HTTP" in entry.getMessage()
