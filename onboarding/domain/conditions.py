"""Does a condition that HR wrote hold for these facts?

A condition compares facts with constants: `answer.connected <= 2 or answer.another_buddy == "yes"`. The words are
those of a Python expression, read with `ast` and an allow-list of nodes; nothing is ever compiled or called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import Any

from onboarding.domain.errors import BadWords

MAX_LENGTH = 600
"""Characters; the longest condition of the shipped journey has 150."""

MAX_DEPTH = 12
"""How deep brackets and `not` may nest."""

ANY_FIELD = frozenset({"*"})
"""As the fields of a name: any field will do (the questions of a form that is not at hand)."""

OF_ANSWERS: dict[str, frozenset[str] | None] = dict.fromkeys(("answer", "before", "fell"), ANY_FIELD)
"""What a watch may ask of a form: the answer, the one before it, and by how much it fell."""

Allowed = Mapping[str, frozenset[str] | None]
"""The names a condition may use: with their fields, or None for a plain value such as `answered`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """That a path is compared with a constant, for checks: `answer.agree`, `not_now`."""

    path: str
    constant: str | float | bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """A condition that was read: its text, the paths it looks at, and what it compares them with."""

    text: str
    tree: ast.expr
    paths: tuple[str, ...]
    comparisons: tuple[Comparison, ...]


def parse(text: str, allowed: Allowed) -> Condition:
    """Read a condition and refuse the names that it may not use.

    Raises:
        BadWords: when it is no condition, is too long or too deep, or names something that is not allowed; the
            sentence holds the unknown name and the allowed ones, without the file and the place.
    """
    condition = _read(text)
    mistakes = [_unknown(path, allowed) for path in condition.paths if not _is_allowed(path, allowed)]
    if mistakes:
        raise BadWords(mistakes)
    return condition


def holds(condition: Condition, facts: Mapping[str, object]) -> bool:
    """Whether it holds; `facts` maps each name to a plain value or to a mapping of fields.

    Numbers compare with numbers, texts with texts. A comparison with a missing value or with a value of another
    kind is false, `!=` and `not in` too. Never raises.
    """
    return _holds(condition.tree, facts)


def holds_text(text: str, facts: Mapping[str, object]) -> bool:
    """The same for a condition that was checked when its journey was read.

    Raises:
        BadWords: when the text is no condition.
    """
    return holds(_read(text), facts)


@lru_cache(maxsize=1024)
def _read(text: str) -> Condition:
    if len(text) > MAX_LENGTH:
        raise BadWords(f"the condition is longer than {MAX_LENGTH} characters")
    if "\\" in text:
        raise BadWords(f"a condition has no backslash: {text}")
    try:
        tree = ast.parse(" ".join(text.splitlines()).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadWords(
            f'not a condition (write it like answer.connected <= 2 or hire.team == "Data"): {text}'
        ) from None
    _check(tree, 0)
    comparisons = tuple(_comparisons(tree))
    paths = dict.fromkeys(_path(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name))
    owners = {path.partition(".")[0] for path in paths if "." in path}
    named = tuple(path for path in paths if path not in owners)
    return Condition(text=text, tree=tree, paths=named, comparisons=comparisons)


def _check(node: ast.expr, depth: int) -> None:
    """Refuse whatever is no logic, comparison or plain value name."""
    if depth > MAX_DEPTH:
        raise BadWords(f"the condition nests deeper than {MAX_DEPTH} levels")
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _check(value, depth + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check(operand, depth + 1)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            if any(isinstance(op, ast.Is | ast.IsNot) for op in ops):
                raise BadWords(f"a condition compares with == or !=, not with `is`: {_shown(node)}")
            for value in (left, *comparators):
                _check_value(value)
        case ast.Name():
            pass
        case ast.Attribute():
            _check_value(node)
            raise BadWords(f'compare {ast.unparse(node)} with something, such as {ast.unparse(node)} == "yes"')
        case _:
            raise BadWords(f"a condition compares (== != < <= > >= in) and joins (and or not), not {_shown(node)}")


def _check_value(node: ast.expr) -> None:
    match node:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            pass
        case ast.Constant(value=value) if isinstance(value, str | int | float):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if _kind(value) == "number":
            pass
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for item in items:
                if not isinstance(item, ast.Constant | ast.UnaryOp):
                    raise BadWords(f"a list in a condition holds texts or numbers, not {_shown(item)}")
                _check_value(item)
        case _:
            raise BadWords(f"a condition compares names (hire.team), texts, numbers and lists, not {_shown(node)}")


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 -- one line of a terminal holds it


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _comparisons(tree: ast.expr) -> Iterator[Comparison]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, right in pairwise(sides):
                for name, other in ((left, right), (right, left)):
                    path = _path(name)
                    if path:
                        yield from (Comparison(path=path, constant=value) for value in _constants(other))


def _constants(node: ast.expr) -> Iterator[str | float | bool]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        for item in node.elts:
            yield from _constants(item)
        return
    value = _value(node, {})
    if isinstance(value, str | int | float):
        yield value


def _is_allowed(path: str, allowed: Allowed) -> bool:
    name, dot, field = path.partition(".")
    if name not in allowed:
        return False
    fields = allowed[name]
    if fields is None or not dot:
        return fields is None and not dot
    return fields == ANY_FIELD or field in fields


def _unknown(path: str, allowed: Allowed) -> str:
    names = [
        f"{name}.{field}" if fields else name
        for name, fields in allowed.items()
        for field in (sorted(fields) if fields else [""])
    ]
    near = get_close_matches(path, names, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"a condition here cannot use {path}; {hint}allowed: {', '.join(names)}"


def _holds(node: ast.expr, facts: Mapping[str, object]) -> bool:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_holds(value, facts) for value in values)
        case ast.BoolOp(values=values):
            return any(_holds(value, facts) for value in values)
        case ast.UnaryOp(operand=operand):
            return not _holds(operand, facts)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [_value(side, facts) for side in (left, *comparators)]
            return all(_compare(op, *pair) for op, pair in zip(ops, pairwise(sides), strict=True))
        case _:
            value = _value(node, facts)
            return isinstance(value, bool | int | float) and bool(value)


def _value(node: ast.expr, facts: Mapping[str, object]) -> object:
    """The plain value of a side; None when it is missing."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.Name(id=name):
            return facts.get(name)
        case ast.Attribute(value=ast.Name(id=name), attr=field):
            owner = facts.get(name)
            return owner.get(field) if isinstance(owner, Mapping) else None
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_value(item, facts) for item in items]
    return None


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list | tuple | set | frozenset) else ""


def _compare(op: ast.cmpop, left: object, right: object) -> bool:
    kinds = (_kind(left), _kind(right))
    if "" in kinds:
        return False
    if isinstance(op, ast.In | ast.NotIn):
        return _is_in(left, right) is isinstance(op, ast.In) if _can_hold(*kinds) else False
    if kinds[0] != kinds[1] or (type(op) not in (ast.Eq, ast.NotEq) and kinds[0] not in ("number", "text")):
        return False
    return _is_ordered(op, left, right)


def _is_ordered(op: ast.cmpop, left: Any, right: Any) -> bool:
    """Compare two values of one kind."""
    match op:
        case ast.Eq():
            found = left == right
        case ast.NotEq():
            found = left != right
        case ast.Lt():
            found = left < right
        case ast.LtE():
            found = left <= right
        case ast.Gt():
            found = left > right
        case _:
            found = left >= right
    return bool(found)


def _can_hold(member: str, holder: str) -> bool:
    return holder == "list" or (member == holder == "text")


def _is_in(member: object, holder: object) -> bool:
    if isinstance(holder, str):
        return str(member) in holder
    items = holder if isinstance(holder, list | tuple | set | frozenset) else ()
    return any(_kind(item) == _kind(member) and item == member for item in items)
