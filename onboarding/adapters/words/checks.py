"""May this template be compiled? An allow-list of what HR's templates consist of.

Jinja's sandbox stops attribute escapes, not exhaustion: `10**(10**8)` burns a processor while it is compiled. So
the parsed template is looked at before anything is compiled: only nodes, filters and fields listed here pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from jinja2 import Environment, TemplateSyntaxError, nodes

from onboarding.domain.fields import FIELDS, Field

MAX_SOURCE = 20_000
"""Characters; the longest message that is shipped has 2,500. The worst that fits compiles in half a second."""

MAX_DEPTH = 24
MAX_LOOPS = 24
MAX_LOOP_NESTING = 2

FILTERS = ("join", "length", "lower", "upper", "title", "first", "default", "round")
ARGUMENTS = {"join": 1, "round": 1, "default": 2}
"""How many values a filter takes in brackets; the others take none."""

LOOP_FIELDS = ("index", "first", "last", "length")
"""What `loop.` has inside `{% for %}`."""

_LOGIC = (nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.List, nodes.Tuple)
"""Nodes that only join, compare or list other expressions."""


class Shape(StrEnum):
    """What an expression gives."""

    VALUE = "value"
    TEXTS = "a list"
    TABLES = "a list of tables"
    TABLE = "a table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The fields that a template may use, by path; the keys of a list's tables are `<path>[].<key>`."""

    shapes: Mapping[str, Shape]

    @classmethod
    def of(cls, fields: Iterable[Field]) -> Scope:
        """The scope that holds these fields."""
        shapes: dict[str, Shape] = {}
        for one in fields:
            owner, _, key = one.path.partition(".")
            if key:
                shapes[owner] = Shape.TABLE
            shapes[one.path] = (Shape.TABLES if one.item_keys else Shape.TEXTS) if one.is_list else Shape.VALUE
            shapes |= {f"{one.path}[].{key}": Shape.VALUE for key in one.item_keys}
        return cls(shapes=shapes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A template that may be compiled, and the paths of the fields that it uses."""

    tree: nodes.Template
    uses: frozenset[str]


def parse(environment: Environment, source: str, scope: Scope, *, first_line: int = 1) -> Passed | list[str]:
    """The parsed template when it may be compiled, else every mistake with its line."""
    if len(source) > MAX_SOURCE:
        return [f"longer than {MAX_SOURCE:,} characters"]
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        return [f"line {error.lineno + first_line - 1}: {error.message}"]
    except (RecursionError, OverflowError, ValueError):
        return [f"line {first_line}: brackets nest too deeply, or a number is too long"]
    checker = _Checker(scope=scope, first_line=first_line)
    checker.statements(tree.body, 0)
    return list(dict.fromkeys(checker.mistakes)) or Passed(tree=tree, uses=frozenset(checker.uses))


@dataclass(slots=True, kw_only=True)
class _Checker:
    """Walks a tree once; `loops` maps the names of the loops around a place to the paths of their items."""

    scope: Scope
    first_line: int
    mistakes: list[str] = field(default_factory=list)
    loops: dict[str, str] = field(default_factory=dict)
    count: int = 0
    uses: set[str] = field(default_factory=set)

    def refuse(self, node: nodes.Node, what: str) -> None:
        line = (node.lineno or 1) + self.first_line - 1  # a few nodes that are refused have no line
        self.mistakes.append(f"line {line}: {what}")

    def statements(self, body: Iterable[nodes.Node], depth: int) -> None:
        for node in body:
            if depth > MAX_DEPTH:
                self.refuse(node, f"nests deeper than {MAX_DEPTH} levels")
            elif isinstance(node, nodes.Output):
                self.output(node, depth)
            elif isinstance(node, nodes.If):
                self.expression(node.test, depth + 1)
                self.statements([*node.body, *node.else_], depth + 1)
                self.statements(node.elif_, depth + 1)
            elif isinstance(node, nodes.For):
                self.loop(node, depth)
            else:
                tag = type(node).__name__.lower()
                self.refuse(node, f"{{% {tag} %}} is not allowed; templates use {{% if %}} and {{% for %}}")

    def output(self, node: nodes.Output, depth: int) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                continue
            shape = self.expression(child, depth + 1)
            if shape in (Shape.TEXTS, Shape.TABLES):
                self.refuse(child, f"this is {shape}; use a loop" + (', or | join(", ")' * (shape is Shape.TEXTS)))
            elif shape is Shape.TABLE:
                self.refuse(child, "this holds several fields; name one of them")

    def loop(self, node: nodes.For, depth: int) -> None:
        self.count += 1
        path = _path(node.iter)
        shape = self.expression(node.iter, depth + 1)
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        if self.count > MAX_LOOPS or len(self.loops) >= MAX_LOOP_NESTING or node.recursive:
            self.refuse(
                node, f"at most {MAX_LOOPS} loops, at most {MAX_LOOP_NESTING} inside each other, none recursive"
            )
            return
        if shape not in (Shape.TEXTS, Shape.TABLES, None) or not path:
            self.refuse(node, f"a loop runs over one of the lists: {', '.join(self.lists())}")
            return
        if not name or name in self.scope.shapes or name in self.loops or name == "loop":
            self.refuse(node, f"a loop needs a name of its own, such as line; not {name or 'several'}")
            return
        self.loops[name] = path
        if node.test:
            self.expression(node.test, depth + 1)
        self.statements(node.body, depth + 1)
        del self.loops[name]
        self.statements(node.else_, depth + 1)

    def lists(self) -> list[str]:
        return [path for path, shape in self.scope.shapes.items() if shape in (Shape.TEXTS, Shape.TABLES)]

    def expression(self, node: nodes.Node, depth: int) -> Shape | None:
        """Check an expression; its shape, or None when it was refused."""
        if depth > MAX_DEPTH:
            self.refuse(node, f"nests deeper than {MAX_DEPTH} levels")
            return None
        if isinstance(node, nodes.Name | nodes.Getattr):
            return self.field(node)
        if isinstance(node, nodes.Filter):
            return self.filter(node, depth)
        if isinstance(node, _LOGIC):
            self.expressions(node.iter_child_nodes(), depth + 1)
            return Shape.TEXTS if isinstance(node, nodes.List | nodes.Tuple) else Shape.VALUE
        if isinstance(node, nodes.Const) and isinstance(node.value, str | int | float):
            return Shape.VALUE
        what = type(node).__name__
        self.refuse(node, f"{_NAMES.get(what, what)} is not allowed")
        return None

    def expressions(self, parts: Iterable[nodes.Node], depth: int) -> None:
        for part in parts:
            self.expression(part, depth)

    def filter(self, node: nodes.Filter, depth: int) -> Shape | None:
        if node.name not in FILTERS:
            self.refuse(
                node, f'unknown filter "{node.name}"; {_near(node.name, FILTERS)}allowed: {", ".join(FILTERS)}'
            )
            return None
        shape = self.expression(node.node, depth + 1) if node.node else None
        self.expressions(node.args, depth + 1)
        if node.dyn_args or node.dyn_kwargs or not self.arguments(node, depth):
            self.refuse(node, f"{node.name} does not take these values")
        if shape is None:
            return None
        is_list = shape in (Shape.TEXTS, Shape.TABLES)
        if node.name in ("join", "first") and not is_list:
            self.refuse(node, f"{node.name} needs a list")
        if node.name in ("lower", "upper", "title", "round") and shape is not Shape.VALUE:
            self.refuse(node, f"{node.name} needs one value, not {shape}")
        if node.name == "default":
            return shape
        return Shape.TABLE if node.name == "first" and shape is Shape.TABLES else Shape.VALUE

    def arguments(self, node: nodes.Filter, depth: int) -> bool:
        """Whether it may have its values; by name only `join(attribute="<key>")` and `default(boolean=true)`."""
        for pair in node.kwargs:
            given: object = pair.value.value if isinstance(pair.value, nodes.Const) else None
            key = f"{_path(node.node) if node.node else ''}[].{given}"
            key_name: object = pair.key
            is_key = (node.name, key_name) == ("join", "attribute") and key in self.scope.shapes
            if not is_key and (node.name, key_name) != ("default", "boolean"):
                return False
            self.expression(pair.value, depth + 1)
        return len(node.args) <= ARGUMENTS.get(node.name, 0)

    def field(self, node: nodes.Node) -> Shape | None:
        """The shape of a path such as `hire.first_name` or, inside a loop, `note.text`."""
        path = _path(node)
        name, _, rest = path.partition(".")
        if name == "loop" and self.loops and rest in LOOP_FIELDS:
            return Shape.VALUE
        real = path
        if name in self.loops:
            items = self.scope.shapes.get(self.loops[name])
            if not rest:
                return Shape.TABLE if items is Shape.TABLES else Shape.VALUE
            real = f"{self.loops[name]}[].{rest}"
        shape = self.scope.shapes.get(real)
        if shape is None:
            self.refuse(node, self.unknown(path, name))
        self.uses.add(real)
        return shape

    def unknown(self, path: str, name: str) -> str:
        """The sentence for a field that is not there."""
        if name in self.loops:
            start = f"{self.loops[name]}[]."
            keys = [
                f"{name}.{known.removeprefix(start)}" for known in self.scope.shapes if known.startswith(start)
            ]
            return f"unknown field {path}; allowed: {', '.join(keys) or name}"
        elsewhere = [one for one in FIELDS if one.path == path]
        if elsewhere:
            return f"{path} is only for messages of {' and '.join(sorted(elsewhere[0].verbs))} steps"
        known = [one for one, shape in self.scope.shapes.items() if "[]" not in one and shape is not Shape.TABLE]
        own = [one for one in known if one.startswith(f"{name}.")]
        return (
            f"unknown field {path or '(made of brackets)'}; {_near(path, known)}allowed: {', '.join(own or known)}"
        )


def _path(node: nodes.Node) -> str:
    """`a.b` of a name or of an attribute of a name; "" for whatever else."""
    if isinstance(node, nodes.Getattr):
        return f"{node.node.name}.{node.attr}" if isinstance(node.node, nodes.Name) else ""
    return node.name if isinstance(node, nodes.Name) else ""


def _near(given: str, known: Iterable[str]) -> str:
    near = get_close_matches(given, list(known), n=1)
    return f"did you mean {near[0]}? " if near else ""


_NAMES = {
    "Call": "a call with ()",
    "Getitem": "a place in brackets []",
    "Pow": "calculating",
    "Mul": "calculating",
    "Add": "calculating",
    "Sub": "calculating",
    "Div": "calculating",
    "FloorDiv": "calculating",
    "Mod": "calculating",
    "Neg": "calculating",
    "Pos": "calculating",
    "Concat": "joining with ~",
    "Test": "a test with `is` (write {% if field %})",
    "CondExpr": "an `if` inside {{ }} (write {% if %} ... {% endif %})",
}
