"""How does a checked sample look in a terminal?"""

from __future__ import annotations

import click

from onboarding.adapters.sources.declared.keys import MEANINGS, RECORD_FIELDS
from onboarding.adapters.sources.declared.reading import Reading
from onboarding.cli.source_check import RIGHT, UNCHECKED, Check, outcome, rows, shown

LARGEST = 60
"""Characters of a value; a longer one ends in an ellipsis."""


def echo_check(check: Check) -> None:
    """Print what a sample would become, one table for each entry."""
    click.secho(f"Source {check.declaration.name}", bold=True)
    _line("signature", _signature(check.signature), bad=check.signature not in (RIGHT, UNCHECKED))
    _line("delivery id", check.delivery_id)
    if check.of:
        _line("kept", f"{check.kept} of {check.of} values of the body; the others never reach the disk")
    if check.is_greeting:
        click.secho("\nA handshake: it is answered at once, and nothing is recorded.", fg="green")
    for number, entry in enumerate(check.entries, start=1):
        click.echo()
        if len(check.entries) > 1:
            click.secho(f"Entry {number} of {len(check.entries)}", bold=True)
        _echo_entry(check, entry)
    if check.mistakes:
        click.secho("\nWould go to review:", fg="red", bold=True)
        _echo_mistakes(check.mistakes)
    if check.needs_answers:
        click.secho(f"\nThe system would be asked for: {', '.join(check.needs_answers)}", fg="yellow", bold=True)
        click.echo("Nobody is asked here. Give what it answers:")
        for name in check.needs_answers:
            click.echo(f"  --answer {name}=FILE.json")


def _signature(said: str) -> str:
    if said == UNCHECKED:
        return "not checked; --headers and --secret-file check it"
    return said if said == RIGHT else f"wrong: {said}; the sample must be byte for byte as it came"


def _line(name: str, text: str, *, bad: bool = False) -> None:
    click.echo(f"  {name:<12} " + (click.style(text, fg="red") if bad else shown(text)))


def _echo_entry(check: Check, entry: Reading) -> None:
    where = " or ".join(str(spot) for spot in check.declaration.event.name)
    means = next(name for name, told in MEANINGS.items() if told is entry.told)
    _line(
        "event", f"{entry.name or 'no name'} ({where}) means {means}" if where else f"every message means {means}"
    )
    if entry.external_id:
        where = " or ".join(str(spot) for spot in check.declaration.event.external_id)
        _line("person", f"{entry.external_id} ({where})")
    _echo_fields(check, entry)
    click.secho(
        outcome(entry),
        fg="red" if entry.mistakes else "green" if entry.fact else "yellow",
        bold=True,
    )
    _echo_mistakes(entry.mistakes)


def _echo_mistakes(mistakes: tuple[str, ...]) -> None:
    for one in mistakes:
        click.echo(f"  - {one}")


def _echo_fields(check: Check, entry: Reading) -> None:
    from rich import box  # noqa: PLC0415 -- rich takes 60 ms that JSON does not need
    from rich.console import Console  # noqa: PLC0415 -- as above
    from rich.table import Table  # noqa: PLC0415 -- as above
    from rich.text import Text  # noqa: PLC0415 -- as above

    listed = rows(check, entry)
    if not listed:
        return
    wrong = {one.split(" ", 1)[0] for one in entry.mistakes}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("field", "comes from", "value"):
        table.add_column(column, overflow="fold")
    for row in listed:
        style = "red" if row.field in wrong else "" if row.there else "dim"
        text = shown(row.value) if row.there else "nothing there"
        short = text if len(text) <= LARGEST else f"{text[: LARGEST - 1]}\u2026"
        table.add_row(Text(row.field, style=style), Text(row.origin, style=style), Text(short, style=style))
    Console().print(table)
    unmapped = [name for name in RECORD_FIELDS if name not in {row.field for row in listed}]
    if unmapped:
        click.secho(f"Not mapped: {', '.join(unmapped)}", dim=True)
