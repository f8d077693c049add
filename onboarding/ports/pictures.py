"""How does a file that somebody sends become a small photo?"""

from __future__ import annotations

from typing import Protocol


class Pictures(Protocol):
    """Makes photos. Safe to call from several threads."""

    def portrait(self, content: bytes) -> bytes:
        """A square JPEG of at most 192 pixels and 15,000 bytes from the middle of a JPEG, PNG or WebP file.

        It is drawn anew: turned upright, in plain colours, and without anything else that the file held, such as
        places and times. Files that would need much memory or time are refused before they are unpacked.

        Raises:
            BadPicture: with the reason (`domain.portraits.Unfit`), whatever the bytes are.
        """
