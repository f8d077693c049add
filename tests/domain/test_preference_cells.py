"""Do cells say on which terms somebody may be matched?"""

from __future__ import annotations

from datetime import date

import pytest

from onboarding.domain.preferences import NOTHING_SAID, PROGRAMMES, Away, Preferences
from onboarding.domain.record import PERSON_NEEDS
from onboarding.domain.sheets.people_file import Entry, PeopleFile, read_people

TODAY = date(2027, 1, 1)


def read(**cells: str) -> PeopleFile:
    row = {"id": "a", "first name": "Ann", "email": "ann@example.com", "time zone": "Europe/Berlin", **cells}
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in row.values()]
    return read_people(f"{','.join(row)}\n{','.join(quoted)}\n", needs=PERSON_NEEDS, today=TODAY)


def entry(**cells: str) -> Entry:
    file = read(**cells)
    assert file.refused == ()
    (found,) = file.entries
    return found


WEEK = Away(first=date(2027, 1, 4), last=date(2027, 1, 8))
SAID = [
    ({"opt in": "coffee; Mentorin"}, Preferences(opted_in=frozenset({"coffee", "mentor"}))),
    ({"Participa en": "café"}, Preferences(opted_in=frozenset({"coffee"}))),
    ({"opt in": "ja"}, Preferences(opted_in=frozenset(PROGRAMMES))),
    ({"opt in": "no"}, NOTHING_SAID),
    ({"opt out": "Buddy, peers"}, Preferences(opted_out=frozenset({"buddy", "peer"}))),
    ({"Pausiert bis": "01.02.2027"}, Preferences(paused_until=date(2027, 2, 1))),
    ({"Kapazität": "3"}, Preferences(capacity=3)),
    ({"capacity": "0.0"}, Preferences(capacity=0)),
    ({"away": "2027-01-04..2027-01-08; 2026-12-01..2026-12-02"}, Preferences(away=(WEEK,))),
    ({"Abwesend": "04.01.2027 bis 08.01.2027"}, Preferences(away=(WEEK,))),
    ({"away": "2027-02-01"}, Preferences(away=(Away(first=date(2027, 2, 1), last=date(2027, 2, 1)),))),
    ({"Flexibel davor": "30", "flexible_after": "120.0"}, Preferences(flexible_before=30, flexible_after=120)),
    ({"exclude": "b-1; 7.0"}, Preferences(excluded=frozenset({"b-1", "7"}))),
]


@pytest.mark.parametrize(("cells", "says"), SAID)
def test_a_cell_is_read_as_it_was_meant(cells: dict[str, str], says: Preferences) -> None:
    assert entry(**cells).says == says


@pytest.mark.parametrize(("cell", "out"), [("yes", True), ("nein", False), ("buddy", False), ("", False)])
def test_a_plain_yes_to_opt_out_still_means_everything(cell: str, out: bool) -> None:  # noqa: FBT001 -- a table
    person = entry(opt_out=cell).person
    assert person is not None
    assert person.opted_out is out


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"opt out": "vielleicht"},
            "opt_out must be yes or no, or programmes: coffee, buddy, peer, partner, mentor",
        ),
        ({"opt in": "buddy", "opt out": "Buddy"}, "opt_in and opt_out name the same programme"),
        ({"opt in": "buddy", "opt out": "yes"}, "opt_in and opt_out name the same programme"),
        ({"paused until": "soon"}, "paused_until must be a day, best written as 2026-03-02"),
        ({"paused until": "2/3/2027"}, "paused_until can be read day first and month first"),
        ({"capacity": "6"}, "capacity must be a whole number from 0 to 5"),
        ({"capacity": "few"}, "capacity must be a whole number from 0 to 5"),
        ({"flexible before": "45"}, "flexible_before must be minutes: 0, 30, 60, 90, 120"),
        ({"away": "next week"}, "away must be days such as 2027-01-04..2027-01-08"),
        ({"away": "2027-01-08..2027-01-04"}, "away must be days such as"),
        ({"away": "1/4/2027"}, "away must be days such as"),
        ({"exclude": "Bo Lee"}, "exclude must be ids of other people"),
        ({"exclude": "a"}, "exclude names the person themselves"),
        ({"languages": "German, Quux"}, "languages must be a language"),
        ({"seniority": "11"}, "seniority must be a whole number from 1 to 10"),
    ],
)
def test_a_cell_that_does_not_fit_refuses_the_row_in_words(cells: dict[str, str], sentence: str) -> None:
    (refused,) = read(**cells).refused
    assert refused.reason.startswith(sentence)
    assert all(part not in refused.reason for part in ("Lee", "Quux", "next week", "vielleicht"))


def test_a_pause_that_is_over_says_nothing_and_is_reported() -> None:
    file = read(**{"paused until": "2026-12-31"})
    assert file.entries[0].says == NOTHING_SAID
    assert "paused until: has passed" in " ".join(file.remarks)


def test_languages_craft_and_seniority_belong_to_the_person() -> None:
    person = entry(Sprachen="Deutsch; Spanish; pt-br", Fachrichtung="Typografie", Seniorität="4").person
    assert person is not None
    assert (person.languages, person.craft, person.seniority) == (("de", "es", "pt-br"), "Typografie", 4)


def test_a_level_in_words_is_left_out_and_reported() -> None:
    file = read(seniority="Senior II")
    assert file.entries[0].person is not None
    assert file.entries[0].person.seniority == 0
    assert "seniority: no level from 1 to 10" in " ".join(file.remarks)
