"""What does the report say of newcomers who lived through the shipped journey?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from onboarding.domain.report import Part, Report
from onboarding.domain.step_ends import IN_TIME
from onboarding.services.report import make
from tests.worlds import World, at, world

pytestmark = pytest.mark.slow

SIX = 6
END = at("2027-01-13 12:00")


@pytest.fixture(scope="module")
def lived() -> Iterator[World]:
    """Six newcomers, eight days after their first; only one of them has a manager."""
    with world() as here:
        for number in range(1, SIX + 1):
            here.enrol(id=f"n{number}", manager_id="manila-lead" if number == 1 else "")
        here.walk_to(END)
        yield here


@pytest.fixture(scope="module")
def found(lived: World) -> Report:
    return make(lived.engine, END + timedelta(days=90))


def part(found: Report, key: str) -> Part:
    one = found.part(key)
    assert one is not None
    return one


def test_what_was_done_in_time_is_told_though_something_else_is_of_one_newcomer_alone(
    lived: World, found: Report
) -> None:
    with lived.engine.store.read() as books:
        ended = books.deliveries.ends_of_cohort(None, None)
    of_one = {one.why for one in ended if one.hire_id == "n1"} ^ {one.why for one in ended if one.hire_id == "n2"}
    assert of_one
    table = part(found, "steps")
    assert [one.name for one in table.lines if one.is_hidden] == []
    assert table.lines[0].name == IN_TIME
    assert table.lines[0].told["share"] > 0.5
    assert table.whole is not None
    assert table.whole.told["steps"] == sum(one.deliveries for one in ended)
