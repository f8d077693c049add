"""Does every page behind a secret link only show when it is looked at, and hold back who knocks too often?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute

from onboarding.adapters.mailers.mime import to_bytes
from onboarding.adapters.sql import SqlStore
from onboarding.services import photos
from onboarding.web.application import ROUTERS
from onboarding.web.limits import Limiter
from tests.databases import SqliteFiles
from tests.portraits import photo
from tests.sites import ELSEWHERE, Site, path_of, site
from tests.worlds import LATE

ROUTES = {
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "{token}" in route.path
    for method in route.methods or ()
}
SHOWN = sorted(path for method, path in ROUTES if method == "GET")


@pytest.fixture(scope="module")
def database(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> str:
    return sqlite_files.fresh(tmp_path_factory.mktemp("links"))


@pytest.fixture(scope="module")
def here(database: str) -> Iterator[Site]:
    """A newcomer after the first coffee with the buddy; tests here change nothing."""
    with site(store=SqlStore(database), client=ELSEWHERE, host="onboarding.example.com") as found:
        found.world.enrol()
        found.world.hear_yes()
        found.world.walk_to(found.world.row("welcome_notes", "peer").due_at)
        found.world.answer(found.world.row("welcome_notes", "peer"), note="Hello.")
        found.world.walk_to(found.world.row("met_first_coffee").due_at)
        found.browser.post(found.link("met_first_coffee"), data={"note": "Begun.", "go-on-later": "yes"})
        photos.add(found.world.engine, "n1", photo(), found.world.now)
        limiter_of(found).burst = 1000
        yield found


@pytest.fixture(scope="module")
def busy() -> Iterator[Site]:
    """A site at which nobody may knock any more."""
    with site(client=ELSEWHERE, host="onboarding.example.com") as found:
        limiter_of(found).burst = 0
        yield found


def limiter_of(found: Site) -> Limiter:
    limiter: Limiter = found.browser.app.state.site.limiter  # type: ignore[attr-defined]  # Starlette's application
    return limiter


@pytest.fixture(scope="module")
def links(here: Site) -> dict[str, str]:
    """A link that somebody has, by the path of its route."""
    made = here.world.engine.links
    with here.world.engine.store.read() as books:
        meeting = books.meetings.of_hire("n1")[0].id
    return {
        "/ask/{token}": here.link("met_first_coffee"),
        "/ask/{token}/take-back": f"{here.link('welcome_notes', 'peer')}/take-back",
        "/ask/{token}/draft": f"{here.link('met_first_coffee')}/draft",
        "/optional/{token}": path_of(made.unsubscribe("n1")),
        "/preferences/{token}": path_of(made.preferences("n1")),
        "/profile/{token}": path_of(made.profile("n1", LATE)),
        "/profile/{token}/photo": f"{path_of(made.profile('n1', LATE))}/photo",
        "/coffee/{token}": path_of(made.coffee(date(2027, 1, 18), "n1")),
        "/meetings/{token}": path_of(made.meeting(meeting, "n1")),
        "/calendar/{token}.ics": path_of(made.calendar("n1", 0)),
    }


def everything(database: str) -> list[str]:
    """All that is stored."""
    with sqlite3.connect(database.removeprefix("sqlite:///")) as opened:
        return list(opened.iterdump())


def test_each_page_behind_a_link_is_tried_here(links: dict[str, str]) -> None:
    assert sorted(links) == SHOWN


@pytest.mark.parametrize("path", SHOWN)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_stores_nothing_whoever_looks(
    here: Site, database: str, links: dict[str, str], path: str, method: str
) -> None:
    before = everything(database)
    for purpose in ("", "prefetch"):
        answer = here.browser.request(method, links[path], headers={"Sec-Purpose": purpose})
        assert answer.status_code == 200 or (method, answer.status_code) == ("HEAD", 405)
        answer = here.browser.request(method, f"{links[path]}?choice=decline&back=yes&List-Unsubscribe=One-Click")
        assert answer.status_code < 500
    assert everything(database) == before


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_whoever_knocks_too_often_is_held_back_at_every_door(busy: Site, method: str, path: str) -> None:
    answer = busy.browser.request(method, path.replace("{token}", "any"))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


def test_an_optional_mail_offers_one_click_at_an_address_that_takes_it_by_post_only(here: Site) -> None:
    letter = next(one for one in here.world.mail.letters if one.unsubscribe_url)
    head = to_bytes(letter).decode("ascii").partition("\r\n\r\n")[0].replace("\r\n ", "")
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    address = head.partition("List-Unsubscribe: <")[2].partition(">")[0].replace(" ", "")
    assert urlsplit(address).path.startswith("/optional/")
    assert ("POST", "/optional/{token}") in ROUTES
