"""Does the SMTP mailer tell what was surely not taken from what nobody knows?"""

from __future__ import annotations

import pytest

from onboarding.adapters.mailers import SmtpMailer
from onboarding.domain.errors import BadSettings
from onboarding.domain.mail import OutcomeKind
from tests.letters import PERSONAL, letter, letters
from tests.sinks import CUT, STALL, SmtpSink, client_tls, server_tls

SENT, FOR_NOW, FOR_GOOD, UNKNOWN = (
    OutcomeKind.SENT,
    OutcomeKind.REFUSED_FOR_NOW,
    OutcomeKind.REFUSED,
    OutcomeKind.UNKNOWN,
)


@pytest.mark.parametrize(
    ("step", "reply", "kind", "reason"),
    [
        ("greeting", "421 4.3.2 too busy", FOR_NOW, "did not let us in (421)"),
        ("greeting", "554 no service for zoe.oneil@example.com", FOR_NOW, "did not let us in (554)"),
        ("greeting", CUT, FOR_NOW, "cut the connection"),
        ("greeting", STALL, FOR_NOW, "did not answer in time"),
        ("EHLO", CUT, FOR_NOW, "cut the connection"),
        ("EHLO", STALL, FOR_NOW, "did not answer in time"),
        ("MAIL", "451 4.3.0 zoe.oneil@example.com", FOR_NOW, "the sender for now (451 4.3.0)"),
        ("MAIL", "530 5.7.0 log in first", FOR_NOW, "the sender for now (530 5.7.0)"),
        ("MAIL", "550 5.7.1 zoe.oneil@example.com", FOR_GOOD, "the sender for good (550 5.7.1)"),
        ("MAIL", "354 what?", FOR_NOW, "the sender for now (354)"),
        ("MAIL", CUT, FOR_NOW, "cut the connection"),
        ("MAIL", STALL, FOR_NOW, "did not answer in time"),
        ("RCPT", "450 4.2.1 <zoe.oneil@example.com> greylisted", FOR_NOW, "the recipient for now (450 4.2.1)"),
        ("RCPT", "550 5.1.1 <zoe.oneil@example.com> unknown", FOR_GOOD, "the recipient for good (550 5.1.1)"),
        ("RCPT", "550 zoe.oneil@example.com", FOR_GOOD, "the recipient for good (550)"),
        ("RCPT", CUT, FOR_NOW, "cut the connection"),
        ("RCPT", STALL, FOR_NOW, "did not answer in time"),
        ("DATA", "452 4.3.1 no room", FOR_NOW, "the letter for now (452 4.3.1)"),
        ("DATA", "554 5.7.1 no", FOR_GOOD, "the letter for good (554 5.7.1)"),
        ("DATA", "250 no go-ahead", FOR_NOW, "the letter for now (250)"),
        ("DATA", CUT, FOR_NOW, "cut the connection"),
        ("DATA", STALL, FOR_NOW, "did not answer in time"),
        ("dot", "451 4.3.0 later", FOR_NOW, "the letter for now (451 4.3.0)"),
        ("dot", "554 5.6.0 spam for zoe.oneil@example.com", FOR_GOOD, "the letter for good (554 5.6.0)"),
        ("dot", "354 what?", UNKNOWN, "answered the whole letter with 354"),
        ("dot", "Zoë says hello".encode("ascii", "ignore").decode(), UNKNOWN, "answered the whole letter with -1"),
        ("dot", CUT, UNKNOWN, "did not say whether it took it"),
        ("dot", STALL, UNKNOWN, "did not say whether it took it"),
    ],
)
def test_each_failure_has_its_meaning_and_the_next_letter_goes_out(
    step: str, reply: str, kind: OutcomeKind, reason: str
) -> None:
    with SmtpSink() as sink:
        sink.behave(step, reply)
        patience = 0.5 if reply == STALL else 20
        mailer = SmtpMailer(sink.url(), reply=patience, final_reply=patience)
        outcome = mailer.send(letter())
        assert outcome.kind is kind
        assert reason in outcome.reason
        assert not [word for word in PERSONAL if word in outcome.reason]
        assert sink.received == []
        assert mailer.send(letter()).kind is SENT
        assert len(sink.received) == 1
        mailer.close()


def test_a_letter_cut_before_its_last_octet_was_written_was_surely_not_taken() -> None:
    with SmtpSink() as sink:
        sink.behave("body", CUT)
        mailer = SmtpMailer(sink.url())
        assert mailer.send(letter(html=("x" * 990 + "\n") * 12_000)).kind is FOR_NOW
        assert sink.received == []
        mailer.close()


def test_a_letter_wholly_written_into_a_cut_connection_is_unknown() -> None:
    with SmtpSink() as sink:
        sink.behave("dot", CUT)
        mailer = SmtpMailer(sink.url())
        assert mailer.send(letter()).kind is UNKNOWN
        mailer.close()


def test_letters_share_one_connection() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        assert {mailer.send(one).kind for one in letters(20)} == {SENT}
        assert {mail.connection for mail in sink.received} == {1}
        mailer.close()


def test_a_refused_recipient_spoils_neither_the_connection_nor_the_next_letter() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        sink.behave("RCPT", "550 5.1.1 unknown")
        assert [mailer.send(one).kind for one in letters(2)] == [FOR_GOOD, SENT]
        assert sink.received[0].recipients == ("zoe.oneil@example.com",)
        assert sink.connections == 1
        mailer.close()


def test_a_connection_that_the_server_closed_while_idle_is_replaced_once() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        first, second = letters(2)
        assert mailer.send(first).kind is SENT
        sink.hang_up()
        assert mailer.send(second).kind is SENT
        assert [mail.connection for mail in sink.received] == [1, 2]
        mailer.close()


def test_a_server_that_says_goodbye_on_a_kept_connection_is_called_once_more() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        assert mailer.send(letter()).kind is SENT
        sink.behave("MAIL", "421 4.7.0 enough letters on this connection")
        assert mailer.send(letter()).kind is SENT
        sink.behave("MAIL", "421 4.7.0 enough letters today", times=2)
        assert mailer.send(letter()).kind is FOR_NOW
        assert len(sink.received) == 2
        mailer.close()


def test_a_connection_that_idled_too_long_is_not_trusted() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url(), idle=-1)
        assert [mailer.send(one).kind for one in letters(2)] == [SENT, SENT]
        assert [mail.connection for mail in sink.received] == [1, 2]
        mailer.close()


def test_the_server_gets_crlf_and_seven_bits_and_the_envelope_in_ascii() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        mailer.send(letter())
        mailer.close()
    [mail] = sink.received
    assert mail.content.isascii()
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    assert (mail.sender, mail.recipients) == ("people-team@example.com", ("zoe.oneil@example.com",))


def test_lines_that_begin_with_dots_arrive_as_they_are() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        mailer.send(letter(text=".\n..\n...a\n", html="<p>plain</p>"))
        mailer.close()
    assert b"\r\n\r\n.\r\n..\r\n...a\r\n" in sink.received[0].content.replace(b"=2E", b".")


def test_the_server_s_queue_id_is_kept() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url())
        assert mailer.send(letter()).provider_id == "A00001"
        sink.behave("dot", "250 2.0.0 OK id=1abCdE-000123-Xy")
        assert mailer.send(letter()).provider_id == "1abCdE-000123-Xy"
        sink.behave("dot", "250 thank you, zoe.oneil@example.com")
        assert mailer.send(letter()).provider_id == ""
        mailer.close()


def test_a_letter_larger_than_the_server_takes_is_refused_for_good_before_it_is_sent() -> None:
    with SmtpSink(size_limit=2_000) as sink:
        mailer = SmtpMailer(sink.url())
        outcome = mailer.send(letter(text="long\n" * 1_000))
        assert (outcome.kind, outcome.reason) == (FOR_GOOD, "the mail server refused the sender for good (552)")
        mailer.close()


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtps", True), ("smtp+starttls", False)])
def test_a_password_travels_encrypted(scheme: str, from_the_start: bool) -> None:  # noqa: FBT001 -- a row of a table
    with SmtpSink(login=("bo", "p@ss word"), tls=server_tls(), from_the_start=from_the_start) as sink:
        mailer = SmtpMailer(sink.url(scheme, "bo:p%40ss%20word"), tls=client_tls())
        assert [mailer.send(one).kind for one in letters(2)] == [SENT, SENT]
        assert {mail.connection for mail in sink.received} == {1}
        mailer.close()


def test_a_server_that_wants_a_log_in_refuses_for_now() -> None:
    with SmtpSink(login=("bo", "right")) as sink:
        mailer = SmtpMailer(sink.url())
        assert mailer.send(letter()).kind is FOR_NOW
        mailer.close()


def test_a_wrong_password_refuses_for_now_and_is_not_told() -> None:
    with SmtpSink(login=("bo", "right"), tls=server_tls()) as sink:
        mailer = SmtpMailer(sink.url("smtp+starttls", "bo:wrong-secret"), tls=client_tls())
        outcome = mailer.send(letter())
        assert outcome.kind is FOR_NOW
        assert outcome.reason == "the mail server did not accept our user and password (535)"
        assert "secret" not in repr(mailer)
        mailer.close()


def test_a_name_that_nobody_has_refuses_for_now() -> None:
    """RFC 6761 section 6.4 promises that there never is such a name."""
    assert SmtpMailer("smtp://mail.invalid").send(letter()).kind is FOR_NOW


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtps", True), ("smtp+starttls", False)])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(scheme: str, from_the_start: bool) -> None:  # noqa: FBT001 -- a row of a table
    with SmtpSink(tls=server_tls(), from_the_start=from_the_start) as sink:
        mailer = SmtpMailer(sink.url(scheme))
        outcome = mailer.send(letter())
        assert outcome.kind is FOR_NOW
        assert "certificate" in outcome.reason
        mailer.close()


def test_a_server_without_starttls_gets_nothing_in_the_clear() -> None:
    with SmtpSink() as sink:
        mailer = SmtpMailer(sink.url("smtp+starttls"), tls=client_tls())
        outcome = mailer.send(letter())
        assert (outcome.kind, sink.received) == (FOR_NOW, [])
        assert "STARTTLS" in outcome.reason
        mailer.close()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "smtp://"),
        ("http://mail.example.com", "smtp://"),
        ("smtp://", "name a server"),
        ("smtp://mail.example.com:99999", "port"),
        ("smtp://mail..example.com", "name"),
        ("smtp://bo:geheim@mail.example.com", "smtps://"),
        ("smtps://bo:gehe%C3%AFm@mail.example.com", "ASCII"),
    ],
)
def test_an_address_that_cannot_work_is_refused_at_the_start(url: str, problem: str) -> None:
    with pytest.raises(BadSettings, match=problem) as refused:
        SmtpMailer(url)
    assert "gehe" not in str(refused.value)
