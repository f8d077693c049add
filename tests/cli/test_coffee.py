"""Can HR announce a coffee round, see who meets whom and why, and say who met before?"""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.domain.preferences import COFFEE, Preferences, Teller
from tests.cli.spoken import Spoken
from tests.worlds import at, directory

NOW = ("--as-of", "2027-01-13T06:00")


@pytest.fixture
def ready(onboarding: Spoken) -> Spoken:
    """A company in which three people said yes to coffee rounds, one of whom pauses."""
    with onboarding.world("2027-01-13 06:00") as here, here.engine.store.begin() as books:
        books.people.put_all(directory())
        for one in ("berlin-1", "berlin-2", "nairobi-2"):
            said = Preferences(opted_in=frozenset({COFFEE}))
            books.preferences.put(one, said, by=Teller.PERSON, fields=["opted_in"], now=here.now)
    onboarding("people", "pause", "berlin-2", "--until", "2027-03-01", *NOW)
    return onboarding


def test_a_rehearsal_shows_the_tables_and_the_reasons(ready: Spoken) -> None:
    said = ready("coffee", "round", "--rehearse", *NOW)
    assert "nothing was kept" in said
    assert "Berlin-1 Example" in said
    assert "you have not met here yet" in said
    assert "paused until 2027-03-01" in said
    assert "there was no coffee round yet" in ready("coffee", "show", code=1)


def test_a_round_is_announced_drawn_and_shown(ready: Spoken) -> None:
    said = ready("coffee", "round", *NOW)
    assert "The round of 2027-01-18 is announced: 2 people are warned." in said
    assert "Expected: Berlin-1 Example, Nairobi-2 Example." in said
    with ready.world("2027-01-13 06:00") as here:
        here.walk_to(at("2027-01-15 18:00"))
    for arguments in (("2027-01-20",), ("2027-01-18",), ()):
        said = ready("coffee", "show", *arguments)
        assert "Coffee round of 2027-01-18, drawn" in said
        assert "Nairobi-2 Example" in said
        assert "paused until 2027-03-01" in said
    found = ready.json("coffee", "show")
    assert [one["id"] for one in found["tables"][0]["people"]] == ["berlin-1", "nairobi-2"]
    text = ready("match", "measures", "--as-of", "2027-01-16T12:00")
    assert "Coffee rounds" in text
    assert "paused or" in text
    counted = ready.json("match", "measures", "--as-of", "2027-01-16T12:00")["coffee"]["rounds"]
    assert [(one["day"], one["coffees"]["to_come"], one["without"]) for one in counted] == [
        ("2027-01-18", 1, {"their_wish": 1})
    ]
    assert "the newest are: 2027-01-18" in ready("coffee", "show", "2026-01-01", code=1)


def test_nobody_who_takes_part_is_said_and_no_error(onboarding: Spoken) -> None:
    assert "nobody has said yes" in onboarding("coffee", "round", *NOW)
    assert onboarding.json("coffee", "show")["state"] == "empty"


def test_past_pairs_are_taken_in_and_refused_rows_are_named(ready: Spoken, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    rows = (
        "Datum;Person 1;Person 2",
        "04.01.2027;berlin-1;Nairobi-2 Example",
        "04.01.2027;berlin-1;berlin-1@example.com",
        "bald;berlin-1;berlin-2",
        "2027-01-05;somebody;berlin-2",
        "2030-01-07;berlin-1;berlin-2",
        "2027-01-05;;berlin-2",
    )
    file.write_text("\n".join(rows), encoding="utf-8")
    assert "1 rows would be taken (1 new)" in ready("coffee", "import", str(file), "--dry-run", *NOW, code=1)
    said = ready("coffee", "import", str(file), *NOW, code=1)
    assert "1 rows taken (1 new), 5 refused." in said
    for reason in (
        "both people are the same",
        "day must be a day",
        "the first person is nobody of the directory",
        "day lies in the future",
        "the first person is missing",
    ):
        assert reason in said
    assert "somebody" not in said
    assert "1 rows would be taken (0 new)" in ready("coffee", "import", str(file), "--dry-run", *NOW, code=1)
    again = ready.json("coffee", "import", str(file), *NOW, code=1)
    assert (again["taken"], again["fresh"]) == (1, 0)
    assert [one["line"] for one in again["refused"]] == [3, 4, 5, 6, 7]


def test_a_file_of_something_else_is_refused_as_a_whole(ready: Spoken, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("day,who\n2027-01-04,berlin-1\n", encoding="utf-8")
    assert "must name the columns day, person and person" in ready("coffee", "import", str(file), *NOW, code=1)
