"""How does a page look, and what may a browser do with it?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from onboarding.domain.texts import isolated
from onboarding.domain.wording import direction_of
from onboarding.services import whose_link
from onboarding.services.engine import Company, Engine
from onboarding.web.saving import script
from onboarding.web.words import PageWords, preferred, words_of

HERE = Path(__file__).parent / "pages"


class Allowed(StrEnum):
    """What a page may do besides looking like ours and sending its form."""

    FRAMES = "frames"  # show another page of this site
    IMAGES = "images"  # show pictures of this site
    SAVING = "saving"  # run the script that saves its form while somebody writes


def render(
    name: str,
    *,
    words: PageWords,
    company: Company,
    status: int = 200,
    language: str = "",
    allows: Collection[Allowed] = (),
    rules: str = "",
    **fields: object,
) -> HTMLResponse:
    """A page from `pages/<name>.html`, with a policy that allows its style sheet and its own forms.

    `language` is that of what HR wrote: where the fixed words are in another, the page says so of each such text,
    with its direction. `allows` is what the policy allows besides. `rules` is more CSS for this page, made by us:
    what comes from elsewhere is escaped in it.
    """
    style = [_style(), *([Markup(rules)] if rules else [])]  # noqa: S704 -- hiding.rules escapes what HR wrote
    html = (
        _pages()
        .get_template(f"{name}.html")
        .render(
            words=words,
            company=company,
            direction=direction_of(words.language),
            tongue=tongue(language, words),
            styles=style,
            script=script() if Allowed.SAVING in allows else None,
            **fields,
        )
    )
    return HTMLResponse(html, status_code=status, headers=policy(rules, allows))


def tongue(language: str, words: PageWords) -> Markup:
    """The attributes of a text that is in another language than the fixed words around it; else empty."""
    if language.lower().partition("-")[0] in ("", words.language):
        return Markup("")
    return Markup(' lang="{}" dir="{}"').format(language, direction_of(language))


@pass_context
def said(context: Context, text: str) -> str:
    """A text of HR's inside a sentence or a control, in an element that says its language where it is another."""
    of_text = context.get("tongue")
    return Markup("<span{}>{}</span>").format(of_text, text) if of_text else text


def policy(style: str = "", allows: Collection[Allowed] = ()) -> Mapping[str, str]:
    """The Content-Security-Policy of our pages: the style sheet, and `style`, known by their hashes; no script.

    The one script that there is, where a form saves itself, is known by its hash, too (Content Security Policy
    Level 3 section 8.4: it must also be the `integrity` of its element), and may ask this site.
    """
    allowed = " ".join(f"'{one}'" for one in (_style_hash(), *([_hash_of(style)] if style else [])))
    rules = [
        "default-src 'none'",
        f"style-src {allowed}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    if Allowed.IMAGES in allows:
        rules.insert(1, "img-src 'self'")
    if Allowed.FRAMES in allows:
        rules.insert(1, "frame-src 'self'")
    if Allowed.SAVING in allows:
        rules[1:1] = [f"script-src '{script().digest}'", "connect-src 'self'"]
    return {"Content-Security-Policy": "; ".join(rules)}


def words_for(request: Request) -> PageWords:
    """The fixed words for somebody of whom only the browser is known."""
    return preferred(request.headers.get("accept-language", ""))


def words_for_reader(request: Request, engine: Engine) -> PageWords:
    """The fixed words for whoever the link of a page names; where it names nobody, those for the browser."""
    _, page, token, *_ = [*request.url.path.split("/"), "", ""]
    language = whose_link.language_of(engine, page, token)
    return words_of(language) if language else words_for(request)


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["isolated"] = isolated
    pages.filters["said"] = said
    return pages


@cache
def _style() -> Markup:
    return Markup((HERE / "page.css").read_text(encoding="utf-8"))  # noqa: S704 -- a file of ours, nobody's input


@cache
def _style_hash() -> str:
    return _hash_of(_style())


def _hash_of(style: str) -> str:
    """How a policy names an inline style (Content Security Policy Level 3 section 6.7.3.3)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
