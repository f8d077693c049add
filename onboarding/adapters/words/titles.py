"""What do the steps of a journey say in another language than English?"""

from __future__ import annotations

from collections.abc import Mapping

from onboarding.adapters.words.files import toml
from onboarding.domain.journey_titles import read_titles


def read_titles_of(name: str, text: str) -> Mapping[str, str]:
    """Read `journeys/<journey>.<language>.toml`.

    Raises:
        BadWords: with every mistake.
    """
    return read_titles(name, toml(name, text))
