"""Can somebody use the pages without a mouse, without script, and find their way when something is wrong?"""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.chromium import PHONE, Browser
from tests.browser.pages import Office
from tests.browser.test_pages import barriers

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "name", ["profile", "first_item", "check_in", "preferences", "coffee", "meeting", "optional", "hires", "mail"]
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


@pytest.mark.parametrize("name", ["optional", "coffee", "meeting"])
def test_one_press_is_enough_and_the_page_that_follows_has_no_barrier(
    browser: Browser, there: Office, name: str
) -> None:
    there.show(browser, name)
    before = browser.text()
    with browser.turning():
        browser.driver.find_element(By.CSS_SELECTOR, "main button").send_keys(Keys.ENTER)
    assert browser.text() != before
    assert barriers(browser) == []


def without_title(found: list[str]) -> list[str]:
    """The title of a page with mistakes says that first."""
    return [one for one in found if not one.startswith("the title")]
