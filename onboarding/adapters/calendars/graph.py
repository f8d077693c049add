"""When is somebody busy, as Microsoft 365 says?

`POST /users/{mailbox}/calendar/getSchedule` of Microsoft Graph v1.0: 20 mailboxes a question at most and slow
above 15, less than 42 days, an error for each that cannot be read
(https://learn.microsoft.com/en-us/graph/api/calendar-getschedule). The answer holds subjects and places where we
may see them: they are let go of unread. A token is given to us. Our own meetings come back too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from onboarding.adapters.calendars.answers import cut, keyword, list_of, post, sorted_apart
from onboarding.adapters.calendars.asking import in_portions
from onboarding.adapters.calendars.web import Web
from onboarding.domain.errors import Unavailable
from onboarding.domain.free_busy import LONGEST, Owner, Told
from onboarding.domain.ical.zones import zone_named
from onboarding.domain.slots import Busy

AT_ONCE = 15
ADDRESS = "https://graph.microsoft.com/v1.0"
FREE = frozenset({"free", "workingelsewhere"})
_FRACTION = re.compile(r"(\.[0-9]{1,6})[0-9]*\Z")


class GraphCalendars:
    """Calendars at Microsoft 365, by the owners' work addresses; `mailbox` is who asks, else the first of them."""

    kind = "graph"
    knows_uids = False

    def __init__(self, web: Web, token: Callable[[], str], *, address: str = ADDRESS, mailbox: str = "") -> None:
        self._web, self._token = web, token
        self._address, self._mailbox = address.rstrip("/"), mailbox

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        """As the port has it."""
        return in_portions(
            lambda some: self._portion(some, start, min(end, start + LONGEST)), owners, at_once=AT_ONCE
        )

    def close(self) -> None:
        """Give connections back."""
        self._web.close()

    def _portion(self, owners: Sequence[Owner], start: datetime, end: datetime) -> dict[str, Told]:
        body = {
            "schedules": [one.emails[0] for one in owners],
            "startTime": {"dateTime": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"},
            "endTime": {"dateTime": f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"},
            "availabilityViewInterval": 60,
        }
        asker = quote(self._mailbox or owners[0].emails[0], safe="@")
        url = f"{self._address}/users/{asker}/calendar/getSchedule"
        tree = post(self._web, url, body, self._token(), {"Prefer": 'outlook.timezone="UTC"'})
        if not isinstance(tree.get("value"), list):
            raise Unavailable("it answers with something that is not documented")
        schedules = {str(one.get("scheduleId", "")).casefold(): one for one in list_of(tree, "value")}
        return {one.person_id: _told(schedules.get(one.emails[0]), start, end) for one in owners}


def _told(schedule: Mapping[str, Any] | None, start: datetime, end: datetime) -> Told:
    if schedule is None:
        return Told(why="it says nothing of this calendar")
    error = schedule.get("error")
    if error:
        code = error.get("responseCode") if isinstance(error, dict) else None
        return Told(why=f"it says nothing of this calendar ({keyword(code)})")
    if not isinstance(schedule.get("scheduleItems"), list):
        return Told(why="it says nothing of this calendar")
    try:
        return Told(busy=sorted_apart(cut(_times(schedule), start, end)))
    except (ValueError, TypeError, KeyError, OverflowError):
        return Told(why="it answers with a time that is none")


def _times(schedule: Mapping[str, Any]) -> Iterator[Busy]:
    for one in list_of(schedule, "scheduleItems"):
        status = str(one.get("status", "")).casefold()
        if status not in FREE:
            yield Busy(start=_moment(one["start"]), end=_moment(one["end"]), tentative=status == "tentative")


def _moment(told: Mapping[str, str]) -> datetime:
    """A dateTimeTimeZone: seven digits after the second, and a zone by its IANA or Windows name."""
    zone = zone_named(told["timeZone"])
    if zone is None:
        raise ValueError("a time zone that nobody knows")
    wall = datetime.fromisoformat(_FRACTION.sub(r"\1", told["dateTime"].removesuffix("Z")))
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    return zone.utc(wall.replace(microsecond=0))
