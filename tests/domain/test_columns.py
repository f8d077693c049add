"""Is a column recognised by whatever name it has, and never taken for another one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.errors import BadRecord
from onboarding.domain.folding import folded
from onboarding.domain.sheets import column_names, columns

EXPORTS = {
    "ours": """
        id=id first_name=first_name last_name=last_name work_email=work_email start_date=start_date
        time_zone=time_zone manager_id=manager_id opt_out=opt_out working_hours_start=working_hours_start
    """,
    "BambooHR": """
        Employee_#=id First_Name=first_name Last_Name=last_name Preferred_Name=preferred_name Work_Email=work_email
        Home_Email=personal_email Hire_Date=start_date Job_Title=job_title Location=location Country=country
        Supervisor_EEID=manager_id Reports_To=manager Status=status Termination_Date=end_date
    """,
    "HiBob": """
        Employee_ID=id Display_name=name Work_email=work_email Start_date=start_date Site=location
        Department=department Reports_to=manager Job_title=job_title Lifecycle_status=status
    """,
    "Personio in German": """
        Personalnummer=id Vorname=first_name Nachname=last_name E-Mail=work_email Eintrittsdatum=start_date
        Position=job_title Abteilung=department Team=team Büro=location Vorgesetzter=manager Status=status
        Austrittsdatum=end_date
    """,
    "Workday": """
        Employee_ID=id Legal_Name_-_First_Name=first_name Legal_Name_-_Last_Name=last_name Email_-_Work=work_email
        Hire_Date=start_date Business_Title=job_title Supervisory_Organization=department Worker's_Manager=manager
        Location=location Active_Status=status
    """,
    "everyday German": """
        Mitarbeiter-Nr.=id Name=last_name Vorname=first_name Geschäftliche_E-Mail=work_email Zeitzone=time_zone
        Land=country Bundesland=subdivision Sprache=language Arbeitsbeginn=working_hours_start
    """,
    "everyday Spanish": """
        Número_de_empleado=id Nombre=first_name Apellidos=last_name Correo_electrónico=work_email
        Fecha_de_inicio=start_date País=country Zona_horaria=time_zone Puesto=job_title Jefe=manager
        Idioma=language
    """,
    "a Spanish whole name": "ID=id Nombre=name Correo=work_email",
}
"""Header=field; `_` stands for a space."""


@pytest.mark.parametrize("export", sorted(EXPORTS))
def test_the_columns_of_exports_are_known(export: str) -> None:
    pairs = [pair.split("=") for pair in EXPORTS[export].split()]
    found = columns.find([title.replace("_", " ") for title, _ in pairs])
    assert sorted(found.places, key=found.places.__getitem__) == [field for _, field in pairs]
    assert found.dropped == ()


@pytest.mark.parametrize("sign", ["_", "-", " ", "", "\u00a0", ". "])
def test_case_spaces_hyphens_and_underscores_do_not_count(sign: str) -> None:
    ours = [name for name in column_names.FIRST if name not in ("nombre", "estado", "name", "email", "why")]
    for way in (str.upper, str.title, str.lower):
        assert list(columns.find([way(name).replace("_", sign) for name in ours]).places) == ours


TWICE = [
    (["id", "Employee #"], "2 columns mean id: id, Employee #; delete or rename all but one"),
    (["E-Mail", "email", "Mail"], "3 columns mean work_email: E-Mail, email, Mail; delete or rename all but one"),
    (
        ["Hire Date", "Start date"],
        "2 columns mean start_date: Hire Date, Start date; delete or rename all but one",
    ),
    (["Manager", "Reports To"], "2 columns mean manager: Manager, Reports To; delete or rename all but one"),
]


@pytest.mark.parametrize(("header", "sentence"), TWICE)
def test_two_columns_for_one_field_refuse_the_file(header: list[str], sentence: str) -> None:
    with pytest.raises(BadRecord) as caught:
        columns.find(header)
    assert caught.value.mistakes == (sentence,)


def test_every_field_with_two_columns_is_named_at_once() -> None:
    with pytest.raises(BadRecord) as caught:
        columns.find(["id", "ID", "Land", "Country"])
    assert len(caught.value.mistakes) == 2


RATHER = [
    (["Location", "City"], {"location": 0}, ("City",)),
    (["City", "Location"], {"location": 1}, ("City",)),
    (["City"], {"location": 0}, ()),
    (["Ort", "City"], {"location": 1}, ("Ort",)),
    (["country", "country_name"], {"country": 0}, ("country_name",)),
    (["Email", "Work Email"], {"work_email": 1}, ("Email",)),
    (["Name", "First name", "Last name"], {"first_name": 1, "last_name": 2}, ("Name",)),
    (["Original Hire Date", "Hire Date"], {"start_date": 1}, ("Original Hire Date",)),
    (["Status", "Employment Status"], {"status": 0}, ("Employment Status",)),
    (["Employment Status"], {"status": 0}, ()),
    (["id", "why"], {"id": 0}, ()),
    (["id", "", " "], {"id": 0}, ()),
]


@pytest.mark.parametrize(("header", "places", "dropped"), RATHER)
def test_a_better_name_takes_the_place_of_a_vaguer_one_which_is_reported(
    header: list[str], places: dict[str, int], dropped: tuple[str, ...]
) -> None:
    found = columns.find(header)
    assert (dict(found.places), found.dropped) == (places, dropped)


PRIVATE = [
    *(
        "Salary",
        "Gehalt",
        "Salario",
        "Pay rate",
        "Date of birth",
        "Birth date",
        "Geburtsdatum",
        "Fecha de nacimiento",
    ),
    *(
        "Gender",
        "Geschlecht",
        "Sexo",
        "Nationality",
        "Nationalität",
        "Nacionalidad",
        "SSN",
        "National ID",
        "Tax ID",
    ),
    *("Steuer-ID", "IBAN", "DNI", "Personal ID", "Passport number", "Religion", "Marital status", "Home address"),
    *("Phone", "Telefon", "Notes", "Contract end date"),
]


@pytest.mark.parametrize("title", PRIVATE)
def test_what_is_none_of_our_business_is_not_read(title: str) -> None:
    found = columns.find(["id", title])
    assert (dict(found.places), found.dropped) == ({"id": 0}, (title,))


def test_no_name_stands_for_two_fields() -> None:
    seen: dict[str, set[str]] = {}
    for table in (column_names.FIRST, column_names.SECOND):
        for field, text in table.items():
            for name in column_names.listed(text):
                seen.setdefault(folded(name), set()).add(field)
    assert {name: fields for name, fields in seen.items() if len(fields) > 1} == {}
    assert "" not in seen


def test_a_long_or_strange_title_is_shown_in_one_short_line() -> None:
    assert columns.shown("a\x1b[31m\nb" + "c" * 99) == "a[31m b" + "c" * 32 + "\u2026"


@given(st.lists(st.text(max_size=30) | st.sampled_from(sorted(column_names.FIRST)), max_size=12))
def test_any_header_is_understood_or_refused(header: list[str]) -> None:
    try:
        found = columns.find(header)
    except BadRecord:
        return
    assert set(found.places.values()) <= set(range(len(header)))
    assert len(set(found.places.values())) == len(found.places)
    assert not set(found.dropped) & {found.titles[place] for place in found.places.values()} - set(found.dropped)
