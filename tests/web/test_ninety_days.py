"""Ninety days in which everybody answers everything: is each word shown as written, and each page small?

One newcomer, whose name and answers try to do harm, lives through the whole journey; each form is filled in as a
browser would, by what its page offers. Tests here only look.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, repeat
from typing import Any

import pytest
from bs4 import BeautifulSoup

from onboarding.domain.forms import Ask
from onboarding.domain.texts import clean
from tests.scripts_of_the_world import ATTACKS, LINES, SIGNS, TURNS
from tests.sites import NOT_OURS, Site, parsed, path_of, site
from tests.worlds import at

LARGEST = 30_000
"""Bytes of the HTML of a page, its style included."""

LISTS = frozenset({"it_list", "manager_tasks", "hire_list", "buddy_list"})
"""Forms that are lists to do: nobody writes anything there."""

NO_ICON = "link:not([rel=icon][href='data:,'])"
HARMFUL = (NOT_OURS, "img", "svg", "object", "embed", NO_ICON, "base", "meta[http-equiv]")
NAME = '"><script>alert(6)</script>'


@dataclass(kw_only=True)
class Lived:
    """The site after ninety days, and its pages by name."""

    here: Site
    pages: dict[str, str] = field(default_factory=dict)
    ticked: set[str] = field(default_factory=set)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)


def notes() -> Iterator[str]:
    """The notes of the peers: lines of all languages and all signs, as many as fit into each of three."""
    lines = [*LINES.values(), *SIGNS.values()]
    return ("\n".join(lines[start::3]) for start in range(3))


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    with site() as here:
        here.world.enrol(first_name=NAME, last_name="ليلى")
        found = Lived(here=here)
        texts = {"peer_note": cycle(notes()), "buddy_yes": repeat("\n".join(ATTACKS))}
        attacks = cycle(ATTACKS)
        while (due := here.world._next_due()) is not None and due < at("2027-04-20 12:00"):
            here.world.walk_to(due)
            for ask in unanswered(here):
                if ask.form in LISTS:
                    tick(found, ask)
                else:
                    answer(found, ask, texts.get(ask.form, attacks))
        look(found)
        yield found


def unanswered(here: Site) -> list[Ask]:
    with here.world.engine.store.read() as books:
        answers = books.asks.answers_of_hire("n1")
        return [
            one for one in books.asks.of_hire("n1") if one.id not in answers and here.world.now < one.closes_at
        ]


def answer(found: Lived, ask: Ask, texts: Iterator[str]) -> None:
    """Open the form, choose the first answer of each question, write where one can, and send it."""
    here = found.here
    link = path_of(here.world.engine.links.ask(ask.id, ask.closes_at))
    data: dict[str, str] = {}
    for control in here.see(link).select(".question [name]"):
        name, value = str(control["name"]), str(control.get("value", ""))
        if control.name == "select":
            data[name] = next(str(one["value"]) for one in control.select("option") if one["value"])
        elif control.get("type") in ("radio", "checkbox"):
            data.setdefault(name, value)
        else:
            data[name] = next(texts)
    reply = here.browser.post(link, data=data)
    assert reply.status_code == 200, reply.text
    found.pages[f"thanks for {ask.form}"] = reply.text
    if ask.form not in found.pages:
        found.pages[ask.form] = here.browser.get(f"{link}?change").text
    with here.world.engine.store.read() as books:
        kept = books.asks.answer_to(ask.id)
    assert kept is not None
    found.kept[ask.id] = dict(kept.values)


def tick(found: Lived, ask: Ask) -> None:
    """Tick the first task of a list, once."""
    if ask.id in found.ticked:
        return
    found.ticked.add(ask.id)
    here = found.here
    link = path_of(here.world.engine.links.ask(ask.id, ask.closes_at))
    button = here.see(link).select_one("[name=list-task]")
    assert button is not None
    reply = here.browser.post(link, data={"list-task": str(button["value"]), "list-done": "yes"})
    assert reply.status_code == 303, reply.text
    found.pages[ask.form] = here.browser.get(link).text


def look(found: Lived) -> None:
    """Visit every page that there is after ninety days."""
    here, links = found.here, found.here.world.engine.links
    with here.world.engine.store.read() as books:
        meeting = books.meetings.of_hire("n1")[0]
    paths = ["/hires", "/hires/n1", "/hires/n1?show=people"]
    paths += [str(one["href"]) for one in here.see("/hires/n1").select('a[href*="week="]')]
    paths += [path_of(links.preferences("n1")), path_of(links.unsubscribe("n1"))]
    paths += [path_of(links.meeting(meeting.id, one)) for one in meeting.people]
    for path in paths:
        found.pages[path] = here.browser.get(path).text


def does_harm(page: BeautifulSoup) -> list[str]:
    """What a browser would run, fetch or be led astray by."""
    found = [str(one) for one in page.select(", ".join(HARMFUL)) if "charset" not in one.attrs]
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on") or name == "autofocus"]
        found += [str(tag) for name in ("href", "src") if str(tag.get(name, "")).lower().startswith("javascript")]
    return found


@pytest.fixture(scope="module")
def mails(lived: Lived) -> list[tuple[BeautifulSoup, str]]:
    """The HTML and the text of every mail that repeats what somebody wrote."""
    letters = [one for one in lived.here.world.mail.letters if "alert(" in one.text or LINES["he"] in one.text]
    return [(parsed(one.html), one.text) for one in letters]


@pytest.mark.slow
def test_nothing_that_somebody_wrote_is_ever_run_fetched_or_a_link(
    lived: Lived, mails: list[tuple[BeautifulSoup, str]]
) -> None:
    assert {ask.split("/")[2] for ask in lived.kept} >= {"hire", "buddy", "peer", "manager", "mentor"}
    assert len(mails) > 50
    for name, html in lived.pages.items():
        assert does_harm(parsed(html)) == [], name
    for page, text in mails:
        assert does_harm(page) == [], text
        assert not page.select('a[href*="evil.example.com"], h1:-soup-contains("not a heading")'), text


@pytest.mark.slow
def test_words_reach_their_readers_as_they_were_written_and_no_mark_turns_the_text_around_them(
    mails: list[tuple[BeautifulSoup, str]],
) -> None:
    html, card = next((page.get_text(), text) for page, text in mails if LINES["he"] in text)
    for line in (*LINES.values(), *SIGNS.values()):
        written = unicodedata.normalize("NFC", line)
        assert f"\n> {written}\n" in card
        assert written in html
    html, card = next((page.get_text(), text) for page, text in mails if clean(ATTACKS[-1]) in text)
    for line in "\n".join(ATTACKS).split("\n"):
        assert f"\n> {clean(line)}\n" in card
        assert clean(line) in html
    assert not any(sign in text or sign in str(page) for page, text in mails for sign in TURNS)


@pytest.mark.slow
def test_each_line_of_each_language_comes_back_from_the_ledger_and_the_form(lived: Lived) -> None:
    written = [str(values["note"]) for ask, values in lived.kept.items() if "/peer/" in ask]
    for line in (*LINES.values(), *SIGNS.values()):
        assert any(unicodedata.normalize("NFC", line) in note.split("\n") for note in written), line
    shown = parsed(lived.pages["peer_note"]).textarea
    assert shown is not None
    assert shown.get_text().lstrip("\n") in written


@pytest.mark.slow
def test_words_of_people_run_in_their_own_direction_in_mails_and_pages(
    lived: Lived, mails: list[tuple[BeautifulSoup, str]]
) -> None:
    quotes = [one for page, _ in mails for one in page.select("blockquote")]
    assert {one.get("dir") for one in quotes} == {"auto"}
    assert any("ليلى" in one.get_text() for page, _ in mails for one in page.select("span[dir=auto]"))
    for name in ("profile", "peer_note", "check_in_30"):
        controls = parsed(lived.pages[name]).select("textarea, input[type=text]")
        assert {one["dir"] for one in controls} == {"auto"}
    assert parsed(lived.pages["/hires/n1"]).select("h1 bdi")


@pytest.mark.slow
def test_every_page_is_small_after_ninety_days(lived: Lived) -> None:
    sizes = {name: len(html.encode()) for name, html in lived.pages.items()}
    assert {name: size for name, size in sizes.items() if size >= LARGEST} == {}
    assert {"profile", "check_in_90", "first_work_item", "buddy_yes"} <= set(sizes)
    assert len([name for name in sizes if "week=" in name]) > 15
