"""Which languages are tried, in which order?"""

from __future__ import annotations

import re

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
"""What a language tag looks like, such as `pt-br`."""


def tags_of(language: str) -> list[str]:
    """A language and what to fall back to: `pt-br`, `pt`, `en`."""
    tag = language.strip().lower().replace("_", "-")
    if not LANGUAGE.fullmatch(tag):
        return ["en"]
    parts = tag.split("-")
    tags = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return [*(one for one in tags if one != "en"), "en"]
