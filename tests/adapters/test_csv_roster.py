"""Does a file that an HR system writes tell who is there, who has left, and which rows do not fit?"""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onboarding.adapters.sources.csv_roster import CsvRoster
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import Unavailable
from onboarding.domain.events import Fact, Told, Unfit
from onboarding.domain.sheets.days import Order
from onboarding.ports import Roster

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
HEAD = "Employee #,Name,Email,Hire Date,Office,Reports To,Status,Opt-out,Salary\n"
ANN = "7,Ann Ash,ann@example.com,1/13/2027,Springfield,Bo Berg,Active,yes,1\n"
BO = "8.0,Bo Berg,bo@example.com,2020-01-01,Springfield,,Active,,1\n"
GONE = "9,,,,,,Terminated,,1\n"
BROKEN = "10,Cy Cole,cy,soon,Springfield,,Active,,1\n"
PLACES = Places(offices={"Springfield": "America/Chicago"})


def told(file: Path, text: str, *, order: Order | None = None) -> list[Fact | Unfit]:
    file.write_text(text, encoding="utf-8")
    roster: Roster = CsvRoster(file, PLACES, order)
    return list(roster.everybody(NOW))


def test_each_row_is_somebody_as_they_stand_now(tmp_path: Path) -> None:
    ann, bo = told(tmp_path / "people.csv", HEAD + ANN + BO)
    assert isinstance(ann, Fact)
    assert isinstance(bo, Fact)
    assert (ann.told, ann.external_id, ann.hire_id, ann.manager, ann.at) == (Told.KNOWN, "7", "7", "8", NOW)
    assert ann.given == {
        *(
            "first_name",
            "last_name",
            "work_email",
            "start_date",
            "location",
            "time_zone",
            "manager_id",
            "opted_out",
        ),
    }
    assert ann.person is not None
    assert (ann.person.time_zone, ann.person.start_date) == ("America/Chicago", date(2027, 1, 13))
    assert ann.person.opted_out
    assert (bo.external_id, bo.manager) == ("8", "")
    assert "opted_out" not in bo.given


def test_who_has_left_is_told_as_gone(tmp_path: Path) -> None:
    (gone,) = told(tmp_path / "people.csv", HEAD + GONE)
    assert gone == Fact(told=Told.WITHDRAWN, external_id="9", hire_id="9", at=NOW)


def test_a_row_that_does_not_fit_says_where_and_why_and_stops_nobody(tmp_path: Path) -> None:
    found = told(tmp_path / "people.csv", HEAD + BROKEN + ANN)
    (unfit,) = [one for one in found if isinstance(one, Unfit)]
    assert unfit.external_id == "10"
    assert unfit.mistakes == (
        "line 2: work_email is not an e-mail address that can be written to",
        "line 2: start_date must be a day, best written as 2026-03-02",
    )
    assert len(found) == 2


def test_an_id_that_could_be_a_name_is_not_repeated(tmp_path: Path) -> None:
    (unfit,) = told(tmp_path / "people.csv", HEAD + ANN.replace("7,", "Ann Ash,", 1))
    assert isinstance(unfit, Unfit)
    assert unfit.external_id == ""


def test_a_file_without_a_column_that_everybody_needs_is_one_thing_that_does_not_fit(tmp_path: Path) -> None:
    (unfit,) = told(tmp_path / "people.csv", "Name,Email\nAnn,ann@example.com\n")
    assert isinstance(unfit, Unfit)
    assert len(unfit.mistakes) == 2


def test_the_order_of_dates_can_be_set(tmp_path: Path) -> None:
    text = HEAD + ANN.replace("1/13", "1/4")
    assert isinstance(told(tmp_path / "people.csv", text)[0], Unfit)
    (ann,) = told(tmp_path / "people.csv", text, order=Order.MDY)
    assert isinstance(ann, Fact)
    assert ann.person is not None
    assert ann.person.start_date == date(2027, 1, 4)


def test_a_file_without_rows_tells_of_nobody(tmp_path: Path) -> None:
    assert told(tmp_path / "people.csv", HEAD) == []


def test_a_file_that_cannot_be_read_is_unavailable_and_its_folder_is_not_told(tmp_path: Path) -> None:
    for place in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(Unavailable, match=r"^the file [\w.-]+ cannot be read: ") as caught:
            list(CsvRoster(place).everybody(NOW))
        assert str(tmp_path) not in str(caught.value)


def test_a_file_that_changes_while_it_is_read_is_unavailable(tmp_path: Path) -> None:
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)  # it gives bytes that its size does not tell, as a file does that grows

    def write() -> None:
        pipe.write_text(HEAD + ANN, encoding="utf-8")

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(Unavailable, match=r"the file people\.csv is just being written"):
        list(CsvRoster(pipe).everybody(NOW))
    writer.join()


def test_a_file_that_is_too_large_does_not_fit(tmp_path: Path) -> None:
    (unfit,) = told(tmp_path / "people.csv", HEAD + "x" * 20_000_000)
    assert unfit == Unfit(mistakes=("the file has more than 20 MB: divide it into smaller ones",))
