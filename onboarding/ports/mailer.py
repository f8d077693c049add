"""How do letters leave, and what is heard of them later?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from onboarding.domain.mail import Letter, News, Outcome


class Mailer(Protocol):
    """Carries one letter. Safe to call from several threads."""

    def send(self, letter: Letter) -> Outcome:
        """Send it; never raises for what the service or the network did: that is the outcome's kind.

        `REFUSED_FOR_NOW` and `REFUSED` mean that it surely was not taken; whatever is not sure is `UNKNOWN`.
        """

    def close(self) -> None:
        """Give connections back; another send opens them again."""


class MailNews(Protocol):
    """What a mail service tells later: delivered, bounced."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[News]:
        """The news in a signed message, oldest first; what is not about a delivery of ours is left out.

        `headers` have lower-case names. Raises BadSignature; BadRecord when it is no list of events.
        """
