"""How does a message of HR's folder read for one recipient?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from onboarding.adapters.words import markdown, plain_text
from onboarding.adapters.words.checks import Scope
from onboarding.adapters.words.templates import Compiled, Environment, compiled, is_missing
from onboarding.domain.errors import BadAddress, BadWords
from onboarding.domain.fields import FIELDS
from onboarding.domain.mail import refuse_header_injection
from onboarding.domain.tables import unknown

ANY_SCOPE = Scope.of(FIELDS)
"""Every field there is: which of them a message really gets depends on its step."""

HEAD_KEYS = ("subject", "reason")
MAX_SUBJECT = 250
MAX_MARKDOWN = 40_000
"""Characters, the values not counted; the worst of that length takes the Markdown parser a second."""

_ADDRESSES = f"allowed: {', '.join(one.path for one in FIELDS if one.is_url)}, mailto:{{{{ ... email }}}}"
_ALONE = re.compile(r"^[ \t]*\{%(?![+-])((?:(?!%\}|\{%).)*?)(?<![+-])%\}[ \t]*\n", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@pass_context
def _one_line(_: Context, value: object) -> object:
    """Jinja's `finalize` for subjects: line breaks and control characters in a value become a space."""
    return value if is_missing(value) else _CONTROL.sub(" ", str(value))


BODIES = Environment(finalize=markdown.into_slots)
LINES = Environment(finalize=_one_line)
TEXTS = Environment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in one language, checked and compiled."""

    subject: Compiled
    reason: Compiled
    body: Compiled
    mark: str

    @property
    def uses(self) -> frozenset[str]:
        """The paths of the fields that it uses; the keys of a list's tables are `<path>[].<key>`."""
        return self.subject.uses | self.reason.uses | self.body.uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A message that was filled in, before its layout."""

    subject: str
    reason: str
    html: str
    text: str


def read_message(name: str, text: str, scope: Scope = ANY_SCOPE) -> Message:
    """Read a file with front matter; `name` is how mistakes call it.

    Raises:
        BadWords: with every mistake and its line.
    """
    head, body, first_line, mistakes = _parts(name, text)
    made: dict[str, Compiled] = {}
    sources = [(key, LINES, head.get(key, ""), line) for line, key in enumerate(HEAD_KEYS, start=2)]
    for key, environment, source, line in [*sources, ("body", BODIES, tags_alone(body), first_line)]:
        try:
            made[key] = compiled(environment, source, scope, name, first_line=line)
        except BadWords as error:
            mistakes += error.mistakes
    if mistakes:
        raise BadWords(mistakes)
    return Message(subject=made["subject"], reason=made["reason"], body=made["body"], mark=markdown.mark_for(body))


def fill(message: Message, values: Mapping[str, Any], *, strict: bool = False) -> Body:
    """Fill in a message with `plain_values`; `strict` also refuses links to values that are no address.

    Raises:
        BadWords: when a field is missing, the text is too long, or the subject could forge a header.
    """
    subject = " ".join(message.subject.fill(values).split()) or values["company"]["name"]
    if len(subject) > MAX_SUBJECT:
        subject = subject[: MAX_SUBJECT - 1].rstrip() + "…"
    try:
        refuse_header_injection(subject, "subject")
    except BadAddress as error:
        raise BadWords(f"{message.subject.place}: {error}") from None
    slots = markdown.Slots(message.mark)
    source = message.body.fill({**values, markdown.SLOTS: slots}, most=MAX_MARKDOWN)
    tokens = markdown.parse(source, slots)
    if strict and slots.no_targets:
        raise BadWords(f"{message.body.place}: a link leads to a field that is no address; {_ADDRESSES}")
    return Body(
        subject=subject,
        reason=" ".join(message.reason.fill(values).split()),
        html=markdown.to_html(tokens),
        text=plain_text.to_text(markdown.without_photos(tokens)),
    )


def tags_alone(source: str) -> str:
    """A tag such as `{% if x %}` alone on its line leaves no empty line behind; line numbers stay."""
    return _ALONE.sub(lambda found: f"{{%{found[1]}\n%}}", source)


def _parts(name: str, text: str) -> tuple[dict[str, str], str, int, list[str]]:
    """The front matter, the body, the line on which the body begins, and the mistakes so far."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((place for place, line in enumerate(lines[1:], start=1) if line.strip() == "---"), 0)
    if lines[0].strip() != "---" or not end:
        mistake = f"{name}, line 1: a message begins with lines for subject and reason between two lines of ---"
        return dict.fromkeys(HEAD_KEYS, ""), "\n".join(lines), 1, [mistake]
    head: dict[str, str] = {}
    mistakes: list[str] = []
    for place, line in enumerate(lines[1:end], start=2):
        key, colon, value = line.partition(":")
        key = key.strip()
        if not line.strip():
            continue
        if not colon or key not in HEAD_KEYS:
            mistakes.append(f"{name}, line {place}: {unknown(key, HEAD_KEYS)}")
        elif key in head:
            mistakes.append(f"{name}, line {place}: {key} is there twice")
        head[key] = _unquoted(value.strip())
    mistakes += [f"{name}: {key} is missing between the lines of ---" for key in HEAD_KEYS if not head.get(key)]
    body = "\n".join(lines[end + 1 :])
    if not body.strip():
        mistakes.append(f"{name}: the message is empty")
    return head, body, end + 2, mistakes


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
