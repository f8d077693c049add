"""How do people reach what is theirs alone?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol


class Links(Protocol):
    """Signed, expiring links."""

    def ask(self, ask_id: str, expires_at: datetime) -> str:
        """The address of a form for one person."""

    def read_ask(self, token: str, now: datetime) -> str:
        """The ask id in a token. Raises BadLink or Expired."""

    def read_closed_ask(self, token: str) -> str:
        """The ask id in a token, although its time may be over. Raises BadLink.

        For what the form of a closed question still shows; it opens nothing.
        """

    def preferences(self, person_id: str) -> str:
        """The address at which a person says how they take part; does not expire."""

    def read_preferences(self, token: str) -> str:
        """The person id in a token. Raises BadLink."""

    def profile(self, person_id: str, expires_at: datetime) -> str:
        """The address at which a person sees what colleagues read about them, good before `expires_at`."""

    def read_profile(self, token: str, now: datetime) -> str:
        """The person id in a token. Raises BadLink or Expired."""

    def read_old_profile(self, token: str) -> tuple[str, datetime]:
        """The person id in a token and when it ends, although that may be over. Raises BadLink.

        For taking back, which is possible for as long as there is anything; it shows nothing.
        """

    def unsubscribe(self, person_id: str) -> str:
        """The address at which a person leaves the optional mails; does not expire."""

    def read_unsubscribe(self, token: str) -> str:
        """The person id in a token. Raises BadLink."""

    def coffee(self, day: date, person_id: str) -> str:
        """The address at which a person skips a coffee round, or takes part again; does not expire."""

    def read_coffee(self, token: str) -> tuple[date, str]:
        """The first day of the round and the person id in a token. Raises BadLink."""

    def meeting(self, meeting_id: str, person_id: str) -> str:
        """The address at which a person answers the invitation to a meeting; does not expire."""

    def read_meeting(self, token: str) -> tuple[str, str]:
        """The meeting and the person id in a token. Raises BadLink."""

    def calendar(self, person_id: str, version: int) -> str:
        """The address of the calendar feed of a person, `.ics` at its end; does not expire."""

    def read_calendar(self, token: str) -> tuple[str, int]:
        """The person id and the number of the address in a token. Raises BadLink."""
