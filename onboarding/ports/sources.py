"""How are HR systems heard and asked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from onboarding.domain.events import Event, Fact, Greeting, Understood, Unfit


class Source(Protocol):
    """An HR system: how its messages are verified, what of them is kept, and what they mean.

    `headers` have lower-case names; one that came twice is joined by a comma and a space.
    """

    name: str
    lag: timedelta
    """How long after a message the source's own answers may still be old; zero where nothing is asked."""
    needs_path: bool
    """Whether a secret end of the address must prove the sender."""

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:
        """The answer to a handshake, which no signature covers; None for any other message."""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes and return the delivery id (or a digest of the body).

        Raises:
            BadSignature: not signed by the source, or too long ago.
        """

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:
        """What of a verified message may be kept: an allow-list. Never raises."""

    def understand(self, event: Event, now: datetime) -> Understood:
        """The facts in our words, in the order of the message; or, as a string, why there is nothing to do.

        A thin message is completed by asking the source; it is then as true as `now`.

        Raises:
            BadRecord: when nothing of it can be understood; the message lists every field.
            Unavailable: the source does not answer now; nothing of the message counts until it does.
        """


class Roster(Protocol):
    """Everybody whom an HR system knows: the net under lost messages."""

    name: str

    def everybody(self, now: datetime) -> Iterator[Fact | Unfit]:
        """Each person as they stand now (`Told.KNOWN`), or as gone (`Told.WITHDRAWN`); what does not fit says why.

        Raises:
            Unavailable: the source does not answer now; what it has not told counts as unknown, not as gone.
        """
