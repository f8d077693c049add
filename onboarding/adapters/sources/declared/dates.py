"""Which day and which moment does a system mean? It writes them in one of the ways that it declares."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onboarding.adapters.sources.declared.paths import text_of

WRITTEN = {
    "iso": "year-month-day, such as 2026-03-25, or a moment that begins so",
    "mdy": "month/day/year, such as 03/25/2026",
    "dmy": "day/month/year, such as 25/03/2026",
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
}
"""How each format looks."""

_PARTS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(value: Any, written: str, zone: str) -> str:
    """The day as 2026-03-02, unchecked beyond its shape; `zone` says whose day a moment is.

    Without a zone the day of a moment is the one that is written in it, and that of UTC for an epoch.

    Raises:
        ValueError: it is not written so; the message continues "start_date ...".
    """
    text = text_of(value).strip()
    if written in ("mdy", "dmy"):
        parts = _PARTS.fullmatch(text)
        if parts:
            month, number = (parts[1], parts[2]) if written == "mdy" else (parts[2], parts[1])
            return f"{parts[3]}-{month:>02}-{number:>02}"
    elif written == "iso" and (_DAY.fullmatch(text) or (_DAY.match(text) and not zone and _is_moment(text))):
        return text[:10]
    elif (found := _moment(text, written)) is not None:
        return found.astimezone(ZoneInfo(zone or "UTC")).date().isoformat()
    raise ValueError(f"must be written as {WRITTEN[written]}")


def moment(value: Any, written: str, zone: str) -> datetime:
    """The moment in UTC; one without an offset lies in `zone`, or in UTC.

    Raises:
        ValueError: it is not written so; the message continues "at ...".
    """
    text = text_of(value).strip()
    if written in ("mdy", "dmy"):
        date, _, rest = text.partition(" ")
        text, written = f"{day(date, written, '')}T{rest.strip() or '00:00'}", "iso"
    found = _moment(text, written, zone)
    if found is None:
        raise ValueError(f"must be written as {WRITTEN[written]}")
    return found


def _is_moment(text: str) -> bool:
    return _moment(text, "iso") is not None


def _moment(text: str, written: str, zone: str = "") -> datetime | None:
    try:
        if written == "iso":
            found = datetime.fromisoformat(text)
            return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone or "UTC"))).astimezone(UTC)
        if not re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]+)?", text):
            return None
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if written == "epoch_ms" else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None
