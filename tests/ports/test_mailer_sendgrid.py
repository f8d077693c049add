"""Does the SendGrid mailer speak as the vendor documents, and tell a sure refusal from what nobody knows?"""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from onboarding.adapters.mailers import SendGridMailer
from onboarding.adapters.mailers.sendgrid import body
from onboarding.domain.errors import BadSettings
from onboarding.domain.mail import Address, Letter, OutcomeKind
from tests.letters import ICS, INVITATION, PERSONAL, letter, letters
from tests.sinks import CUT, LOOPBACK, STALL, Answer, SendGridSink, refusal
from tests.sinks.rules import complaints

KEY = "SG.a-secret.that-must-not-leak"
SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "sendgrid" / "tsg_mail_v3.strict.json"

SENT, FOR_NOW, FOR_GOOD, UNKNOWN = (
    OutcomeKind.SENT,
    OutcomeKind.REFUSED_FOR_NOW,
    OutcomeKind.REFUSED,
    OutcomeKind.UNKNOWN,
)

BERG = {"email": "bo@example.com", "name": "Berg, Bo"}

LETTERS = [
    letter(),
    letter(invitation=INVITATION),
    letter(
        reply_to=Address(email="lukasz@example.org", name="Ćwik, Łukasz"),
        unsubscribe_url="https://example.com/leave/abc",
        to=Address(email="bo@straße.example", name="Berg; Bo"),
        headers={"X-Step": "Kaffeerunde für alle"},
    ),
]


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (Answer(status=200), FOR_GOOD, "sandbox"),
        (Answer(status=201), UNKNOWN, "(201)"),
        (Answer(status=204), UNKNOWN, "(204)"),
        (Answer(status=302, headers={"Location": "/login"}), FOR_GOOD, "sent us elsewhere"),
        (Answer(status=307, headers={"Location": "/v3/mail/send"}), FOR_GOOD, "sent us elsewhere"),
        (
            refusal(400, "Does not contain a valid address.", place="personalizations.0.to.0.email"),
            FOR_GOOD,
            "to.0.email",
        ),
        (refusal(401, "authorization required"), FOR_NOW, "our key"),
        (refusal(401, "Maximum credits exceeded"), FOR_NOW, "no credits left"),
        (
            refusal(403, "The from address does not match a verified Sender Identity."),
            FOR_NOW,
            "not a verified sender",
        ),
        (refusal(403, "access forbidden"), FOR_NOW, "(403)"),
        (refusal(404, "not found"), FOR_NOW, "(404)"),
        (refusal(405, "method not allowed"), FOR_NOW, "(405)"),
        (refusal(408, "timeout"), FOR_NOW, "(408)"),
        (refusal(413, "content too large"), FOR_GOOD, "too large"),
        (refusal(415, "unsupported"), FOR_GOOD, "(415)"),
        (refusal(429, "too many requests"), FOR_NOW, "(429)"),
        (refusal(500, "internal server error"), UNKNOWN, "(500)"),
        (Answer(status=502, body=b"<html>Bad Gateway</html>"), UNKNOWN, "(502)"),
        (refusal(503, "service unavailable"), FOR_NOW, "is not available"),
        (Answer(status=503, body=b"upstream connect error"), UNKNOWN, "(503)"),
        (Answer(status=504), UNKNOWN, "(504)"),
        (CUT, UNKNOWN, "did not say"),
        (STALL, UNKNOWN, "did not say"),
        (Answer(status=500, body=b'{"errors"', declares=900), UNKNOWN, "(500)"),
        (Answer(status=400, body=b'{"errors": "odd"}'), FOR_GOOD, "(400)"),
        (Answer(status=400, body=b'{"errors": ["odd", {"message": 7, "field": 7}]}'), FOR_GOOD, "(400)"),
        (Answer(status=400, body=b"[" * 200_000), FOR_GOOD, "(400)"),
    ],
)
def test_each_answer_has_its_meaning_and_the_next_letter_goes_out(
    answer: Answer | str, kind: OutcomeKind, reason: str
) -> None:
    with SendGridSink(key=KEY) as sink:
        sink.behave(answer)
        mailer = SendGridMailer(KEY, sink.url, read=0.5 if answer == STALL else 20)
        outcome = mailer.send(letter())
        assert outcome.kind is kind
        assert reason in outcome.reason
        assert sink.requests == 1
        assert mailer.send(letter()).kind is SENT
        assert len(sink.received) == 1
        mailer.close()


def test_an_accepted_letter_has_the_id_that_its_events_will_begin_with() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        assert mailer.send(letter()).provider_id == "sink-000001"
        mailer.close()


def test_an_accepted_letter_is_sent_even_when_the_rest_of_the_answer_is_cut() -> None:
    with SendGridSink(key=KEY) as sink:
        sink.behave(Answer(status=202, headers={"X-Message-Id": "abc"}, body=b"x", declares=900))
        mailer = SendGridMailer(KEY, sink.url)
        outcome = mailer.send(letter())
        assert (outcome.kind, outcome.provider_id) == (SENT, "abc")
        mailer.close()


@pytest.mark.parametrize(
    ("reset", "retry_at"),
    [
        ("1930000000", datetime.fromtimestamp(1930000000, UTC)),
        ("", None),
        ("30", None),
        ("soon", None),
        ("1930000000000", None),
        ("-930000000", None),
    ],
)
def test_a_rate_limit_says_when_to_come_back(reset: str, retry_at: datetime | None) -> None:
    with SendGridSink(key=KEY) as sink:
        limits = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "0"} | (
            {"X-RateLimit-Reset": reset} if reset else {}
        )
        sink.behave(refusal(429, "too many requests", headers=limits))
        mailer = SendGridMailer(KEY, sink.url)
        outcome = mailer.send(letter())
        assert (outcome.kind, outcome.retry_at) == (FOR_NOW, retry_at)
        mailer.close()


def test_sandbox_mode_is_not_taken_for_sent() -> None:
    with SendGridSink(key=KEY, sandbox=True) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        assert mailer.send(letter()).kind is FOR_GOOD
        mailer.close()


def test_a_wrong_key_refuses_for_now_so_that_letters_go_when_it_is_mended() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer("SG.an-old.key", sink.url)
        outcome = mailer.send(letter())
        assert outcome.kind is FOR_NOW
        assert outcome.reason.endswith("(401): the key is invalid, expired or revoked")
        mailer.close()


def test_a_service_that_cannot_prove_who_it_is_gets_nothing() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url.replace("http://", "https://"))
        outcome = mailer.send(letter())
        assert (outcome.kind, sink.requests) == (FOR_NOW, 0)
        mailer.close()


def test_what_the_service_repeats_about_people_stays_out_of_the_reason() -> None:
    spoken = f"Zoë O'Neil <zoe.oneil@example.com> may not get Willkommen with {KEY}"
    with SendGridSink(key=KEY) as sink:
        sink.behave(refusal(400, spoken, place="zoe.oneil"))
        mailer = SendGridMailer(KEY, sink.url)
        outcome = mailer.send(letter())
        assert outcome.reason == "SendGrid does not understand the letter (400)"
        assert not [word for word in (*PERSONAL, KEY) if word in repr(outcome)]
        mailer.close()


def test_a_service_that_stops_reading_before_the_request_is_whole_surely_did_not_take_it() -> None:
    with socket.create_server((LOOPBACK, 0), backlog=1) as never_reads:
        mailer = SendGridMailer(KEY, f"http://{LOOPBACK}:{never_reads.getsockname()[1]}", read=0.25)
        assert mailer.send(letter(html="x" * 20_000_000)).kind is FOR_NOW
        assert mailer.send(letter()).kind is UNKNOWN
        mailer.close()


def test_letters_share_one_connection() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        assert {mailer.send(one).kind for one in letters(20)} == {SENT}
        assert sink.opened == 1
        mailer.close()


def test_a_connection_that_the_server_closed_while_idle_is_replaced() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        assert mailer.send(letter()).kind is SENT
        sink.hang_up()
        assert mailer.send(letter()).kind is SENT
        assert sink.opened == 2
        mailer.close()


def test_as_many_threads_as_send_at_once_open_as_many_connections() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        with ThreadPoolExecutor(4) as pool:
            assert {outcome.kind for outcome in pool.map(mailer.send, letters(60))} == {SENT}
        assert sink.opened <= 4
        mailer.close()


def test_the_body_is_exactly_what_the_vendor_documents() -> None:
    assert body(letter()) == {
        "from": {"email": "people-team@example.com", "name": "Bo Berg via People Team"},
        "subject": "Willkommen Zoë O'Neil, schön dass du da bist 🎉",
        "personalizations": [
            {"to": [{"email": "zoe.oneil@example.com", "name": "Zoë O'Neil"}], "custom_args": {"delivery": "42"}}
        ],
        "content": [
            {"type": "text/plain", "value": letter().text},
            {"type": "text/html", "value": letter().html},
        ],
        "headers": {
            "Message-ID": "<0123456789abcdef@example.com>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "X-Onboarding-Delivery": "42",
        },
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }


def test_an_invitation_is_the_last_content_and_the_only_attachment() -> None:
    built = body(letter(invitation=INVITATION))
    assert [one["type"] for one in built["content"]] == [
        "text/plain",
        "text/html",
        "text/calendar; method=REQUEST",
    ]
    assert built["content"][2]["value"] == ICS
    [attached] = built["attachments"]
    assert (attached["type"], attached["filename"], attached["disposition"]) == (
        "application/ics",
        "invite.ics",
        "attachment",
    )


@pytest.mark.parametrize("one", LETTERS)
def test_real_requests_fit_the_vendor_s_own_schema(one: Letter) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the vendor's OpenAPI file does not travel with the project")
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))
    schema: dict[str, Any] = {
        "$ref": "#/components/requestBodies/PostMailSend/content/application~1json/schema",
        "components": described["components"],
    }
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        assert mailer.send(one).kind is SENT
        mailer.close()
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(sink.received[0])


def test_a_text_that_begins_with_a_key_is_not_sent() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(KEY, sink.url)
        outcome = mailer.send(letter(text="SG.abcdef.ghijkl is our key"))
        assert (outcome.kind, sink.requests) == (FOR_GOOD, 0)
        assert "abcdef" not in outcome.reason
        mailer.close()


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("", "https://api.example.com"),
        ("SG.a b", "https://api.example.com"),
        ("SG.é", "https://api.example.com"),
        ("SG.a\nX-Header: b", "https://api.example.com"),
        ("SG.a", "ftp://api.example.com"),
        ("SG.a", "https://"),
        ("SG.a", "https://a:b:c"),
        ("SG.a", "https://a..b"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(key: str, url: str) -> None:
    with pytest.raises(BadSettings) as refused:
        SendGridMailer(key, url)
    assert "SG." not in str(refused.value)


def test_a_key_with_a_line_end_from_its_file_works() -> None:
    with SendGridSink(key=KEY) as sink:
        mailer = SendGridMailer(f"{KEY}\n", sink.url)
        assert mailer.send(letter()).kind is SENT
        mailer.close()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"bcc": []}, "bcc"),
        ({"custom_args": {"a": "b"}}, "custom_args"),
        ({"headers": {"Reply-To": "a@example.com"}}, "headers.Reply-To"),
        ({"headers": {"X-A": "a\r\nBcc: b"}}, "headers.X-A"),
        ({"from": {"email": "bo@straße.example"}}, "from.email"),
        ({"personalizations": [{"to": [BERG]}]}, "personalizations.0.to.0.name"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": [BERG], "custom_args": {"a": 1}}]}, "personalizations.0.custom_args"),
        ({"content": [{"type": "text/html", "value": "a"}, {"type": "text/plain", "value": "b"}]}, "content"),
        ({"content": [{"type": "text/calendar; method=REQUEST; charset=UTF-8", "value": "a"}]}, "content.0.type"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0"),
        ({"attachments": [{"content": "not base64", "filename": "a"}]}, "attachments.0.content"),
        ({"subject": ""}, "subject"),
    ],
)
def test_the_stand_in_is_as_strict_as_the_service(change: dict[str, Any], place: str) -> None:
    assert complaints(body(letter())) == []
    assert place in [complaint["field"] for complaint in complaints(body(letter()) | change)]
