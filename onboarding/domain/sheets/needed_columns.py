"""Which columns must a people file have?"""

from __future__ import annotations

from collections.abc import Sequence

from onboarding.domain.errors import BadRecord
from onboarding.domain.folding import folded
from onboarding.domain.sheets import column_names as names
from onboarding.domain.sheets.columns import Columns
from onboarding.domain.sheets.people_row import LEAVING
from onboarding.domain.sheets.preference_cells import COLUMNS

NO_HEADER = "the first line names no column that we know: it must hold names such as id, first_name and work_email"


def is_partial(found: Columns, needs: Sequence[str]) -> bool:
    """Whether a file holds ids and preferences, and not all that somebody new needs."""
    preferences = not COLUMNS.isdisjoint(found.places)
    return preferences and "id" in found.places and bool(_lacking(found, _wanted(needs)))


def _wanted(needs: Sequence[str]) -> list[tuple[str, ...]]:
    some = {"first_name": ("first_name", names.NAME), "time_zone": ("time_zone", "country", "location")}
    return [some.get(name, (name,)) for name in needs] + [("work_email", "personal_email")]


def _lacking(found: Columns, wanted: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [one for one in wanted if not any(name in found.places for name in one)]


def complete(found: Columns, needs: Sequence[str]) -> None:
    """Refuse a file that cannot hold what every row needs; one that says who has left needs the id only."""
    if not found.places:
        raise BadRecord(NO_HEADER)
    leavers = any(name in found.places for name in LEAVING)
    if lacking := _lacking(found, [("id",)] if leavers else _wanted(needs)):
        raise BadRecord(
            [
                f"the file has no column {' or '.join(one)}; other names for it are {_called(one[0])}"
                for one in lacking
            ]
        )


def _called(name: str) -> str:
    """Some of the other names of a column."""
    others = [f'"{one}"' for one in names.listed(names.FIRST[name]) if folded(one) != folded(name)]
    return ", ".join(others[:3])
