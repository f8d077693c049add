"""`onboarding run-due`, `enroll`, `sync-directory`, `backfill`, `migrate`: the flows' work without Prefect."""

from __future__ import annotations

from datetime import datetime

import click

from onboarding import bootstrap, settings
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.services import backfilling, dispatching, enrolling, syncing
from onboarding.services.backfilling import Late

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("run-due")
@as_of_option
@json_option
def run_due_command(as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Do once what is due, without Prefect."""
    with opened(as_of) as at:
        results = dispatching.run_due(at.engine, at.now)
    if as_json:
        echo_json(results)
        return
    rows = [(one.number, one.hire_id, one.step, one.role, one.state, one.reason) for one in results]
    echo_table("Done", ("number", "hire", "step", "role", "state", "reason"), rows, "Nothing is due.")


@click.command("enroll")
@as_of_option
@json_option
def enroll_command(as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Obey recorded events now, without Prefect."""
    with opened(as_of) as at:
        results = enrolling.enroll_waiting(at.engine, at.now)
    if as_json:
        echo_json(results)
        return
    rows = [(one.event_id, one.hire_id, one.state, one.reason) for one in results]
    echo_table("Enrolled", ("event", "hire", "state", "reason"), rows, "No event waits.")


@click.command("backfill")
@click.option("--from", "start", type=DAY, required=True, help="First days from this date,")
@click.option("--to", "end", type=DAY, required=True, help="to this date, both included.")
@click.option("--step", "steps", multiple=True, help="Only this step; may be given several times.")
@click.option(
    "--late",
    type=click.Choice([one.value for one in Late]),
    default=Late.SKIP.value,
    show_default=True,
    help="What to do with steps that are past their grace.",
)
@click.option("--send", is_flag=True, help="Do it; without this it only shows what it would do.")
@as_of_option
@json_option
def backfill_command(
    start: datetime,
    end: datetime,
    steps: tuple[str, ...],
    late: str,
    send: bool,  # noqa: FBT001 -- click passes flags so
    as_of: datetime | None,
    as_json: bool,  # noqa: FBT001 -- click passes flags so
) -> None:
    """Show, then send or skip, what was missed by hires who started in a range of days."""
    with opened(as_of) as at:
        rows = backfilling.backfill(
            at.engine,
            first_day_from=start.date(),
            first_day_to=end.date(),
            steps=steps,
            late=Late(late),
            rehearse=not send,
            now=at.now,
        )
    if as_json:
        echo_json(rows)
        return
    cells = [
        (one.hire_id, one.step, one.role, f"{one.due_at:%Y-%m-%d %H:%M}", one.action, one.reason) for one in rows
    ]
    columns = ("hire", "step", "role", "due (UTC)", "action", "reason")
    echo_table("Backfill", columns, cells, "Nothing was missed by these hires.")
    if not send and rows:
        click.echo("Nothing was changed. Add --send to do it.")


@click.command("sync-directory")
@click.argument("source", default="")
@click.option("--rehearse", is_flag=True, help="Only show what would change; nothing is kept.")
@as_of_option
@json_option
def sync_command(source: str, rehearse: bool, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Ask SOURCE (or every one that can be asked) for everybody, and take in what no message told."""
    with opened(as_of) as at:
        results = syncing.sync_all(at.engine, at.now, source=source, rehearse=rehearse)
    if as_json:
        echo_json(results)
    else:
        _echo_synced(results, rehearse=rehearse)
    if any(one.away for one in results):
        raise SystemExit(1)


def _echo_synced(results: list[syncing.Synced], *, rehearse: bool) -> None:
    if not results:
        click.echo("No HR system is set up to be asked: ONBOARDING_HRIS_ACCOUNTS or ONBOARDING_PEOPLE_CSV.")
    for one in results:
        if one.away:
            click.echo(f"{one.source}: {one.away}")
            continue
        groups = (
            ("enrolled", one.enrolled),
            ("changed", one.changed),
            ("left", one.left),
            ("to review", one.to_review),
        )
        rows = [
            (what, seen.person_id or seen.external_id, seen.reason) for what, group in groups for seen in group
        ]
        title = f"{one.source}: {one.seen} people{', rehearsed: nothing is kept' if rehearse else ''}"
        echo_table(title, ("what", "who", "why"), rows, f"{title}; nothing is new.")
        if one.kept_back:
            click.echo(one.kept_back)


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema."""
    bootstrap.migrate(settings.load())
    click.echo("The database has the newest schema.")
