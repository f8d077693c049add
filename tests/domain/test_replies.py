"""What is understood of mails that come back, and what is not."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.replies import LARGEST_MAIL, LONGEST_TEXT, NoReply, Reply, Why, understand
from onboarding.domain.reply_calendar import Meant, address_in, folded
from tests.reply_mails import ADA, PROGRAMS, STAMP, TO, UID, W_EUROPE, calendar, gmail, outlook, words

BERLIN = ZoneInfo("Europe/Berlin")


def reply(raw: bytes) -> Reply:
    found = understand(raw)
    assert isinstance(found, Reply), found
    return found


def no_reply(raw: bytes) -> NoReply:
    found = understand(raw)
    assert isinstance(found, NoReply), found
    return found


def counter(times: str, zone: str = "") -> bytes:
    return outlook(calendar(method="COUNTER", partstat="TENTATIVE", times=times, zone=zone), method="COUNTER")


class TestAnswers:
    @pytest.mark.parametrize("program", PROGRAMS)
    @pytest.mark.parametrize(
        ("partstat", "meant"),
        [
            ("ACCEPTED", Meant.ACCEPTED),
            ("TENTATIVE", Meant.TENTATIVE),
            ("DECLINED", Meant.DECLINED),
            ("declined", Meant.DECLINED),
            ("DELEGATED", Meant.DELEGATED),
            ("NEEDS-ACTION", Meant.NOTHING),
        ],
    )
    def test_each_program_is_understood(self, program: str, partstat: str, meant: Meant) -> None:
        found = reply(PROGRAMS[program](calendar(partstat=partstat, sequence=3)))
        assert found.subject
        assert replace(found, subject="") == Reply(
            uid=UID, sequence=3, attendee=ADA, sender=ADA, meant=meant, stamped_at=STAMP
        )

    def test_a_comment_is_read_without_its_escapes(self) -> None:
        assert reply(gmail(calendar(more="COMMENT:away\\, back\\non Monday\n"))).comment == "away, back on Monday"

    def test_control_characters_are_left_out_because_no_database_and_no_mail_takes_them(self) -> None:
        found = reply(gmail(calendar(more="COMMENT:a\x00b\x07c\n").replace(UID, f"{UID}\x00")))
        assert (found.uid, found.comment) == (UID, "abc")
        assert no_reply(words("a\x00b\x1bc")).text == "abc\n"

    def test_no_sequence_is_sequence_0(self) -> None:
        assert reply(gmail(calendar(sequence=None))).sequence == 0

    def test_bare_calendars_and_octet_streams_called_ics_count_too(self) -> None:
        head = f"From: {ADA}\nContent-Type: "
        text = calendar(partstat="DECLINED")
        assert reply(f"{head}text/calendar; method=REPLY\n\n{text}".encode()).meant is Meant.DECLINED
        named = f'{head}application/octet-stream; name="answer.ICS"\n\n{text}'
        assert reply(named.encode()).meant is Meant.DECLINED

    def test_utf_16_and_wrong_charsets_do_not_hide_an_answer(self) -> None:
        head = f"From: {ADA}\nContent-Type: text/calendar; charset=unicode_escape; method=REPLY\n\n".encode()
        assert reply(head + calendar().replace("Coffee", "Café").encode("latin-1")).uid == UID
        encoded = "Content-Transfer-Encoding: base64\n"
        import base64  # noqa: PLC0415 -- one test needs it

        wide = base64.encodebytes(calendar().encode("utf-16"))
        assert reply(f"From: {ADA}\nContent-Type: text/calendar\n{encoded}\n".encode() + wide).uid == UID

    def test_a_refresh_is_known(self) -> None:
        assert reply(gmail(calendar(method="REFRESH"), method="REFRESH")).meant is Meant.AGAIN

    def test_of_several_attendees_in_a_counter_the_one_who_wrote_answers(self) -> None:
        more = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.com\n"
        assert reply(gmail(calendar(more=more))).attendee == ADA
        stranger = gmail(calendar(more=more), sender="eve@example.com")
        assert no_reply(stranger).reason == "the calendar part does not say who answers"


EVERY_DAY = (
    "BEGIN:STANDARD\nDTSTART:19700101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU\nEND:STANDARD\n"
)
"""A change of clocks on every day of every year."""


class TestProposedTimes:
    WANTED = datetime(2027, 7, 6, 13, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("start", "end", "zone"),
        [
            ("DTSTART:20270706T133000Z", "DTEND:20270706T135500Z", ""),
            ("DTSTART:20270706T133000Z", "DURATION:PT25M", ""),
            ("DTSTART;TZID=Europe/Berlin:20270706T153000", "DTEND;TZID=Europe/Berlin:20270706T155500", ""),
            (
                "DTSTART;TZID=W. Europe Standard Time:20270706T153000",
                "DTEND;TZID=W. Europe Standard Time:20270706T155500",
                W_EUROPE,
            ),
            (
                'DTSTART;TZID="Our office":20270706T153000',
                'DTEND;TZID="Our office":20270706T155500',
                W_EUROPE.replace("W. Europe Standard Time", "Our office"),
            ),
            ("DTSTART;TZID=W. Europe Standard Time:20270706T153000", "DURATION:PT25M", ""),
        ],
        ids=["utc", "duration", "iana", "outlook", "own zone", "windows name alone"],
    )
    def test_the_moment_is_the_one_that_was_meant(self, start: str, end: str, zone: str) -> None:
        found = reply(counter(f"{start}\n{end}\n", zone))
        assert (found.meant, found.starts_at) == (Meant.ANOTHER_TIME, self.WANTED)
        assert found.ends_at == self.WANTED + timedelta(minutes=25)

    @pytest.mark.parametrize(
        ("times", "zone", "reason"),
        [
            ("DTSTART:20270706T153000\nDURATION:PT25M\n", "", "no time zone"),
            ("DTSTART;VALUE=DATE:20270706\nDURATION:PT25M\n", "", "no moment"),
            ("DTSTART;TZID=Our office:20270706T153000\nDURATION:PT25M\n", "", "nobody knows"),
            ("DTSTART;TZID=Europe/Berlin:20270706T153000Z\nDURATION:PT25M\n", "", "at once"),
            (
                "DTSTART;TZID=Asia/Manila:20270706T153000\nDURATION:PT25M\n",
                W_EUROPE.replace("W. Europe Standard Time", "Asia/Manila"),
                "two moments",
            ),
            (
                "DTSTART;TZID=x:20270706T153000\nDURATION:PT25M\n",
                W_EUROPE.replace("W. Europe Standard Time", "x").replace("YEARLY", "SECONDLY"),
                "time zone that cannot be read",
            ),
            (
                "DTSTART;TZID=x:20270706T153000\nDURATION:PT25M\n",
                W_EUROPE.replace("W. Europe Standard Time", "x").replace(":1601", ":0001"),
                "time zone that cannot be read",
            ),
            (
                "DTSTART;TZID=x:20270706T153000\nDURATION:PT25M\n",
                f"BEGIN:VTIMEZONE\nTZID:x\n{EVERY_DAY * 40}END:VTIMEZONE\n",
                "time zone that cannot be read",
            ),
            (
                "DTSTART;TZID=x:20270706T153000\nDURATION:PT25M\n",
                W_EUROPE.replace("W. Europe Standard Time", "x") * 2,
                "time zone that cannot be read",
            ),
            (
                "DTSTART;TZID=x:20270706T153000\nDURATION:PT25M\n",
                f"BEGIN:VTIMEZONE\nTZID:x\n{EVERY_DAY * 41}END:VTIMEZONE\n",
                "time zone that cannot be read",
            ),
            ("DTSTART:20270706T153000Z\n", "", "no end"),
            ("DTSTART:20270706T153000Z\nDTEND:20270706T153000Z\n", "", "ends before"),
            ("DTSTART:20270231T153000Z\nDURATION:PT25M\n", "", "that no calendar has"),
            ("DTSTART:99991231T235959Z\nDURATION:PT25M\n", "", "another century"),
            ("DTSTART:20270706T153000Z\nDURATION:-PT25M\n", "", "no length"),
            ("DURATION:PT25M\n", "", "lacks a moment"),
        ],
    )
    def test_a_time_that_could_be_a_wrong_hour_is_refused(self, times: str, zone: str, reason: str) -> None:
        found = no_reply(counter(times, zone))
        assert found.why is Why.BROKEN
        assert reason in found.reason

    @given(
        st.datetimes(datetime(2026, 1, 1), datetime(2038, 1, 1)),  # noqa: DTZ001 -- local times
        st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    )
    @settings(max_examples=50, deadline=None)
    def test_a_named_zone_is_read_as_python_reads_it(self, local: datetime, zone: str) -> None:
        found = reply(counter(f"DTSTART;TZID={zone}:{local:%Y%m%dT%H%M%S}\nDURATION:PT25M\n"))
        assert found.starts_at == local.replace(microsecond=0, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    @given(st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1)))  # noqa: DTZ001 -- local times
    @settings(max_examples=50, deadline=None)
    def test_a_described_zone_is_the_same_hour_as_the_one_of_that_name(self, local: datetime) -> None:
        name = "W. Europe Standard Time"
        found = understand(counter(f"DTSTART;TZID={name}:{local:%Y%m%dT%H%M%S}\nDURATION:PT25M\n", W_EUROPE))
        right = local.replace(microsecond=0, tzinfo=BERLIN).astimezone(UTC)
        assert isinstance(found, Reply)
        assert found.starts_at == right


class TestWhatIsNoAnswer:
    def test_words_of_a_human_are_kept_for_a_human(self) -> None:
        found = no_reply(words("Grüße, ich bin im Urlaub", more="In-Reply-To: <abc@example.com>\n"))
        assert (found.why, found.sender, found.subject) == (Why.WRITTEN, ADA, "Re: Coffee")
        assert found.text == "Grüße, ich bin im Urlaub\n"
        assert found.in_reply_to == ("<abc@example.com>",)
        assert "Urlaub" not in repr(found)

    @pytest.mark.parametrize(
        "header", ["Auto-Submitted: auto-replied\n", "Precedence: auto_reply\n", "X-Autoreply: yes\n"]
    )
    def test_an_absence_note_is_left_alone_unless_it_answers(self, header: str) -> None:
        assert no_reply(words(more=header)).why is Why.AUTOMATIC
        assert no_reply(words(more="Auto-Submitted: no\n")).why is Why.WRITTEN
        assert reply(header.encode() + gmail(calendar())).meant is Meant.ACCEPTED

    def test_a_report_of_a_mail_that_did_not_arrive_is_for_a_human(self) -> None:
        raw = "From: mailer-daemon@example.com\nAuto-Submitted: auto-replied\n"
        raw += 'Content-Type: multipart/report; boundary="r"\n\n--r\n\ngone\n--r--\n'
        assert no_reply(raw.encode()).why is Why.WRITTEN

    @pytest.mark.parametrize("method", ["REQUEST", "PUBLISH", "CANCEL", "ADD", "DECLINECOUNTER", ""])
    def test_an_invitation_of_somebody_else_is_no_answer(self, method: str) -> None:
        found = no_reply(gmail(calendar(method=method), method=method))
        assert (found.why, found.reason) == (Why.WRITTEN, "its calendar part is no answer to an invitation")

    def test_an_answer_inside_a_forwarded_mail_is_not_the_forwarders(self) -> None:
        inner = gmail(calendar(), sender=ADA)
        outer = 'From: eve@example.com\nContent-Type: multipart/mixed; boundary="o"\n\n--o\n'
        outer += "Content-Type: message/rfc822\n\n"
        assert no_reply(outer.encode() + inner + b"\n--o--\n").why is Why.WRITTEN

    def test_two_answers_that_differ_are_none(self) -> None:
        raw = gmail(calendar()).replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=DECLINED")  # the plain part, not base64
        assert no_reply(raw).reason == "the mail holds several answers that differ"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (("METHOD:REPLY", "METHOD:COUNTER"), "different methods"),
            (("BEGIN:VEVENT", "BEGIN:VTODO"), "torn"),
            (("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT"), "exactly one meeting"),
            ((f"UID:{UID}", "X-UID:1"), "which meeting"),
            ((f"UID:{UID}", f"UID:{UID}\r\nUID:other"), "more than once"),
            (("SEQUENCE:0", "SEQUENCE:-1"), "no number"),
            (("SEQUENCE:0", "SEQUENCE:99999999999"), "no number"),
            (("SEQUENCE:0", "RECURRENCE-ID:20270105T090000Z"), "series"),
            (("PARTSTAT=ACCEPTED", "PARTSTAT=PERHAPS"), "none"),
            (("DTSTAMP:20270104T080000Z", "DTSTAMP:20270104T080000"), "not in UTC"),
            (("DTSTAMP:20270104T080000Z", "DTSTAMP:yesterday"), "no moment"),
            (("DTSTAMP:20270104T080000Z", "X-STAMP:1"), "lacks a moment"),
            (("ATTENDEE;", "X-ATTENDEE;"), "who answers"),
            (("PARTSTAT=ACCEPTED", "PARTSTAT=ACCEPTED;PARTSTAT=DECLINED"), "twice"),
            (("END:VCALENDAR", ""), "torn"),
        ],
    )
    def test_a_malformed_calendar_is_refused_with_a_reason(self, change: tuple[str, str], reason: str) -> None:
        text = calendar()
        assert change[0] in text
        found = no_reply(outlook(text.replace(*change)))
        assert found.why is Why.BROKEN
        assert reason in found.reason
        assert ADA not in found.reason


class TestWhoWrites:
    @pytest.mark.parametrize(
        "sender",
        [
            ADA,
            f"<{ADA}>",
            f"Ada Example <{ADA.upper()}>",
            f'"Example, Ada \\"the first\\"" <{ADA}>',
            f"=?utf-8?q?Ada_=C3=84xample?= <{ADA}>",
            f"{ADA} (Ada)",
        ],
    )
    def test_an_ordinary_from_is_read(self, sender: str) -> None:
        assert reply(gmail(calendar(), sender=sender)).sender == ADA

    @pytest.mark.parametrize(
        "sender",
        [
            "",
            f"{ADA}, eve@example.com",
            f"Eve <eve@example.com>, Ada <{ADA}>",
            f"{ADA})eve@example.com",
            f"{ADA} <eve@example.com> <{ADA}>",
            f"<{ADA}",
            f"undisclosed:{ADA};",
            f"{ADA}\nFrom: eve@example.com",
        ],
    )
    def test_a_from_that_could_be_read_in_two_ways_is_refused(self, sender: str) -> None:
        raw = gmail(calendar(), sender="X").replace(b"From: X", f"From: {sender}".encode())
        assert no_reply(raw).reason == "the mail does not say from whom it is, or says it twice"

    def test_a_name_that_looks_like_an_address_is_only_a_name(self) -> None:
        assert reply(gmail(calendar(), sender=f'"{ADA}" <eve@example.com>')).sender == "eve@example.com"

    @pytest.mark.parametrize(
        ("uri", "address"),
        [
            ("MAILTO:Ada@Example.com", ADA),
            ("mailto:a%2Bb@example.com", "a+b@example.com"),
            ("mailto:ada@b\u00fccher.example", "ada@xn--bcher-kva.example"),
            ("ada@example.com", ""),
            ("mailto:", ""),
            ("urn:uuid:1", ""),
        ],
    )
    def test_an_attendee_is_an_address(self, uri: str, address: str) -> None:
        assert address_in(uri) == address
        assert folded(address) == address


class TestBounds:
    def test_a_huge_mail_is_left_to_a_human_and_not_read(self) -> None:
        started = time.perf_counter()
        found = no_reply(gmail(calendar()) + b"x" * LARGEST_MAIL)
        assert (found.why, found.text, found.sender) == (Why.WRITTEN, "", ADA)
        assert found.reason == "the mail is too large to be read by a machine"
        assert time.perf_counter() - started < 1

    def test_no_more_text_than_a_human_reads_is_handed_on(self) -> None:
        assert len(no_reply(words("x" * 200_000)).text) == LONGEST_TEXT

    @pytest.mark.parametrize(
        "raw",
        [
            b"Content-Type: text/calendar" + b"; a=b" * 150_000 + b"\r\n\r\n",
            b"Content-Type: text/calendar" + b"; a*0=b" * 100_000 + b"\r\n\r\n",
            b"Content-Disposition: attachment" + b"; filename*=b" * 70_000 + b"\r\n\r\n",
            b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(12))
            + b"x\r\n" * 38_000,
            b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 80_000,
            b"X: y\r\n" * 150_000,
            b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\r\n" * 7000,
            b"Content-Type: text/calendar\r\n\r\nATTENDEE" + b";A=b,c" * 20_000,
        ],
        ids=["parameters", "continued", "names", "nested", "mails", "parts", "headers", "components", "values"],
    )
    def test_a_mail_made_to_be_slow_is_not_slow(self, raw: bytes) -> None:
        started = time.perf_counter()
        no_reply(b"From: ada@example.com\r\n" + raw)
        assert time.perf_counter() - started < 2

    def test_a_charset_that_python_trips_over_does_not_hide_the_answer_beside_it(self) -> None:
        raw = gmail(calendar()).replace(b'text/plain; charset="UTF-8"', b'text/plain; charset="utf\x008"')
        raw = raw.replace(b"Content-Transfer-Encoding: base64\n\nVG", b"\n\xff\xfe")
        assert reply(raw).meant is Meant.ACCEPTED

    @given(st.binary(max_size=3000) | st.binary(max_size=300).map(lambda junk: b"From: a@example.com\n" + junk))
    @settings(max_examples=150, deadline=None)
    def test_no_bytes_break_it(self, raw: bytes) -> None:
        understand(raw)

    @given(
        st.sampled_from(sorted(PROGRAMS)),
        st.lists(st.tuples(st.integers(0, 2500), st.binary(max_size=6), st.integers(0, 6)), max_size=4),
    )
    @settings(max_examples=150, deadline=None)
    def test_no_damage_breaks_it_or_becomes_another_answer_of_somebody_else(
        self, program: str, damage: list[tuple[int, bytes, int]]
    ) -> None:
        raw = PROGRAMS[program](calendar(more="COMMENT:well\n"))
        for place, new, cut in damage:
            raw = raw[:place] + new + raw[place + cut :]
        found = understand(raw)
        if isinstance(found, Reply):
            assert found.stamped_at.tzinfo is not None
            assert "@" in found.sender
            assert found.starts_at is None

    @given(st.data())
    @settings(max_examples=100, deadline=None)
    def test_no_damage_to_a_calendar_becomes_a_time_without_a_zone(self, data: st.DataObject) -> None:
        name = "W. Europe Standard Time"
        times = f"DTSTART;TZID={name}:20270706T153000\nDTEND;TZID={name}:20270706T155500\n"
        lines = calendar(method="COUNTER", times=times, zone=W_EUROPE).split("\r\n")
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(lines) - 1))
            lines[place] = data.draw(
                st.sampled_from(["", lines[place][:-1], lines[place] + "0", *lines]) | st.text(max_size=20)
            )
        text = "\r\n".join(lines)
        head = f"From: {ADA}\nTo: {TO}\nContent-Type: text/calendar; charset=utf-8\n\n"
        found = understand((head + text).encode("utf-8", "replace"))
        if isinstance(found, Reply) and found.starts_at is not None:
            assert found.ends_at is not None
            assert found.ends_at > found.starts_at
