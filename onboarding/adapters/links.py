"""Which links lead a person to a form, and can a link be trusted?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime

from itsdangerous import BadData, URLSafeSerializer

from onboarding.domain.errors import BadLink, Expired

MAX_TOKEN = 2_000
"""Characters; a token has about 130. Longer ones are refused before any work."""


class SignedLinks:
    """Links with an id, an expiry and an HMAC-SHA256; nothing is stored, and nobody's name is in them.

    `secret` is one key or several: the first signs, all verify, so that a key can be changed without breaking
    the links that people already have. A token for one purpose is refused for every other.
    """

    def __init__(self, secret: str | Sequence[str], public_url: str) -> None:
        keys = [secret] if isinstance(secret, str) else list(secret)
        if not keys or not all(keys):
            raise ValueError("signing links needs a secret")
        self._asks = _serializer(keys, "onboarding.ask")
        self._preferences = _serializer(keys, "onboarding.preferences")
        self._profiles = _serializer(keys, "onboarding.profile")
        self._optional = _serializer(keys, "onboarding.optional")
        self._coffee = _serializer(keys, "onboarding.coffee")
        self._meetings = _serializer(keys, "onboarding.meeting")
        self._calendars = _serializer(keys, "onboarding.calendar")
        self._public_url = public_url.rstrip("/")

    def ask(self, ask_id: str, expires_at: datetime) -> str:
        """The address of a form for one person, good before `expires_at`."""
        return f"{self._public_url}/ask/{_text(self._asks.dumps([ask_id, _seconds(expires_at)]))}"

    def read_ask(self, token: str, now: datetime) -> str:
        """The ask id in a token. Raises BadLink or Expired."""
        ask_id, until = self._ask_in(token)
        if _seconds(now) >= until:
            raise Expired("this link is no longer open")
        return ask_id

    def read_closed_ask(self, token: str) -> str:
        """The ask id in a token, although its time may be over. Raises BadLink."""
        return self._ask_in(token)[0]

    def _ask_in(self, token: str) -> tuple[str, int]:
        match _opened(self._asks, token):
            case [str(ask_id), int(until)]:
                return ask_id, until
        raise BadLink("this link is not for a form")

    def preferences(self, person_id: str) -> str:
        """The address at which a person says how they take part; does not expire."""
        return f"{self._public_url}/preferences/{_text(self._preferences.dumps(person_id))}"

    def read_preferences(self, token: str) -> str:
        """The person id in a token. Raises BadLink."""
        person_id = _opened(self._preferences, token)
        if not isinstance(person_id, str):
            raise BadLink("this link is not for preferences")
        return person_id

    def profile(self, person_id: str, expires_at: datetime) -> str:
        """The address at which a person sees what colleagues read about them, good before `expires_at`."""
        return f"{self._public_url}/profile/{_text(self._profiles.dumps([person_id, _seconds(expires_at)]))}"

    def read_profile(self, token: str, now: datetime) -> str:
        """The person id in a token. Raises BadLink or Expired."""
        person_id, until = self.read_old_profile(token)
        if now >= until:
            raise Expired("this link is no longer open")
        return person_id

    def read_old_profile(self, token: str) -> tuple[str, datetime]:
        """The person id in a token and when it ends, although that may be over. Raises BadLink."""
        match _opened(self._profiles, token):
            case [str(person_id), int(until)]:
                return person_id, datetime.fromtimestamp(until, UTC)
        raise BadLink("this link is not for a profile")

    def unsubscribe(self, person_id: str) -> str:
        """The address at which a person leaves the optional mails; does not expire."""
        return f"{self._public_url}/optional/{_text(self._optional.dumps(person_id))}"

    def read_unsubscribe(self, token: str) -> str:
        """The person id in a token. Raises BadLink."""
        person_id = _opened(self._optional, token)
        if not isinstance(person_id, str):
            raise BadLink("this link is not for optional mails")
        return person_id

    def coffee(self, day: date, person_id: str) -> str:
        """The address at which a person skips a coffee round, or takes part again; does not expire."""
        return f"{self._public_url}/coffee/{_text(self._coffee.dumps([day.isoformat(), person_id]))}"

    def read_coffee(self, token: str) -> tuple[date, str]:
        """The first day of the round and the person id in a token. Raises BadLink."""
        match _opened(self._coffee, token):
            case [str(day), str(person_id)]:
                with suppress(ValueError):
                    return date.fromisoformat(day), person_id
        raise BadLink("this link is not for a coffee round")

    def meeting(self, meeting_id: str, person_id: str) -> str:
        """The address at which a person answers the invitation to a meeting; does not expire."""
        return f"{self._public_url}/meetings/{_text(self._meetings.dumps([meeting_id, person_id]))}"

    def read_meeting(self, token: str) -> tuple[str, str]:
        """The meeting and the person id in a token. Raises BadLink."""
        match _opened(self._meetings, token):
            case [str(meeting_id), str(person_id)]:
                return meeting_id, person_id
        raise BadLink("this link is not for a meeting")

    def calendar(self, person_id: str, version: int) -> str:
        """The address of the calendar feed of a person; does not expire."""
        return f"{self._public_url}/calendar/{_text(self._calendars.dumps([person_id, version]))}.ics"

    def read_calendar(self, token: str) -> tuple[str, int]:
        """The person id and the number of the address in a token. Raises BadLink."""
        match _opened(self._calendars, token):
            case [str(person_id), int(version)]:
                return person_id, version
        raise BadLink("this link is not for a calendar")


def _serializer(keys: Sequence[str], salt: str) -> URLSafeSerializer:
    # itsdangerous signs with the last of its keys: "oldest to newest" in its manual.
    signer = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer([key.encode() for key in reversed(keys)], salt=salt.encode(), signer_kwargs=signer)


def _opened(serializer: URLSafeSerializer, token: str) -> object:
    if len(token) > MAX_TOKEN or not token.isascii():
        raise BadLink("this link is damaged or not ours")
    try:
        return serializer.loads(token)
    except BadData:
        raise BadLink("this link is damaged or not ours") from None


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a link's moment needs a zone")
    return int(moment.timestamp())


def _text(token: str | bytes) -> str:
    return token if isinstance(token, str) else token.decode("ascii")
