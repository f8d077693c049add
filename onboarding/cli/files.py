"""How is a file of people or hires taken in, and what is said of it afterwards?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

import click

from onboarding.adapters.sources.places import Places
from onboarding.cli.opening import opened
from onboarding.cli.output import echo_table
from onboarding.domain.sheets.days import Order
from onboarding.domain.sheets.people_file import Refusal
from onboarding.domain.sheets.people_row import Reading
from onboarding.domain.sheets.spreadsheet import MOST_BYTES, read_sheet, written
from onboarding.services.engine import Engine
from onboarding.services.importing import ImportReport
from onboarding.settings import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_SHOWN = 50
"""Refused rows that are shown; a file takes all of them."""

dates_option = click.option(
    "--dates",
    type=click.Choice([order.value for order in Order]),
    help="How 1/4/2027 is meant, where the column itself does not show it.",
)
refused_option = click.option(
    "--refused",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the refused rows to this new CSV, with a column that says why.",
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be taken, and change nothing.")


class How(TypedDict):
    """What the options of a command say."""

    dates: str | None
    refused: Path | None
    dry_run: bool
    as_of: datetime | None


class Take(Protocol):
    """A service that takes a file in."""

    def __call__(
        self, engine: Engine, content: bytes, now: datetime, *, reading: Reading | None, dry_run: bool
    ) -> ImportReport:
        """Take the good rows, unless it is a rehearsal, and report."""
        ...


def take_in(take: Take, file: Path, **how: Unpack[How]) -> ImportReport:
    """Let a service take a file in, and write what it refuses where somebody wants it."""
    refused = how["refused"]
    _reserve(refused)
    try:
        content = _content(file)
        with opened(how["as_of"]) as at:
            reading = Reading(zone_of=_zone_of(at.settings), order=Order(how["dates"]) if how["dates"] else None)
            report = take(at.engine, content, at.now, reading=reading, dry_run=how["dry_run"])
        if refused and report.refused:
            reasons = {one.line: one.reason for one in report.refused}
            refused.write_bytes(written(read_sheet(content), reasons))
    finally:
        if refused and not refused.stat().st_size:
            refused.unlink()
    return report


def echo_import(report: ImportReport, refused: Path | None) -> None:
    """Say what became of a file; `refused` is where the rows were written that were not taken."""
    for remark in report.remarks:
        click.echo(f"Note: {remark}.")
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count)
    be, end = ("", "") if report.written else (" would be", "; nothing was changed")
    kinds = f" ({counts})" if counts else ""
    click.echo(f"{report.accepted} rows{be} taken{kinds}, {len(report.refused)} refused{end}.")
    if not report.refused:
        return
    shown = [(_place(one, report.unit), one.mistakes) for one in report.refused[:MOST_SHOWN]]
    rows = [(place, each.column, each.sentence) for place, mistakes in shown for each in mistakes]
    echo_table("", (report.unit, "column", "reason"), rows, "")
    if len(report.refused) > MOST_SHOWN:
        click.echo(f"These are the first {MOST_SHOWN} of them.")
    if refused:
        click.echo(f"They are in {refused}: mend them there, and import that file.")
    else:
        click.echo("With --refused FILE they are written to a file of their own, to be mended there.")


def _place(refusal: Refusal, unit: str) -> str:
    """Where a row is; spreadsheets number rows, and a cell may have several lines."""
    same = refusal.number == refusal.line or unit != "line"
    return str(refusal.line) if same else f"{refusal.line} (row {refusal.number})"


def _reserve(refused: Path | None) -> None:
    """Make the file for refused rows before anything is taken: nothing that is there is written over."""
    if refused is None:
        return
    try:
        refused.touch(mode=0o600, exist_ok=False)  # it will hold what people are called and where they live
    except FileExistsError:
        raise click.ClickException(f"{refused} is there already: name a new file for the refused rows") from None
    except OSError as error:
        raise click.ClickException(f"{refused} cannot be written: {error.strerror}") from error


def _content(file: Path) -> bytes:
    """The bytes of a file; one more than may be read, so that a larger one is refused."""
    try:
        with file.open("rb") as source:
            return source.read(MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from error


def _zone_of(settings: Settings) -> Callable[[str, str], str]:
    places = Places(offices=settings.office_zones)
    return lambda location, country: places.zone(offices=[location] if location else [], country=country)
