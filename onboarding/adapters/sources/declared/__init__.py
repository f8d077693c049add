"""HR systems that nobody here has seen: connected by what `sources.toml` declares, without code."""

from __future__ import annotations

from onboarding.adapters.sources.declared.file import read_file, read_sources
from onboarding.adapters.sources.declared.source import DeclaredSource
from onboarding.adapters.sources.declared.values import Declaration

__all__ = ["Declaration", "DeclaredSource", "read_file", "read_sources"]
