from __future__ import annotations

import tomllib
from datetime import time

import pytest

from onboarding.domain.errors import BadWords
from onboarding.domain.people import WorkingHours
from onboarding.domain.people_team import Named, PeopleTeam
from onboarding.domain.people_team_file import KEYS, read_people_team
from onboarding.domain.tables import unknown
from tests.worlds import BERLIN, MANILA, person

FILE = "people_team.toml"

WHOLE = """
[berlin_sales]
location = "Berlin"
department = "Sales"
tell = "emp-7"
second = "head@example.com"

[germany]
country = "de"
tell = "people-de@example.com"
name = "People team Germany"
language = "de"
time_zone = "Europe/Berlin"
hours = "08:30 - 16:30"
holidays = "DE-BE"

[rest]
tell = "people-rest@example.com"
"""


def read(text: str) -> PeopleTeam:
    return read_people_team(FILE, tomllib.loads(text))


def test_the_first_table_that_fits_names_who_is_told() -> None:
    team = read(WHOLE)
    parts = [
        team.part_of(person("n1", BERLIN, department="sales")),
        team.part_of(person("n1", BERLIN)),
        team.part_of(person("n1", MANILA)),
    ]
    assert [one.tell for one in parts if one] == [
        Named(person_id="emp-7"),
        Named(
            email="people-de@example.com",
            name="People team Germany",
            language="de",
            time_zone="Europe/Berlin",
            country="DE",
            subdivision="BE",
            hours=WorkingHours(start=time(8, 30), end=time(16, 30)),
        ),
        Named(email="people-rest@example.com"),
    ]
    assert [one.second for one in parts if one] == [Named(email="head@example.com"), None, None]


def test_without_a_table_that_fits_nobody_is_named() -> None:
    assert read('[x]\ncountry = "PT"\ntell = "a@example.com"').part_of(person("n1", MANILA)) is None
    assert read("").part_of(person("n1", MANILA)) is None


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("x = 1", "x must be a table that begins with [x]"),
        ("[x]", "[x]: tell is missing; it is an e-mail address, or the id of a person"),
        (
            '[x]\ntell = "a b"',
            "[x]: tell must have 1 to 64 characters, each a letter a-z, a digit, a dot, a hyphen or an underscore",
        ),
        ('[x]\ntell = "a@b@c, d"', "[x]: tell is not an e-mail address that can be written to"),
        (
            '[x]\ntell = "a@example.com"\ncountry = "Germany"',
            "[x]: country must be a two-letter country code of ISO 3166-1, such as DE",
        ),
        (
            '[x]\ntell = "a@example.com"\ntime_zone = "Europe/Lisboa"',
            "[x]: time_zone must be an IANA time zone such as Europe/Berlin; did you mean Europe/Lisbon?",
        ),
        (
            '[x]\ntell = "a@example.com"\nhours = "17-9"',
            '[x]: hours must be two times of day such as "09:00-17:00"',
        ),
        (
            '[x]\ntell = "a@example.com"\nhours = "17:00-09:00"',
            '[x]: hours must be two times of day such as "09:00-17:00"',
        ),
        (
            '[x]\ntell = "a@example.com"\nholidays = "XX"',
            "[x]: holidays must be a two-letter country code of ISO 3166-1, such as DE",
        ),
        (
            '[x]\ntell = "emp-7"\nhours = "09:00-17:00"',
            "[x]: hours: the directory says this of a person; write it for an address",
        ),
        ('[x]\ntell = "a@example.com"\nsecnd = "b"', f"[x]: {unknown('secnd', KEYS)}"),
        (
            '[a]\ntell = "a@example.com"\n[b]\ncountry = "DE"\ntell = "b@example.com"',
            "[b]: nobody is left for it: a table above is for all of the same newcomers",
        ),
    ],
)
def test_every_slip_is_named(text: str, mistake: str) -> None:
    with pytest.raises(BadWords) as refused:
        read(text)
    sign = ": " if mistake.startswith("x must") else ", "
    assert list(refused.value.mistakes) == [f"{FILE}{sign}{mistake}"]


def test_the_examples_of_the_shipped_file_can_be_used() -> None:
    from onboarding import paths  # noqa: PLC0415 -- only this test reads the file

    lines = (paths.shipped_templates() / FILE).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("# ["))
    assert len(read("\n".join(line.removeprefix("# ") for line in lines[start:])).parts) == 2
