"""What would Google and Microsoft 365 answer? Servers that keep to the documented shapes, subjects included."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onboarding.domain.slots import Busy
from tests.domain.calendars import SECRET
from tests.sinks.hris import Asked, HrisSink
from tests.sinks.sendgrid import Answer

TOKEN = "a-token-of-the-tests"


class _Sink(HrisSink):
    def __init__(self) -> None:
        super().__init__()
        self.busy: dict[str, Sequence[Busy]] = {}

    def answer(self, asked: Asked) -> Answer | str:
        """What to say to one request."""
        with self._lock:
            self.asked.append(asked)
            if self._script:
                return self._script.popleft()
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(status=401, body=b'{"error": {"code": 401, "message": "Invalid Credentials"}}')
        status, tree = self.told(asked)
        return Answer(status=status, body=json.dumps(tree).encode())

    def told(self, asked: Asked) -> tuple[int, Any]:
        raise NotImplementedError


class GoogleSink(_Sink):
    """`POST /freeBusy` as the Calendar API v3 has it; whose times it does not know is notFound."""

    def told(self, asked: Asked) -> tuple[int, Any]:
        """The documented answer."""
        body = asked.tree
        start, end = (datetime.fromisoformat(body[key]) for key in ("timeMin", "timeMax"))
        if asked.path != "/freeBusy" or len(body["items"]) > 50 or end <= start:
            return 400, {"error": {"code": 400, "message": "Bad Request"}}
        calendars = {one["id"]: self._calendar(one["id"], start, end) for one in body["items"]}
        return 200, {
            "kind": "calendar#freeBusy",
            "timeMin": f"{start:%Y-%m-%dT%H:%M:%S.000Z}",
            "timeMax": f"{end:%Y-%m-%dT%H:%M:%S.000Z}",
            "calendars": calendars,
        }

    def _calendar(self, email: str, start: datetime, end: datetime) -> dict[str, Any]:
        if email not in self.busy:
            return {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
        return {
            "busy": [
                {"start": f"{one.start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{one.end:%Y-%m-%dT%H:%M:%SZ}"}
                for one in self.busy[email]
                if one.end > start and one.start < end
            ]
        }


class GraphSink(_Sink):
    """`POST /users/{mailbox}/calendar/getSchedule` as Microsoft Graph v1.0 has it."""

    def told(self, asked: Asked) -> tuple[int, Any]:
        """The documented answer."""
        body = asked.tree
        start, end = (datetime.fromisoformat(body[key]["dateTime"] + "+00:00") for key in ("startTime", "endTime"))
        right = asked.path.startswith("/users/") and asked.path.endswith("/calendar/getSchedule")
        if not right or len(body["schedules"]) > 20 or (end - start).days >= 42:
            return 400, {"error": {"code": "ErrorInvalidParameter", "message": "Bad Request"}}
        return 200, {
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(scheduleInformation)",
            "value": [self._schedule(email, start, end) for email in body["schedules"]],
        }

    def _schedule(self, email: str, start: datetime, end: datetime) -> dict[str, Any]:
        if email not in self.busy:
            message = {"message": f"No mailbox of {email}", "responseCode": "ErrorMailRecipientNotFound"}
            return {"scheduleId": email, "availabilityView": "", "scheduleItems": [], "error": message}
        return {
            "scheduleId": email,
            "availabilityView": "0",
            "scheduleItems": [
                {
                    "isPrivate": False,
                    "status": "tentative" if one.tentative else "busy",
                    "subject": SECRET,
                    "location": SECRET,
                    "start": {"dateTime": f"{one.start:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"},
                    "end": {"dateTime": f"{one.end:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"},
                }
                for one in self.busy[email]
                if one.end > start and one.start < end
            ],
            "workingHours": {"daysOfWeek": ["monday"], "timeZone": {"name": "Pacific Standard Time"}},
        }
