"""Does one press in the mail lead to a yes or a "not this time", and does nothing happen before the button?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag

from onboarding.domain.delivery import State
from onboarding.domain.mail import Letter
from tests.sites import Site, barriers, parsed, path_of, site
from tests.worlds import directory


@pytest.fixture(params=["en", "de", "es"])
def here(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A company that speaks one language, with a newcomer."""
    with site(people=[replace(one, language=request.param) for one in directory()]) as found:
        found.world.enrol(language=request.param)
        yield found


def live(here: Site, step: str, role: str, occasion: str = "once") -> Letter:
    """The mail of a step; what was due before it is passed over."""
    row = here.world.row(step, role, occasion)
    here.world.now = max(row.due_at, here.world.now)
    here.world.run()
    (letter,) = [one for one in here.world.mail.letters if one.number == row.number]
    return letter


def links(letter: Letter) -> tuple[str, str]:
    """The target of its only button, and of the plain link beside it."""
    page = BeautifulSoup(letter.html, "html.parser")
    targets = [one for one in page.find_all("a") if "?agree=" in str(one["href"])]
    assert len(page.select("a strong, strong a")) == 1
    assert [one.find_parent("strong") is not None for one in targets] == [True, False]
    yes, no = (path_of(str(one["href"])) for one in targets)
    return yes, no


def chosen(page: BeautifulSoup) -> list[str]:
    return [str(one["value"]) for one in page.select("input[name=agree][checked]")]


def said(here: Site, step: str, role: str) -> object:
    key = here.world.row(step, role).key
    with here.world.engine.store.read() as books:
        given = books.asks.answer_to(key)
    return given.values["agree"] if given else None


@pytest.mark.parametrize(("step", "role"), [("buddy_yes", "buddy"), ("mentor_yes", "mentor")])
def test_a_press_in_the_mail_chooses_and_only_the_button_says_it(here: Site, step: str, role: str) -> None:
    if step == "mentor_yes":
        live(here, "buddy_yes", "buddy")
        here.world.now = here.world.row("mentor", "hire").due_at
        here.world.run()
    yes, no = links(live(here, step, role))
    assert chosen(here.see(yes)) == ["yes"]
    page = here.see(no)
    assert chosen(page) == ["not_now"]
    assert barriers(page) == []
    assert said(here, step, role) is None
    form = page.find("form")
    assert isinstance(form, Tag)
    answer = here.browser.post(yes, data={"agree": "yes"})
    assert answer.status_code == 200
    assert barriers(parsed(answer.text)) == []
    assert said(here, step, role) == "yes"


def test_the_reminder_has_the_same_two_links_and_a_list_has_none(here: Site) -> None:
    live(here, "buddy_yes", "buddy")
    yes, _ = links(live(here, "buddy_yes", "buddy", "once.reminder"))
    here.browser.post(yes, data={"agree": "yes"})
    assert said(here, "buddy_yes", "buddy") == "yes"
    assert "?agree=" not in live(here, "buddy_list", "buddy").html
    assert here.world.row("buddy_list", "buddy").state is State.SENT


def test_whoever_says_no_is_not_told_that_they_can_still_change_it(here: Site) -> None:
    _, no = links(live(here, "buddy_yes", "buddy"))
    address = no.partition("?")[0]
    thanks = here.browser.post(address, data={"agree": "not_now"})
    assert thanks.status_code == 200
    assert address not in thanks.text
    assert here.browser.get(address).status_code == 410


def test_whoever_says_yes_can_change_it_until_the_form_closes(here: Site) -> None:
    yes, _ = links(live(here, "buddy_yes", "buddy"))
    address = yes.partition("?")[0]
    assert address in here.browser.post(address, data={"agree": "yes"}).text
    assert here.browser.get(address).status_code == 200
