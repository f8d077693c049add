"""How does a sentence of reasons read when somebody takes back what they like?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from onboarding.domain.alike import plain

BEGINS = "both like "
"""How both sentences begin the part that names interests: `domain/reasons.py` and `CoffeeWords` in English."""

OTHERWISE = "is free to help"


def without_likings(sentence: str, gone: Iterable[str]) -> str:
    """The sentence without its part about common interests, when that names one of those that are gone."""
    start = sentence.find(BEGINS)
    if start < 0:
        return sentence
    after = start + len(BEGINS)
    ends = [_named_until(sentence, after, one) for one in gone]
    end = max(ends, default=0)
    if not end:
        return sentence
    rest = sentence.find(", ", end)
    before = sentence[:start].removesuffix(", ")
    kept = [before, "" if rest < 0 else sentence[rest + len(", ") :]]
    return ", ".join(part for part in kept if part) or OTHERWISE


def _named_until(sentence: str, start: int, interest: str) -> int:
    """Where the last mention of an interest ends; 0 without one. Letter case and spaces do not count."""
    words = [re.escape(word) for word in plain(interest).split()]
    if not words:
        return 0
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
    return max((found.end() for found in pattern.finditer(sentence, start)), default=0)
