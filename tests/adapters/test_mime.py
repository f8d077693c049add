"""Is what we put on the wire what every mail program reads?"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.adapters.mailers.mime import LONGEST_LINE, address, build, mailbox, one_line, to_bytes
from onboarding.domain.errors import BadAddress
from onboarding.domain.mail import Address, Invitation
from tests.letters import ICS, INVITATION, PICTURES, letter

words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)
paragraphs = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def read(octets: bytes) -> EmailMessage:
    """The message as the standard library's strict parser understands it."""
    message = message_from_bytes(octets, policy=policy.default.clone(raise_on_defect=True))
    assert isinstance(message, EmailMessage)
    return message


def part(octets: bytes, kind: str) -> str:
    """The text of the first part of that kind."""
    for found in read(octets).walk():
        if found.get_content_type() == kind:
            return str(found.get_content())
    raise AssertionError(kind)


def headers(octets: bytes) -> bytes:
    """Everything before the first empty line."""
    return octets.split(b"\r\n\r\n")[0]


def test_a_letter_reads_like_this() -> None:
    plain = letter(subject="Welcome", html="<p>Hello</p>\n", text="Hello\n", to=Address(email="zoe@example.com"))
    assert to_bytes(plain).decode("ascii").split("\r\n") == [
        "From: Bo Berg via People Team <people-team@example.com>",
        "To: zoe@example.com",
        "Subject: Welcome",
        "Date: Mon, 03 Mar 2031 08:30:00 +0000",
        "Message-ID: <0123456789abcdef@example.com>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "X-Onboarding-Delivery: 42",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="=_alternative"',
        "",
        "--=_alternative",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "",
        "Hello",
        "",
        "--=_alternative",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "",
        "<p>Hello</p>",
        "",
        "--=_alternative--",
        "",
    ]


def test_an_invitation_has_the_structure_that_calendars_show_with_buttons() -> None:
    message = read(to_bytes(letter(invitation=INVITATION)))
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    text, html, calendar = alternative.iter_parts()
    assert [text.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "UTF-8"}
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar["Content-Disposition"] is None
    assert attached.get_content_type() == "application/ics"
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_filename() == "invite.ics"
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True) == ICS.encode()


def test_a_cancellation_says_so_in_the_header_too() -> None:
    cancelled = Invitation(ics=ICS.replace("METHOD:REQUEST", "METHOD:CANCEL"), method="CANCEL")
    assert b"text/calendar; method=CANCEL; charset=UTF-8" in to_bytes(letter(invitation=cancelled))


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert to_bytes(letter(invitation=INVITATION)) == to_bytes(letter(invitation=INVITATION))


def test_what_is_built_can_be_read_without_sending_it() -> None:
    message = build(letter(invitation=INVITATION))
    assert message["Subject"] == letter().subject
    assert message["To"].addresses[0].display_name == "Zoë O'Neil"
    body = message.get_body(("plain",))
    assert body is not None
    assert unix(body.get_content()) == unix(letter().text)


def test_the_date_keeps_its_zone() -> None:
    manila = datetime(2031, 3, 3, 16, 30, tzinfo=timezone(timedelta(hours=8)))
    assert build(letter(date=manila))["Date"] == "Mon, 03 Mar 2031 16:30:00 +0800"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain words\n", "7bit"),
        ("", "7bit"),
        ("x" * LONGEST_LINE, "7bit"),
        ("x" * (LONGEST_LINE + 1), "quoted-printable"),
        ("ein schöner Tag beginnt mit einem freundlichen Gruß", "quoted-printable"),
        ("nul \0 here", "quoted-printable"),
        ("a mail about mails\n--=_alternative\n", "quoted-printable"),
        ("こんにちは", "base64"),
        ("👋", "base64"),
    ],
)
def test_each_text_gets_the_lightest_encoding_that_survives(text: str, encoding: str) -> None:
    octets = to_bytes(letter(text=text))
    [plain, _] = read(octets).iter_parts()
    assert plain["Content-Transfer-Encoding"] == encoding
    assert unix(part(octets, "text/plain")) == unix(text)


@pytest.mark.parametrize("text", ["a\nb\n", "a\r\nb\r\n", "a\rb\r"])
def test_every_line_end_becomes_crlf(text: str) -> None:
    assert b"\r\n\r\na\r\nb\r\n" in to_bytes(letter(text=text))


@pytest.mark.parametrize(
    ("who", "header"),
    [
        (Address(email="bo@example.com"), "bo@example.com"),
        (Address(email="bo@example.com", name="Bo Berg"), "Bo Berg <bo@example.com>"),
        (Address(email="bo@example.com", name="O'Neil-Berg"), "O'Neil-Berg <bo@example.com>"),
        (Address(email="bo@example.com", name="Berg, Bo (HR)"), '"Berg, Bo (HR)" <bo@example.com>'),
        (Address(email="bo@example.com", name='Bo "B" \\ Berg.'), '"Bo \\"B\\" \\\\ Berg." <bo@example.com>'),
        (Address(email="bo@example.com", name="Zoë"), "=?utf-8?b?Wm/Dqw==?= <bo@example.com>"),
        (Address(email="bo@example.com", name="bo@evil.example"), '"bo evil.example" <bo@example.com>'),
        (Address(email="bo@example.com", name="a\tb\x0bc\u2028d\u202ee"), "a b c d e <bo@example.com>"),
        (Address(email="bo@example.com", name=" \t "), "bo@example.com"),
        (Address(email="bo+x@Exämple.com", name=""), "bo+x@xn--exmple-cua.com"),
    ],
)
def test_an_address_becomes_a_header(who: Address, header: str) -> None:
    assert mailbox(who) == header


def test_idna_2008_keeps_domains_apart_that_idna_2003_took_for_one() -> None:
    assert address(Address(email="bo@faß.example")) != address(Address(email="bo@fass.example"))


@pytest.mark.parametrize(
    "bad",
    [
        {"to": Address(email="bo@ex\u0007mple.com")},
        {"to": Address(email="bo\u0001@example.com")},
        {"to": Address(email="bo@a..ä")},
        {"to": Address(email="bo@example.com", name="x" * 1_200)},
        {"subject": "x" * 1_200},
        {"message_id": ""},
        {"message_id": "<no-at-sign>"},
        {"message_id": "<a b@example.com>"},
        {"message_id": "<ä@example.com>"},
        {"unsubscribe_url": "javascript:alert(1)"},
        {"unsubscribe_url": "https://example.com/ä"},
        {"unsubscribe_url": "https://example.com/" + "x" * 1_200},
        {"headers": {"X-A:": "b"}},
        {"headers": {"": "b"}},
        {"headers": {"X-A": "b\0"}},
        {"headers": {"X-A": "b\n c"}},
        {"headers": {"List-Unsubscribe": "<https://example.org>"}},
        {"headers": {"Content-Language": "de"}},
        {"headers": {"X-SG-EID": "1"}},
        {"invitation": Invitation(ics="", method="REQUEST")},
        {"invitation": Invitation(ics=ICS, method="")},
        {"invitation": Invitation(ics=ICS, method="request")},
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(BadAddress):
        to_bytes(letter(**bad))


def test_the_message_id_may_come_without_brackets_and_from_an_international_domain() -> None:
    assert build(letter(message_id="a/b@straße.example"))["Message-ID"] == "<a/b@xn--strae-oqa.example>"


def test_the_encoded_line_break_of_cve_2024_6923_forges_nothing() -> None:
    with pytest.raises(BadAddress):
        letter(subject="hi =?UTF-8?Q?=0A?=Bcc: eve@example.org")


@settings(max_examples=150, deadline=None)
@given(subject=words, name=words, step=words)
def test_any_words_come_back_from_headers_and_add_none(subject: str, name: str, step: str) -> None:
    if any("=?" in value for value in (subject, name, step)):
        return
    someone = Address(email="bo@example.com", name=name)
    octets = to_bytes(letter(subject=subject, sender=someone, to=someone, headers={"X-Step": step}))
    message = message_from_bytes(octets, policy=policy.compat32)
    assert same_words(decoded(message["Subject"]), subject)
    assert same_words(decoded(message["X-Step"]), step)
    shown, found = parseaddr(message["To"])
    assert found == "bo@example.com"
    assert same_words(decoded(shown), name.replace("@", " "))
    assert sorted(message.keys()) == sorted([*build(letter()).keys(), "X-Step"])
    assert all(len(line) <= 78 or b" " not in line for line in headers(octets).split(b"\r\n"))


@settings(max_examples=150, deadline=None)
@given(text=paragraphs, html=paragraphs)
def test_any_text_comes_back_in_seven_bits(text: str, html: str) -> None:
    octets = to_bytes(letter(text=text, html=html))
    assert octets.isascii()
    assert b"\0" not in octets
    assert not {b"\r", b"\n"} & set(octets.replace(b"\r\n", b""))
    assert max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE
    assert unix(part(octets, "text/plain")) == unix(text)
    assert unix(part(octets, "text/html")) == unix(html)


def decoded(header: str) -> str:
    """A header's words as RFC 2047 has them; the newer parser of Python 3.11 puts spaces between encoded ones."""
    return str(make_header(decode_header(header.replace("\r\n", ""))))


def same_words(found: str, given: str) -> bool:
    """Whether both say the same, but for how wide their spaces are."""
    return found.split() == one_line(given).split()


def unix(text: str) -> str:
    """The text with one kind of line end, and without the last ones, which a mail may gain."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def test_pictures_lie_beside_the_html_and_plain_text_programs_never_see_them() -> None:
    octets = to_bytes(letter(invitation=INVITATION, pictures=PICTURES))
    message = read(octets)
    assert message.get_content_type() == "multipart/mixed"
    inner, ics = message.iter_parts()
    plain, related, calendar = inner.iter_parts()
    html, *pictures = related.iter_parts()
    kinds = [one.get_content_type() for one in (inner, plain, related, html, calendar, ics, *pictures)]
    assert kinds == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html", "text/calendar"),
        *("application/ics", "image/jpeg", "image/jpeg"),
    ]
    assert related["Content-Type"].params["type"] == "text/html"
    assert [str(one["Content-ID"]) for one in pictures] == ["<a1@photo>", "<b2@photo>"]
    assert [one.get_filename() for one in pictures] == ["photo-1.jpg", "photo-2.jpg"]
    assert [one.get_payload(decode=True) for one in pictures] == [one.jpeg for one in PICTURES]
    assert octets.isascii()
    body = message.get_body(("html",))
    assert body is not None
    assert "Łukasz" in body.get_content()
