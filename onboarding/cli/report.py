"""`onboarding report`: how newcomers arrive, as a page with charts and a table of the same figures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json
from onboarding.domain.report import Report
from onboarding.services import report as reports

DAY = click.DateTime(["%Y-%m-%d"])
BEGINNING = 2000
"""Characters of a file in which the mark of a report stands."""


@click.command("report")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The page; a .csv is written beside it."
)
@click.option("--from", "first", type=DAY, help="From the month of this day on (default: the last twelve months).")
@click.option("--to", "last", type=DAY, help="Up to the month of this day.")
@click.option("--force", is_flag=True, help="Overwrite files that are no reports.")
@as_of_option
@json_option
def report_command(
    *,
    out: Path | None,
    first: datetime | None,
    last: datetime | None,
    force: bool,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Write a report for HR: answers, connectedness, eNPS, meetings, steps; nothing of fewer than five people.

    Two reports of overlapping months can be subtracted from each other, and then tell of few: give others one.
    """
    if out is None and not as_json:
        raise click.UsageError("name a file with --out, or print the figures with --json")
    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("--out names the page: a file that ends in .html")
    with opened(as_of) as at:
        found = reports.make(
            at.engine, at.now, first=first.date() if first else None, last=last.date() if last else None
        )
        company = at.engine.company
    if out is not None:
        _write(found, out, company.name, company.language, at.now, force=force)
    if as_json:
        echo_json(found)
    elif out is not None:
        click.echo(f"{_whom(found)}; open {out}, the figures are in {out.with_suffix('.csv')}")


def _write(found: Report, out: Path, company: str, language: str, now: datetime, *, force: bool) -> None:
    """Both files, or none when one of them is something else."""
    from onboarding.adapters.report.page import MARK, page  # noqa: PLC0415 -- --help does not need Jinja
    from onboarding.adapters.report.sheet import FIRST_LINE, sheet  # noqa: PLC0415 -- as above

    figures = out.with_suffix(".csv")
    try:
        for file, mark in ((out, MARK), (figures, FIRST_LINE)):
            if file.exists() and not force and mark not in _beginning(file):
                raise click.ClickException(f"{file} is no report: nothing was written (--force overwrites it)")
        out.write_text(page(found, company=company, language=language, made=now.date()), encoding="utf-8")
        figures.write_text(sheet(found), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{error.filename or out} cannot be written: {error.strerror}") from error


def _beginning(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as source:
        return source.read(BEGINNING)


def _whom(found: Report) -> str:
    if found.newcomers is None:
        return "fewer than 5 newcomers: nothing is told of them"
    return "1 newcomer" if found.newcomers == 1 else f"{found.newcomers} newcomers"
