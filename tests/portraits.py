"""What do photos in tests look like? Drawn by code; nobody is on them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

SPOT = (200, 40, 40)
"""The colour of the upper left quarter: it shows which way up a picture is."""


def drawn(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Image.Image:
    """A picture with a spot in its upper left quarter."""
    picture = Image.new("RGB", size, (40, 90, 160))
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=SPOT)
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    """The bytes of a file."""
    written = BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def photo(size: tuple[int, int] = (320, 240)) -> bytes:
    """A usual JPEG."""
    return saved(drawn(size))


def opened(content: bytes) -> Image.Image:
    """The picture in a file, read whole."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def sent(content: bytes, name: str = "me.jpg", kind: str = "image/jpeg") -> Mapping[str, tuple[str, bytes, str]]:
    """What a test's browser sends as the file of the form."""
    return {"photo": (name, content, kind)}
