from __future__ import annotations

import pytest

from onboarding.adapters.calendars.caldav import CalDavCalendars
from onboarding.adapters.calendars.web import Web, basic
from onboarding.domain.free_busy import Owner, Told, uids_of
from onboarding.domain.ical.expanding import Expanded
from tests.domain.calendars import calendar, event, hours, told
from tests.sinks.behaviour import LOOPBACK
from tests.sinks.hris import HrisSink
from tests.sinks.radicale import Radicale
from tests.sinks.sendgrid import Answer

STAMP = "DTSTAMP:20270101T000000Z\n"
NINE = f"{STAMP}DTSTART;TZID=Europe/Berlin:20270322T090000\nDTEND;TZID=Europe/Berlin:20270322T100000"
OURS = "0123456789abcdef0123@example.com"
EVENTS = {
    "weekly": calendar(
        event(f"{NINE}\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE\nEXDATE;TZID=Europe/Berlin:20270324T090000", uid="w"),
        event(
            f"{STAMP}RECURRENCE-ID;TZID=Europe/Berlin:20270331T090000\n"
            "DTSTART;TZID=Europe/Berlin:20270331T150000\nDTEND;TZID=Europe/Berlin:20270331T160000",
            uid="w",
        ),
    ),
    "free": calendar(event(f"{STAMP}DTSTART:20270323T100000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", uid="f")),
    "off": calendar(event(f"{STAMP}DTSTART:20270323T120000Z\nDURATION:PT1H\nSTATUS:CANCELLED", uid="c")),
    "perhaps": calendar(event(f"{STAMP}DTSTART:20270323T140000Z\nDURATION:PT1H\nSTATUS:TENTATIVE", uid="t")),
    "holiday": calendar(event(f"{STAMP}DTSTART;VALUE=DATE:20270326\nDTEND;VALUE=DATE:20270327", uid="h")),
    "declined": calendar(
        event(
            f"{STAMP}DTSTART:20270325T100000Z\nDURATION:PT1H\nORGANIZER:mailto:ann@example.com\n"
            "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.com",
            uid="d",
        )
    ),
    "ours": calendar(event(f"{STAMP}DTSTART:20270325T140000Z\nDURATION:PT25M", uid=OURS)),
    "past": calendar(event(f"{STAMP}DTSTART:20270101T140000Z\nDURATION:PT25M", uid="p")),
}
BUSY = [
    "03-22 08:00-09:00",
    "03-23 14:00-15:00?",
    "03-25 23:00-03-26 23:00",
    "03-29 07:00-08:00",  # nine o'clock in summer
    "03-31 13:00-14:00",  # moved
]
BO = Owner(person_id="bo", emails=("bo@example.com",), zone="Europe/Berlin")


@pytest.fixture(scope="module")
def server(caldav_server: Radicale) -> Radicale:
    caldav_server.home("/company")
    caldav_server.make("/company/bo@example.com")
    for name, raw in EVENTS.items():
        caldav_server.put(f"/company/bo@example.com/{name}.ics", raw)
    caldav_server.home("/many")
    caldav_server.make("/many/work")
    caldav_server.put("/many/work/perhaps.ics", EVENTS["perhaps"])
    caldav_server.make("/many/days")
    caldav_server.put("/many/days/holiday.ics", EVENTS["holiday"])
    return caldav_server


def read(template: str, authorization: str, who: Owner = BO) -> Told:
    web = Web(trusted=[LOOPBACK], timeout=5)
    calendars = CalDavCalendars(
        web, uids_of("example.com"), template=template, authorization=lambda: authorization
    )
    found = calendars.read([who], hours("2027-03-22"), hours("2027-04-01"))[who.person_id]
    calendars.close()
    return found


def test_a_real_server_is_read_as_people_mean_their_calendar(server: Radicale) -> None:
    found = read(server.url + "/company/{email}/", server.authorization)
    assert (found.why, found.ignored) == ("", 0)
    assert told(Expanded(busy=found.busy)) == BUSY


def test_all_calendars_of_a_collection_are_read(server: Radicale) -> None:
    found = read(server.url + "/many/", server.authorization)
    assert found.why == ""
    assert told(Expanded(busy=found.busy)) == ["03-23 14:00-15:00?", "03-25 23:00-03-26 23:00"]


def test_a_calendar_that_takes_no_time_is_not_read() -> None:
    kind = "<propstat><prop><resourcetype><C:calendar/></resourcetype><C:schedule-calendar-transp><C:{}/>"
    end = "</C:schedule-calendar-transp></prop></propstat></response>"
    listed = "".join(
        f"<response><href>/bo@example.com/{name}/</href>{kind.format(how)}{end}"
        for name, how in (("work", "opaque"), ("birthdays", "transparent"))
    )
    body = f'<m xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{listed}</m>'
    with HrisSink() as sink:
        sink.behave(Answer(status=207, body=body.encode()))
        sink.behave(Answer(status=207, body=b"<m/>"))
        assert read(sink.url + "/{email}/", "").why == ""
        assert sink.paths == ["PROPFIND /bo@example.com/", "REPORT /bo@example.com/work/"]


def test_a_wrong_password_and_a_calendar_that_is_not_there_are_silent(server: Radicale) -> None:
    assert (
        read(server.url + "/company/{email}/", basic("engine", "wrong")).why == "it refuses our credentials (401)"
    )
    nobody = Owner(person_id="x", emails=("nobody@example.com",), zone="UTC")
    assert read(server.url + "/company/{email}/", server.authorization, nobody).why.startswith("there is no")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=207, body=b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "XML of a kind"),
        (Answer(status=207, body=b"<x>"), "no XML"),
        (Answer(status=207, body=b"<x/>"), "holds no calendar"),
        (Answer(status=302, headers={"Location": "https://192.168.0.1/"}), "not one of the open Internet"),
        (Answer(status=500), "500"),
        (
            Answer(
                status=207,
                body=b'<m xmlns="DAV:"><response><href>https://elsewhere.example.com/c/</href><propstat><prop>'
                b'<resourcetype><calendar xmlns="urn:ietf:params:xml:ns:caldav"/></resourcetype>'
                b"</prop></propstat></response></m>",
            ),
            "holds no calendar",
        ),
    ],
)
def test_a_strange_answer_is_a_silence(answer: Answer, why: str) -> None:
    with HrisSink() as sink:
        sink.behave(answer, times=3)
        assert why in read(sink.url + "/{email}/", "").why


def test_one_broken_event_is_left_out_and_counted() -> None:
    body = (
        '<m xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>/bo@example.com/</href><propstat>'
        "<prop><resourcetype><C:calendar/></resourcetype></prop></propstat></response>"
        f"<response><C:calendar-data>{EVENTS['perhaps'].decode()}</C:calendar-data></response>"
        "<response><C:calendar-data>BEGIN:VCALENDAR\nBEGIN:VEVENT\n</C:calendar-data></response></m>"
    )
    with HrisSink() as sink:
        sink.behave(Answer(status=207, body=body.encode()), times=2)
        found = read(sink.url + "/{email}/", "")
    assert (found.why, found.ignored, len(found.busy)) == ("", 1, 1)
