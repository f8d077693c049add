"""Does a rule say the same of one pair as of columns of people?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.people import Person
from onboarding.domain.preferences import Away, Preferences
from onboarding.domain.rules import rule_between
from onboarding.domain.suitability import Suitability
from tests.companies import DAY
from tests.domain.test_choosing import company_lists, people, roles

IDS = ("hire", "p0", "p1", "p2")
days = st.dates(DAY - timedelta(days=20), DAY + timedelta(days=20))
sayings = st.builds(
    Preferences,
    opted_out=st.frozensets(st.sampled_from(["buddy", "peer", "partner", "mentor"])),
    paused_until=st.none() | days,
    capacity=st.none() | st.integers(0, 2),
    excluded=st.frozensets(st.sampled_from(IDS)),
    away=st.lists(st.tuples(days, days).map(lambda two: Away(first=min(two), last=max(two))), max_size=2).map(
        tuple
    ),
)


@given(roles, company_lists, people, st.tuples(*[sayings] * 9), st.frozensets(st.sampled_from(IDS)))
@settings(max_examples=40, deadline=None)
def test_one_pair_keeps_the_rules_that_the_columns_keep(
    wanted: Wanted, company: list[Person], model: Person, said: tuple[Preferences, ...], taken: frozenset[str]
) -> None:
    hire = replace(model, id="hire", work_email="hire@example.com")
    everybody = [
        Colleague(person=one, preferences=theirs) for one, theirs in zip([*company, hire], said, strict=False)
    ]
    need = Need(hire=hire, day=DAY, preferences=said[-1], taken=taken)
    chains = Chains(one.person for one in everybody)
    columns = Suitability(wanted, everybody, chains)
    for one in everybody:
        rule = rule_between(need, one, wanted, in_line=one.person.id in chains.of("hire"))
        assert rule is columns.rule_of(need, one.person.id)
