"""Companies of any size, drawn from a seed: the same people on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

from onboarding.domain.candidates import Colleague, Need
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.preferences import NOTHING_SAID, Away, Preferences

DAY = date(2027, 3, 8)
"""A Monday; on the next one the clocks of New York have changed and those of Berlin have not."""

PLACES = (
    ("Europe/Berlin", "Berlin"),
    ("Europe/London", "London"),
    ("Europe/Madrid", "Madrid"),
    ("Africa/Nairobi", "Nairobi"),
    ("Asia/Kolkata", "Pune"),
    ("Asia/Manila", "Manila"),
    ("Asia/Tokyo", "Tokyo"),
    ("Australia/Sydney", "Sydney"),
    ("America/New_York", "New York"),
    ("America/Chicago", "Chicago"),
    ("America/Los_Angeles", "Los Angeles"),
    ("America/Sao_Paulo", "Sao Paulo"),
)
HOURS = tuple(WorkingHours(start=time(hour), end=time(hour + 8)) for hour in (7, 8, 9, 10))
INTERESTS = tuple(f"interest {number}" for number in range(60))
SPAN = 8  # people whom one manager leads


def people(count: int, seed: int = 1) -> list[Person]:
    """Colleagues in twelve cities, each led by the one whose number is an eighth of theirs."""
    dice = Random(seed)  # noqa: S311 -- companies are drawn, not secrets
    return [_person(number, count, dice) for number in range(count)]


def _person(number: int, count: int, dice: Random) -> Person:
    zone, city = dice.choice(PLACES)
    return Person(
        id=f"p{number:06}",
        first_name="Somebody",
        work_email=f"p{number}@example.com",
        start_date=DAY - timedelta(days=dice.randrange(30, 3000)),
        time_zone=zone,
        location=city,
        language=dice.choice(("en", "en", "de", "es", "tl")),
        job_title=f"work {dice.randrange(40)}",
        department=f"department {dice.randrange(12)}",
        team=f"team {dice.randrange(max(12, count // 10))}",
        manager_id=f"p{(number - 1) // SPAN:06}" if number else "",
        interests=tuple(dice.sample(INTERESTS, dice.randrange(6))),
        working_hours=dice.choice(HOURS),
    )


def newcomers(count: int, company: Sequence[Person]) -> list[Need]:
    """Hires who resemble some of the company and start within one week."""
    models = (company[number * 7919 % len(company)] for number in range(count))
    hires = (
        replace(model, id=f"h{number:06}", work_email="", start_date=DAY + timedelta(days=number % 5))
        for number, model in enumerate(models)
    )
    return [Need(hire=hire, day=hire.start_date or DAY) for hire in hires]


def colleagues(company: Sequence[Person], needs: Sequence[Need], seed: int = 2) -> list[Colleague]:
    """The directory, hires among it: one in four has a hire already, one in twenty a break, as many are away."""
    dice = Random(seed)  # noqa: S311 -- as above
    known = [
        Colleague(person=person, preferences=_preferences(needs, dice), load=dice.choice((0, 0, 0, 1)))
        for person in company
    ]
    return [*known, *(Colleague(person=need.hire) for need in needs)]


def _preferences(needs: Sequence[Need], dice: Random) -> Preferences:
    chance = dice.random()
    if chance < 0.05:
        return Preferences(paused_until=DAY + timedelta(days=30))
    if chance < 0.10:
        return Preferences(away=(Away(first=DAY, last=DAY + timedelta(days=9)),))
    if chance < 0.11 and needs:
        return Preferences(excluded=frozenset({dice.choice(needs).hire.id}))
    return NOTHING_SAID
