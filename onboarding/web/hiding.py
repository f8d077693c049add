"""How does a browser hide the questions that the answers above them make needless, without script?

With a rule of CSS for each (`:has()`, Selectors Level 4 section 4.5). Where a browser does not know it, or a
condition cannot be said so, the question is shown with its condition in words. A rule names the conditions of all
questions that its own depends on, so chains of them would fill the page: a form that needs too many rules is shown
whole. What counts is decided when the form is sent.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup, escape

from onboarding.domain import conditions
from onboarding.domain.conditions import ANY_FIELD, Condition
from onboarding.domain.errors import BadWords
from onboarding.domain.forms import Kind, Question, Value
from onboarding.web.words import PageWords

Options = Mapping[str, Sequence[tuple[str, str]]]
"""The (value, label) pairs of each question that is answered by choosing."""

MOST_RADIOS = 12
"""More options than that are a list to choose from."""

MOST_RULES = 2_000
"""Characters of all rules of a form; a usual rule has 120."""

ONE_OF = frozenset({Kind.SCALE, Kind.CHOICE, Kind.YES_NO})
"""Kinds with one answer out of a few."""


def rules(questions: Sequence[Question], options: Options) -> str:
    """The style that hides what is not asked; "" for a form in which everything is, or which is shown whole."""
    selectors = _Selectors(known={one.key: one for one in questions}, options=options)
    found = [
        f"form:not({shown})>#{box_of(one)}{{display:none}}#{box_of(one)} .only-if{{display:none}}"
        for one in questions
        if one.shown_if and (shown := selectors.shown(one))
    ]
    if not found or selectors.too_long or sum(map(len, found)) > MOST_RULES:
        return ""
    return f"@supports selector(:has(*)){{{''.join(found)}}}"


def box_of(question: Question) -> str:
    """The id of the box around a question; no question has such a key."""
    return f"{question.key}-box"


def in_words(
    question: Question,
    questions: Sequence[Question],
    options: Options,
    words: PageWords,
    tongue: Markup | None = None,
) -> str:
    """For which answers a question is meant, as a sentence; "" when it is meant for all.

    `tongue` are the attributes of HR's texts inside it, where they are in another language.
    """
    condition = _read(question)
    if condition is None:
        return ""
    known = {one.key: one for one in questions}
    found = _values(condition, condition.tree, known, options)
    if found is None:
        return words.only_if_it_fits
    about, values = found
    labels = [label for value, label in options[about.key] if value in values]
    parts = {"question": about.label, "answers": " / ".join(labels)}
    if not tongue:
        return words.only_if.format(**parts)
    marked = {name: Markup("<span{}>{}</span>").format(tongue, part) for name, part in parts.items()}
    return escape(words.only_if).format(**marked)


def _read(question: Question) -> Condition | None:
    try:
        return conditions.parse(question.shown_if, {"answer": ANY_FIELD}) if question.shown_if else None
    except BadWords:
        return None


@dataclass(slots=True, kw_only=True)
class _Selectors:
    """What a form matches in which a question is asked, worked out once for each question."""

    known: Mapping[str, Question]
    options: Options
    too_long: bool = False
    _found: dict[str, str] = field(default_factory=dict)

    def shown(self, question: Question) -> str:
        """The selector; "" when CSS cannot say it."""
        if question.key not in self._found:
            condition = _read(question)
            said = self._of(condition, condition.tree) if condition else ""
            self.too_long |= len(said) > MOST_RULES
            self._found[question.key] = said if len(said) <= MOST_RULES else ""
        return self._found[question.key]

    def _of(self, condition: Condition, node: ast.expr) -> str:
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [self._of(condition, one) for one in values]
                if not all(parts):
                    return ""
                return "".join(parts) if isinstance(op, ast.And) else f":is({','.join(parts)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._of(condition, operand)
                return f":not({inner})" if inner else ""
            case _:
                return self._chosen(condition, node)

    def _chosen(self, condition: Condition, node: ast.expr) -> str:
        """What a form matches in which one of the values is chosen that make a comparison hold."""
        found = _values(condition, node, self.known, self.options)
        if found is None:
            return ""
        about, values = found
        if not values:
            return ":not(*)"
        itself = self.shown(about) if about.shown_if else ""
        if about.shown_if and not itself:
            return ""
        in_list = " option" if len(self.options[about.key]) > MOST_RADIOS and about.kind is not Kind.SCALE else ""
        fitting = ",".join(f'[value="{_escaped(value)}"]' for value in values)
        return f'{itself}:has([name="{about.key}"]{in_list}:is({fitting}):checked)'


def _values(
    condition: Condition, node: ast.expr, known: Mapping[str, Question], options: Options
) -> tuple[Question, list[str]] | None:
    """The one question that a comparison is about, and which of its values make it hold."""
    named = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    about = known.get(next(iter(named))) if isinstance(node, ast.Compare) and len(named) == 1 else None
    if about is None or about.key not in options:
        return None
    if about.kind not in ONE_OF and not (about.kind is Kind.CHOICES and _looks_for_one(node)):
        return None
    part = replace(condition, tree=node)
    return about, [
        value
        for value, _ in options[about.key]
        if conditions.holds(part, {"answer": {about.key: _answer(about, value)}})
    ]


def _looks_for_one(node: ast.expr) -> bool:
    """Whether it is `"a" in answer.topics`: more that is chosen beside it changes nothing."""
    return (
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Constant)
        and [type(op) for op in node.ops] == [ast.In]
    )


def _answer(question: Question, value: str) -> Value:
    match question.kind:
        case Kind.SCALE:
            return int(value)
        case Kind.CHOICES:
            return [value]
        case _:
            return value


def _escaped(value: str) -> str:
    """A text in a string of CSS (CSS Syntax Level 3 section 4.3.7): nothing in it ends the string or the style."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in value)
