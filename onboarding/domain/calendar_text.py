"""How does text stand in a calendar, so that every program reads it back as people wrote it?"""

from __future__ import annotations

import re

import icalendar

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def text(value: str) -> icalendar.vText:
    """A text value (RFC 5545 section 3.3.11) of what people wrote, names never transliterated."""
    return _Text(_printable(value))


class _Text(icalendar.vText):
    r"""Text escaped as RFC 5545 section 3.3.11 has it.

    icalendar 7.3 takes a backslash before a capital N for a line break and would tear `\\files\New` in two.
    """

    def to_ical(self) -> bytes:
        """The escaped text in UTF-8."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def _printable(value: str) -> str:
    """Text without control characters, which RFC 5545 section 3.1 forbids; every kind of line end becomes one."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", value))
