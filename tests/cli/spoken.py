"""How do tests speak with the command line? In this process, as the installed script does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.cli.app import run
from tests.worlds import World, world


class Spoken:
    """Runs `onboarding` in this process, as the installed script does, on a company in a folder of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        self._capsys, self._monkeypatch, self.url = capsys, monkeypatch, url

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What a command prints, after checking its exit code; what it says on the error channel when it fails."""
        self._monkeypatch.setattr(sys, "argv", ["onboarding", *arguments])
        with pytest.raises(SystemExit) as ended:
            run()
        out, err = self._capsys.readouterr()
        assert (ended.value.code or 0) == code, out + err
        assert "Traceback" not in out + err
        return out if code == 0 else out + err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The JSON that a command prints."""
        return json.loads(self(*arguments, "--json", code=code))

    @contextmanager
    def world(self, now: str) -> Iterator[World]:
        """The same company from inside, to bring it where a command finds it."""
        with world(now, store=SqlStore(self.url), people=[]) as here:
            yield here
