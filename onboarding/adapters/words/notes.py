"""What is no mistake in HR's folder and still good to know: languages that the words around a text do not have."""

from __future__ import annotations

from collections.abc import Iterator

from onboarding.adapters.words import layout
from onboarding.adapters.words.files import Files
from onboarding.adapters.words.languages import LANGUAGE
from onboarding.domain.errors import BadWords
from onboarding.domain.languages import OF_PAGES, of_page

PAGES = f"the pages have fixed words in {', '.join(OF_PAGES)}; around a form in {{tag}} they are in English"
MAILS = f"{layout.WORDS_FILE} has no table [{{tag}}]; around a mail in {{tag}} the fixed words are in English"


def notes_on(files: Files) -> list[str]:
    """One sentence for each such language, with the first file that is in it."""
    return [*_of_forms(files), *_of_messages(files)]


def _of_forms(files: Files) -> Iterator[str]:
    found: dict[str, str] = {}
    for name in files.names("forms"):
        tag = _tag(name, ".toml")
        if tag and of_page(tag) != tag:
            found.setdefault(tag, f"forms/{name}")
    yield from (f"{file}: {PAGES.format(tag=tag)}" for tag, file in found.items())


def _of_messages(files: Files) -> Iterator[str]:
    try:
        words = layout.read_words(layout.WORDS_FILE, files.text(layout.WORDS_FILE))
    except BadWords:
        return
    found: dict[str, str] = {}
    for message in files.names("messages"):
        for name in files.names(f"messages/{message}"):
            tag = _tag(name, ".md")
            if tag and layout.spoken_in(tag, words)["words_language"] == "en":
                found.setdefault(tag, f"messages/{message}/{name}")
    yield from (f"{file}: {MAILS.format(tag=tag)}" for tag, file in found.items())


def _tag(name: str, ending: str) -> str:
    """The language of a file by its name; "" for English, and for what nobody reads."""
    tag = name.removesuffix(ending).partition(".")[2]
    return tag if name.endswith(ending) and LANGUAGE.fullmatch(tag) and tag != "en" else ""
