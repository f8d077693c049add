"""What is no mistake in HR's folder and still good to know: what a language lacks, so that people get English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from onboarding.adapters.words import layout
from onboarding.adapters.words.files import Files, toml
from onboarding.adapters.words.languages import LANGUAGE
from onboarding.adapters.words.titles import read_titles_of
from onboarding.domain.errors import BadWords
from onboarding.domain.journey_file import read_journey
from onboarding.domain.journey_titles import untitled
from onboarding.domain.languages import OF_PAGES, of_page

PAGES = f"the pages have fixed words in {', '.join(OF_PAGES)}; around a form in {{tag}} they are in English"
MAILS = f"{layout.WORDS_FILE} has no table [{{tag}}]; around a mail in {{tag}} the fixed words are in English"


def notes_on(files: Files) -> list[str]:
    """One sentence for each step without a title, and for each language without words, with its first file."""
    return [*_of_titles(files), *_of_forms(files), *_of_messages(files)]


def _of_titles(files: Files) -> Iterator[str]:
    for name in files.names("journeys"):
        if not _tag(name, ".toml"):
            continue
        file, journey = f"journeys/{name}", name.partition(".")[0]
        with suppress(BadWords):  # what cannot be read is a mistake, and told as such
            english = f"journeys/{journey}.toml"
            read = read_journey(journey, english, toml(english, files.text(english)))
            yield from untitled(file, read_titles_of(file, files.text(file)), read)


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
