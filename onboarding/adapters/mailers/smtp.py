"""How does a letter reach an SMTP server, and what did the server make of it?"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from functools import cached_property
from urllib.parse import unquote, urlsplit

from onboarding.adapters.mailers import mime
from onboarding.adapters.mailers.connections import Kept, can_be_a_host
from onboarding.domain.errors import BadAddress, BadSettings
from onboarding.domain.mail import Letter, Outcome, OutcomeKind

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""The schemes we speak and their usual ports."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
GO_AHEAD = 354
CLOSING = 421
NOT_LET_IN = 530
"""Log in or start TLS first (RFC 4954 section 6, RFC 3207 section 4): our settings, not this letter."""

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_QUEUE_ID = re.compile(rb"queued as ([A-Za-z0-9]{4,40})|\bid=([A-Za-z0-9-]{4,60})")

Reply = tuple[int, bytes]


class SmtpMailer:
    """Mails over connections that stay open from one letter to the next.

    Until the final dot is written nothing is taken, so every failure before it is a refusal. After the dot only
    the server's reply is certain: without one the outcome is unknown (RFC 5321 section 4.2.5, section 6.1).
    """

    def __init__(
        self,
        url: str,
        *,
        reply: float = 30.0,
        final_reply: float = 120.0,
        idle: float = 60.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`url` is `smtp://`, `smtp+starttls://` or `smtps://`, then `[user:password@]host[:port]`.

        `reply` is how many seconds a connection or an answer may take, `final_reply` the answer after the final
        dot (a server may scan the mail first), `idle` after how long an unused connection is not trusted any
        more. `tls` replaces the system's trust, for a company's own authority.

        Raises:
            BadSettings: when the address cannot work, or would send a password in the clear.
        """
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        try:
            self._port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise BadSettings(["ONBOARDING_SMTP_URL: the port is not a number up to 65535"]) from error
        self._refuse_what_cannot_work()
        self._reply, self._final_reply, self._tls = reply, final_reply, tls
        self._kept: Kept[smtplib.SMTP] = Kept(idle=idle, end=_end)

    def __repr__(self) -> str:
        return f"SmtpMailer({self._scheme}://{self._host}:{self._port})"

    def send(self, letter: Letter) -> Outcome:
        """Hand it over; `provider_id` is the server's queue id when it names one."""
        try:
            wire = mime.to_bytes(letter)
            sender, recipient = mime.address(letter.sender), mime.address(letter.to)
        except BadAddress as error:
            return Outcome(kind=OutcomeKind.REFUSED, reason=str(error))
        try:
            connection, answer = self._begin(sender, len(wire))
        except OSError as error:  # smtplib's errors are OSErrors too
            return _not_reached(error)
        return self._hand_over(connection, answer, recipient, wire)

    def close(self) -> None:
        """Say goodbye on the connections that wait; those in use are kept for the next letter."""
        self._kept.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()  # 20 ms, so only when TLS is spoken

    def _refuse_what_cannot_work(self) -> None:
        problems = []
        if self._scheme not in PORTS or not self._host:
            problems.append("it must be smtp://, smtp+starttls:// or smtps:// and name a server")
        if not can_be_a_host(self._host):
            problems.append("the server's name cannot be one")
        if not (self._user + self._password).isascii():
            problems.append("user and password must be plain ASCII")
        if self._scheme == "smtp" and self._password and self._host not in LOOPBACK:
            problems.append("a password needs smtp+starttls:// or smtps://")
        if problems:
            raise BadSettings([f"ONBOARDING_SMTP_URL: {problem}" for problem in problems])

    def _begin(self, sender: str, size: int) -> tuple[smtplib.SMTP, Reply]:
        """A connection, and the answer to MAIL on it.

        MAIL is also the question whether a kept connection still lives: one that does not answer it, or says
        goodbye (421), is replaced once. That costs no round trip, and nothing of the letter was written yet.
        """
        kept = self._kept.take()
        if kept is not None:
            with suppress(OSError):
                answer = _mail(kept, sender, size)
                if answer[0] != CLOSING:
                    return kept, answer
            kept.close()
        fresh = self._open()
        try:
            return fresh, _mail(fresh, sender, size)
        except OSError:
            fresh.close()
            raise

    def _open(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._reply, context=self._trust
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._reply)
        try:
            if self._scheme == "smtp+starttls":
                connection.starttls(context=self._trust)
            connection.ehlo_or_helo_if_needed()
            if self._user:
                connection.login(self._user, self._password)
            # The last piece of a letter must not wait for the acknowledgement of the one before.
            _socket(connection).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, answer: Reply, recipient: str, wire: bytes) -> Outcome:
        """RCPT, DATA, the letter and its final dot: nothing is taken before the dot, nothing is sure after it."""
        try:
            refusal = _refused_before_data(connection, answer, recipient)
            if refusal is None:
                # One write: when it fails, its last octets, the final dot, were not written.
                connection.send(_LEADING_DOT.sub(b"..", wire) + b".\r\n")
        except OSError as error:
            connection.close()
            return _not_reached(error)
        try:
            outcome = refusal or _taken(self._final(connection))
        except OSError:
            connection.close()
            return Outcome(
                kind=OutcomeKind.UNKNOWN,
                reason="the whole letter was written, but the mail server did not say whether it took it",
            )
        self._put_back(connection, outcome)
        return outcome

    def _final(self, connection: smtplib.SMTP) -> Reply:
        _socket(connection).settimeout(self._final_reply)
        answer = connection.getreply()
        _socket(connection).settimeout(self._reply)
        return answer

    def _put_back(self, connection: smtplib.SMTP, outcome: Outcome) -> None:
        try:
            if outcome.kind is not OutcomeKind.SENT and not _good(connection.rset()):
                raise smtplib.SMTPServerDisconnected("unwilling")
        except OSError:
            connection.close()
        else:
            self._kept.give(connection)


def _socket(connection: smtplib.SMTP) -> socket.socket:
    if connection.sock is None:
        raise smtplib.SMTPServerDisconnected("closed")
    return connection.sock


def _mail(connection: smtplib.SMTP, sender: str, size: int) -> Reply:
    options = [f"size={size}"] if connection.has_extn("size") else []  # too large is said before it is sent
    return connection.mail(sender, options)


def _refused_before_data(connection: smtplib.SMTP, answer: Reply, recipient: str) -> Outcome | None:
    """Why it goes no further after MAIL, RCPT or DATA; None when the server says "go ahead"."""
    if not _good(answer):
        return _refusal(answer, "the sender")
    answer = connection.rcpt(recipient)
    if not _good(answer):
        return _refusal(answer, "the recipient")
    answer = connection.docmd("DATA")
    return None if answer[0] == GO_AHEAD else _refusal(answer, "the letter")


def _taken(answer: Reply) -> Outcome:
    """What the reply to the whole letter means."""
    code, text = answer
    if _good(answer):
        queued = _QUEUE_ID.search(text)
        found = next(filter(None, queued.groups())).decode("ascii") if queued else ""
        return Outcome(kind=OutcomeKind.SENT, provider_id=found)
    if code // 100 in (4, 5):
        return _refusal(answer, "the letter")
    return Outcome(kind=OutcomeKind.UNKNOWN, reason=f"the mail server answered the whole letter with {code}")


def _good(answer: Reply) -> bool:
    return answer[0] // 100 == 2  # noqa: PLR2004 -- the first digit says it all (RFC 5321 section 4.2.1)


def _refusal(answer: Reply, what: str) -> Outcome:
    """The server's own words stay out: they like to repeat the address. Its codes (RFC 3463) say enough."""
    code, text = answer
    enhanced = _ENHANCED.match(text)
    said = f"{code} {enhanced.group().decode('ascii')}" if enhanced else str(code)
    if code // 100 == 5 and code != NOT_LET_IN:  # noqa: PLR2004 -- as above
        return Outcome(kind=OutcomeKind.REFUSED, reason=f"the mail server refused {what} for good ({said})")
    return Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason=f"the mail server refused {what} for now ({said})")


def _not_reached(error: OSError) -> Outcome:
    """Nothing was taken. The error's own text stays out: it may hold the server's words, so the address."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
    if isinstance(error, smtplib.SMTPAuthenticationError):
        why = f"did not accept our user and password ({code})"
    elif code:
        why = f"did not let us in ({code})"
    elif isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib hides it
        why = "did not answer in time"
    elif isinstance(error, socket.gaierror):
        why = "has a name that cannot be found"
    elif isinstance(error, ssl.SSLError):
        why = "has no certificate or encryption that we can trust"
    elif isinstance(error, ConnectionRefusedError):
        why = "refused the connection"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        why = "does not offer STARTTLS or a log-in that we know"
    else:
        why = "could not be reached, or cut the connection before the letter was whole"
    return Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason=f"the mail server {why}")


def _end(connection: smtplib.SMTP) -> None:
    with suppress(OSError):
        _socket(connection).settimeout(1.0)
        connection.quit()
    connection.close()
