"""Is what a newcomer took back in nothing that anybody reads from then on: page, mail, command, log or file?"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.coffee import Round, RoundState, Seat, SeatState
from onboarding.domain.delivery import State
from onboarding.domain.mail import Letter
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import feeds, photos
from onboarding.services.engine import Engine
from tests.cli.spoken import Spoken
from tests.portraits import photo
from tests.sites import Site, path_of, site
from tests.worlds import LATE, MANILA, at, person

ORCHIDS = "I water the orchids of my neighbour"
BEGUN = "I draw boats at night"
FIRST = "I look onto the roof of the fish market"
SECRETS = (ORCHIDS, BEGUN, FIRST, "Zaphira", "Tagalog", "both like books", "both like hiking")
"""The answers, those of an earlier version and of a draft among them, and reasons that name them."""

COLLEAGUES = [
    person("boss", MANILA, department="Leadership", job_title="Chief executive"),
    person("manila-lead", MANILA, manager_id="boss", job_title="Lead"),
    *(
        person(one, MANILA, manager_id="manila-lead", interests=("hiking", "books"), department=department)
        for one, department in (("maria", "Product"), ("jo", "Care"), ("ines", "Sales"), ("pia", "Finance"))
    ),
]
COFFEE_DAY = date(2026, 12, 28)
MOST_PAGES = 400
EVERYBODY = ("n1", *(one.id for one in COLLEAGUES))


@pytest.fixture
def onboarding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> Spoken:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONBOARDING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "220")
    return Spoken(capsys, monkeypatch, sqlite_url)


def _live(here: Site) -> None:
    """The newcomer answers twice, begins a third time, gives a photo and has coffee; peers write."""
    world = here.world
    world.enrol()
    world.walk_to(world.row("profile").due_at)
    link = here.link("profile")
    told = {"called": "Zaphira", "interests": ["books", "hiking"], "languages": "Tagalog"}
    here.browser.post(link, data={**told, "city": FIRST})
    here.browser.post(link, data={**told, "about": ORCHIDS})
    here.browser.post(link, data={"about": BEGUN, "go-on-later": "yes"})
    photos.add(world.engine, "n1", photo(), world.now)
    _have_coffee(here)
    world.hear_yes()
    world.walk_to(at("2026-12-28 08:00"))
    asked = [one for one in world.rows() if one.step == "welcome_notes" and one.state is State.SENT]
    for row in [one for one in asked if one.occasion == "once"]:
        world.answer(row, note=f"Hello from {row.person_id}.")
    world.walk_to(at("2027-01-05 08:00"))


def _have_coffee(here: Site) -> None:
    """A round of the past, and a colleague who gave way, chosen for what the two have in common."""
    now = here.world.now
    with here.world.engine.store.begin() as books:
        books.preferences.put(
            "n1", Preferences(opted_in=frozenset({COFFEE})), by=Teller.PERSON, fields=["opted_in"], now=now
        )
        books.coffee.put(Round(day=COFFEE_DAY, state=RoundState.DRAWN, opened_at=now, draw_at=now))
        reasons = "from two departments, both like hiking and books, you have not met here yet"
        seat = {"day": COFFEE_DAY, "state": SeatState.SEATED, "place": 1, "reasons": reasons}
        books.coffee.put_seats([Seat(person_id=one, **seat) for one in ("n1", "jo")])  # type: ignore[arg-type]  # as above
        books.pairings.put(
            Pairing(
                hire_id="n1", role="mentor", occasion="once", person_id="pia", state=PairingState.DECLINED,
                reasons="both like books, the same team", made_at=now,
            )
        )  # fmt: skip


def _found(text: str) -> list[str]:
    return [one for one in SECRETS if one.casefold() in text.casefold()]


def _pages(here: Site) -> Iterator[tuple[str, str]]:
    """Every page that can be reached from the desk and from the links that people have, with its text."""
    waiting, seen = list(_starts(here)), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        assert len(seen) < MOST_PAGES
        answer = here.browser.get(path)
        yield path, answer.text
        linked = re.findall(r'(?:href|src)="(/[^"#]*)"', answer.text.replace("&amp;", "&"))
        waiting += [one for one in linked if one not in seen]


def _starts(here: Site) -> Iterator[str]:
    engine = here.world.engine
    yield "/hires"
    yield "/mailbox"
    with engine.store.read() as books:
        for one in EVERYBODY:
            for address in (
                engine.links.profile(one, LATE), engine.links.preferences(one), engine.links.unsubscribe(one),
                engine.links.coffee(COFFEE_DAY, one), feeds.address(engine, books, one),
            ):  # fmt: skip
                yield path_of(address)
            yield f"{urlsplit(engine.links.profile(one, LATE)).path}/photo"
        for ask in books.asks.of_hire("n1"):
            yield path_of(engine.links.ask(ask.id, ask.closes_at))
        for meeting in books.meetings.of_hire("n1"):
            yield from (path_of(engine.links.meeting(meeting.id, one)) for one in meeting.people)


def _said(letters: Sequence[Letter]) -> str:
    return "\n".join(
        f"{one.to}{one.reply_to}{one.subject}\n{one.text}\n{one.html}\n{one.invitation}" for one in letters
    )


def _spoken(onboarding: Spoken, folder: Path) -> Iterator[tuple[str, str]]:
    """What every command says that tells of people, in words and in JSON."""
    late = ("--as-of", "2027-03-01T08:00")
    commands = [
        ("hire", "list"), ("hire", "show", "n1"), ("match", "show", "n1", *late), ("match", "nobody", *late),
        ("match", "load", "buddy", *late), ("match", "measures", *late), ("match", "again", "--rehearse", *late),
        ("coffee", "show"), ("coffee", "show", COFFEE_DAY.isoformat()), ("coffee", "round", "--rehearse", *late),
        ("meeting", "list", "--hire", "n1"), ("people", "list"), ("people", "preferences", "n1", *late),
        ("calendar", "list"),
        ("events",), ("replies",), ("review",), ("review", *late),
    ]  # fmt: skip
    for command in commands:
        for form in ((), ("--json",)):
            with_form = (*command, *form)
            yield " ".join(with_form), onboarding(*with_form)
    onboarding("report", "--out", str(folder / "report.html"), *late)
    for file in sorted(one for one in folder.rglob("*") if one.is_file() and "home" not in one.parts):
        if file.suffix in (".html", ".csv", ".txt", ".eml", ".json", ".md"):
            yield str(file), file.read_text(encoding="utf-8", errors="replace")


def _take_everything_back(here: Site, engine: Engine) -> None:
    answer = here.browser.post(f"{path_of(engine.links.profile('n1', LATE))}/take-back", data={"what": "*all"})
    assert answer.headers["location"].endswith("done=taken_back")


@pytest.mark.slow
def test_nobody_reads_anywhere_what_a_newcomer_took_back(
    onboarding: Spoken, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "onboarding")
    with site(people=COLLEAGUES, store=SqlStore(onboarding.url)) as here:
        _live(here)
        engine, mail = here.world.engine, here.world.mail
        assert {one for _, text in _pages(here) for one in _found(text)} >= {ORCHIDS, "Zaphira", "Tagalog"}
        assert {ORCHIDS, "Zaphira"} <= {*_found(_said(mail.letters))}
        assert "both like hiking" in onboarding("coffee", "show", COFFEE_DAY.isoformat())

        _take_everything_back(here, engine)
        sent = len(mail.letters)
        assert [(path, _found(text)) for path, text in _pages(here) if _found(text)] == []
        here.world.walk_to(at("2027-03-01 08:00"))
        assert len(mail.letters) > sent + 20
        later = mail.letters[sent:]
        assert _found(_said(later)) == []
        assert not any(one.pictures for one in later)
        assert [(path, _found(text)) for path, text in _pages(here) if _found(text)] == []
    assert [(what, _found(text)) for what, text in _spoken(onboarding, tmp_path) if _found(text)] == []
    assert _found(caplog.text) == []
    kept = b"".join(
        one.read_bytes() for one in Path(onboarding.url.removeprefix("sqlite:///")).parent.glob("*.db*")
    )
    assert [one for one in SECRETS if one.encode() in kept] == []
