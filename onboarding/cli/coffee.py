"""`onboarding coffee`: rounds of coffee, who met whom and why, and who met before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from onboarding.cli.files import FILE, dates_option, dry_run_option
from onboarding.cli.measures import who
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.coffee import Round
from onboarding.domain.sheets.days import Order
from onboarding.services import round_past, round_shown, rounds
from onboarding.services.directory import Directory
from onboarding.services.round_shown import ShownRound, ShownTable

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def coffee() -> None:
    """See coffee rounds, announce the next one, and import who met before."""


@coffee.command("round")
@click.option("--rehearse", is_flag=True, help="Only show who would meet whom; nothing is kept or sent.")
@as_of_option
@json_option
def round_(rehearse: bool, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Announce the next round, and draw one whose moment has passed: what the flow does, without Prefect."""
    with opened(as_of) as at:
        report = rounds.run_round(at.engine, at.now, rehearse=rehearse)
        with at.engine.store.read() as books:
            known = Round(
                day=report.day, state=report.state, opened_at=at.now, draw_at=report.draw_at, why=report.why
            )
            found = round_shown.shown(books, Directory(books), known, list(report.seats))
    if as_json:
        echo_json({"opened": report.opened, "rehearsed": rehearse, "round": found})
        return
    if rehearse:
        click.echo("A rehearsal: nothing was kept, and nobody was written to.")
    elif report.opened and report.expected:
        click.echo(f"The round of {report.day} is announced: {len(report.expected)} people are warned.")
    _echo(found)


@coffee.command("show")
@click.argument("day", type=DAY, required=False)
@json_option
def show(day: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show the round of DAY (default: the newest): who meets whom and why, who was left out and why."""
    with opened() as at:
        found = round_shown.show(at.engine, day.date() if day else None)
    if as_json:
        echo_json(found)
    else:
        _echo(found)


@coffee.command("import")
@click.argument("file", type=FILE)
@dates_option
@dry_run_option
@as_of_option
@json_option
def import_(file: Path, dates: str | None, dry_run: bool, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Take in who met before, from FILE.csv with the columns day, person, person: they do not meet again soon."""
    order = Order(dates) if dates else None
    with opened(as_of) as at:
        report = round_past.import_past(at.engine, file.read_bytes(), at.now, order=order, dry_run=dry_run)
    if as_json:
        echo_json(report)
    else:
        for remark in report.remarks:
            click.echo(f"Note: {remark}.")
        be, end = ("", "") if report.written else (" would be", "; nothing was changed")
        click.echo(f"{report.taken} rows{be} taken ({report.fresh} new), {len(report.refused)} refused{end}.")
        echo_table("", ("line", "reason"), [(one.line, one.reason) for one in report.refused], "")
    if report.refused:
        raise SystemExit(1)


def _echo(found: ShownRound) -> None:
    title = f"Coffee round of {found.day}, {found.state}"
    if found.why:
        click.echo(f"{title}: {found.why}")
    elif found.expected and not found.tables:
        names = ", ".join(one.name for one in found.expected)
        click.echo(f"{title}, drawn at {found.draw_at:%Y-%m-%d %H:%M} UTC. Expected: {names}.")
    rows = [
        (", ".join(who(one) for one in table.people), _when(table), table.reasons, _said(table))
        for table in found.tables
    ]
    if rows:
        echo_table(title, ("who", "when (UTC)", "why they", "did they meet?"), rows, "")
    left = [(who(one), why) for one, why in found.left_out]
    if left:
        echo_table("Without coffee", ("who", "why"), left, "")
    if not (found.why or found.expected or rows or left):
        click.echo(f"{title}: nobody is in it.")


def _when(table: ShownTable) -> str:
    moment = f"{table.starts_at:%Y-%m-%d %H:%M}" if table.starts_at else ""
    return f"{moment} {'called off' if round_shown.is_off(table) else ''}".strip()


def _said(table: ShownTable) -> str:
    return ", ".join(one for one in table.said if one in ("yes", "no"))
