"""Can everybody read the mails, by day and by night, wherever their HTML is shown?"""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from onboarding import paths
from onboarding.domain.fields import FIELDS, sample
from tests.browser.chromium import NARROWEST, STANDARD, Browser
from tests.worlds import WORDS

pytestmark = pytest.mark.slow


def messages() -> list[tuple[str, str]]:
    """Each message, and a role that gets it."""
    folder = Path(paths.shipped_templates()) / "messages"
    files = sorted(one for one in folder.glob("*/*.md") if one.stem.count(".") == 0)
    return [(one.parent.name, one.stem) for one in files]


SCREENS = cycle([("en", False), ("es", True), ("de", False), ("en", True), ("es", False), ("de", True)])
"""A language, and whether it is dark: in turn, so that each mail is seen once and the layout in all ways."""


@pytest.mark.parametrize(
    ("message", "role", "language", "dark"),
    [(*one, *screen) for one, screen in zip(messages(), SCREENS, strict=False)],
)
def test_a_mail_has_no_barrier(browser: Browser, message: str, role: str, language: str, *, dark: bool) -> None:
    way_out = "https://onboarding.example.com/preferences/sample"
    made = WORDS.message(message, role, language, sample(FIELDS), unsubscribe_url=way_out)
    browser.show(made.html)
    browser.look(NARROWEST, dark=dark)
    assert browser.ask("return document.documentElement.lang") == language
    assert browser.too_wide() == 0
    assert browser.violations(STANDARD) == []


def test_a_note_is_set_in_the_direction_of_its_script_and_fits_however_long_its_words_are(
    browser: Browser,
) -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitaenswitwe"
    note = dict.fromkeys(("name", "first_name", "job_title", "team", "location", "email", "photo"), "")
    note |= {"name": long, "job_title": long, "text": f"أهلا وسهلا! {long}"}
    browser.show(WORDS.message("welcome_card", "hire", "en", {**sample(FIELDS), "notes": [note]}).html)
    browser.look(NARROWEST)
    assert browser.too_wide() == 0
    assert browser.ask("return getComputedStyle(document.querySelector('blockquote p')).direction") == "rtl"
