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
class CoffeeWords:
    """What a coffee of the rounds is called in a calendar, and why people have it together.

    Each word may, or must, hold what stands in its braces here; these are the words where HR's folder has none.
    """

    title: str = "Coffee: {names}"
    departments: str = "from two departments"
    teams: str = "from two teams"
    newcomer: str = "one of you is new here"
    interest: str = "both like {interest}"
    interests: str = "both like {interest} and {other}"
    language: str = "you have a language in common"
    hour: str = "1 common working hour"
    hours: str = "{count} common working hours"
    allowed_hour: str = "1 common hour with what you allow"
    allowed_hours: str = "{count} common hours with what you allow"
    never: str = "you have not met here yet"
    last: str = "you met 1 round ago"
    ago: str = "you met {count} rounds ago"
    three: str = "three of you, so that nobody is left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What helps two people to talk: an agenda (four minutes of small talk first), a guide, icebreakers."""

    agenda: tuple[str, ...]
    guide: tuple[str, ...]
    icebreakers: tuple[str, ...]
    coffee: CoffeeWords = CoffeeWords()
