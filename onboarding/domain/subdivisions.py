"""Which part of a country does a text mean?"""

from __future__ import annotations

import re
from functools import cache

import holidays

from onboarding.domain.folding import folded


def subdivision_code(country: str, text: str) -> str:
    """The part of an ISO 3166-2 code after the hyphen, from such a code or from a name; "" when it is neither.

    Names are those that the holidays package knows, in the languages of the country: Bayern, California, Ontario.
    `country` is an ISO 3166-1 alpha-2 code or "".
    """
    named = _names(country).get(folded(text), "")
    code = re.fullmatch(r"([A-Z]{2}-)?([A-Z0-9]{1,3})", text.strip().upper())
    return named or (code[0] if code else "")


def is_part(country: str, part: str) -> bool:
    """Whether we know the public holidays of that part of a country, both as their codes: DE and BE."""
    known = getattr(getattr(holidays, country, None), "subdivisions", ())
    return part in known


@cache
def _names(country: str) -> dict[str, str]:
    # The aliases of a country are an attribute of its class, which the package names by the code.
    aliases = getattr(getattr(holidays, country, None), "subdivisions_aliases", None) or {}
    return {folded(name): code for name, code in aliases.items()} if len(country) == len("DE") else {}
