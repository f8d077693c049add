"""Does a form, a list and a mail that are read from right to left look right on a phone?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.arabic import in_arabic
from tests.browser.chromium import NARROWEST, PHONE, STANDARD, Browser
from tests.sites import Site, site
from tests.worlds import at

pytestmark = pytest.mark.slow

EDGES = """
const [selector, of] = arguments;
const [one, box] = [selector, of].map((it) => document.querySelector(it).getBoundingClientRect());
return [one.left - box.left, box.right - one.right];
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(words=in_arabic(tmp_path_factory.mktemp("words") / "templates")) as found:
        found.world.enrol(language="ar")
        found.world.walk_to(at("2026-12-28 06:00"))
        yield found


def faults(browser: Browser, html: str) -> list[str]:
    """What is wrong with a page on a phone."""
    browser.show(html)
    browser.look(NARROWEST)
    found = browser.cut_off() + [str(wide) for wide in [browser.too_wide()] if wide]
    browser.look(PHONE)
    return found + browser.violations(STANDARD)


@pytest.mark.parametrize("step", ["profile", "hire_list"])
def test_a_form_runs_from_the_right_inside_a_page_that_runs_from_the_left(
    browser: Browser, here: Site, step: str
) -> None:
    here.world.now = here.world.row(step).due_at
    assert faults(browser, here.browser.get(here.link(step)).text) == []
    sides = "return ['h1', 'body'].map((one) => getComputedStyle(document.querySelector(one)).direction)"
    assert browser.ask(sides) == ["rtl", "ltr"]


def test_the_box_of_a_task_stands_at_the_side_where_its_words_begin(browser: Browser, here: Site) -> None:
    browser.show(here.browser.get(here.link("hire_list")).text)
    browser.look(PHONE)
    padding = "const {paddingLeft, paddingRight} = getComputedStyle(document.querySelector('.tick button'));"
    left, right = browser.ask(f"{padding} return [parseFloat(paddingLeft), parseFloat(paddingRight)]")
    assert right > left


def test_a_mail_runs_from_the_right_and_its_lists_have_their_marks_there(browser: Browser, here: Site) -> None:
    (letter,) = [one for one in here.world.mail.letters if one.subject == "أهلا"]
    assert faults(browser, letter.html) == []
    left, right = browser.ask(EDGES, ".sheet li", ".sheet ul")
    assert (left, right) == (0, 22)
