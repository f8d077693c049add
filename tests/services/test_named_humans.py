"""Who is told of a newcomer: whoever HR named, never somebody of their own line of managers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from onboarding.domain.people import Person, Role
from onboarding.ports import Books
from onboarding.services import named_humans, reviewing
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, Engine
from tests.templates_folder import words_with
from tests.worlds import BERLIN, CHICAGO, MANILA, at, person, world

PEOPLE = [
    person("boss", BERLIN),
    person("lead", BERLIN, manager_id="boss"),
    person("n1", BERLIN, manager_id="lead", department="Sales"),
    person("below", BERLIN, manager_id="n1"),
    person("ines", MANILA, language="es", first_name="Inês"),
    person("gone", MANILA, active=False),
]


@dataclass
class Asked:
    """A company whose file names somebody."""

    engine: Engine
    books: Books
    directory: Directory

    def first(self, newcomer: str = "n1") -> str:
        """The address of who is told of somebody."""
        return named_humans.first(self.engine, self.directory, self.known(newcomer)).work_email

    def second(self, newcomer: str = "n1") -> str:
        """The address of who is told then."""
        return named_humans.second(self.engine, self.directory, self.known(newcomer)).work_email

    def known(self, person_id: str) -> Person:
        """Somebody of the directory."""
        found = self.directory.get(person_id)
        assert found is not None
        return found


@contextmanager
def asked(folder: Path, file: str, **company: str) -> Iterator[Asked]:
    with world(people=PEOPLE, words=words_with(folder, {"people_team.toml": file})) as here:
        engine = replace(here.engine, company=replace(here.engine.company, **company))  # type: ignore[arg-type]  # texts only
        with engine.store.read() as books:
            yield Asked(engine, books, Directory(books))


COMMON, HEAD = "people@example.com", "head@example.com"


@pytest.mark.parametrize(
    ("file", "first", "second"),
    [
        ("", COMMON, COMMON),
        ('[x]\ncountry = "PH"\ntell = "ines"', COMMON, COMMON),  # not for this newcomer
        ('[x]\ndepartment = "Sales"\ntell = "ines"', "ines@example.com", COMMON),
        ('[x]\ntell = "ines"\nsecond = "head@example.com"', "ines@example.com", HEAD),
        ('[x]\ntell = "de@example.com"\nsecond = "ines"', "de@example.com", "ines@example.com"),
        ('[x]\ntell = "lead"', COMMON, COMMON),  # the manager
        ('[x]\ntell = "boss@example.com"', COMMON, COMMON),  # the manager's manager, by address
        ('[x]\ntell = "below"\nsecond = "lead"', COMMON, COMMON),
        ('[x]\ntell = "n1"', COMMON, COMMON),  # the newcomer
        ('[x]\ntell = "gone"\nsecond = "nobody-here"', COMMON, COMMON),
        ('[x]\ntell = "Gone@example.com"\nsecond = "head@example.com"', COMMON, HEAD),  # has left, by address
        ('[x]\ntell = "ines"\nsecond = "gone@example.com"', "ines@example.com", COMMON),
        (
            '[x]\ntell = "ines"\nsecond = "Ines@example.com"',
            "ines@example.com",
            COMMON,
        ),  # nobody is second to themselves
        ("[", COMMON, COMMON),  # a slip in the file silences nobody
    ],
)
def test_who_is_told_and_who_then(tmp_path: Path, file: str, first: str, second: str) -> None:
    with asked(tmp_path, file) as here:
        assert (here.first(), here.second()) == (first, second)


def test_the_company_names_a_second_human_for_everybody_else(tmp_path: Path) -> None:
    with asked(
        tmp_path,
        '[x]\ncountry = "PH"\ntell = "ines"\nsecond = "head@example.com"',
        escalation_email="lead@example.com",
    ) as here:
        assert here.second("n1") == COMMON  # the newcomer's manager is passed over
        assert here.second("boss") == COMMON
        assert here.second("ines") == HEAD
    with asked(tmp_path, "", escalation_email="gone@example.com") as here:
        assert here.second("n1") == COMMON
        items = reviewing.collect(here.engine, here.books, at("2027-01-04 08:00"))
        assert [one.text.partition(",")[0] for one in items if one.id == "people_team"] == [
            "ONBOARDING_ESCALATION_EMAIL names gone@example.com"
        ]
    with asked(tmp_path, "", escalation_email=HEAD) as here:
        assert (here.first(), here.second()) == (COMMON, HEAD)


@pytest.mark.parametrize(
    ("file", "known"),
    [
        (
            '[x]\ntell = "ines"',
            {"name": "Inês Example", "time_zone": "Asia/Manila", "country": "PH", "language": "es"},
        ),
        (
            '[x]\ntell = "a@example.com"',
            {"name": "People Team", "time_zone": "Europe/Berlin", "country": "DE", "subdivision": "BE"},
        ),
        (
            (
                '[x]\ntell = "a@example.com"\nname = "Team PT"\nlanguage = "pt"'
                '\ntime_zone = "Europe/Lisbon"\nholidays = "PT"'
            ),
            {
                "name": "Team PT",
                "time_zone": "Europe/Lisbon",
                "country": "PT",
                "subdivision": "",
                "language": "pt",
            },
        ),
    ],
)
def test_their_zone_days_off_and_language_count(tmp_path: Path, file: str, known: Mapping[str, str]) -> None:
    with asked(tmp_path, file, country="DE", subdivision="BE") as here:
        told = named_humans.first(here.engine, here.directory, here.known("n1"))
    assert {key: getattr(told, key) for key in known} == known
    assert (told.id, told.personal_email) == (HR_ID, "")


@pytest.mark.parametrize(
    ("reader", "role", "may"),
    [
        (COMMON, Role.HR, True),
        ("ines@example.com", Role.HR, True),
        ("lead@example.com", Role.HR, False),  # HR's address is the manager's own
        ("boss@example.com", Role.HR, False),
        ("ines@example.com", Role.MANAGER, False),
    ],
)
def test_private_answers_are_for_hr_and_never_for_the_line_of_managers(
    tmp_path: Path,
    reader: str,
    role: Role,
    may: bool,  # noqa: FBT001 -- a parameter of the table
) -> None:
    with asked(tmp_path, "") as here:
        told = person(HR_ID, CHICAGO, work_email=reader)
        assert named_humans.reads_private(here.directory, here.known("n1"), told, role) is may


def test_the_review_names_who_cannot_be_told_and_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    def said(file: str) -> list[str]:
        with asked(tmp_path, file) as here:
            items = reviewing.collect(here.engine, here.books, at("2027-01-04 08:00"))
            return [one.text for one in items if one.id == "people_team"]

    assert said('[x]\ntell = "gone"\nsecond = "emp-9"') == [
        f"people_team.toml names {one}, who is not here or has no address: somebody else is told instead"
        for one in ("gone", "emp-9")
    ]
    assert said('[x]\ntell = "Gone@example.com"\nsecond = "new-here@example.com"') == [
        "people_team.toml names Gone@example.com, who is not here or has no address: somebody else is told instead"
    ]
    assert said('[x]\ntell = "ines@example.com"') == []
    assert said('[x]\ntel = "ines"')[0].startswith("the common address is told instead: people_team.toml, [x]")
