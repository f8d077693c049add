"""Can somebody skip a coffee round with one press, come back, and say whether they met?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from onboarding.domain.coffee import SeatState
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import hiring, rounds
from tests.sites import ELSEWHERE, Site, barriers, path_of, site
from tests.worlds import at

MONDAY = date(2027, 1, 18)
YES = Preferences(opted_in=frozenset({COFFEE}))


@pytest.fixture
def here() -> Iterator[Site]:
    """A company in which two people said yes to coffee rounds, on the day after the warning."""
    with site("2027-01-13 06:00", client=ELSEWHERE, host="onboarding.example.com") as found:
        world = found.world
        with world.engine.store.begin() as books:
            for one in ("berlin-1", "nairobi-2"):
                books.preferences.put(one, YES, by=Teller.PERSON, fields=["opted_in"], now=world.now)
        rounds.run_round(world.engine, world.now)
        world.walk_to(at("2027-01-14 17:00"))
        yield found


def link(here: Site, person_id: str = "berlin-1") -> str:
    return path_of(here.world.engine.links.coffee(MONDAY, person_id))


def stands(here: Site, person_id: str = "berlin-1") -> SeatState:
    with here.world.engine.store.read() as books:
        seat = books.coffee.seat(MONDAY, person_id)
    assert seat is not None
    return seat.state


def test_the_mail_leads_to_the_page(here: Site) -> None:
    (letter,) = here.world.to("berlin-1@example.com")
    assert link(here) in letter.text
    assert link(here) in letter.html


def test_looking_shows_one_button_and_changes_nothing(here: Site) -> None:
    page = here.see(link(here))
    assert barriers(page) == []
    assert [one.get_text(strip=True) for one in page.find_all("button")] == ["Skip this round"]
    for _ in range(3):
        here.see(link(here))
        assert here.browser.head(link(here)).status_code in (200, 405)
    assert stands(here) is SeatState.EXPECTED


def test_the_button_skips_and_the_next_one_takes_it_back(here: Site) -> None:
    for state in (SeatState.SKIPS, SeatState.EXPECTED, SeatState.SKIPS):
        page = here.see(link(here))
        fields = {str(one["name"]): str(one["value"]) for one in page.select("input[type=hidden]")}
        answer = here.browser.post(link(here), data=fields)
        assert answer.status_code == 200
        assert stands(here) is state


@pytest.mark.parametrize("language", ["de", "es"])
def test_the_page_speaks_the_language_of_its_reader(here: Site, language: str) -> None:
    with here.world.engine.store.begin() as books:
        person = books.people.get("berlin-1")
        assert person is not None
        books.people.put(
            type(person)(**{name: getattr(person, name) for name in person.__slots__} | {"language": language})
        )
    page = here.see(link(here))
    assert page.html is not None
    assert page.html["lang"] == language
    assert barriers(page) == []


def test_what_nobody_offered_changes_nothing(here: Site) -> None:
    for choice in ("back", "join", "everything", "", "skip " * 900, "\0"):
        assert here.browser.post(link(here), data={"choice": choice}).status_code in (200, 413)
        assert stands(here) is SeatState.EXPECTED
    assert (
        here.browser.post(link(here), content=b"\xff\xfe", headers={"content-type": "text/plain"}).status_code
        < 500
    )
    assert stands(here) is SeatState.EXPECTED


@pytest.mark.parametrize(
    "token", ["forged", "a" * 3000, "%00", "..%2f..", "WyIyMDI3LTAxLTE4IiwiYmVybGluLTEiXQ.x", "ü"]
)
def test_a_forged_link_changes_nobody(here: Site, token: str) -> None:
    assert here.browser.post(f"/coffee/{token}", data={"choice": "skip"}).status_code == 404
    assert here.browser.get(f"/coffee/{token}").status_code == 404
    assert stands(here) is SeatState.EXPECTED


def test_a_link_for_something_else_is_none_for_a_round(here: Site) -> None:
    for url in (here.preferences_link("berlin-1"), here.optional_link("berlin-1")):
        other = url.rpartition("/")[2]
        assert here.browser.post(f"/coffee/{other}", data={"choice": "skip"}).status_code == 404
    assert stands(here) is SeatState.EXPECTED


def test_somebody_else_a_round_that_never_was_and_who_left_are_answered_kindly(here: Site) -> None:
    links = here.world.engine.links
    assert "no coffee rounds" in here.see(path_of(links.coffee(MONDAY, "berlin-2"))).get_text()
    assert "nothing to do" in here.see(path_of(links.coffee(date(2020, 1, 6), "berlin-1"))).get_text()
    assert here.browser.get(path_of(links.coffee(MONDAY, "nobody"))).status_code == 404
    hiring.leave(here.world.engine, "berlin-1", here.world.now)
    assert here.browser.get(link(here)).status_code == 410


def test_one_press_in_the_mail_chooses_the_answer_and_the_page_sends_it(here: Site) -> None:
    here.world.walk_to(at("2027-01-22 18:00"))
    letter = here.world.to("berlin-1@example.com")[-1]
    assert letter.subject == "Did you meet Nairobi-2 Example?"
    yes = path_of(next(word for word in letter.text.split() if "?met=yes" in word).strip("()<>"))
    page = here.see(yes)
    assert barriers(page) == []
    checked = page.select("input[name=met][checked]")
    assert [one["value"] for one in checked] == ["yes"]
    assert answered(here) == ""
    assert here.browser.post(yes.partition("?")[0], data={"met": "yes"}).status_code == 200
    assert answered(here) == "yes"
    assert here.see(yes.partition("?")[0] + "?met=perhaps").select("input[name=met][checked]")[0]["value"] == "yes"


def test_the_question_after_a_coffee_is_put_aside_and_closes_kindly(here: Site) -> None:
    here.world.walk_to(at("2027-01-22 18:00"))
    yes = next(word for word in here.world.to("berlin-1@example.com")[-1].text.split() if "?met=yes" in word)
    ask = path_of(yes.strip("()<>")).partition("?")[0]
    said = {"met": "no", "why_not": "no_time"}
    assert "Saved, not sent yet" in here.browser.post(ask, data={**said, "go-on-later": "yes"}).text
    assert answered(here) == ""
    assert [one["value"] for one in here.see(ask).select("input[checked]")] == ["no", "no_time"]
    assert here.browser.post(ask, data={"met": "yes", "why_not": "no_time"}).status_code == 200
    assert [one["value"] for one in here.see(ask).select("input[checked]")] == ["yes", ""]
    here.world.now += timedelta(days=30)
    assert "This is closed now" in here.see(ask, 410).get_text()
    assert here.browser.post(ask, data=said).status_code == 410
    assert answered(here) == "yes"


def answered(here: Site) -> str:
    with here.world.engine.store.read() as books:
        seat = books.coffee.seat(MONDAY, "berlin-1")
    assert seat is not None
    return seat.answer


def test_nothing_that_was_sent_reaches_the_log(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        here.browser.post(link(here), data={"choice": "a@b.example"})
    written = [str(vars(one)) for one in caplog.records if one.name.startswith("onboarding")]
    assert any("coffee.chosen" in one for one in written)
    assert not any("a@b" in one for one in written)
