"""HR systems: how each signs its messages, and what its messages mean in our words."""

from __future__ import annotations

from onboarding.adapters.sources.greenhouse import GreenhouseSource
from onboarding.adapters.sources.standard import StandardSource

__all__ = ["GreenhouseSource", "StandardSource"]
