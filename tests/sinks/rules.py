"""What does SendGrid refuse about a body? Our own strict reading of its documented rules."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

RESERVED_HEADERS = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding",
    "to", "from", "subject", "reply-to", "cc", "bcc",
}  # fmt: skip
_ADDRESS = re.compile(r"[!-;=?-~]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
_TOP = {
    "personalizations",
    "from",
    "reply_to",
    "subject",
    "content",
    "attachments",
    "headers",
    "tracking_settings",
}
_TRACKING = {"click_tracking", "open_tracking", "subscription_tracking"}


def complaints(body: Any) -> list[dict[str, Any]]:
    """What v3/mail/send would refuse about a body: `message` and `field` each, none when it is good.

    Stricter than the service where it is lenient: a key that we do not use is a mistake of ours.
    """
    if not isinstance(body, dict):
        return [{"message": "Bad Request", "field": None, "help": None}]
    found: list[tuple[str, str]] = [(f"unknown key {key}", key) for key in body.keys() - _TOP]
    found += [("required", key) for key in ("personalizations", "from", "subject", "content") if not body.get(key)]
    for number, one in enumerate(body.get("personalizations", [])):
        found += _about_personalization(one, f"personalizations.{number}")
    found += _about_address(body.get("from"), "from", is_from=True)
    if "reply_to" in body:
        found += _about_address(body["reply_to"], "reply_to")
    found += _about_content(body.get("content", []))
    found += [
        problem
        for number, one in enumerate(body.get("attachments", []))
        for problem in _about_attachment(one, f"attachments.{number}")
    ]
    found += _about_headers(body.get("headers", {}), "headers")
    found += [
        (f"unknown key {key}", f"tracking_settings.{key}")
        for key in body.get("tracking_settings", {}).keys() - _TRACKING
    ]
    return [{"message": message, "field": place, "help": None} for message, place in found]


def _about_personalization(one: dict[str, Any], place: str) -> list[tuple[str, str]]:
    found = [
        (f"unknown key {key}", f"{place}.{key}")
        for key in one.keys() - {"to", "custom_args", "headers", "subject"}
    ]
    if not one.get("to"):
        found.append(("required", f"{place}.to"))
    for number, to in enumerate(one.get("to", [])):
        found += _about_address(to, f"{place}.to.{number}")
    custom = one.get("custom_args", {})
    if not all(isinstance(value, str) for value in custom.values()) or len(json.dumps(custom)) > 10_000:
        found.append(("custom_args must be strings of less than 10,000 bytes", f"{place}.custom_args"))
    return found + _about_headers(one.get("headers", {}), f"{place}.headers")


def _about_address(one: Any, place: str, *, is_from: bool = False) -> list[tuple[str, str]]:
    if not isinstance(one, dict) or not isinstance(one.get("email"), str):
        return [("an object with an email", place)]
    found = [(f"unknown key {key}", f"{place}.{key}") for key in one.keys() - {"email", "name"}]
    if not _ADDRESS.fullmatch(one["email"]):
        found.append(("Does not contain a valid address.", f"{place}.email"))
    if not is_from and set(one.get("name") or "") & set(",;"):
        found.append(("The name must not contain ; or ,", f"{place}.name"))
    return found


def _about_content(content: list[dict[str, Any]]) -> list[tuple[str, str]]:
    kinds = [str(one.get("type", "")).split(";")[0] for one in content]
    order = [kind for kind in ("text/plain", "text/html") if kind in kinds]
    found = []
    if kinds[: len(order)] != order:
        found.append(("text/plain must come first, then text/html", "content"))
    for number, one in enumerate(content):
        if one.keys() != {"type", "value"} or not all(isinstance(value, str) and value for value in one.values()):
            found.append(("type and value must be strings with something in them", f"content.{number}"))
        elif not re.fullmatch(r"[^;,\r\n]+(; ?method=[A-Z]+)?", one["type"]):
            found.append(("The content type holds what it must not", f"content.{number}.type"))
    return found


def _about_attachment(one: dict[str, Any], place: str) -> list[tuple[str, str]]:
    found = [
        (f"unknown key {key}", f"{place}.{key}")
        for key in one.keys() - {"content", "type", "filename", "disposition", "content_id"}
    ]
    try:
        base64.b64decode(one["content"], validate=True)
    except (KeyError, TypeError, binascii.Error):
        found.append(("The attachment content must be base64 encoded.", f"{place}.content"))
    if not one.get("filename"):
        found.append(("The filename is required.", f"{place}.filename"))
    if one.get("disposition") == "inline" and not re.fullmatch(r"[!-;=?-~]{3,}", str(one.get("content_id", ""))):
        found.append(("An inline attachment needs a content_id without < and >.", f"{place}.content_id"))
    if one.get("disposition", "attachment") not in ("attachment", "inline"):
        found.append(("attachment or inline", f"{place}.disposition"))
    return found


def _about_headers(headers: dict[str, Any], place: str) -> list[tuple[str, str]]:
    found = [
        ("The header is reserved.", f"{place}.{name}") for name in headers if name.lower() in RESERVED_HEADERS
    ]
    found += [
        ("Header values are ASCII strings on one line", f"{place}.{name}")
        for name, value in headers.items()
        if not isinstance(value, str) or not value.isascii() or not value.isprintable()
    ]
    return found
