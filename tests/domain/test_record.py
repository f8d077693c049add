"""Is a record read as it was meant, and is everything said that is wrong with one?"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain import record
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Fact, Told
from onboarding.domain.people import Person, WorkingHours

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def newcomer(**more: object) -> dict[str, object]:
    return {
        "id": "n-7",
        "first_name": "Zainab",
        "start_date": "2027-01-04",
        "time_zone": "Africa/Nairobi",
        "work_email": "zainab@example.com",
        **more,
    }


def event(told: str = "hire.created", **more: object) -> dict[str, object]:
    return {"type": told, "data": newcomer(**more)}


def read(tree: object) -> Fact:
    return record.read_event(tree, NOW)


def person_of(tree: object) -> Person:
    person = read(tree).person
    assert person is not None
    return person


def mistakes(tree: object) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        read(tree)
    return caught.value.mistakes


def test_a_full_record_becomes_a_person() -> None:
    fact = read(
        event(
            last_name="Otieno",
            preferred_name="Zai",
            personal_email="zai@example.org",
            country="ke",
            subdivision="KE-30",
            language="EN",
            job_title="Editor",
            department="Care",
            team="Words",
            location="Nairobi",
            manager_id="lead-1",
            manager_email="lead@example.com",
            interests=["Chess", " chess ", "tea", ""],
            working_hours={"start": "08:30", "end": "16:30"},
        )
    )
    assert (fact.told, fact.external_id, fact.hire_id, fact.at) == (Told.CREATED, "n-7", "n-7", NOW)
    assert fact.person == Person(
        id="n-7",
        first_name="Zainab",
        last_name="Otieno",
        preferred_name="Zai",
        work_email="zainab@example.com",
        personal_email="zai@example.org",
        start_date=date(2027, 1, 4),
        time_zone="Africa/Nairobi",
        country="KE",
        subdivision="30",
        language="en",
        job_title="Editor",
        department="Care",
        team="Words",
        location="Nairobi",
        manager_id="lead-1",
        manager_email="lead@example.com",
        interests=("Chess", "tea"),
        working_hours=WorkingHours(start=time(8, 30), end=time(16, 30)),
    )


def test_fields_that_are_not_on_the_list_are_dropped() -> None:
    assert read(event(salary=1, date_of_birth="1990-01-01", opted_out=True, active=False)) == read(event())


def test_empty_text_and_null_mean_not_known() -> None:
    assert person_of(event(last_name="", team=None, working_hours=None, country=" ")) == person_of(event())


def test_an_update_names_the_fields_that_were_given_emptied_ones_among_them() -> None:
    fact = read({"type": "hire.updated", "data": {"id": "n-7", "team": "Maps", "manager_email": None}})
    assert fact.given == {"team", "manager_email"}
    assert fact.person is not None
    assert (fact.person.team, fact.person.manager_email) == ("Maps", "")


def test_a_withdrawal_needs_the_id_only_and_nothing_else_hinders_it() -> None:
    fact = read({"type": "hire.withdrawn", "data": {"id": "n-7", "time_zone": "Nowhere", "first_name": 3}})
    assert (fact.told, fact.hire_id, fact.person) == (Told.WITHDRAWN, "n-7", None)


def test_the_sources_time_counts_unless_its_clock_is_ahead_of_ours() -> None:
    assert read({**event(), "timestamp": "2026-12-01T09:30:00+05:00"}).at == datetime(
        2026, 12, 1, 4, 30, tzinfo=UTC
    )
    assert read({**event(), "timestamp": "2031-01-01T00:00:00Z"}).at == NOW
    assert read({**event(), "timestamp": None}).at == NOW


SENTENCES: list[tuple[dict[str, Any], str]] = [
    ({"id": None}, "id is missing"),
    ({"id": 42}, "id must be text"),
    (
        {"id": "a@b"},
        "id must have 1 to 64 characters, each a letter a-z, a digit, a dot, a hyphen or an underscore",
    ),
    (
        {"id": "a/b"},
        "id must have 1 to 64 characters, each a letter a-z, a digit, a dot, a hyphen or an underscore",
    ),
    (
        {"id": "a\n"},
        "id must have 1 to 64 characters, each a letter a-z, a digit, a dot, a hyphen or an underscore",
    ),
    (
        {"id": "x" * 65},
        "id must have 1 to 64 characters, each a letter a-z, a digit, a dot, a hyphen or an underscore",
    ),
    ({"id": ".."}, "id must hold a letter or a digit"),
    ({"id": "HR"}, "id is reserved: choose another one than hr"),
    ({"first_name": ""}, "first_name is missing"),
    ({"first_name": ["Zainab"]}, "first_name must be text"),
    ({"first_name": "Z\r\nBcc: x"}, "first_name must be one line of plain text, without control characters"),
    ({"first_name": "\ud83d"}, "first_name must be one line of plain text, without control characters"),
    ({"first_name": "\u202eeman"}, "first_name must be one line of plain text, without control characters"),
    ({"first_name": "=?utf-8?q?x?="}, "first_name must not hold =?, which could forge a mail header"),
    ({"last_name": "y" * 101}, "last_name must have at most 100 characters"),
    ({"work_email": ""}, "work_email or personal_email is needed, so that there is an address to write to"),
    ({"work_email": "zainab"}, "work_email is not an e-mail address that can be written to"),
    ({"work_email": "z@example.com,w@example.com"}, "work_email is not an e-mail address that can be written to"),
    ({"work_email": "z" * 250 + "@example.com"}, "work_email must have at most 254 characters"),
    ({"start_date": None}, "start_date is missing"),
    ({"start_date": "2027-02-29"}, "start_date is a day that no calendar has"),
    ({"start_date": "04/01/2027"}, "start_date must be a day written as 2026-03-02"),
    ({"start_date": "2027-01-04T09:00:00Z"}, "start_date must be a day written as 2026-03-02"),
    ({"start_date": 20270104}, "start_date must be a day written as 2026-03-02"),
    ({"start_date": "0001-01-01"}, "start_date must lie between the years 1950 and 2100"),
    ({"time_zone": ""}, "time_zone is missing"),
    ({"time_zone": "Nowhere"}, "time_zone must be an IANA time zone such as Europe/Berlin"),
    (
        {"time_zone": "Africa/Nairobbi"},
        "time_zone must be an IANA time zone such as Europe/Berlin; did you mean Africa/Nairobi?",
    ),
    ({"time_zone": "../../etc/passwd"}, "time_zone must be an IANA time zone such as Europe/Berlin"),
    ({"country": "Kenya"}, "country must be a two-letter country code of ISO 3166-1, such as DE"),
    ({"country": "UK"}, "country must be a two-letter country code of ISO 3166-1, such as DE"),
    (
        {"subdivision": "Bavaria"},
        "subdivision must be the part of an ISO 3166-2 code after the hyphen, such as BY",
    ),
    ({"country": "KE", "subdivision": "DE-BY"}, "subdivision belongs to another country than the one given"),
    ({"language": "english please"}, "language must be a language tag such as en or pt-br"),
    ({"job_title": "t" * 201}, "job_title must have at most 200 characters"),
    ({"manager_id": "n-7"}, "manager_id names the person as their own manager"),
    ({"manager_email": "the lead"}, "manager_email is not an e-mail address that can be written to"),
    ({"interests": "chess"}, "interests must be a list of short texts"),
    ({"interests": ["chess", 3]}, "interests must be text"),
    ({"interests": ["c" * 61]}, "interests must have entries of at most 60 characters"),
    ({"interests": ["chess"] * 31}, "interests must have at most 30 entries"),
    ({"working_hours": {"start": "17:00", "end": "09:00"}}, "working_hours must start before they end"),
    ({"working_hours": {"start": "09:00", "end": "09:00"}}, "working_hours must start before they end"),
    (
        {"working_hours": {"start": "9", "end": "17:00"}},
        "working_hours.start must be a time of day written as 09:30",
    ),
    ({"working_hours": {"start": "09:00"}}, "working_hours.end is missing"),
    ({"working_hours": "9 to 5"}, "working_hours must be an object with named fields"),
]


@pytest.mark.parametrize(("change", "sentence"), SENTENCES)
def test_each_mistake_is_one_clear_sentence(change: dict[str, Any], sentence: str) -> None:
    assert mistakes(event(**change)) == (sentence,)


def test_all_mistakes_are_said_at_once_in_the_order_of_the_record() -> None:
    tree = {
        "type": "hire.created",
        "timestamp": "yesterday",
        "data": {"id": "n-7", "country": "??", "time_zone": "x"},
    }
    assert mistakes(tree) == (
        "timestamp must be a moment written as 2026-03-02T09:30:00Z",
        "first_name is missing",
        "work_email or personal_email is needed, so that there is an address to write to",
        "start_date is missing",
        "time_zone must be an IANA time zone such as Europe/Berlin",
        "country must be a two-letter country code of ISO 3166-1, such as DE",
    )


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        (None, "the record must be an object with named fields"),
        ([], "the record must be an object with named fields"),
        ({"type": "hire.created", "data": []}, "data must be an object with named fields"),
        ({"type": "hire.created"}, "data is missing"),
        ({"data": {"id": "n-7"}}, "type is missing"),
        *(
            (
                {**event(), "type": told},
                "type must be one of hire.created, hire.updated, hire.withdrawn, person.known",
            )
            for told in ("hire.promoted", ["hire.created"], 7)
        ),
        (
            {**event(), "timestamp": "2026-12-01T09:30:00"},
            "timestamp must be a moment with its offset from UTC, written as 2026-03-02T09:30:00Z",
        ),
        ({"type": "hire.updated", "data": {"id": "n-7", "start_date": None}}, "start_date cannot be emptied"),
    ],
)
def test_what_is_wrong_around_the_fields_is_said_too(tree: object, sentence: str) -> None:
    assert mistakes(tree) == (sentence,)


def test_no_mistake_repeats_what_was_written() -> None:
    secret = "Secret Name"
    said = " ".join(
        mistakes(event(**dict.fromkeys(("id", "work_email", "time_zone", "country", "language"), secret)))
    )
    assert secret not in said


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*record.ORDER, "start", "end"]) | st.text(max_size=5), inner, max_size=6
            )
        ),
    )
)
def test_whatever_comes_is_read_or_refused(tree: object) -> None:
    for read_one in (
        lambda: read(tree),
        lambda: read({"type": "hire.created", "data": tree}),
        lambda: record.read_person(tree),
    ):
        with suppress(BadRecord):
            read_one()


def test_a_colleague_of_the_directory_needs_no_start_date() -> None:
    tree = {name: value for name, value in newcomer(opt_out=True).items() if name != "start_date"}
    colleague = record.read_person(tree)
    assert (colleague.start_date, colleague.opted_out) == (None, True)
    with pytest.raises(BadRecord, match="start_date is missing"):
        record.read_person(tree, record.HIRE_NEEDS)


def test_the_schema_takes_what_we_take_and_its_own_examples_fit() -> None:
    schema = record.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(event(), schema)
    fields = schema["$defs"]["DirectoryRecord"]["properties"]
    assert all(field.get("description") for name, field in fields.items() if name != "working_hours")
    told = {
        "type": "hire.created",
        "data": {name: field["examples"][0] for name, field in fields.items() if "examples" in field},
    }
    jsonschema.validate(told, schema)
    assert person_of(told).called == "Ami"
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("field", [*record.HIRE_NEEDS, "work_email"])
def test_the_schema_says_what_a_new_hire_needs(field: str) -> None:
    data = {name: value for name, value in newcomer().items() if name != field}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"type": "hire.created", "data": data}, record.schema())


def test_the_schema_lets_an_update_be_short() -> None:
    jsonschema.validate({"type": "hire.updated", "data": {"id": "n-7"}}, record.schema())


def test_further_languages_craft_and_seniority_are_kept() -> None:
    told = person_of(event(languages=["ES", "pt_BR", "es"], craft=" Type design ", seniority=4))
    assert (told.languages, told.craft, told.seniority) == (("es", "pt-br"), "Type design", 4)
    assert person_of(event(seniority="7")).seniority == 7


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seniority", 11),
        ("seniority", -1),
        ("seniority", True),
        ("seniority", 2.5),
        ("seniority", "senior"),
        ("languages", "es"),
        ("languages", ["Spanish!"]),
        ("languages", ["es"] * 21),
        ("craft", "x" * 201),
    ],
)
def test_a_language_or_a_level_that_is_none_is_named(field: str, value: object) -> None:
    (sentence,) = mistakes(event("hire.created", **{field: value}))
    assert sentence.startswith(field)
    assert "Spanish" not in sentence
