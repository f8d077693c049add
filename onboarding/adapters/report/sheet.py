"""How do the figures of a report become a CSV file, one figure a row?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from onboarding.domain.report import Line, Part, Report

COLUMNS = ("table", "group", "figure", "value", "why_empty")
FIRST_LINE = ",".join(COLUMNS)
"""By it a file is known to be ours."""

WHY = "hidden, so that nothing can be told of fewer than five people"


def sheet(report: Report) -> str:
    """The figures; those that are hidden are empty, with the reason beside them. Shares are parts of 1."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerow(("report", "all", "from", report.first.isoformat(), ""))
    rows.writerow(("report", "all", "to", report.last.isoformat(), ""))
    if report.newcomers is None:
        rows.writerow(("report", "all", "people", "", WHY))
    else:
        rows.writerow(("report", "all", "people", report.newcomers, ""))
    for part in report.parts:
        rows.writerows(_rows(part))
    return written.getvalue()


def _rows(part: Part) -> Iterator[tuple[object, ...]]:
    figures = list(dict.fromkeys(name for line in _lines(part) for name in line.told))
    people = ["people"] if part.of_people else []
    every = [*people, *figures] or [part.main]
    for line in _lines(part):
        if line.is_hidden:
            yield from ((part.key, line.name, name, "", WHY) for name in every)
            continue
        yield from ((part.key, line.name, name, line.people, "") for name in people)
        yield from ((part.key, line.name, name, round(value, 4), "") for name, value in line.told.items())


def _lines(part: Part) -> list[Line]:
    return [*part.lines, *([part.whole] if part.whole else [])]
