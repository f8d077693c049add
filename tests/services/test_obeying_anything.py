"""Do facts of several systems keep the books in order, whatever they say and in whatever order they come?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.domain.events import EventState, Fact, Told
from onboarding.domain.people import HireState
from onboarding.services.directory import Directory
from onboarding.services.obeying import Obeyed, obey
from onboarding.services.planning import replan_touched
from tests.scripted import tells
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")
OURS = ("csv", "standard")
"""Systems that call people as we do."""
SOURCES = ("ats", "hris", *OURS)
FACTS = st.fixed_dictionaries(
    {
        "source": st.sampled_from(SOURCES),
        "told": st.sampled_from([Told.CREATED, Told.KNOWN, Told.KNOWN, Told.UPDATED, Told.WITHDRAWN]),
        "number": st.sampled_from("123"),
        "day": st.integers(0, 400),
        "manager": st.sampled_from(["", "", "1", "2", "9"]),
        "rank": st.sampled_from([0, 0, 1, 2]),
        "about": st.sampled_from(["", "", "60", "61"]),
        "more": st.fixed_dictionaries(
            {},
            optional={
                "start_date": st.sampled_from(["2027-01-04", "2027-02-01", "2027-10-04", "2020-01-01"]),
                "personal_email": st.sampled_from(["a@example.org", "b@example.org", None]),
                "work_email": st.sampled_from(["a@example.com", "b@example.com"]),
                "last_name": st.sampled_from(["Quill", "Stone", None]),
                "manager_email": st.sampled_from(["berlin-1@example.com", "a@example.com", None]),
            },
        ),
    }
)


def as_fact(said: dict[str, Any]) -> Fact:
    """A fact; systems that call people as we do say `p1`, others a number."""
    moment = NOW + timedelta(days=said["day"])
    given_more = {} if said["told"] is Told.WITHDRAWN else said["more"]
    one = tells(said["told"], said["number"], moment, source=said["source"], manager=said["manager"], **given_more)
    one = replace(one, rank=said["rank"], about=said["about"])
    if said["source"] not in OURS:
        return one
    name, manager = f"p{said['number']}", f"p{said['manager']}" if said["manager"] else ""
    person = replace(one.person, id=name) if one.person else None
    return replace(one, external_id=name, hire_id=name, person=person, manager=manager)


def tell(here: World, source: str, fact: Fact) -> Obeyed:
    with here.engine.store.begin() as books:
        directory = Directory(books)
        done = obey(here.engine, books, directory, source, fact, here.now)
        replan_touched(here.engine, books, directory, {done.touched} - {""}, here.now)
    return done


def everything(here: World) -> object:
    """All that is known, but when it was told."""
    with here.engine.store.read() as books:
        names = [one for source in SOURCES for one in books.identities.of_source(source)]
        plans = {hire.id: books.deliveries.of_hire(hire.id) for hire in books.hires.find()}
        return (
            books.people.all(),
            books.hires.find(),
            {(one.source, one.external_id): one.person_id for one in names},
            plans,
        )


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FACTS, min_size=2, max_size=8))
def test_the_same_news_again_changes_nothing_and_the_books_agree_with_each_other(
    facts: list[dict[str, Any]],
) -> None:
    with world("2026-12-31 08:00") as here:
        for said in facts:
            fact = as_fact(said)
            here.now = max(here.now, fact.at)
            first = tell(here, said["source"], fact)
            assert first.reason
            before = everything(here)
            again = tell(here, said["source"], fact)
            assert everything(here) == before
            assert (again.state is EventState.REVIEW) == (first.state is EventState.REVIEW)
            with here.engine.store.read() as books:
                people = {one.id: one for one in books.people.all()}
                for hire in books.hires.find():
                    somebody = people[hire.id]
                    assert (hire.state is HireState.ACTIVE) <= somebody.active
                    assert hire.state is HireState.WITHDRAWN or somebody.start_date == hire.first_day
                    assert somebody.manager_id != somebody.id
