"""How does an operation change an attribute that is a list, such as the e-mail addresses?"""

from __future__ import annotations

from collections.abc import Mapping

from onboarding.domain.scim.fitting import Entry, bounded, complete, entries, parts, single
from onboarding.domain.scim.paths import Place, holds
from onboarding.domain.scim.refused import ScimRefused
from onboarding.domain.scim.schema import Attribute


def change_list(op: str, place: Place, before: list[Entry], value: object) -> list[Entry]:
    """The entries after one operation; `place` names a list.

    Raises:
        ScimRefused: `noTarget` when a filter picks nothing to replace (RFC 7644 section 3.5.2.3).
    """
    attribute = _list_of(place)
    found = [dict(entry) for entry in before]
    if not place.where and place.part is None:
        changed, touched = _whole(op, attribute, found, value)
    else:
        changed, touched = _picked(op, place, found, value)
    _one_primary(changed, touched)
    return bounded(attribute, changed)


def _list_of(place: Place) -> Attribute:
    if place.attribute is None:
        raise ValueError("a place without an attribute is no list")
    return place.attribute


def _whole(op: str, attribute: Attribute, found: list[Entry], value: object) -> tuple[list[Entry], list[Entry]]:
    if op == "remove":
        # By the RFC this removes all; Entra means those that it names (MicrosoftDocs/azure-docs#30826)
        named = [_sameness(each) for each in entries(attribute, value)]
        values = [each.get("value") for each in entries(attribute, value)]
        if value in (None, "", []):
            return [], []
        left = [one for one in found if _sameness(one) not in named and one.get("value", ...) not in values]
        return left, []
    given = entries(attribute, value)
    if op == "replace":
        return given, given
    touched = []
    for entry in given:
        same = next((one for one in found if _sameness(one) == _sameness(entry)), None)
        if same is None:
            found.append(entry)
        else:
            same.update(entry)
        touched.append(entry if same is None else same)
    return found, touched


def _picked(op: str, place: Place, found: list[Entry], value: object) -> tuple[list[Entry], list[Entry]]:
    attribute = _list_of(place)
    chosen = [entry for entry in found if holds(attribute, entry, place.where)]
    if op == "remove":
        if place.part is None:
            return [entry for entry in found if entry not in chosen], []
        for entry in chosen:
            entry.pop(place.part.name, None)
        return found, []
    if not chosen:
        if op == "replace":
            raise ScimRefused(f"no entry of {attribute.name} is meant by the path", "noTarget")
        chosen = [_asked_for(place)]
        found.extend(chosen)
    for entry in chosen:
        _change(op, place, entry, value)
    return found, chosen


def _change(op: str, place: Place, entry: Entry, value: object) -> None:
    if place.part is not None:
        change = {place.part.name: single(place.part, value)}
    elif value in (None, ""):
        entry.clear()
        return
    else:
        change = parts(_list_of(place), value)
        if op == "replace":
            entry.clear()
            entry.update(_asked_for(place))
    merged = complete({**entry, **change})
    entry.clear()
    entry.update(merged)


def _asked_for(place: Place) -> Entry:
    """An entry that a filter picks: adding to `emails[type eq "work"].value` makes one where there is none."""
    named: Mapping[Attribute | None, object] = {
        _list_of(place).part(each.attribute): each.value for each in place.where
    }
    return complete({part.name: single(part, value) for part, value in named.items() if part is not None})


def _sameness(entry: Entry) -> frozenset[tuple[str, str]]:
    """What makes two entries the same: everything but which of them is the primary one."""
    return frozenset((name, str(value).casefold()) for name, value in entry.items() if name != "primary")


def _one_primary(found: list[Entry], touched: list[Entry]) -> None:
    """At most one entry is primary: the one that was just made so (RFC 7644 section 3.5.2)."""
    primary = [entry for entry in touched if entry.get("primary")] or [
        entry for entry in found if entry.get("primary")
    ]
    for entry in found:
        if entry.get("primary") and entry is not primary[0]:
            del entry["primary"]
