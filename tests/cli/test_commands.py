from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from onboarding import paths
from onboarding.cli.app import COMMANDS
from onboarding.domain.mail import Outcome, OutcomeKind
from tests.cli.spoken import Spoken
from tests.signing import post_standard
from tests.worlds import at, record

ROOT = Path(__file__).parents[2]


def file(name: str, content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    Path(name).write_text(text, encoding="utf-8")
    return name


def plain(text: str) -> str:
    """A table without the spaces that line it up."""
    return " ".join(text.split())


class TestHelp:
    def test_it_lists_every_command_with_a_line_of_help(self, onboarding: Spoken) -> None:
        text = onboarding("--help")
        for name, (_, _, line) in COMMANDS.items():
            assert name in text
            assert line.split()[0] in text

    @pytest.mark.parametrize("name", sorted(COMMANDS))
    def test_every_command_has_help_of_its_own(self, onboarding: Spoken, name: str) -> None:
        first = onboarding(name, "--help").partition("\n")[0]
        assert f"onboarding {name} " in f"{first} "

    @pytest.mark.parametrize("command", ["take", "settle"])
    def test_it_says_where_a_number_stands(self, onboarding: Spoken, command: str) -> None:
        assert "NUMBER is the id of" in onboarding("review", command, "--help")

    def test_it_imports_nothing_heavy(self) -> None:
        code = (
            "import sys; from onboarding.cli.app import cli\n"
            "try: cli(['--help'])\n"
            "except SystemExit: pass\n"
            "print('IMPORTED', *sorted({name.partition('.')[0] for name in sys.modules}))"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        imported = set(done.stdout.partition("IMPORTED")[2].split())
        heavy = {"prefect", "sqlalchemy", "pydantic", "jinja2", "httpx", "rich", "babel", "holidays", "fastapi"}
        assert "click" in imported
        assert not imported & heavy

    def test_a_command_that_is_not_there_is_said(self, onboarding: Spoken) -> None:
        assert "No such command" in onboarding("fly", code=2)


class TestErrors:
    def test_settings_that_cannot_work_are_listed_all_at_once(
        self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ONBOARDING_TIME_ZONE", "Berlin")
        monkeypatch.setenv("ONBOARDING_HR_EMAIL", "people")
        text = onboarding("hire", "list", code=2)
        assert text.startswith("These settings cannot work:\n")
        assert text.count("\n  - ONBOARDING_") == 2

    def test_what_is_not_found_is_one_sentence(self, onboarding: Spoken) -> None:
        text = onboarding("hire", "show", "n9", code=1)
        assert text == "onboarding: there is no hire n9; `onboarding hire list` names them\n"

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("{", "record.json is not JSON"),
            ("[]", "must be an object"),
            ('{"id": "n1"}', "start_date is missing"),
            ('{"id": ' + '"' + "n" * 99 + '"}', "id must have 1 to 64 characters"),
        ],
    )
    def test_a_record_that_cannot_be_read_says_every_field(
        self, onboarding: Spoken, content: str, words: str
    ) -> None:
        text = onboarding("hire", "add", file("record.json", content), code=1)
        assert text.startswith("onboarding: ")
        assert words in text

    @pytest.mark.parametrize("content", [b"PK\x03\x04 a workbook", b"i\0d\0", b"id\nZo\x81\n"])
    def test_a_file_that_is_no_text_says_how_to_save_it(self, onboarding: Spoken, content: bytes) -> None:
        Path("people.csv").write_bytes(content)
        assert "save it as CSV UTF-8" in onboarding("people", "import", "people.csv", code=1)

    def test_a_moment_that_is_none_says_how_to_write_one(self, onboarding: Spoken) -> None:
        assert "2027-01-04T10:00+01:00" in onboarding("run-due", "--as-of", "soon", code=2)

    def test_a_database_that_is_gone_is_one_sentence(
        self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ONBOARDING_DATABASE_URL", "postgresql+psycopg://u:p@127.0.0.1:9/none")
        assert onboarding("hire", "list", code=1).startswith("onboarding: the database")


class TestHire:
    def test_adding_says_what_follows(self, onboarding: Spoken) -> None:
        name = file("amihan.json", record(manager_id=""))
        text = onboarding("hire", "add", name, "--as-of", "2026-12-01")
        assert text.startswith("n1: enrolled; ")
        assert re.search(r"\n  - the record names no manager: .*manager_list to manager", text)
        report = onboarding.json("hire", "add", name, "--as-of", "2026-12-01")
        assert (report["hire_id"], report["created"]) == ("n1", False)

    def test_importing_names_the_lines_it_refuses_and_fails(self, onboarding: Spoken) -> None:
        good = "n1,Amihan,amihan@example.com,2027-01-04,Asia/Manila"
        head = "id,first_name,work_email,start_date,time_zone"
        text = onboarding("hire", "import", file("h.csv", f"{head}\n{good}\n,,,,\nn2,,,,\n"), code=1)
        assert "n1: enrolled" in text
        assert "1 rows taken (1 new), 1 refused." in text
        assert "4 first_name first_name is missing" in plain(text)
        report = onboarding.json("hire", "import", file("h.csv", f"{head}\n{good}\n"))
        assert (report["accepted"], report["refused"]) == (1, [])

    def test_listing_shows_everybody_or_says_that_there_is_nobody(self, onboarding: Spoken) -> None:
        assert "Nobody is enrolled yet" in onboarding("hire", "list")
        assert onboarding.json("hire", "list") == []
        onboarding("hire", "add", file("a.json", record()), "--as-of", "2026-12-01")
        assert "Amihan Quill" in onboarding("hire", "list")
        (line,) = onboarding.json("hire", "list")
        assert (line["id"], line["first_day"], line["state"]) == ("n1", "2027-01-04", "active")

    def test_showing_tells_the_whole_story(self, enrolled: Spoken) -> None:
        text = enrolled("hire", "show", "n1")
        assert text.startswith("Amihan Quill, first day 2027-01-04, active\n")
        assert "buddy" in text
        assert "Monday, January 4, 2027, 9:00 AM (Manila, UTC+8)" in text
        seen = enrolled.json("hire", "show", "n1")
        assert {one["step"] for one in seen["rows"]} >= {"profile", "check_in_90"}

    def test_a_name_cannot_act_as_markup_of_the_terminal(self, onboarding: Spoken) -> None:
        onboarding("hire", "add", file("a.json", record(last_name="[red]Quill[/red]")), "--as-of", "2026-12-01")
        assert "[red]Quill[/red]" in onboarding("hire", "list")

    def test_withdrawing_ends_what_is_unsent(self, enrolled: Spoken) -> None:
        assert enrolled("hire", "withdraw", "n1") == "n1: withdrawn; 0 cancellations will be sent.\n"
        assert enrolled.json("hire", "withdraw", "n1")["will_send"] == []

    def test_hr_ticks_for_somebody_who_cannot(self, enrolled: Spoken) -> None:
        with enrolled.world("2026-12-01 08:00") as here:
            here.walk_to(at("2026-12-21 12:00"))
        on = ("--as-of", "2026-12-22")
        assert enrolled("hire", "tick", "n1", "accounts", "laptop", *on) == "it_list of it IT: done 2 of 5\n"
        (state,) = enrolled.json("hire", "untick", "n1", "laptop", "--list", "it_list", *on)
        assert (state["step"], state["done"]) == ("it_list", 1)
        assert "n1 has no task lapdog" in enrolled("hire", "tick", "n1", "lapdog", *on, code=1)
        assert "Missing argument 'TASK...'" in enrolled("hire", "tick", "n1", code=2)

    def test_one_step_is_moved_sent_or_skipped(self, enrolled: Spoken) -> None:
        moved = enrolled("hire", "move", "n1", "welcome_card", "2027-01-06", "--as-of", "2026-12-01")
        assert moved == "welcome_card to hire n1: planned, 2027-01-06 01:00 UTC\n"
        (later,) = enrolled.json("hire", "move", "n1", "welcome_card", "2027-01-06T15:30", "--as-of", "2026-12-01")
        assert later["due_at"] == "2027-01-06T07:30:00+00:00"
        sent = enrolled("hire", "send", "n1", "welcome_card", "--as-of", "2026-12-02T10:00+08:00")
        assert sent == "welcome_card to hire n1: planned, 2026-12-02 02:00 UTC\n"
        assert "skipped" in enrolled("hire", "skip", "n1", "welcome_card")
        assert "skipped by hand" in enrolled("hire", "skip", "n1", "welcome_card", code=1)


class TestPeople:
    HEAD = "id,first_name,work_email,time_zone\n"

    def test_importing_and_listing(self, onboarding: Spoken) -> None:
        assert "The directory is empty" in onboarding("people", "list")
        name = file("p.csv", f"{self.HEAD}b1,Bo,bo@example.com,Europe/Berlin\n")
        assert onboarding("people", "import", name) == "1 rows taken (1 new), 0 refused.\n"
        assert "Europe/Berlin" in onboarding("people", "list")
        assert [one["id"] for one in onboarding.json("people", "list")] == ["b1"]

    def test_a_refused_row_fails_and_the_good_ones_are_in(self, onboarding: Spoken) -> None:
        name = file("p.csv", f"{self.HEAD}b1,Bo,bo@example.com,Europe/Berlin\nb2,Cy,cy@example.com,Mars\n")
        report = onboarding.json("people", "import", name, code=1)
        assert (report["accepted"], [one["line"] for one in report["refused"]]) == (1, [3])


class TestPreferences:
    WHEN = ("--as-of", "2026-12-01T08:00")

    def buddy(self, company: Spoken) -> str:
        with company.world("2026-12-01 08:00") as here, here.engine.store.read() as books:
            found = [
                one for one in books.pairings.of_hire("n1") if one.role == "buddy" and one.state == "provisional"
            ]
        return found[0].person_id

    def test_two_people_are_kept_apart_and_may_be_matched_again(self, enrolled: Spoken) -> None:
        first = self.buddy(enrolled)
        said = enrolled("people", "exclude", "n1", first, *self.WHEN)
        assert said == f"n1 and {first} will not be matched; 1 plans changed.\n"
        assert self.buddy(enrolled) != first
        assert enrolled.json("people", "preferences", first)["excluded"] == ["n1"]
        assert f"{first} and n1 may be matched" in enrolled("people", "include", first, "n1", *self.WHEN)
        assert enrolled.json("people", "preferences", "n1")["excluded"] == []

    def test_who_stays_in_a_role_although_they_are_kept_apart_is_said(self, enrolled: Spoken) -> None:
        first = self.buddy(enrolled)
        enrolled("match", "swap", "n1", "buddy", *self.WHEN)  # whoever a human chooses is announced
        with enrolled.world("2026-12-01 08:00") as here, here.engine.store.read() as books:
            second = next(one.person_id for one in books.pairings.of_hire("n1") if one.state == "announced")
        assert first != second
        said = enrolled("people", "exclude", "n1", second, *self.WHEN)
        assert f"{second} stays buddy of n1, since both were told; `onboarding match swap n1 buddy" in said
        found = enrolled.json("people", "exclude", "n1", second, *self.WHEN)
        assert found["still"] == [{"hire_id": "n1", "role": "buddy", "person_id": second}]

    def test_a_pause_is_set_shown_and_ended(self, enrolled: Spoken) -> None:
        first = self.buddy(enrolled)
        report = enrolled.json("people", "pause", first, "--until", "2027-02-01", *self.WHEN)
        assert report == {"said": f"{first} is not matched until 2027-02-01", "hires": ["n1"]}
        text = plain(enrolled("people", "preferences", first, *self.WHEN))
        assert "pause: until 2027-02-01" in text
        assert "takes part in: buddy, peer, partner, mentor" in text
        assert "newcomers at a time: as the step says" in text
        assert "1 2026-12-01 08:00 UTC hr paused_until" in text
        assert "takes part again" in enrolled("people", "pause", first, "--end", *self.WHEN)
        assert enrolled.json("people", "preferences", first)["paused_until"] is None

    def test_the_address_of_the_page_is_shown_for_hr_to_pass_on(self, enrolled: Spoken) -> None:
        assert "/preferences/" in enrolled.json("people", "preferences", "n1")["link"]
        assert "Nobody has said anything yet." in enrolled("people", "preferences", "n1")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("exclude", "n1", "who"), "there is no person who"),
            (("exclude", "n1", "n1"), "nobody can be kept apart from themselves"),
            (("pause", "n1", "--until", "2020-01-01"), "a pause must end in the future"),
            (("pause", "who", "--end"), "there is no person who"),
            (("preferences", "who"), "there is no person who"),
        ],
    )
    def test_a_slip_is_said_in_one_sentence(
        self, enrolled: Spoken, arguments: tuple[str, ...], sentence: str
    ) -> None:
        assert sentence in enrolled("people", *arguments, code=1)

    def test_a_pause_without_a_day_or_with_both_is_asked_for(self, enrolled: Spoken) -> None:
        assert "say either" in enrolled("people", "pause", "n1", code=2)
        assert "say either" in enrolled("people", "pause", "n1", "--end", "--until", "2027-02-01", code=2)

    def test_a_file_says_who_may_be_matched_and_its_mistakes_have_their_column(self, onboarding: Spoken) -> None:
        head = "id,first_name,work_email,time_zone,Macht mit bei,Kapazität,Nie mit,Flexibel davor\n"
        name = file(
            "p.csv",
            f"{head}b1,Bo,bo@example.com,Europe/Berlin,Kaffee,1,b2,60\n"
            "b2,Cy,cy@example.com,Europe/Berlin,,9,,\nb3,Di,di@example.com,Europe/Berlin,,,b9,\n",
        )
        text = plain(onboarding("people", "import", name, code=1))
        assert "3 Kapazität capacity must be a whole number from 0 to 5" in text
        assert "4 Nie mit exclude: names somebody who is neither in the file nor in the directory" in text
        shown = onboarding.json("people", "preferences", "b1")
        assert (shown["programmes"][0], shown["capacity"], shown["excluded"]) == ("coffee", 1, ["b2"])
        assert (shown["flexible_before"], shown["flexible_after"]) == (60, 0)
        assert "may be met outside their hours: 60 minutes before" in onboarding("people", "preferences", "b1")


class TestFiles:
    HEAD = "Personalnummer;Vorname;Nachname;E-Mail;Eintrittsdatum;Land;Gehalt\r\n"
    GOOD = "001;Jörg;Weiß;joerg@example.com;04.01.2027;Deutschland;1\r\n"
    BAD = '002;"Ida;\r\nMaria";Groß;ida@example.com;1/4/2027;Deutschland;2\r\n'

    def test_an_export_as_excel_saves_it_is_read_and_the_report_says_how(self, onboarding: Spoken) -> None:
        Path("export.csv").write_bytes((self.HEAD + self.GOOD).encode("cp1252"))
        text = onboarding("people", "import", "export.csv")
        assert "Note: the file is not UTF-8, so it was read as Windows-1252" in text
        assert "Note: columns that were not read: Gehalt.\n" in text
        assert "Note: time_zone: taken from the location or the country where a row names none (line 2).\n" in text
        assert text.endswith("1 rows taken (1 new), 0 refused.\n")
        (one,) = onboarding.json("people", "list")
        assert (one["last_name"], one["start_date"], one["time_zone"]) == ("Weiß", "2027-01-04", "Europe/Berlin")

    def test_a_location_has_the_zone_that_the_settings_name(
        self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ONBOARDING_OFFICE_ZONES", '{"Springfield": "America/Chicago"}')
        onboarding(
            "people", "import", file("p.csv", "id,name,email,office\na1,Ann Ash,a@example.com,Springfield\n")
        )
        assert onboarding.json("people", "list")[0]["time_zone"] == "America/Chicago"

    def test_a_rehearsal_changes_nothing_and_says_so(self, onboarding: Spoken) -> None:
        name = file("p.csv", self.HEAD + self.GOOD)
        text = onboarding("people", "import", name, "--dry-run")
        assert text.endswith("1 rows would be taken (1 new), 0 refused; nothing was changed.\n")
        assert onboarding.json("people", "import", name, "--dry-run")["written"] is False
        assert "The directory is empty" in onboarding("people", "list")

    def test_a_rehearsed_hire_is_shown_with_what_would_be_sent(self, onboarding: Spoken) -> None:
        name = file("h.csv", self.HEAD + self.GOOD)
        assert "001: enrolled; " in onboarding("hire", "import", name, "--dry-run", "--as-of", "2026-12-01")
        assert "Nobody is enrolled yet" in onboarding("hire", "list")

    def test_refused_rows_are_written_mended_and_imported(self, onboarding: Spoken) -> None:
        name = file("p.csv", self.HEAD + self.BAD + self.GOOD)
        text = onboarding("people", "import", name, "--refused", "mend.csv", code=1)
        assert "2 Eintrittsdatum start_date can be read day first and month first" in plain(text)
        assert "They are in mend.csv: mend them there, and import that file." in text
        mend = Path("mend.csv")
        assert mend.stat().st_mode & 0o777 == 0o600
        rows = mend.read_text(encoding="utf-8-sig")
        assert rows.startswith("Personalnummer;Vorname;Nachname;E-Mail;Eintrittsdatum;Land;Gehalt;why\n")
        assert "001" not in rows
        mend.write_text(rows.replace("1/4/2027", "2027-01-04"), encoding="utf-8-sig")
        assert "1 rows taken (1 new), 0 refused." in onboarding("people", "import", "mend.csv")
        assert [one["first_name"] for one in onboarding.json("people", "list")] == ["Jörg", "Ida; Maria"]

    def test_an_option_says_what_the_dates_mean(self, onboarding: Spoken) -> None:
        name = file("p.csv", self.HEAD + self.BAD)
        onboarding("people", "import", name, "--dates", "mdy")
        assert onboarding.json("people", "list")[0]["start_date"] == "2027-01-04"

    def test_a_row_below_a_cell_with_lines_is_named_as_a_spreadsheet_does_too(self, onboarding: Spoken) -> None:
        name = file(
            "p.csv", self.HEAD + self.BAD.replace("1/4", "13/4") + self.GOOD.replace("Deutschland", "Mars")
        )
        assert "4 (row 3) Land country must be a country" in plain(onboarding("people", "import", name, code=1))

    def test_no_file_is_written_over_and_none_is_left_for_nothing(self, onboarding: Spoken) -> None:
        name = file("p.csv", self.HEAD + self.GOOD)
        assert "p.csv is there already" in onboarding("people", "import", name, "--refused", name, code=1)
        assert "cannot be written" in onboarding("people", "import", name, "--refused", "no/mend.csv", code=1)
        assert onboarding.json("people", "list") == []
        onboarding("people", "import", name, "--refused", "mend.csv")
        onboarding("people", "import", file("none.csv", "a,b\n1,2\n"), "--refused", "mend.csv", code=1)
        assert not Path("mend.csv").exists()

    def test_a_list_in_json_is_read_like_a_spreadsheet(self, onboarding: Spoken) -> None:
        people = [{"employee_id": 7, "name": "Ann Ash", "email": "a@example.com", "timezone": "Europe/Lisbon"}, {}]
        text = onboarding("people", "import", file("p.json", {"employees": people}), code=0)
        assert text == "1 rows taken (1 new), 0 refused.\n"
        broken = onboarding("people", "import", file("p.json", [{**people[0], "timezone": "Mars"}]), code=1)
        assert "1 timezone time_zone must be an IANA time zone" in plain(broken)


class TestMatch:
    def test_the_people_around_a_hire_are_shown_with_reasons(self, enrolled: Spoken) -> None:
        text = plain(enrolled("match", "show", "n1"))
        assert text.startswith("Amihan Quill (n1), first day 2027-01-04")
        assert "buddy Manila-1 Example (manila-1) 8 common working hours" in text
        assert "provisional 2026-12-01 08:00 next: Nairobi-1 Example (nairobi-1)" in text
        assert "partner, week 2" in text
        assert "Before" not in text
        roles = enrolled.json("match", "show", "n1")["roles"]
        now = {one["role"]: one["now"][0]["person"]["id"] for one in roles if one["now"]}
        assert (now["manager"], now["buddy"]) == ("manila-lead", "manila-1")
        assert "there is no hire n9" in enrolled("match", "show", "n9", code=1)

    def test_who_declined_and_who_took_the_place_is_shown(self, enrolled: Spoken) -> None:
        with enrolled.world("2026-12-01 08:00") as here:
            here.walk_to(at("2026-12-17 03:00"))
            here.answer(here.row("buddy_yes", "buddy"), agree="not_now")
        text = plain(enrolled("match", "show", "n1", "--as-of", "2026-12-17T03:00"))
        assert "buddy Manila-1 Example (manila-1) 2026-12-17 03:00 declined" in text

    def test_another_buddy_can_be_given_and_is_said_with_the_reasons(self, enrolled: Spoken) -> None:
        text = plain(enrolled("match", "swap", "n1", "buddy", "--because", "no time"))
        assert text.endswith("in place of manila-1: no time.")
        assert "is buddy of n1 now, not Manila-1 Example (manila-1)" in text
        assert "Manila-1 Example (manila-1)" in plain(enrolled("match", "show", "n1"))
        found = enrolled.json("match", "swap", "n1", "buddy")
        assert found["before"]["id"] != found["after"]["id"] != "manila-1"
        assert "cannot have this role" in enrolled("match", "swap", "n1", "buddy", "--to", "manila-1", code=1)
        assert "there is no hire n9" in enrolled("match", "swap", "n9", "buddy", code=1)

    def test_choosing_again_is_rehearsed_and_done(self, enrolled: Spoken) -> None:
        assert "nothing changes" in enrolled("match", "again")
        with enrolled.world("2026-12-01 08:00") as here, here.engine.store.begin() as books:
            known = books.people.get("manila-1")
            assert known is not None
            books.people.put(replace(known, active=False))
        text = plain(enrolled("match", "again", "--rehearse"))
        assert text.startswith("What would change")
        assert "n1 buddy manila-1 nairobi-1" in text
        told = enrolled.json("match", "again", "--rehearse")
        assert enrolled.json("match", "again") == told

    def test_a_withdrawn_hire_is_shown_as_such(self, enrolled: Spoken) -> None:
        enrolled("hire", "withdraw", "n1", "--as-of", "2026-12-02T08:00")
        text = plain(enrolled("match", "show", "n1"))
        assert text.startswith("Amihan Quill (n1), first day 2027-01-04, withdrawn: nobody has a role.")
        assert "the newcomer is not coming" in text

    def test_a_lone_newcomer_has_nobody_and_each_role_says_why(self, onboarding: Spoken) -> None:
        at_ = ("--as-of", "2026-12-01T08:00")
        assert "has everybody whom the journey wants" in onboarding("match", "nobody", *at_)
        onboarding("hire", "add", file("hire.json", record(manager_id="")), *at_)
        text = plain(onboarding("match", "nobody", *at_))
        assert "partner, weeks 2, 3 and 4 nobody can be partner: the directory holds no other people" in text
        assert {one["role"] for one in onboarding.json("match", "nobody", *at_)} >= {"buddy", "manager"}
        assert "nobody nobody can be buddy" in plain(onboarding("match", "show", "n1", *at_))

    def test_the_load_is_shown_for_all_roles_or_one(self, enrolled: Spoken) -> None:
        at_ = ("--as-of", "2026-12-01T08:00")
        assert "buddy Manila-1 Example (manila-1) 0 1 2" in plain(enrolled("match", "load", *at_))
        assert {one["role"] for one in enrolled.json("match", "load", "peer", *at_)} == {"peer"}
        assert "is not one of" in enrolled("match", "load", "friend", code=2)
        assert "Nobody looks after" in enrolled("match", "load", "--as-of", "2028-01-01")

    @pytest.mark.slow
    def test_measures_are_tables_for_people_and_numbers_for_programs(self, enrolled: Spoken) -> None:
        with enrolled.world("2026-12-01 08:00") as here:
            here.hear_yes()
            here.walk_to(at("2027-01-20 12:00"))
        at_ = ("--as-of", "2027-01-20T12:00")
        text = plain(enrolled("match", "measures", *at_))
        assert text.startswith("1 newcomer, of whom 1 began.")
        assert "First coffee with the buddy 1 0 0 1 0 0 0" in text
        assert "2027-01 fewer than 5" in text
        assert "Manila-1 Example (manila-1) 1" in text
        found = enrolled.json("match", "measures", *at_)
        assert (found["newcomers"], found["counted"]["started"]) == (1, 1)
        assert found["counted"]["cohorts"][0]["newcomers"] == "fewer than 5"

    def test_measures_of_a_range_of_first_days(self, enrolled: Spoken) -> None:
        text = enrolled("match", "measures", "--from", "2027-01-01", "--to", "2027-01-31")
        assert "There are fewer than 5 newcomers with a first day from 2027-01-01 up to 2027-01-31" in text
        assert "There are no newcomers" in enrolled("match", "measures", "--from", "2030-01-01")
        backwards = ("match", "measures", "--from", "2027-02-01", "--to", "2027-01-01")
        assert "the last day lies before the first" in enrolled(*backwards, code=1)

    def test_measures_without_any_hire_are_one_sentence(self, onboarding: Spoken) -> None:
        assert onboarding("match", "measures") == "There are no newcomers.\n"


class TestReview:
    def test_nothing_and_something(self, enrolled: Spoken) -> None:
        assert enrolled("review", "--as-of", "2026-12-01") == "Nothing needs a human.\n"
        with enrolled.world("2026-12-14 02:00") as here:
            here.mail.answers = [Outcome(kind=OutcomeKind.UNKNOWN, reason="no answer")]
            here.run()
            number = str(here.row("profile").number)
        assert "no answer" in enrolled("review", "--as-of", "2026-12-14")
        assert [one["id"] for one in enrolled.json("review", "--as-of", "2026-12-14")] == [number]
        assert enrolled("review", "settle", number, "sent") == f"delivery {number}: sent\n"
        assert "is sent, not unknown" in enrolled("review", "settle", number, "sent", code=1)

    def test_somebody_takes_care_of_a_newcomer_who_needs_a_human(self, enrolled: Spoken) -> None:
        with enrolled.world("2027-02-03 06:00") as here:
            here.run()
            here.answer(here.row("check_in_30"), connected="1")
            here.now = here.row("low_30", "hr").due_at
            here.run()
            number = str(here.row("low_30", "hr").number)
        later = ("--as-of", "2027-02-03T10:00")
        assert "low_30 was told on 2027-02-03: nobody has said that they take care of it" in enrolled(
            "review", *later
        )
        (alert,) = enrolled.json("hire", "show", "n1")["alerts"]
        assert (str(alert["number"]), alert["told"], alert["stand"]) == (number, "People Team", "told")
        assert (alert["told_then"], alert["taken_by"], alert["taken_at"]) == ("", "", None)
        assert enrolled("review", "take", number, "--by", "Ines", *later) == "low_30 of n1: taken by Ines\n"
        (line,) = [one for one in enrolled("hire", "show", "n1").splitlines() if one.split()[:1] == [number]]
        assert line.split()[1:5] == ["low_30", "People", "Team", "taken"]
        assert "told on Wednesday, February 3, 2027, 8:00 AM (UTC)" in line
        assert "taken by Ines on Wednesday, February 3, 2027" in line
        assert "low_30" not in enrolled("review", *later)
        assert "nothing that somebody can take care of" in enrolled("review", "take", "1", "--by", "Ines", code=1)
        said = enrolled("review", "take", number, "--by", "Bo", *later, code=1)
        assert "Ines takes care of it since 2027-02-03 10:00 UTC: add --instead" in said
        assert "taken by Bo" in enrolled("review", "take", number, "--by", "Bo", "--instead", *later)

    def test_an_event_is_replayed(self, enrolled: Spoken) -> None:
        with enrolled.world("2026-12-02 08:00") as here:
            event_id = post_standard(here.engine, {"id": "n2"}, now=here.now).event_id
        assert "the source standard is not set up any more" in enrolled("enroll")
        assert "n2" not in enrolled("hire", "list")
        replayed = enrolled.json("review", "replay", event_id, code=1)
        assert replayed["state"] == "review"
        assert "there is no event x" in enrolled("review", "replay", "x", code=1)


class TestWork:
    def test_what_is_due_is_done_into_the_outbox(self, enrolled: Spoken, tmp_path: Path) -> None:
        assert enrolled("run-due", "--as-of", "2026-12-01") == "Nothing is due.\n"
        text = enrolled("run-due", "--as-of", "2026-12-14T10:00+08:00")
        assert "profile" in text
        assert len(list((tmp_path / "home" / "outbox").glob("*.eml"))) == 1
        assert enrolled.json("run-due", "--as-of", "2026-12-14T10:00+08:00") == []

    def test_recorded_events_are_obeyed(self, enrolled: Spoken, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ONBOARDING_WEBHOOK_SECRETS", '{"standard": "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"}')
        assert enrolled("enroll") == "No event waits.\n"
        with enrolled.world("2026-12-02 08:00") as here:
            post_standard(here.engine, {"id": "n2"}, now=here.now)
        (done,) = enrolled.json("enroll", "--as-of", "2026-12-02")
        assert (done["hire_id"], done["state"]) == ("n2", "obeyed")

    def test_a_backfill_is_shown_before_it_is_done(self, enrolled: Spoken) -> None:
        days = ("backfill", "--from", "2027-01-04", "--to", "2027-01-04", "--as-of", "2027-02-01")
        shown = enrolled(*days, "--step", "welcome_card", "--late", "send")
        assert "Nothing was changed. Add --send to do it." in shown
        again = enrolled.json(*days, "--step", "welcome_card", "--late", "send", "--send")
        assert [one["action"] for one in again] == ["send"]
        assert "Nothing was missed" in enrolled("backfill", "--from", "2020-01-01", "--to", "2020-01-01")

    def test_the_newest_schema_is_there_after_migrating_twice(self, onboarding: Spoken) -> None:
        for _ in range(2):
            assert onboarding("migrate") == "The database has the newest schema.\n"

    @pytest.mark.slow
    def test_a_home_without_a_database_gets_one_at_the_first_command(
        self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("ONBOARDING_DATABASE_URL")
        assert "Nobody is enrolled yet" in onboarding("hire", "list")
        assert (tmp_path / "home" / "onboarding.db").is_file()

    def test_the_clock_file_tells_commands_the_time(
        self, enrolled: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ONBOARDING_CLOCK_FILE", file("clock", at("2026-12-14 02:00").isoformat()))
        assert [one["step"] for one in enrolled.json("run-due")] == ["profile"]


class TestWords:
    @pytest.mark.slow
    def test_a_folder_of_ones_own_is_written_checked_and_never_overwritten(self, onboarding: Spoken) -> None:
        assert "ONBOARDING_TEMPLATES=mine" in onboarding("init", "mine")
        assert onboarding("check", "mine") == "All is well in mine.\n"
        assert "nothing was written" in onboarding("init", "mine", code=1)
        Path("mine/messages/channels/hire.md").write_text(
            "---\nsubject: Hi\nreason: Because.\n---\n{{ hire.frist_name }}\n", encoding="utf-8"
        )
        (mistake,) = onboarding.json("check", "mine", code=1)
        assert "channels/hire.md" in mistake
        assert "hire.first_name" in mistake

    def test_the_journey_that_newcomers_would_follow_is_there(
        self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ONBOARDING_JOURNEY", "romote")
        said = onboarding("check", code=1)
        assert "ONBOARDING_JOURNEY names romote, and there is no journeys/romote.toml; there are: remote" in said

    def test_a_file_is_no_folder(self, onboarding: Spoken) -> None:
        assert "nothing was written" in onboarding("init", file("mine", ""), code=1)


@pytest.mark.slow
class TestRehearse:
    def test_a_whole_journey_lies_in_a_folder_and_nothing_is_remembered(self, enrolled: Spoken) -> None:
        before = enrolled.json("hire", "show", "n1")
        name = file("new.json", record(id="n2", first_name="Rosa", manager_id=""))
        text = enrolled("rehearse", "--hire", name, "--out", "walk", "--as-of", "2026-12-01")
        mails = len(list(Path("walk/mails").glob("*.eml")))
        assert mails > 10
        assert text.startswith(f"{mails} mails; open walk/index.html\n")
        assert "will not be sent: manager_list to manager: the record names no manager" in text
        page = Path("walk/index.html").read_text(encoding="utf-8")
        assert "Rosa" in page
        assert "<script" not in page
        assert [one["id"] for one in enrolled.json("hire", "list")] == ["n1"]
        assert enrolled.json("hire", "show", "n1") == before
        assert "nothing was written" in enrolled("rehearse", "--hire", name, "--out", "walk", code=1)

    def test_json_says_where_it_lies(self, enrolled: Spoken) -> None:
        result = enrolled.json("rehearse", "--hire", file("new.json", record(id="n2")), "--out", "walk")
        assert result["index"] == "walk/index.html"
        assert result["report"]["outcome"] == "enrolled"

    @pytest.mark.parametrize("content", ["{}", '{"data": "x"}', "[]"])
    def test_a_broken_record_is_one_sentence_for_each_field(self, enrolled: Spoken, content: str) -> None:
        text = enrolled("rehearse", "--hire", file("new.json", content), "--out", "walk", code=1)
        assert text.startswith("onboarding: ")


def test_the_installed_script_and_the_module_are_the_same() -> None:
    script = shutil.which("onboarding", path=str(Path(sys.executable).parent))
    assert script
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("onboarding, version ")
    assert paths.shipped_templates().is_dir()
