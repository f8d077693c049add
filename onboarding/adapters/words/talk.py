"""What helps two people to talk, and where do others with the same interests meet?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from string import Formatter

from onboarding.adapters.words.files import toml
from onboarding.domain.errors import BadWords
from onboarding.domain.tables import unknown
from onboarding.domain.words import CoffeeWords, Conversation

CONVERSATION_KEYS = ("agenda", "guide", "icebreakers")
COFFEE_KEY = "coffee"
USUAL = CoffeeWords()
CHANNEL_KEYS = ("always", "channels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Channels for everybody, and those of each interest (in small letters)."""

    always: tuple[str, ...]
    of_interest: Mapping[str, tuple[str, ...]]

    def suggest(self, interests: Sequence[str]) -> list[str]:
        """Those for everybody, then those of the interests, no repeats."""
        found = [one for interest in interests for one in self.of_interest.get(interest.strip().casefold(), ())]
        return list(dict.fromkeys([*self.always, *found]))


def read_conversation(name: str, text: str) -> Conversation:
    """Read `conversation[.<language>].toml`.

    Raises:
        BadWords: with every mistake.
    """
    tree = toml(name, text)
    known = (*CONVERSATION_KEYS, COFFEE_KEY)
    mistakes = [f"{name}: {unknown(key, known)}" for key in tree if key not in known]
    coffee = _coffee(name, tree.get(COFFEE_KEY, {}), mistakes)
    lists = {key: _texts(tree.get(key)) for key in CONVERSATION_KEYS}
    mistakes += [
        f"{name}: {key} must be a list of texts, at least one" for key, lines in lists.items() if not lines
    ]
    if mistakes:
        raise BadWords(mistakes)
    return Conversation(
        agenda=lists["agenda"], guide=lists["guide"], icebreakers=lists["icebreakers"], coffee=coffee
    )


def _coffee(name: str, table: object, mistakes: list[str]) -> CoffeeWords:
    """The words of the coffee rounds; what is not said keeps its English words."""
    if not isinstance(table, Mapping):
        mistakes.append(f"{name}: {COFFEE_KEY} must be a table that begins with [{COFFEE_KEY}]")
        return USUAL
    usual = asdict(USUAL)
    wrong = [unknown(key, list(usual)) for key in table if key not in usual]
    wrong += [said for key in usual if key in table and (said := _misfit(key, table[key], usual[key]))]
    mistakes += [f"{name}, [{COFFEE_KEY}]: {one}" for one in wrong]
    return USUAL if wrong else replace(USUAL, **table)


def _misfit(key: str, value: object, usual: str) -> str:
    """What is wrong with a word; "" when it is a text with nothing in braces but what the usual one has."""
    if not isinstance(value, str) or not value.strip():
        return f"{key} must be a text"
    allowed = sorted(_braces(usual))
    try:
        found = _braces(value)
    except ValueError:
        return f"{key} has a brace without its other half"
    if found == set(allowed):
        return ""
    what = " and ".join(f"{{{one}}}" for one in allowed)
    return (
        f"{key} must hold {what}, and nothing else in braces" if allowed else f"{key} must hold nothing in braces"
    )


def _braces(text: str) -> set[str]:
    """What stands in braces, each with its conversion and format, which nobody needs here."""
    return {
        f"{field}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
        for _, field, form, conversion in Formatter().parse(text)
        if field is not None
    }


def read_channels(name: str, text: str) -> Channels:
    """Read `channels.toml`: `always`, and a table from interests to a channel or several.

    Raises:
        BadWords: with every mistake.
    """
    tree = toml(name, text)
    mistakes = [f"{name}: {unknown(key, CHANNEL_KEYS)}" for key in tree if key not in CHANNEL_KEYS]
    always = tree.get("always", [])
    if always != [] and not _texts(always):
        mistakes.append(f"{name}: always must be a list of channels")
    table = tree.get("channels", {})
    of_interest: dict[str, tuple[str, ...]] = {}
    for interest, value in table.items() if isinstance(table, Mapping) else ():
        of_interest[interest.strip().casefold()] = _texts([value] if isinstance(value, str) else value)
        if not of_interest[interest.strip().casefold()]:
            mistakes.append(f"{name}: {interest} must be a channel, or a list of channels")
    if not isinstance(table, Mapping):
        mistakes.append(f"{name}: [channels] must be a table: interest = channel")
    if mistakes:
        raise BadWords(mistakes)
    return Channels(always=_texts(always), of_interest=of_interest)


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts; nothing when it is anything else."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        return ()
    return tuple(one.strip() for one in value)
