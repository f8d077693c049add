"""Can anybody answer the question that came by mail, and only they?"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from fastapi import Request

from onboarding.adapters.alarms import NullAlarms
from onboarding.domain.day_bounds import DayBound
from onboarding.domain.delivery import State
from onboarding.domain.forms import Ask, Form, Kind, Option, Question
from onboarding.services.answering import AskView
from onboarding.web import asks
from onboarding.web.limits import LARGEST_FORM
from tests.sites import ELSEWHERE, Site, barriers, parsed, site
from tests.worlds import at


@pytest.fixture(scope="module")
def asked() -> Iterator[Site]:
    """A site on a day when the newcomer has the profile form: tests here read only."""
    with asked_site() as found:
        yield found


@pytest.fixture
def here() -> Iterator[Site]:
    """The same, fresh, for tests that answer."""
    with asked_site() as found:
        yield found


@contextmanager
def asked_site(language: str = "en") -> Iterator[Site]:
    """A site on the morning on which the profile form has gone out."""
    with site() as found:
        found.world.enrol(language=language)
        found.world.walk_to(found.world.row("profile").due_at + timedelta(minutes=1))
        yield found


def kept(here: Site) -> dict[str, object]:
    row = here.world.row("profile")
    with here.world.engine.store.read() as books:
        answer = books.asks.answer_to(row.key)
    return dict(answer.values) if answer else {}


def test_the_form_is_usable_by_everybody_without_script(asked: Site) -> None:
    page = asked.see(asked.link("profile"))
    assert barriers(page) == []
    assert page.find("form", attrs={"method": "post"})
    assert page.find("meta", attrs={"name": "viewport"})


def test_the_form_says_who_reads_the_answers_and_until_when(asked: Site) -> None:
    facts = asked.see(asked.link("profile")).find(class_="facts")
    assert facts is not None
    text = " ".join(facts.get_text().split())
    assert "Who reads this: The People team" in text
    assert "until" in text
    assert "Manila" in text


def test_an_example_is_shown_and_never_filled_in(asked: Site) -> None:
    page = asked.see(asked.link("profile"))
    assert page.find(class_="example")
    assert {field.get("value") for field in page.select('input[type="text"]')} == {""}
    assert not page.select("[placeholder]")


def test_the_policy_allows_the_style_of_a_page_and_nothing_else(asked: Site) -> None:
    answer = asked.browser.get(asked.optional_link("manila-1"))
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_looking_changes_nothing_however_often(here: Site) -> None:
    before = here.world.rows()
    for _ in range(3):
        here.see(here.link("profile"))
    assert (here.world.rows(), kept(here)) == (before, {})


def test_an_answer_is_kept_and_thanked_for(here: Site) -> None:
    answer = here.browser.post(here.link("profile"), data={"called": "Ami, please", "reach": "short"})
    assert answer.status_code == 200
    assert "Your answers have arrived" in answer.text
    assert kept(here) == {"called": "Ami, please", "reach": "short"}


def test_a_second_visit_shows_the_first_answer_and_changes_it(here: Site) -> None:
    link = here.link("profile")
    interests = here.see(link).select('input[type="checkbox"]')
    key, value = str(interests[0]["name"]), str(interests[0]["value"])
    here.browser.post(link, data={"called": "Ami", "reach": "call", key: value})
    page = here.see(link)
    assert barriers(page) == []
    assert page.select('input[name="called"]')[0]["value"] == "Ami"
    chosen = {str(one["name"]): one["value"] for one in page.select("input[checked]")}
    assert chosen == {"reach": "call", key: value}
    assert "You have answered already" in page.get_text()
    here.browser.post(link, data={"called": "Amihan", "reach": ""})
    assert kept(here) == {"called": "Amihan"}


def test_a_mistake_is_named_beside_its_question_and_what_was_written_stays(here: Site) -> None:
    long = "y" * 41
    answer = here.browser.post(here.link("profile"), data={"called": long, "city": "By the sea"})
    page = parsed(answer.text)
    assert answer.status_code == 422
    assert barriers(page) == []
    assert page.select('[role="alert"] a[href="#called"]')
    field = page.find(id="called")
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == (long, "true")
    assert "called-mistake" in str(field["aria-describedby"])
    assert "at most 40 characters. Now there are 41." in page.get_text()
    assert page.select("#city")[0]["value"] == "By the sea"
    assert kept(here) == {}


def test_a_form_with_every_question_left_open_is_no_answer(here: Site) -> None:
    link = here.link("profile")
    answer = here.browser.post(link, data={"called": " ", "reach": ""})
    page = parsed(answer.text)
    assert answer.status_code == 422
    assert barriers(page) == []
    (summary,) = page.select('[role="alert"]')
    assert "Nothing was sent" in summary.get_text()
    assert "Answer at least one and send again" in summary.get_text()
    row = here.world.row("profile")
    with here.world.engine.store.read() as books:
        assert books.asks.answer_to(row.key) is None
    here.browser.post(link, data={"called": "Ami"})
    assert here.browser.post(link, data={"called": ""}).status_code == 200  # taken back: that is something to say
    assert kept(here) == {}


@pytest.mark.slow
def test_silence_is_told_also_when_somebody_sent_an_empty_check_in() -> None:
    with site() as here:
        here.world.enrol()
        here.world.walk_to(at("2027-02-03 12:00"))
        assert here.browser.post(here.link("check_in_30"), data={"role_clear": ""}).status_code == 422
        here.world.walk_to(at("2027-02-15 12:00"))
        assert here.world.row("check_in_30", occasion="once.reminder").state is State.SENT
        assert here.world.row("silent_30", "hr").state is State.SENT


def test_what_was_written_is_shown_as_text_and_never_as_markup(here: Site) -> None:
    link = here.link("profile")
    here.browser.post(link, data={"called": '"><script>alert(1)</script>', "about": "</textarea><b>{{ 7 * 7 }}"})
    page = here.see(link)
    assert barriers(page) == []
    assert page.find("b") is None
    assert "{{ 7 * 7 }}" in str(page)


def test_a_form_comes_in_the_language_of_its_reader() -> None:
    for language, sentence in {"de": "Wer das liest", "es": "Quién lo lee"}.items():
        with asked_site(language) as here:
            page = here.see(here.link("profile"), language="en")
            assert page.html is not None
            assert page.html["lang"] == language
            assert sentence in page.get_text()
            answer = here.browser.post(here.link("profile"), data={"called": "y" * 41})
            assert "Now there are" not in answer.text


def test_after_the_deadline_the_page_is_gone_and_kind(here: Site) -> None:
    link = here.link("profile")
    here.world.now += timedelta(days=30)
    page = here.see(link, 410)
    assert barriers(page) == []
    assert "nothing is wrong" in page.get_text()
    assert "people@example.com" in page.get_text()
    assert here.browser.post(link, data={"called": "late"}).status_code == 410
    assert kept(here) == {}


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "é", "A" * 5000, "..%2f..%2fetc"])
def test_a_forged_or_damaged_link_leads_to_a_kind_page(asked: Site, token: str) -> None:
    page = asked.see(f"/ask/{token}", 404)
    assert barriers(page) == []


def test_a_link_cut_short_or_meant_for_something_else_does_not_open_a_form(asked: Site) -> None:
    for path in (asked.link("profile")[:-1], asked.optional_link("n1").replace("/optional/", "/ask/")):
        assert asked.browser.get(path).status_code == 404
        assert asked.browser.post(path, data={"called": "me"}).status_code == 404


def test_a_page_for_nobody_in_particular_speaks_the_language_of_the_browser(asked: Site) -> None:
    page = asked.see("/ask/x", 404, language="fr, de-AT;q=0.8, en;q=0.5")
    assert page.html is not None
    assert page.html["lang"] == "de"


def test_an_answer_that_is_too_large_is_refused_kindly(here: Site) -> None:
    answer = here.browser.post(here.link("profile"), data={"about": "y" * LARGEST_FORM})
    assert answer.status_code == 413
    assert barriers(parsed(answer.text)) == []
    assert kept(here) == {}


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe=\x00&called=%00%ff%fe%0d%0a",
        urlencode([("called", "x")] * 600).encode(),
        b"called=%ED%A0%80&reach=short&reach=call",
        b"{}",
        b"&&&===",
    ],
)
def test_a_strange_body_is_answered_and_never_a_crash(here: Site, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert here.browser.post(here.link("profile"), content=body, headers=headers).status_code in (200, 413, 422)


def test_a_network_that_asks_too_often_is_told_when_to_come_back() -> None:
    with site(client=ELSEWHERE, host="onboarding.example.com") as here:
        codes = [here.browser.get("/ask/x").status_code for _ in range(70)]
        assert codes[0] == 404
        assert codes[-1] == 429
        answer = here.browser.get("/ask/x")
        assert answer.headers["retry-after"] == "60"
        assert barriers(parsed(answer.text)) == []
        assert here.browser.get("/healthz").status_code == 200


def test_this_machine_is_not_counted(asked: Site) -> None:
    assert {asked.browser.get("/ask/x").status_code for _ in range(80)} == {404}


def test_no_token_reaches_the_log(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="onboarding")
    link = here.link("profile")
    here.browser.post(link, data={"called": "Sentinel"})
    here.browser.get(link[:-2])
    said = " ".join(str(entry.__dict__) for entry in caplog.records if entry.name.startswith("onboarding"))
    assert link.rpartition("/")[2][:40] not in said
    assert "Sentinel" not in said
    assert "Amihan" not in said


EVERY_KIND = (
    Question(key="mood", kind=Kind.SCALE, label="Mood?", min=0, max=10, low="low", high="high", required=True),
    Question(
        key="way",
        kind=Kind.CHOICE,
        label="Way?",
        options=(Option(value="a", label="A"), Option(value="b", label="B")),
    ),
    Question(key="many", kind=Kind.CHOICES, label="Many?", options=(Option(value="a", label="A"),), private=True),
    Question(
        key="long",
        kind=Kind.CHOICE,
        label="Long?",
        options=tuple(Option(value=str(n), label=str(n)) for n in range(20)),
    ),
    Question(key="met", kind=Kind.YES_NO, label="Met?"),
    Question(key="who", kind=Kind.PERSON, label="Who?", required=True, help="One of us."),
    Question(key="line", kind=Kind.TEXT, label="Line?", share=True, example="A line."),
    Question(
        key="day",
        kind=Kind.DATE,
        label="Day?",
        earliest=DayBound(day=date(2027, 1, 4)),
        latest=DayBound(day=date(2027, 2, 4)),
        shown_if='answer.met == "yes" and not answer.mood < 3',
    ),
    Question(key="tale", kind=Kind.LONG_TEXT, label="Tale?", required=True),
)


@pytest.mark.parametrize("wrong", [frozenset(), frozenset(one.key for one in EVERY_KIND)])
def test_every_kind_of_question_is_drawn_without_barriers(asked: Site, wrong: frozenset[str]) -> None:
    form = Form(
        name="all",
        language="en",
        title="All kinds",
        intro="",
        minutes=2,
        readers="You.",
        thanks="",
        questions=EVERY_KIND,
    )
    with asked.world.engine.store.read() as books:
        ask = books.asks.of_hire("n1")[0]
    view = AskView(
        ask=ask,
        form=form,
        language="en",
        company_name="Lighthouse Ltd",
        hire_name="Amihan",
        you_name="Amihan",
        closes="soon",
        values={},
        answered=False,
        people=(("p1", "Person One"), ("p2", "Person Two")),
    )
    here = asked.browser.app.state.site  # type: ignore[attr-defined]  # the application of create_app
    shown = asks._form_page(
        here, view, "token", {"mood": ["7"], "who": ["p2"], "long": ["3"], "met": ["no"]}, wrong
    )
    page = parsed(bytes(shown.body).decode())
    assert barriers(page) == []
    assert {one["name"] for one in page.select("form .question [name]")} == {one.key for one in EVERY_KIND}
    checked = {one["name"]: one["value"] for one in page.select("input[checked]")}
    assert checked == {"mood": "7", "met": "no", "way": ""}
    assert {one["value"] for one in page.select("option[selected]")} == {"3", "p2"}
    assert len(page.select('input[name="mood"]')) == 11
    assert len(page.select(".wrong")) == len(wrong)


def of_a_person(people: tuple[tuple[str, str], ...]) -> AskView:
    """One question that wants one of these."""
    question = Question(key="who", kind=Kind.PERSON, label="Who?", required=True, help="One of us.")
    form = Form(
        name="all", language="de", title="x", intro="", minutes=2, readers="y", thanks="", questions=(question,)
    )
    return AskView(
        ask=Ask(
            id="a", hire_id="n1", step="s", role="hire", person_id="n1", occasion="once", form="all",
            opened_at=at("2026-12-01 00:00"), closes_at=at("2026-12-02 00:00"),
        ),
        form=form, language="de", company_name="", hire_name="", you_name="", closes="", values={},
        answered=False, people=people,
    )  # fmt: skip


def test_in_a_large_company_somebody_is_named_in_writing_and_the_page_stays_small(asked: Site) -> None:
    view = of_a_person(tuple((f"emp-{number}", f"Person Number {number}") for number in range(2000)))
    here = asked.browser.app.state.site  # type: ignore[attr-defined]  # the application of create_app
    for sent, shown, wrong in (("emp-7", "Person Number 7", frozenset()), ("Nob", "Nob", frozenset({"who"}))):
        body = bytes(asks._form_page(here, view, "token", {"who": [sent]}, wrong).body)
        page = parsed(body.decode())
        assert barriers(page) == []
        assert len(body) < 30_000
        assert page.select('input[type="text"]#who')[0]["value"] == shown
        assert "Schreib den ganzen Namen" in page.get_text()
        assert ("Niemand heißt so" in page.get_text()) is bool(wrong)


@pytest.mark.parametrize(
    "name", ["Ann Lee {}", "Maximiliane Freifrau von Hohenlohe-Bartenstein {}", "लक्ष्मीनारायण चट्टोपाध्याय {}"]
)
def test_a_list_of_people_is_as_long_as_the_page_allows(asked: Site, name: str) -> None:
    here = asked.browser.app.state.site  # type: ignore[attr-defined]  # the application of create_app
    listed = []
    for count in range(10, 301, 10):
        view = of_a_person(tuple((f"emp-{number}", name.format(number)) for number in range(count)))
        body = bytes(asks._form_page(here, view, "t", {}, frozenset({"who"})).body)
        assert len(body) < 30_000
        listed.append(bool(parsed(body.decode()).select("select#who")))
    assert listed[0]
    assert not listed[-1]
    assert listed == sorted(listed, reverse=True)


def test_whoever_writes_a_name_not_quite_right_is_shown_the_ones_close_to_it(asked: Site) -> None:
    names = [
        "José Díaz",
        "Josefa Diaz",
        "Ana Silva",
        "Anna Sylvan",
        *(f"Person Number {one}" for one in range(2000)),
    ]
    view = of_a_person(tuple((f"emp-{number}", name) for number, name in enumerate(names)))
    here = asked.browser.app.state.site  # type: ignore[attr-defined]  # the application of create_app

    def close(written: str) -> str:
        page = parsed(
            bytes(asks._form_page(here, view, "t", {"who": [written]}, frozenset({"who"})).body).decode()
        )
        (field,) = page.select("#who-mistake")
        return field.get_text().partition("Ähnlich sind: ")[2]

    assert close("jos dia") == "José Díaz; Josefa Diaz"
    assert close("Anna Silva").split("; ")[0] == "Ana Silva"
    assert close("Zebulon") == ""
    assert close("person").count(";") == 4


@pytest.mark.parametrize(
    ("query", "chosen"),
    [("way=b", {"way": ["b"]}), ("met=no", {"met": ["no"]}), ("way=c&met=perhaps&mood=7&line=x&other=1", {})],
)
def test_a_link_chooses_one_of_the_answers_beforehand_and_nothing_else(
    asked: Site, query: str, chosen: dict[str, list[str]]
) -> None:
    form = Form(
        name="all", language="en", title="", intro="", minutes=2, readers="", thanks="", questions=EVERY_KIND
    )
    with asked.world.engine.store.read() as books:
        ask = books.asks.of_hire("n1")[0]
    view = AskView(
        ask=ask,
        form=form,
        language="en",
        company_name="",
        hire_name="",
        you_name="",
        closes="",
        values={},
        answered=False,
        people=(),
    )
    request = Request({"type": "http", "query_string": query.encode(), "headers": []})
    assert asks._chosen_by_link(view, request) == chosen


def test_the_day_on_which_a_form_opens_is_before_the_first_day(asked: Site) -> None:
    assert asked.world.now < at("2027-01-04 00:00")


@pytest.mark.slow
def test_an_answer_that_needs_a_human_sets_the_alarm_for_it() -> None:
    alarms = NullAlarms()
    with site(alarms=alarms) as here:
        here.world.enrol()
        here.world.walk_to(at("2027-02-03 12:00"))
        alarms.alarms.clear()
        low = {"role_clear": "1", "knows_whom": "1", "connected": "1"}
        assert here.browser.post(here.link("check_in_30"), data=low).status_code == 200
        told = here.world.row("low_30", "hr")
        assert told.due_at == here.world.now
        assert ("run-due-steps", told.due_at) in alarms.alarms.values()
