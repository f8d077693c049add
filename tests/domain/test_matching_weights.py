from __future__ import annotations

import tomllib
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import paths
from onboarding.domain.errors import BadWords
from onboarding.domain.matching_weights import DEFAULTS, CoffeeWeights, MatchingWeights, RoleWeights, read_weights
from onboarding.domain.people import MATCHED_ROLES

FILE = "matching.toml"


def mistakes(tree: dict[str, object]) -> list[str]:
    with pytest.raises(BadWords) as caught:
        read_weights(FILE, tree)
    return list(caught.value.mistakes)


class TestShipped:
    TREE = tomllib.loads((paths.shipped_templates() / FILE).read_text(encoding="utf-8"))

    def test_the_file_for_hr_says_what_counts_without_it(self) -> None:
        assert read_weights(FILE, self.TREE) == MatchingWeights() == read_weights(FILE, {})

    def test_it_shows_every_key_of_every_programme(self) -> None:
        assert set(self.TREE) == {*DEFAULTS, "coffee"}
        for name, table in self.TREE.items():
            kind = CoffeeWeights if name == "coffee" else RoleWeights
            assert list(table) == [one.name for one in fields(kind)]

    def test_every_role_that_is_matched_has_weights(self) -> None:
        assert set(DEFAULTS) == MATCHED_ROLES


class TestReading:
    def test_what_is_said_counts_and_the_rest_keeps_its_default(self) -> None:
        read = read_weights(FILE, {"buddy": {"language": 0}, "coffee": {"window": 8}})
        assert read.roles["buddy"] == replace(DEFAULTS["buddy"], language=0)
        assert read.roles["mentor"] == DEFAULTS["mentor"]
        assert read.coffee == CoffeeWeights(window=8)

    def test_every_mistake_is_told_at_once_with_what_may_have_been_meant(self) -> None:
        tree = {
            "budy": {},
            "buddy": {"langauge": 3, "interest": -1, "load": float("nan")},
            "mentor": 7,
            "coffee": {"window": 53, "long_ago": 1.5, "newcomer": True},
        }
        told = mistakes(tree)
        assert told[0].startswith('matching.toml: unknown "budy"; did you mean buddy?')
        assert told[1].startswith('matching.toml, [buddy]: unknown "langauge"; did you mean language?')
        assert told[2:] == [
            "matching.toml, [buddy]: interest must be a whole number from 0 to 1000, not -1",
            "matching.toml, [buddy]: load must be a whole number from 0 to 1000, not nan",
            "matching.toml: mentor must be a table that begins with [mentor]",
            "matching.toml, [coffee]: newcomer must be a whole number from 0 to 1000, not True",
            "matching.toml, [coffee]: long_ago must be a whole number from 0 to 1000, not 1.5",
            "matching.toml, [coffee]: window must be a whole number from 0 to 52, not 53",
        ]

    @given(
        st.sampled_from([one.name for one in fields(RoleWeights)]),
        st.floats()
        | st.integers(max_value=-1)
        | st.integers(min_value=3651)
        | st.text()
        | st.booleans()
        | st.none(),
    )
    def test_nothing_but_a_whole_number_within_bounds_is_taken(self, key: str, value: object) -> None:
        assert mistakes({"peer": {key: value}})[0].startswith(
            f"matching.toml, [peer]: {key} must be a whole number"
        )
