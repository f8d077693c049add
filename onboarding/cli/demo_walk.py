"""How does the demo move through the days? From due moment to due moment, through the real flows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import click

from onboarding.cli.demo_people import People
from onboarding.cli.demo_world import set_clock
from onboarding.cli.parts import Ground
from onboarding.cli.supervisor import GRACE, Supervisor, end_group
from onboarding.services.engine import Engine

WINDOW = timedelta(hours=2)
"""Moments that lie closer together are walked in one step."""

BEGINNING = datetime.min.replace(tzinfo=UTC)

STUCK = 5
"""Steps in a row at one due moment: whatever is due there does not get done."""


class Walker:
    """`python -m flows.walk`: runs the real flows at the moments that it is told, against the demo's Prefect."""

    def __init__(self, ground: Ground) -> None:
        self._log = ground.home / "logs" / "walk.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "flows.walk"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """No more orders: it hands in its last logs and events, and ends by itself."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(GRACE)
        end_group(self._child)

    def run(self, flow: str, moment: datetime) -> str:
        """Run a flow as of a moment; returns the type of the state that it ended in.

        Raises:
            ClickException: the process has ended.
        """
        stdin, stdout = self._child.stdin, self._child.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the walk has no pipes")
        try:
            stdin.write(json.dumps({"flow": flow, "as_of": moment.isoformat()}).encode() + b"\n")
            stdin.flush()
        except BrokenPipeError:
            line = b""
        else:
            line = stdout.readline()
        if not line:
            raise click.ClickException(
                f"the walk ended with exit code {self._child.wait()}; its log is {self._log}"
            )
        return str(json.loads(line)["state"])


def walk(
    *,
    engine: Engine,
    home: Path,
    walker: Walker,
    people: People,
    supervisor: Supervisor,
    until: datetime,
    rounds: Sequence[datetime],
    arrived: Callable[[datetime], None],
) -> None:
    """Do what is due, let people answer, go on to the next due moment; until nothing is due, or somebody stops.

    `rounds` are the moments at which a coffee round is announced.
    """
    clock, tries, announced = BEGINNING, 0, sorted(rounds)
    while not supervisor.stop.is_set():
        supervisor.check()
        flow, due = next_run(engine, until, announced)
        if due is None:
            return
        moment = max(due, clock)
        tries = tries + 1 if moment == clock else 0
        if tries == STUCK:
            people.problems.append(f"what is due at {due.isoformat()} does not get done")
            return
        clock = moment
        set_clock(home, moment)
        walker.run(flow, moment)
        people.read_mail(moment)
        arrived(moment)


def next_run(engine: Engine, until: datetime, rounds: list[datetime]) -> tuple[str, datetime | None]:
    """The next flow to run and its moment; a coffee round that is announced is taken from `rounds`."""
    due = next_moment(engine, until)
    if rounds and (due is None or rounds[0] <= due):
        return "coffee-round", rounds.pop(0)
    return "run-due-steps", due


def next_moment(engine: Engine, until: datetime) -> datetime | None:
    """The moment at which all is due that is due within two hours of the next; None when that is too late."""
    with engine.store.read() as books:
        first = books.deliveries.next_due()
        if first is None or first > until:
            return None
        return books.deliveries.due_moments(first, first + WINDOW)[-1]
