"""Which calendars does the contract run on, and how is each given its events?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from onboarding.adapters.calendars.caldav import CalDavCalendars
from onboarding.adapters.calendars.google import GoogleCalendars
from onboarding.adapters.calendars.graph import GraphCalendars
from onboarding.adapters.calendars.ics import IcsCalendars
from onboarding.adapters.calendars.memory import MemoryCalendars
from onboarding.adapters.calendars.web import Web
from onboarding.domain.free_busy import uids_of
from onboarding.domain.slots import Busy
from onboarding.ports.calendars import FreeBusy
from tests.domain.calendars import calendar, event
from tests.sinks.behaviour import LOOPBACK
from tests.sinks.calendars import TOKEN, GoogleSink, GraphSink, _Sink
from tests.sinks.hris import HrisSink
from tests.sinks.radicale import Radicale
from tests.sinks.sendgrid import Answer

KINDS = ("memory", "ics", "caldav", "google", "graph")
OURS = uids_of("example.com")
HTML = Answer(status=200, body=b"<html>Please sign in, Dana</html>")


def written(one: Busy) -> str:
    """A busy time as an event."""
    lines = [f"DTSTART:{one.start:%Y%m%dT%H%M%SZ}", f"DTEND:{one.end:%Y%m%dT%H%M%SZ}", "DTSTAMP:20270101T000000Z"]
    return event(*lines, *(["STATUS:TENTATIVE"] if one.tentative else []), uid=uuid4().hex)


@dataclass(kw_only=True)
class Vendor:
    """One kind, with the calendars of a few people."""

    calendars: FreeBusy

    def give(self, person: str, busy: Sequence[Busy]) -> None:
        """Put these times into the calendar of `person@example.com`."""
        raise NotImplementedError

    def break_(self) -> None:
        """Answer with nonsense from now on."""
        raise NotImplementedError


@dataclass(kw_only=True)
class MemoryVendor(Vendor):
    calendars: MemoryCalendars = field(default_factory=MemoryCalendars)

    def __post_init__(self) -> None:
        self.calendars.silent["stranger"] = "there is no such calendar"

    def give(self, person: str, busy: Sequence[Busy]) -> None:
        self.calendars.busy[person] = busy

    def break_(self) -> None:
        self.calendars.silent |= dict.fromkeys(self.calendars.busy, "it answers with nonsense")


@dataclass(kw_only=True)
class IcsVendor(Vendor):
    sink: HrisSink

    def give(self, person: str, busy: Sequence[Busy]) -> None:
        self.sink.say("GET", f"/{person}@example.com.ics", calendar(*map(written, busy)))

    def break_(self) -> None:
        self.sink._answers.clear()
        self.sink.behave(HTML, times=9)


@dataclass(kw_only=True)
class CalDavVendor(Vendor):
    server: Radicale
    home: str

    def give(self, person: str, busy: Sequence[Busy]) -> None:
        path = f"/{self.home}/{person}@example.com"
        self.server.make(path)
        for one in busy:
            self.server.put(f"{path}/{uuid4().hex}.ics", calendar(written(one)))

    def break_(self) -> None:
        self.calendars = CalDavCalendars(
            Web(trusted=[LOOPBACK]), OURS, template=f"{self.server.url}/.web/", authorization=lambda: "Basic none"
        )


@dataclass(kw_only=True)
class JsonVendor(Vendor):
    sink: _Sink

    def give(self, person: str, busy: Sequence[Busy]) -> None:
        self.sink.busy[f"{person}@example.com"] = busy

    def break_(self) -> None:
        self.sink.behave(HTML, times=9)


@contextmanager
def vendor(kind: str, server: Radicale | None) -> Iterator[Vendor]:
    """One of the kinds, ready to be asked."""
    web = Web(trusted=[LOOPBACK], timeout=2)
    if kind == "memory":
        yield MemoryVendor()
    elif kind == "ics":
        with HrisSink() as sink:
            yield IcsVendor(calendars=IcsCalendars(web, OURS, template=sink.url + "/{email}.ics"), sink=sink)
    elif kind == "caldav":
        assert server
        home = f"engine{uuid4().hex}"
        server.home(f"/{home}")
        calendars = CalDavCalendars(
            web, OURS, template=f"{server.url}/{home}/{{email}}/", authorization=lambda: server.authorization
        )
        yield CalDavVendor(calendars=calendars, server=server, home=home)
    else:
        made = GoogleSink() if kind == "google" else GraphSink()
        with made as json_sink:
            adapter = GoogleCalendars if kind == "google" else GraphCalendars
            yield JsonVendor(calendars=adapter(web, lambda: TOKEN, address=json_sink.url), sink=json_sink)
    web.close()
