"""A site of a small company, and a browser in front of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import uvicorn
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from onboarding.clock import Clock
from onboarding.domain.people import Person
from onboarding.ports import Alarms, Mailer, Source, Store, Words
from onboarding.services.engine import Engine
from onboarding.web import create_app
from tests.worlds import WORDS, World, world

HERE = ("127.0.0.1", 50000)
ELSEWHERE = ("203.0.113.7", 50000)
"""A documentation address (RFC 5737): a client that is not this machine."""

NOT_OURS = "script:not([src^='/ask/script/'][integrity]:empty)"
"""Every script but the one that saves a form while somebody writes."""


@dataclass
class Site:
    """A company with its site; `browser` comes from this machine unless told otherwise."""

    world: World
    browser: TestClient

    def link(self, step: str, role: str = "hire", occasion: str = "once") -> str:
        """The path of the form that was sent for a step."""
        row = self.world.row(step, role, occasion)
        with self.world.engine.store.read() as books:
            ask = books.asks.get(row.key)
        assert ask is not None, f"{row.key} was not asked"
        return path_of(self.world.engine.links.ask(ask.id, ask.closes_at))

    def optional_link(self, person_id: str) -> str:
        """The path at which a person leaves the optional mails."""
        return path_of(self.world.engine.links.unsubscribe(person_id))

    def preferences_link(self, person_id: str) -> str:
        """The path of the page on which a person says how they take part."""
        return path_of(self.world.engine.links.preferences(person_id))

    def see(self, path: str, status: int = 200, *, language: str = "en") -> BeautifulSoup:
        """The page at a path, which must have that status, for a browser that asks for a language."""
        answer = self.browser.get(path, headers={"Accept-Language": language})
        assert answer.status_code == status, answer.text
        return parsed(answer.text)


def parsed(html: str) -> BeautifulSoup:
    """A page as a parser sees it."""
    return BeautifulSoup(html, "html.parser")


def path_of(url: str) -> str:
    """The path of an address."""
    return "/" + url.split("/", 3)[3]


@contextmanager
def site(
    now: str = "2026-12-01 08:00",
    *,
    client: tuple[str, int] = HERE,
    host: str = "127.0.0.1:8400",
    desk: bool = True,
    outbox: Path | None = None,
    store: Store | None = None,
    alarms: Alarms | None = None,
    mailer: Mailer | None = None,
    sources: Mapping[str, Source] | None = None,
    paths: Mapping[str, Sequence[str]] | None = None,
    metrics_token: str = "",
    people: Sequence[Person] | None = None,
    words: Words = WORDS,
) -> Iterator[Site]:
    """A site whose clock is that of its world."""
    with world(
        now, people=people, store=store, words=words, alarms=alarms, mailer=mailer, sources=sources, paths=paths
    ) as here:

        def clock() -> datetime:
            return here.now

        app = create_app(here.engine, clock=clock, desk=desk, outbox=outbox, metrics_token=metrics_token)
        browser = TestClient(app, base_url=f"http://{host}", client=client, follow_redirects=False)
        yield Site(world=here, browser=browser)


@contextmanager
def serving(engine: Engine, clock: Clock, *, believes: str | None = None) -> Iterator[int]:
    """The port of a real server; `believes` is its FORWARDED_ALLOW_IPS."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        app = create_app(engine, clock=clock, desk=True)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, forwarded_allow_ips=believes))
        thread = Thread(target=server.run, args=([door],))
        thread.start()
        while not server.started:
            Event().wait(0.01)
        try:
            yield int(door.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


def barriers(page: BeautifulSoup) -> list[str]:
    """What would keep somebody from using a page: as much of WCAG 2.2 as a parser can see."""
    found = []
    root = page.find("html")
    if not (isinstance(root, Tag) and root.get("lang")):
        found.append("the page does not say its language")
    if not (page.title and page.title.get_text(strip=True)):
        found.append("the page has no title")
    if len(page.find_all("h1")) != 1 or len(page.find_all("main")) != 1:
        found.append("the page needs one h1 and one main")
    ids = [str(one["id"]) for one in page.find_all(id=True)]
    found.extend(f"the id {one} is used twice" for one in sorted(set(ids)) if ids.count(one) > 1)
    found.extend(_unlabelled(page))
    for tag in page.select("[aria-describedby]"):
        found.extend(f"nothing describes {one}" for one in str(tag["aria-describedby"]).split() if one not in ids)
    targets = [str(link["href"]) for link in page.select('a[href^="#"]')]
    found.extend(f"{target} leads nowhere" for target in targets if target[1:] not in ids)
    found.extend(f"a script: {tag}" for tag in page.select(NOT_OURS))
    found.extend(f"an inline style: {tag.name}" for tag in page.find_all(style=True))
    return found


def _unlabelled(page: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in page.find_all("label", attrs={"for": True})}
    for control in page.find_all(["input", "textarea", "select"]):
        if control.get("type") == "hidden":
            continue
        if control.find_parent("label") is None and control.get("id") not in labelled:
            yield f"{control.get('name')} has no label"
        if control.get("type") in ("radio", "checkbox"):
            group = control.find_parent("fieldset")
            if group is None or not (isinstance(group.legend, Tag) and group.legend.get_text(strip=True)):
                yield f"the choices of {control.get('name')} have no legend"
