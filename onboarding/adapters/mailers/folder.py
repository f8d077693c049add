"""How do letters land in a folder, for laptops, demos and the desk?"""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import UTC
from pathlib import Path

from onboarding.adapters.mailers import mime
from onboarding.domain.errors import BadAddress
from onboarding.domain.mail import Letter, Outcome, OutcomeKind

MARKS = ".carried"
"""The folder inside the outbox that remembers which message id went into which file: a link for each."""


class FolderMailer:
    """One .eml file a letter, named by its date (UTC) and delivery number, so that they sort as they were written.

    A file appears complete or not at all. The same message id again is the same file, whatever its date, also
    from another process.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __repr__(self) -> str:
        return "FolderMailer()"

    def send(self, letter: Letter) -> Outcome:
        """Write it; `provider_id` is the file's name. A full or locked disk is a refusal for now."""
        try:
            wire = mime.to_bytes(letter)
        except BadAddress as error:
            return Outcome(kind=OutcomeKind.REFUSED, reason=str(error))
        try:
            name = self._name(letter)
            if not (self._folder / name).exists():
                _write_whole(self._folder / name, wire)
        except OSError as error:
            return Outcome(
                kind=OutcomeKind.REFUSED_FOR_NOW, reason=f"the outbox cannot be written to: {error.strerror}"
            )
        return Outcome(kind=OutcomeKind.SENT, provider_id=name)

    def close(self) -> None:
        """Nothing stays open."""

    def _name(self, letter: Letter) -> str:
        """The file's name, the same for every try of this message id: the first try leaves a mark."""
        digest = hashlib.sha256(letter.message_id.encode("utf-8", "replace")).hexdigest()
        mark = self._folder / MARKS / digest
        name = f"{letter.date.astimezone(UTC):%Y%m%dT%H%M%SZ}-{letter.number:08d}-{digest[:8]}.eml"
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            mark.symlink_to(f"../{name}")  # the one call that is exclusive and brings its content along
        except FileExistsError:
            return mark.readlink().name
        return name


def _write_whole(file: Path, wire: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(wire)
            new.flush()
            os.fsync(new.fileno())
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
