"""Which characters of what people and systems write are kept?"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{3,}")

_DROPPED = ("Cc", "Cs")
"""The Unicode categories of control characters and of halves of pairs, which no UTF-8 can hold."""

MOST_MARKS = 30
"""Combining marks in a row, as in Stream-Safe Text (Unicode Standard Annex 15): no language needs more.
To put them in order takes a time that grows with the square of their number."""

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of the text around them, with which a text can hide what it says."""


_FROM_THE_RIGHT = ("R", "AL")
"""The bidirectional classes of letters that are read from right to left (Unicode Standard Annex 9)."""

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def runs_from_right(text: str) -> bool:
    """Whether a letter of a text is read from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _FROM_THE_RIGHT for sign in text)


def isolated(text: str) -> str:
    """A name to be put into a sentence: what runs from right to left reorders nothing around it.

    People's own marks that turn the direction are gone (`harmless`); these two are ours, and only on pages. In the
    HTML of a mail an element does it.
    """
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if runs_from_right(text) else text


def harmless(text: str) -> str:
    """A text without control characters, halves of pairs and turns of direction; with plain line feeds.

    Marks that languages and emoji need (joiners, direction marks of one place) stay.
    """
    if text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    return "".join(
        sign for sign in text if sign in "\n\t" or not (unicodedata.category(sign) in _DROPPED or sign in _TURNS)
    )


def stream_safe(text: str) -> str:
    """A text without those combining marks that follow thirty others: it can be normalised in no time."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def composed(text: str) -> str:
    """The text in Unicode form NFC, without marks that nobody needs."""
    return unicodedata.normalize("NFC", stream_safe(text))


def clean(text: str) -> str:
    """The same, trimmed, with single spaces, at most one empty line in a row, and in Unicode form NFC."""
    lines = (line.strip() for line in _SPACES.sub(" ", harmless(text)).split("\n"))
    return composed(_MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n \ufeff"))
