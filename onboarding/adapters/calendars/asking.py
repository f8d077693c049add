"""How are many calendars asked that each need a question of their own?"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from onboarding.domain.errors import BadRecord, TooLarge, Unavailable
from onboarding.domain.free_busy import Owner, Told

AT_ONCE = 8
PATIENCE = 60.0
"""Seconds for all of them together: a mail that is due does not wait longer for calendars."""

log = logging.getLogger(__name__)


def silent(error: Exception) -> str:
    """Why a calendar says nothing: a sentence of ours, never one of theirs."""
    if isinstance(error, BadRecord | TooLarge | Unavailable):
        return str(error)
    return f"an unexpected error: {type(error).__name__}"


def one_by_one(
    ask: Callable[[Owner], Told], owners: Sequence[Owner], *, patience: float = PATIENCE
) -> dict[str, Told]:
    """Ask for each owner, several at once; who is not answered in time is told so."""
    pool = ThreadPoolExecutor(min(AT_ONCE, max(len(owners), 1)), thread_name_prefix="calendars")
    asked: dict[str, Future[Told]] = {owner.person_id: pool.submit(ask, owner) for owner in owners}
    wait(asked.values(), timeout=patience)
    pool.shutdown(wait=False, cancel_futures=True)
    return {person_id: _told(future) for person_id, future in asked.items()}


def in_portions(
    ask: Callable[[Sequence[Owner]], Mapping[str, Told]], owners: Sequence[Owner], *, at_once: int
) -> dict[str, Told]:
    """Ask for several owners at a time, by their work addresses; who is not answered in time is told so."""
    told = {one.person_id: Told(why="nobody knows the owner's mail address") for one in owners}
    known = [one for one in owners if one.emails]
    ends = time.monotonic() + PATIENCE  # a span, not a time of day
    for first in range(0, len(known), at_once):
        portion = known[first : first + at_once]
        if time.monotonic() > ends:
            told |= {one.person_id: Told(why="it does not answer in time") for one in portion}
            continue
        try:
            told |= ask(portion)
        except Exception as error:  # noqa: BLE001 -- whatever an answer does, it is the calendars that are silent
            told |= {one.person_id: Told(why=silent(error)) for one in portion}
    return told


def _told(future: Future[Told]) -> Told:
    if not future.done() or future.cancelled():
        return Told(why="it does not answer in time")
    error = future.exception()
    if isinstance(error, Exception):
        if not isinstance(error, BadRecord | TooLarge | Unavailable):
            log.error("calendar.not_read", extra={"error": type(error).__name__})  # no trace: it may show an event
        return Told(why=silent(error))
    return future.result()


def refused(status: int) -> Unavailable:
    """Why an answer of that status is none."""
    if status in (401, 403):
        return Unavailable(f"it refuses our credentials ({status})")
    if status in (404, 410):
        return Unavailable(f"there is no such calendar ({status})")
    return Unavailable(f"it does not answer what we ask ({status})")


def token_of(account: dict[str, str]) -> str:
    """The bearer token of an account, read again each time where it stands in a file that something renews.

    Raises:
        Unavailable: the file cannot be read.
    """
    if "token_file" not in account:
        return account.get("token", "")
    try:
        token = Path(account["token_file"]).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable("the file with its token cannot be read") from error
    if not token or any(not "!" <= sign <= "~" for sign in token):
        raise Unavailable("the file with its token holds none")
    return token
