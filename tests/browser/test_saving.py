"""Is a form saved in a real browser while somebody writes, without a button, and does the page say so?

Where nothing may happen a test waits as long as the script does, and a little longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import httpx
import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from onboarding.services import answering
from onboarding.web import refusals
from tests.browser.chromium import NARROWEST, PHONE, Browser
from tests.browser.pages import Office
from tests.browser.test_pages import barriers

pytestmark = pytest.mark.slow

FORM = "profile"
FIELD = "called"
PAUSE, GAP = 2.0, 5.0
"""Seconds that the script waits after the last change, and between two posts."""

COUNT = """
window.posts = [];
const sent = window.fetch;
window.fetch = (...given) => { window.posts.push(given[1].body); return sent(...given); };
"""
"""Notes each post of the page."""

HOLD = """
const form = document.querySelector("main form");
form.addEventListener("submit", (event) => event.preventDefault(), { once: true });
"""
"""Has the answer wait at the door, once."""

EVIL = """
window.refused = [], window.ran = [];
addEventListener("securitypolicyviolation", (event) => window.refused.push(event.effectiveDirective));
const one = document.createElement("script");
one.textContent = "window.ran.push('inline')";
document.body.append(one);
window.fetch("http://127.0.0.1:9/", {}).then(() => window.ran.push("elsewhere"), () => "");
return window.ran;
"""
"""What somebody would try who could put a script into the page, and what came of it."""

DEAF = """
const sent = window.fetch;
window.fetch = async (...given) => { window.fetch = sent; await sent(...given); throw new TypeError("lost"); };
"""
"""Loses the next answer, after what was sent has arrived."""

SLOW = """
const sent = window.fetch;
window.fetch = (url, { signal, ...given }) => {
  sent(url, given);
  return new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
};
"""
"""Answers never come."""

PROXY = """
window.fetch = async () => new Response("<h1>413 Request Entity Too Large</h1>", { status: 413 });
"""
"""What a proxy in front of the site says of its own."""


@pytest.fixture
def opened(browser: Browser, there: Office) -> Iterator[Browser]:
    """The form of the newcomer on a phone, without any words."""
    with there.world.engine.store.begin() as books:
        books.asks.take_back(there.world.row(FORM).key, None, there.world.now)
    there.show(browser, FORM)
    browser.look(PHONE)
    browser.ask(COUNT)
    yield browser
    browser.open("about:blank")


def token(there: Office) -> str:
    return there.pages[FORM].url.rpartition("/")[2]


def draft(there: Office, step: str = FORM, role: str = "hire", field: str = FIELD) -> str | None:
    """What is kept of the field that is written into."""
    with there.world.engine.store.read() as books:
        found = books.asks.draft_of(there.world.row(step, role).key)
    return found.values.get(field, [""])[0] if found else None


def write(browser: Browser, *keys: str) -> None:
    browser.driver.find_element(By.ID, FIELD).send_keys(*keys)


def status(browser: Browser) -> str:
    return browser.driver.find_element(By.CSS_SELECTOR, "[role=status].saving").text


def soon(browser: Browser, holds: Callable[[], bool], seconds: float = PAUSE + 2) -> None:
    WebDriverWait(browser.driver, timeout=seconds, poll_frequency=0.05).until(lambda _: holds())


def never(browser: Browser, holds: Callable[[], bool], seconds: float = PAUSE + 0.5) -> None:
    with pytest.raises(TimeoutException):
        soon(browser, holds, seconds)


def posts(browser: Browser) -> int:
    return int(browser.ask("return window.posts.length"))


@contextmanager
def offline(browser: Browser) -> Iterator[None]:
    """Without any connection meanwhile."""
    browser.tell("Network.enable")
    reach = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.tell("Network.emulateNetworkConditions", offline=True, **reach)
    try:
        yield
    finally:
        browser.tell("Network.emulateNetworkConditions", offline=False, **reach)


def test_what_is_written_is_saved_without_a_button_and_is_there_again(opened: Browser, there: Office) -> None:
    assert status(opened) == ""
    told = opened.driver.find_element(By.ID, "saving-told")
    assert told.text.startswith("What you write is saved while you write. Nobody else reads it")
    write(opened, "Ami")
    assert draft(there) is None
    soon(opened, lambda: status(opened).endswith("Not sent yet."))
    assert status(opened).startswith("Saved at ")
    assert draft(there) == "Ami"
    assert opened.driver.find_element(By.CSS_SELECTOR, "#delete-draft a").is_displayed()
    assert without_script_of_ours(barriers(opened)) == []
    opened.driver.refresh()
    assert opened.driver.find_element(By.ID, FIELD).get_attribute("value") == "Ami"
    assert there.answers(FORM).get(FIELD) is None


def test_nothing_is_posted_while_nothing_changes_and_never_twice_in_a_few_seconds(
    opened: Browser, there: Office
) -> None:
    never(opened, lambda: posts(opened) > 0)
    write(opened, "A")
    soon(opened, lambda: draft(there) == "A")
    write(opened, "m")
    never(opened, lambda: posts(opened) > 1)
    write(opened, Keys.BACKSPACE, "mi")
    soon(opened, lambda: draft(there) == "Ami", GAP)
    write(opened, "x", Keys.BACKSPACE)
    never(opened, lambda: posts(opened) > 2, GAP + 0.5)


def test_what_is_written_is_saved_at_once_when_the_page_is_hidden(opened: Browser, there: Office) -> None:
    page = opened.driver.current_window_handle
    write(opened, "Hidden")
    opened.driver.switch_to.new_window("tab")
    try:
        soon(opened, lambda: draft(there) == "Hidden", PAUSE / 2)
    finally:
        opened.driver.close()
        opened.driver.switch_to.window(page)


def test_what_is_written_is_saved_when_somebody_leaves_the_page(opened: Browser, there: Office) -> None:
    write(opened, "Left")
    opened.open("about:blank")
    soon(opened, lambda: draft(there) == "Left", PAUSE / 2)


def test_sending_ends_the_saving_and_leaves_no_draft(opened: Browser, there: Office) -> None:
    write(opened, "Sent")
    opened.ask(HOLD)
    opened.driver.find_element(By.CSS_SELECTOR, ".send button").click()
    never(opened, lambda: posts(opened) > 0)
    with opened.turning():
        opened.driver.find_element(By.CSS_SELECTOR, ".send button").click()
    assert opened.heading() == "Your answers have arrived."
    assert draft(there) is None
    assert there.answers(FORM)[FIELD] == "Sent"


def test_what_was_sent_with_a_mistake_is_saved_without_another_change(browser: Browser, there: Office) -> None:
    there.show(browser, "first_item")
    with browser.turning():
        browser.press(Keys.TAB, "A page about refunds", Keys.TAB, Keys.TAB, Keys.ENTER)
    assert browser.heading() != "Your answers have arrived."
    soon(browser, lambda: draft(there, "first_item", "manager", "note") == "A page about refunds")
    assert status(browser).startswith("Saved at ")


def test_a_page_that_was_open_before_the_answer_says_what_to_do_and_stops(opened: Browser, there: Office) -> None:
    answering.answer(there.world.engine, token(there), {FIELD: ["From elsewhere"]}, there.world.now)
    write(opened, "!")
    soon(opened, lambda: status(opened).startswith("Not saved: this form was sent"))
    write(opened, "!")
    never(opened, lambda: posts(opened) > 1, GAP + 0.5)
    assert draft(there) is None
    assert there.answers(FORM)[FIELD] == "From elsewhere"


def test_an_older_tab_says_that_another_saved_and_leaves_its_text_alone(opened: Browser, there: Office) -> None:
    page = opened.driver.current_window_handle
    opened.driver.switch_to.new_window("tab")
    try:
        there.show(opened, FORM)
        write(opened, "Half an hour of text")
        soon(opened, lambda: status(opened).startswith("Saved at "))
    finally:
        opened.driver.close()
        opened.driver.switch_to.window(page)
    write(opened, "x")
    soon(opened, lambda: status(opened).startswith("Not saved: this form was saved or deleted on another page"))
    write(opened, "y")
    never(opened, lambda: posts(opened) > 1, GAP + 0.5)
    assert draft(there) == "Half an hour of text"
    with opened.turning():
        opened.driver.find_element(By.CSS_SELECTOR, "button.second").click()
    assert opened.driver.find_element(By.ID, FIELD).get_attribute("value") == "xy"
    assert draft(there) == "Half an hour of text"
    assert opened.violations() == []
    with opened.turning():
        opened.driver.find_element(By.CSS_SELECTOR, "button.second").click()
    assert draft(there) == "xy"


def test_a_save_that_arrived_unheard_does_not_stand_in_the_way_of_the_next(opened: Browser, there: Office) -> None:
    opened.ask(DEAF)
    write(opened, "Un")
    soon(opened, lambda: status(opened).startswith("Not saved: no connection"))
    assert draft(there) == "Un"
    opened.ask("window.posts = []")
    write(opened, "heard")
    opened.ask("dispatchEvent(new Event('online'))")
    soon(opened, lambda: draft(there) == "Unheard", GAP + PAUSE)
    assert posts(opened) == 2


def test_the_button_goes_before_a_save_that_is_still_on_its_way(opened: Browser, there: Office) -> None:
    opened.ask(SLOW)
    write(opened, "Sl")
    soon(opened, lambda: draft(there) == "Sl")
    write(opened, "ow")
    with opened.turning():
        opened.driver.find_element(By.CSS_SELECTOR, "button.second").click()
    assert opened.heading() == "Saved, not sent yet"
    assert draft(there) == "Slow"


def test_what_a_proxy_refuses_for_good_is_not_sent_again(opened: Browser) -> None:
    opened.ask(PROXY)
    write(opened, "Large")
    soon(opened, lambda: status(opened).startswith("Not saved while you write. Your text is still on this page."))
    opened.ask(COUNT)
    write(opened, "!")
    opened.ask("dispatchEvent(new Event('online'))")
    never(opened, lambda: posts(opened) > 0, GAP + 0.5)


def test_without_a_connection_the_page_says_so_and_saves_when_it_is_back(opened: Browser, there: Office) -> None:
    with offline(opened):
        write(opened, "?")
        soon(opened, lambda: status(opened) != "")
        assert status(opened).startswith("Not saved: no connection. Your text is still on this page.")
        assert "“Save, I will go on later”" in status(opened)
        opened.look(NARROWEST)
        assert opened.too_wide() == 0
        assert opened.violations() == []
        assert draft(there) is None
    opened.ask("dispatchEvent(new Event('online'))")
    soon(opened, lambda: status(opened).startswith("Saved at "))
    assert str(draft(there)).endswith("?")


NETWORK = {"X-Forwarded-For": "198.51.100.9"}
"""Behind a proxy, in a network that no other test uses (RFC 5737)."""


@contextmanager
def crowded(there: Office) -> Iterator[None]:
    """With so many savings from one network meanwhile that hardly another is admitted."""
    over, refused = Event(), Event()

    def save_on_and_on() -> None:
        with httpx.Client(headers={**NETWORK, "Accept": "application/json"}, trust_env=False) as many:
            while not over.is_set():
                if many.post(f"{there.url}/ask/forged").status_code == httpx.codes.TOO_MANY_REQUESTS:
                    refused.set()

    with ThreadPoolExecutor(1) as network:
        network.submit(save_on_and_on)
        try:
            assert refused.wait(20)
            yield
        finally:
            over.set()


def test_in_a_crowded_network_the_page_waits_as_long_as_it_is_told_and_saves_then(
    opened: Browser, there: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(refusals.RETRY_AFTER, 429, str(int(GAP) + 4))
    opened.send_headers({"Accept-Language": "en", **NETWORK})
    try:
        with crowded(there):
            write(opened, "#")
            soon(opened, lambda: status(opened).startswith("Not saved yet: there were many visits"))
        assert "we try again in a minute" in status(opened)
        opened.look(NARROWEST)
        assert opened.too_wide() == 0
        write(opened, "+")
        never(opened, lambda: posts(opened) > 1, GAP + 0.5)
        soon(opened, lambda: str(draft(there)).endswith("#+"), 5)
        assert posts(opened) == 2
        assert status(opened).startswith("Saved at ")
    finally:
        opened.send_headers({"Accept-Language": "en"})


def test_what_is_focused_is_not_behind_the_line_however_long_it_is(opened: Browser, there: Office) -> None:
    opened.look(NARROWEST)
    with offline(opened):
        write(opened, "!")
        soon(opened, lambda: status(opened) != "")
    hidden = opened.ask(
        """const line = document.querySelector(".saving"), found = [];
        for (const one of document.querySelectorAll("main :is(a, button, input, textarea, select)")) {
          if (!one.checkVisibility()) continue;
          one.blur();
          scrollBy(0, one.getBoundingClientRect().bottom + 9 - innerHeight);
          one.focus();
          const box = one.getBoundingClientRect(), over = line.getBoundingClientRect();
          if (box.bottom > over.top && box.top < over.bottom) found.push(one.outerHTML);
        }
        return found;"""
    )
    assert hidden == []


def test_without_script_nothing_is_saved_but_by_the_button(opened: Browser, there: Office) -> None:
    with opened.without_script():
        opened.driver.refresh()
        assert not opened.driver.find_element(By.ID, "saving-told").is_displayed()
        write(opened, "By hand")
        never(opened, lambda: draft(there) is not None)
        with opened.turning():
            opened.driver.find_element(By.CSS_SELECTOR, "button.second").click()
        assert opened.heading() == "Saved, not sent yet"
    assert str(draft(there)).endswith("By hand")


def test_no_other_script_runs_there_and_nothing_is_sent_elsewhere(opened: Browser) -> None:
    assert opened.ask(EVIL) == []
    soon(opened, lambda: sorted(opened.ask("return window.refused")) == ["connect-src", "script-src-elem"])


def without_script_of_ours(found: list[str]) -> list[str]:
    """What is wrong but that the page fetches where it saves."""
    return [one for one in found if not one.startswith("the page fetches")]
