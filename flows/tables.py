"""What does Prefect show of a run? Ids, states and kinds of reason; never a name, an address or an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prefect.artifacts import create_table_artifact


def show(key: str, rows: Iterable[Mapping[str, str | int]], description: str) -> None:
    """Write a table artifact; nothing when there are no rows. `key` is of lower-case letters and hyphens."""
    table = [dict(row) for row in rows]
    if table:
        create_table_artifact(table=table, key=key, description=description)
