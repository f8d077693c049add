"""How can a message be changed? At each of its places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def with_each_place_as(tree: Any, value: object) -> Iterator[Any]:
    """The tree once for each place in it, with another value there; without the place when that is `...`."""
    if value is not ...:
        yield value
    if not isinstance(tree, dict | list):
        return
    for key in tree if isinstance(tree, dict) else range(len(tree)):
        if value is ...:
            rest = {**tree} if isinstance(tree, dict) else [*tree]
            del rest[key]
            yield rest
        for inner in with_each_place_as(tree[key], value):
            changed = {**tree} if isinstance(tree, dict) else [*tree]
            changed[key] = inner
            yield changed


def with_each_object_in_a_list(tree: Any) -> Iterator[Any]:
    """The tree once for each object in it, which then stands in a list."""
    if isinstance(tree, dict):
        yield [tree]
        for key, inner in tree.items():
            for changed in with_each_object_in_a_list(inner):
                yield {**tree, key: changed}
