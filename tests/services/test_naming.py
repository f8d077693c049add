from __future__ import annotations

import pytest

from onboarding.domain.forms import Form, Kind, Question
from onboarding.domain.people import Person
from onboarding.services.naming import choices, meant, near

PEOPLE = [
    Person(id="a1", first_name="Ana", last_name="Silva", work_email="ana@example.com"),
    Person(id="a2", first_name="Ana", last_name="Silva", work_email="ana.s@example.com"),
    Person(id="b1", first_name="Beatriz", last_name="Costa", preferred_name="Bea", work_email="bea@example.com"),
    Person(id="l1", first_name="ليلى"),
]
FORM = Form(
    name="f", language="en", title="F", intro="", minutes=1, readers="", thanks="",
    questions=(
        Question(key="who", kind=Kind.PERSON, label="Who?"),
        Question(key="text", kind=Kind.TEXT, label="Text?"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("b1", "b1"),
        ("bea costa", "b1"),
        ("Beatriz  Costa", "b1"),
        ("BEA@example.com", "b1"),
        ("ليلى", "l1"),
        ("ana.s@example.com", "a2"),
        ("Ana Silva, ana@example.com", "a1"),
        ("Ana Silva", "Ana Silva"),
        ("Bea", "Bea"),
        ("", ""),
        ("n1", "n1"),
    ],
)
def test_a_name_or_an_address_means_the_one_person_who_has_it(written: str, who: str) -> None:
    assert meant(FORM, {"who": [written], "text": ["Bea Costa"]}, PEOPLE) == {"who": [who], "text": ["Bea Costa"]}
    assert meant(FORM, {"text": ["x"]}, PEOPLE) == {"text": ["x"]}


def test_of_several_names_or_a_whole_text_nobody_is_meant() -> None:
    assert meant(FORM, {"who": ["bea costa", "bea costa"]}, PEOPLE) == {"who": ["bea costa", "bea costa"]}
    long = "bea costa" + " " * 400
    assert meant(FORM, {"who": [long]}, PEOPLE) == {"who": [long]}
    assert near(choices(PEOPLE), long) == []
    assert near(choices(PEOPLE), "be " * 90) == ["Bea Costa"]
    assert near(choices(PEOPLE), "") == near(choices(PEOPLE), "...") == []


def test_people_who_share_a_name_are_offered_with_their_address() -> None:
    assert choices(PEOPLE) == (
        ("a1", "Ana Silva, ana@example.com"),
        ("a2", "Ana Silva, ana.s@example.com"),
        ("b1", "Bea Costa"),
        ("l1", "ليلى"),
    )
