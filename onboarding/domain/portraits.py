"""What is a photo of a person, and why can a file not become one?"""

from __future__ import annotations

from enum import StrEnum

from onboarding.domain.errors import BadPicture

LARGEST_UPLOAD = 5 * 1024 * 1024
"""Bytes of the file that somebody sends."""

SIDE = 192
"""Pixels of the square that is kept: shown at 72, so that it is sharp on dense screens."""

LARGEST_KEPT = 15_000
"""Bytes of what is kept."""

SMALLEST = 64
"""Pixels of the shorter side of what is sent: less shows nobody."""

MOST_IN_A_MAIL = 200_000
"""Bytes of all photos of one mail; further ones are left out."""


class Unfit(StrEnum):
    """Why a file cannot become a photo."""

    MISSING = "missing"  # no file was chosen
    LARGE = "large"  # more than 5 MB
    KIND = "kind"  # no JPEG, PNG or WebP
    PIXELS = "pixels"  # too many pixels to be unpacked
    SMALL = "small"
    MOVING = "moving"
    BROKEN = "broken"


def unfit(why: Unfit) -> BadPicture:
    """The refusal of a file."""
    return BadPicture(why.value)
