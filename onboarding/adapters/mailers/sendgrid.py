"""How does a letter reach SendGrid's v3/mail/send, and what did it make of it?"""

from __future__ import annotations

import base64
import json
import re
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import httpx
from sendgrid.helpers.mail import (
    Attachment,
    ClickTracking,
    Content,
    ContentId,
    CustomArg,
    Disposition,
    FileContent,
    FileName,
    FileType,
    From,
    Header,
    Mail,
    OpenTracking,
    ReplyTo,
    SubscriptionTracking,
    To,
    TrackingSettings,
)
from sendgrid.helpers.mail.exceptions import SendGridException

from onboarding.adapters.mailers import mime
from onboarding.adapters.mailers.connections import Kept, can_be_a_host
from onboarding.domain.errors import BadAddress, BadSettings
from onboarding.domain.mail import Address, Letter, Outcome, OutcomeKind, Picture

ACCEPTED = 202
LARGEST_ERROR = 64 * 1024
"""Octets of an error body that we read."""

FOR_NOW, FOR_GOOD, UNKNOWN = OutcomeKind.REFUSED_FOR_NOW, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN

VERDICTS: dict[int, tuple[OutcomeKind, str]] = {
    # Sandbox mode, or something that is not SendGrid: checked at most, sent never.
    200: (FOR_GOOD, "only checked the letter and did not send it (sandbox)"),
    # What is wrong with us heals when somebody mends a setting; the letter is good and may go then.
    401: (FOR_NOW, "does not know our key"),
    403: (FOR_NOW, "does not let this key or this sender write, or blocks us for a while"),
    404: (FOR_NOW, "has nothing at this address"),
    405: (FOR_NOW, "has nothing at this address that takes letters"),
    408: (FOR_NOW, "did not get the whole request in time"),
    429: (FOR_NOW, "has taken enough letters from us for this moment"),
    # What is wrong with the letter stays wrong.
    400: (FOR_GOOD, "does not understand the letter"),
    413: (FOR_GOOD, "finds the letter too large"),
}
"""What a status says about the letter; 5xx is weighed in `_broken`."""

KNOWN_MESSAGES = {
    "maximum credits exceeded": "the account has no credits left",
    "verified sender identity": "the From address is not a verified sender",
    "expired, or revoked": "the key is invalid, expired or revoked",
}
"""Messages worth passing on. All others stay out of reasons: they may repeat an address."""

_FORBIDDEN_IN_NAMES = str.maketrans({",": " ", ";": " "})
_FIELD = re.compile(
    r"(personalizations|from|reply_to|subject|content|attachments|headers)(\.[a-z0-9_]{1,20}){0,4}"
)
_EPOCH = re.compile(r"\d{10}")


class SendGridMailer:
    """Mails over HTTPS connections that stay open from one letter to the next.

    There is no idempotency key: once the request is out, only an answer that says so is a refusal, and everything
    that is not sure is unknown. A proxy named in the environment (HTTPS_PROXY) is used, as httpx does.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str = "https://api.sendgrid.com",
        *,
        connect: float = 5.0,
        read: float = 30.0,
    ) -> None:
        """`connect` and `read` are seconds: to reach SendGrid, and until it answers a whole request.

        Raises:
            BadSettings: when the key cannot stand in a header or the address is none.
        """
        self._key = api_key.strip()
        if not re.fullmatch(r"[!-~]+", self._key):
            raise BadSettings(["ONBOARDING_SENDGRID_API_KEY is empty or holds spaces or signs no key has"])
        try:
            self._base_url = httpx.URL(base_url)
        except httpx.InvalidURL as error:
            raise BadSettings(["ONBOARDING_SENDGRID_URL is not an address"]) from error
        host = self._base_url.host
        if self._base_url.scheme not in ("http", "https") or not host or not can_be_a_host(host):
            raise BadSettings(["ONBOARDING_SENDGRID_URL must be https:// and the name of a server"])
        self._timeout = httpx.Timeout(read, connect=connect)
        # A client each for as many threads as send at once: `close` never pulls a socket from under a letter.
        self._kept: Kept[httpx.Client] = Kept(idle=60.0, end=httpx.Client.close)

    def __repr__(self) -> str:
        return f"SendGridMailer({self._base_url.host})"

    def send(self, letter: Letter) -> Outcome:
        """Hand it over; `provider_id` is X-Message-Id, which the events' `sg_message_id` begins with."""
        try:
            content = json.dumps(body(letter), ensure_ascii=False).encode("utf-8", "replace")
        except BadAddress as error:
            return Outcome(kind=FOR_GOOD, reason=str(error))
        except SendGridException:
            return Outcome(kind=FOR_GOOD, reason="the letter holds something that looks like a SendGrid key")
        client = self._kept.take() or self._open()
        try:
            return _post(client, content)
        finally:
            self._kept.give(client)

    def close(self) -> None:
        """Close the connections that wait; those in use are kept for the next letter."""
        self._kept.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        if self._base_url.scheme == "http":  # a stand-in on loopback: no TLS is spoken, nobody is trusted
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.create_ssl_context()  # 20 to 80 ms, so once for all clients

    def _open(self) -> httpx.Client:
        return httpx.Client(
            base_url=self._base_url,
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
            timeout=self._timeout,
            verify=self._trust,
            follow_redirects=False,  # a followed 302 is a GET that answers 200 and sends nothing
        )


def body(letter: Letter) -> dict[str, Any]:
    """The JSON of v3/mail/send. Only the delivery's number leaves as custom_args, at the personalization.

    Raises:
        BadAddress: when a value could forge a header; it never names the value.
        SendGridException: when the text begins with a SendGrid key.
    """
    mail = Mail()
    mail.from_email = From(*_named(letter.sender))
    mail.add_to(To(*_named(letter.to)))
    mail.subject = mime.one_line(letter.subject)
    if letter.reply_to is not None:
        mail.reply_to = ReplyTo(*_named(letter.reply_to))
    mail.add_custom_arg(CustomArg("delivery", str(letter.number), p=0))
    for name, value in mime.further_headers(letter).items():
        mail.add_header(Header(name, value))
    mail.add_content(Content("text/plain", letter.text))
    mail.add_content(Content("text/html", letter.html))
    if letter.invitation is not None:
        method = mime.checked_method(letter.invitation)
        mail.add_content(Content(f"text/calendar; method={method}", letter.invitation.ics))
        mail.add_attachment(_attached(letter.invitation.ics))
    for number, picture in enumerate(letter.pictures, start=1):
        mail.add_attachment(_shown(number, picture))
    mail.tracking_settings = TrackingSettings(
        ClickTracking(enable=False, enable_text=False),
        OpenTracking(enable=False),
        SubscriptionTracking(enable=False),  # or SendGrid puts its own List-Unsubscribe over ours
    )
    built: dict[str, Any] = mail.get()
    return built


def _attached(ics: str) -> Attachment:
    return Attachment(
        FileContent(base64.b64encode(ics.encode("utf-8", "replace")).decode("ascii")),
        FileName("invite.ics"),
        FileType("application/ics"),
        Disposition("attachment"),
    )


def _shown(number: int, picture: Picture) -> Attachment:
    return Attachment(
        FileContent(base64.b64encode(picture.jpeg).decode("ascii")),
        FileName(mime.file_name(number)),
        FileType("image/jpeg"),
        Disposition("inline"),
        ContentId(mime.checked_content_id(picture)),
    )


def _named(address: Address) -> tuple[str, str | None]:
    """Address and display name, without the `,` and `;` that SendGrid refuses in a name."""
    name = " ".join(mime.shown_name(address).translate(_FORBIDDEN_IN_NAMES).split())
    return mime.address(address), name or None


def _post(client: httpx.Client, content: bytes) -> Outcome:
    try:
        with client.stream("POST", "/v3/mail/send", content=content) as response:
            if response.status_code == ACCEPTED:  # said before the (empty) body, which may be cut
                with suppress(httpx.TransportError):
                    _start_of(response)
                return Outcome(kind=OutcomeKind.SENT, provider_id=response.headers.get("X-Message-Id", ""))
            return _refusal(response)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
        return Outcome(kind=FOR_NOW, reason="SendGrid could not be reached")
    except httpx.WriteTimeout:
        return Outcome(kind=FOR_NOW, reason="SendGrid stopped reading before the request was whole")
    except (httpx.TransportError, httpx.DecodingError):
        return Outcome(
            kind=UNKNOWN, reason="the request left, but SendGrid did not say whether it took the letter"
        )


def _refusal(response: httpx.Response) -> Outcome:
    status = response.status_code
    errors = _errors(response)
    kind, said = VERDICTS.get(status) or _by_class(status, own_words=errors is not None)
    hints = _hints(errors or [])
    reason = f"SendGrid {said} ({status})" + (f": {hints}" if hints else "")
    return Outcome(
        kind=kind, reason=reason, retry_at=_reset(response) if status == httpx.codes.TOO_MANY_REQUESTS else None
    )


def _by_class(status: int, *, own_words: bool) -> tuple[OutcomeKind, str]:
    """Statuses without a line of their own.

    A 5xx reaches us after the request was out. 503 means "not handled" (RFC 9110 section 15.6.4) when SendGrid's
    API says it itself, in its own JSON; a bare one comes from a gateway, and some gateways also say 503 when the
    server behind them took the request and then fell silent. 500, 502 and 504 may each come after the letter was
    queued. So only the first is a refusal.
    """
    if 300 <= status < 400:  # noqa: PLR2004 -- redirections (RFC 9110 section 15.4)
        return FOR_GOOD, "sent us elsewhere instead of taking the letter"
    if 400 <= status < 500:  # noqa: PLR2004 -- client errors (RFC 9110 section 15.5)
        return FOR_GOOD, "refused the letter"
    if status == httpx.codes.SERVICE_UNAVAILABLE and own_words:
        return FOR_NOW, "is not available"
    return UNKNOWN, "broke down and may or may not have taken the letter"


def _errors(response: httpx.Response) -> list[dict[str, Any]] | None:
    """The `errors` of SendGrid's own error body, or None when the body is not SendGrid's."""
    try:
        found = json.loads(_start_of(response))["errors"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return [error for error in found if isinstance(error, dict)] if isinstance(found, list) else None


def _start_of(response: httpx.Response) -> bytes:
    read = b""
    for piece in response.iter_bytes():
        read += piece
        if len(read) > LARGEST_ERROR:
            break
    return read


def _hints(errors: list[dict[str, Any]]) -> str:
    """What may be passed on: known messages in our words, and the names of fields."""
    messages = " ".join(str(error.get("message", "")).lower() for error in errors)
    hints = [ours for theirs, ours in KNOWN_MESSAGES.items() if theirs in messages]
    fields = {str(error.get("field") or "") for error in errors} - {"", "null"}
    return ", ".join(hints + sorted(field for field in fields if _FIELD.fullmatch(field)))


def _reset(response: httpx.Response) -> datetime | None:
    """X-RateLimit-Reset, epoch seconds; None when absent or not a moment of these centuries."""
    reset = response.headers.get("X-RateLimit-Reset", "")
    return datetime.fromtimestamp(int(reset), UTC) if _EPOCH.fullmatch(reset) else None
