"""What the shipped forms say of who reads them is true: whoever hears of an answer is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onboarding.domain.conditions import OF_ANSWERS, parse
from onboarding.domain.fields import FORM_FIELDS, IN_CONDITIONS, nothing
from onboarding.domain.journey import Step, Verb
from onboarding.domain.people import Role
from tests.worlds import WORDS

JOURNEY = WORDS.journey("remote")
KNOWN = {"hire": IN_CONDITIONS, **OF_ANSWERS, **dict.fromkeys(("answered", "met", "missed", "overdue"))}
CALLED = {
    "en": {Role.HR: "People team", Role.MANAGER: "manager"},
    "de": {Role.HR: "People-Team", Role.MANAGER: "Führungskraft"},
    "es": {Role.HR: "equipo de Personas", Role.MANAGER: "responsable"},
}
"""How a reader is called; roles that are not here hear of nobody's answers but their own."""


def forms_behind(watch: Step) -> Iterator[Step]:
    """The questions on the ground of whose answers it tells: its own, or those that follow its meetings."""
    owners = {path.partition(".")[0] for path in parse(watch.when, KNOWN).paths}
    if owners & {"answer", "fell", "before", "overdue"}:
        yield from (one for one in JOURNEY.steps if one.key == watch.watches)
    if owners & {"met", "missed"}:
        yield from (one for one in JOURNEY.steps if one.verb is Verb.ASK and one.after == watch.watches)


TOLD = [
    (watch.key, ask.subject, role)
    for watch in JOURNEY.steps
    if watch.verb is Verb.WATCH
    for ask in forms_behind(watch)
    for role in watch.roles
    if role not in ask.roles
]


def test_answers_of_each_kind_are_looked_at() -> None:
    assert len(TOLD) > 15
    assert ("no_buddy_meeting", "did_you_meet", Role.MANAGER) in TOLD
    assert ("summary_30", "check_in_30", Role.MANAGER) in TOLD


@pytest.mark.parametrize("language", CALLED)
@pytest.mark.parametrize(("watch", "form", "role"), TOLD)
def test_whoever_is_told_on_the_ground_of_answers_is_named_on_the_form(
    watch: str, form: str, role: Role, language: str
) -> None:
    found = WORDS.form(form, language, nothing(FORM_FIELDS))
    assert found.language == language
    assert CALLED[language][role] in found.readers, f"{watch} tells {role}"


@pytest.mark.parametrize(("language", "private"), [("en", "private"), ("de", "vertraulichen"), ("es", "privadas")])
@pytest.mark.parametrize("form", ["check_in_30", "check_in_60", "check_in_90"])
def test_the_yes_for_the_manager_says_which_answers_it_is_for(form: str, language: str, private: str) -> None:
    questions = WORDS.form(form, language, nothing(FORM_FIELDS)).questions
    (asked,) = [one for one in questions if one.key == "to_manager"]
    assert private in asked.label
    assert private in asked.help
    assert not [word for word in ("summary", "Zusammenfassung", "resumen") if word in asked.label + asked.help]
