"""Can somebody see what we hold for matching them, and change it, on any device and with anything typed?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag

from onboarding.domain.coffee import Round, RoundState, Seat, SeatState
from onboarding.domain.people import Person
from onboarding.domain.preferences import COFFEE, NOTHING_SAID, PROGRAMMES, Away, Preferences, Teller
from onboarding.services import preferring
from onboarding.services.preferring import exclude
from onboarding.web.limits import LARGEST_FORM
from tests.sites import ELSEWHERE, Site, barriers, parsed, site
from tests.worlds import at, person

WHO = "berlin-1"
Fields = dict[str, list[str]]


@pytest.fixture
def here() -> Iterator[Site]:
    with site(client=ELSEWHERE, host="onboarding.example.com") as found:
        yield found


def filled(page: BeautifulSoup) -> Fields:
    """What a browser would send for a page as it stands."""
    form = page.find("form")
    assert isinstance(form, Tag)
    fields: Fields = {}
    for control in form.find_all(["input", "textarea", "select"]):
        name = str(control["name"])
        if control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[:1]
            fields.setdefault(name, []).append(str(chosen[0]["value"]))
        elif control.name == "textarea":
            fields.setdefault(name, []).append(control.get_text().removeprefix("\n"))
        elif control.get("type") != "checkbox" or control.has_attr("checked"):
            fields.setdefault(name, []).append(str(control.get("value", "")))
    return fields


def post(here: Site, status: int = 200, who: str = WHO, **changed: str | list[str]) -> BeautifulSoup:
    """Open the page, change some fields, and send it."""
    link = here.preferences_link(who)
    fields = filled(here.see(link))
    fields |= {name: [one] if isinstance(one, str) else one for name, one in changed.items()}
    answer = here.browser.post(link, data=fields)
    assert answer.status_code == status, answer.text
    page = parsed(answer.text)
    assert barriers(page) == []
    assert len(answer.content) < 30_000
    return page


def said(here: Site, who: str = WHO) -> Preferences:
    with here.world.engine.store.read() as books:
        return books.preferences.get(who)


def somebody(here: Site, who: str = WHO) -> Person:
    with here.world.engine.store.read() as books:
        found = books.people.get(who)
    assert found is not None
    return found


def count(here: Site, who: str = WHO) -> int:
    with here.world.engine.store.read() as books:
        return len(books.preferences.history(who))


def test_looking_shows_what_is_held_and_changes_nothing(here: Site) -> None:
    before = somebody(here)
    for _ in range(2):
        page = here.see(here.preferences_link(WHO))
        assert barriers(page) == []
    text = page.get_text()
    for shown in ("Who sees this", "Berlin", "Designer", "berlin-1@example.com", "Europe/Berlin"):
        assert shown in text
    assert filled(page)["programmes"] == ["buddy", "peer", "partner", "mentor"]
    assert (count(here), somebody(here)) == (0, before)


def test_sending_the_page_as_it_stands_is_a_word_of_its_own_and_again_changes_nothing(here: Site) -> None:
    post(here)
    assert (sorted(said(here).opted_out), count(here)) == (["coffee"], 1)
    page = post(here)
    assert "Everything is as it was before." in page.get_text()
    assert count(here) == 1


def test_everything_is_saved_and_shown_back(here: Site) -> None:
    page = post(
        here,
        programmes=["coffee", "mentor"],
        capacity="1",
        paused_until="2027-02-01",
        away_first=["2026-12-24", ""],
        away_last=["2027-01-02", ""],
        languages="German, Spanish",
        interests="Tea, שחמט",
        works_from="08:00",
        works_until="16:30",
        flexible_before="60",
        flexible_after="0",
    )
    status = page.find(role="status")
    assert isinstance(status, Tag)
    assert "You take part in: Coffee rounds, Mentor." in status.get_text()
    assert "not matched until Monday, February 1, 2027" in status.get_text()
    assert filled(page) == filled(here.see(here.preferences_link(WHO)))
    assert filled(page) == {
        "programmes": ["coffee", "mentor"],
        "capacity": ["1"],
        "paused_until": ["2027-02-01"],
        "away_first": ["2026-12-24", "", ""],
        "away_last": ["2027-01-02", "", ""],
        "languages": ["German, Spanish"],
        "interests": ["Tea, שחמט"],
        "interests_shown": [""],
        "works_from": ["08:00"],
        "works_until": ["16:30"],
        "flexible_before": ["60"],
        "flexible_after": ["0"],
        "calendar": [""],
        "whole": ["yes"],
    }
    assert somebody(here).interests == ("Tea", "שחמט")
    with here.world.engine.store.read() as books:
        (change,) = books.preferences.history(WHO)
    assert change.changed_by is Teller.PERSON


def test_a_row_is_added_in_an_empty_one_and_removed_with_its_box(here: Site) -> None:
    post(here, away_first=["2026-12-24", "2027-03-01"], away_last=["2027-01-02", "2027-03-05"])
    page = post(here, away_remove="0")
    assert [one.first.month for one in said(here).away] == [3]
    assert len(page.select("input[name=away_first]")) == 3
    page = post(here, away_first=["", ""], away_last=["", ""])
    assert said(here).away == ()


def test_choosing_nothing_leaves_everything_and_says_so(here: Site) -> None:
    page = post(here, programmes=[])
    assert somebody(here).opted_out
    assert "You take part in nothing" in page.get_text()
    assert "programmes" not in filled(here.see(here.preferences_link(WHO)))
    post(here, programmes=["buddy"])
    assert not somebody(here).opted_out


def test_a_slip_is_named_beside_its_field_and_nothing_is_lost(here: Site) -> None:
    typed: dict[str, str | list[str]] = {
        "programmes": ["coffee"],
        "capacity": "3",
        "paused_until": "2020-01-01",
        "away_first": ["2027-01-08", "2026-12-24"],
        "away_last": ["2027-01-04", "2027-01-02"],
        "languages": "German, Quux",
        "interests": "x" * 61,
        "works_from": "17:00",
        "works_until": "09:00",
        "flexible_before": "30",
        "flexible_after": "120",
    }
    page = post(here, 422, WHO, **typed)
    kept = filled(page)
    for name, one in typed.items():
        assert kept[name][: len(one) if isinstance(one, list) else 1] == ([one] if isinstance(one, str) else one)
    alert = page.find(role="alert")
    assert isinstance(alert, Tag)
    targets = [str(link["href"])[1:] for link in alert.find_all("a")]
    assert targets == ["paused_until", "away-0", "languages", "interests", "working_hours"]
    for target in targets:
        control = page.find(id=target)
        assert isinstance(control, Tag)
        assert control.get("aria-invalid") == "true"
        assert page.find(id=f"{target}-mistake") is not None
    assert (count(here), said(here)) == (0, NOTHING_SAID)


def test_an_unknown_choice_is_refused_with_its_field(here: Site) -> None:
    page = post(here, 422, programmes=["payroll"], capacity="99", flexible_before="45", flexible_after="480")
    assert page.find(id="programmes-mistake") is not None
    assert page.find(id="capacity-mistake") is not None
    for name in ("flexible_before", "flexible_after"):
        control = page.find(id=name)
        assert isinstance(control, Tag)
        assert control.get("aria-describedby") == f"{name}-mistake"
        assert page.find(id=f"{name}-mistake") is not None


@pytest.mark.parametrize(
    ("language", "title"),
    [("de-at", "Deine Einstellungen"), ("es", "Tus preferencias"), ("fr", "Your preferences")],
)
def test_the_page_speaks_the_persons_language(here: Site, language: str, title: str) -> None:
    with here.world.engine.store.begin() as books:
        books.people.put(person(WHO, language=language))
    page = here.see(here.preferences_link(WHO), language="en")
    assert (page.h1 and page.h1.get_text(), barriers(page)) == (title, [])
    page = post(here, languages="Quechua, pt-br")
    assert said(here).languages == ("qu", "pt-br")
    assert filled(page)["languages"] == filled(here.see(here.preferences_link(WHO)))["languages"]
    post(here)
    assert said(here).languages == ("qu", "pt-br")


def test_exclusions_are_never_shown_and_never_changed_here(here: Site) -> None:
    exclude(here.world.engine, WHO, "nairobi-3", here.world.now)
    page = post(here, capacity="1", excluded="", exclude="berlin-2")
    assert "nairobi" not in str(page).lower()
    assert "exclu" not in page.get_text().lower()
    assert said(here).excluded == {"nairobi-3"}


def test_a_pause_and_absences_that_are_over_are_not_shown(here: Site) -> None:
    with here.world.engine.store.begin() as books:
        over = here.world.now.date()
        away = (Away(first=over.replace(month=10), last=over.replace(month=11)),)
        old = Preferences(paused_until=over, away=away)
        books.preferences.put(WHO, old, by=Teller.PERSON, fields=["away"], now=here.world.now)
    fields = filled(here.see(here.preferences_link(WHO)))
    assert (fields["paused_until"], fields["away_first"]) == ([""], ["", ""])


def test_somebody_who_has_left_gets_a_kind_page(here: Site) -> None:
    link = here.preferences_link(WHO)
    with here.world.engine.store.begin() as books:
        books.people.put(person(WHO, active=False))
    page = here.see(link, 410)
    assert barriers(page) == []
    assert "you get no more mails" in page.get_text()
    assert here.browser.post(link, data={"whole": "yes"}).status_code == 410


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "é", "A" * 5000, "..%2f..%2fetc"])
def test_a_forged_or_damaged_link_leads_to_a_kind_page(here: Site, token: str) -> None:
    assert barriers(here.see(f"/preferences/{token}", 404)) == []
    assert here.browser.post(f"/preferences/{token}", data={"whole": "yes"}).status_code == 404


def test_a_link_cut_short_or_meant_for_something_else_opens_nothing(here: Site) -> None:
    link = here.preferences_link(WHO)
    foreign = here.optional_link(WHO).replace("/optional/", "/preferences/")
    back = link.replace("/preferences/", "/optional/")
    for path in (link[:-1], link + "x", foreign, back, here.preferences_link("nobody")):
        assert here.browser.get(path).status_code == 404
        assert here.browser.post(path, data={"whole": "yes"}).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"programmes=buddy", b"List-Unsubscribe=One-Click", b"{}", b"\xff\xfe=\x00", b"&&&==="]
)
def test_what_is_not_the_whole_form_changes_nothing(here: Site, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert here.browser.post(here.preferences_link(WHO), content=body, headers=headers).status_code == 400
    assert here.browser.post(here.preferences_link(WHO), json={"whole": "yes"}).status_code == 400
    assert (count(here), somebody(here).opted_out) == (0, False)


def test_a_megabyte_of_text_is_refused_kindly(here: Site) -> None:
    for size in (LARGEST_FORM, 1024 * 1024):
        answer = here.browser.post(here.preferences_link(WHO), data={"interests": "y" * size, "whole": "yes"})
        assert answer.status_code == 413
        assert barriers(parsed(answer.text)) == []
    assert count(here) == 0


def test_a_long_text_below_the_limit_is_named_at_its_field(here: Site) -> None:
    link = here.preferences_link(WHO)
    fields = {**filled(here.see(link)), "interests": ["y" * 100_000], "languages": ["z" * 100_000]}
    answer = here.browser.post(link, data=fields)
    assert answer.status_code == 422
    assert parsed(answer.text).find(id="languages-mistake") is not None


EVIL = ['"><script>alert(1)</script>', "{{ 7*7 }}", "' onfocus=alert(1) x='", "\u202eevil", "</textarea><b>"]


@pytest.mark.parametrize("evil", EVIL)
def test_a_script_in_any_field_stays_text(here: Site, evil: str) -> None:
    link = here.preferences_link(WHO)
    fields = {name: [evil] * len(texts) for name, texts in filled(here.see(link)).items()}
    fields |= {"away_remove": [evil], evil: [evil], "whole": ["yes"]}
    answer = here.browser.post(link, data=fields)
    assert answer.status_code == 422
    page = parsed(answer.text)
    assert barriers(page) == []
    assert "49" not in page.get_text()
    assert not page.select("[onfocus]")
    assert not page.select("b")
    page = post(here, interests=evil)
    assert barriers(page) == []
    assert not page.select("[onfocus], b")


def test_a_name_of_the_directory_stays_text_too(here: Site) -> None:
    with here.world.engine.store.begin() as books:
        books.people.put(person(WHO, first_name="{0.__class__}<b>", location="<i>Berlin", time_zone="UTC"))
    page = here.see(here.preferences_link(WHO))
    assert "{0.__class__}<b>" in page.get_text()
    assert not page.select("b, i")


def test_two_who_press_at_once_leave_one_version(here: Site) -> None:
    link = here.preferences_link(WHO)
    fields = {**filled(here.see(link)), "capacity": ["2"]}
    assert [here.browser.post(link, data=fields).status_code for _ in range(3)] == [200, 200, 200]
    assert count(here) == 1


@pytest.mark.parametrize(
    "pairs",
    [
        [("away_first", "2027-01-04")] * 400 + [("whole", "yes")],
        [("programmes", "buddy")] * 400 + [("whole", "yes"), ("works_from", "09:00"), ("works_until", "17:00")],
        [("away_remove", "9" * 300), ("works_from", "25:99"), ("whole", "")],
        [("capacity", ""), ("capacity", "5"), ("whole", "x"), ("works_from", "09:00"), ("works_until", "10:00")],
    ],
)
def test_fields_that_come_too_often_or_alone_never_break_the_page(
    here: Site, pairs: list[tuple[str, str]]
) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = here.browser.post(here.preferences_link(WHO), content=urlencode(pairs), headers=headers)
    assert answer.status_code in (200, 422)
    assert barriers(parsed(answer.text)) == []


def test_a_network_that_asks_too_often_is_told_when_to_come_back(here: Site) -> None:
    codes = [here.browser.get("/preferences/x").status_code for _ in range(70)]
    assert (codes[0], codes[-1]) == (404, 429)


def test_no_token_and_no_word_reaches_the_log(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="onboarding")
    post(here, interests="Sentinel")
    logged = " ".join(str(entry.__dict__) for entry in caplog.records if entry.name.startswith("onboarding"))
    assert "preferences.changed" in logged
    assert here.preferences_link(WHO).rpartition("/")[2][:40] not in logged
    assert "Sentinel" not in logged


def test_the_answer_allows_no_script_and_is_kept_nowhere(here: Site) -> None:
    headers = here.browser.get(here.preferences_link(WHO)).headers
    assert "script" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_every_optional_mail_leads_here_and_its_one_click_still_leaves(here: Site) -> None:
    here.world.enrol()
    here.world.walk_to(here.world.row("welcome_notes", "peer").due_at)
    letter = next(one for one in here.world.mail.letters if one.unsubscribe_url)
    (footer,) = [
        str(link["href"]) for link in parsed(letter.html).find_all("a") if "/preferences/" in str(link["href"])
    ]
    assert footer in letter.text
    assert "/optional/" in letter.unsubscribe_url
    page = here.see("/" + footer.split("/", 3)[3])
    assert set(filled(page)["programmes"]) < set(PROGRAMMES)
    way_out = page.find("a", href=letter.unsubscribe_url)
    assert way_out is not None


def silent_after_three(here: Site) -> None:
    """Somebody who said yes to coffee, and answered nothing after three coffees in autumn."""
    yes = Preferences(opted_in=frozenset({COFFEE}))
    mondays = [date(2026, 11, day) for day in (2, 9, 16)]
    with here.world.engine.store.begin() as books:
        books.preferences.put(WHO, yes, by=Teller.HR, fields=["opted_in"], now=at("2026-10-01 08:00"))
        for day in mondays:
            opened = at(f"{day} 06:00") - timedelta(days=5)
            books.coffee.put(Round(day=day, state=RoundState.DRAWN, opened_at=opened, draw_at=opened))
            closed = opened + timedelta(days=14)
            seat = Seat(day=day, person_id=WHO, state=SeatState.SEATED, place=1, closes_at=closed)
            books.coffee.put_seats([seat])


def notice(page: BeautifulSoup) -> Tag | None:
    found = page.select_one("[role=note]")
    assert found is None or isinstance(found, Tag)
    return found


@pytest.mark.parametrize(
    ("language", "button", "thanks"),
    [
        ("en", "I am back", "You take part in the coffee rounds again"),
        ("es", "Estoy de vuelta", "Vuelves a participar en las rondas de café"),
        ("de", "Ich bin wieder da", "Du machst wieder bei den Kaffeerunden mit"),
    ],
)
def test_a_pause_after_silence_is_said_and_one_button_ends_it(
    here: Site, language: str, button: str, thanks: str
) -> None:
    with here.world.engine.store.begin() as books:
        found = books.people.get(WHO)
        assert found is not None
        books.people.put(replace(found, language=language))
    assert notice(here.see(here.preferences_link(WHO))) is None
    silent_after_three(here)
    page = here.see(here.preferences_link(WHO))
    assert barriers(page) == []
    told = notice(page)
    assert told is not None
    assert [one.get_text(strip=True) for one in told.find_all("button")] == [button]
    answer = here.browser.post(here.preferences_link(WHO), data=filled(page))
    assert answer.status_code == 200
    after = parsed(answer.text)
    assert thanks in after.get_text()
    assert notice(after) is None
    assert COFFEE in said(here).opted_in
    again = here.browser.post(here.preferences_link(WHO), data={"back": "yes"})
    assert again.status_code == 200, "pressed twice, it only says that all is as before"
    assert thanks not in again.text


def test_hr_sees_that_somebody_is_paused_after_silence(here: Site) -> None:
    assert not preferring.shown(here.world.engine, WHO, here.world.now).silent
    silent_after_three(here)
    assert preferring.shown(here.world.engine, WHO, here.world.now).silent


ADDRESS = "https://calendar.example.com/private-4711/basic.ics"


def address(here: Site) -> str:
    with here.world.engine.store.read() as books:
        return books.busy.addresses([WHO]).get(WHO, "")


def test_the_address_of_ones_own_calendar_is_kept_shown_masked_and_forgotten(here: Site) -> None:
    page = post(here, calendar=f" {ADDRESS.replace('https', 'webcal')} ")
    assert address(here) == ADDRESS
    assert "https://calendar.example.com/..." in page.get_text()
    assert "4711" not in str(page)
    post(here)  # what is not typed again stays
    assert address(here) == ADDRESS
    assert "4711" not in str(here.see(here.preferences_link(WHO)))
    post(here, calendar_remove="yes")
    assert address(here) == ""
    with here.world.engine.store.read() as books:
        assert "4711" not in repr(books.preferences.history(WHO))


@pytest.mark.parametrize(
    "wrong", ["http://calendar.example.com/x.ics", "my calendar", "https://localhost/x", "ftp://a.b/c"]
)
def test_an_address_that_is_none_is_shown_back_with_what_is_wrong(here: Site, wrong: str) -> None:
    page = post(here, 422, calendar=wrong)
    assert page.find(id="calendar-mistake") is not None
    assert address(here) == ""
