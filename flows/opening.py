"""How does a flow get its engine and its moment, and how do errors stay free of names?"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from onboarding import bootstrap, clock, settings
from onboarding.clock import Clock
from onboarding.domain.errors import BadSettings, NotFound, Unavailable
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]


class Withheld(Exception):
    """An error without its words: they may name people, and Prefect keeps messages, logs and pickled errors."""


_kept: ContextVar[tuple[Engine, Clock] | None] = ContextVar("kept", default=None)


@contextmanager
def opened(as_of: datetime | None) -> Iterator[tuple[Engine, datetime]]:
    """The engine as the settings describe it, and the moment to look from (default: now); closed at the end."""
    with withheld():
        kept = _kept.get()
        if kept is not None:
            yield kept[0], as_of or kept[1]()
            return
        with keeping() as (engine, now):
            yield engine, as_of or now()


@contextmanager
def keeping() -> Iterator[tuple[Engine, Clock]]:
    """One engine, and its clock, for all flows that run inside this block; closed at its end."""
    said = settings.load()
    engine = bootstrap.build(said)
    mine = (engine, clock.from_file(said.clock_file))
    mark = _kept.set(mine)
    try:
        yield mine
    finally:
        _kept.reset(mark)
        engine.close()


@contextmanager
def withheld() -> Iterator[None]:
    """Let errors pass with their kind and place only.

    Raises:
        Withheld: instead of whatever was raised; what it was caused by is cut off.
    """
    try:
        yield
    except Withheld:
        raise
    except (BadSettings, NotFound, Unavailable) as error:  # their sentences hold ids at most
        raise Withheld(f"{type(error).__name__}: {error}") from None
    except Exception as error:  # noqa: BLE001 -- whatever else: its message may hold a row, an address or an answer
        raise Withheld(f"{type(error).__name__} at {_place(error)}") from None


def _place(error: BaseException) -> str:
    """Where it was raised: the innermost line of our own code, and the innermost of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).parent.is_relative_to(ROOT / "onboarding")]
    chosen = (f"{Path(one.filename).name}:{one.lineno} in {one.name}" for one in [*ours[-1:], *frames[-1:]])
    return ", ".join(dict.fromkeys(chosen))
