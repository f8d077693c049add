"""How is a result printed: a table for people, or JSON for programs?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import click


def plain(value: object) -> object:
    """A value as JSON can say it: dataclasses as objects, moments in ISO 8601, spans in seconds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(one) for name, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(one) for one in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value.total_seconds() if isinstance(value, timedelta) else value


def echo_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def echo_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], nothing: str, *, ids: bool = False
) -> None:
    """Print a table, or the sentence for an empty one; with `ids` the first column is never broken."""
    from rich import box  # noqa: PLC0415 -- rich takes 60 ms that JSON does not need
    from rich.console import Console  # noqa: PLC0415 -- as above
    from rich.table import Table  # noqa: PLC0415 -- as above
    from rich.text import Text  # noqa: PLC0415 -- as above

    if not rows:
        click.echo(nothing)
        return
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=ids and not place)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)
