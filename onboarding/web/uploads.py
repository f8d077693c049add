"""Which file did a browser send us in a form?"""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from onboarding.domain.errors import TooLarge
from onboarding.domain.portraits import LARGEST_UPLOAD, Unfit, unfit
from onboarding.web.forms import NotAForm
from onboarding.web.limits import read_body

MULTIPART = b"multipart/form-data"
"""How a browser sends a form with a file (RFC 7578)."""

AROUND = 16 * 1024
"""Bytes of boundaries and headers around the file."""

SECONDS = 90.0
"""In which the whole file must be here: 5 MB at half a megabit a second."""

MOST_PARTS = 8
"""Parts of one form; ours has one."""

LONGEST_BOUNDARY = 70
"""RFC 2046 section 5.1.1."""


@dataclass(slots=True)
class _Parts:
    """What the parser tells, part by part."""

    name: str
    content: bytearray = field(default_factory=bytearray)
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    wanted: bool = False
    found: bool = False
    whole: bool = False
    count: int = 0

    def begin(self) -> None:
        self.count += 1
        if self.count > MOST_PARTS:
            raise NotAForm("this form has more parts than ours")
        self.header.clear()
        self.value.clear()
        self.wanted = False

    def header_field(self, octets: bytes, start: int, end: int) -> None:
        self.header += octets[start:end]

    def header_value(self, octets: bytes, start: int, end: int) -> None:
        self.value += octets[start:end]

    def header_end(self) -> None:
        if self.header.lower() == b"content-disposition" and not self.found:
            _, options = parse_options_header(bytes(self.value))
            self.wanted = options.get(b"name") == self.name.encode()
            self.found = self.wanted
        self.header.clear()
        self.value.clear()

    def part(self, octets: bytes, start: int, end: int) -> None:
        if self.wanted:
            self.content += octets[start:end]

    def end(self) -> None:
        self.whole = True


async def sent_photo(request: Request) -> bytes:
    """The bytes of the file in the field `photo`; none when the browser sent the field without a file.

    Nothing is written to a disk, and reading stops as soon as there is too much. It lies in memory, so the caller
    has taken a place before.

    Raises:
        NotAForm: the body is no form with a file, or not a whole one.
        BadPicture: there is more than may be sent.
        TooSlow: not all of it came in time.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind.lower() != MULTIPART or not 0 < len(boundary) <= LONGEST_BOUNDARY:
        raise NotAForm("this is not a form with a file")
    try:
        body = await read_body(request, LARGEST_UPLOAD + AROUND, seconds=SECONDS)
    except TooLarge:
        raise unfit(Unfit.LARGE) from None
    return await run_in_threadpool(_file_in, body, boundary)


def _file_in(body: bytes, boundary: bytes) -> bytes:
    parts = _Parts("photo")
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": parts.begin,
            "on_header_field": parts.header_field,
            "on_header_value": parts.header_value,
            "on_header_end": parts.header_end,
            "on_part_data": parts.part,
            "on_end": parts.end,
        },
    )
    try:
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise NotAForm("this is not a whole form with a file") from error
    if not (parts.found and parts.whole):
        raise NotAForm("this is not a whole form with a photo")
    return bytes(parts.content)
