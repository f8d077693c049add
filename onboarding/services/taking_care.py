"""Whose mail led somebody to the form `take_care`, and who takes care after they sent it?

Both humans who are told of a newcomer answer one question, each by a link of their own, so that it is known whose
mail was pressed. Only by the words of whoever takes care, or by HR's hand, does somebody else do so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from onboarding.domain.forms import Answer, Ask, Value
from onboarding.domain.held import YES
from onboarding.domain.journey import ESCALATED, TAKE_CARE
from onboarding.domain.people import Person
from onboarding.services import named_humans
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import HR_ID, Engine

TAKEN = "taken"
"""The question of the form `take_care` whether somebody takes care: yes, or no."""

WHO = "who"
"""The question who that is; one address may have several readers. Without it whoever was told is kept."""

TOLD = "told"
"""What is kept beside these answers: whose mail was pressed. Nothing when HR said it by hand."""


class Told(StrEnum):
    """Which of the two humans a link was sent to."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Somebody takes care: their name as it was given, and since when (UTC)."""

    name: str
    since: datetime


def in_link(ask_id: str, told: Told) -> str:
    """How a signed link names an ask, so that it tells whose mail it stood in."""
    return ask_id + ESCALATED if told is Told.SECOND else ask_id


def of_link(named: str) -> tuple[str, Told]:
    """The ask that a link names, and whose mail the link stood in; of any other ask it is its reader's."""
    return named.removesuffix(ESCALATED), Told.SECOND if named.endswith(ESCALATED) else Told.FIRST


def reader(engine: Engine, directory: Directory, ask: Ask, told: Told) -> Person | None:
    """Who reads a form; of HR's form about a newcomer it is whoever is told of them."""
    newcomer = directory.get(ask.hire_id) if ask.person_id == HR_ID and ask.form == TAKE_CARE else None
    if newcomer is None:
        return somebody(engine.company, directory, ask.person_id)
    return (named_humans.second if told is Told.SECOND else named_humans.first)(engine, directory, newcomer)


def care_of(said: Answer | None) -> Care | None:
    """Who takes care, as an answer to the form says it."""
    if said is None or said.values.get(TAKEN) != YES:
        return None
    return Care(name=str(said.values.get(WHO, "")), since=said.answered_at)


def own(said: Answer | None, told: Told) -> Answer | None:
    """What a reader said by their link, to fill in their page; without the name, which may be another reader's."""
    if said is None or said.values.get(TOLD) != told:
        return None
    return replace(said, values={key: value for key, value in said.values.items() if key == TAKEN})


def kept(given: Mapping[str, Value], reader: Person, told: Told, before: Answer | None) -> dict[str, Value] | None:
    """What is kept of what a reader sent; None where somebody takes care and this changes nothing.

    The other of the two may neither take it over nor end it; the same may give another name, or say no after all.
    """
    taken, name = given.get(TAKEN) == YES, given.get(WHO)
    if care_of(before) is not None and (own(before, told) is None or (taken and not name)):
        return None
    named = {WHO: name or reader.name} if taken else {}
    return {**given, **named, TOLD: told.value}
