"""What does SendGrid hand over that came in by mail? Its Inbound Parse webhook, in raw mode.

A form (multipart/form-data) whose field `email` is the whole mail, with the verdicts of SendGrid's own server in
`SPF` and `dkim` (https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook).
With a security policy SendGrid signs it
(https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/securing-your-parse-webhooks): ECDSA as for its
events, over the timestamp and the raw body. What it answers with 5xx it repeats for three days.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import Message
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import FormParser
from sendgrid.helpers.eventwebhook import EventWebhook

from onboarding.adapters.mailers.sendgrid_news import SIGNATURE, TIMESTAMP, WINDOW
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, NotFound
from onboarding.ports.replies import Posted

LARGEST_KNOWN = 32 * 1024 * 1024
"""Bytes of a form from somebody who knows the secret address: SendGrid takes mails of up to 30 MB."""

LARGEST_UNKNOWN = 2 * 1024 * 1024
"""Bytes of a form of which only the signature will say whose it is."""

LARGEST_VERDICT = 10_000
MOST_FIELDS = 60
KEPT = ("email", "SPF", "dkim")

_PASSED = re.compile(r"@([a-z0-9.-]+)\s*:\s*pass\b", re.IGNORECASE)
_FROM = re.compile(rb"(?im)^from:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")


class SendGridReplies:
    """The door for Inbound Parse; `paths` are secret ends of its address, `public_key` is its security policy's.

    At least one of them is set, or the door lets everybody in.
    """

    def __init__(self, *, paths: Sequence[str] = (), public_key: str = "") -> None:
        """Raises BadSettings when neither is set, or the key is none."""
        if not paths and not public_key:
            raise BadSettings(["ONBOARDING_REPLIES_PATHS or ONBOARDING_REPLIES_KEY must be set"])
        self._paths = tuple(paths)
        self._key: Any = None
        if public_key:
            try:
                self._key = EventWebhook(public_key).public_key
            except ValueError as error:
                raise BadSettings(["ONBOARDING_REPLIES_KEY is not the public key of a security policy"]) from error

    def admit(self, path: str) -> int:
        """How many bytes a body may have."""
        known = [one for one in self._paths if hmac.compare_digest(path.encode(), one.encode())]
        if (self._paths and not known) or (path and not self._paths):
            raise NotFound("there is nothing at this address")
        return LARGEST_KNOWN if known else LARGEST_UNKNOWN

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        """The mail in a form."""
        if self._key is not None:
            self._verify(headers, body, now)
        fields = _fields(headers.get("content-type", ""), body)
        if "email" not in fields:
            raise BadRecord("there is no field email: switch on `POST the raw, full MIME message` for this host")
        verdicts = {name: fields.get(name, b"")[:LARGEST_VERDICT].decode("ascii", "replace") for name in KEPT[1:]}
        return Posted(raw=fields["email"], doubt=doubt(fields["email"], verdicts["SPF"], verdicts["dkim"]))

    def _verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """The event webhook's own helper wants text, and a mail may hold any byte."""
        try:
            stamp = headers.get(TIMESTAMP, "")
            age = now.timestamp() - int(stamp)
            signature = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
            self._key.verify(signature, stamp.encode("ascii") + body, ec.ECDSA(hashes.SHA256()))
        except (ValueError, binascii.Error, InvalidSignature) as error:
            raise BadSignature("this is not signed by SendGrid") from error
        if abs(age) > WINDOW.total_seconds():
            raise BadSignature("this was signed too long ago")


def doubt(raw: bytes, spf: str, dkim: str) -> str:
    """Why a mail may not be from its sender, in one sentence; "" when nothing speaks against it.

    Only a failed SPF without a passed DKIM signature of the sender's domain is a reason: forwarding breaks SPF,
    and many honest domains have neither.
    """
    if spf.strip().casefold() not in ("fail", "softfail"):
        return ""
    found = _FROM.search(raw[: 64 * 1024])
    domains = re.findall(rb"@([A-Za-z0-9.-]+)", found.group()) if found else []
    sender = domains[-1].decode("ascii").casefold().rstrip(".") if domains else ""
    signed = [one.casefold() for one in _PASSED.findall(dkim)]
    if sender and any(sender == one or sender.endswith(f".{one}") for one in signed if "." in one):
        return ""
    return (
        "the server that sent it may not send for the domain of its sender (SPF), and no signature (DKIM) says so"
    )


def _fields(content_type: str, body: bytes) -> dict[str, bytes]:
    """The fields that are read, as bytes; of one that comes twice none is chosen.

    Raises:
        BadRecord: it is no form.
    """
    parsed = Message()
    parsed["content-type"] = content_type[:500].replace("\r", " ").replace("\n", " ")
    boundary = parsed.get_boundary()
    if parsed.get_content_type() != "multipart/form-data" or not boundary or not boundary.isascii():
        raise BadRecord("this is not the form that Inbound Parse posts")
    found: list[tuple[str, bytes]] = []

    def take(field: Any) -> None:
        name = (field.field_name or b"").decode("ascii", "replace")
        if len(found) >= MOST_FIELDS:
            raise BadRecord("the form has too many fields")
        found.append((name, field.value or b"" if name in KEPT else b""))

    try:
        parser = FormParser(
            "multipart/form-data",
            take,
            lambda _file: None,
            boundary=boundary,
            config={"MAX_MEMORY_FILE_SIZE": LARGEST_KNOWN + 1},  # a stranger's file never reaches the disk
        )
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise BadRecord("the form is torn") from error
    if not body[-200 - len(boundary) :].rstrip().endswith(f"--{boundary}--".encode()):
        raise BadRecord("the form is torn")  # what is cut off may be a verdict
    names = [name for name, _ in found]
    if any(names.count(name) > 1 for name in KEPT):
        raise BadRecord("the form has a field twice")
    return dict(found)
