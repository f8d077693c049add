"""How does a message read without markup?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

RULE = "-" * 40
MAX_UNDERLINE = 60


@dataclass(slots=True)
class _Holder:
    """A block quote or an item of a list around a line: what its first line and the others begin with."""

    first: str
    rest: str

    def take(self) -> str:
        """The beginning of the next line."""
        start, self.first = self.first, self.rest
        return start


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    holders: list[_Holder] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)

    def write(self, text: str) -> None:
        for line in text.split("\n"):
            start = "".join(holder.take() for holder in self.holders)
            self.lines.append((start + line).rstrip())

    def gap(self) -> None:
        """One empty line, unless there is one."""
        if self.lines and self.lines[-1].strip(" >"):
            self.lines.append("".join(holder.rest for holder in self.holders).rstrip())


def to_text(tokens: Sequence[Token]) -> str:
    """The tree as plain text: headings underlined, lists with hyphens, links followed by their address."""
    page = _Page()
    for place, token in enumerate(tokens):
        _block(page, token, tokens[place - 1] if place else None)
    return "\n".join(page.lines).strip("\n")


def _block(page: _Page, token: Token, before: Token | None) -> None:
    match token.type:
        case "inline":
            text = inline_text(token.children or ())
            page.write(text)
            if before is not None and before.tag in ("h1", "h2"):
                page.write("-" * min(len(text), MAX_UNDERLINE))
        case "paragraph_open" | "heading_open" if not token.hidden:
            page.gap()
        case "hr":
            page.gap()
            page.write(RULE)
        case "fence" | "code_block":
            page.gap()
            page.write(token.content.rstrip("\n"))
        case _:
            _holder(page, token)


def _holder(page: _Page, token: Token) -> None:
    """Lists and quotes begin and end."""
    match token.type:
        case "bullet_list_open" | "ordered_list_open":
            if not page.numbers:
                page.gap()
            start = int(token.attrs.get("start", 1))
            page.numbers.append(start if token.type.startswith("ordered") else None)
        case "bullet_list_close" | "ordered_list_close":
            page.numbers.pop()
        case "list_item_open":
            _open_item(page)
        case "blockquote_open":
            page.gap()
            page.holders.append(_Holder("> ", "> "))
        case "list_item_close" | "blockquote_close":
            page.holders.pop()


def _open_item(page: _Page) -> None:
    number = page.numbers[-1]
    marker = "- " if number is None else f"{number}. "
    if number is not None:
        page.numbers[-1] = number + 1
    page.holders.append(_Holder(marker, " " * len(marker)))


def inline_text(children: Sequence[Token]) -> str:
    """One run of text; a link becomes `text: address`, or the address alone when the text says the same."""
    parts: list[str] = []
    starts: list[tuple[int, str]] = []
    for child in children:
        match child.type:
            case "link_open":
                starts.append((len(parts), str(child.attrs.get("href", ""))))
            case "link_close":
                place, target = starts.pop()
                shown = "".join(parts[place:])
                parts[place:] = [_link(shown, target)]
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(inline_text(child.children or ()))
            case _:
                parts.append(child.content)
    return "".join(parts)


def _link(shown: str, target: str) -> str:
    if not target or target.removeprefix("mailto:") == shown:
        return shown
    return f"{shown}: {target.removeprefix('mailto:')}" if shown else target
