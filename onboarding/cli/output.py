"""How is a result printed: a table for people, or JSON for programs?"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import click

LONGEST_WORD = 26
"""Signs of a word that a narrow terminal does not break."""

WIDEST = 1000
"""Signs of a line that a program reads, or a file keeps."""


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
    """Print a table, or the sentence for an empty one.

    Lines break between words, and within one only when it is longer than `LONGEST_WORD`, so that dates and ids can
    be copied and searched for. With `ids` the first column is never broken; without a terminal no line is.
    """
    from rich import box  # noqa: PLC0415 -- rich takes 60 ms that JSON does not need
    from rich.console import Console  # noqa: PLC0415 -- as above
    from rich.table import Table  # noqa: PLC0415 -- as above
    from rich.text import Text  # noqa: PLC0415 -- as above

    if not rows:
        click.echo(nothing)
        return
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    cells = [[str(cell) for cell in row] for row in rows]
    for place, column in enumerate(columns):
        words = [word for row in cells for word in row[place].split()]
        least = min(max((len(word) for word in words), default=0), LONGEST_WORD)
        table.add_column(column, overflow="fold", no_wrap=ids and not place, min_width=least)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDEST).print(table)
