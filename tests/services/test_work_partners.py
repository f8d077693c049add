"""May whom the manager names be the work partner?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest

from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import GONE
from onboarding.domain.errors import BadAnswer
from onboarding.domain.preferences import ROLES, Away, Preferences, Teller
from onboarding.services import reviewing
from onboarding.services.digest import daily_review
from onboarding.services.matches import matches
from onboarding.services.preferring import choose, exclude
from onboarding.services.work_partners import NAME_ANOTHER, RULED_OUT, STAYS
from tests.exchanging import coffee, short_words
from tests.worlds import World, at, world

NAMED = "manila-2"
Meanwhile = Callable[[World], object]


def say(here: World, person_id: str, says: Preferences) -> None:
    with here.engine.store.begin() as books:
        books.preferences.put(person_id, says, by=Teller.PERSON, fields=["away"], now=here.now)


def change(here: World, **more: object) -> None:
    with here.engine.store.begin() as books:
        known = books.people.get(NAMED)
        assert known is not None
        books.people.put(replace(known, **more))  # type: ignore[arg-type]  # tests vary what they like


def name(here: World, person_id: str = NAMED) -> None:
    here.answer(here.row("first_item", "manager"), note="A small page.", work_partner=person_id)


def asked(here: World) -> None:
    """The manager was asked whom the newcomer may work with first."""
    here.enrol()
    here.walk_to(at("2027-01-07 12:00"))


def test_whoever_is_asked_cannot_name_themselves() -> None:
    with world() as here:
        asked(here)
        with pytest.raises(BadAnswer, match="work_partner"):
            name(here, "manila-lead")
        with pytest.raises(BadAnswer, match="work_partner"):
            name(here, "Manila-lead Example")


def introduced(here: World) -> set[str]:
    """To whom as a work partner mails left."""
    here.walk_to(at("2027-01-16 12:00"))
    return {one.person_id for one in here.rows() if one.role == "work_partner" and one.state in GONE}


def partner(here: World) -> set[str]:
    (role,) = [one for one in matches(here.engine, "n1", here.now).roles if one.role == "work_partner"]
    return {one.person.id for one in role.now}


def doubts(here: World) -> list[str]:
    """What HR reads of work partners; the same person may be a peer, too."""
    items = [one for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.ROLE]
    return [one.text for one in items if one.text.startswith("the manager named")]


def apart(here: World) -> None:
    with here.engine.store.begin() as books:
        says = Preferences(excluded=frozenset({"n1"}))
        books.preferences.put(NAMED, says, by=Teller.HR, fields=["excluded"], now=here.now)


REASONS: list[tuple[str, Meanwhile]] = [
    ("kept apart", apart),
    ("takes part in nothing", lambda here: change(here, opted_out=True)),
    ("takes part in nothing", lambda here: say(here, NAMED, Preferences(opted_out=frozenset(ROLES)))),
    ("takes a break", lambda here: say(here, NAMED, Preferences(paused_until=date(2027, 2, 1)))),
    (
        "is away in the first days",
        lambda here: say(here, NAMED, Preferences(away=(Away(first=date(2027, 1, 11), last=date(2027, 1, 20)),))),
    ),
    ("is no longer with the company", lambda here: change(here, active=False)),
]


@pytest.mark.slow
def test_whoever_cannot_be_the_work_partner_has_not_the_role_and_hr_reads_why() -> None:
    with world() as here:
        asked(here)
        name(here)
        for because, meanwhile in REASONS:
            meanwhile(here)
            assert partner(here) == set()
            (text,) = doubts(here)
            assert because in text
            assert text.endswith(NAME_ANOTHER)
            change(here, opted_out=False, active=True)
            say(here, NAMED, Preferences())
            assert (partner(here), doubts(here)) == ({NAMED}, [])


@pytest.mark.slow
def test_nobody_but_hr_learns_that_the_two_are_kept_apart() -> None:
    with world() as here:
        asked(here)
        name(here)
        exclude(here.engine, "n1", NAMED, here.now)
        daily_review(here.engine, here.now)
        assert introduced(here) == set()
        said = {one.reason for one in here.rows()}
        assert RULED_OUT in said
        assert not [one for one in said if "apart" in one]
        told = [mail.text for email in ("manila-lead", "n1", NAMED) for mail in here.to(f"{email}@example.com")]
        assert not [one for one in told if "apart" in one or "ruled out" in one or RULED_OUT in one]


def test_a_manager_can_name_whoever_they_like_and_is_told_nothing_of_an_exclusion() -> None:
    with world() as here:
        asked(here)
        exclude(here.engine, "n1", NAMED, here.now)
        name(here)
        assert partner(here) == set()
        name(here, "manila-1")
        assert partner(here) == {"manila-1"}
        assert doubts(here) == []


def test_what_concerns_other_days_or_one_programme_only_does_not_matter() -> None:
    with world() as here:
        asked(here)
        away = (Away(first=date(2027, 2, 1), last=date(2027, 2, 5)),)
        opted_out = frozenset({"buddy", "peer"})
        say(here, NAMED, Preferences(away=away, opted_out=opted_out, paused_until=date(2027, 1, 7)))
        name(here)
        assert (partner(here), doubts(here)) == ({NAMED}, [])


@pytest.mark.slow
def test_whoever_was_introduced_keeps_the_role_and_hr_hears_when_they_are_kept_apart() -> None:
    with world() as here:
        asked(here)
        name(here)
        assert introduced(here) == {NAMED}
        say(here, NAMED, Preferences(paused_until=date(2027, 2, 1)))
        assert (partner(here), doubts(here)) == ({NAMED}, [])
        exclude(here.engine, "n1", NAMED, here.now)
        assert partner(here) == {NAMED}
        (text,) = doubts(here)
        assert text.endswith(STAYS)


def met_by_work_partners(folder: Path) -> FolderWords:
    """A journey in which newcomer and work partner have a coffee in week two."""
    changes = {'with = ["hire", "partner"]': 'with = ["hire", "work_partner"]'}
    words = short_words(folder, keep=("first_item", "partner_coffee"), changes=changes)
    message = folder / "messages" / "partner_coffee" / "partner.md"
    copyfile(message, message.with_name("work_partner.md"))
    return words


@pytest.mark.slow
def test_a_coffee_with_the_work_partner_moves_at_once_when_they_are_away_on_that_day(tmp_path: Path) -> None:
    with world(words=met_by_work_partners(tmp_path / "words")) as here:
        asked(here)
        name(here)
        here.walk_to(at("2027-01-12 12:00"))
        (before,) = coffee(here)
        assert NAMED in before.people
        day = before.starts_at.date()
        sent: dict[str, list[str]] = {
            "away_first": [f"{day}"],
            "away_last": [f"{day}"],
            "programmes": [*ROLES],
            "works_from": ["09:00"],
            "works_until": ["17:00"],
        }
        choose(here.engine, here.engine.links.preferences(NAMED).rpartition("/")[2], sent, here.now)
        (after,) = coffee(here)
        assert (after.sequence, after.moved_from) == (before.sequence + 1, before.starts_at)
        assert after.starts_at.date() != day
