"""Which language does a text mean?"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError, get_global

from onboarding.domain.countries import READ_IN
from onboarding.domain.folding import folded

_NAMED_IN_THEMSELVES = (
    *("ar", "cs", "da", "el", "fi", "fr", "hu", "id", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv"),
    *("tr", "uk", "vi", "zh"),
)
"""Languages whose own names are read as well: Babel reads a file for each."""


OF_PAGES = ("en", "de", "es")
"""The languages that the fixed words of the pages exist in, English first."""


def of_page(language: str) -> str:
    """The language of the fixed words around a text in a language, in which dates inside them are said."""
    return language if language.lower().partition("-")[0] in OF_PAGES else OF_PAGES[0]


def language_tag(text: str) -> str:
    """A language tag in lower case from a tag or a name ("German", "Englisch (USA)", "pt_BR"); "" when it is none.

    Names are read in English, German and Spanish, and in the language itself (Unicode CLDR).
    """
    tag = text.strip().replace("_", "-").lower()
    alone = _names().get(folded(text)) or _names().get(folded(re.sub(r"\(.*\)$", "", text)))
    if alone:
        return alone
    first, _, rest = tag.partition("-")
    known = get_global("language_aliases").get(first, first)  # "ger" and "deu" are "de"
    if known not in _codes() or not re.fullmatch(r"([a-z0-9]{2,8}(-[a-z0-9]{2,8}){0,2})?", rest):
        return ""
    return f"{known}-{rest}" if rest else known


def language_name(tag: str, language: str) -> str:
    """What a language is called in another one (Unicode CLDR); the tag itself when nobody knows a name."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language) or tag
    except (ValueError, UnknownLocaleError):
        return tag


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if re.fullmatch("[a-z]{2,3}", code))


@cache
def _names() -> dict[str, str]:
    own = [(code, Locale(code).get_language_name(code) or "") for code in _NAMED_IN_THEMSELVES]
    listed = [pair for language in READ_IN for pair in Locale(language).languages.items()]
    named = {folded(name): code.lower().replace("_", "-") for code, name in [*own, *listed]}
    hiding = {name for name in named if name.isascii() and len(name) <= len("deu")}  # "yi" and "wu" are tags
    return {name: tag for name, tag in named.items() if name not in hiding}
