"""Does the page of a colleague's note tell the truth, and is a note changed and taken back by its writer alone?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from onboarding.domain.passing_on import SHOWN_FOR
from onboarding.web import create_app
from onboarding.web.note_words import note_words
from onboarding.web.words import languages
from tests.noted import EVE, FIRST_DAY, Noted, journey, like, noted
from tests.sites import HERE, barriers, parsed
from tests.worlds import at

NOTE = "Ask me about honey.\n\n<script>alert(1)</script> {{ 7 * 7 }}"
AFTER = "2027-01-04 08:00"


class Pages:
    """The links of one company, and a browser in front of them."""

    def __init__(self, here: Noted) -> None:
        app = create_app(here.world.engine, clock=lambda: here.world.now, desk=False)
        self.here, self.ask = here, here.ask()
        self.browser = TestClient(app, base_url="http://127.0.0.1:8400", client=HERE, follow_redirects=False)
        self.link = f"/ask/{here.token(self.ask)}"

    def see(self, path: str = "", status: int = 200) -> BeautifulSoup:
        """A page behind the link; it must have no barrier."""
        return self._page("GET", path, status)

    def send(self, path: str = "", status: int = 200, **form: str) -> BeautifulSoup:
        """Press a button there."""
        return self._page("POST", path, status, form)

    def _page(self, method: str, path: str, status: int, form: dict[str, str] | None = None) -> BeautifulSoup:
        answer = self.browser.request(method, self.link + path, data=form)
        assert answer.status_code == status, answer.text
        assert len(answer.content) < 30_000
        page = parsed(answer.text)
        assert barriers(page) == []
        return page


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Noted]:
    """Everybody has been asked, and nobody has answered: for tests to begin with."""
    with noted(journey(tmp_path_factory.mktemp("words"))) as found:
        yield found


@pytest.fixture
def pages(asked: Noted) -> Iterator[Pages]:
    """The pages of whoever was asked first."""
    with like(asked) as here:
        yield Pages(here)


def said(page: BeautifulSoup) -> str:
    main = page.find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def heading(page: BeautifulSoup) -> str:
    found = page.find("h1")
    assert found is not None
    return found.get_text(strip=True)


def buttons(page: BeautifulSoup) -> list[str]:
    return [one.get_text(strip=True) for one in page.select("button, a.button")]


def test_the_form_shows_who_joins_what_they_share_and_an_example_that_is_not_filled_in(pages: Pages) -> None:
    profile = pages.here.ask("profile", "hire")
    pages.here.write(profile, learn="Sailing <b>by</b> the stars")
    page = pages.see()
    shown = said(page)
    for part in ("Who joins", "Amihan Quill", "Designer", "Harbour", "Monday, January 4, 2027", "Manila, UTC+8"):
        assert part in shown
    assert "What Amihan chose to share" in shown
    assert "Sailing <b>by</b> the stars" in shown
    assert len(page.select("textarea")) == 1
    assert page.select("textarea")[0].get_text(strip=True) == ""
    assert page.find(class_="example")
    assert "changed or taken back until it leaves: Monday, January 4, 2027, 9:00" in shown


def test_a_note_that_arrived_is_shown_with_what_can_be_done_and_until_when(pages: Pages) -> None:
    for page in (pages.send(note=NOTE), pages.see()):
        assert "<script>alert(1)</script> {{ 7 * 7 }}" in page.select("blockquote[dir=auto]")[0].get_text()
        assert "It leaves on Monday, January 4, 2027, 9:00" in said(page)
        assert buttons(page) == ["Change it", "Take it back"]
    assert heading(pages.send(note="Hello")) == "Your answers have arrived."


def test_change_it_leads_to_the_form_with_what_was_written(pages: Pages) -> None:
    pages.send(note="A first try")
    pages.here.until(EVE)
    page = pages.see(str(pages.see().select("a.button")[0]["href"]).removeprefix(pages.link))
    assert page.select("textarea")[0].get_text(strip=True) == "A first try"
    assert "December" not in said(page)  # when the form closed means nothing to whoever wrote in time
    pages.send("?change", note="A second try")
    assert "A second try" in said(pages.see())


def test_looking_at_any_of_the_pages_changes_nothing(pages: Pages) -> None:
    pages.send(note=NOTE)
    before = (pages.here.world.rows(), pages.here.kept(pages.ask))
    for path in ("", "?change", "/take-back", "/take-back?x=1", "?note=Spam"):
        pages.see(path)
    assert (pages.here.world.rows(), pages.here.kept(pages.ask)) == before


def test_a_link_to_take_it_back_asks_first_and_one_press_does_it(pages: Pages) -> None:
    pages.send(note=NOTE)
    page = pages.see("/take-back")
    assert heading(page) == "Take it back?"
    assert buttons(page) == ["Take it back"]
    assert page.select(f'form[method="post"][action="{pages.link}/take-back"]')
    for _ in range(2):  # whoever presses twice reads the same
        page = pages.send("/take-back")
        assert heading(page) == "You took it back"
        assert "you can write something new until" in said(page)
    assert "honey" not in said(pages.see())
    assert pages.see().select("textarea")


def test_where_nothing_was_written_the_way_back_leads_to_the_form(pages: Pages) -> None:
    for method in ("GET", "POST"):
        answer = pages.browser.request(method, f"{pages.link}/take-back")
        assert (answer.status_code, answer.headers["location"]) == (303, pages.link)
    assert pages.here.kept(pages.ask) is None


def test_after_the_form_has_closed_who_took_it_back_reads_that_and_nobody_can_write(pages: Pages) -> None:
    pages.send(note=NOTE)
    pages.here.until(EVE)
    pages.send("/take-back")
    page = pages.see()
    assert heading(page) == "You took it back"
    assert "write something new" not in said(page)
    pages.send(status=409, note="Once more")
    kept = pages.here.kept(pages.ask)
    assert kept is not None
    assert kept.values == {}


def test_when_the_card_has_left_the_page_says_when_and_shows_the_note(pages: Pages) -> None:
    pages.send(note=NOTE)
    pages.here.until(AFTER)
    for page in (pages.see(), pages.see("?change"), pages.see("/take-back"), pages.send("/take-back", 409)):
        assert heading(page) == "This was sent"
        assert "sent with your name on Monday, January 4, 2027, 9:00" in said(page)
        assert "Ask me about honey." in said(page)
        assert buttons(page) == []
        assert page.select('a[href="mailto:amihan@example.com"]')


def test_what_was_written_a_moment_too_late_is_not_lost(pages: Pages) -> None:
    pages.send(note=NOTE)
    pages.here.until(AFTER)
    page = pages.send(status=409, note="A much better one")
    assert [one.get_text() for one in page.select("blockquote")] == ["A much better one", NOTE]
    assert "came too late and was not sent" in said(page)


def test_who_did_not_write_before_the_card_left_is_told_so_while_the_form_is_open(pages: Pages) -> None:
    pages.here.leaves_now("welcome_card")
    page = pages.see()
    assert heading(page) == "It was sent already"
    assert "would reach nobody" in said(page)
    assert "A late one" in said(pages.send(status=409, note="A late one"))
    assert pages.here.kept(pages.ask) is None


def test_a_month_after_the_card_the_link_shows_nothing_any_more(pages: Pages) -> None:
    pages.send(note=NOTE)
    pages.here.until(AFTER)
    pages.here.world.now = at(FIRST_DAY) + SHOWN_FOR
    assert "honey" not in said(pages.see(status=410))


def test_forged_and_foreign_links_take_nothing_back(pages: Pages) -> None:
    pages.send(note=NOTE)
    other = pages.here.world.engine.links.preferences("ada").rpartition("/")[2]
    for token in ("forged", other, pages.link[5:-1]):
        for method in ("GET", "POST"):
            assert pages.browser.request(method, f"/ask/{token}/take-back").status_code == 404
    kept = pages.here.kept(pages.ask)
    assert kept is not None
    assert kept.values["note"]


def test_the_other_answers_of_a_form_can_still_be_changed_when_the_line_has_left(pages: Pages) -> None:
    pages.ask = pages.here.ask("buddy_yes", "buddy")
    pages.link = f"/ask/{pages.here.token(pages.ask)}"
    assert "Who joins" in said(pages.see())
    pages.send(agree="yes", note="Hello!")
    pages.here.leaves_now("buddy_introduction")
    page = pages.see()
    assert heading(page) == "This was sent"
    page = pages.see(str(page.select('a[href$="?change"]')[0]["href"]).removeprefix(pages.link))
    assert not page.select("textarea")
    pages.send("?change", agree="not_now", note="Changed")
    kept = pages.here.kept(pages.ask)
    assert kept is not None
    assert kept.values == {"agree": "not_now", "note": "Hello!"}


def test_a_link_of_the_mail_that_chooses_an_answer_still_leads_to_the_form(pages: Pages) -> None:
    pages.ask = pages.here.ask("buddy_yes", "buddy")
    pages.link = f"/ask/{pages.here.token(pages.ask)}"
    pages.send(agree="yes", note="Hello!")
    assert pages.see("?agree=not_now").select('input[value="not_now"][checked]')


@pytest.mark.parametrize("language", languages())
def test_the_pages_of_notes_have_every_word_in_every_language(language: str) -> None:
    english, other = asdict(note_words()["en"]), asdict(note_words()[language])
    for name, text in english.items():
        assert other[name]
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[name])), name


def test_no_word_of_the_pages_is_unused() -> None:
    folder = Path(__file__).parents[2] / "onboarding" / "web" / "pages"
    used = "".join(one.read_text(encoding="utf-8") for one in folder.glob("*.html"))
    assert [name for name in asdict(note_words()["en"]) if f"note.{name}" not in used] == []
