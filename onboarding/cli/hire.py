"""`onboarding hire`: add, import, list, show, withdraw; skip, move or send one step of one hire; tick tasks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Unpack

import click

from onboarding.cli.files import FILE, How, dates_option, dry_run_option, echo_import, refused_option, take_in
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.delivery import Delivery
from onboarding.domain.errors import BadRecord
from onboarding.domain.meetings import WITHOUT_A_TIME
from onboarding.domain.wording import moment_in_words
from onboarding.services import changing, hiring, importing, timeline
from onboarding.services.hiring import HireReport
from onboarding.services.ticking_by_hand import tick_by_hand
from onboarding.services.timeline import TimelineAlert
from onboarding.services.todos import ListState


@click.group()
def hire() -> None:
    """Add, import, show and change hires."""


@hire.command("add")
@click.argument("file", type=FILE)
@as_of_option
@json_option
def add(file: Path, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Enrol the hire of FILE.json: a canonical event, or its bare data."""
    with opened(as_of) as at:
        report = hiring.add_hire(at.engine, read_json(file), at.now)
    echo_report(report, as_json=as_json)


@hire.command("import")
@click.argument("file", type=FILE)
@dates_option
@refused_option
@dry_run_option
@as_of_option
@json_option
def import_(file: Path, as_json: bool, **how: Unpack[How]) -> None:  # noqa: FBT001 -- click passes flags so
    """Enrol every good row of FILE.csv, or of a JSON list; refused rows are named with their line."""
    report = take_in(importing.import_hires, file, **how)
    if as_json:
        echo_json(report)
    else:
        for one in report.hires:
            echo_report(one, as_json=False)
        echo_import(report, how["refused"])
    if report.refused:
        raise SystemExit(1)


@hire.command("list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List all hires by first day."""
    with opened() as at:
        lines = timeline.hires(at.engine)
    if as_json:
        echo_json(lines)
        return
    columns = ("id", "name", "first day", "state", "planned", "sent", "skipped", "trouble")
    rows = [
        (one.id, one.name, one.first_day, one.state, one.planned, one.sent, one.skipped, one.trouble or "")
        for one in lines
    ]
    echo_table("Hires", columns, rows, "Nobody is enrolled yet: `onboarding hire add FILE.json`.")


@hire.command("show")
@click.argument("hire_id")
@json_option
def show(hire_id: str, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show the timeline of a hire, with the reasons, and who was told that they need a human."""
    with opened() as at:
        seen = timeline.timeline(at.engine, hire_id, at.now)
    if as_json:
        echo_json(seen)
        return
    click.echo(f"{seen.person.name}, first day {seen.hire.first_day}, {seen.hire.state}")
    for pairing in seen.pairings:
        click.echo(f"  {pairing.role} {pairing.person_id} ({pairing.state}): {pairing.reasons}")
    for meeting in seen.meetings:
        when = moment_in_words(meeting.starts_at, seen.person.time_zone, "en")
        how = "in writing since " if meeting.state in WITHOUT_A_TIME else ""
        place = f"{meeting.step} {meeting.occasion} ({meeting.state})"
        click.echo(f"  {place}: {how}{when}, {', '.join(meeting.people)}")
    for one in seen.lists:
        click.echo(f"  {one.step} of {one.role} {one.person_name}: {list_in_words(one)}")
    if seen.alerts:
        told = [(one.number, one.step, _told(one), one.stand, one.text) for one in seen.alerts]
        echo_table("Needs a human", ("number", "step", "told", "stands", "what happened"), told, "", ids=True)
    rows = [
        (
            one.step,
            one.local_time,
            f"{one.role} {one.person_name}",
            one.occasion,
            one.state,
            one.reason or one.answer,
        )
        for one in seen.rows
    ]
    echo_table("", ("step", "local time", "to", "occasion", "state", "reason"), rows, "Nothing is planned.")


@hire.command("withdraw")
@click.argument("hire_id")
@as_of_option
@json_option
def withdraw(hire_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """End a journey: what is unsent ends, meetings are cancelled."""
    with opened(as_of) as at:
        report = hiring.withdraw(at.engine, hire_id, at.now)
    if as_json:
        echo_json(report)
    else:
        click.echo(f"{hire_id}: withdrawn; {len(report.will_send)} cancellations will be sent.")


@hire.command("skip")
@click.argument("hire_id")
@click.argument("step")
@as_of_option
@json_option
def skip(hire_id: str, step: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Do not send what is unsent of STEP."""
    with opened(as_of) as at:
        echo_changed(changing.skip_step(at.engine, hire_id, step, at.now), as_json=as_json)


@hire.command("move")
@click.argument("hire_id")
@click.argument("step")
@click.argument("moment", metavar="DATE[THH:MM]", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]))
@as_of_option
@json_option
def move(hire_id: str, step: str, moment: datetime, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Send STEP on another day; the time is local to each recipient (00:00 keeps the usual one)."""
    at_local = moment.time() if (moment.hour, moment.minute) != (0, 0) else None
    with opened(as_of) as at:
        rows = changing.move_step(at.engine, hire_id, step, moment.date(), at_local, at.now)
    echo_changed(rows, as_json=as_json)


@hire.command("send")
@click.argument("hire_id")
@click.argument("step")
@as_of_option
@json_option
def send(hire_id: str, step: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Send STEP at the next look (`onboarding run-due`), even if it was skipped, failed or is unknown."""
    with opened(as_of) as at:
        echo_changed(changing.send_step(at.engine, hire_id, step, at.now), as_json=as_json)


_of_list = click.option(
    "--list", "on", default="", metavar="STEP", help="The list, where several have such a task."
)


@hire.command("tick")
@click.argument("hire_id")
@click.argument("tasks", metavar="TASK...", nargs=-1, required=True)
@_of_list
@as_of_option
@json_option
def tick(hire_id: str, tasks: tuple[str, ...], on: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Say that each TASK of a list about a hire is done, for somebody who cannot tick it."""
    with opened(as_of) as at:
        echo_lists(tick_by_hand(at.engine, hire_id, tasks, at.now, done=True, on=on), as_json=as_json)


@hire.command("untick")
@click.argument("hire_id")
@click.argument("tasks", metavar="TASK...", nargs=-1, required=True)
@_of_list
@as_of_option
@json_option
def untick(hire_id: str, tasks: tuple[str, ...], on: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Say that each TASK of a list about a hire is not done after all."""
    with opened(as_of) as at:
        echo_lists(tick_by_hand(at.engine, hire_id, tasks, at.now, done=False, on=on), as_json=as_json)


def echo_lists(stand: Sequence[ListState], *, as_json: bool) -> None:
    """Say how lists stand."""
    if as_json:
        echo_json(stand)
        return
    for one in stand:
        click.echo(f"{one.step} of {one.role} {one.person_name}: {list_in_words(one)}")


def _told(alert: TimelineAlert) -> str:
    return ", then ".join(name for name in (alert.told, alert.told_then) if name)


def list_in_words(state: ListState) -> str:
    """Such as `done 5 of 8, overdue: Send the laptop (by 2026-12-23)`."""
    late = ", ".join(f"{one.label} (by {one.by})" for one in state.overdue)
    return f"done {state.done} of {state.total}" + (f", overdue: {late}" if late else "")


def read_text(file: Path) -> str:
    """A file's text; UTF-8 with or without a byte order mark.

    Raises:
        BadRecord: when it is in another encoding.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRecord(f"{file.name} is not UTF-8 text: save it as CSV UTF-8") from error


def read_json(file: Path) -> object:
    """A file's JSON.

    Raises:
        BadRecord: when it is not JSON.
    """
    try:
        return json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise BadRecord(f"{file.name} is not JSON: {error.msg} in line {error.lineno}") from error


def echo_report(report: HireReport, *, as_json: bool) -> None:
    """Say what follows from a hire."""
    if as_json:
        echo_json(report)
        return
    click.echo(f"{report.hire_id}: {report.outcome}; {len(report.will_send)} deliveries planned.")
    if report.will_not_send:
        click.echo("These will not be sent (`onboarding hire send ID STEP` sends one all the same):")
        steps: dict[str, list[str]] = {}
        for one in report.will_not_send:
            steps.setdefault(one.reason, []).append(f"{one.step} to {one.role}")
        for reason, these in steps.items():
            click.echo(f"  - {reason}: {', '.join(dict.fromkeys(these))}")


def echo_changed(rows: list[Delivery], *, as_json: bool) -> None:
    """Say what was changed."""
    if as_json:
        echo_json(rows)
        return
    for one in rows:
        click.echo(f"{one.step} to {one.role} {one.person_id}: {one.state}, {one.due_at:%Y-%m-%d %H:%M} UTC")
