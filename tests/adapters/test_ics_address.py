from __future__ import annotations

import logging
import socket
from threading import Event, Thread

import pytest

from onboarding.adapters.calendars import asking
from onboarding.adapters.calendars.asking import one_by_one
from onboarding.adapters.calendars.ics import IcsCalendars
from onboarding.adapters.calendars.web import Web, is_public, public_addresses
from onboarding.domain.errors import Unavailable
from onboarding.domain.free_busy import Owner, Told
from onboarding.domain.ical.expanding import nobody
from tests.domain.calendars import SECRET, calendar, event, hours
from tests.sinks.behaviour import LOOPBACK, STALL
from tests.sinks.hris import HrisSink
from tests.sinks.sendgrid import Answer

RAW = calendar(event("DTSTART:20270323T100000Z\nDURATION:PT1H"))
START, END = hours("2027-03-22"), hours("2027-04-05")


def owner(address: str, etag: str = "") -> Owner:
    return Owner(person_id="bo", emails=("bo@example.com",), zone="UTC", address=address, etag=etag)


def read(who: Owner, *, trusted: tuple[str, ...] = (LOOPBACK,), authorization: str = "") -> Told:
    calendars = IcsCalendars(Web(trusted=trusted, timeout=0.5), nobody, authorization=lambda: authorization)
    found = calendars.read([who], START, END)["bo"]
    calendars.close()
    return found


def test_what_did_not_change_is_not_sent_again() -> None:
    with HrisSink() as sink:
        sink.behave(Answer(status=200, body=RAW, headers={"ETag": '"v1"'}))
        first = read(owner(sink.url + "/bo.ics"))
        assert (len(first.busy), first.etag) == (1, '"v1"')
        sink.behave(Answer(status=304))
        again = read(owner(sink.url + "/bo.ics", first.etag))
        assert (again.unchanged, again.why) == (True, "")
        assert [one.headers.get("if-none-match") for one in sink.asked] == [None, '"v1"']


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example.com/bo.ics",
        "https://127.0.0.1/bo.ics",
        "https://[::1]/bo.ics",
        "https://[::ffff:10.0.0.1]/bo.ics",
        "https://169.254.169.254/latest/meta-data",
        "https://10.1.2.3/bo.ics",
        "https://0x7f000001/bo.ics",
        "https://localhost/bo.ics",
        "https://8.8.8.8:8443/bo.ics",
        "https://bo:word@calendar.example.com/bo.ics",
        "file:///etc/passwd",
        "https:///bo.ics",
        "https://exa mple.com/\x00",
        "not an address",
    ],
)
def test_nobody_leads_us_into_our_own_network(address: str) -> None:
    found = read(owner(address), trusted=())
    assert found.why
    assert address not in found.why


def test_a_redirect_into_our_own_network_is_not_followed() -> None:
    with HrisSink() as sink:
        sink.behave(Answer(status=302, headers={"Location": "https://127.0.0.2/inside.ics"}))
        assert read(owner(sink.url + "/bo.ics")).why == "its address is not one of the open Internet"


def test_redirects_are_followed_a_few_times_and_credentials_stay_where_they_belong() -> None:
    with HrisSink() as sink, HrisSink() as other:
        sink.behave(Answer(status=301, headers={"Location": "/next.ics"}))
        sink.behave(Answer(status=302, headers={"Location": other.url + "/there.ics"}))
        other.say("GET", "/there.ics", RAW)
        calendars = IcsCalendars(
            Web(trusted=[LOOPBACK]),
            nobody,
            template=sink.url + "/{email}.ics",
            authorization=lambda: "Basic secret",
        )
        assert calendars.read([owner("")], START, END)["bo"].why == ""
        assert [one.headers.get("authorization") for one in sink.asked] == ["Basic secret"] * 2
        assert [one.headers.get("authorization") for one in other.asked] == [None]
        sink.behave(Answer(status=302, headers={"Location": "/round.ics"}), times=9)
        assert calendars.read([owner("")], START, END)["bo"].why == "it sends us elsewhere too often"
        calendars.close()


def test_an_address_of_ones_own_does_not_get_the_companys_credentials() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/bo.ics", RAW)
        read(owner(sink.url + "/bo.ics"), authorization="Basic secret")
        assert "authorization" not in sink.asked[0].headers


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700:4700::1111", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::ffff:93.184.216.34", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("fec0::1", False),
        ("2002:7f00:1::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("nowhere", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(Unavailable, match="open Internet"):
        public_addresses("calendar.example.com")


def test_exactly_the_address_that_was_checked_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    (request,) = Web()._requests("GET", "https://calendar.example.com/bo.ics", {}, b"")
    assert request.url.host == "93.184.216.34"
    assert request.headers["host"] == "calendar.example.com"
    assert request.extensions["sni_hostname"] == "calendar.example.com"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=404), "there is no such calendar (404)"),
        (Answer(status=403), "it refuses our credentials (403)"),
        (Answer(status=503), "it does not answer what we ask (503)"),
        (Answer(status=200, body=b"<html>Dana</html>"), "this is no calendar"),
        (Answer(status=200, body=RAW[:-30]), "the calendar is cut off"),
        (Answer(status=200, body=b"x", headers={"Content-Encoding": "gzip"}), "it answers packed"),
        (STALL, "it does not answer"),
    ],
)
def test_what_is_no_calendar_is_a_silence(answer: Answer | str, why: str) -> None:
    with HrisSink() as sink:
        sink.behave(answer)
        assert why in read(owner(sink.url + "/bo.ics")).why


def test_more_than_the_most_is_not_read() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/bo.ics", RAW * 50)
        calendars = IcsCalendars(Web(trusted=[LOOPBACK], largest=5_000), nobody)
        assert "10 MB" in calendars.read([owner(sink.url + "/bo.ics")], START, END)["bo"].why
        calendars.close()


def test_no_address_and_no_subject_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with HrisSink() as sink, caplog.at_level(logging.INFO):
        sink.behave(Answer(status=200, body=RAW))
        read(owner(sink.url + "/bo-secret.ics"))
        assert read(owner(sink.url + "/bo-secret.ics")).why
    assert not [one for one in caplog.messages if "secret" in one or SECRET in one]


def test_a_calendar_that_breaks_us_is_a_silence_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def breaks(who: Owner) -> Told:
        raise KeyError(SECRET)

    told = one_by_one(breaks, [owner("")])
    assert told["bo"].why == "an unexpected error: KeyError"
    assert SECRET not in caplog.text


def test_who_is_not_answered_in_time_is_told_so() -> None:
    with HrisSink() as sink:
        sink.behave(STALL)
        ask = Web(trusted=[LOOPBACK], timeout=1).ask
        told = one_by_one(lambda _: Told(etag=str(ask("GET", sink.url).status)), [owner("")], patience=0.05)
        assert told["bo"].why == "it does not answer in time"
    assert asking.PATIENCE <= 60


def test_headers_that_come_sign_by_sign_without_an_end_are_cut_off_in_time() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Endless: ")
                try:
                    while True:
                        line.sendall(b"a")
                        Event().wait(0.02)  # always another piece before the time-out for one
                except OSError:
                    return

        thread = Thread(target=drip)
        thread.start()
        web = Web(trusted=[LOOPBACK], timeout=0.5, longest=0.2)
        with pytest.raises(Unavailable, match="the end of its answer"):
            web.ask("GET", f"http://{LOOPBACK}:{server.getsockname()[1]}/bo.ics")
        thread.join(5)
        assert not thread.is_alive()
        web.close()
