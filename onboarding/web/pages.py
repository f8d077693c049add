"""How does a page look, and what may a browser do with it?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from onboarding.services.engine import Company
from onboarding.web.words import PageWords, preferred

HERE = Path(__file__).parent / "pages"


def render(
    name: str,
    *,
    words: PageWords,
    company: Company,
    status: int = 200,
    language: str = "",
    frames: bool = False,
    images: bool = False,
    **fields: object,
) -> HTMLResponse:
    """A page from `pages/<name>.html`, with a policy that allows its one style sheet and its own forms.

    `language` is the language of what HR wrote, when it is not that of the fixed words. `frames` allows the page
    to show another page of this site, `images` pictures of it.
    """
    html = (
        _pages()
        .get_template(f"{name}.html")
        .render(words=words, company=company, language=language or words.language, style=_style(), **fields)
    )
    return HTMLResponse(html, status_code=status, headers=policy(frames=frames, images=images))


def policy(*, frames: bool = False, images: bool = False) -> Mapping[str, str]:
    """The Content-Security-Policy of our pages: no script, one style sheet known by its hash."""
    rules = [
        "default-src 'none'",
        f"style-src '{_style_hash()}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    if images:
        rules.insert(1, "img-src 'self'")
    if frames:
        rules.insert(1, "frame-src 'self'")
    return {"Content-Security-Policy": "; ".join(rules)}


def words_for(request: Request) -> PageWords:
    """The fixed words for somebody of whom only the browser is known."""
    return preferred(request.headers.get("accept-language", ""))


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> Markup:
    return Markup((HERE / "page.css").read_text(encoding="utf-8"))  # noqa: S704 -- a file of ours, nobody's input


@cache
def _style_hash() -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()}"
