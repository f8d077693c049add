"""Is what somebody writes saved while they write: for them alone, never over an answer, until they delete it?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from onboarding.domain.delivery import Delivery
from onboarding.domain.errors import BadLink
from onboarding.domain.forms import Answer, Draft
from onboarding.services.editions import mark_of
from onboarding.services.timeline import timeline
from onboarding.web.profile import ALL
from onboarding.web.saving import script
from onboarding.web.saving_words import saving_words
from onboarding.web.words import words_of
from tests.sites import ELSEWHERE, Site, barriers, parsed, path_of, site
from tests.worlds import LATE

ASKS = {"Accept": "application/json", "Accept-Language": "en"}
LATER = {"go-on-later": "yes"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def house() -> Iterator[Site]:
    """A site on which peers are asked for notes and a buddy for a yes; each test has one of them to itself."""
    with site() as found:
        found.world.enrol()
        found.world.walk_to(max(one.due_at for one in asked(found)) + MINUTE)
        yield found


@pytest.fixture
def profile() -> Iterator[Site]:
    """A site of its own, a minute after a newcomer was asked for a profile."""
    with site() as found:
        found.world.enrol()
        found.world.walk_to(found.world.row("profile").due_at + MINUTE)
        yield found


def asked(here: Site) -> list[Delivery]:
    return [one for one in here.world.rows() if one.step == "welcome_notes" and one.occasion == "once"]


def link_of(here: Site, row: Delivery) -> str:
    with here.world.engine.store.read() as books:
        ask = books.asks.get(row.key)
    assert ask is not None
    return path_of(here.world.engine.links.ask(ask.id, ask.closes_at))


def kept(here: Site, row: Delivery) -> tuple[Draft | None, Answer | None]:
    with here.world.engine.store.read() as books:
        return books.asks.draft_of(row.key), books.asks.answer_to(row.key)


def save(here: Site, link: str, since: int = 0, **typed: str) -> tuple[int, str]:
    """What the script of a page hears that was opened in this edition and knows the draft that is kept."""
    answer = here.browser.post(link, data={**typed, **page_of(here, link, since)}, headers=ASKS)
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.content) < 400
    return answer.status_code, answer.json()["said"]


def page_of(here: Site, link: str, since: int = 0) -> dict[str, str]:
    """What such a page sends besides."""
    draft = None
    with suppress(BadLink), here.world.engine.store.read() as books:
        draft = books.asks.draft_of(here.world.engine.links.read_closed_ask(link.rpartition("/")[2]))
    mark = mark_of(draft.values if draft else None)
    return {**LATER, "go-on-later-since": str(since), "go-on-later-mark": mark}


def site_of(here: Site) -> Any:
    return here.browser.app.state.site  # type: ignore[attr-defined]  # the application of create_app


def test_what_stands_in_a_form_is_kept_as_by_the_button_and_nothing_follows(profile: Site) -> None:
    row, link = profile.world.row("profile"), profile.link("profile")
    before = profile.world.rows()
    assert save(profile, link, called=" Ami ليلى", about="Two\nlines") == (200, "Saved at 10:01 AM. Not sent yet.")
    draft, sent = kept(profile, row)
    assert draft == Draft(
        ask_id=row.key, values={"called": [" Ami ليلى"], "about": ["Two\nlines"]}, saved_at=profile.world.now
    )
    assert sent is None
    assert profile.world.rows() == before
    line = next(one for one in timeline(profile.world.engine, "n1").rows if one.key == row.key)
    assert line.answer == "begun, not sent"
    assert profile.see(link).select("#called")[0]["value"] == " Ami ليلى"


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Um 10:01 gespeichert. Noch nicht abgeschickt."), ("es", "Guardado a las 10:01. Todavía sin enviar.")],
)
def test_it_says_so_in_the_language_and_on_the_clock_of_whoever_writes(
    profile: Site, language: str, said: str
) -> None:
    with profile.world.engine.store.begin() as books:
        person = books.people.get("n1")
        assert person is not None
        books.people.put(replace(person, language=language))
    assert save(profile, profile.link("profile"), called="Ami") == (200, said)
    page = profile.see(profile.link("profile"))
    assert barriers(page) == []
    assert saving_words()[language].told.format(days=30) in page.get_text()


def test_a_form_from_which_everything_was_erased_is_not_begun(profile: Site) -> None:
    row, link = profile.world.row("profile"), profile.link("profile")
    save(profile, link, called="A")
    assert save(profile, link, called=" ")[0] == 200
    assert kept(profile, row) == (None, None)


def test_what_comes_a_moment_after_the_answer_neither_changes_it_nor_stands_beside_it(house: Site) -> None:
    row = asked(house)[0]
    link = link_of(house, row)
    save(house, link, note="Hel")
    house.browser.post(link, data={"note": "Hello."})
    status, said = save(house, link, note="Hello")
    assert (status, said) == (409, saving_words()["en"].answered)
    draft, sent = kept(house, row)
    assert draft is None
    assert sent is not None
    assert (sent.values, sent.version) == ({"note": "Hello."}, 1)
    page = house.see(f"{link}?change")
    assert page.select('input[name="go-on-later-since"]')[0]["value"] == "1"
    assert save(house, link, since=1, note="Hello, too")[0] == 200
    assert save(house, link, since=1, note="")[0] == 200
    draft, _ = kept(house, row)
    assert draft is not None
    assert draft.values == {}


def test_what_was_taken_back_does_not_come_back_from_a_page_that_is_still_open(house: Site) -> None:
    row = asked(house)[1]
    link = link_of(house, row)
    house.browser.post(link, data={"note": "Taken back."})
    house.browser.post(f"{link}/take-back")
    assert save(house, link, since=1, note="Taken back.")[0] == 409
    assert kept(house, row)[0] is None


def test_what_was_only_begun_and_taken_back_does_not_come_back_either(profile: Site) -> None:
    link = profile.link("profile")
    assert save(profile, link, city="By the sea")[0] == 200
    page = path_of(profile.world.engine.links.profile("n1", LATE))
    assert profile.browser.post(f"{page}/take-back", data={"what": ALL}).status_code == 303
    assert save(profile, link, city="By the sea, north")[0] == 409
    assert save(profile, link, since=1, city="Elsewhere")[0] == 200  # the form was opened anew


def test_the_question_after_a_coffee_is_saved_and_answered_in_the_same_way() -> None:
    with site() as here:
        here.world.enrol()
        here.world.hear_yes()
        here.world.walk_to(here.world.row("met_first_coffee").due_at)
        link = here.link("met_first_coffee")
        assert save(here, link, met="yes", note="It was")[0] == 200
        here.browser.post(link, data={"met": "yes", "note": "It was good."})
        assert save(here, link, met="no")[0] == 409


def test_answers_are_never_sent_without_the_button(profile: Site) -> None:
    link = profile.link("profile")
    since = {"go-on-later-since": "0"}
    wrong = {"go-on-later-since": "-1", "go-on-later-mark": ""}
    for typed in ({"called": "Ami"}, {"called": "Ami", **LATER}, {**LATER, **since}, {**LATER, **wrong}):
        answer = profile.browser.post(link, data=typed, headers=ASKS)
        assert (answer.status_code, answer.json()) == (400, {"said": refused("not_now")})
    assert kept(profile, profile.world.row("profile")) == (None, None)


def refused(word: str, language: str = "en") -> str:
    return str(getattr(saving_words()[language], word)).format(later=words_of(language).later)


def test_whoever_is_refused_hears_why_and_what_to_do(profile: Site) -> None:
    link = profile.link("profile")
    assert save(profile, "/ask/forged", note="x") == (404, refused("link"))
    assert save(profile, link, note="x" * 300_000) == (413, refused("large"))
    typed = page_of(profile, "/ask/forged")
    answer = profile.browser.post("/ask/forged", data=typed, headers={**ASKS, "Accept-Language": "de"})
    assert answer.json()["said"] == refused("link", "de")
    profile.world.now += timedelta(days=60)
    assert save(profile, link, called="x") == (410, refused("over"))
    assert kept(profile, profile.world.row("profile")) == (None, None)


def test_words_that_have_left_are_not_saved_again(profile: Site) -> None:
    profile.world.walk_to(max(one.due_at for one in asked(profile)) + MINUTE)
    link = link_of(profile, asked(profile)[0])
    profile.browser.post(link, data={"note": "Sent."})
    profile.world.walk_to(profile.world.row("welcome_card").due_at + MINUTE)
    assert save(profile, link, since=1, note="Late") == (410, refused("left"))
    assert kept(profile, asked(profile)[0])[0] is None


def test_saving_does_not_use_up_the_visit_with_which_somebody_sends_and_has_a_limit_of_its_own() -> None:
    with site(client=ELSEWHERE, host="onboarding.example.com") as here:
        here.world.enrol()
        here.world.walk_to(here.world.row("profile").due_at + MINUTE)
        link = here.link("profile")
        site_of(here).limiter.burst, site_of(here).savings.burst = 1, 5
        site_of(here).savings.per_second = 0.001  # none comes back while a slow machine saves
        assert [save(here, link, called="A" * number)[0] for number in range(1, 7)] == [200] * 5 + [429]
        answer = here.browser.post(link, data=page_of(here, link), headers=ASKS)
        assert (answer.headers["retry-after"], answer.json()["said"]) == ("60", refused("busy"))
        assert here.browser.post(link, data={"called": "Ami"}).status_code == 200
        assert here.browser.get(script().path).status_code == 200


def test_the_company_may_switch_it_off(profile: Site) -> None:
    app = profile.browser.app
    app.state.site = replace(site_of(profile), save_as_you_go=False)  # type: ignore[attr-defined]  # as above
    link = profile.link("profile")
    assert save(profile, link, called="A") == (403, refused("off"))
    shown = profile.browser.get(link)
    assert "script" not in shown.headers["content-security-policy"]
    assert not parsed(shown.text).select("script, .saving, #saving-told")
    assert profile.browser.post(link, data={"called": "A", **LATER}).status_code == 200


def test_only_the_page_of_a_form_with_a_draft_has_a_script_and_no_other_script(profile: Site) -> None:
    link = profile.link("profile")
    shown = profile.browser.get(link)
    (tag,) = parsed(shown.text).select("script")
    body = profile.browser.get(str(tag["src"]))
    digest = base64.b64encode(hashlib.sha256(body.content).digest()).decode()
    assert tag["integrity"] == f"sha256-{digest}"
    assert tag.get_text() == ""
    policy = shown.headers["content-security-policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", f"script-src 'sha256-{digest}'", "connect-src 'self'"]
    links = profile.world.engine.links
    others = [
        profile.optional_link("manila-1"),
        profile.preferences_link("n1"),
        path_of(links.profile("n1", LATE)),
    ]
    others += [path_of(links.coffee(date(2027, 1, 18), "berlin-1")), "/hires", "/hires/n1", "/ask/forged"]
    answers = [profile.browser.get(other) for other in others]
    answers += [profile.browser.post(link, data={"called": "A", **LATER}), profile.browser.get(f"{link}/draft")]
    answers += [profile.browser.post(f"{link}/draft"), profile.browser.post(link, data={"called": "A"})]
    for answer in answers:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not any(word in answer.headers["content-security-policy"] for word in ("script-src", "connect-src"))
        assert not parsed(answer.text).select("script")


def test_a_page_with_mistakes_saves_what_was_not_taken(house: Site) -> None:
    answer = house.browser.post(link_of(house, asked(house)[2]), data={"note": "y" * 700})
    page = parsed(answer.text)
    assert (answer.status_code, page.select(".saving")[0].has_attr("data-unsent")) == (422, True)
    assert not house.see(link_of(house, asked(house)[2])).select(".saving")[0].has_attr("data-unsent")


def test_a_browser_may_keep_the_script_for_ever_and_gets_no_other(profile: Site) -> None:
    answer = profile.browser.get(script().path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.content) < 2700
    assert profile.browser.get("/ask/script/0123456789abcdef.js").status_code == 404


def test_somebody_deletes_what_they_have_written_and_what_they_sent_stays(house: Site) -> None:
    row = asked(house)[2]
    link = link_of(house, row)
    house.browser.post(link, data={"note": "Sent."})
    assert house.browser.get(f"{link}/draft").headers["location"] == link
    assert house.see(f"{link}?change").select("#delete-draft")[0].has_attr("hidden")
    save(house, link, since=1, note="Delete me")
    shown = house.see(f"{link}?change")
    assert not shown.select("#delete-draft")[0].has_attr("hidden")
    asks = house.see(str(shown.select("#delete-draft a")[0]["href"]))
    assert barriers(asks) == []
    assert "What you sent before stays as it is." in asks.get_text()
    assert kept(house, row)[0] is not None
    for _ in range(2):
        gone = house.browser.post(str(asks.form["action"])) if asks.form else None
        assert gone is not None
        assert gone.status_code == 200
        assert barriers(parsed(gone.text)) == []
        assert "deleted for good" in gone.text
    draft, sent = kept(house, row)
    assert draft is None
    assert sent is not None
    assert sent.values == {"note": "Sent."}


def test_what_was_never_sent_can_be_deleted_when_its_form_has_closed(profile: Site) -> None:
    row, link = profile.world.row("profile"), profile.link("profile")
    save(profile, link, about="Never sent")
    profile.world.now += timedelta(days=60)
    shown = profile.see(link, 410)
    assert "Never sent" in shown.get_text()
    asks = profile.see(str(shown.select("main a")[0]["href"]))
    assert "Yes, delete it" in asks.get_text()
    gone = profile.browser.post(f"{link}/draft")
    assert (gone.status_code, "Open the form again" in gone.text) == (200, False)
    assert kept(profile, row) == (None, None)
    assert profile.browser.post(f"{link}/draft").status_code == 410
    assert profile.browser.get(f"{link}/draft").status_code == 410


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_deletes_nothing(house: Site, method: str) -> None:
    assert house.browser.request(method, "/ask/forged/draft").status_code == 404
