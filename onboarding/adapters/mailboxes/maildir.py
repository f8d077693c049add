"""Which mails lie unread in a Maildir (https://cr.yp.to/proto/maildir.html)?

The standard library's Maildir writes a message anew to change its flags; here a file is only ever renamed, so that
not one byte of a mail changes.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from onboarding.domain.errors import BadSettings, Unavailable
from onboarding.ports.replies import Unread

SEEN, FLAGGED = "S", "F"


class MaildirMailbox:
    """Reads what has neither the flag `S` nor `F`; a mail that is marked moves to `cur/`."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds `new/` and `cur/`.

        Raises:
            BadSettings: it does not.
        """
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise BadSettings(["ONBOARDING_REPLIES_MAILBOX is no Maildir: it has no folders new and cur"])
        self._folder = folder

    def __repr__(self) -> str:
        return "MaildirMailbox()"

    def unread(self, *, limit: int, largest: int) -> list[Unread]:
        """Up to `limit` unread mails; their names begin with the second at which they came."""
        try:
            files = sorted(self._files(), key=lambda file: (file.stat().st_mtime_ns, file.name))
        except OSError as error:
            raise Unavailable(f"the mailbox cannot be read: {error.strerror}") from error
        found: list[Unread] = []
        for file in files:
            if len(found) == limit:
                break
            with suppress(FileNotFoundError):  # a mail program has taken it meanwhile
                found.append(Unread(key=_key(file), raw=_beginning(file, largest)))
        return found

    def mark_read(self, key: str) -> None:
        """Give it the flag `S`."""
        self._mark(key, SEEN)

    def flag(self, key: str) -> None:
        """Give it the flag `F`, and no `S`."""
        self._mark(key, FLAGGED)

    def close(self) -> None:
        """Nothing stays open."""

    def _files(self) -> list[Path]:
        """Files that are neither read nor flagged; hidden ones are being written."""
        every = [*(self._folder / "new").iterdir(), *(self._folder / "cur").iterdir()]
        return [
            one for one in every if one.is_file() and one.name[0] != "." and not {SEEN, FLAGGED} & set(_flags(one))
        ]

    def _mark(self, key: str, flag: str) -> None:
        try:
            every = [*(self._folder / "new").iterdir(), *(self._folder / "cur").iterdir()]
            for file in every:
                if _key(file) == key:
                    flags = "".join(sorted({*_flags(file), flag}))
                    with suppress(FileNotFoundError):  # a mail program has renamed it in this moment
                        file.rename(self._folder / "cur" / f"{key}:2,{flags}")
        except OSError as error:
            raise Unavailable(f"the mailbox cannot be written to: {error.strerror}") from error


def _key(file: Path) -> str:
    return file.name.partition(":")[0]


def _flags(file: Path) -> str:
    return file.name.partition(":2,")[2]


def _beginning(file: Path, largest: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(largest)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable(f"the mailbox cannot be read: {error.strerror}") from error
