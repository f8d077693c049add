"""Does a name, an address or an answer ever reach Prefect? A story with odd names, then a search in its files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onboarding import bootstrap, paths, settings
from onboarding.domain.errors import Refused
from onboarding.domain.forms import Kind
from onboarding.services import answering
from onboarding.services.engine import Engine
from tests.prefect_server import PrefectServer, environment, prefect_server
from tests.signing import post_standard
from tests.worlds import SECRET, at, directory

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]

NAMES = {
    "first_name": "Zephyrinia",
    "last_name": "Quonklebury",
    "preferred_name": "Zephyrquonk",
    "work_email": "zq-at-work@quonkmail.example.com",
    "personal_email": "zq-at-home@quonkmail.example.org",
    "job_title": "Quonkologist",
}
ANSWER = "quonkfluff is what I like best"
COLLEAGUE = "Wobblequonk"
SAID = {Kind.LONG_TEXT: ANSWER, Kind.TEXT: ANSWER, Kind.SCALE: "1"}
CHOSEN = {"agree": "yes", "met": "yes", "reach": "short"}
SECRETS = [*NAMES.values(), ANSWER, COLLEAGUE]
NOW = at("2026-12-01 08:00")


@contextmanager
def company(home: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A company whose colleagues have an odd family name, and one of whose messages does not render."""
    words = home / "words"
    shutil.copytree(paths.shipped_templates(), words)
    card = words / "messages" / "channels" / "hire.md"
    card.write_text(card.read_text() + "\n{% if hire.first_name > 5 %}never{% endif %}\n")
    said = {
        "ONBOARDING_HOME": str(home),
        "ONBOARDING_DATABASE_URL": url,
        "ONBOARDING_TEMPLATES": str(words),
        "ONBOARDING_WEBHOOK_SECRETS": json.dumps({"standard": SECRET}),
        "ONBOARDING_SECRET_KEY": "a-key-for-tests-only",
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    engine = bootstrap.build(settings.load())
    with engine.store.begin() as books:
        books.people.put_all([replace(one, last_name=COLLEAGUE) for one in directory()])
    yield engine
    engine.close()


class Walk:
    """The real flows in a process of their own, as the runner would run them."""

    def __init__(self, server: PrefectServer) -> None:
        inherited = {name: value for name, value in os.environ.items() if name.startswith("ONBOARDING_")}  # noqa: TID251 -- for a child
        self._child = subprocess.Popen(
            [sys.executable, "-m", "flows.walk"],
            env=environment(server.home) | inherited | {"PREFECT_API_URL": server.api},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, flow: str, moment: datetime) -> str:
        """Run a flow as of a moment; the state it ended in."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"flow": flow, "as_of": moment.isoformat()}) + "\n")
        self._child.stdin.flush()
        return str(json.loads(self._child.stdout.readline())["state"])

    def end(self) -> None:
        """Let it end by itself, so that it hands in all its logs and events."""
        self._child.communicate(timeout=60)


def answer_new(engine: Engine, now: datetime) -> None:
    """Everybody who was asked writes the odd answer wherever words are welcome, and low figures elsewhere."""
    with engine.store.read() as books:
        answered = books.asks.answers_of_hire("n1")
        asks = [ask for ask in books.asks.of_hire("n1") if ask.id not in answered]
    for ask in asks:
        token = engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
        with suppress(Refused):
            form = answering.open_ask(engine, token, now).form
            raw = {one.key: [SAID[one.kind]] for one in form.questions if one.kind in SAID}
            raw |= {key: [value] for key, value in CHOSEN.items() if key in {one.key for one in form.questions}}
            answering.answer(engine, token, raw, now)


def traces(home: Path, words: list[str]) -> list[str]:
    """Where any of these words stands in any file of a Prefect home, write-ahead logs and pickles included."""
    files = [file for file in home.rglob("*") if file.is_file()]
    return [f"{word} in {file.name}" for file in files for word in words if word.encode() in file.read_bytes()]


def test_no_name_address_or_answer_reaches_prefect(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = prefect_server()
    with company(tmp_path, sqlite_url, monkeypatch) as engine:
        post_standard(engine, dict(NAMES), now=NOW, delivery="msg_1")
        post_standard(engine, {**NAMES, "id": "n2", "start_date": NAMES["last_name"]}, now=NOW, delivery="msg_2")
        walk = Walk(server)
        states = [walk.run("enroll-hires", NOW), walk.run("daily-review", NOW)]
        states += days(engine, walk, until=at("2027-01-12 00:00"))
        states += [walk.run("daily-review", at("2027-01-12 00:00"))]
        walk.end()
        with engine.store.read() as books:
            assert any(ANSWER in str(one.values) for one in books.asks.answers_of_hire("n1").values())
    assert "FAILED" in states, "the message that does not render should have failed its run"
    assert states.count("COMPLETED") > 10
    assert traces(server.home, ["n1"]), "the search must find what is there"
    assert traces(server.home, SECRETS) == []


def days(engine: Engine, walk: Walk, *, until: datetime) -> list[str]:
    """Live through every due moment, with answers; the states of the runs."""
    states: list[str] = []
    while True:
        with engine.store.read() as books:
            due = books.deliveries.next_due()
            if due is None or due > until:
                return states
            moment = books.deliveries.due_moments(due, due + timedelta(hours=1))[-1]
        states.append(walk.run("run-due-steps", moment))
        answer_new(engine, moment)
