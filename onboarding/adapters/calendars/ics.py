"""When is somebody busy, as the calendar at an address says that anybody may fetch who knows it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from onboarding.adapters.calendars.asking import one_by_one, refused
from onboarding.adapters.calendars.web import Web
from onboarding.domain.errors import Unavailable
from onboarding.domain.free_busy import Owner, Told
from onboarding.domain.ical.expanding import busy_times

LONGEST_ETAG = 300


def address_for(template: str, owner: Owner) -> str:
    """The address with the owner's mail address in the place of `{email}`.

    Raises:
        Unavailable: nobody knows that address.
    """
    if "{email}" in template and not owner.emails:
        raise Unavailable("nobody knows the owner's mail address")
    return template.replace("{email}", quote(owner.emails[0] if owner.emails else "", safe="@"))


class IcsCalendars:
    """Calendars at an address each: the one that its owner typed, else that of the template.

    What did not change since (`ETag`, RFC 9110 section 13.1.2) is not sent again.
    """

    kind = "ics"
    knows_uids = True

    def __init__(
        self,
        web: Web,
        ours: Callable[[str], bool],
        *,
        template: str = "",
        authorization: Callable[[], str] | None = None,
    ) -> None:
        self._web, self._ours = web, ours
        self._template = template
        self._authorization = authorization

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        """As the port has it."""
        return one_by_one(lambda owner: self._of(owner, start, end), owners)

    def close(self) -> None:
        """Give connections back."""
        self._web.close()

    def _of(self, owner: Owner, start: datetime, end: datetime) -> Told:
        headers = {"Accept": "text/calendar"}
        if owner.etag:
            headers["If-None-Match"] = owner.etag
        if self._authorization and not owner.address and (shown := self._authorization()):
            headers["Authorization"] = shown
        answer = self._web.ask("GET", owner.address or address_for(self._template, owner), headers=headers)
        if answer.status == 304 and owner.etag:  # noqa: PLR2004 -- Not Modified
            return Told(unchanged=True, etag=owner.etag)
        if answer.status != 200:  # noqa: PLR2004 -- OK
            raise refused(answer.status)
        found = busy_times(
            answer.body, start=start, end=end, zone=ZoneInfo(owner.zone), owner=owner.emails, ours=self._ours
        )
        etag = answer.headers.get("etag", "")
        return Told(
            busy=found.busy,
            ignored=sum(found.ignored.values()),
            etag=etag if len(etag) <= LONGEST_ETAG and etag.isascii() and etag.isprintable() else "",
        )
