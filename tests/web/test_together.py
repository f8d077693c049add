"""Is work for many requests done in few turns, and does each request get its own outcome?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Event

import pytest

from onboarding.web.together import AT_ONCE, Together


class Doubling:
    """Doubles numbers, refuses odd ones, and does not begin before it is let."""

    def __init__(self) -> None:
        self.turns: list[int] = []
        self.waits: list[float] = []
        self.let = Event()

    def __call__(self, numbers: Sequence[int], waited: float) -> list[int | Exception]:
        self.let.wait(10)
        self.turns.append(len(numbers))
        self.waits.append(waited)
        return [ValueError(number) if number % 2 else number * 2 for number in numbers]


def test_what_arrives_during_a_turn_is_the_next_one() -> None:
    work = Doubling()
    together = Together(work)

    async def ask() -> list[int | BaseException]:
        asked = [asyncio.ensure_future(together.do(number)) for number in range(10)]
        await asyncio.sleep(0)  # all of them have arrived
        work.let.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = asyncio.run(ask())
    assert outcomes[::2] == [0, 4, 8, 12, 16]
    assert [str(one) for one in outcomes[1::2]] == ["1", "3", "5", "7", "9"]
    assert sum(work.turns) == 10
    assert len(work.turns) <= 2  # the first one alone perhaps, then all others
    assert all(0 <= waited < 10 for waited in work.waits)


def test_one_turn_takes_no_more_than_it_may() -> None:
    work = Doubling()
    together = Together(work)

    async def ask() -> None:
        asked = [asyncio.ensure_future(together.do(number * 2)) for number in range(3 * AT_ONCE)]
        await asyncio.sleep(0)
        work.let.set()
        await asyncio.gather(*asked)

    asyncio.run(ask())
    assert max(work.turns) == AT_ONCE
    assert sum(work.turns) == 3 * AT_ONCE


def test_work_that_breaks_breaks_for_all_who_wait_and_for_nobody_later() -> None:
    broken = [True]

    def work(numbers: Sequence[int], _waited: float) -> list[int]:
        if broken:
            broken.pop()
            raise RuntimeError("the disk is gone")
        return list(numbers)

    together = Together(work)
    with pytest.raises(RuntimeError, match="disk"):
        asyncio.run(together.do(1))
    assert asyncio.run(together.do(2)) == 2  # another event loop, too


def test_somebody_who_hangs_up_harms_nobody_else() -> None:
    work = Doubling()
    together = Together(work)

    async def ask() -> int:
        gone, here = asyncio.ensure_future(together.do(2)), asyncio.ensure_future(together.do(4))
        await asyncio.sleep(0)
        gone.cancel()
        work.let.set()
        return await here

    assert asyncio.run(ask()) == 8
