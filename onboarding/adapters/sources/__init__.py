"""HR systems: how each signs its messages, and what its messages mean in our words."""

from __future__ import annotations

from onboarding.adapters.sources.ashby import AshbySource
from onboarding.adapters.sources.bamboohr import BambooRoster, BambooSource
from onboarding.adapters.sources.greenhouse import GreenhouseSource
from onboarding.adapters.sources.gusto import GustoSource
from onboarding.adapters.sources.hibob import HibobRoster, HibobSource
from onboarding.adapters.sources.personio import PersonioSource
from onboarding.adapters.sources.standard import StandardSource
from onboarding.adapters.sources.workable import WorkableSource

__all__ = [
    "AshbySource",
    "BambooRoster",
    "BambooSource",
    "GreenhouseSource",
    "GustoSource",
    "HibobRoster",
    "HibobSource",
    "PersonioSource",
    "StandardSource",
    "WorkableSource",
]
