from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.adapters.calendars.asking import token_of
from onboarding.adapters.calendars.catalogue import KINDS, read_calendars_file, read_calendars_text
from onboarding.domain.errors import BadSettings, Unavailable
from onboarding.domain.free_busy import OWN, Owner
from onboarding.domain.ical.expanding import nobody
from onboarding.domain.people import Person
from onboarding.ports import Served
from tests.domain.calendars import calendar, hours
from tests.sinks.hris import HrisSink

GOOD = """
[berlin]
kind = "caldav"
address = "https://dav.example.com/{email}/calendar/"
locations = ["Berlin"]

[sales]
kind = "graph"
mail_domains = ["sales.example.com"]
mailbox = "reader@example.com"

[inside]
kind = "ics"
address = "http://calendars.intern.example.com:8080/{email}.ics"
trusted_hosts = ["calendars.intern.example.com"]

[own]
trusted_hosts = ["calendars.intern.example.com"]
"""
ACCOUNTS = {"berlin": {"user": "reader", "password": "word"}, "sales": {"token_file": "/run/secrets/graph"}}


def served(text: str, accounts: dict[str, dict[str, str]] | None = None) -> tuple[Served, ...]:
    return read_calendars_text(text, accounts or {}, nobody)


def whose(found: tuple[Served, ...], **person: str) -> str:
    who = Person(id="bo", first_name="Bo", **person)  # type: ignore[arg-type]  # texts only
    return next((one.name for one in found if one.serves(who)), "")


def test_a_person_has_the_first_calendar_that_serves_them() -> None:
    found = served(GOOD, ACCOUNTS)
    assert [(one.name, one.calendars.kind) for one in found] == [
        ("berlin", "caldav"), ("sales", "graph"), ("inside", "ics"), (OWN, "ics"),
    ]  # fmt: skip
    assert whose(found, work_email="bo@example.com", location="berlin") == "berlin"
    assert whose(found, work_email="bo@Sales.example.com", location="Oslo") == "sales"
    assert whose(found, work_email="bo@example.com", location="Oslo") == "inside"
    assert whose(found, work_email="", location="Berlin") == ""


def test_without_a_file_only_addresses_of_ones_own_are_asked(tmp_path: Path) -> None:
    assert [one.name for one in read_calendars_file(tmp_path / "calendars.toml", {}, nobody)] == [OWN]


@pytest.mark.parametrize(
    ("text", "accounts", "mistake"),
    [
        ("[a", {}, "is not TOML"),
        ("a = 1", {}, "stands outside of a calendar"),
        ("[A]\nkind = 'ics'\naddress = 'https://x.example.com/'", {}, "small letters"),
        ("[a]\nkind = 'exchange'\naddress = 'https://x.example.com/'", {}, "allowed: caldav, ics, google, graph"),
        ("[a]\naddress = 'https://x.example.com/'", {}, "kind is missing"),
        ("[a]\nkind = 'ics'", {}, "address is missing"),
        ("[a]\nkind = 'ics'\naddress = 'http://x.example.com/'", {}, "https://"),
        ("[a]\nkind = 'ics'\naddress = 'https://x.example.com:8443/'", {}, "without a port"),
        ("[a]\nkind = 'ics'\naddress = 'https://{email}/x'", {}, "{email} comes after it"),
        ("[a]\nkind = 'ics'\naddress = 'https://me:word@x.example.com/'", {}, "name of a server"),
        ("[a]\nkind = 'ics'\naddress = 'https://x.example.com/{name}'", {}, "no other braces"),
        ("[a]\nkind = 'ics'\naddress = 'https://x.example.com/'\nadress = ''", {}, "did you mean address"),
        ("[a]\nkind = 'ics'\naddress = 'https://x.example.com/'\nlocations = 'Berlin'", {}, "a list of texts"),
        ("[a]\nkind = 'google'", {}, "must have: token; or token_file"),
        ("[a]\nkind = 'google'", {"a": {"token": "x", "user": "y"}}, "must have: token; or token_file"),
        ("[a]\nkind = 'google'\nmailbox = 'x'", {"a": {"token": "x"}}, "mailbox is for kind graph only"),
        ("[a]\nkind = 'google'", {"a": {"token": "line\nbreak"}}, "do not fit into a header"),
        ("[a]\nkind = 'caldav'\naddress = 'https://x.example.com/'", {"a": {"user": "x"}}, "password and user"),
        ("[own]\nkind = 'ics'", {}, "allowed: trusted_hosts"),
        ("", {"gone": {"token": "x"}}, "there is no [gone] in calendars.toml"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text: str, accounts: dict[str, dict[str, str]], mistake: str) -> None:
    with pytest.raises(BadSettings) as refused:
        served(text, accounts)
    assert mistake in str(refused.value)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as refused:
        served("[a]\nkind = 'ics'\n[b]\nkind = 'graph'\nsize = 1")
    assert len(refused.value.problems) == 3


def test_no_secret_is_in_a_mistake() -> None:
    with pytest.raises(BadSettings) as refused:
        served("[a]\nkind = 'google'", {"a": {"token": "very secret", "password": "very secret"}})
    assert "very secret" not in str(refused.value)


def test_every_kind_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "calendars.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'kind = "{kind}"' not in page] == []


def test_a_token_is_read_from_its_file_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    account = {"token_file": str(file)}
    with pytest.raises(Unavailable, match="cannot be read"):
        token_of(account)
    for token in ("first", "second"):
        file.write_text(f"{token}\n", encoding="ascii")
        assert token_of(account) == token
    for wrong in ("", "two words", "caf\x07"):
        file.write_text(wrong, encoding="ascii")
        with pytest.raises(Unavailable, match="holds none"):
            token_of(account)
    assert token_of({"token": "fixed"}) == "fixed"
    assert token_of({}) == ""


def test_an_account_is_shown_to_its_own_server() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/bo@example.com.ics", calendar())
        text = f'[a]\nkind = "ics"\naddress = "{sink.url}/{{email}}.ics"\ntrusted_hosts = ["127.0.0.1"]\n'
        for account in ({"user": "u", "password": "p"}, {"token": "t"}, {}):
            one, _ = served(text, {"a": account})
            bo = Owner(person_id="bo", emails=("bo@example.com",), zone="UTC")
            assert one.calendars.read([bo], hours("2027-03-22"), hours("2027-03-23"))["bo"].why == ""
            one.calendars.close()
        shown = [asked.headers.get("authorization") for asked in sink.asked]
    assert shown == ["Basic dTpw", "Bearer t", None]
