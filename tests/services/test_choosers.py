"""Do columns that are kept choose as columns would that were made this moment?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.assignment import Match
from onboarding.domain.candidates import Need, Rule, Wanted
from onboarding.domain.matching_weights import DEFAULTS
from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences
from onboarding.services.choosers import Choosers
from tests.companies import DAY
from tests.worlds import BERLIN, MANILA, NAIROBI, person

WANTED = Wanted(role="buddy", weights=DEFAULTS["buddy"])
NAMES = tuple(f"p{number}" for number in range(6))

people = st.builds(
    lambda name, city, start, manager, address: person(
        name,
        city,
        start_date=start,
        manager_id="" if address else manager,
        manager_email=f"{manager}@example.com" if address and manager else "",
    ),
    st.sampled_from(NAMES),
    st.sampled_from([MANILA, BERLIN, NAIROBI]),
    st.none() | st.dates(DAY - timedelta(days=400), DAY + timedelta(days=10)),
    st.sampled_from(["", *NAMES]),
    st.booleans(),
)
happenings = st.lists(
    st.tuples(
        st.booleans(),  # in this transaction, or in another one
        people
        | st.sampled_from([*NAMES, ""])  # somebody is gone, or only another transaction begins
        | st.tuples(st.sampled_from(NAMES), st.sampled_from([Preferences(capacity=0), NOTHING_SAID])),
    ),
    max_size=12,
)


class Company:
    """People and what they say, with choosers that live through every change."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.said: dict[str, Preferences] = {}
        self.choosers = Choosers(lambda: self.people, lambda: self.said)

    def put(self, somebody: Person) -> None:
        self.people[somebody.id] = somebody
        self.choosers.put(somebody)

    def change_elsewhere(self, happening: Person | str | tuple[str, Preferences]) -> None:
        """What another transaction did: nobody tells the choosers before they look again."""
        if isinstance(happening, Person):
            self.people[happening.id] = happening
        elif isinstance(happening, str):
            self.people.pop(happening, None)
        else:
            self.said[happening[0]] = happening[1]
        self.choosers.look_again(lambda: self.people, lambda: self.said)

    def choose(self, hire: Person, *, fresh: bool) -> tuple[list[Match], str]:
        choosers = Choosers(lambda: self.people, lambda: self.said) if fresh else self.choosers
        return choosers.choose(WANTED, Need(hire=hire, day=DAY), {"p1": 1}, 2)


@given(st.lists(people, unique_by=lambda one: one.id, max_size=4), happenings)
@settings(deadline=None)
def test_whatever_happens_between_two_choices_the_second_is_as_good_as_new(
    first: list[Person], happens: list[tuple[bool, Person | str | tuple[str, Preferences]]]
) -> None:
    company = Company()
    for one in first:
        company.put(one)
    for here, happening in happens:
        hire = happening if isinstance(happening, Person) else person("new", MANILA)
        if not here or isinstance(happening, str):
            company.change_elsewhere(happening)
        elif isinstance(happening, Person):
            company.put(happening)
        else:
            company.said[happening[0]] = happening[1]
            company.choosers.forget()
        kept, fresh = company.choose(hire, fresh=False), company.choose(hire, fresh=True)
        assert [one.person_id for one in kept[0]] == [one.person_id for one in fresh[0]]
        assert bool(kept[1]) == bool(fresh[1])


def test_the_first_of_a_company_is_known_to_columns_that_were_made_of_nobody() -> None:
    company = Company()
    company.choose(person("new", MANILA), fresh=False)
    company.put(person("p1", MANILA, start_date=None))
    found, _ = company.choose(person("new", MANILA), fresh=False)
    assert [one.person_id for one in found] == ["p1"]


def test_newcomers_of_a_burst_are_counted_and_their_managers_are_known() -> None:
    company = Company()
    company.put(person("lead", MANILA))
    company.choose(person("first", MANILA), fresh=False)
    for number in range(3):
        company.put(person(f"new{number}", MANILA, start_date=DAY, manager_id="lead"))
    found, why = company.choose(company.people["new2"], fresh=False)
    assert not found
    assert (
        why
        == ("nobody can be buddy: 2 colleagues are too new themselves, 1 is in the line of managers")
        == company.choose(company.people["new2"], fresh=True)[1]
    )


def test_somebody_who_came_late_and_is_no_newcomer_can_be_chosen_at_once() -> None:
    company = Company()
    company.put(person("lead", MANILA))
    hire = person("new", MANILA, manager_id="lead", start_date=DAY)
    company.put(hire)
    assert company.choose(hire, fresh=False)[0] == []
    company.put(person("pal", MANILA))
    assert [one.person_id for one in company.choose(hire, fresh=False)[0]] == ["pal"]
    need = Need(hire=hire, day=DAY)
    company.put(person("late", MANILA, start_date=DAY))
    assert company.choosers.rule(WANTED, need, {}, "late") is Rule.TOO_NEW
    company.put(replace(company.people["pal"], active=False))
    assert company.choosers.rule(WANTED, need, {}, "pal") is Rule.LEFT
