"""When is somebody busy, as a CalDAV server says (RFC 4791)?

Its events are read and expanded here: free-busy reports are missing on many servers, and `expand` is done in ways
that differ (Radicale reports cancelled events as free time of the whole, whole days at the midnights of UTC).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError, fromstring
from zoneinfo import ZoneInfo

from onboarding.adapters.calendars.asking import one_by_one, refused
from onboarding.adapters.calendars.ics import address_for
from onboarding.adapters.calendars.web import Web
from onboarding.domain.errors import Unavailable
from onboarding.domain.free_busy import Owner, Told
from onboarding.domain.ical.expanding import MARGIN, busy_times_of_parts

MULTI_STATUS = 207
MOST_CALENDARS = 20
DAV, CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"

FIND = b"""<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:resourcetype/><C:schedule-calendar-transp/></D:prop>
</D:propfind>"""
"""Which calendars there are, and which of them count as free time (RFC 6638 section 9.1)."""

QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/>
</C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""
"""The events that touch a span, each whole: RFC 4791 section 7.8."""


class CalDavCalendars:
    """Calendars of one server; the template leads to a person's calendar, or to the collection of theirs."""

    kind = "caldav"
    knows_uids = True

    def __init__(
        self,
        web: Web,
        ours: Callable[[str], bool],
        *,
        template: str,
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
        query = QUERY.format(start=start.astimezone(UTC) - MARGIN, end=end.astimezone(UTC) + MARGIN).encode()
        texts: list[bytes] = []
        for address in self._calendars(address_for(self._template, owner)):
            for response in self._ask("REPORT", address, query).iter(f"{DAV}response"):
                texts += [
                    part.text.encode("utf-8", errors="replace")
                    for part in response.iter(f"{CALDAV}calendar-data")
                    if part.text
                ]
        found = busy_times_of_parts(
            texts, start=start, end=end, zone=ZoneInfo(owner.zone), owner=owner.emails, ours=self._ours
        )
        return Told(busy=found.busy, ignored=sum(found.ignored.values()))

    def _calendars(self, address: str) -> list[str]:
        """The address itself where it is a calendar, else the calendars directly below it."""
        found = dict(_collections(self._ask("PROPFIND", address, FIND), address))
        if not found:
            raise Unavailable("it holds no calendar")
        own = next((one for one in found if _path(one) == _path(address)), None)
        if own is not None:
            return [own]
        if len(found) > MOST_CALENDARS:
            raise Unavailable(f"it holds more than {MOST_CALENDARS} calendars")
        return [one for one, counts in found.items() if counts]

    def _ask(self, method: str, address: str, body: bytes) -> Element:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
        if self._authorization and (shown := self._authorization()):
            headers["Authorization"] = shown
        answer = self._web.ask(method, address, headers=headers, body=body, redirects=1)
        if answer.status != MULTI_STATUS:
            raise refused(answer.status)
        if b"<!DOCTYPE" in answer.body or b"<!ENTITY" in answer.body:  # nothing of WebDAV has one
            raise Unavailable("it answers with XML of a kind that is not read")
        try:
            return fromstring(answer.body)  # noqa: S314 -- without a DOCTYPE there is nothing that could grow
        except (ParseError, ValueError) as error:
            raise Unavailable("it answers with something that is no XML") from error


def _collections(tree: Element, address: str) -> Iterator[tuple[str, bool]]:
    """The calendars of an answer, and whether they count; never one on another server."""
    for response in tree.iter(f"{DAV}response"):
        href = response.findtext(f"{DAV}href") or ""
        there = urljoin(address, href.strip())
        same = urlsplit(there)[:2] == urlsplit(address)[:2]
        if same and response.find(f".//{DAV}resourcetype/{CALDAV}calendar") is not None:
            yield there, response.find(f".//{CALDAV}schedule-calendar-transp/{CALDAV}transparent") is None


def _path(address: str) -> str:
    return urlsplit(address).path.rstrip("/").replace("%40", "@")
