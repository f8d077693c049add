"""How is a text of HR's folder compiled and filled in, with every fence up?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined
from jinja2.exceptions import TemplateError
from jinja2.filters import FILTERS as ALL_FILTERS
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from onboarding.adapters.words.checks import FILTERS, LOOP_FIELDS, Scope, parse
from onboarding.domain.errors import BadWords
from onboarding.domain.texts import harmless

MAX_OUTPUT = 200_000
"""Characters that one template may give; the longest shipped mail has 14,000, most of them CSS."""

MAX_ITEMS = 500
"""Items of one list."""

_CONTENT = re.compile(r"cid:[a-z0-9.-]+@[a-z0-9.-]+")
"""The address of a part of the same mail (RFC 2392)."""


class Linked(str):
    """A text that is shown as a link: an address of the web, or of a person."""

    __slots__ = ("target",)
    target: str

    @classmethod
    def to(cls, text: str, target: str) -> Linked:
        """The text that leads to that target."""
        linked = cls(text)
        linked.target = target
        return linked


class Pictured(Linked):
    """A picture inside of the mail: it can be shown, and neither followed nor read."""

    __slots__ = ()


class Environment(SandboxedEnvironment):
    """A sandbox without globals and tests, with eight filters, whose dots reach the keys of tables only."""

    def __init__(self, *, autoescape: bool = False, finalize: Callable[..., Any] | None = None) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, finalize=finalize, cache_size=0)
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: ALL_FILTERS[name] for name in FILTERS} | {"first": _first}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The value of a table's key; never an attribute of a Python object, but for `loop.index` and its like."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP_FIELDS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: str | Any) -> Any:
        """The same for brackets, which only `join(attribute=...)` uses."""
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name=argument)


def _first(value: Any) -> Any:
    return next(iter(value), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A template that passed the checks; `place` is how mistakes call it, `uses` are the paths of its fields."""

    place: str
    template: Template
    uses: frozenset[str]

    def fill(self, fields: Mapping[str, object], most: int = MAX_OUTPUT) -> str:
        """The text with the fields filled in, at most so many characters.

        Raises:
            BadWords: when a field is missing or the text gets too long.
        """
        parts: list[str] = []
        size = 0
        try:
            for part in self.template.generate(**fields):
                size += len(part)
                if size > most:
                    raise BadWords(f"{self.place}: gives more than {most:,} characters")
                parts.append(part)
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise BadWords(f"{self.place}: {error}") from None
        return "".join(parts)


def compiled(environment: Environment, source: str, scope: Scope, place: str, *, first_line: int = 1) -> Compiled:
    """Check a source, then compile it.

    Raises:
        BadWords: with every mistake; nothing was compiled.
    """
    passed = parse(environment, source, scope, first_line=first_line)
    if isinstance(passed, list):
        raise BadWords([f"{place}, {mistake}" for mistake in passed])
    try:
        code = environment.compile(passed.tree)
    except (TemplateError, SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise BadWords(f"{place}: cannot be compiled ({error})") from None
    return Compiled(place=place, template=Template.from_code(environment, code, {}), uses=passed.uses)


def plain_values(fields: Mapping[str, object]) -> dict[str, Any]:
    """A copy of the fields in which nothing but texts, numbers, truths, lists and tables is left.

    Control characters are gone, web addresses (keys that end with `url`) and mail
    addresses (`email`) are `Linked`, and photos (`photo`) are `Pictured`.

    Raises:
        BadWords: on a list that is too long.
        TypeError: on any other object: a template never gets rich objects.
    """
    return {key: _plain(key, value) for key, value in fields.items()}


def _plain(key: str, value: object) -> Any:
    if isinstance(value, str):
        return _linked(key, harmless(_unwrapped(value)))
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(inner): _plain(str(inner), one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        if len(value) > MAX_ITEMS:
            raise BadWords(f"the list {key} has more than {MAX_ITEMS} items")
        return [_plain("", one) for one in value]
    raise TypeError(f"the field {key} is a {type(value).__name__}; templates get plain values only")


def _unwrapped(value: str) -> str:
    """The bare text of a `StrEnum` or of ready-made markup, so that neither is trusted."""
    return value if type(value) is str else str.__str__(value)


def _linked(key: str, value: str) -> str:
    if key == "photo":
        return Pictured.to(value, value) if _CONTENT.fullmatch(value) else ""
    if (
        key.endswith("url")
        and value.startswith(("https://", "http://"))
        and not set(value) & set(" <>\"'\\\n\r\t")
    ):
        return Linked.to(value, value)
    if (
        key.endswith("email")
        and value.count("@") == 1
        and value.isascii()
        and not set(value) & set(" <>\"'\\\n\r\t?&")
    ):
        return Linked.to(value, f"mailto:{value}")
    return value


def is_missing(value: object) -> bool:
    """Whether Jinja found nothing there."""
    return isinstance(value, Undefined)


def trusted(html: str) -> Markup:
    """HTML that our own renderer made, for the layout."""
    return Markup(html)  # noqa: S704 -- markdown-it with html off made it; every value in it was escaped
