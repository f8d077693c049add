"""Is somebody whose link names them answered in their language, also where their link opens nothing any more?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.web.words import words_of
from tests.sites import Site, barriers, parsed, path_of, site
from tests.worlds import directory, person

WHO = "berlin-1"


@pytest.fixture(params=["de", "es"])
def here(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A company that speaks one language; every browser asks for English."""
    with site(people=[replace(one, language=request.param) for one in directory()]) as found:
        found.world.enrol(language=request.param)
        yield found


def language(here: Site) -> str:
    with here.world.engine.store.read() as books:
        found = books.people.get("n1")
    assert found is not None
    return found.language


def title(here: Site, path: str, status: int) -> str:
    page = here.see(path, status, language="en")
    assert barriers(page) == []
    assert page.html is not None
    assert page.html["lang"] == language(here)
    assert page.h1 is not None
    return page.h1.get_text(strip=True)


def leave(here: Site) -> None:
    gone = person(WHO, language=language(here), active=False)
    with here.world.engine.store.begin() as books:
        books.people.put(gone)


def test_the_page_that_ends_optional_mails(here: Site) -> None:
    link, words = here.optional_link(WHO), words_of(language(here))
    assert title(here, link, 200) == words.leave_title
    answer = here.browser.post(link, data={}, headers={"Accept-Language": "en"})
    assert parsed(answer.text).h1.get_text(strip=True) == words.left_title  # type: ignore[union-attr]  # a page has one
    assert title(here, link, 200) == words.left_title


def test_a_form_and_a_list_that_are_closed_with_nothing_written(here: Site) -> None:
    here.world.walk_to(here.world.row("hire_list").due_at)
    form, todo = here.link("profile"), here.link("hire_list")
    here.world.now += timedelta(days=200)
    over = words_of(language(here)).over_title
    assert title(here, form, 410) == over
    assert title(here, todo, 410) == over
    for path, sent in ((form, {"called": ""}), (todo, {"list-task": "laptop", "list-done": "yes"})):
        answer = here.browser.post(path, data=sent, headers={"Accept-Language": "en"})
        assert answer.status_code == 410
        assert over in answer.text


def test_the_pages_of_somebody_who_has_left(here: Site) -> None:
    preferences = here.preferences_link(WHO)
    coffee = path_of(here.world.engine.links.coffee(date(2027, 1, 18), WHO))
    leave(here)
    assert title(here, preferences, 410)
    assert here.browser.post(preferences, data={"whole": "yes"}).status_code == 410
    assert title(here, coffee, 410) == words_of(language(here)).over_title


def test_somebody_nobody_knows_is_answered_in_the_language_of_the_browser(here: Site) -> None:
    page = here.see(here.optional_link("nobody"), 404, language="es" if language(here) == "de" else "de")
    assert page.html is not None
    assert page.html["lang"] != language(here)
