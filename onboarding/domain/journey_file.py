"""What does a journey file say, and what is wrong with it?

The whole file is read before anything is refused, so that HR can mend every mistake in one go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onboarding.domain.errors import BadWords
from onboarding.domain.journey import Journey, Step
from onboarding.domain.journey_order import misfits
from onboarding.domain.journey_step import StepReader
from onboarding.domain.tables import unknown

MAX_STEPS = 200


def read_journey(name: str, file: str, tree: Mapping[str, object]) -> Journey:
    """Make a journey of a parsed TOML file; `file` is how the mistakes call it.

    Raises:
        BadWords: with every mistake, each naming the file, the step and the allowed values.
    """
    mistakes = [f"{file}: {unknown(key, ('title', 'step'))}" for key in tree if key not in ("title", "step")]
    title = tree.get("title")
    if not isinstance(title, str) or not title.strip():
        mistakes.append(f"{file}: title is missing; it is a text")
    tables = tree.get("step")
    if not isinstance(tables, list) or not 0 < len(tables) <= MAX_STEPS:
        mistakes.append(f"{file}: there must be 1 to {MAX_STEPS} steps, each beginning with [[step]]")
        tables = []
    steps: list[Step] = []
    for number, table in enumerate(tables, start=1):
        reader = StepReader(table=table if isinstance(table, Mapping) else {}, number=number)
        step = reader.step()
        mistakes += [f"{file}, {reader.place}: {mistake}" for mistake in reader.mistakes]
        if step:
            steps.append(step)
    mistakes += [f'{file}, step "{key}": {mistake}' for key, mistake in misfits(steps, _keys(tables))]
    if mistakes:
        raise BadWords(mistakes)
    return Journey(name=name, title=str(title).strip(), steps=tuple(steps))


def _keys(tables: Sequence[object]) -> list[str]:
    return [str(table.get("key", "")) for table in tables if isinstance(table, Mapping)]
