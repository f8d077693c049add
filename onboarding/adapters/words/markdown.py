"""How does a message's Markdown become HTML and plain text, with values that cannot act as Markdown?

The values never meet the Markdown parser. Jinja puts a token in the place of each value; the Markdown with its
tokens is parsed; then each token is replaced inside the parsed tree, where a value is only text. So no name,
however odd, is a link, a heading or HTML, and no name needs a backslash in the plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context
from markdown_it import MarkdownIt
from markdown_it.token import Token

from onboarding.adapters.words.templates import MAX_OUTPUT, Linked, Pictured, is_missing
from onboarding.domain.errors import BadWords
from onboarding.domain.texts import runs_from_right

SLOTS = "_slots"
"""Where Jinja's context holds the `Slots` of one rendering; no template can name it."""

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
_QUOTE_ENDS = re.compile(r"^([ \t]*>.*\n)(?=[ \t]*[^\s>])", re.MULTILINE)
"""Where CommonMark would let the next line run on into a quote, and put HR's words into a colleague's mouth."""

_SAFE_IN_ADDRESS = "@.+-_~"

IN_THE_MAIL = "cid:"
PHOTO: dict[str, str | int | float] = {"width": "72", "height": "72", "align": "left"}
"""Of every photo; some mail programs know no CSS."""


@dataclass(slots=True)
class Slots:
    """The values of one rendering, by the number in their token; `no_targets` counts links that led nowhere."""

    mark: str
    values: list[str] = field(default_factory=list)
    size: int = 0
    no_targets: int = 0

    def put(self, value: str) -> str:
        """Keep a value and return its token: small letters and digits, plain text to any parser."""
        self.size += len(value)
        if self.size > MAX_OUTPUT:
            raise BadWords(f"the values give more than {MAX_OUTPUT:,} characters")
        self.values.append(value)
        return f"{self.mark}{len(self.values) - 1}z"

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds the tokens."""
        return re.compile(rf"{self.mark}(\d+)z")


def mark_for(source: str) -> str:
    """Letters that do not occur in a template, to begin its tokens with."""
    mark = "zq"
    while mark in source.lower():
        mark += "q"
    return mark


@pass_context
def into_slots(context: Context, value: object) -> object:
    """Jinja's `finalize` for Markdown: what would be printed goes into a slot."""
    if is_missing(value):
        return value  # printing it raises, with the name of the field
    slots: Slots = context[SLOTS]
    return slots.put(value if isinstance(value, str) else str(value))


def parse(source: str, slots: Slots) -> list[Token]:
    """The Markdown tree with its values in place; paragraphs in which nothing is left are gone.

    A quote ends where its `>` end, and runs in the direction of its writer's script. Outside of quotes a value
    that runs from right to left reorders nothing around it.
    """
    tokens = _PARSER.parse(_QUOTE_ENDS.sub(r"\1\n", source))
    pattern = slots.pattern
    quotes = 0
    for token in tokens:
        if token.type == "blockquote_open":
            token.attrSet("dir", "auto")
        quotes += token.nesting if token.type.startswith("blockquote_") else 0
        _fill_attributes(token, pattern, slots)
        token.content = token.content if token.type == "inline" else _filled(token.content, pattern, slots)
        if token.children is not None:
            token.children = list(_filled_children(token.children, pattern, slots, isolate=not quotes))
    return list(_without_empty_paragraphs(tokens))


def to_html(tokens: Sequence[Token]) -> str:
    """The HTML of a tree; every text in it is escaped by the renderer."""
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def without_photos(tokens: Sequence[Token]) -> list[Token]:
    """The tree for whoever reads plain text: no photos, and no paragraphs in which nothing else stands."""
    kept = [
        replace(token, children=[one for one in token.children if not _is_photo(one)]) if token.children else token
        for token in tokens
    ]
    return list(_without_empty_paragraphs(kept))


def _is_photo(token: Token) -> bool:
    return token.type == "image" and str(token.attrs.get("src", "")).startswith(IN_THE_MAIL)


def _filled(text: str, pattern: re.Pattern[str], slots: Slots) -> str:
    return pattern.sub(lambda found: slots.values[int(found[1])], text)


def _fill_attributes(token: Token, pattern: re.Pattern[str], slots: Slots) -> None:
    token.info = _filled(token.info, pattern, slots)
    for name, value in list(token.attrs.items()):
        if name in ("href", "src"):
            target = _target(str(value), pattern, slots, shows=name == "src")
            if target:
                token.attrs[name] = target
                if target.startswith(IN_THE_MAIL):
                    token.attrs |= PHOTO
            else:
                del token.attrs[name]
                slots.no_targets += bool(_filled(str(value), pattern, slots))
        elif isinstance(value, str):
            token.attrs[name] = _filled(value, pattern, slots)


def _target(address: str, pattern: re.Pattern[str], slots: Slots, *, shows: bool) -> str:
    """Where a link leads: a value alone must be a web or mail address; inside an address it is percent-encoded.

    A photo can only be shown, and only a photo can.
    """
    whole = pattern.fullmatch(address)
    if whole:
        value = slots.values[int(whole[1])]
        if isinstance(value, Pictured) is not shows:
            return ""
        return _PARSER.normalizeLink(value.target) if isinstance(value, Linked) else ""
    if pattern.match(address):
        return ""
    return pattern.sub(lambda found: quote(slots.values[int(found[1])], safe=_SAFE_IN_ADDRESS), address)


def _filled_children(
    children: Sequence[Token], pattern: re.Pattern[str], slots: Slots, *, isolate: bool
) -> Iterator[Token]:
    inside_link = 0
    for child in children:
        inside_link += child.nesting if child.type.startswith("link_") else 0
        _fill_attributes(child, pattern, slots)
        if child.children is not None:
            child.children = list(_filled_children(child.children, pattern, slots, isolate=isolate))
        if child.type != "text":
            child.content = _filled(child.content, pattern, slots)
            yield child
            continue
        place = 0
        for found in pattern.finditer(child.content):
            yield from _texts(child.content[place : found.start()])
            yield from _value(slots.values[int(found[1])], may_link=not inside_link, isolate=isolate)
            place = found.end()
        yield from _texts(child.content[place:])


def _value(value: str, *, may_link: bool, isolate: bool) -> Iterator[Token]:
    if isolate and runs_from_right(value) and not isinstance(value, Pictured):
        yield Token("span_open", "span", 1, attrs={"dir": "auto"})
        yield from _value(value, may_link=may_link, isolate=False)
        yield Token("span_close", "span", -1)
        return
    if isinstance(value, Pictured):
        return
    if may_link and isinstance(value, Linked):
        yield Token("link_open", "a", 1, attrs={"href": _PARSER.normalizeLink(value.target)})
        yield from _texts(value)
        yield Token("link_close", "a", -1)
        return
    for number, line in enumerate(value.strip("\r\n").splitlines()):
        if number:
            yield Token("hardbreak", "br", 0)
        yield from _texts(line)


def _texts(content: str) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, content=str(content))


def _without_empty_paragraphs(tokens: Sequence[Token]) -> Iterator[Token]:
    skip = 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif token.type == "paragraph_open" and not token.hidden and _is_empty(tokens[place + 1]):
            skip = 2
        else:
            yield token


def _is_empty(inline: Token) -> bool:
    return not any(
        child.type in ("image", "code_inline") or child.content.strip() for child in inline.children or ()
    )
