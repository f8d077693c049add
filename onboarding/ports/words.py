"""What does HR's folder say?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from onboarding.domain.forms import Form
from onboarding.domain.journey import Journey
from onboarding.domain.matching_weights import MatchingWeights
from onboarding.domain.offices import Offices
from onboarding.domain.people_team import PeopleTeam
from onboarding.domain.words import Conversation, Fields, Rendered


class Words(Protocol):
    """HR's folder: journeys, messages, forms, conversation, channels, matching, offices, People team."""

    def journey(self, name: str) -> Journey:
        """The journey of that name. Raises BadWords with every mistake at once."""

    def message(
        self, message: str, role: str, language: str, fields: Fields, *, unsubscribe_url: str = ""
    ) -> Rendered:
        """Render `messages/<message>/<role>[.<language>].md`, falling back from `pt-br` to `pt` to English.

        `unsubscribe_url` is where the reader of an optional mail chooses what they take part in, or leaves it all.
        Raises BadWords when it does not render.
        """

    def language_of(self, message: str, role: str, language: str) -> str:
        """The language that `message` would really come in ("en" when there is no variant)."""

    def fields_in_message(self, message: str, role: str) -> frozenset[str]:
        """The paths of the fields that a message uses in any of its languages; none when there is no such message.

        The keys of a list's tables are `<path>[].<key>`. Raises BadWords.
        """

    def fields_in_form(self, name: str) -> frozenset[str]:
        """The same of the texts of a form."""

    def form(self, name: str, language: str, fields: Fields) -> Form:
        """The form, with its texts filled in. Raises BadWords."""

    def form_as_written(self, name: str, language: str) -> Form:
        """The form with its fields not filled in, for whoever counts its answers. Raises BadWords."""

    def conversation(self, language: str) -> Conversation:
        """What helps two people to talk, in that language or English."""

    def channels(self, interests: Sequence[str]) -> list[str]:
        """Suggested channels: those for everybody, then those of the interests, no repeats."""

    def matching(self) -> MatchingWeights:
        """What counts when people are matched; the defaults where HR's folder says nothing. Raises BadWords."""

    def offices(self) -> Offices:
        """The days of each office, the same object while the file is; none where HR says none. Raises BadWords."""

    def people_team(self) -> PeopleTeam:
        """Who is told of which newcomers; nobody in particular where HR names none. Raises BadWords."""

    def check(self) -> list[str]:
        """Every mistake in the folder: file, place, what is allowed. Empty when all is well."""
