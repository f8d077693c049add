"""Is a network that asks too often held back, and no other?"""

from __future__ import annotations

from contextlib import suppress

import pytest

from onboarding.web.limits import Limiter, TooMany, network_of


class Seconds:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def limiter(seconds: Seconds, most: int = 10) -> Limiter:
    return Limiter(burst=3, per_second=0.5, most=most, seconds=seconds)


def test_a_burst_is_let_through_then_as_many_as_time_brings() -> None:
    seconds = Seconds()
    found = limiter(seconds)
    for _ in range(3):
        found.admit("203.0.113.7")
    with pytest.raises(TooMany):
        found.admit("203.0.113.7")
    found.admit("203.0.113.8")
    seconds.passed = 2.0
    found.admit("203.0.113.7")
    with pytest.raises(TooMany):
        found.admit("203.0.113.7")


@pytest.mark.parametrize("per_second", [0.4, 0.5, 0.6, 5])
def test_who_knocks_too_often_is_let_in_as_often_as_time_brings(per_second: float) -> None:
    seconds = Seconds()
    found, admitted = limiter(seconds), 0
    for number in range(int(1000 * per_second)):
        seconds.passed = number / per_second
        with suppress(TooMany):
            found.admit("203.0.113.7")
            admitted += 1
    assert admitted == pytest.approx(min(3 + 1000 * 0.5, 1000 * per_second), abs=2)


def test_the_memory_of_networks_has_an_end() -> None:
    found = limiter(Seconds(), most=5)
    for number in range(200):
        found.admit(f"203.0.113.{number}")
    assert len(found._buckets) == 5


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_household_with_many_addresses_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
