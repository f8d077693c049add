"""Does every page work for everybody: on a phone, in the dark, in each language, with keys alone, without script?

One file, so that one browser and one company are enough when files are spread over processes.
"""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from onboarding.web.saving import script
from tests.browser.chromium import BETWEEN, DESKTOP, NARROWEST, PHONE, Browser
from tests.browser.pages import Office

pytestmark = pytest.mark.slow

LARGEST = 30_000
"""Bytes of the HTML of a page that a link leads to, its style included."""

OF_PEOPLE = (
    *("profile", "buddy_yes", "peer_note", "first_item", "first_week", "did_you_meet", "check_in", "coffee_met"),
    *("optional", "preferences", "newcomer", "coffee", "meeting", "meeting_of_buddy", "meeting_over", "exchange"),
    *("list", "list_asked", "seen", "seen_early", "seen_of_colleague", "seen_and_left"),
    "seen_by_old_link",
    *("note", "note_change", "note_back", "note_left", "expired", "late", "draft", "forged", "nowhere", "busy"),
)
OF_HR = ("hires", "hire", "hire_week", "hire_people", "mailbox", "mail", "invitation")


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_page_has_no_barrier_by_day_or_night_on_a_phone_or_a_desk(
    browser: Browser, there: Office, name: str
) -> None:
    there.show(browser, name)
    assert barriers(browser) == []
    assert len(browser.driver.page_source.encode()) < LARGEST


@pytest.mark.parametrize("name", OF_HR)
def test_a_page_of_hr_has_no_barrier(browser: Browser, there: Office, name: str) -> None:
    there.show(browser, name)
    assert barriers(browser) == []
    assert len(browser.driver.page_source.encode()) < LARGEST


@pytest.mark.parametrize(("name", "dark"), [(one, number % 2 == 1) for number, one in enumerate(OF_PEOPLE)])
def test_a_page_has_no_barrier_in_another_language(
    browser: Browser, there: Office, name: str, *, dark: bool
) -> None:
    for language in ("es", "de") if dark else ("de", "es"):
        there.show(browser, name, language)
        browser.look(NARROWEST, dark=dark)
        assert browser.ask("return document.documentElement.lang") == language
        assert browser.too_wide() == 0
    assert browser.violations() == []
    browser.space_out()
    assert browser.too_wide() == 0
    assert browser.cut_off() == []


def test_a_barrier_would_be_found(browser: Browser, there: Office) -> None:
    there.show(browser, "profile")
    browser.look(PHONE)
    browser.ask(
        """document.querySelector("label[for=called]").remove();
        document.documentElement.removeAttribute("lang");
        document.querySelector(".hint").style.color = "rgb(200, 200, 200)";
        document.querySelector("main").style.width = "500px";
        document.querySelector("h1").style.width = "20px";"""
    )
    assert len(browser.cut_off()) == 1
    assert {one.partition(":")[0] for one in browser.violations()} >= {"label", "html-has-lang", "color-contrast"}
    assert browser.too_wide() > 0


@pytest.mark.parametrize(
    "name",
    [
        "profile",
        "first_item",
        "check_in",
        "list_asked",
        "preferences",
        "seen",
        "coffee",
        "meeting",
        "optional",
        "hires",
        "mail",
    ],
)
def test_the_tabulator_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(
    browser: Browser, there: Office, name: str
) -> None:
    there.show(browser, name)
    browser.look(PHONE)
    reached = browser.tab_through()
    assert [one["where"] for one in reached] == browser.stops()
    assert [one["where"] for one in reached if not (one["seen"] and one["inside"])] == []


def test_a_form_is_filled_in_and_sent_with_the_keyboard_alone(browser: Browser, there: Office) -> None:
    there.show(browser, "first_week")
    browser.press(Keys.TAB, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    browser.press(Keys.TAB, Keys.TAB, Keys.TAB, "Fewer calls")
    with browser.turning():
        browser.press(Keys.TAB, Keys.ENTER)
    assert browser.heading() == "Your answers have arrived."
    assert barriers(browser) == []
    assert there.answers("first_week") == {"set_up": 4, "better": "Fewer calls"}


def test_a_form_works_in_a_browser_without_script(browser: Browser, there: Office) -> None:
    there.show(browser, "did_you_meet")
    with browser.without_script():
        browser.driver.refresh()
        browser.driver.find_element(By.CSS_SELECTOR, 'input[value="yes"]').click()
        browser.driver.find_element(By.ID, "note").send_keys("A list of questions")
        with browser.turning():
            browser.driver.find_element(By.CSS_SELECTOR, "button").click()
        assert browser.heading() == "Your answers have arrived."
    assert there.answers("met_first_coffee") == {"met": "yes", "note": "A list of questions"}


def test_a_question_appears_when_an_answer_asks_for_it_and_a_form_is_put_aside_without_script(
    browser: Browser, there: Office
) -> None:
    there.show(browser, "buddy_yes")
    browser.look(PHONE)

    def shown() -> list[str]:
        boxes = browser.driver.find_elements(By.CSS_SELECTOR, "[id$='-box']")
        return [str(one.get_attribute("id")) for one in boxes if one.is_displayed()]

    with browser.without_script():
        browser.driver.refresh()
        browser.driver.find_element(By.CSS_SELECTOR, 'input[value="yes"]').click()
        assert shown() == ["note-box"]
        browser.driver.find_element(By.ID, "note").send_keys("Hello")
        browser.driver.find_element(By.CSS_SELECTOR, 'input[value="not_now"]').click()
        assert shown() == ["why_not-box"]
        assert not browser.driver.find_element(By.CSS_SELECTOR, ".only-if").is_displayed()
        with browser.turning():
            browser.driver.find_element(By.CSS_SELECTOR, "button.second").click()
        assert browser.heading() == "Saved, not sent yet"
    assert barriers(browser) == []
    with browser.turning():
        browser.driver.find_element(By.CSS_SELECTOR, "main a").click()
    assert shown() == ["why_not-box"]
    assert barriers(browser) == []
    browser.driver.find_element(By.CSS_SELECTOR, 'input[value="yes"]').click()
    assert browser.driver.find_element(By.ID, "note").get_attribute("value") == "Hello"


def test_a_mistake_takes_the_reader_to_the_list_of_mistakes_and_on_to_the_question(
    browser: Browser, there: Office
) -> None:
    there.show(browser, "first_item")
    with browser.turning():
        browser.press(Keys.TAB, "A page about refunds", Keys.TAB, Keys.TAB, Keys.ENTER)
    assert browser.focused().get_attribute("role") == "alert"
    assert browser.driver.title.startswith("Something is not right yet: ")
    assert without_title(barriers(browser)) == []
    browser.press(Keys.TAB, Keys.ENTER)
    assert browser.focused().get_attribute("id") == "work_partner"
    assert browser.driver.find_element(By.ID, "note").get_attribute("value") == "A page about refunds"


def test_an_empty_form_says_that_nothing_was_sent_where_the_reader_is(browser: Browser, there: Office) -> None:
    there.show(browser, "unanswered")
    with browser.turning():
        browser.driver.find_element(By.CSS_SELECTOR, ".send button").send_keys(Keys.ENTER)
    assert browser.focused().get_attribute("role") == "alert"
    assert "You left every question open" in browser.focused().text
    assert browser.driver.title.startswith("Nothing was sent: ")
    assert without_title(barriers(browser)) == []


def test_preferences_are_changed_and_shown_back(browser: Browser, there: Office) -> None:
    there.show(browser, "preferences")
    browser.press(Keys.TAB, Keys.SPACE)
    with browser.turning():
        browser.driver.find_element(By.ID, "calendar").send_keys("not an address", Keys.ENTER)
    assert browser.focused().get_attribute("role") == "alert"
    assert browser.driver.find_element(By.CSS_SELECTOR, ".has-mistake #calendar")
    assert without_title(barriers(browser)) == []
    field = browser.driver.find_element(By.ID, "calendar")
    field.clear()
    with browser.turning():
        field.send_keys(Keys.ENTER)
    assert browser.focused().get_attribute("role") == "status"
    assert barriers(browser) == []
    assert browser.driver.find_element(By.CSS_SELECTOR, 'input[value="coffee"]').is_selected()


@pytest.mark.parametrize("name", ["optional", "coffee", "meeting", "list_asked", "note_back", "draft"])
def test_one_press_is_enough_and_the_page_that_follows_has_no_barrier(
    browser: Browser, there: Office, name: str
) -> None:
    there.show(browser, name)
    before = browser.text()
    with browser.turning():
        browser.driver.find_element(By.CSS_SELECTOR, "main button").send_keys(Keys.ENTER)
    assert browser.text() != before
    assert barriers(browser) == []


def test_a_task_is_ticked_with_the_keyboard_alone_and_says_so_to_everybody(
    browser: Browser, there: Office
) -> None:
    there.show(browser, "list")
    with browser.turning():
        browser.driver.find_element(By.ID, "task-papers").send_keys(Keys.SPACE)
    ticked = browser.driver.find_element(By.ID, "task-papers")
    assert ticked.get_attribute("aria-checked") == "true"
    assert browser.driver.find_element(By.ID, ticked.get_attribute("aria-describedby")).text.startswith("done by")
    with browser.turning():
        ticked.send_keys(Keys.SPACE)
    assert browser.driver.find_element(By.ID, "task-papers").get_attribute("aria-checked") == "false"


def without_title(found: list[str]) -> list[str]:
    """The title of a page with mistakes says that first."""
    return [one for one in found if not one.startswith("the title")]


def barriers(browser: Browser) -> list[str]:
    """What is wrong with the page in front of us."""
    found = []
    for width in (NARROWEST, BETWEEN):
        browser.look(width)
        found += [f"{wide} pixels wider than {width}"] if (wide := browser.too_wide()) else []
        found += browser.cut_off()
    browser.look(PHONE)
    found += browser.small_targets()
    found += browser.violations()
    browser.look(DESKTOP, dark=True)
    found += browser.violations()
    title, heading = browser.ask("return [document.title, document.querySelector('h1').textContent.trim()]")
    if not title.startswith(heading):
        found.append(f"the title {title!r} does not name the page {heading!r}")
    if fetched := browser.ask("return performance.getEntriesByType('resource').map((one) => one.name)"):
        own = ("/mailbox/", "/profile/", script().path)  # the mail in its frame, the reader's own photo, and ours
        found += [f"the page fetches {one}" for one in fetched if not any(path in one for path in own)]
    return found
