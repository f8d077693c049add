"""How is what is wrong with a record said to a person? One sentence a field, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onboarding.domain.events import Told

SAID = {
    "missing": "is missing",
    "enum": f"must be one of {', '.join(Told)}",
    "too_long": "must have at most {max_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "value_error": "{error}",
    "order": "must start before they end",
    "model_type": "must be an object with named fields",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
}
"""How a sentence goes on for each kind of error of pydantic (docs.pydantic.dev, "Validation Errors")."""


def named(problems: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Field -> how its sentence goes on; the first problem of a field counts. No value is repeated."""
    mistakes: dict[str, str] = {}
    for problem in problems:
        words = SAID.get(problem["type"], "cannot be understood")
        mistakes.setdefault(_field(problem["loc"]), words.format(**problem.get("ctx", {})))
    return mistakes


def _field(place: Sequence[int | str]) -> str:
    inner = place[1:] if len(place) > 1 and place[0] == "data" else place
    return ".".join(str(part) for part in inner) or "the record"


def missing(tree: Mapping[str, object], needs: Iterable[str]) -> dict[str, str]:
    """What a record needs and does not say; one of the two e-mail addresses is always needed."""
    mistakes = {name: "is missing" for name in needs if blank(tree.get(name))}
    if blank(tree.get("work_email")) and blank(tree.get("personal_email")):
        mistakes["work_email or personal_email"] = "is needed, so that there is an address to write to"
    return mistakes


def emptied(tree: Mapping[str, object], kept: Iterable[str]) -> dict[str, str]:
    """What an update takes away and must not."""
    return {name: "cannot be emptied" for name in kept if name in tree and blank(tree[name])}


def contradictions(tree: Mapping[str, object]) -> dict[str, str]:
    """Fields that fit alone and not together."""
    mistakes = {}
    if not blank(tree.get("manager_id")) and tree.get("manager_id") == tree.get("id"):
        mistakes["manager_id"] = "names the person as their own manager"
    country, subdivision = _code(tree, "country"), _code(tree, "subdivision")
    if country and "-" in subdivision and not subdivision.startswith(f"{country}-"):
        mistakes["subdivision"] = "belongs to another country than the one given"
    return mistakes


def sentences(mistakes: Mapping[str, str], order: Sequence[str]) -> list[str]:
    """One sentence a field, in the order of the record."""
    rank = {name: place for place, name in enumerate(order)}
    fields = sorted(mistakes, key=lambda field: rank.get(field.split(".")[0].split(" ")[0], -1))
    return [f"{field} {mistakes[field]}" for field in fields]


def blank(value: object) -> bool:
    """Whether a value means "not known"."""
    return value is None or (isinstance(value, str) and not value.strip())


def _code(tree: Mapping[str, object], name: str) -> str:
    value = tree.get(name)
    return value.strip().upper() if isinstance(value, str) else ""
