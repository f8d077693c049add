"""How is the same work done for many requests at once? Whatever arrives during one turn is the next turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

AT_ONCE = 64
"""What one turn takes at most: with more, the first of them would wait too long for the last."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Item, Outcome]):
    item: Item
    since: float
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Outcome]


class Together(Generic[Item, Outcome]):
    """Work that one thread does for all requests that wait for it.

    At hundreds of requests a second a thread for each costs more than the work: each has to be woken, and all
    of them want the interpreter. `work` gets what has arrived and for how many seconds the first of it has waited;
    it returns an outcome or an exception for each, and its own exception is that of them all.
    """

    def __init__(self, work: Callable[[Sequence[Item], float], Sequence[Outcome | Exception]]) -> None:
        self._work = work
        self._arrived: list[_Waiting[Item, Outcome]] = []
        self._working = False
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="together")

    async def do(self, item: Item) -> Outcome:
        """The outcome for one item; raises its exception. Items are worked on in the order of their arrival."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Outcome] = loop.create_future()
        with self._lock:
            self._arrived.append(_Waiting(item, monotonic(), loop, answer))
            if not self._working:
                self._thread.submit(self._take_turns)
                self._working = True
        return await answer

    def _take_turns(self) -> None:
        while waiting := self._next():
            try:
                outcomes = self._work([one.item for one in waiting], monotonic() - waiting[0].since)
            except Exception as error:  # noqa: BLE001 -- each of those who wait raises it
                outcomes = [error] * len(waiting)
            _answer(waiting, outcomes)

    def _next(self) -> list[_Waiting[Item, Outcome]]:
        with self._lock:
            taken, self._arrived = self._arrived[:AT_ONCE], self._arrived[AT_ONCE:]
            self._working = bool(taken)
        return taken


def _answer(waiting: Sequence[_Waiting[Item, Outcome]], outcomes: Sequence[Outcome | Exception]) -> None:
    """Hand the outcomes over: one call for each event loop, of which a server has one."""
    of_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting[Item, Outcome], Outcome | Exception]]] = {}
    for pair in zip(waiting, outcomes, strict=True):
        of_loop.setdefault(pair[0].loop, []).append(pair)
    for loop, pairs in of_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and with it whoever asked
            loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: Sequence[tuple[_Waiting[Item, Outcome], Outcome | Exception]]) -> None:
    for waiting, outcome in pairs:
        if waiting.answer.done():  # whoever asked has hung up
            continue
        if isinstance(outcome, Exception):
            waiting.answer.set_exception(outcome)
        else:
            waiting.answer.set_result(outcome)
