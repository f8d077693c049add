"""What does the product do? Three newcomers and their first ninety days: the real thing, on a clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from onboarding import bootstrap, clock, settings
from onboarding.cli.demo_people import People
from onboarding.cli.demo_report import HIRES, Report, coffees, in_a_sentence, reasons_for, report, rows
from onboarding.cli.demo_walk import Walker, walk
from onboarding.cli.demo_world import (
    ANSWERS,
    announce,
    announcements,
    first_day,
    fresh_home,
    load_company,
    newcomers,
    own_environment,
    set_clock,
)
from onboarding.cli.output import echo_json, echo_table
from onboarding.cli.parts import Ground, parts
from onboarding.cli.supervisor import Supervisor, free_ports, refuse_used_ports
from onboarding.cli.up import addresses
from onboarding.services.engine import Engine
from onboarding.services.timeline import hires

DAYS = 110
"""How far the walk goes after the first day: the last answers of day 90 are looked at ten days and more later."""

ENROLMENT = 60.0
"""Seconds for an alarm to ring, a run to start and three hires to be enrolled."""

COLUMNS = ("hire", "step", "local time", "to whom", "state")
CHOSEN = ("newcomer", "role", "who", "why they")
COFFEE = ("week of", "who", "why", "did they meet?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that the demo plays with."""

    ground: Ground
    secret: str
    engine: Engine
    supervisor: Supervisor
    console: Console


@click.command("demo")
@click.option("--once", is_flag=True, help="Exit at the end instead of staying up until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the table.")
@click.option("--port", type=click.IntRange(1, 65535), help="Of the web app (default: a free one).")
@click.option("--prefect-port", type=click.IntRange(1, 65535), help="Of the Prefect server (default: a free one).")
def demo_command(*, once: bool, as_json: bool, port: int | None, prefect_port: int | None) -> None:
    """Walk three newcomers of a sample company through their first 90 days, in a minute and a half.

    Signed webhooks, the real Prefect flows, the real pages, mails in a folder: nothing is simulated but the clock.
    Exits with 1 when something did not go as it should.
    """
    with fresh_home() as (home, lock):
        free = free_ports(2)
        ground = Ground(home=home, port=port or free[0], prefect_port=prefect_port or free[1])
        refuse_used_ports({"--port": ground.port, "--prefect-port": ground.prefect_port})
        secret = own_environment(ground)
        console = Console(stderr=True)
        with _engine() as engine, Supervisor(parts(ground), lock=lock) as supervisor:
            stage = Stage(ground=ground, secret=secret, engine=engine, supervisor=supervisor, console=console)
            found = _play(stage)
            if found is None:
                raise click.Abort
            _tell(stage, found, as_json=as_json)
            if not once:
                console.print("Everything stays up until Ctrl-C.")
                supervisor.watch()
        if found.problems:
            raise SystemExit(1)


@contextmanager
def _engine() -> Iterator[Engine]:
    said = settings.load()
    bootstrap.migrate(said)
    engine = bootstrap.build(said)
    try:
        yield engine
    finally:
        engine.close()


def _play(stage: Stage) -> Report | None:
    """From the first webhook to the last answer; None when somebody asked to stop."""
    began = clock.now()
    load_company(stage.engine, began)
    with stage.console.status("Starting the Prefect server, the runner and the web app"):
        if not stage.supervisor.wait_until_ready():
            return None
    start = first_day(began.date())
    outbox = stage.ground.home / "outbox"
    with httpx.Client(timeout=20) as client:
        for record in newcomers(start):
            announce(client, stage.ground, stage.secret, record, clock.now())
        with Walker(stage.ground) as walker:
            with stage.console.status("Three newcomers were announced; an alarm wakes the runner to enrol them"):
                walker.run("run-due-steps", clock.now())  # nothing is due: it loads what the walk needs meanwhile
                if not _enrolled(stage):
                    return None
            people = People(stage.engine, client, outbox, ANSWERS)
            until = datetime.combine(start + timedelta(days=DAYS), time(), UTC)
            _walk(stage, walker, people, start, until)
        if stage.supervisor.stop.is_set():
            return None
    return report(stage.engine, stage.ground.api, outbox, until, people.problems)


def _enrolled(stage: Stage) -> bool:
    for _ in range(int(ENROLMENT / 0.2)):
        if len(hires(stage.engine)) >= HIRES:
            return True
        stage.supervisor.check()
        if stage.supervisor.stop.wait(0.2):
            return False
    raise click.ClickException(
        f"the newcomers were not enrolled within {ENROLMENT:.0f} s; see {stage.ground.home / 'logs'}"
    )


def _walk(stage: Stage, walker: Walker, people: People, start: date, until: datetime) -> None:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[day]}"),
        TimeElapsedColumn(),
        console=stage.console,
    )
    beginning = datetime.combine(start - timedelta(days=21), time(), UTC)
    with bar:
        task = bar.add_task("Walking through 90 days", total=(until - beginning).days, day=str(start))

        def arrived(moment: datetime) -> None:
            bar.update(task, completed=max((moment - beginning).days, 0), day=f"{moment:%d %b %Y}")

        walk(
            engine=stage.engine,
            home=stage.ground.home,
            walker=walker,
            people=people,
            supervisor=stage.supervisor,
            until=until,
            rounds=announcements(start),
            arrived=arrived,
        )
        set_clock(stage.ground.home, until)
        bar.update(task, completed=(until - beginning).days)


def _tell(stage: Stage, found: Report, *, as_json: bool) -> None:
    if as_json:
        echo_json(found)
    else:
        echo_table("What was sent, and what was not", COLUMNS, rows(stage.engine), "nothing was planned")
        echo_table("Who was chosen, and why", CHOSEN, reasons_for(found), "nobody was chosen")
        echo_table("Who had coffee with whom, and who had none", COFFEE, coffees(found), "nobody had coffee")
        click.echo(in_a_sentence(found))
    for problem in found.problems:
        stage.console.print(f"Problem: {problem}", style="red", markup=False)
    stage.console.print(addresses(stage.ground.web, stage.ground.prefect), highlight=False)
