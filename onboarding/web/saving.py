"""Which script saves a form while somebody writes, and which requests come from it?

It asks for JSON (`Accept: application/json`, RFC 9110 section 12.5.1) where a browser that shows pages asks for
HTML. It is the only script of this site: the policy of the pages with such a form names its hash, and no other
page allows any.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import Request

from onboarding.domain.errors import OnboardingError

FILE = Path(__file__).parent / "pages" / "saving.js"

JSON = "application/json"


class SwitchedOff(OnboardingError):
    """The company does not want forms to be saved while somebody writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The script; `digest` names it in a policy and in `integrity` (Subresource Integrity section 3.5).

    `path` changes with every change of it, so that a browser may keep what it has for ever. It begins as links to
    forms do: a proxy that lets those through lets it through.
    """

    text: str
    digest: str
    path: str


@cache
def script() -> Script:
    """The script as it stands in the file."""
    text = FILE.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).digest()
    return Script(
        text=text,
        digest=f"sha256-{base64.b64encode(digest).decode()}",
        path=f"/ask/script/{digest.hex()[:16]}.js",
    )


def is_saving(request: Request) -> bool:
    """Whether a request wants to save a form while somebody writes, and nothing else."""
    posts = request.method == "POST" and request.url.path.startswith("/ask/")
    return posts and JSON in request.headers.get("accept", "").lower()
