"""A company in which two people share no hour: what tests of written exchanges play with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import Delivery, State
from onboarding.domain.exchange import is_card, is_question
from onboarding.domain.journey import REMINDER
from onboarding.domain.mail import Letter
from onboarding.domain.meetings import Meeting
from onboarding.services.directory import Directory
from onboarding.services.planning import replan_touched
from tests.worlds import CHICAGO, MANILA, World, person, world

STEPS = ("partner", "partner_coffee", "met_partner_coffee")


def short_words(
    folder: Path, keep: tuple[str, ...] = STEPS, changes: Mapping[str, str] | None = None
) -> FolderWords:
    """The shipped words, with a journey of these steps in week two, and partners wherever they work."""
    copytree(paths.shipped_templates(), folder)
    journey = folder / "journeys" / "remote.toml"
    head, *steps = journey.read_text(encoding="utf-8").split("[[step]]\n")
    kept = [one for one in steps if any(f'key = "{key}"\n' in one for key in keep)]
    text = "[[step]]\n".join([head, *kept]).replace("weeks = [2, 3, 4]", "weeks = [2]")
    for before, after in (changes or {}).items():
        assert before in text
        text = text.replace(before, after)
    journey.write_text(text, encoding="utf-8")
    matching = folder / "matching.toml"
    anywhere = re.sub(r"least_shared_minutes = \d+", "least_shared_minutes = 0", matching.read_text("utf-8"))
    matching.write_text(anywhere, encoding="utf-8")
    return FolderWords(folder)


@contextmanager
def apart(words: FolderWords) -> Iterator[World]:
    """Amihan in Manila and her partner in Chicago, both from nine to five, on the eve of their coffee."""
    people = [person("boss", MANILA), person("maria", CHICAGO, department="Sales")]
    with world("2027-01-04 00:00", people=people, words=words) as here:
        here.enrol(manager_id="boss")
        yield here


def coffee(here: World) -> list[Meeting]:
    """What stands in the book about the coffee with the partner."""
    with here.engine.store.read() as books:
        return [one for one in books.meetings.of_hire("n1") if one.step == "partner_coffee"]


def questions(here: World) -> dict[str, Delivery]:
    """The questions to each person, by id."""
    rows = [one for one in here.rows() if is_question(one.occasion) and not one.occasion.endswith(REMINDER)]
    return {one.person_id: one for one in rows if one.state is not State.WITHDRAWN}


def reminders(here: World) -> dict[str, Delivery]:
    """The reminder to each person, by id."""
    rows = [one for one in here.rows() if is_question(one.occasion) and one.occasion.endswith(REMINDER)]
    return {one.person_id: one for one in rows}


def cards(here: World) -> dict[str, Delivery]:
    """The card of each person, by id."""
    return {one.person_id: one for one in here.rows() if is_card(one.occasion)}


def invited(here: World) -> list[Delivery]:
    """The invitations, whatever became of them."""
    return [one for one in here.rows() if one.step == "partner_coffee" and one.verb == "meet"]


def letter(here: World, row: Delivery) -> Letter:
    """The letter of a delivery."""
    return next(one for one in here.mail.letters if one.number == row.number)


def change(here: World, person_id: str, **more: object) -> None:
    """Change a person, and plan again whom it touches."""
    with here.engine.store.begin() as books:
        known = books.people.get(person_id)
        assert known is not None
        directory = Directory(books)
        directory.put(replace(known, **more))  # type: ignore[arg-type]  # tests vary what they like
        replan_touched(here.engine, books, directory, {person_id}, here.now)
