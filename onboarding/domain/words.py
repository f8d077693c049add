"""What does HR's folder give to the engine: rendered words, conversation guides, fields?"""

from __future__ import annotations

from dataclasses import dataclass

Fields = dict[str, object]
"""Plain values for a template: strings, numbers, booleans, lists and dicts of them; never rich objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message in one language: `html` has its CSS inlined; `text` is the same words without markup."""

    subject: str
    html: str
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What helps two people to talk: an agenda (four minutes of small talk first), a guide, icebreakers."""

    agenda: tuple[str, ...]
    guide: tuple[str, ...]
    icebreakers: tuple[str, ...]
