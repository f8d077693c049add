"""Does the site answer everybody else while many people add photos?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from threading import Event

import httpx

from onboarding.adapters.pictures import PillowPictures
from onboarding.web.limits import OneByOne
from tests.portraits import photo, sent
from tests.sites import barriers, parsed, path_of, serving, site
from tests.worlds import LATE, MANILA, person

UPLOADS = 44
"""More than the 40 threads that a server has for pages."""

MAY_BE_THERE = 1 + OneByOne().most_waiting


class Patient(PillowPictures):
    """Draws a photo when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_draw = Event()

    def portrait(self, content: bytes) -> bytes:
        """The photo, after a while."""
        self.may_draw.wait(30)
        return super().portrait(content)


@contextmanager
def uploading() -> Iterator[tuple[Patient, httpx.Client, str]]:
    """A real server that draws no photo yet, a browser, and the page of somebody."""
    pictures = Patient()
    with site(people=[person("maria", MANILA)]) as here:
        engine = replace(here.world.engine, pictures=pictures)
        with serving(engine, lambda: here.world.now) as port:
            host = {"Host": "127.0.0.1:8400"}
            limits = httpx.Limits(max_connections=UPLOADS + 2)
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", headers=host, timeout=20, limits=limits, trust_env=False
            ) as browser:
                try:
                    yield pictures, browser, path_of(engine.links.profile("maria", LATE))
                finally:
                    pictures.may_draw.set()


def test_pages_are_shown_while_photos_wait_and_who_finds_no_room_is_told_at_once() -> None:
    with uploading() as (pictures, browser, link), ThreadPoolExecutor(UPLOADS) as people:
        sending = [people.submit(browser.post, f"{link}/photo", files=sent(photo())) for _ in range(UPLOADS)]
        refused = [one.result() for one in islice(as_completed(sending, timeout=20), UPLOADS - MAY_BE_THERE)]
        assert browser.get(link).status_code == 200
        assert {(one.status_code, one.headers.get("retry-after")) for one in refused} == {(503, "30")}
        page = parsed(refused[0].text)
        assert barriers(page) == []
        assert "Many people are adding photos at this moment." in page.get_text()
        assert page.select_one("#photo form")
        pictures.may_draw.set()
        answers = sorted(one.result().status_code for one in sending)
        assert answers == [303] * MAY_BE_THERE + [503] * (UPLOADS - MAY_BE_THERE)
        assert browser.post(f"{link}/photo", files=sent(photo())).status_code == 303


def test_a_file_that_breaks_gives_its_turn_back() -> None:
    with uploading() as (pictures, browser, link):
        pictures.may_draw.set()
        for _ in range(MAY_BE_THERE + 2):
            assert browser.post(f"{link}/photo", files=sent(b"<svg/>")).status_code == 422
        assert browser.post(f"{link}/photo", files=sent(photo())).status_code == 303
