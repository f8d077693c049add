"""Does `onboarding source check` show what a message would become, and touch nothing?"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from onboarding.cli.source import source
from onboarding.domain.errors import BadRecord, BadSettings, NotFound

SECRET = "a-secret-of-ours"
ACME = """
[acme.authentication]
kind = "signature"
header = "X-Sign"
signed = "{timestamp}.{body}"
timestamp_header = "X-Time"
window = "5 minutes"

[acme.event]
name = "event"
created = "hired"
updated = "changed"
withdrawn = "left"
known = "synced"
external_id = "person.id"
delivery_id = "header:X-Id"

[acme.handshake]
bodies = "ping"

[acme.person]
full_name = "person.name"
work_email = "person.mail"
start_date = "person.start"
country = "person.country"
location = "person.office"
team = ["person.team", "person.squad"]
"""
OTHER = ACME.replace("acme", "other")
PERSON = {
    "id": 7,
    "name": "Reyes, Amihan",
    "mail": "ami@example.com",
    "start": "2027-01-04",
    "country": "Philippines",
    "salary": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A folder with files, and the command run in it."""

    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def check(self, sample: object, *more: str, text: str = ACME) -> Result:
        body = sample if isinstance(sample, bytes) else json.dumps(sample).encode()
        files = [str(self.write("sources.toml", text)), "--sample", str(self.write("sample.json", body))]
        return CliRunner().invoke(source, ["check", *files, *more], terminal_width=200)

    def tree(self, sample: object, *more: str, text: str = ACME) -> dict[str, Any]:
        found = self.check(sample, "--json", *more, text=text)
        tree: dict[str, Any] = json.loads(found.stdout)
        return tree

    def signed(self, body: bytes, second: str = "1700000000") -> list[str]:
        digest = hmac.new(SECRET.encode(), second.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = self.write("headers.txt", f"X-Sign: {digest}\nx-time: {second}\nX-Id: d-9\nno header at all\n")
        return ["--headers", str(headers), "--secret-file", str(self.write("secret.txt", f"{SECRET}\n"))]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONBOARDING_OFFICE_ZONES", '{"Lisboa": "Europe/Lisbon"}')
    monkeypatch.setenv("COLUMNS", "150")
    return Desk(folder=tmp_path)


def message(told: str = "hired", **more: object) -> dict[str, object]:
    return {"event": told, "person": {**PERSON, **more}}


def test_each_field_is_shown_with_where_it_came_from(desk: Desk) -> None:
    found = desk.check(message())
    assert found.exit_code == 0, found.output
    lines = [" ".join(line.split()) for line in found.output.splitlines()]
    for line in (
        "event hired (event) means created",
        "person 7 (person.id)",
        "kept 6 of 7 values of the body; the others never reach the disk",
        "first_name person.name, split Amihan",
        "country person.country, as a code PH",
        "time_zone the only zone of PH Asia/Manila",
        "team person.team or person.squad nothing there",
        "Would become the hire acme-7.",
    ):
        assert line in lines, found.output
    assert any(line.startswith("Not mapped: preferred_name, personal_email") for line in lines)


def test_nothing_is_written(desk: Desk) -> None:
    desk.check(message())
    assert sorted(file.name for file in desk.folder.iterdir()) == ["sample.json", "sources.toml"]


def test_what_is_missing_is_listed_and_the_command_ends_with_1(desk: Desk) -> None:
    found = desk.check(message(mail="", start="soon", country="United States"))
    assert found.exit_code == 1
    assert "Would go to review:" in found.output
    assert "- work_email or personal_email is needed" in found.output
    assert "- start_date must be written as year-month-day" in found.output
    assert "- time_zone is missing: map it under [person]" in found.output


def test_offices_of_the_settings_count(desk: Desk) -> None:
    tree = desk.tree(message(country="", office="Lisboa"))
    zone = next(one for one in tree["entries"][0]["fields"] if one["field"] == "time_zone")
    assert (zone["from"], zone["value"]) == ("the zone of the office", "Europe/Lisbon")


def test_programs_get_json(desk: Desk) -> None:
    tree = desk.tree(message())
    assert (tree["source"], tree["outcome"], tree["kept_values"], tree["values"]) == ("acme", "understood", 6, 7)
    (entry,) = tree["entries"]
    assert (entry["means"], entry["external_id"], entry["mistakes"]) == ("hire.created", "7", [])
    assert {"field": "team", "from": "person.team or person.squad", "value": None} in entry["fields"]
    assert desk.tree(message(mail=""))["outcome"] == "review"


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ("changed", "Would change country, first_name, last_name, start_date, time_zone, work_email of acme-7."),
        ("left", "Would end the journey of acme-7."),
        ("synced", "Would become acme-7: a hire when the first day is near, else a colleague."),
        ("invoice", "Nothing to do: an event that the declaration does not list (event)."),
    ],
)
def test_every_outcome_is_a_sentence(desk: Desk, told: str, outcome: str) -> None:
    found = desk.check(message(told))
    assert (found.exit_code, outcome in found.output) == (0, True), found.output


def test_a_right_signature_is_right_however_old_the_sample_is(desk: Desk) -> None:
    body = json.dumps(message()).encode()
    found = desk.check(body, *desk.signed(body))
    assert found.exit_code == 0
    assert "signature    right" in found.output
    assert f"delivery id  {hashlib.sha256(b'acme' + bytes(1) + body).hexdigest()}" in found.output


def test_a_wrong_signature_ends_with_1(desk: Desk) -> None:
    body = json.dumps(message()).encode()
    found = desk.check(body + b"\n", *desk.signed(body))
    assert found.exit_code == 1
    assert "wrong: no signature matches; the sample must be byte for byte as it came" in found.output
    desk.write("bare.json", '{"X-Time": 7}')
    bare = desk.check(
        body, "--headers", str(desk.folder / "bare.json"), "--secret-file", str(desk.folder / "secret.txt")
    )
    assert "wrong: the header x-sign is missing" in bare.output


def test_a_handshake_is_named(desk: Desk) -> None:
    found = desk.check(b"ping")
    assert (found.exit_code, "A handshake: it is answered at once" in found.output) == (0, True)
    assert desk.tree(b"ping")["outcome"] == "handshake"


@pytest.mark.parametrize("body", [b"", b"no json", b"[1, 2]", b"3"])
def test_a_body_that_cannot_be_read_goes_to_review(desk: Desk, body: bytes) -> None:
    found = desk.check(body)
    assert (found.exit_code, "Traceback" in found.output) == (1, False)


def test_entries_of_a_batch_are_shown_one_after_the_other(desk: Desk) -> None:
    text = ACME.replace('name = "event"', 'name = "body:event"\nbatch = "all"')
    found = desk.check(
        {"event": "hired", "all": [{"person": PERSON}, {"person": {**PERSON, "id": ""}}]}, text=text
    )
    assert found.exit_code == 1
    assert "Entry 1 of 2" in found.output
    assert "Entry 2 of 2" in found.output
    assert "external_id is missing (nothing at person.id)" in found.output


THIN = ACME.replace('country = "person.country"', 'country = "who:country"') + (
    '[acme.fetch.who]\nurl = "https://api.example.com/{person.id}"\n'
)


def test_a_thin_message_asks_for_a_sample_of_the_answer(desk: Desk) -> None:
    found = desk.check(message(), text=THIN)
    assert found.exit_code == 1
    assert "--answer who=FILE.json" in found.output
    assert desk.tree(message(), text=THIN)["needs_answers"] == ["who"]
    answer = desk.write("answer.json", '{"country": "KE"}')
    assert desk.check(message(), "--answer", f"who={answer}", text=THIN).exit_code == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("me=x.json", 'unknown "me"; allowed: who'),
        ("who", "--answer is NAME=FILE"),
        ("who=nowhere.json", "there is no file nowhere.json"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(desk: Desk, given: str, sentence: str) -> None:
    found = desk.check(message(), "--answer", given, text=THIN)
    assert (found.exit_code, sentence in found.output) == (2, True), found.output
    assert "this source asks nothing back" in desk.check(message(), "--answer", "who=x").output


def test_one_of_several_sources_is_chosen_by_name(desk: Desk) -> None:
    both = ACME + OTHER
    assert "say which one with --source: acme, other" in desk.check(message(), text=both).output
    assert "Source other" in desk.check(message(), "--source", "other", text=both).output
    wrong = desk.check(message(), "--source", "othr", text=both)
    assert isinstance(wrong.exception, NotFound)
    assert "did you mean other?" in str(wrong.exception)


def test_mistakes_of_the_file_and_unreadable_files_are_sentences(desk: Desk) -> None:
    assert isinstance(desk.check(message(), text="[acme]").exception, BadSettings)
    headers = desk.write("headers.txt", b"\xff\xfe")
    assert isinstance(desk.check(message(), "--headers", str(headers)).exception, BadRecord)


def test_a_value_cannot_play_with_the_terminal(desk: Desk) -> None:
    nasty = "\x1b[2J\u202eevil\ud800"
    found = desk.check(message(team=nasty, squad={"a": 1}, id=nasty))
    assert "\x1b[2J" not in found.output
    assert desk.check(message(team=nasty * 9, mail=["a", "b"], country={})).exit_code == 1
    assert "\\u001b" not in json.dumps(desk.tree(message(team=nasty)))
