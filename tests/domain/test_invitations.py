from __future__ import annotations

import re
import string
import timeit
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.attending import Attendance
from onboarding.domain.errors import BadAddress
from onboarding.domain.invitations import invitation
from onboarding.domain.mail import Address, Invitation
from onboarding.domain.replies import Reply, understand
from tests.reply_mails import answer_to, gmail

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
HR = Address(email="people@example.com", name="People Team")
ADA = Address(email="ada@example.org", name="Ada Ångström")


def invite(
    *,
    uid: str = "m-17@example.com",
    sequence: int = 0,
    organizer: Address = HR,
    attendee: Address = ADA,
    starts_at: datetime = START,
    ends_at: datetime = START + timedelta(minutes=25),
    stamped_at: datetime = START - timedelta(days=2),
    summary: str = "Coffee: Ada and Bo",
    description: str = "Four minutes of small talk first.",
    location: str = "https://meet.example.com/m-17",
    cancelled: bool = False,
    attendance: Attendance = Attendance.NEEDS_ACTION,
) -> Invitation:
    return invitation(
        uid=uid,
        sequence=sequence,
        organizer=organizer,
        attendee=attendee,
        starts_at=starts_at,
        ends_at=ends_at,
        stamped_at=stamped_at,
        summary=summary,
        description=description,
        location=location,
        cancelled=cancelled,
        attendance=attendance,
    )


def read(ics: str) -> list[tuple[str, str, str]]:
    """Our own small reader: name, parameters and raw value of every line, by RFC 5545 section 3.1."""
    octets = ics.encode("utf-8")
    assert octets.endswith(b"\r\n")
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    physical = octets.split(b"\r\n")[:-1]
    for line in physical:
        assert 0 < len(line) <= 75
        line.decode("utf-8")  # no character is torn apart by the folding
    lines = octets.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]
    found = [re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[A-Z-]+)*):(.*)", line, re.DOTALL) for line in lines]
    assert all(found), lines
    return [(match[1], match[2], match[3]) for match in found if match]


def plain(raw: str) -> str:
    """A TEXT value without its escapes, read from left to right; nothing else may follow a backslash."""
    assert not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,n]", raw)
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], raw)


def value(ics: str, name: str) -> str:
    (found,) = [raw for key, _, raw in read(ics) if key == name]
    return found


zone_names = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]
zones = st.sampled_from(zone_names)
changes = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 4, 24), date(2026, 10, 4)]
changes += [date(2026, 10, 25), date(2026, 10, 30), date(2026, 11, 1)]


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Local moments of many zones, most of them in the nights in which clocks change; some of them not real."""
    day = draw(st.sampled_from(changes) | st.dates(date(2020, 1, 1), date(2039, 12, 31)))
    at = draw(st.builds(time, st.integers(0, 3) | st.integers(0, 23), st.sampled_from([0, 15, 30, 45])))
    return datetime.combine(day, at.replace(fold=draw(st.integers(0, 1))), tzinfo=ZoneInfo(draw(zones)))


one_line = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=200).filter(
    lambda text: "=?" not in text
)
many_lines = st.text(st.characters(), max_size=600) | st.text('\\Nn;,:" \r\n\u2028é漢🎉', max_size=400)
local_parts = st.text(
    string.ascii_letters + string.digits + "!#$%&*+-/=?^_`{|}~.", min_size=1, max_size=64
).filter(lambda local: "=?" not in local)


class TestShape:
    def test_a_request_reads_like_this(self) -> None:
        assert invite().method == "REQUEST"
        assert sorted(read(invite().ics)) == sorted(
            [
                ("BEGIN", "", "VCALENDAR"),
                ("VERSION", "", "2.0"),
                ("PRODID", "", "-//onboarding-engine//invitations//EN"),
                ("METHOD", "", "REQUEST"),
                ("BEGIN", "", "VEVENT"),
                ("UID", "", "m-17@example.com"),
                ("SEQUENCE", "", "0"),
                ("DTSTAMP", "", "20260301T090000Z"),
                ("DTSTART", "", "20260303T090000Z"),
                ("DTEND", "", "20260303T092500Z"),
                ("STATUS", "", "CONFIRMED"),
                ("ORGANIZER", "", "mailto:people@example.com"),
                (
                    "ATTENDEE",
                    ";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE",
                    "mailto:ada@example.org",
                ),
                ("SUMMARY", "", "Coffee: Ada and Bo"),
                ("DESCRIPTION", "", "Four minutes of small talk first."),
                ("LOCATION", "", "https://meet.example.com/m-17"),
                ("END", "", "VEVENT"),
                ("END", "", "VCALENDAR"),
            ]
        )

    def test_a_cancellation_names_the_same_meeting_and_ends_it(self) -> None:
        gone = invite(sequence=2, cancelled=True)
        assert gone.method == "CANCEL"
        assert value(gone.ics, "METHOD") == "CANCEL"
        assert value(gone.ics, "STATUS") == "CANCELLED"
        assert value(gone.ics, "SEQUENCE") == "2"
        assert value(gone.ics, "UID") == value(invite().ics, "UID")
        assert value(gone.ics, "ORGANIZER") == value(invite().ics, "ORGANIZER")

    def test_whoever_said_yes_to_the_time_that_stands_is_told_so(self) -> None:
        for said, partstat in ((Attendance.ACCEPTED, "ACCEPTED"), (Attendance.TENTATIVE, "TENTATIVE")):
            assert f";PARTSTAT={partstat};" in plain(invite(attendance=said).ics)

    def test_a_retry_is_the_same_to_the_octet(self) -> None:
        assert invite() == invite()

    def test_what_is_not_known_is_left_out(self) -> None:
        names = {name for name, _, _ in read(invite(description="", location="").ics)}
        assert not names & {"DESCRIPTION", "LOCATION"}

    @given(moments(), st.integers(5, 180), st.integers(0, 99), st.booleans())
    def test_every_invitation_keeps_the_rules_of_rfc_5546(
        self,
        start: datetime,
        minutes: int,
        sequence: int,
        cancelled: bool,  # noqa: FBT001 - drawn
    ) -> None:
        end = start.astimezone(UTC) + timedelta(minutes=minutes)
        ics = invite(starts_at=start, ends_at=end, stamped_at=start, sequence=sequence, cancelled=cancelled).ics
        names = [name for name, _, _ in read(ics)]
        once = ["UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "ATTENDEE", "SEQUENCE", "STATUS", "SUMMARY"]
        assert all(names.count(name) == 1 for name in [*once, "METHOD", "PRODID", "VERSION"])
        assert [raw for name, _, raw in read(ics) if name == "BEGIN"] == ["VCALENDAR", "VEVENT"]
        assert value(ics, "DTSTART") == f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        assert value(ics, "DTEND") == f"{end:%Y%m%dT%H%M%SZ}"
        assert "TZID" not in ics
        assert "VTIMEZONE" not in ics

    @given(moments(), st.integers(5, 180))
    def test_the_parser_of_its_builder_reads_the_same_moment(self, start: datetime, minutes: int) -> None:
        end = start.astimezone(UTC) + timedelta(minutes=minutes)
        parsed = icalendar.Calendar.from_ical(invite(starts_at=start, ends_at=end, stamped_at=start).ics)
        (event,) = parsed.walk("VEVENT")
        assert event.decoded("dtstart") == start.astimezone(UTC)
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=minutes)
        assert str(event["attendee"]) == "mailto:ada@example.org"
        assert event["attendee"].params["RSVP"] == "TRUE"
        assert event.errors == []

    @given(moments(), st.integers(5, 180), st.integers(0, 99), st.booleans())
    @settings(max_examples=60, deadline=None)
    def test_a_parser_that_shares_no_code_with_us_reads_the_same_meeting(
        self,
        start: datetime,
        minutes: int,
        sequence: int,
        cancelled: bool,  # noqa: FBT001 - drawn
    ) -> None:
        end = start.astimezone(UTC) + timedelta(minutes=minutes)
        made = invite(starts_at=start, ends_at=end, stamped_at=start, sequence=sequence, cancelled=cancelled)
        (calendar,) = vobject.readComponents(made.ics)
        assert calendar.method.value == made.method
        (event,) = calendar.vevent_list
        assert (event.dtstart.value, event.dtend.value) == (start.astimezone(UTC), end)
        assert event.dtstamp.value == start.astimezone(UTC)
        assert (event.uid.value, event.sequence.value) == ("m-17@example.com", str(sequence))
        assert event.organizer.value == "mailto:people@example.com"
        assert (event.attendee.value, event.attendee.params["RSVP"]) == ("mailto:ada@example.org", ["TRUE"])

    @given(moments(), st.sampled_from(zone_names), st.integers(5, 180), st.booleans())
    @settings(max_examples=60, deadline=None)
    def test_in_the_zone_of_whoever_reads_it_the_meeting_is_at_the_hour_of_the_slot(
        self,
        start: datetime,
        zone: str,
        minutes: int,
        cancelled: bool,  # noqa: FBT001 - drawn
    ) -> None:
        begins = start.astimezone(UTC)
        ics = invite(
            starts_at=start, ends_at=begins + timedelta(minutes=minutes), stamped_at=start, cancelled=cancelled
        ).ics
        shown = vobject.readOne(ics).vevent.dtstart.value.astimezone(ZoneInfo(zone))
        assert shown.astimezone(UTC) == begins  # PEP 495: in a repeated hour only the same zone compares equal
        assert shown.utcoffset() == begins.astimezone(ZoneInfo(zone)).utcoffset()

    @given(moments(), st.integers(0, 99), st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE"]))
    @settings(max_examples=40, deadline=None)
    def test_an_answer_to_any_invitation_is_understood_as_one_to_that_meeting(
        self, start: datetime, sequence: int, partstat: str
    ) -> None:
        end = start.astimezone(UTC) + timedelta(minutes=25)
        made = invite(starts_at=start, ends_at=end, stamped_at=start, sequence=sequence)
        found = understand(gmail(answer_to(made, partstat=partstat), sender="ada@example.org"))
        assert isinstance(found, Reply)
        assert (found.uid, found.sequence, found.attendee) == ("m-17@example.com", sequence, "ada@example.org")


class TestText:
    @given(one_line.filter(bool), many_lines, one_line)
    def test_no_text_becomes_a_property_of_its_own(self, summary: str, description: str, location: str) -> None:
        ics = invite(summary=f"s{summary}", description=f"d{description}", location=f"l{location}").ics
        assert [name for name, _, _ in read(ics)] == [name for name, _, _ in read(invite().ics)]
        assert plain(value(ics, "SUMMARY")).startswith("s")
        control = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
        assert not control.search("".join(raw for _, _, raw in read(ics)))

    @given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), max_size=600))
    def test_what_people_wrote_comes_back_to_the_letter(self, text: str) -> None:
        ics = invite(description="x" + text).ics
        assert plain(value(ics, "DESCRIPTION")) == "x" + text

    @pytest.mark.parametrize(
        ("written", "escaped"),
        [
            ("Tea; coffee, or maté?", r"Tea\; coffee\, or maté?"),
            ("one\r\ntwo\rthree\nfour\u2028five\x0bsix", r"one\ntwo\nthree\nfour\nfive\nsix"),
            (r"\\files\New\notes", r"\\\\files\\New\\notes"),  # icalendar 7.3 would break the line before "ew"
            ("END:VEVENT\r\nBEGIN:VALARM", r"END:VEVENT\nBEGIN:VALARM"),
            ("a\x00b\x07c\ud800d", "abcd"),
            ("tab\tstays", "tab\tstays"),
        ],
    )
    def test_text_is_escaped(self, written: str, escaped: str) -> None:
        assert value(invite(description=written).ics, "DESCRIPTION") == escaped

    @pytest.mark.parametrize("text", ["two\nlines", "two\rlines", "nul\0", "=?utf-8?q?x?="])
    def test_a_summary_location_or_uid_of_more_than_one_line_is_refused(self, text: str) -> None:
        with pytest.raises(BadAddress, match="summary"):
            invite(summary=text)
        with pytest.raises(BadAddress, match="location"):
            invite(location=text)
        with pytest.raises(BadAddress, match="uid"):
            invite(uid=text)


class TestPeople:
    @given(local_parts)
    def test_no_address_adds_a_parameter_or_a_header_to_its_mailto(self, local: str) -> None:
        ics = invite(attendee=Address(email=f"{local}@example.org")).ics
        raw = value(ics, "ATTENDEE")
        assert re.fullmatch(r"mailto:[^?#\s]+@example\.org", raw)

    @pytest.mark.parametrize(
        ("email", "uri"),
        [
            ("ada.king+new@example.org", "mailto:ada.king+new@example.org"),
            ("a?cc=b@example.org", "mailto:a%3Fcc=b@example.org"),
            ("100%@example.org", "mailto:100%25@example.org"),
            ("ada@bücher.example", "mailto:ada@xn--bcher-kva.example"),
        ],
    )
    def test_an_address_is_written_as_a_uri(self, email: str, uri: str) -> None:
        assert value(invite(attendee=Address(email=email)).ics, "ATTENDEE") == uri

    def test_no_name_of_organizer_or_attendee_travels_along(self) -> None:
        assert "People Team" not in invite().ics
        assert "Ångström" not in invite().ics


class TestRefusals:
    def test_a_time_without_a_zone_is_refused(self) -> None:
        naive = START.replace(tzinfo=None)
        with pytest.raises(ValueError, match="without a zone"):
            invite(starts_at=naive)
        with pytest.raises(ValueError, match="without a zone"):
            invite(ends_at=naive)
        with pytest.raises(ValueError, match="without a zone"):
            invite(stamped_at=naive)

    def test_a_meeting_that_ends_before_it_starts_is_refused(self) -> None:
        with pytest.raises(ValueError, match="end after"):
            invite(ends_at=START)

    def test_a_meeting_without_a_name_or_with_a_negative_sequence_is_refused(self) -> None:
        with pytest.raises(ValueError, match="uid"):
            invite(uid="")
        with pytest.raises(ValueError, match="sequence"):
            invite(sequence=-1)


def test_an_invitation_costs_about_half_a_millisecond() -> None:
    assert min(timeit.repeat(invite, number=20, repeat=5)) / 20 < 0.005  # ten times that, for a busy machine
