"""Are the rows of a people file understood as HR meant them, and the others refused so that HR can mend them?"""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.errors import BadRecord
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.record import HIRE_NEEDS, PERSON_NEEDS
from onboarding.domain.sheets.column_names import FIRST, listed
from onboarding.domain.sheets.days import Order
from onboarding.domain.sheets.named_managers import Colleagues
from onboarding.domain.sheets.people_file import PeopleFile, read_people
from onboarding.domain.sheets.people_row import Reading

TODAY = date(2026, 12, 1)
ZONES = {("Berlin", ""): "Europe/Berlin", ("", "PH"): "Asia/Manila", ("", "DE"): "Europe/Berlin"}
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "directory" / "oracle-hr.json"


def zone_of(location: str, country: str) -> str:
    return ZONES.get((location, "")) or ZONES.get(("", country), "")


READING = Reading(zone_of=zone_of)


def read(text: str | bytes, needs: tuple[str, ...] = PERSON_NEEDS, reading: Reading = READING) -> PeopleFile:
    return read_people(text, needs=needs, today=TODAY, reading=reading)


def people(text: str | bytes, reading: Reading = READING) -> list[Person]:
    file = read(text, reading=reading)
    assert file.refused == ()
    return [one.person for one in file.entries if one.person]


def row(**more: str) -> str:
    """A file with one row: a colleague with whatever a test adds."""
    cells = {"id": "a1", "first name": "Ann", "email": "ann@example.com", "time zone": "UTC", **more}
    out = io.StringIO(newline="")
    csv.writer(out).writerows([list(cells), list(cells.values())])
    return out.getvalue()


def person(**more: object) -> Person:
    plain = Person(id="a1", first_name="Ann", work_email="ann@example.com", time_zone="UTC")
    return replace(plain, **more)  # type: ignore[arg-type]  # tests vary what they like


def test_a_full_german_export_becomes_people() -> None:
    text = (
        "Personalnummer;Vorname;Nachname;Rufname;E-Mail;Private E-Mail;Eintrittsdatum;Büro;Land;Bundesland;"
        "Sprache;Position;Abteilung;Team;Vorgesetzter;Interessen;Arbeitsbeginn;Arbeitsende;Abgemeldet;Gehalt\r\n"
        "001;Jörg;Weiß;Jogi;joerg@example.com;j@example.org;04.01.2027;Berlin;Deutschland;Bayern;Deutsch;"
        'Lektor;Text;Wörter;"Groß, Ida";"Tee; Schach";8:30;16.30 Uhr;ja;9999\r\n'
        "002;Ida;Groß;;ida@example.com;;46391;Berlin;DE;BE;Englisch (USA);;;;;;;;nein;1\r\n"
    )
    file = read(text.encode("cp1252"))
    assert file.refused == ()
    assert file.entries[0].person == Person(
        id="001",
        first_name="Jörg",
        last_name="Weiß",
        preferred_name="Jogi",
        work_email="joerg@example.com",
        personal_email="j@example.org",
        start_date=date(2027, 1, 4),
        time_zone="Europe/Berlin",
        country="DE",
        subdivision="BY",
        language="de",
        job_title="Lektor",
        department="Text",
        team="Wörter",
        location="Berlin",
        manager_id="002",
        interests=("Tee", "Schach"),
        working_hours=WorkingHours(start=time(8, 30), end=time(16, 30)),
        opted_out=True,
    )
    assert file.entries[1].person is not None
    assert file.entries[1].person.start_date == date(2027, 1, 4)
    assert [one.split(":")[0] for one in file.remarks] == [
        "the file is not UTF-8, so it was read as Windows-1252, as Excel saves CSV in western Europe and America",
        "columns that were not read",
        "time_zone",
    ]
    assert "9999" not in repr(file)


ALONE = [
    ({"name": "", "last name": "Ash"}, {"last_name": "Ash"}),
    ({"first name": "Ann\u00a0", "last name": "n/a"}, {}),
    ({"id": "'7"}, {"id": "7"}),
    ({"id": '="7"'}, {"id": "7"}),
    ({"country": "Philippinen"}, {"country": "PH"}),
    ({"country": "Germany (DE)"}, {"country": "DE"}),
    ({"country": "Congo (Kinshasa)"}, {"country": "CD"}),
    ({"country": "USA", "state": "California"}, {"country": "US", "subdivision": "CA"}),
    ({"language": "Spanisch"}, {"language": "es"}),
    ({"opt out": "sí"}, {"opted_out": True}),
    ({"interests": "tea\nchess"}, {"interests": ("tea", "chess")}),
    ({"time zone": "W. Europe Standard Time"}, {"time_zone": "Europe/Berlin"}),
    ({"time zone": "Berlin"}, {"time_zone": "Europe/Berlin"}),
    ({"time zone": "", "location": "Berlin"}, {"time_zone": "Europe/Berlin", "location": "Berlin"}),
    ({"time zone": "-", "country": "PH"}, {"time_zone": "Asia/Manila", "country": "PH"}),
    ({"manager": "emp-7"}, {"manager_id": "emp-7"}),
    ({"manager": "lead@example.com"}, {"manager_email": "lead@example.com"}),
    ({"manager id": "lead@example.com"}, {"manager_email": "lead@example.com"}),
    ({"manager id": "7.0"}, {"manager_id": "7"}),
    ({"manager id": "7", "manager": "Who Ever"}, {"manager_id": "7"}),
    ({"manager": "Who Ever", "manager email": "x@example.com"}, {"manager_email": "x@example.com"}),
    ({"status": "Active"}, {}),
    ({"Estado": "Activo"}, {}),
    ({"Estado": "CA", "country": "US"}, {"country": "US", "subdivision": "CA"}),
    ({"end date": "2026-12-01"}, {}),
    ({"end date": "2025-01-31", "start date": "2026-01-01"}, {"start_date": date(2026, 1, 1)}),
    ({"left": "no"}, {}),
    ({"active": "ja"}, {}),
]


@pytest.mark.parametrize(("cells", "fields"), ALONE)
def test_a_cell_is_read_as_it_was_meant(cells: dict[str, str], fields: dict[str, object]) -> None:
    assert people(row(**cells)) == [person(**fields)]


REFUSED = [
    ({"id": ""}, "id is missing", "id"),
    ({"id": "Ann Ash"}, "id must have 1 to 64 characters", "id"),
    ({"first name": "=A1"}, "first_name is a formula: save the file with its values instead", "first name"),
    ({"email": "#REF!"}, "work_email is an error of the spreadsheet, not a value", "email"),
    ({"email": ""}, "work_email or personal_email is needed, so that there is an address to write to", "email"),
    ({"email": "ann"}, "work_email is not an e-mail address that can be written to", "email"),
    ({"Hire Date": "1/4/2027"}, "start_date can be read day first and month first: say which is", "Hire Date"),
    ({"Hire Date": "1/4/27"}, "start_date must be a day whose year has four digits", "Hire Date"),
    (
        {"time zone": "Mars"},
        "time_zone must be an IANA time zone such as Europe/Berlin, or the name of",
        "time zone",
    ),
    (
        {"time zone": "Europe/Berlim"},
        "time_zone must be an IANA time zone such as Europe/Berlin; did you",
        "time zone",
    ),
    ({"time zone": ""}, "time_zone is missing, and neither the location nor the country tells it", "time zone"),
    ({"time zone": "", "country": "US"}, "time_zone is missing, and neither the location nor the", "time zone"),
    ({"Land": "Atlantis"}, "country must be a country: its name in English, German or Spanish", "Land"),
    ({"time zone": "", "Land": "Atlantis"}, "country must be a country: its name in English", "Land"),
    ({"Sprache": "Elbisch"}, "language must be a language: its name in English, German or Spanish", "Sprache"),
    ({"Abgemeldet": "vielleicht"}, "opt_out must be yes or no", "Abgemeldet"),
    ({"Arbeitsbeginn": "08:30"}, "working_hours.end is missing", "working_hours_end"),
    ({"Arbeitsbeginn": "früh", "Arbeitsende": "17:00"}, "working_hours.start must be a time", "Arbeitsbeginn"),
    ({"manager id": "a1"}, "manager_id names the person as their own manager", "manager id"),
    ({"Austritt": "bald"}, "end_date must be a day, best written as 2026-03-02", "Austritt"),
    ({"active": "perhaps"}, "active must be yes or no", "active"),
    ({"status": "left", "id": "Ann Ash"}, "id must have 1 to 64 characters", "id"),
]


@pytest.mark.parametrize(("cells", "sentence", "column"), REFUSED)
def test_a_cell_that_does_not_fit_is_named_with_its_column_in_one_sentence(
    cells: dict[str, str], sentence: str, column: str
) -> None:
    file = read(row(**cells))
    assert file.entries == ()
    (refusal,) = file.refused
    (mistake,) = refusal.mistakes
    assert (refusal.line, mistake.column) == (2, column)
    assert mistake.sentence.startswith(sentence)
    assert refusal.reason == mistake.sentence
    assert not any(cell in mistake.sentence for cell in cells.values() if len(cell) > 3 and cell != "a1")


def test_every_mistake_of_a_row_is_named_at_once_in_the_order_of_the_record() -> None:
    text = row(**{"first name": "", "email": "no", "Hire Date": "soon", "country": "Atlantis", "opt out": "?"})
    (refusal,) = read(text).refused
    assert [one.sentence.split()[0] for one in refusal.mistakes] == [
        *("first_name", "work_email", "start_date", "country", "opt_out")
    ]


NAMES = [
    ("Ann Ash", "Ann", "Ash"),
    ("Ash, Ann", "Ann", "Ash"),
    ("Ann Maria Ash", "Ann Maria", "Ash"),
    ("van der Ash, Ann", "Ann", "van der Ash"),
    ("Ann", "Ann", ""),
    ("Ann,", "Ann", ""),
    (", Ann", "Ann", ""),
    ("  Ann   Ash ", "Ann", "Ash"),
]


@pytest.mark.parametrize("title", ["Name", "Full name", "Nombre", "Vollständiger Name"])
@pytest.mark.parametrize(("name", "first", "last"), NAMES)
def test_a_whole_name_is_divided_where_there_are_no_parts_of_it(
    title: str, name: str, first: str, last: str
) -> None:
    (found,) = people(f'id,{title},email,tz\na1,"{name}",ann@example.com,UTC\n')
    assert (found.first_name, found.last_name) == (first, last)


def test_on_a_german_form_name_is_the_family_name() -> None:
    (found,) = people("id;Name;Vorname;Mail;Zeitzone\na1;von Ast;Anna;ann@example.com;UTC\n")
    assert (found.first_name, found.last_name) == ("Anna", "von Ast")


MANAGERS = [
    ("Bo Berg", "b1"),
    ("berg, BO", "b1"),
    ("Bobby Berg", "b1"),
    ("b1", "b1"),
    ("Berg (b1)", "b1"),
    ("Bo Berg (9)", ""),
    ("Cy Cole", ""),
    ("Ann Ash", ""),
    ("Nobody Known", ""),
    ("Nobody", ""),
    ("Dee Dale", "d1"),
    ("Eve Elm", ""),
    ("Flo Frost", ""),
]


@pytest.mark.parametrize(("cell", "manager"), MANAGERS)
def test_a_manager_by_name_is_found_in_the_file_or_the_directory_when_only_one_can_be_meant(
    cell: str, manager: str
) -> None:
    text = (
        "id,first name,last name,nickname,email,tz,reports to\n"
        f'a1,Ann,Ash,,a@example.com,UTC,"{cell}"\n'
        "b1,Bo,Berg,Bobby,b@example.com,UTC,\n"
        "f1,Flo,Frost,,f@example.com,UTC,\n"
        "c1,Cy,Cole,,c1@example.com,UTC,\nc2,Cy,Cole,,c2@example.com,UTC,\n"
    )
    known = Colleagues(ids={"d1"}, names={"dee dale": "d1", "eve elm": "", "bo berg": "b1", "flo frost": "f2"})
    file = read(text, reading=replace(READING, colleagues=known))
    assert file.refused == ()
    assert [one.record.get("manager_id", "") for one in file.entries] == [manager, "", "", "", ""]
    unknown = "reports to: names nobody else of the file or the directory, or several"
    assert any(one.startswith(unknown) for one in file.remarks) is not bool(manager)


GONE = [
    {"status": "Inactive"},
    {"Status": "ausgeschieden"},
    {"Estado": "Baja"},
    {"active": "no"},
    {"is active": "inaktiv"},
    {"left": "x"},
    {"end date": "2026-11-30"},
    {"end date": "2026-11-30", "status": "who knows"},
    {"end date": "2026-11-30", "start date": "2020-01-01"},
    {"status": "left", "end date": "nonsense", "email": "nonsense", "time zone": "", "first name": ""},
    {"status": "active", "active": "no"},
]


@pytest.mark.parametrize("cells", GONE)
def test_who_has_left_is_gone_and_no_other_cell_hinders_it(cells: dict[str, str]) -> None:
    (entry,) = read(row(**cells)).entries
    assert (entry.id, entry.person) == ("a1", None)


def test_a_state_that_is_not_known_counts_as_here_and_is_reported() -> None:
    file = read(row(status="gekündigt"))
    assert file.remarks == (
        "status: says neither here nor gone in words that we know, so that these rows count as here (line 2)",
    )
    assert file.entries[0].person is not None


def test_an_end_against_which_another_column_speaks_is_reported() -> None:
    file = read(row(**{"status": "active", "end date": "2026-01-01"}))
    assert [one.split(":")[0] for one in file.remarks] == ["end date"]
    assert file.entries[0].person is not None


def test_a_file_of_leavers_needs_nothing_but_ids() -> None:
    file = read("id,left on\na1,2026-01-31\na2,2026-02-28\na3,\n")
    assert [(one.id, one.person) for one in file.entries] == [("a1", None), ("a2", None)]
    assert [one.line for one in file.refused] == [4]


LACKING = [
    ("Gehalt;Ort\n1;2\n", PERSON_NEEDS, 3),
    ("id,first name\n1,2\n", PERSON_NEEDS, 2),
    ("id,first name,email,tz\n1,2,3,4\n", HIRE_NEEDS, 1),
    ("name,email,country\n1,2,3\n", PERSON_NEEDS, 1),
    ("last name,status\n1,2\n", PERSON_NEEDS, 1),
    ("1,2,3\n4,5,6\n", PERSON_NEEDS, 1),
]


@pytest.mark.parametrize(("text", "needs", "count"), LACKING)
def test_columns_that_every_row_needs_are_missed_at_once(text: str, needs: tuple[str, ...], count: int) -> None:
    with pytest.raises(BadRecord) as caught:
        read(text, needs)
    assert len(caught.value.mistakes) == count


def test_a_missing_column_is_said_with_names_that_would_do() -> None:
    with pytest.raises(BadRecord) as caught:
        read("id,first name,email\n1,2,3\n")
    (sentence,) = caught.value.mistakes
    assert sentence == (
        "the file has no column time_zone or country or location; "
        'other names for it are "tz", "iana time zone", "Zeitzone"'
    )


def test_a_first_line_that_is_no_header_is_not_repeated() -> None:
    with pytest.raises(BadRecord) as caught:
        read("Ann,Ash,ann@example.com\nBo,Berg,bo@example.com\n")
    assert caught.value.mistakes == (
        "the first line names no column that we know: it must hold names such as id, first_name and work_email",
    )


def test_the_second_row_with_an_id_is_refused_with_the_line_of_the_first() -> None:
    text = row() + "a1,Bo,bo@example.com,UTC\r\na1.0,Cy,cy@example.com,UTC\r\n"
    file = read(text)
    assert [one.id for one in file.entries] == ["a1", "a1.0"]
    assert [(one.line, one.reason) for one in file.refused] == [(3, "id is the same as in line 2")]


def test_a_row_with_more_cells_than_columns_is_refused_unless_they_are_empty() -> None:
    file = read(row() + "a2,Bo,bo@example.com,UTC,,\r\na3,Cy,cy@example.com,UTC,more\r\n")
    assert [one.id for one in file.entries] == ["a1", "a2"]
    assert [one.reason for one in file.refused] == ["the row has more cells than the first line has columns"]


def test_a_short_row_has_empty_cells() -> None:
    assert [one.team for one in people("id,name,email,tz,team\na1,Ann,ann@example.com,UTC\n")] == [""]


def dated(*cells: str) -> str:
    rows = [f"a{place},Ann,ann@example.com,UTC,{cell}" for place, cell in enumerate(cells)]
    return "\n".join(["id,name,email,tz,Hire Date", *rows])


def test_a_column_of_dates_decides_for_all_its_rows_and_the_report_says_so() -> None:
    file = read(dated("1/4/2027", "1/13/2027"))
    assert [one.record["start_date"] for one in file.entries] == ["2027-01-04", "2027-01-13"]
    assert file.remarks == ("Hire Date: read with the month first, as other rows of the column show",)


def test_each_column_of_dates_decides_for_itself() -> None:
    text = (
        "id,name,email,tz,Hire Date,End date\n1,A,a@example.com,UTC,13/1/2027,\n2,B,b@example.com,UTC,,3/4/2027\n"
    )
    file = read(text)
    assert [(one.line, one.mistakes[0].column) for one in file.refused] == [(3, "End date")]


def test_a_column_that_mixes_both_orders_keeps_what_is_sure() -> None:
    file = read(dated("1/4/2027", "1/13/2027", "13/1/2027", "5/5/2027", "2027-01-04"))
    assert [one.id for one in file.entries] == ["a1", "a2", "a3", "a4"]
    assert file.refused[0].reason.startswith("start_date stands in a column that mixes both orders")


def test_whoever_imports_decides_for_every_column() -> None:
    file = read(dated("1/4/2027", "4.1.2027"), reading=replace(READING, order=Order.MDY))
    assert [one.record["start_date"] for one in file.entries] == ["2027-01-04", "2027-01-04"]
    assert file.remarks == ()


def test_a_remark_counts_the_rows_that_it_is_about() -> None:
    rows = "".join(f"a{number},Ann,ann@example.com,UTC,Atlantis\n" for number in range(8))
    (remark,) = read(f"id,name,email,tz,State\n{rows}").remarks
    assert remark.startswith("State: no part of the country")
    assert remark.endswith("(lines 2, 3, 4, 5, 6 and 3 more)")


def test_a_remark_about_a_row_that_was_refused_is_not_made() -> None:
    assert read(row(state="Atlantis", email="no")).remarks == ()


def test_the_nearest_zone_is_looked_up_for_the_first_wrong_ones_only() -> None:
    rows = "".join(f"a{number},Ann,ann@example.com,Europe/Berlim{number}\n" for number in range(40))
    hints = ["did you mean" in one.reason for one in read(f"id,name,email,tz\n{rows}").refused]
    assert (hints[0], sum(hints)) == (True, 20)


def test_the_shipped_sample_needs_no_remark() -> None:
    sample = Path(__file__).parents[2] / "templates" / "samples" / "company.csv"
    file = read(sample.read_bytes())
    assert (len(file.entries), file.refused, file.remarks) == (41, (), ())


def test_a_public_sample_company_is_read_as_it_is() -> None:
    if not SHARED.is_file():
        pytest.skip("the public sample company is not beside this checkout")
    zones = {"US": "America/Los_Angeles", "CA": "America/Toronto", "GB": "Europe/London", "DE": "Europe/Berlin"}
    file = read(SHARED.read_bytes(), reading=Reading(zone_of=lambda _, country: zones.get(country, "")))
    assert (len(file.entries), len(file.refused), file.unit) == (106, 1, "entry")
    assert file.refused[0].reason.startswith("time_zone is missing")
    managers = {one.id: one.record.get("manager_id") for one in file.entries}
    assert (managers["100"], managers["101"]) == (None, "100")
    assert "columns that were not read: phone, job_code, department_id, location_id, country_name, region" in (
        file.remarks
    )


IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True).filter(
    lambda text: (
        text.lower() not in ("hr", "it", "company", "nobody", "nan", "na", "null") and not text.endswith(".0")
    )
)
WORDS = st.from_regex(r"[A-ZÄÖÜÉÑa-zß]{3,12}", fullmatch=True).filter(lambda text: text.lower() != "null")
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2050, 12, 31))
STYLES = {"%Y-%m-%d": None, "%d.%m.%Y": None, "%d/%m/%Y": Order.DMY, "%m/%d/%Y": Order.MDY, "%d-%b-%Y": None}
ZONED = st.sampled_from([("Berlin", "Europe/Berlin"), ("Asia/Manila", "Asia/Manila"), ("UTC", "UTC")])


@st.composite
def persons(draw: st.DrawFn) -> tuple[Person, str]:
    cell, zone = draw(ZONED)
    made = Person(
        id=draw(IDS),
        first_name=draw(WORDS),
        last_name=draw(WORDS),
        work_email=f"{draw(st.from_regex(r'[a-z]{1,8}', fullmatch=True))}@example.com",
        start_date=draw(DAYS),
        time_zone=zone,
        language=draw(st.sampled_from(["en", "de", "es"])),
        team=draw(WORDS | st.just("")),
        opted_out=draw(st.booleans()),
    )
    return made, cell


@given(
    st.lists(persons(), min_size=1, max_size=6, unique_by=lambda one: one[0].id),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(sorted(STYLES)),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_people_who_are_written_in_any_way_are_read_as_they_were(
    company: list[tuple[Person, str]], delimiter: str, encoding: str, style: str, chance: object
) -> None:
    choose = chance.choice  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    fields = [
        "id",
        "first_name",
        "last_name",
        "work_email",
        "start_date",
        "time_zone",
        "language",
        "team",
        "opt_out",
    ]
    header = [choose([field, *listed(FIRST[field])]) for field in fields]
    words = {"en": ["English", "inglés"], "de": ["German", "Deutsch"], "es": ["Español", "es"]}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    for one, zone in company:
        assert one.start_date is not None
        yes = choose(["yes", "ja", "sí", "x"]) if one.opted_out else choose(["no", "nein", ""])
        day = one.start_date.strftime(style)
        language = choose(words[one.language])
        writer.writerow(
            [one.id, one.first_name, one.last_name, one.work_email, day, zone, language, one.team, yes]
        )
    reading = replace(READING, order=STYLES[style])
    assert people(out.getvalue().encode(encoding), reading) == [one for one, _ in company]


TITLES = st.sampled_from([name for text in FIRST.values() for name in listed(text)])


@given(
    st.lists(TITLES, max_size=8),
    st.lists(st.lists(st.text(max_size=12) | st.sampled_from(["1/4/2027", "left", "=1", "Berlin"]), max_size=9)),
    st.sampled_from([HIRE_NEEDS, PERSON_NEEDS]),
)
@settings(deadline=None)
def test_any_table_is_read_or_refused_in_words(
    header: list[str], rows: list[list[str]], needs: tuple[str, ...]
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["id", *header], *rows])
    with suppress(BadRecord):
        file = read(out.getvalue(), needs)
        assert all(one.mistakes and one.reason for one in file.refused)
        assert len({one.id for one in file.entries}) == len(file.entries)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_anything_is_read_or_refused(content: str | bytes) -> None:
    with suppress(BadRecord):
        read(content)
