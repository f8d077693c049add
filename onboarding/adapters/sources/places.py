"""Which country and which time zone does an HR system mean?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from onboarding.domain.countries import country_code

__all__ = ["Places", "country_code", "zone_of_country"]

_SAMPLES = tuple(datetime(2024, 1, 15, tzinfo=UTC) + timedelta(days=31 * month) for month in range(36))
"""One moment in each month of three years: zones that agree at all of them count as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the company said of its places: `offices` maps the name of an office to its IANA zone."""

    offices: Mapping[str, str] = field(default_factory=dict)

    def zone(self, *, offices: Iterable[str] = (), country: str = "") -> str:
        """The zone of these offices when they agree, else that of the country when it has one; "" when unsure.

        `country` is an ISO 3166-1 alpha-2 code.
        """
        known = {_fold(name): zone for name, zone in self.offices.items()}
        zones = {known[_fold(name)] for name in offices if _fold(name) in known}
        if len(zones) == 1:
            return zones.pop()
        return "" if zones else zone_of_country(country)


@lru_cache(maxsize=512)
def zone_of_country(country: str) -> str:
    """The zone of a country all of whose zones tell the same time; "" for others, such as the United States."""
    zones = _zones_of_countries().get(country, ())
    times = {tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in _SAMPLES) for zone in zones}
    return zones[0] if len(times) == 1 else ""


@cache
def _zones_of_countries() -> dict[str, tuple[str, ...]]:
    """Country -> zones, the most populous first (`zone.tab` of the IANA time zone database)."""
    found: dict[str, list[str]] = defaultdict(list)
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country].append(zone)
    return {country: tuple(zones) for country, zones in found.items()}


def _fold(name: str) -> str:
    return name.casefold().strip()


NOWHERE = Places()
"""A company that said nothing of its places."""
