"""Does the site answer everybody else while many people add photos?"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice, repeat
from threading import Event

import httpx

from onboarding.adapters.pictures import PillowPictures
from onboarding.web.limits import Places
from tests.portraits import photo, sent
from tests.sites import barriers, parsed, path_of, serving, site
from tests.worlds import LATE, MANILA, person

UPLOADS = 44
"""More than the 40 threads that a server has for pages."""

PLACES, PLACES_EACH = Places().most, Places().most_each

PEOPLE = [person(f"p{number}", MANILA) for number in range(UPLOADS // 2)]


class Patient(PillowPictures):
    """Draws a photo when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_draw = Event()

    def portrait(self, content: bytes) -> bytes:
        """The photo, after a while."""
        self.may_draw.wait(30)
        return super().portrait(content)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDesk:
    """A real server at which many people add photos, and their browsers."""

    pictures: Patient
    browser: httpx.Client
    links: list[str]
    port: int

    def send(self, link: str, content: bytes | None = None) -> httpx.Response:
        """What comes back for a photo."""
        return self.browser.post(f"{link}/photo", files=sent(photo() if content is None else content))

    def begin(self, link: str) -> socket.socket:
        """A connection on which the first half of a photo is sent, and no more."""
        heads = ("Host: 127.0.0.1:8400", "Content-Type: multipart/form-data; boundary=x", "Content-Length: 100000")
        line = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        line.sendall("\r\n".join((f"POST {link}/photo HTTP/1.1", *heads, "", "")).encode() + b"z" * 50_000)
        return line

    def is_full(self, link: str, lines: ExitStack, others: Iterator[str]) -> bool:
        """Whether there is no place for a photo; else it has taken that of another, who comes again."""
        if self.send(link).status_code == 503:
            return True
        lines.enter_context(self.begin(next(others)))
        return False


@contextmanager
def uploading() -> Iterator[PhotoDesk]:
    """The same, where no photo is drawn yet."""
    pictures = Patient()
    with site(people=PEOPLE) as here:
        engine = replace(here.world.engine, pictures=pictures)
        links = [path_of(engine.links.profile(one.id, LATE)) for one in PEOPLE]
        with serving(engine, lambda: here.world.now) as port:
            host = {"Host": "127.0.0.1:8400"}
            limits = httpx.Limits(max_connections=UPLOADS + 2)
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", headers=host, timeout=20, limits=limits, trust_env=False
            ) as browser:
                try:
                    yield PhotoDesk(pictures=pictures, browser=browser, links=links, port=port)
                finally:
                    pictures.may_draw.set()


def test_pages_are_shown_while_photos_wait_and_who_finds_no_room_is_told_at_once() -> None:
    with uploading() as here, ThreadPoolExecutor(UPLOADS) as people:
        sending = [people.submit(here.send, link) for link in here.links * 2]
        refused = [one.result() for one in islice(as_completed(sending, timeout=20), UPLOADS - PLACES)]
        assert here.browser.get(here.links[0]).status_code == 200
        assert {(one.status_code, one.headers.get("retry-after")) for one in refused} == {(503, "30")}
        page = parsed(refused[0].text)
        assert barriers(page) == []
        assert "Many people are adding photos at this moment." in page.get_text()
        assert page.select_one("#photo form")
        here.pictures.may_draw.set()
        answers = sorted(one.result().status_code for one in sending)
        assert answers == [303] * PLACES + [503] * (UPLOADS - PLACES)
        assert here.send(here.links[0]).status_code == 303


def test_a_body_that_does_not_come_has_a_place_and_gives_it_back_when_its_sender_hangs_up() -> None:
    with uploading() as here, ExitStack() as lines:
        here.pictures.may_draw.set()
        for link in here.links[: PLACES // PLACES_EACH] * PLACES_EACH:
            lines.enter_context(here.begin(link))
        another, spare = here.links[-1], iter(here.links[PLACES // PLACES_EACH : -1])
        until(lambda: here.is_full(another, lines, spare))
        assert here.browser.get(another).status_code == 200
        lines.close()
        until(lambda: here.send(another).status_code == 303)


def test_one_person_takes_no_place_from_everybody() -> None:
    with uploading() as here, ExitStack() as lines:
        here.pictures.may_draw.set()
        greedy, another = here.links[:2]
        for _ in range(PLACES * 2):
            lines.enter_context(here.begin(greedy))
        until(lambda: here.is_full(greedy, lines, repeat(greedy)))
        assert here.send(another).status_code == 303


def test_of_one_persons_photos_one_waits_for_the_turn() -> None:
    places, drawn = Places(), list[str]()

    async def send(who: str, may_draw: asyncio.Event) -> None:
        with places.place(who):
            async with places.turn(who):
                await may_draw.wait()
                drawn.append(who)

    async def send_all() -> None:
        may_draw = asyncio.Event()
        async with asyncio.TaskGroup() as sending:
            for who in ("greedy", "greedy", "another", "third"):
                sending.create_task(send(who, may_draw))
                await asyncio.sleep(0)
            may_draw.set()

    asyncio.run(send_all())
    assert drawn == ["greedy", "another", "third", "greedy"]


def test_a_file_that_breaks_gives_its_place_and_its_turn_back() -> None:
    with uploading() as here:
        here.pictures.may_draw.set()
        for _ in range(PLACES + 2):
            assert here.send(here.links[0], b"<svg/>").status_code == 422
        assert here.send(here.links[0]).status_code == 303


def until(holds: Callable[[], bool]) -> None:
    """Try again until it holds."""
    for _ in range(200):
        if holds():
            return
        Event().wait(0.02)
    raise AssertionError("it does not become so")
