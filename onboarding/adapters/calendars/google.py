"""When is somebody busy, as Google Calendar says?

`POST /freeBusy` of the Calendar API v3: 50 calendars a question at most, an error for each that cannot be read
(https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query). A token is given to us; how a
service account gets one is somebody else's work. What is tentative comes as busy, and our own meetings come too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from onboarding.adapters.calendars.answers import cut, keyword, list_of, post, sorted_apart
from onboarding.adapters.calendars.asking import in_portions
from onboarding.adapters.calendars.web import Web
from onboarding.domain.errors import Unavailable
from onboarding.domain.free_busy import Owner, Told
from onboarding.domain.slots import Busy

AT_ONCE = 50
ADDRESS = "https://www.googleapis.com/calendar/v3"


class GoogleCalendars:
    """Calendars at Google, by the owners' work addresses."""

    kind = "google"
    knows_uids = False

    def __init__(self, web: Web, token: Callable[[], str], *, address: str = ADDRESS) -> None:
        self._web, self._token = web, token
        self._address = address.rstrip("/")

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        """As the port has it."""
        return in_portions(lambda some: self._portion(some, start, end), owners, at_once=AT_ONCE)

    def close(self) -> None:
        """Give connections back."""
        self._web.close()

    def _portion(self, owners: Sequence[Owner], start: datetime, end: datetime) -> dict[str, Told]:
        body = {
            "timeMin": start.astimezone(UTC).isoformat(),
            "timeMax": end.astimezone(UTC).isoformat(),
            "timeZone": "UTC",
            "calendarExpansionMax": AT_ONCE,
            "items": [{"id": one.emails[0]} for one in owners],
        }
        tree = post(self._web, f"{self._address}/freeBusy", body, self._token())
        calendars = tree.get("calendars")
        if not isinstance(calendars, dict):
            raise Unavailable("it answers with something that is not documented")
        by_email = {str(name).casefold(): one for name, one in calendars.items()}
        return {one.person_id: _told(by_email.get(one.emails[0]), start, end) for one in owners}


def _told(calendar: Any, start: datetime, end: datetime) -> Told:
    if not isinstance(calendar, dict):
        return Told(why="it says nothing of this calendar")
    errors = list_of(calendar, "errors")
    if errors:
        return Told(why=f"it says nothing of this calendar ({keyword(errors[0].get('reason'))})")
    if not isinstance(calendar.get("busy"), list):
        return Told(why="it says nothing of this calendar")
    try:
        return Told(busy=sorted_apart(cut(_times(calendar), start, end)))
    except (ValueError, TypeError):
        return Told(why="it answers with a time that is none")


def _times(calendar: Mapping[str, Any]) -> Iterator[Busy]:
    for one in list_of(calendar, "busy"):
        yield Busy(start=datetime.fromisoformat(one["start"]), end=datetime.fromisoformat(one["end"]))
