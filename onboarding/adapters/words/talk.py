"""What helps two people to talk, and where do others with the same interests meet?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onboarding.adapters.words.files import toml
from onboarding.domain.errors import BadWords
from onboarding.domain.tables import unknown
from onboarding.domain.words import Conversation

CONVERSATION_KEYS = ("agenda", "guide", "icebreakers")
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
    mistakes = [f"{name}: {unknown(key, CONVERSATION_KEYS)}" for key in tree if key not in CONVERSATION_KEYS]
    lists = {key: _texts(tree.get(key)) for key in CONVERSATION_KEYS}
    mistakes += [
        f"{name}: {key} must be a list of texts, at least one" for key, lines in lists.items() if not lines
    ]
    if mistakes:
        raise BadWords(mistakes)
    return Conversation(agenda=lists["agenda"], guide=lists["guide"], icebreakers=lists["icebreakers"])


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
