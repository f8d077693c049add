"""Stories of people who show themselves, and of one who takes it back after the card was planned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.mail import Letter
from onboarding.services import photos, profiles
from tests.portraits import opened, photo
from tests.worlds import LATE, MANILA, World, at, copied, person, world

ORCHIDS = "I water the orchids of my neighbour"
COLLEAGUES = [
    person("boss", MANILA, department="Leadership"),
    person("manila-lead", MANILA, manager_id="boss"),
    *(person(one, MANILA, manager_id="manila-lead", interests=("hiking",)) for one in ("maria", "jo", "ines")),
]


@pytest.fixture(scope="module")
def before() -> Iterator[World]:
    """The newcomer tells of themselves, peers write notes, somebody says yes: all that the card needs is there."""
    with world(people=COLLEAGUES) as found:
        _live(found)
        yield found


@pytest.fixture
def here(before: World) -> Iterator[World]:
    """The same for one story alone, the week before the first day."""
    with copied(before) as found:
        yield found


def _live(here: World) -> None:
    here.enrol()
    here.walk_to(here.row("profile").due_at)
    here.answer(
        here.row("profile"), called="Ami", about=ORCHIDS, interests=["books", "hiking"], languages="Tagalog"
    )
    photos.add(here.engine, "n1", photo(), here.now)
    photos.add(here.engine, "maria", photo((80, 90)), here.now)
    here.hear_yes()
    here.walk_to(at("2026-12-28 08:00"))
    notes = [one for one in here.rows() if one.step == "welcome_notes" and one.occasion == "once"]
    for row in notes:
        here.answer(row, note=f"Hello from {row.person_id}.")


def _about(letters: Sequence[Letter]) -> str:
    return "\n".join(f"{one.subject}\n{one.text}\n{one.html}" for one in letters)


def test_who_shows_themselves_is_shown_in_the_introductions_and_so_are_those_who_wrote(here: World) -> None:
    here.walk_to(at("2027-01-04 08:00"))
    (card,) = [one for one in here.to("amihan@example.com") if "Welcome" in one.subject]
    writers = sorted(set(re.findall(r"Hello from (\w+)\.", card.text)))
    assert len(card.pictures) == writers.count("maria")
    shown = re.findall(r'<img src="cid:([^"]+)" alt="([^"]+)"', card.html)
    assert shown == [(one.content_id, "Photo of Maria Example") for one in card.pictures]
    assert "Photo of" not in card.text
    told = [one for one in here.mail.letters if ORCHIDS in one.text and one.to.email != "amihan@example.com"]
    (introduction,) = told
    (mine,) = introduction.pictures
    assert opened(mine.jpeg).size == (192, 192)
    assert "What should we call you?" not in introduction.text  # the name is used instead
    assert "Hello Ami," in card.text


def test_a_profile_taken_back_after_the_card_was_planned_is_in_nothing_that_leaves_from_then_on(
    here: World,
) -> None:
    assert {
        here.row(step, role).state for step, role in (("welcome_card", "hire"), ("buddy_introduction", "buddy"))
    } == {State.PLANNED}
    here.now = at("2027-01-03 23:00")
    token = here.engine.links.profile("n1", LATE).rpartition("/")[2]
    assert profiles.take_back(here.engine, token, profiles.EVERYTHING, here.now)
    here.walk_to(at("2027-02-22 08:00"))
    assert {
        here.row(step, role).state for step, role in (("welcome_card", "hire"), ("buddy_introduction", "buddy"))
    } == {State.SENT}
    said = _about(here.mail.letters)
    for gone in (ORCHIDS, "books", "#hiking", "Tagalog", "Ami Quill", "Hello Ami,"):
        assert gone not in said, gone
    assert "Amihan Quill" in said
    assert {len(one.pictures) for one in here.mail.letters if one.to.email != "amihan@example.com"} == {0}
    with here.engine.store.read() as books:
        assert not any("hiking" in one.reasons for one in books.pairings.of_hire("n1"))


def test_a_photo_removed_between_writing_and_sending_leaves_no_hole(here: World) -> None:
    for one in ("maria", "jo", "ines", "n1"):
        photos.remove(here.engine, one)
    here.walk_to(at("2027-01-04 08:00"))
    assert here.row("welcome_card").state is State.SENT
    assert not any("cid:" in one.html or one.pictures for one in here.mail.letters)
