"""What does HR value when people are matched?"""

from __future__ import annotations

from onboarding.adapters.words.files import toml
from onboarding.domain.matching_weights import MatchingWeights, read_weights

MATCHING_FILE = "matching.toml"


def read_matching(name: str, text: str) -> MatchingWeights:
    """Read `matching.toml`; what it leaves out keeps its default.

    Raises:
        BadWords: with every mistake.
    """
    return read_weights(name, toml(name, text))
