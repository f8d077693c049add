"""How does a sentence of reasons read when somebody takes back what they like?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

BEGINS = "both like "
"""How both sentences begin the part that names interests: `domain/reasons.py` and `CoffeeWords` in English."""

BETWEEN = " and "
"""What stands between two interests."""

OTHERWISE = "is free to help"


def without_likings(sentence: str, gone: Iterable[str]) -> str:
    """The sentence without its part about common interests, when that names one of those that are gone.

    However it is written: a sentence has the words of the other person, who may spell them in capitals or with
    other code points.
    """
    start = sentence.find(BEGINS)
    if start < 0:
        return sentence
    after = start + len(BEGINS)
    named, places = _with_places(sentence[after:])
    end = max((_named_until(named, places, one) for one in gone), default=0)
    if not end:
        return sentence
    rest = sentence.find(", ", after + end)
    before = sentence[:start].removesuffix(", ")
    kept = [before, "" if rest < 0 else sentence[rest + len(", ") :]]
    return ", ".join(part for part in kept if part) or OTHERWISE


def compared(text: str) -> str:
    """A text without case and surplus spaces, with the same code points however it was typed.

    The compatibility caseless match of Unicode (section 3.13, D146); accents count.
    """
    return " ".join(_caseless(text).split())


def _named_until(named: str, places: Mapping[int, int], interest: str) -> int:
    """Where the last mention of an interest ends, in the text before it was compared; 0 without one.

    It begins in the first part of the sentence, or behind an "and": what follows are other reasons.
    """
    words = [re.escape(word) for word in compared(interest).split()]
    if not words:
        return 0
    mention = re.compile("(?=(" + r"\s+".join(words) + "))")
    first = named.find(", ")
    ends = (
        places[found.end(1)]
        for found in mention.finditer(named)
        if _stands_alone(named, places, *found.span(1))
        and (first < 0 or found.start() < first or named[: found.start()].endswith(BETWEEN))
    )
    return max(ends, default=0)


def _stands_alone(named: str, places: Mapping[int, int], start: int, end: int) -> bool:
    """Whether whole letters are meant, and no part of a longer word."""
    if start not in places or end not in places:
        return False
    return not (start and _is_of_word(named[start - 1])) and not (end < len(named) and _is_of_word(named[end]))


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_" or unicodedata.combining(sign) > 0


def _with_places(text: str) -> tuple[str, Mapping[int, int]]:
    """The text without case, and for each border between two letters of it where that is in the text."""
    places, caseless, read = {0: 0}, "", 0
    for letter in _letters(text):
        caseless, read = caseless + _caseless(letter), read + len(letter)
        places[len(caseless)] = read
    return caseless, places


def _letters(text: str) -> Iterator[str]:
    """A text letter by letter, each with its marks: folding one never changes the next."""
    letter = ""
    for sign in text:
        if letter and not unicodedata.combining(sign) and not unicodedata.combining(_caseless(sign)[0]):
            yield letter
            letter = ""
        letter += sign
    if letter:
        yield letter


def _caseless(text: str) -> str:
    """Folded twice: what a ligature or a full-width letter falls into has capitals and marks of its own."""
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKD", once.casefold())
