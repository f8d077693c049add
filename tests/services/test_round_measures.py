"""Are the coffees of rounds counted as people tell of them, and is nobody told apart in a small group?"""

from __future__ import annotations

from datetime import date, timedelta

from onboarding.domain.coffee_measures import CoffeeCohort, Table, by_month
from onboarding.domain.measures import FEWER, SMALL, Became, Newcomer
from onboarding.services import rounds
from onboarding.services.measures import Measures, measure
from onboarding.services.round_measures import CoffeeMeasure
from tests.services.test_rounds import MONDAY, answer_all, company, draw, press, rounds_of, say
from tests.worlds import CHICAGO, World, at, person

WEEK = timedelta(weeks=1)


def counted(here: World, *, first: date | None = None, last: date | None = None) -> CoffeeMeasure:
    found: Measures = measure(here.engine, here.now, first=first, last=last)
    return found.coffee


def test_a_company_without_rounds_has_no_coffees_to_count() -> None:
    with rounds_of([]) as here:
        assert (counted(here).coffees.planned, counted(here).rounds, counted(here).cohorts) == (0, (), ())


def test_a_coffee_is_to_come_then_asked_about_then_held_as_one_of_them_says() -> None:
    with rounds_of(company(4)) as here:
        draw(here)
        assert (counted(here).coffees.to_come, counted(here).coffees.planned) == (2, 2)
        here.walk_to(at("2027-01-22 18:00"))
        assert (counted(here).coffees.to_come, counted(here).coffees.unanswered) == (0, 2)
        answer_all(here, but=frozenset({"p00"}))
        (only,) = counted(here).rounds
        assert (only.day, only.people, only.coffees.held, only.coffees.unanswered) == (MONDAY, 4, 2, 0)
        assert measure(here.engine, here.now).counted is not None


def test_who_had_no_coffee_is_counted_by_the_kind_of_reason() -> None:
    far = [person("far", CHICAGO)]
    with rounds_of([*company(3), *far]) as here:
        rounds.run_round(here.engine, here.now)
        assert counted(here).rounds[0].without == {}
        here.walk_to(at("2027-01-14 17:00"))
        press(here, "p02", "skip")
        assert counted(here).rounds[0].without == {"skipped": 1}
        here.walk_to(at("2027-01-15 18:00"))
        (only,) = counted(here).rounds
        assert only.people == 2
        assert only.without == {"nobody_fits": 1, "skipped": 1}


def test_each_week_is_a_round_and_a_range_takes_those_that_begin_in_it() -> None:
    with rounds_of(company(4)) as here:
        for week in range(2):
            here.now = at("2027-01-13 06:00") + week * WEEK
            rounds.run_round(here.engine, here.now)
            here.walk_to(here.now + timedelta(days=2, hours=12))
        assert [one.day for one in counted(here).rounds] == [MONDAY, MONDAY + WEEK]
        assert counted(here).coffees.planned == 4
        assert [one.day for one in counted(here, last=MONDAY).rounds] == [MONDAY]
        assert [one.day for one in counted(here, first=MONDAY + WEEK).rounds] == [MONDAY + WEEK]
        assert counted(here, first=MONDAY + WEEK).coffees.planned == 2


def test_newcomers_in_rounds_are_counted_by_cohort_and_few_are_not_told_apart() -> None:
    with rounds_of(company(4)) as here:
        here.now = at("2026-12-01 08:00")
        for number in range(SMALL):
            here.enrol(id=f"n{number}", work_email=f"n{number}@example.com")
        here.now = at("2027-01-13 06:00")
        for number in range(SMALL - 1):
            say(here, f"n{number}")
        rounds.run_round(here.engine, here.now)
        assert counted(here).cohorts == (CoffeeCohort(month="2027-01", newcomers=SMALL, took_part=FEWER),)


def test_a_cohort_counts_each_coffee_once_and_only_those_with_somebody_of_it() -> None:
    newcomers = [Newcomer(id=f"n{one}", first_day=date(2027, 1, 4), started=True) for one in range(SMALL)]
    both = Table(day=MONDAY, people=("n0", "n1"), became=Became.HELD)
    others = Table(day=MONDAY, people=("a", "b"), became=Became.HELD)
    (cohort,) = by_month(newcomers, {one.id for one in newcomers} | {"a", "b"}, [both, others])
    assert cohort.coffees is not None
    assert (cohort.took_part, cohort.coffees.planned, cohort.coffees.held) == (SMALL, 1, 1)
    (small,) = by_month(newcomers[1:], {"n1"}, [both])
    assert small == CoffeeCohort(month="2027-01", newcomers=FEWER)
