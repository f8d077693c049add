"""Can somebody leave the optional mails with one press, and come back?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sites import ELSEWHERE, Site, barriers, site


@pytest.fixture
def here() -> Iterator[Site]:
    with site(client=ELSEWHERE, host="onboarding.example.com") as found:
        yield found


def opted_out(here: Site) -> bool:
    with here.world.engine.store.read() as books:
        person = books.people.get("berlin-1")
    assert person is not None
    return person.opted_out


def test_looking_shows_one_button_and_changes_nothing(here: Site) -> None:
    page = here.see(here.optional_link("berlin-1"))
    assert barriers(page) == []
    assert len(page.find_all("button")) == 1
    assert not opted_out(here)


def test_the_button_leaves_and_the_next_one_comes_back(here: Site) -> None:
    link = here.optional_link("berlin-1")
    for state in (True, False):
        page = here.see(link)
        fields = {str(one["name"]): str(one["value"]) for one in page.select("input[type=hidden]")}
        assert here.browser.post(link, data=fields).status_code == 200
        assert opted_out(here) is state


def test_one_click_of_a_mail_program_leaves_without_cookie_or_question(here: Site) -> None:
    link = here.optional_link("berlin-1")
    answer = here.browser.post(link, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, opted_out(here)) == (200, True)
    assert "set-cookie" not in answer.headers
    assert here.browser.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert opted_out(here)


def test_one_click_may_come_as_multipart_too(here: Site) -> None:
    part = {"List-Unsubscribe": (None, "One-Click")}
    assert here.browser.post(here.optional_link("berlin-1"), files=part).status_code == 200
    assert opted_out(here)


def test_a_forged_link_changes_nobody(here: Site) -> None:
    assert here.browser.post("/optional/forged", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert barriers(here.see("/optional/forged", 404)) == []


def test_a_person_who_is_gone_gets_a_kind_page(here: Site) -> None:
    assert barriers(here.see(here.optional_link("nobody"), 404)) == []
