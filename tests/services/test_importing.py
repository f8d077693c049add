from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord
from onboarding.domain.people import HireState, Person
from onboarding.domain.sheets.days import Order
from onboarding.domain.sheets.people_row import Reading
from onboarding.services import importing, told_preferences
from onboarding.services.hiring import leave, withdraw
from onboarding.services.importing import ImportReport, import_hires, import_people
from onboarding.services.planning import replan_touched
from tests.alarms import KeptAlarms
from tests.services.watched import Watched
from tests.worlds import MANILA, World, directory, person, world

HEADER = "id,first_name,last_name,work_email,personal_email,start_date,time_zone,country,manager_id"
GOOD = "n1,Amihan,Quill,amihan@example.com,amihan@example.org,2027-01-04,Asia/Manila,PH,manila-lead"
LEAD = "manila-lead,Lea,Lead,manila-lead@example.com,,2020-01-01,Asia/Manila,PH,chief"
Take = Callable[..., ImportReport]
TAKES = pytest.mark.parametrize("take", [import_hires, import_people])


def people_count(here: World) -> int:
    with here.engine.store.read() as books:
        return len(books.people.all())


def known(here: World, person_id: str) -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


def manila(_location: str, country: str) -> str:
    return "Asia/Manila" if country == "PH" else ""


def crowd(count: int) -> str:
    rows = (GOOD.replace("n1", f"n{n}").replace("amihan@", f"a{n}@") for n in range(count))
    return "\n".join((HEADER, *rows, ""))


def watched(here: World) -> Watched:
    """The store of a world, watched from now on."""
    found = Watched(here.engine.store)
    object.__setattr__(here.engine, "store", found)
    return found


class TestPortions:
    """Nobody holds the writer's place of SQLite for a whole file."""

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_hires_are_taken_a_portion_at_a_time_and_so_is_a_rehearsal(
        self, monkeypatch: pytest.MonkeyPatch, *, dry_run: bool
    ) -> None:
        assert importing.PORTION <= 25
        monkeypatch.setattr(importing, "PORTION", 2)
        with world() as here:
            seen = watched(here)
            report = import_hires(here.engine, crowd(5), here.now, dry_run=dry_run)
            assert [each for each in seen.hires if each] == [2, 2, 1]
            assert report.counts == {"new": 5, "known before": 0}
            with here.engine.store.read() as books:
                assert len(books.hires.find()) == (0 if dry_run else 5)

    def test_people_are_taken_a_portion_at_a_time_and_a_rehearsal_never_writes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importing, "PORTION", 2)
        with world() as here:
            seen = watched(here)
            rehearsed = import_people(here.engine, crowd(5), here.now, dry_run=True)
            assert seen.people == []
            taken = import_people(here.engine, crowd(5), here.now)
            assert [each for each in seen.people if each] == [2, 2, 1]
            assert rehearsed.counts == taken.counts == {"new": 5, "changed": 0, "as before": 0, "left": 0}

    def test_hires_whom_a_directory_touches_are_planned_again_a_portion_at_a_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importing, "PORTION", 2)
        with world() as here:
            for number in range(5):
                here.enrol(id=f"n{number}")
            planned: list[int] = []

            def counted(*given: Any, among: Sequence[str], **more: Any) -> list[str]:
                found = replan_touched(*given, among=among, **more)
                planned.append(len(found))
                return found

            monkeypatch.setattr(importing, "replan_touched", counted)
            row = LEAD.replace("Asia/Manila,PH", "America/Chicago,US")
            import_people(here.engine, f"{HEADER}\n{row}\n", here.now)
            assert planned == [2, 2, 1]

    def test_who_must_not_meet_is_kept_apart_across_portions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importing, "PORTION", 1)
        head, *rows = crowd(3).splitlines()
        text = "\n".join((f"{head},exclude", f"{rows[0]},n2", rows[1] + ",", f"{rows[2]},manila-1", ""))
        with world() as here:
            import_hires(here.engine, text, here.now)
            with here.engine.store.read() as books:
                found = {one: books.preferences.get(one).excluded for one in ("n0", "n1", "n2", "manila-1")}
        assert found == {"n0": {"n2"}, "n1": set(), "n2": {"n0", "manila-1"}, "manila-1": {"n2"}}


class TestBoth:
    @TAKES
    @pytest.mark.parametrize("text", ["", "\n", "nonsense", HEADER])
    def test_a_file_without_rows_holds_nobody_and_says_so(self, take: Take, text: str) -> None:
        with world() as here:
            report = take(here.engine, text, here.now)
        assert (report.accepted, report.remarks) == (0, ("the file has no rows below its first line",))

    @TAKES
    def test_a_file_that_is_no_csv_is_refused_as_a_whole(self, take: Take) -> None:
        text = f"{HEADER}\n{GOOD}\nn2,{'x' * 200_000}\n"
        with world() as here:
            with pytest.raises(BadRecord, match="cannot be read as CSV after line 2"):
                take(here.engine, text, here.now)
            assert people_count(here) == len(directory())

    @TAKES
    def test_a_rehearsal_reports_the_same_and_changes_nothing(self, take: Take) -> None:
        alarms = KeptAlarms()
        text = f"{HEADER}\n{GOOD}\n{LEAD.replace('Lea,', 'Leo,')}\nx,,,,,,,,\n"
        with world(alarms=alarms) as here:
            before = known(here, "manila-lead")
            rehearsed = take(here.engine, text, here.now, dry_run=True)
            assert (known(here, "manila-lead"), people_count(here), here.rows()) == (before, len(directory()), [])
            assert alarms.names == []
            taken = take(here.engine, text, here.now)
            assert (rehearsed.written, taken.written) == (False, True)
            assert (rehearsed.accepted, rehearsed.counts, rehearsed.refused, rehearsed.hires) == (
                taken.accepted,
                taken.counts,
                taken.refused,
                taken.hires,
            )
            assert known(here, "manila-lead").first_name == "Leo"

    @TAKES
    def test_a_manager_may_be_named_as_the_directory_names_them(self, take: Take) -> None:
        head = "id,first name,email,start date,time zone,reports to"
        rows = ["n1,Amihan,a@example.com,2027-01-04,Asia/Manila,", "n2,Bo,b@example.com,2027-01-04,Asia/Manila,"]
        text = f'{head}\n{rows[0]}Manila-lead Example\n{rows[1]}"EXAMPLE, Manila-Lead"\n'
        with world() as here:
            report = take(here.engine, text, here.now)
            assert {known(here, one).manager_id for one in ("n1", "n2")} == {"manila-lead"}
        assert (report.accepted, report.remarks) == (2, ())

    @TAKES
    def test_whoever_imports_says_what_1_4_2027_means(self, take: Take) -> None:
        text = f"{HEADER}\n{GOOD.replace('2027-01-04', '1/4/2027')}\n"
        with world() as here:
            refused = take(here.engine, text, here.now)
            assert [one.mistakes[0].column for one in refused.refused] == ["start_date"]
            take(here.engine, text, here.now, reading=Reading(order=Order.MDY))
            start = known(here, "n1").start_date
        assert start is not None
        assert start.isoformat() == "2027-01-04"


class TestHires:
    def test_good_rows_are_taken_and_others_named_with_their_line(self) -> None:
        with world() as here:
            report = import_hires(here.engine, f"{HEADER}\n{GOOD}\nn2,,,,,,,,\n", here.now)
            assert (report.accepted, [one.line for one in report.refused]) == (1, [3])
            assert "first_name is missing" in report.refused[0].reason
            assert [one.hire_id for one in report.hires] == ["n1"]
            assert here.row("welcome_card").state is State.PLANNED
            assert report.counts == {"new": 1, "known before": 0}

    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    @pytest.mark.parametrize("sign", [",", ";", "\t"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_the_files_of_every_spreadsheet_are_read(self, mark: str, sign: str, end: str) -> None:
        text = mark + end.join((HEADER, GOOD, "")).replace(",", sign)
        with world() as here:
            assert import_hires(here.engine, text, here.now).accepted == 1

    def test_the_same_file_twice_changes_nothing(self) -> None:
        with world() as here:
            import_hires(here.engine, f"{HEADER}\n{GOOD}\n", here.now)
            before = here.rows()
            again = import_hires(here.engine, f"{HEADER}\n{GOOD}\n", here.now)
            assert here.rows() == before
            assert again.counts == {"new": 0, "known before": 1}

    def test_who_has_left_is_not_enrolled(self) -> None:
        with world() as here:
            report = import_hires(here.engine, f"{HEADER},status\n{GOOD},Terminated\n", here.now)
            assert people_count(here) == len(directory())
        assert [one.reason for one in report.refused] == [
            "the file says that they have left: `onboarding hire withdraw` ends a journey"
        ]


class TestPeople:
    @given(st.text(alphabet="ab,;\"'\n\r\0\t1", max_size=60))
    @settings(max_examples=50, deadline=None)
    def test_any_text_is_taken_or_refused_in_words(self, text: str) -> None:
        with world(people=[]) as here:
            try:
                report = import_people(here.engine, f"id,first_name,email,country\n{text}", here.now)
            except BadRecord as error:
                assert error.mistakes  # noqa: PT017 -- both ends are right
            else:
                assert all(one.reason for one in report.refused)

    def test_the_report_counts_what_was_new_changed_and_as_before(self) -> None:
        text = f"{HEADER}\n{GOOD}\n{LEAD}\n"
        with world() as here:
            first = import_people(here.engine, text, here.now)
            second = import_people(here.engine, text, here.now)
        assert first.counts == {"new": 1, "changed": 1, "as before": 0, "left": 0}
        assert second.counts == {"new": 0, "changed": 0, "as before": 2, "left": 0}

    def test_a_directory_that_changes_plans_the_hires_again_whom_it_touches(self) -> None:
        with world() as here:
            here.enrol()
            row = LEAD.replace("Asia/Manila,PH", "America/Chicago,US")
            import_people(here.engine, f"{HEADER}\n{row}\n", here.now)
            assert here.row("manager_list", "manager").due_at.hour == 15

    def test_a_directory_cannot_bring_back_somebody_who_opted_out(self) -> None:
        with world() as here:
            with here.engine.store.begin() as books:
                books.people.put(person("pal", MANILA, opted_out=True))
            row = "pal,Pal,Lee,pal@example.com,,2020-01-01,Asia/Manila,PH,chief"
            import_people(here.engine, f"{HEADER}\n{row}\n", here.now)
            assert (known(here, "pal").opted_out, known(here, "pal").last_name) == (True, "Lee")

    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("Status", "inactive"),
            ("Mitarbeiterstatus", "ausgeschieden"),
            ("Estado", "Baja"),
            ("Active", "no"),
            ("Termination Date", "2026-11-30"),
            ("left", "yes"),
        ],
    )
    def test_who_has_left_becomes_inactive_and_others_take_their_roles(self, column: str, cell: str) -> None:
        with world() as here:
            here.enrol()
            buddy = here.row("buddy_yes", "buddy").person_id
            report = import_people(here.engine, f"id,{column}\n{buddy},{cell}\nnever-known,{cell}\n", here.now)
            assert report.counts["left"] == 2
            assert not known(here, buddy).active
            assert here.row("buddy_yes", "buddy").person_id != buddy
            assert people_count(here) == len(directory()) + 1

    def test_a_hire_who_has_left_ends_their_journey(self) -> None:
        with world() as here:
            here.enrol()
            rehearsed = import_people(here.engine, "id,status\nn1,terminated\n", here.now, dry_run=True)
            assert known(here, "n1").active
            report = import_people(here.engine, "id,status\nn1,terminated\n", here.now)
            assert report.remarks == rehearsed.remarks == ("the journeys of these hires end: n1",)
            assert {one.state for one in here.rows()} <= {State.WITHDRAWN, State.SKIPPED}
            again = import_people(here.engine, "id,status\nn1,terminated\n", here.now)
            assert again.remarks == ()

    def test_a_directory_does_not_bring_back_a_hire_who_was_withdrawn(self) -> None:
        with world() as here:
            here.enrol()
            withdraw(here.engine, "n1", here.now)
            import_people(here.engine, f"{HEADER}\n{GOOD}\n", here.now)
            with here.engine.store.read() as books:
                hire = books.hires.get("n1")
            assert hire is not None
            assert (hire.state, known(here, "n1").active) == (HireState.WITHDRAWN, False)

    def test_a_last_day_that_is_to_come_ends_nothing(self) -> None:
        row = LEAD + ",2026-12-01"
        with world("2026-12-01 08:00") as here:
            report = import_people(here.engine, f"{HEADER},end date\n{row}\n", here.now)
            assert known(here, "manila-lead").active
        assert report.counts["left"] == 0

    def test_a_zone_that_no_cell_names_takes_no_better_one_away(self) -> None:
        head, cells = "id,first_name,email,country\n", "Lea,manila-lead@example.com"
        with world() as here:
            with here.engine.store.begin() as books:
                books.people.put(person("manila-lead", {**MANILA, "time_zone": "Asia/Singapore"}))
            reading = Reading(zone_of=manila)
            import_people(here.engine, f"{head}manila-lead,{cells},PH\n", here.now, reading=reading)
            assert known(here, "manila-lead").time_zone == "Asia/Singapore"
            import_people(here.engine, f"{head}berlin-lead,{cells},Philippinen\n", here.now, reading=reading)
            assert known(here, "berlin-lead").time_zone == "Asia/Manila"


def test_an_import_undoes_nothing_that_others_write_meanwhile(
    postgres_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL runs both; SQLite lets the second one wait."""
    people = [person("manila-lead", MANILA), person("maria", MANILA)]
    with world(people=people, store=postgres_store) as here:

        def checked(*of_row: Any) -> None:
            if known(here, "maria").active:
                with ThreadPoolExecutor(1) as another:
                    another.submit(leave, here.engine, "maria", here.now).result(timeout=20)
            told_preferences.check(*of_row)

        monkeypatch.setattr(importing, "check", checked)
        row = "maria,Maria,Example,maria@example.com,,2020-01-01,Asia/Manila,PH,manila-lead,Painter"
        assert import_people(here.engine, f"{HEADER},job_title\n{row}\n", here.now).refused == ()
        found = known(here, "maria")
        assert (found.active, found.job_title) == (False, "Painter")
