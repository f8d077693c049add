"""How does a file become a small photo, whatever is in it?"""

from __future__ import annotations

import logging
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from onboarding.domain.errors import BadPicture
from onboarding.domain.portraits import LARGEST_KEPT, LARGEST_UPLOAD, SIDE, SMALLEST, Unfit, unfit

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

KINDS = ("JPEG", "PNG", "WEBP")
"""The only readers that Pillow may use; a JPEG with a second picture behind it comes as MPO."""

MOST_PIXELS = 16_000_000
"""Of what is unpacked whole: 64 MB with four bytes each."""

MOST_PIXELS_IN_ROWS = 50_000_000
"""Of a JPEG that is read row by row, and scaled down while it is read."""

MOST_SCANS = 64
"""Passes over one JPEG; usual ones have ten, and each costs as much as the whole picture."""

START_OF_IMAGE, START_OF_SCAN = b"\xff\xd8", b"\xff\xda"
"""Markers of a JPEG (ITU T.81 table B.1); inside of a scan no such bytes can stand. Elsewhere they say nothing."""

QUALITIES = (84, 74, 62, 50, 38, 26, 16)
UPPER_THIRD = (0.5, 0.4)
"""Where the square is cut out: in photos of people the face is above the middle."""


class PillowPictures:
    """Pillow, one picture at a time: the memory of several at once would be the sum of theirs."""

    def __init__(self) -> None:
        self._turn = Lock()

    def portrait(self, content: bytes) -> bytes:
        """A small square JPEG, drawn anew. Raises BadPicture."""
        if len(content) > LARGEST_UPLOAD:
            raise unfit(Unfit.LARGE)
        if content.startswith(START_OF_IMAGE) and content.count(START_OF_SCAN) > MOST_SCANS:
            raise unfit(Unfit.BROKEN)
        try:
            with self._turn:
                return _drawn_anew(content)
        except BadPicture:
            raise
        except Exception as error:  # noqa: BLE001 -- a hostile file may end Pillow in any way; no trace, it shows bytes
            log.info("picture.refused", extra={"error": type(error).__name__})
            raise unfit(Unfit.BROKEN) from None


def _drawn_anew(content: bytes) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 -- 60 ms, needed by an upload only

    try:
        with Image.open(BytesIO(content), formats=KINDS) as opened:
            _admit(opened)
            opened.draft("RGB", (SIDE * 2, SIDE * 2))  # a JPEG is scaled down by 2, 4 or 8 while it is read
            upright = _upright(opened)
            side = min(SIDE, *upright.size)
            square = ImageOps.fit(_plain(upright), (side, side), Image.Resampling.LANCZOS, centering=UPPER_THIRD)
    except UnidentifiedImageError:
        raise unfit(Unfit.KIND) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise unfit(Unfit.PIXELS) from None
    return _small(square)


def _admit(picture: Image) -> None:
    """Look at what the head of the file says, before anything is unpacked."""
    whole = picture.format not in ("JPEG", "MPO") or bool(picture.info.get("progressive"))
    if picture.width * picture.height > (MOST_PIXELS if whole else MOST_PIXELS_IN_ROWS):
        raise unfit(Unfit.PIXELS)
    if min(picture.size) < SMALLEST:
        raise unfit(Unfit.SMALL)
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise unfit(Unfit.MOVING)


def _upright(picture: Image) -> Image:
    """As the camera was held, where the file says so in a way that can be read."""
    from PIL import ImageOps  # noqa: PLC0415 -- as above

    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 -- a broken note about it is no reason to refuse a photo; a broken photo is found next
        return picture


def _plain(picture: Image) -> Image:
    """In red, green and blue, on white where the picture lets through what lies behind it."""
    from PIL import Image  # noqa: PLC0415 -- as above

    if picture.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off at 255
        return picture.convert("I").point(lambda grey: grey / 256).convert("L").convert("RGB")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    return picture.convert("RGB")


def _small(square: Image) -> bytes:
    """The JPEG, as good as fits; nothing of the first file is handed on to it."""
    made = b""
    for quality in QUALITIES:
        written = BytesIO()
        square.save(written, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None, comment=b"")
        made = written.getvalue()
        if len(made) <= LARGEST_KEPT:
            return made
    raise unfit(Unfit.BROKEN)
