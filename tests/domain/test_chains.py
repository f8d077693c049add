from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.chains import Chains
from tests.worlds import person


def chains(managers: Mapping[str, str]) -> Chains:
    return Chains(person(name, manager_id=above) for name, above in managers.items())


TREE = {"boss": "", "lead": "boss", "new": "lead", "junior": "new", "trainee": "junior", "peer": "lead"}


def test_a_line_holds_everybody_above_and_below_and_no_peer() -> None:
    assert chains(TREE).of("new") == {"lead", "boss", "junior", "trainee"}


@pytest.mark.parametrize(
    ("levels", "near"),
    [(0, set()), (1, {"lead", "junior"}), (2, {"lead", "boss", "junior", "trainee"})],
)
def test_a_line_may_be_followed_for_some_levels_only(levels: int, near: set[str]) -> None:
    assert chains(TREE).of("new", levels) == near


@pytest.mark.parametrize("top", ["lead", "new", "boss"])
def test_a_circle_is_climbed_once(top: str) -> None:
    assert chains({"new": "lead", "lead": "boss", "boss": top}).of("new") == {"lead", "boss"}


def test_a_manager_whom_nobody_knows_ends_the_climb() -> None:
    assert chains({"new": "gone"}).of("new") == frozenset()


def test_somebody_whom_nobody_knows_has_no_line() -> None:
    assert chains(TREE).of("stranger") == frozenset()


def test_a_manager_is_found_by_e_mail_where_the_id_says_nothing() -> None:
    known = [
        person("new", manager_id="old-system-7", manager_email="Lead@Example.com"),
        person("lead"),
        person("blank", work_email=""),
        person("free", work_email=""),
    ]
    assert Chains(known).of("new") == {"lead"}
    assert Chains(known).of("free") == frozenset()


def test_of_several_people_with_one_address_all_count_as_the_manager() -> None:
    known = [person("new", manager_email="team@example.com")]
    known += [person(name, work_email="team@example.com") for name in ("a", "b")]
    assert Chains(known).of("new") == {"a", "b"}


names = st.sampled_from("abcdef")


@given(st.dictionaries(names, names | st.just("") | st.just("unknown")))
def test_above_and_below_are_two_sides_of_one_thing(managers: dict[str, str]) -> None:
    found = chains(managers)
    for one in managers:
        assert one not in found.of(one)
        assert all(one in found.of(other) for other in found.of(one))
