"""What stands in a file of HR's folder right now?

A file is read again as soon as it changes, so that HR's edits show without a restart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from onboarding.domain.errors import BadWords

MAX_BYTES = 256_000
"""The largest file that is read; the largest that is shipped has 12 kB."""

Made = TypeVar("Made")
Signature = tuple[int, int, int]


class Files:
    """The files below one folder, each with what was last made of it; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[Signature, object]] = {}

    @property
    def is_there(self) -> bool:
        """Whether the folder itself exists."""
        return self._folder.is_dir()

    @property
    def missing(self) -> str:
        """The sentence for a folder that does not exist."""
        return f"there is no templates folder {self._folder}"

    def exists(self, name: str) -> bool:
        """Whether there is such a file or folder, such as `messages/welcome_card/hire.md`."""
        try:
            return (self._folder / name).exists()
        except (OSError, ValueError):
            return False

    def names(self, below: str) -> list[str]:
        """The visible names in a folder, in order; drafts of editors (`.x.swp`, `x~`) are left out."""
        try:
            names = [path.name for path in (self._folder / below).iterdir()]
        except OSError:
            return []
        return sorted(name for name in names if not name.startswith((".", "__")) and not name.endswith("~"))

    def load(self, name: str, make: Callable[[str, str], Made]) -> Made:
        """What `make(name, text)` makes of a file, kept until the file changes; so is its refusal.

        Raises:
            BadWords: when the file cannot be read, or what `make` raised.
        """
        signature = self._signature(name)
        kept = self._kept.get(name)
        if kept is None or kept[0] != signature:
            made: object
            try:
                made = make(name, self.text(name))
            except BadWords as refusal:
                made = refusal
            kept = (signature, made)
            self._kept[name] = kept
        if isinstance(kept[1], BadWords):
            raise BadWords(kept[1].mistakes)
        return kept[1]  # type: ignore[return-value]  # each name is always loaded with the same `make`

    def _signature(self, name: str) -> Signature:
        try:
            found = (self._folder / name).stat()
        except OSError:
            if not self.is_there:
                raise BadWords(self.missing) from None
            raise BadWords(f"{name}: there is no such file in the templates folder") from None
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def text(self, name: str) -> str:
        """What stands in a file.

        Raises:
            BadWords: when there is none, or it cannot be read.
        """
        path = self._folder / name
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                raise BadWords(f"{name}: it is a link out of the templates folder")
            if path.stat().st_size > MAX_BYTES:
                raise BadWords(f"{name}: larger than {MAX_BYTES // 1000} kB")
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise BadWords(f"{name}: there is no such file in the templates folder") from None
        except OSError as error:
            raise BadWords(f"{name}: cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise BadWords(f"{name}: not saved as UTF-8 text") from None


def toml(name: str, text: str) -> dict[str, object]:
    """The tree of a TOML file.

    Raises:
        BadWords: with the line of the mistake.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWords(f"{name}: not TOML: {error}") from None
    except RecursionError:
        raise BadWords(f"{name}: lists and tables nest too deeply") from None
