"""Where in a message does a value stand? Paths such as `employee.emails[type=personal].value`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

MESSAGE, BODY, HEADER, EVENT, ACCOUNT = "", "body", "header", "event", "account"
"""Where a path begins: the message (each entry of a batch), the whole body, a header, what `[x.event]` found, the
account that the system is asked with."""

WHOLE = "."
"""The path of the body itself, for a body that is a list."""

DEEPEST = 12
HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_ORIGIN = re.compile(r"([a-z][a-z0-9_]*):(.*)", re.DOTALL)
_NAME = re.compile(r'"([^"{}]+)"|([^.\[\]"{}:*=]+)')
_ONLY = re.compile(r'\[([^=\[\]{}"]+)=([^\[\]{}]*)\]')


class Absent(Enum):
    """Nothing stands there; null is something: it says that the value was taken away."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """A step to the entries of a list whose value at `names` is `value`; letter case does not count."""

    names: tuple[str, ...]
    value: str

    def fits(self, entry: Any) -> bool:
        """Whether the entry is meant."""
        found = look(entry, self.names)
        return found is not ABSENT and text_of(found).casefold() == self.value.casefold()


Step = str | Only
Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A path, and where it begins: one of the origins above, or the name of an answer."""

    origin: str = MESSAGE
    steps: Steps

    def __str__(self) -> str:
        return f"{self.origin}:{_written(self.steps)}" if self.origin else _written(self.steps)


def read_spot(text: str) -> Spot:
    """The spot that a path names.

    Raises:
        ValueError: it is none; the message continues "... ".
    """
    origin, rest = MESSAGE, text.strip()
    if found := _ORIGIN.fullmatch(rest):
        origin, rest = found[1], found[2]
    if origin == HEADER:
        if not HEADER_NAME.fullmatch(rest):
            raise ValueError("names no header, such as header:x-event-name")
        return Spot(origin=origin, steps=(rest.lower(),))
    return Spot(origin=origin, steps=read_steps(rest))


def read_steps(text: str) -> Steps:
    """The steps of a path without an origin.

    Raises:
        ValueError: it is none.
    """
    steps: list[Step] = []
    place = 0
    while True:
        name = _NAME.match(text, place)
        if not name or not name[0].strip():
            raise ValueError(
                'is not a path such as employee.emails.0.value; a name that holds a dot or a colon stands in "..."'
            )
        steps.append(name[1] or name[2].strip())
        place = name.end()
        while only := _ONLY.match(text, place):
            names = tuple(part.strip() for part in only[1].split("."))
            steps.append(Only(names=names, value=only[2].strip().strip('"')))
            place = only.end()
        if place == len(text):
            break
        if text[place] != ".":
            raise ValueError("is not a path: after a name comes a dot, or [name=value], or nothing")
        place += 1
    if len(steps) > DEEPEST:
        raise ValueError(f"is deeper than {DEEPEST} names")
    return tuple(steps)


def _written(steps: Steps) -> str:
    text = ""
    for step in steps:
        if isinstance(step, Only):
            text += f"[{'.'.join(step.names)}={step.value}]"
        else:
            plain = _NAME.fullmatch(step)
            text += ("." if text else "") + (step if plain and plain[2] else f'"{step}"')
    return text or WHOLE


def look(tree: Any, steps: Iterable[Step]) -> Any:
    """What stands at the end of the steps: null where one of them is null, ABSENT where there is nothing."""
    for step in steps:
        if tree is None:
            return None
        if isinstance(step, Only):
            entries = tree if isinstance(tree, list) else [tree]
            tree = next((entry for entry in entries if isinstance(entry, dict) and step.fits(entry)), ABSENT)
        elif isinstance(tree, dict):
            tree = tree.get(step, ABSENT)
        elif isinstance(tree, list) and (number := _index(step)) < len(tree):
            tree = tree[number]
        else:
            return ABSENT
        if tree is ABSENT:
            return ABSENT
    return tree


def project(tree: Any, wanted: list[Steps]) -> Any:
    """The tree with nothing in it but what stands at the ends of the wanted steps; lists keep their length.

    What stands at an end is a text, a number, a truth, null, or a list of those; else it is left out.
    """
    if tree is None:
        return None
    if isinstance(tree, dict):
        found: dict[str, Any] = {}
        for name, inner in tree.items():
            rest = [steps[1:] for steps in wanted if steps and steps[0] == name]
            rest += [steps[2:] for steps in wanted if _passes(tree, steps) and steps[1] == name]
            rest += [(*step.names[1:],) for step in _first_filters(wanted) if step.names[0] == name]
            if rest and (kept := project(inner, rest)) is not ABSENT:
                found[name] = kept
        return found
    if isinstance(tree, list):
        return [_entry(entry, number, wanted) for number, entry in enumerate(tree)]
    return tree if () in wanted else ABSENT


def _passes(tree: dict[str, Any], steps: Steps) -> bool:
    """Whether the steps begin with a filter that this single object fits, followed by a name."""
    return len(steps) > 1 and isinstance(steps[0], Only) and steps[0].fits(tree)


def _entry(entry: Any, number: int, wanted: list[Steps]) -> Any:
    rest: list[Steps] = []
    for steps in wanted:
        if not steps:
            rest += [()] if not isinstance(entry, dict | list) else []
        elif isinstance(steps[0], Only):
            rest += [steps[1:], steps[0].names] if isinstance(entry, dict) and steps[0].fits(entry) else []
        elif _index(steps[0]) == number:
            rest.append(steps[1:])
    kept = project(entry, rest) if rest else ABSENT
    return None if kept is ABSENT else kept


def _first_filters(wanted: list[Steps]) -> list[Only]:
    return [steps[0] for steps in wanted if steps and isinstance(steps[0], Only)]


def _index(step: Step) -> int:
    """The place in a list that a step names; beyond every list when it names none."""
    return int(step) if isinstance(step, str) and re.fullmatch(r"[0-9]{1,6}", step) else 10**7


def text_of(value: object) -> str:
    """A leaf as text: true and false in small letters, a number in digits; "" for null, an object or a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


Trees = Mapping[str, Any]
"""Origin -> the tree at which its paths begin."""


def find(trees: Trees, spots: Iterable[Spot]) -> tuple[Any, Spot | None]:
    """The first value that is given, and where; else null when one spot holds null or a blank; else ABSENT."""
    emptied: tuple[Any, Spot | None] = (ABSENT, None)
    for spot in spots:
        found = look(trees[spot.origin], spot.steps) if spot.origin in trees else ABSENT
        if found is None or (isinstance(found, str) and not found.strip()):
            emptied = emptied if emptied[1] else (None, spot)
        elif found is not ABSENT:
            return found, spot
    return emptied
