"""A company whose pages can all be visited: served on this machine, with a clock that each page sets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from onboarding.adapters.mailers.folder import FolderMailer
from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import Delivery
from onboarding.domain.forms import Draft, Value
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import photos, rounds
from onboarding.web import create_app
from onboarding.web.words import words_of
from tests.browser.chromium import Browser
from tests.exchanging import apart, questions, short_words
from tests.portraits import photo
from tests.sites import path_of
from tests.worlds import LATE, World, at, person, world

LEILA = {"first_name": "ليلى", "last_name": "Hubertblaineswolfeschlegelsteinhausenbergerdorff"}
"""A newcomer whose name is written from right to left, and does not fit into a line of a phone."""

NOTE = "I know the harbour. هل تحبين البحر؟ " + "Donaudampfschifffahrtsgesellschaftskapitaenswitwe" * 2
"""A note in two scripts, with a word that does not fit into a line of a phone."""

CROWD = {"X-Forwarded-For": "203.0.113.7"}
"""Behind a proxy, in a network that asks too often."""

MEMBERS = ("berlin-1", "nairobi-2")
MONDAY = date(2027, 1, 18)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page is, and when somebody looks at it; `crowded` means from a network that asks too often."""

    url: str
    now: datetime
    crowded: bool = False


@dataclass(kw_only=True)
class Office:
    """The company, its server, and its pages by name."""

    world: World
    url: str
    beside: Office | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    language: str = ""

    def show(self, browser: Browser, name: str, language: str = "en") -> None:
        """Open a page at its moment, for a reader of this language."""
        if self.beside is not None and name in self.beside.pages:
            self.beside.show(browser, name, language)
            return
        if self.language != language:
            with self.world.engine.store.begin() as books:
                books.people.put_all([replace(one, language=language) for one in books.people.all()])
            self.language = language
        page = self.pages[name]
        self.world.now = page.now
        browser.send_headers({"Accept-Language": language, **(CROWD if page.crowded else {})})
        if page.crowded:
            crowd(page)  # a visit comes back each second
        browser.open(page.url)
        if page.crowded:
            assert browser.heading() == words_of(language).busy_title

    def answers(self, step: str) -> dict[str, Value]:
        """What the newcomer answered last to the form of a step."""
        with self.world.engine.store.read() as books:
            answer = books.asks.answer_to(self.world.row(step).key)
        return dict(answer.values) if answer else {}

    def ask_link(self, step: str, role: str = "hire", occasion: str = "once", hire: str = "n1") -> Page:
        """The form that was sent for a step, a minute after it was sent."""
        row = self.world.row(step, role, occasion, hire)
        with self.world.engine.store.read() as books:
            ask = books.asks.get(row.key)
        assert ask is not None, f"{row.key} was not asked"
        return Page(url=self.url + path_of(_link(self.world, row.key)), now=ask.opened_at + MINUTE)


def _link(here: World, ask_id: str) -> str:
    with here.engine.store.read() as books:
        ask = books.asks.get(ask_id)
    assert ask is not None, f"{ask_id} was not asked"
    return here.engine.links.ask(ask.id, ask.closes_at)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """A server of its own for the site; its address."""
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", ws="none", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ours]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the site did not start"
            thread.join(timeout=0.01)
        try:
            yield f"http://127.0.0.1:{ours.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@contextmanager
def office(folder: Path, database: str) -> Iterator[Office]:
    """The company six weeks after a newcomer's first day, its site, and beside it two people who only write."""
    outbox = folder / "outbox"
    words = short_words(folder / "templates")
    with (
        world(store=SqlStore(database), mailer=FolderMailer(outbox)) as here,
        apart(words) as writers,
    ):
        _live(here)
        app, theirs = (
            create_app(one.engine, clock=_clock(one), desk=True, outbox=outbox) for one in (here, writers)
        )
        with served(app) as url, served(theirs) as their_url:
            beside = Office(world=writers, url=their_url)
            beside.pages["exchange"] = _exchange(beside)
            found = Office(world=here, url=url, beside=beside)
            found.pages.update(_pages(found))
            yield found


def _clock(here: World) -> Callable[[], datetime]:
    return lambda: here.now


def _live(here: World) -> None:
    here.enrol(**LEILA)
    here.walk_to(here.row("profile").due_at)
    here.answer(here.row("profile"), city=LEILA["last_name"], about=LEILA["first_name"], languages="Tagalog")
    for one in ("n1", "manila-1", "berlin-3"):
        photos.add(here.engine, one, photo(), here.now)
    with here.engine.store.begin() as books:
        books.people.put(person("berlin-3", active=False))
    here.hear_yes()
    here.walk_to(at("2026-12-24 12:00"))
    here.answer(here.row("welcome_notes", "peer"), note=NOTE)
    here.walk_to(at("2027-01-13 06:00"))
    here.enrol(id="n2", start_date="2027-02-22", **LEILA)
    with here.engine.store.begin() as books:
        for one in MEMBERS:
            said = Preferences(opted_in=frozenset({COFFEE}))
            books.preferences.put(one, said, by=Teller.PERSON, fields=["opted_in"], now=here.now)
    rounds.run_round(here.engine, here.now)
    here.walk_to(at("2027-02-16 10:00"))
    here.answer(_asked_for_notes(here)[0], note=NOTE)


def _asked_for_notes(here: World) -> list[Delivery]:
    """The questions to colleagues of the second newcomer: the first has answered, the others have not."""
    return [one for one in here.rows("n2") if one.step == "welcome_notes" and one.occasion == "once"]


def _pages(here: Office) -> Mapping[str, Page]:
    links = here.world.engine.links
    today = here.world.now
    with here.world.engine.store.read() as books:
        coffee, *_ = (one for one in books.meetings.of_hire("n1") if one.step == "first_coffee")
    invited = links.meeting(coffee.id, "n1")
    before = here.world.row("first_coffee").due_at + MINUTE
    profile, late = here.ask_link("profile"), here.ask_link("check_in_30")
    key = here.world.row("check_in_30").key
    with here.world.engine.store.begin() as books:
        books.asks.keep_draft(
            Draft(ask_id=key, values={"better": ["أهلاً، I am\n" + "y" * 400]}, saved_at=late.now)
        )

    def page(path: str, now: datetime = today) -> Page:
        return Page(url=here.url + path, now=now)

    written = page(path_of(_link(here.world, _asked_for_notes(here.world)[0].key)))

    return {
        "profile": profile,
        "buddy_yes": here.ask_link("buddy_yes", "buddy", hire="n2"),
        "peer_note": here.ask_link("welcome_notes", "peer", hire="n2"),
        "late": replace(late, now=today),
        "draft": Page(url=f"{late.url}/draft", now=today),
        "note": written,
        "note_change": replace(written, url=f"{written.url}?change"),
        "note_back": replace(written, url=f"{written.url}/take-back"),
        "note_left": replace(here.ask_link("welcome_notes", "peer"), now=at("2027-01-05 06:00")),
        "first_item": here.ask_link("first_item", "manager"),
        "first_week": here.ask_link("first_week"),
        "unanswered": here.ask_link("profile", hire="n2"),
        "did_you_meet": here.ask_link("met_first_coffee"),
        "check_in": here.ask_link("check_in_30"),
        "coffee_met": here.ask_link("coffee_met", "partner", hire=f"coffee:{MONDAY}"),
        "list": replace(here.ask_link("hire_list"), now=at("2027-01-08 06:00")),
        "list_asked": _asked(here.ask_link("manager_tasks", "manager")),
        "optional": page(path_of(links.unsubscribe("manila-2"))),
        "preferences": page(path_of(links.preferences("manila-1"))),
        "newcomer": page(path_of(links.preferences("n1"))),
        "seen": page(path_of(links.profile("n1", LATE))),
        "seen_early": Page(url=here.url + path_of(links.profile("n1", LATE)), now=profile.now),
        "seen_of_colleague": page(path_of(links.profile("manila-1", LATE))),
        "seen_and_left": page(path_of(links.profile("berlin-3", LATE))),
        "seen_by_old_link": page(path_of(links.profile("n1", at("2026-12-01 08:00")))),
        "coffee": page(path_of(links.coffee(MONDAY, "berlin-1")), at("2027-01-14 17:00")),
        "meeting": page(path_of(invited), before),
        "meeting_of_buddy": page(path_of(links.meeting(coffee.id, "manila-1")), before),
        "meeting_over": page(path_of(invited)),
        "expired": Page(url=profile.url, now=today),
        "forged": page("/ask/forged"),
        "nowhere": page("/nowhere"),
        "busy": replace(profile, crowded=True),
        "hires": page("/hires"),
        "hire": page("/hires/n1"),
        "hire_week": page("/hires/n1?week=1"),
        "hire_people": page("/hires/n1?show=people"),
        "mailbox": page("/mailbox"),
        **_mails(here),
    }


def _asked(page: Page) -> Page:
    """The page of a list as the link of a task in the mail opens it, when that is late."""
    return Page(url=f"{page.url}?done=people", now=at("2027-01-11 06:00"))


def crowd(page: Page) -> None:
    """Ask for a page from behind a proxy more often than anybody needs it."""
    with httpx.Client(headers=CROWD, trust_env=False) as many:
        for _ in range(150):
            if many.get(page.url).status_code == httpx.codes.TOO_MANY_REQUESTS:
                return
    raise AssertionError("nobody is held back")


def _mails(here: Office) -> dict[str, Page]:
    lines = httpx.get(f"{here.url}/mailbox", trust_env=False).text.split("<tr>")
    found = {}
    for name, mark in (("invitation", ">invitation<"), ("mail", "</a></td>")):
        line = next(one for one in lines if mark in one)
        path = line.partition('<a href="')[2].partition('"')[0]
        found[name] = Page(url=here.url + path, now=here.world.now)
    return found


def _exchange(here: Office) -> Page:
    here.world.walk_to(here.world.row("partner_coffee", occasion="week-2").due_at)
    row = questions(here.world)["n1"]
    here.world.walk_to(row.due_at)
    return here.ask_link(row.step, row.role, row.occasion)
