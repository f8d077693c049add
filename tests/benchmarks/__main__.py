"""Run the benchmarks, print a table, and write JSON for programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.dispatch import dispatch
from tests.benchmarks.door import door
from tests.benchmarks.enrol import enrol
from tests.benchmarks.idle import idle
from tests.benchmarks.match import match, match_tight
from tests.benchmarks.measures import measures
from tests.benchmarks.measuring import Measure
from tests.benchmarks.rounds import coffee_round, round_repeats
from tests.benchmarks.slot import slot

BENCHMARKS: dict[str, Callable[[], list[Measure]]] = {
    "dispatch": dispatch,
    "door": door,
    "enrol": enrol,
    "idle": idle,
    "measures": measures,
    "match": match,
    "match-tight": match_tight,
    "round": coffee_round,
    "round-repeats": round_repeats,
    "slot": slot,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=list(BENCHMARKS), action="append", help="may be given several times")
    parser.add_argument("--json", type=Path, help="write the measures to this file")
    given = parser.parse_args()
    found = [one for name in given.only or BENCHMARKS for one in BENCHMARKS[name]()]
    table = Table(title="Ours beside the floor of the same run", title_justify="left")
    for column in ("name", "size", "value", "unit", "floor", "ratio"):
        table.add_column(column, justify="left" if column in ("name", "unit") else "right")
    for one in found:
        table.add_row(one.name, f"{one.size:,}", f"{one.value:,}", one.unit, f"{one.floor:,}", str(one.ratio))
    Console().print(table)
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
