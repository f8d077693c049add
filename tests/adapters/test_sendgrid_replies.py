"""What SendGrid hands over, who may, and what its own server thought of the sender."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.adapters.mailers.sendgrid_replies import (
    LARGEST_KNOWN,
    LARGEST_UNKNOWN,
    SendGridReplies,
    doubt,
)
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, NotFound
from tests.inbound import KEY, PATH, form, headers, public_key
from tests.reply_mails import ADA, calendar, gmail, words
from tests.worlds import at

NOW = at("2027-01-04 10:00")
RAW = gmail(calendar())


def door(*, key: bool = False) -> SendGridReplies:
    return SendGridReplies(
        paths=[] if key else [PATH, "an-older-end-of-the-address"], public_key=public_key() * key
    )


@pytest.mark.parametrize("raw", [RAW, b"\xff\x00\r\n--x\r\n \xfe", words("Grüße"), b"a\r\n\r\n\r\n"])
def test_the_mail_comes_out_byte_for_byte(raw: bytes) -> None:
    body = form(raw)
    assert door().read(headers(body, NOW), body, NOW).raw == raw


def test_a_signed_form_is_believed_and_a_changed_byte_another_key_or_an_old_one_is_not() -> None:
    body = form(b"From: a@example.com\r\n\r\n\xff any byte")
    assert door(key=True).read(headers(body, NOW, key=KEY), body, NOW).raw.endswith(b"any byte")
    stranger = ec.generate_private_key(ec.SECP256R1())
    for told, sent in (
        (headers(body, NOW), body),
        (headers(body, NOW, key=stranger), body),
        (headers(body, NOW, key=KEY), body.replace(b"any", b"one")),
        (headers(body, NOW - timedelta(hours=27), key=KEY), body),
        ({**headers(body, NOW, key=KEY), "x-twilio-email-event-webhook-signature": "?"}, body),
        ({**headers(body, NOW, key=KEY), "x-twilio-email-event-webhook-timestamp": "soon"}, body),
    ):
        with pytest.raises(BadSignature):
            door(key=True).read(told, sent, NOW)


def test_who_knows_the_address_may_send_what_sendgrid_takes_and_nobody_else_is_listened_to() -> None:
    assert door().admit(PATH) == LARGEST_KNOWN
    assert door().admit("an-older-end-of-the-address") == LARGEST_KNOWN
    assert door(key=True).admit("") == LARGEST_UNKNOWN
    for path in ("", "another-end-of-the-address", PATH + "x", "ä"):
        with pytest.raises(NotFound):
            door().admit(path)
    with pytest.raises(NotFound):
        door(key=True).admit(PATH)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", form(RAW)),
        ("multipart/form-data; boundary=other", form(RAW)),
        ("multipart/form-data; boundary=ü", form(RAW)),
        (f"multipart/form-data; boundary={'x' * 400}", form(RAW)),
        ("", b""),
        (headers(b"", NOW)["content-type"], form(RAW)[:-200]),
        (headers(b"", NOW)["content-type"], form(RAW).replace(b'name="email"', b'name="mail"')),
        (headers(b"", NOW)["content-type"], form(RAW).replace(b'name="to"', b'name="email"')),
        (headers(b"", NOW)["content-type"], form(RAW).replace(b'name="email"', b'name="email"; filename="e"')),
        (headers(b"", NOW)["content-type"], form(RAW, more=[f"f{n}" for n in range(80)])),
    ],
)
def test_what_is_not_such_a_form_is_refused_in_one_sentence(content_type: str, body: bytes) -> None:
    with pytest.raises(BadRecord) as said:
        door().read({"content-type": content_type}, body, NOW)
    assert ADA not in str(said.value)


@given(st.binary(max_size=400), st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_body_and_no_type_break_it(junk: bytes, content_type: str) -> None:
    for body in (junk, form(junk)):
        try:
            door().read({"content-type": content_type}, body, NOW)
            door().read(headers(body, NOW), body, NOW)
        except BadRecord:
            continue


@pytest.mark.parametrize(
    ("spf", "dkim", "doubted"),
    [
        ("pass", "{@example.com : pass}", False),
        ("pass", "none", False),
        ("none", "none", False),
        ("", "", False),
        ("neutral", "", False),
        ("softfail", "{@example.com : pass}", False),
        ("fail", "{@mail.example.net : pass, @example.com : pass}", False),
        ("fail", "none", True),
        ("softfail", "{@example.net : pass}", True),
        ("fail", "{@example.com : fail}", True),
        ("FAIL", "{@evil-example.com : pass}", True),
        ("fail", "{@com : pass}", True),
    ],
)
def test_only_a_failed_spf_without_a_signature_of_the_senders_domain_makes_us_doubt(
    spf: str,
    dkim: str,
    doubted: bool,  # noqa: FBT001 -- a column of the table above
) -> None:
    assert bool(doubt(RAW, spf, dkim)) is doubted
    body = form(RAW, spf=spf, dkim=dkim)
    assert bool(door().read(headers(body, NOW), body, NOW).doubt) is doubted


def test_settings_that_would_let_everybody_in_are_refused() -> None:
    with pytest.raises(BadSettings, match="must be set"):
        SendGridReplies()
    with pytest.raises(BadSettings, match="ONBOARDING_REPLIES_KEY"):
        SendGridReplies(public_key="nonsense")
