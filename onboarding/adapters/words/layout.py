"""What stands around every message? The layout of a mail, and the fixed words of each language."""

from __future__ import annotations

from collections.abc import Mapping

import css_inline

from onboarding.adapters.words.checks import Scope, Shape
from onboarding.adapters.words.files import toml
from onboarding.adapters.words.languages import tags_of
from onboarding.adapters.words.messages import TEXTS, Body, tags_alone
from onboarding.adapters.words.templates import Compiled, Environment, compiled, trusted
from onboarding.domain.errors import BadWords
from onboarding.domain.tables import unknown
from onboarding.domain.wording import direction_of

HTML_FILE = "layout/mail.html"
TEXT_FILE = "layout/mail.txt"
WORDS_FILE = "layout/words.toml"

Words = dict[str, dict[str, str]]
"""language -> key -> fixed words."""

_HTML = Environment(autoescape=True)
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, keep_link_tags=False)


def scope_of(words: Words) -> Scope:
    """The fields of a layout; `words` may be asked for what English has."""
    spoken = ("language", "direction", "words_language", "words_direction")
    plain = ("subject", "body_html", "body_text", "reason", "unsubscribe_url", *spoken)
    shapes = dict.fromkeys((*plain, "company.name", "company.hr_email"), Shape.VALUE)
    shapes |= {f"words.{key}": Shape.VALUE for key in words.get("en", {})}
    return Scope(shapes={**shapes, "company": Shape.TABLE, "words": Shape.TABLE})


def read_words(name: str, text: str) -> Words:
    """Read the fixed words: one table a language, English among them with every key.

    Raises:
        BadWords: with every mistake.
    """
    tree = toml(name, text)
    words: Words = {}
    english = tree.get("en")
    known = list(english) if isinstance(english, dict) else []
    mistakes = [] if known else [f"{name}: [en] is missing"]
    for language, table in tree.items():
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            mistakes.append(f"{name}: [{language}] must be a table of texts")
            continue
        words[language] = table
        mistakes += [f"{name}, [{language}]: {unknown(key, known)}" for key in table if key not in known]
    if mistakes:
        raise BadWords(mistakes)
    return words


def spoken_in(language: str, words: Words) -> dict[str, str]:
    """The language and direction of a message in a language, and those of the fixed words around it."""
    around = next(tag for tag in tags_of(language) if tag in words or tag == "en")
    return {
        "language": language,
        "direction": direction_of(language),
        "words_language": around,
        "words_direction": direction_of(around),
    }


def read_layout(name: str, text: str, scope: Scope) -> Compiled:
    """Read `mail.html` or `mail.txt`.

    Raises:
        BadWords: with every mistake and its line.
    """
    return compiled(_HTML if name.endswith(".html") else TEXTS, tags_alone(text), scope, name)


def check_layout(name: str, text: str, words: Words) -> None:
    """Read a layout and fill it in once.

    Raises:
        BadWords: with every mistake; also when the message itself would be missing from the mail.
    """
    layout = read_layout(name, text, scope_of(words))
    around = {"company": {"name": "-", "hr_email": "-"}, "words": words.get("en", {}), **spoken_in("en", words)}
    body = Body(subject="-", reason="why-you-get-this", html="<p>the-message</p>", text="the-message")
    page = html_page if name == HTML_FILE else text_page
    made = page(layout, body, {**around, "unsubscribe_url": "https://way-out.example.com/"})
    for what, field in (
        ("the-message", _BODY[name]),
        ("why-you-get-this", "reason"),
        ("way-out", "unsubscribe_url"),
    ):
        if what not in made:
            raise BadWords(f"{name}: {{{{ {field} }}}} is missing")


_BODY = {HTML_FILE: "body_html", TEXT_FILE: "body_text"}


def html_page(layout: Compiled, body: Body, around: Mapping[str, object]) -> str:
    """The whole mail as HTML, its CSS inlined; style sheets elsewhere are never fetched or read.

    Raises:
        BadWords: when the layout does not render, or is no HTML that CSS can be inlined into.
    """
    fields = {
        **around,
        "subject": body.subject,
        "reason": body.reason,
        "body_html": trusted(body.html),
        "body_text": "",
    }
    page = layout.fill(fields)
    try:
        return _INLINER.inline(page)
    except css_inline.InlineError as error:
        raise BadWords(f"{layout.place}: {error}") from None


def text_page(layout: Compiled, body: Body, around: Mapping[str, object]) -> str:
    """The whole mail as plain text."""
    fields = {**around, "subject": body.subject, "reason": body.reason, "body_html": "", "body_text": body.text}
    return layout.fill(fields).strip("\n") + "\n"
