"""What may a human decide about an event in review, and what follows?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onboarding.domain.errors import BadRecord, NotFound, Unavailable
from onboarding.domain.events import EventState, Told, Unfit
from onboarding.services.enrolling import Enrolled, enroll_waiting, replay
from tests.scripted import ACME, Scripted, post, tells
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")
ALIKE = {"personal_email": "amihan@example.org", "work_email": None, "last_name": "Feather"}
"""The private address of the newcomer of `record`, and another name."""


@pytest.fixture
def acme() -> Scripted:
    return Scripted()


@pytest.fixture
def here(acme: Scripted) -> Iterator[World]:
    with world(sources={ACME: acme}) as found:
        found.enrol()
        yield found


def told(here: World, message: str) -> Enrolled:
    post(here.engine, message, here.now)
    (result,) = enroll_waiting(here.engine, here.now)
    return result


def people(here: World) -> set[str]:
    with here.engine.store.read() as books:
        return {one.id for one in books.people.all() if one.first_name == "Amihan"}


def doubted(here: World, acme: Scripted) -> str:
    """An event about somebody who may be known."""
    acme.means("hired", [tells(Told.CREATED, "1", NOW, **ALIKE)])
    result = told(here, "hired")
    assert result.state is EventState.REVIEW
    assert result.reason == "perhaps the same person as n1: the same private address, and another name"
    assert replay(here.engine, result.event_id, here.now) == result  # nothing is mended by asking again
    return result.event_id


def test_it_is_the_same_person_and_stays_so_for_later_news(here: World, acme: Scripted) -> None:
    done = replay(here.engine, doubted(here, acme), here.now, same_as="n1")
    assert (done.hire_id, done.state, done.reason) == ("n1", EventState.OBEYED, "the record changed")
    acme.means("gone", [tells(Told.WITHDRAWN, "1", NOW)])
    assert told(here, "gone").hire_id == "n1"
    assert people(here) == {"n1"}


def test_it_is_somebody_else_and_stays_so_for_later_news(here: World, acme: Scripted) -> None:
    done = replay(here.engine, doubted(here, acme), here.now, somebody_else=True)
    assert (done.hire_id, done.state, done.reason) == ("acme-1", EventState.OBEYED, "enrolled")
    acme.means("changed", [tells(Told.CREATED, "1", NOW, **ALIKE, team="Care")])
    assert told(here, "changed").reason == "the record changed"
    assert people(here) == {"n1", "acme-1"}


def test_a_decision_may_be_changed(here: World, acme: Scripted) -> None:
    event_id = doubted(here, acme)
    replay(here.engine, event_id, here.now, somebody_else=True)
    assert replay(here.engine, event_id, here.now, same_as="n1").hire_id == "n1"


def test_nobody_can_be_named_for_an_event_about_several_people_or_none(here: World, acme: Scripted) -> None:
    acme.means("two", [tells(Told.CREATED, number, NOW) for number in "12"])
    acme.means("none", "a ping")
    acme.means("broken", BadRecord(["start_date is missing", "time_zone is missing"]))
    acme.means("unfit", [Unfit(mistakes=("start_date is missing",), external_id="1")])
    for message, why in (
        ("two", "the event is not about one person"),
        ("none", "the event is not about one person"),
        ("broken", "start_date is missing; time_zone is missing"),
        ("unfit", "the event is not about one person"),
    ):
        before = told(here, message)
        with pytest.raises(BadRecord, match=why):
            replay(here.engine, before.event_id, here.now, same_as="n1")
        with here.engine.store.read() as books:
            after = books.events.get(before.event_id)
        assert after is not None
        assert (after.state, after.reason) == (before.state, before.reason)


def test_a_person_who_is_not_there_cannot_be_meant(here: World, acme: Scripted) -> None:
    event_id = doubted(here, acme)
    with pytest.raises(NotFound, match="there is no person n9; `onboarding people list` names them"):
        replay(here.engine, event_id, here.now, same_as="n9")


def test_while_the_system_does_not_say_whom_it_means_nobody_can_be_named(here: World, acme: Scripted) -> None:
    event_id = doubted(here, acme)
    acme.means("hired", Unavailable("Acme does not answer (ConnectTimeout)"))
    with pytest.raises(Unavailable, match="Acme does not answer"):
        replay(here.engine, event_id, here.now, same_as="n1")


def test_a_replay_of_an_event_of_a_silent_system_waits_in_the_queue_again(here: World, acme: Scripted) -> None:
    event_id = doubted(here, acme)
    acme.means("hired", Unavailable("Acme does not answer (ConnectTimeout)"))
    waits = replay(here.engine, event_id, here.now)
    assert (waits.state, waits.reason) == (
        EventState.RECORDED,
        "Acme does not answer (ConnectTimeout); asked again later",
    )


def test_an_event_of_a_source_that_is_gone_cannot_be_decided(here: World, acme: Scripted) -> None:
    event_id = doubted(here, acme)
    here.engine.sources.pop(ACME)  # type: ignore[attr-defined]  # the world gave a dict
    with pytest.raises(BadRecord, match="the source acme is not set up any more"):
        replay(here.engine, event_id, here.now, somebody_else=True)
