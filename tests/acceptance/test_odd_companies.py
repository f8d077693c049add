"""Does a company that cannot give everybody somebody say so in review, in words, and never fail or fall silent?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.coffee import RoundState, WhyAlone
from onboarding.domain.meetings import PairingState
from onboarding.domain.people import Person, Role
from onboarding.domain.preferences import COFFEE, Away, Preferences, Teller
from onboarding.services import hiring, reviewing, rounds
from onboarding.services.digest import daily_review
from onboarding.services.enrolling import enroll_waiting
from tests.signing import post_standard
from tests.worlds import MANILA, NAIROBI, World, at, directory, person, world

LIVE = (PairingState.PROVISIONAL, PairingState.ANNOUNCED)
ROLES = (Role.BUDDY, Role.PEER, Role.PARTNER, Role.MENTOR)
CIRCLE = {"a": "c", "b": "a", "c": "b"}
"""Everybody's manager in a company whose line has neither beginning nor end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A company, the newcomer, what everybody says of being matched, and sentences that HR must read."""

    people: Sequence[Person]
    says: Preferences | None = None
    hire: Mapping[str, object] = field(default_factory=dict)
    sentences: Sequence[str]


def in_circle() -> list[Person]:
    return [person(name, MANILA, manager_id=manager, seniority=8) for name, manager in CIRCLE.items()]


AWAY = Preferences(away=(Away(first=date(2026, 11, 1), last=date(2027, 9, 1)),))
COMPANIES = {
    "nobody else": Odd(
        people=[],
        hire={"manager_id": ""},
        sentences=[
            "nobody can be buddy: the directory holds no other people; 17 steps wait for somebody: buddy_yes, ",
            "welcome_notes to peer is skipped: nobody can be peer: the directory holds no other people",
            "nobody can be mentor: the directory holds no other people; 3 steps wait",
            "the record names no manager; 12 steps wait for somebody: ",
        ],
    ),
    "three": Odd(
        people=[person("a", MANILA), person("b", NAIROBI), person("c", MANILA)],
        hire={"manager_id": "a"},
        sentences=[
            "nobody can be partner: 2 colleagues have another role for this newcomer, declined or are ruled out, ",
            "1 is in the line of managers; 3 steps wait for somebody: partner_coffee, met_partner_coffee",
        ],
    ),
    "all paused": Odd(
        people=directory(),
        says=Preferences(paused_until=date(2028, 1, 1)),
        sentences=[
            "nobody can be buddy: 17 colleagues take a break from matching, ",
            "nobody can be mentor: 12 colleagues take a break from matching, ",
        ],
    ),
    "all away": Odd(people=directory(), says=AWAY, sentences=["nobody can be buddy: 17 colleagues are away "]),
    "all said no": Odd(
        people=directory(),
        says=Preferences(opted_out=frozenset({*ROLES})),
        sentences=["nobody can be buddy: 25 colleagues do not take part; 17 steps wait"],
    ),
    "a circle of managers": Odd(
        people=in_circle(),
        hire={"manager_id": "a"},
        sentences=[f"nobody can be {role}: 3 colleagues are in the line of managers" for role in ROLES],
    ),
    "a circle through the newcomer": Odd(
        people=[*in_circle(), person("boss", MANILA, manager_id="n1")],
        hire={"manager_id": "boss"},
        sentences=[],
    ),
    "an unknown manager": Odd(
        people=directory(),
        hire={"manager_id": "ghost"},
        sentences=["the manager ghost is not in the directory; 12 steps wait for somebody: "],
    ),
}


def texts(here: World) -> list[str]:
    return [one.text for one in reviewing.review(here.engine, here.now)]


def has(here: World, role: str) -> list[str]:
    """Who has a role for the newcomer."""
    with here.engine.store.read() as books:
        return [one.person_id for one in books.pairings.of_hire("n1") if one.role == role and one.state in LIVE]


def say(here: World, people: Sequence[Person], said: Preferences) -> None:
    with here.engine.store.begin() as books:
        for one in people:
            books.preferences.put(one.id, said, by=Teller.HR, fields=["away"], now=here.now)


@pytest.mark.parametrize("name", COMPANIES)
def test_whoever_lacks_somebody_is_in_review_with_the_reason_and_the_journey_goes_on(name: str) -> None:
    odd = COMPANIES[name]
    with world(people=odd.people) as here:
        if odd.says is not None:
            say(here, odd.people, odd.says)
        here.enrol(**odd.hire)
        daily_review(here.engine, here.now)
        said = texts(here)
        for sentence in odd.sentences:
            assert [one for one in said if one.startswith(sentence) or f" {sentence}" in one], (sentence, said)
        for role in ROLES:
            dropped = not has(here, role) and not any(f"nobody can be {role}" in one for one in said)
            assert not dropped, f"nobody is {role}, and nobody says why: {said}"
        here.walk_to(at("2026-12-19 12:00"))
        assert all(one.reason for one in here.rows() if one.state in ("skipped", "failed"))
        assert here.to("amihan@example.org"), "the newcomer gets what needs nobody else"


def test_a_record_that_names_somebody_as_their_own_manager_waits_in_review() -> None:
    with world() as here:
        post_standard(here.engine, {"manager_id": "n1"}, now=here.now)
        enroll_waiting(here.engine, here.now)
        assert texts(here) == ["an event of standard waits: manager_id names the person as their own manager"]


def test_whoever_leaves_between_match_and_announcement_leaves_a_reason_where_nobody_comes_after() -> None:
    with world(people=[person("only", MANILA), person("boss", MANILA)]) as here:
        here.enrol(manager_id="boss")
        assert has(here, Role.BUDDY) == ["only"]
        here.walk_to(at("2026-12-15 12:00"))
        hiring.leave(here.engine, "only", here.now)
        assert has(here, Role.BUDDY) == []
        here.walk_to(at("2026-12-21 12:00"))
        daily_review(here.engine, here.now)
        alone = [one for one in texts(here) if one.startswith("nobody can be buddy: ")]
        assert len(alone) == 1
        assert "steps wait for somebody: " in alone[0]
        assert not [one for one in here.mail.letters if one.to.email == "only@example.com"]


@pytest.mark.parametrize("slip", ["nan", "-1", "inf", "'many'", "1e400", "true", "2.5"])
def test_weights_that_make_no_sense_are_named_in_review_and_nobody_is_matched_by_them(
    tmp_path: Path, slip: str
) -> None:
    copytree(paths.shipped_templates(), tmp_path / "words")
    file = tmp_path / "words" / "matching.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("language = 120", f"language = {slip}", 1), encoding="utf-8")
    with world(words=FolderWords(tmp_path / "words")) as here:
        here.enrol()
        daily_review(here.engine, here.now)
        said = texts(here)
        assert any(
            one.startswith("nobody is matched: matching.toml, [buddy]: language must be a whole number")
            for one in said
        ), said
        assert any("until a slip is mended" in one and "buddy_yes" in one for one in said), said
        assert has(here, Role.BUDDY) == []
        file.write_text(good, encoding="utf-8")
        daily_review(here.engine, here.now)
        assert len(has(here, Role.BUDDY)) == 1


def test_coffee_of_a_circle_of_managers_is_a_reason_in_review() -> None:
    people = in_circle()
    with world("2027-01-13 06:00", people=people) as here:
        say(here, people, Preferences(opted_in=frozenset({COFFEE})))
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-15 18:00"))
        with here.engine.store.read() as books:
            (found,) = books.coffee.newest(1)
            seats = books.coffee.seats(found.day)
        assert found.state is RoundState.EMPTY
        assert {one.why for one in seats} == {WhyAlone.NOBODY_FITS}
        assert {one.reasons for one in seats} == {"nobody fits this time: 2 are in the line of managers"}
        assert texts(here) == ["coffee round of 2027-01-18: nobody has coffee: 3 with nobody who fits"]


def test_a_manager_whom_nobody_knows_keeps_nobody_from_coffee() -> None:
    people = [person(name, MANILA, manager_id="ghost") for name in ("a", "b")]
    with world("2027-01-13 06:00", people=people) as here:
        say(here, people, Preferences(opted_in=frozenset({COFFEE})))
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-15 18:00"))
        assert texts(here) == []
        with here.engine.store.read() as books:
            assert len(books.meetings.of_hire("coffee:2027-01-18")) == 1


def test_whoever_leaves_between_draw_and_invitation_leaves_a_reason_in_review() -> None:
    people = [person(name, MANILA) for name in ("a", "b")]
    with world("2027-01-13 06:00", people=people) as here:
        say(here, people, Preferences(opted_in=frozenset({COFFEE})))
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-15 13:00"))
        with here.engine.store.read() as books:
            assert len(books.meetings.of_hire("coffee:2027-01-18")) == 1
        hiring.leave(here.engine, "a", here.now)
        here.walk_to(at("2027-01-18 12:00"))
        (said,) = texts(here)
        assert said.startswith(
            "coffee round of 2027-01-18: left out were 1 because somebody cannot come after all; "
        )
        assert not here.to("a@example.com") or not here.to("a@example.com")[-1].invitation
