"""`onboarding people`: import and list the directory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Unpack

import click

from onboarding.cli.files import FILE, How, dates_option, dry_run_option, echo_import, refused_option, take_in
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.services import hiring, importing


@click.group()
def people() -> None:
    """Import and list the directory."""


@people.command("import")
@click.argument("file", type=FILE)
@dates_option
@refused_option
@dry_run_option
@as_of_option
@json_option
def import_(file: Path, as_json: bool, **how: Unpack[How]) -> None:  # noqa: FBT001 -- click passes flags so
    """Take every good row of FILE.csv, or of a JSON list, into the directory; who has left is chosen no more."""
    report = take_in(importing.import_people, file, **how)
    if as_json:
        echo_json(report)
    else:
        echo_import(report, how["refused"])
    if report.refused:
        raise SystemExit(1)


@people.command("list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List everybody."""
    with opened() as at, at.engine.store.read() as books:
        everybody = books.people.all()
    if as_json:
        echo_json(everybody)
        return
    rows = [(one.id, one.name, one.department, one.location, one.time_zone, one.manager_id) for one in everybody]
    columns = ("id", "name", "department", "location", "time zone", "manager")
    echo_table("People", columns, rows, "The directory is empty: `onboarding people import FILE.csv`.")


@people.command("leave")
@click.argument("person_id")
@as_of_option
@json_option
def leave(person_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Say that somebody has left: others take their roles with newcomers."""
    with opened(as_of) as at:
        changed = hiring.leave(at.engine, person_id, at.now)
    if as_json:
        echo_json({"person": person_id, "hires": changed})
    else:
        click.echo(f"{person_id} has left; {len(changed)} plans changed.")
