"""How many due messages leave a second, through ledger, renderer and SMTP, to a sink on loopback?"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from onboarding.adapters.mailers import SmtpMailer
from onboarding.adapters.mailers.mime import to_bytes
from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.mail import Letter
from onboarding.services.dispatching import run_due
from tests.benchmarks.measuring import Measure, rate, timed
from tests.worlds import WORDS, World, at, record, world

HIRES = 400
DUE = at("2026-12-14 02:00")
SINK = """
import time
from tests.sinks.smtp import SmtpSink
with SmtpSink() as sink:
    print(sink.port, flush=True)
    time.sleep(3600)
"""


@contextmanager
def sink() -> Iterator[int]:
    """An SMTP sink in a process of its own, so that it takes none of our time; yields its port."""
    child = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield int(child.stdout.readline())
    finally:
        child.kill()
        child.wait()


def dispatch() -> list[Measure]:
    """The profile question of 400 hires falls due in the same minute."""
    with sink() as port, tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ledger.db"
        migrate(url)
        with world(store=SqlStore(url), mailer=SmtpMailer(f"smtp://127.0.0.1:{port}")) as here:
            _enrol(here)
            ours = timed(lambda: run_due(here.engine, DUE))
        with world() as here:
            floor = _floor(here, port)
    return [rate("dispatch", HIRES, ours, floor, "messages/s")]


def _enrol(here: World) -> None:
    for number in range(HIRES):
        here.enrol(id=f"h{number}", work_email=f"h{number}@example.com", personal_email=f"h{number}@example.org")


def _floor(here: World, port: int) -> float:
    """The same letters: rendered, built and sent in a bare loop over one connection."""
    here.enrol()
    mail = here.mail
    here.now = DUE
    run_due(here.engine, DUE)
    letter = mail.letters[0]
    fields = _fields()

    def loop() -> None:
        with smtplib.SMTP("127.0.0.1", port) as server:
            for _ in range(HIRES):
                _send(server, letter, fields)

    return timed(loop)


def _fields() -> dict[str, object]:
    """Values for the same message; the floor reads nothing from a database."""
    hire = record()
    person = {"name": "Amihan Quill", "first_name": "Amihan", "job_title": "Designer", "location": "Manila"}
    soon = DUE + timedelta(days=8)
    return {
        "company": {"name": "Lighthouse Ltd", "hr_email": "people@example.com"},
        "you": {"name": "Amihan Quill", "first_name": "Amihan"},
        "hire": {
            **person,
            "team": "",
            "department": hire["department"],
            "email": "",
            "interests": [],
            "start_date": "4",
        },
        "ask": {
            "url": "https://example.com/x",
            "title": "T",
            "deadline": str(soon),
            "minutes": 3,
            "readers": "HR",
        },
        **{
            role: {**person, "department": "", "email": ""}
            for role in ("manager", "buddy", "partner", "work_partner")
        },
        "mentor": {**person, "department": "", "email": ""},
        "preferences_url": "",
    }


def _send(server: smtplib.SMTP, letter: Letter, fields: dict[str, object]) -> None:
    words = WORDS.message("profile", "hire", "en", fields)
    built = Letter(
        number=letter.number,
        message_id=letter.message_id,
        sender=letter.sender,
        to=letter.to,
        subject=words.subject,
        html=words.html,
        text=words.text,
        date=letter.date,
    )
    server.sendmail(letter.sender.email, [letter.to.email], to_bytes(built))
