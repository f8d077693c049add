"""What of an answer is used, and what is not?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.forms import Form, Kind, Question
from onboarding.domain.mail import Address
from onboarding.domain.people import Person
from onboarding.domain.profile import languages_of, name_of, used_of

BO = Person(id="bo", first_name="Bo", language="en", languages=("de",))


@pytest.mark.parametrize(
    "name", ["Bea", "Anne-Marie", "D'Arcy", "D\u2019Arcy", "J. R.", "Zoë", "ليلى", "नेहा", "李小龙", "Mary Jo"]
)
def test_names_of_all_scripts_are_names(name: str) -> None:
    assert name_of(f"  {name} ") == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "- '",
        "Bea!",
        "bea@example.com",
        "https://a.example",
        "evil.example",
        "Bea .x",
        "=?utf-8?q?x?=",
        "B3a",
        "Call me Bea, it is short for Beatriz, which nobody says",
        "a" * 41,
        "<b>Bea</b>",
        "Bea; Bo",
        "Bea\u202e",
    ],
)
def test_what_could_be_anything_else_is_no_name(text: str) -> None:
    assert name_of(text) == ""


@given(st.text(max_size=60))
def test_whatever_counts_as_a_name_can_stand_in_an_address_and_a_subject(text: str) -> None:
    name = name_of(text)
    assert Address(email="a@example.com", name=name).name == name
    assert not set(name) & set('<>@:/\\"=?,;\r\n')


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Spanish, English and German", ("es",)),
        ("español y portugués", ("es", "pt")),
        ("Französisch; ein wenig Klingonisch / Suaheli.", ("fr", "sw")),
        ("I speak with everybody", ()),
        ("", ()),
    ],
)
def test_names_of_languages_are_understood_and_the_rest_is_left_out(text: str, tags: tuple[str, ...]) -> None:
    assert languages_of(text, BO) == tags


def test_only_answers_that_are_shared_count_and_the_newest_of_each() -> None:
    shared = _form(called=True, interests=True)
    told = used_of([(shared, {"called": "B", "interests": ["tea"]}), (shared, {"called": "Bea"})], BO)
    assert (told.called, told.interests) == ("Bea", ("tea",))
    assert (
        used_of([(_form(called=False, interests=False), {"called": "B", "interests": ["tea"]})], BO).called == ""
    )


def _form(**shared: bool) -> Form:
    kinds = {"called": Kind.TEXT, "interests": Kind.CHOICES}
    questions = tuple(Question(key=key, kind=kinds[key], label=key, share=share) for key, share in shared.items())
    return Form(name="f", language="en", title="", intro="", minutes=1, readers="", thanks="", questions=questions)
