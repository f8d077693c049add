"""When do two texts mean the same word? Case, accents, spaces and punctuation do not count."""

from __future__ import annotations

import unicodedata

from onboarding.domain.texts import composed, stream_safe


def folded(text: str) -> str:
    """The letters and digits of a text, without case and accents: "E-Mail (geschäftlich)" is emailgeschaftlich.

    `#` counts as the word number: "Employee #" is the same as "Employee number".
    """
    plain = text.casefold().replace("#", "number")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", stream_safe(plain)).casefold()
    return "".join(character for character in plain if character.isalnum())


def folded_name(text: str) -> str:
    """A person's name without case and surplus spaces; accents count, since they tell names apart."""
    return " ".join(composed(text).casefold().split())
