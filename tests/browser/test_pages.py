"""Does every page work for everybody: in a real browser, on a phone, in the dark, in each language?"""

from __future__ import annotations

import pytest

from tests.browser.chromium import BETWEEN, DESKTOP, NARROWEST, PHONE, Browser
from tests.browser.pages import Office

pytestmark = pytest.mark.slow

LARGEST = 30_000
"""Bytes of the HTML of a page that a link leads to, its style included."""

OF_PEOPLE = (
    *("profile", "buddy_yes", "peer_note", "first_item", "first_week", "did_you_meet", "check_in", "coffee_met"),
    *("optional", "preferences", "newcomer", "coffee", "meeting", "meeting_of_buddy", "meeting_over", "exchange"),
    *("expired", "forged", "nowhere", "busy"),
)
OF_HR = ("hires", "hire", "mailbox", "mail", "invitation")


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


def barriers(browser: Browser) -> list[str]:
    """What is wrong with the page in front of us."""
    found = []
    for width in (NARROWEST, BETWEEN):
        browser.look(width)
        found += [f"{wide} pixels wider than {width}"] if (wide := browser.too_wide()) else []
        found += browser.cut_off()
    browser.look(PHONE)
    found += browser.violations()
    browser.look(DESKTOP, dark=True)
    found += browser.violations()
    title, heading = browser.ask("return [document.title, document.querySelector('h1').textContent.trim()]")
    if not title.startswith(heading):
        found.append(f"the title {title!r} does not name the page {heading!r}")
    if fetched := browser.ask("return performance.getEntriesByType('resource').map((one) => one.name)"):
        found += [f"the page fetches {one}" for one in fetched if "/mailbox/" not in one]
    return found
