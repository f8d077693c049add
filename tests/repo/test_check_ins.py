"""What the shipped check-ins promise: short, plain about who reads them, each low or falling answer told."""

from __future__ import annotations

import pytest

from onboarding.domain.conditions import OF_ANSWERS, parse
from onboarding.domain.fields import FORM_FIELDS, IN_CONDITIONS, nothing
from onboarding.domain.forms import Form, Kind
from onboarding.domain.journey import Verb
from onboarding.domain.people import Role
from tests.worlds import WORDS

CHECK_INS = ("first_week", "check_in_30", "check_in_60", "check_in_90")
LANGUAGES = ("en", "es", "de")
MOST_QUESTIONS, MOST_MINUTES = 7, 2

JOURNEY = WORDS.journey("remote")


def form(name: str, language: str) -> Form:
    found = WORDS.form(name, language, nothing(FORM_FIELDS))
    assert found.language == language
    return found


def paths_of(check_in: str, role: Role) -> set[str]:
    """What the watches of a check-in that tell a role look at."""
    watches = [one for one in JOURNEY.steps if one.watches == check_in and role in one.roles]
    known = {"hire": IN_CONDITIONS, "answered": None, **OF_ANSWERS}
    return {path for one in watches for path in parse(one.when, known).paths}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHECK_INS)
class TestForms:
    def test_it_has_at_most_seven_questions_and_takes_two_minutes_at_most(self, name: str, language: str) -> None:
        found = form(name, language)
        assert 0 < len(found.questions) <= MOST_QUESTIONS
        assert 0 < found.minutes <= MOST_MINUTES

    def test_it_says_who_reads_it_and_that_it_is_not_anonymous(self, name: str, language: str) -> None:
        found = form(name, language)
        team = {"en": "People team", "es": "equipo de Personas", "de": "People-Team"}[language]
        assert team in found.readers
        assert {"en": "not anonymous", "es": "no son anónimas", "de": "nicht anonym"}[language] in " ".join(
            found.intro.split()
        )


@pytest.mark.parametrize("name", CHECK_INS)
def test_a_low_answer_on_each_scale_reaches_hr_and_a_second_human(name: str) -> None:
    scales = {f"answer.{one.key}" for one in form(name, "en").questions if one.kind is Kind.SCALE}
    assert scales <= paths_of(name, Role.HR)
    told = [one for one in JOURNEY.steps if one.watches == name and one.subject == "low_check_in"]
    assert {str(one.escalate_after) for one in told if Role.HR in one.roles} == {"2 working days"}


def test_a_falling_answer_reaches_hr_wherever_it_was_asked_before() -> None:
    before: set[tuple[str, int, int]] = set()
    for name in CHECK_INS:
        scales = {(one.key, one.min, one.max) for one in form(name, "en").questions if one.kind is Kind.SCALE}
        assert {f"fell.{key}" for key, _, _ in scales & before} <= paths_of(name, Role.HR)
        before |= scales


@pytest.mark.parametrize("name", CHECK_INS)
def test_silence_is_told_once(name: str) -> None:
    silent = [one for one in JOURNEY.steps if one.watches == name and one.tells_silence]
    assert [one.subject for one in silent] == ["check_in_unanswered"]
    assert all(one.roles == (Role.HR,) for one in silent)


def test_only_hr_is_asked_to_take_care() -> None:
    asked = [one for one in JOURNEY.steps if one.escalate_after is not None]
    assert {(one.verb, one.roles) for one in asked} == {(Verb.WATCH, (Role.HR,))}
