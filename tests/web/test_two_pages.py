"""Two pages of one form are open: does what the older one still says leave alone what the newer one saved?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from onboarding.web.saving_words import saving_words
from tests.sites import Site, barriers, parsed, site

ASKS = {"Accept": "application/json", "Accept-Language": "en"}
BUTTON = {"go-on-later": "yes"}
LONG = "Half an hour of text"


@pytest.fixture
def here() -> Iterator[Site]:
    """A minute after a newcomer was asked for a profile; the clock stands still."""
    with site() as found:
        found.world.enrol()
        found.world.walk_to(found.world.row("profile").due_at + timedelta(minutes=1))
        yield found


@dataclass(kw_only=True)
class Page:
    """A page that was opened once; it knows what a browser knows of it: its hidden fields."""

    here: Site
    hidden: dict[str, str]

    def save(self, about: str) -> tuple[int, str]:
        """As the script does: a kept draft has a mark, which the page sends next time."""
        typed = {"about": about, **self.hidden, **BUTTON}
        answer = self.here.browser.post(self.here.link("profile"), data=typed, headers=ASKS)
        told = answer.json()
        self.hidden["go-on-later-mark"] = told.get("mark", self.hidden["go-on-later-mark"])
        return answer.status_code, told["said"]

    def press(self, about: str, **button: str) -> Any:
        """The button "later", unless it is another."""
        typed = {"about": about, **self.hidden, **button}
        return self.here.browser.post(self.here.link("profile"), data=typed)


def opened(here: Site) -> Page:
    return Page(here=here, hidden=hidden(here.see(f"{here.link('profile')}?change")))


def hidden(page: BeautifulSoup) -> dict[str, str]:
    return {str(one["name"]): str(one["value"]) for one in page.select('input[type="hidden"]')}


def kept(here: Site) -> str | None:
    key = here.world.row("profile").key
    with here.world.engine.store.read() as books:
        draft = books.asks.draft_of(key)
    return draft.values.get("about", [""])[0] if draft else None


@pytest.mark.parametrize("typed", ["x", ""])
def test_a_page_that_knows_no_draft_leaves_the_newer_text_alone(here: Site, typed: str) -> None:
    old, new = opened(here), opened(here)
    assert new.save(LONG)[0] == 200
    assert old.save(typed) == (409, saving_words()["en"].elsewhere)
    assert kept(here) == LONG


@pytest.mark.parametrize("typed", ["x", ""])
def test_a_page_that_knows_an_older_draft_leaves_the_newer_text_alone(here: Site, typed: str) -> None:
    opened(here).save("Half")
    old, new = opened(here), opened(here)
    assert new.save(LONG)[0] == 200
    assert old.save(typed)[0] == 409
    assert kept(here) == LONG


def test_what_was_deleted_does_not_come_back_from_another_page(here: Site) -> None:
    opened(here).save(LONG)
    old = opened(here)
    here.browser.post(f"{here.link('profile')}/draft")
    assert old.save(f"{LONG}!")[0] == 409
    assert old.save(LONG)[0] == 409
    assert kept(here) is None
    assert opened(here).save("Anew")[0] == 200


def test_a_page_saves_again_and_again_also_after_everything_was_erased(here: Site) -> None:
    page = opened(here)
    assert [page.save(typed)[0] for typed in ("H", "Ha", "", "Half", LONG)] == [200] * 5
    assert kept(here) == LONG
    assert page.hidden == opened(here).hidden


def test_a_page_that_did_not_hear_that_it_was_saved_may_save_the_same_once_more_and_go_on(here: Site) -> None:
    page = opened(here)
    deaf = Page(here=here, hidden=dict(page.hidden))
    assert page.save("Half")[0] == 200
    assert deaf.save("Half")[0] == 200
    assert deaf.save(LONG)[0] == 200
    assert kept(here) == LONG


def test_a_save_that_arrives_after_the_button_changes_nothing(here: Site) -> None:
    page = opened(here)
    slow = Page(here=here, hidden=dict(page.hidden))
    assert page.press(LONG, **BUTTON).status_code == 200
    assert slow.save("Half")[0] == 409
    assert kept(here) == LONG


def test_the_button_of_an_old_page_shows_what_was_typed_and_keeps_it_when_it_is_pressed_again(here: Site) -> None:
    old, new = opened(here), opened(here)
    new.save(LONG)
    answer = old.press("Shorter", **BUTTON)
    page = parsed(answer.text)
    assert (answer.status_code, kept(here)) == (409, LONG)
    assert barriers(page) == []
    assert saving_words()["en"].moved_on_title in page.select(".summary[role=alert]")[0].get_text()
    assert page.select("#about")[0]["value"] == "Shorter"
    assert not page.select("script, .saving")
    again = Page(here=here, hidden=hidden(page))
    assert "Saved, not sent yet" in again.press("Shorter", **BUTTON).text
    assert kept(here) == "Shorter"


def test_the_button_of_a_page_from_before_an_answer_does_not_put_a_draft_beside_it_unasked(here: Site) -> None:
    old = opened(here)
    opened(here).press("Sent.")
    answer = old.press("Before", **BUTTON)
    assert (answer.status_code, kept(here)) == (409, None)
    again = Page(here=here, hidden=hidden(parsed(answer.text)))
    assert "What you sent before stays as it is" in again.press("Before", **BUTTON).text
    assert kept(here) == "Before"


def test_a_page_with_mistakes_knows_no_more_than_the_page_that_was_sent(here: Site) -> None:
    old, new = opened(here), opened(here)
    new.save(LONG)
    answer = old.press("y" * 5_000)
    assert answer.status_code == 422
    mended = Page(here=here, hidden=hidden(parsed(answer.text)))
    assert mended.hidden == old.hidden
    assert mended.save("y")[0] == 409
    assert kept(here) == LONG
