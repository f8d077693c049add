"""Does a page say which language each text is in, where HR wrote a form in one that the pages do not speak?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.languages import OF_PAGES, of_page
from onboarding.web.words import languages
from tests.arabic import in_arabic
from tests.sites import Site, barriers, parsed, path_of, site
from tests.worlds import LATE, at


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    return in_arabic(tmp_path_factory.mktemp("words") / "templates")


@pytest.fixture
def here(words: FolderWords) -> Iterator[Site]:
    with site(words=words) as found:
        found.world.enrol(language="ar")
        found.world.walk_to(found.world.row("profile").due_at)
        yield found


def element(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def is_arabic(one: Tag) -> bool:
    return (one.get("lang"), one.get("dir")) == ("ar", "rtl")


def test_the_languages_of_the_pages_are_known_to_those_who_say_dates() -> None:
    assert tuple(sorted(OF_PAGES)) == tuple(sorted(languages()))
    assert {tag: of_page(tag) for tag in ("de-at", "es", "ar", "fr", "")} == {
        "de-at": "de-at",
        "es": "es",
        "ar": "en",
        "fr": "en",
        "": "en",
    }


def test_the_page_is_in_the_language_of_its_fixed_words_and_the_form_says_its_own(here: Site) -> None:
    page = here.see(here.link("profile"))
    assert barriers(page) == []
    root = element(page, "html")
    assert (root.get("lang"), root.get("dir")) == ("en", None)
    assert is_arabic(element(page, "h1"))
    assert is_arabic(element(page, "label[for=called] > span"))
    assert element(page, "label[for=called] > span").get_text() == "بماذا نناديك؟"
    assert not is_arabic(element(page, "label[for=called] > .mark"))
    until = re.search(r"until (.*?)\.", element(page, ".facts").get_text())
    assert until is not None
    assert re.fullmatch(r"[A-Z][a-z]+, [A-Z][a-z]+ \d+, 202\d, .* \(Manila, UTC\+8\)", until[1])


def test_what_is_in_neither_language_is_left_to_its_writer(here: Site) -> None:
    page = here.see(here.link("profile"))
    assert element(page, "#called").get("dir") == "auto"
    answer = here.browser.post(here.link("profile"), data={"called": "x" * 41})
    mended = parsed(answer.text)
    assert is_arabic(element(mended, ".summary a > span"))
    assert barriers(mended) == []


def test_a_condition_in_words_marks_the_labels_inside_it(words: FolderWords) -> None:
    with site(words=words) as here:
        here.world.enrol()
        buddy = here.world.row("buddy_yes", "buddy").person_id
        with here.world.engine.store.begin() as books:
            known = books.people.get(buddy)
            assert known is not None
            books.people.put(replace(known, language="ar"))
        here.world.walk_to(here.world.row("buddy_yes", "buddy").due_at)
        page = here.see(here.link("buddy_yes", "buddy"))
    marks = page.select(".only-if")
    assert marks
    assert [is_arabic(one) for one in marks[0].find_all("span")] == [True, True]
    assert marks[0].get_text().startswith("only if your answer to “هل تود")
    assert is_arabic(element(page, "label.choice span[lang]"))


def test_a_list_and_the_page_of_what_others_read_do_too(here: Site) -> None:
    here.browser.post(here.link("profile"), data={"called": "أميهان"})
    here.world.now = at("2026-12-28 06:00")
    here.world.run()
    todo = here.see(here.link("hire_list"))
    assert barriers(todo) == []
    assert is_arabic(element(todo, "h1"))
    assert is_arabic(element(todo, ".tick button"))
    assert re.search(r"due by|was due|by [A-Z][a-z]+day", todo.get_text())
    seen = here.see(path_of(here.world.engine.links.profile("n1", LATE)))
    assert barriers(seen) == []
    assert element(seen, "html").get("lang") == "en"
    assert is_arabic(element(seen, ".fact h3[lang]"))


def test_a_mail_runs_in_the_direction_of_its_language_and_says_which_words_are_not(here: Site) -> None:
    letter = here.world.mail.letters[-1]
    page = BeautifulSoup(letter.html, "html.parser")
    assert letter.subject == "أهلا"
    assert is_arabic(element(page, "html"))
    assert "padding: 0 22px 0 0" in str(element(page, ".sheet ul")["style"])
    asks = element(page, ".foot p[lang]")
    assert (asks["lang"], asks["dir"]) == ("en", "ltr")
    assert asks.get_text().startswith("Questions? Write to")


def test_check_notes_a_language_that_the_pages_and_the_layout_do_not_speak(words: FolderWords) -> None:
    pages = "the pages have fixed words in en, de, es; around a form in ar they are in English"
    mails = "layout/words.toml has no table [ar]; around a mail in ar the fixed words are in English"
    assert words.notes() == [f"forms/buddy_yes.ar.toml: {pages}", f"messages/profile/hire.ar.md: {mails}"]
    assert FolderWords(paths.shipped_templates()).notes() == []
