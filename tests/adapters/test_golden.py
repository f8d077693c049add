"""Do invitations leave each mailer exactly as they did, to the byte?

After a change that is meant: `python -m tests.golden`, and read the difference.
"""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import vobject

from onboarding.adapters.mailers import FolderMailer, SendGridMailer, SmtpMailer
from tests.golden import AFTER, BEFORE, FOLDER, files, letters
from tests.sinks import SendGridSink, SmtpSink

KEY = "SG.a-key-for-the-golden-files"


@pytest.mark.parametrize("name", letters())
def test_the_folder_holds_these_bytes(name: str, tmp_path: Path) -> None:
    outcome = FolderMailer(tmp_path).send(letters()[name])
    assert (tmp_path / outcome.provider_id).read_bytes() == (FOLDER / f"{name}.eml").read_bytes()


def test_an_smtp_server_gets_the_same_bytes() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        for letter in letters().values():
            mailer.send(letter)
        mailer.close()
        assert [one.content for one in sink.received] == [
            (FOLDER / f"{name}.eml").read_bytes() for name in letters()
        ]


def test_sendgrid_gets_this_json() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        for letter in letters().values():
            mailer.send(letter)
        mailer.close()
        got = [json.dumps(one, ensure_ascii=False, indent=1).encode() + b"\n" for one in sink.received]
    assert got == [(FOLDER / f"{name}.json").read_bytes() for name in letters()]


def test_there_is_no_golden_file_too_many() -> None:
    assert {one.name for one in FOLDER.iterdir()} == set(files())


@pytest.mark.parametrize(
    ("name", "method", "starts_at"),
    [("request", "REQUEST", BEFORE), ("update", "REQUEST", AFTER), ("cancel", "CANCEL", AFTER)],
)
def test_what_lies_there_is_read_by_others_as_it_was_meant(name: str, method: str, starts_at: object) -> None:
    message = message_from_bytes((FOLDER / f"{name}.eml").read_bytes(), policy=policy.default)
    shown, attached = [
        part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics")
    ]
    assert shown["Content-Type"].params["method"] == method
    assert shown.get_payload(decode=True) == attached.get_payload(decode=True)
    octets = shown.get_payload(decode=True)
    assert isinstance(octets, bytes)
    calendar = vobject.readOne(octets.decode("utf-8"))
    assert (calendar.method.value, calendar.vevent.dtstart.value) == (method, starts_at)
