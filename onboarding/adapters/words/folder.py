"""Which words does HR's folder give, in which language?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from onboarding.adapters.words import layout, talk
from onboarding.adapters.words.audit import audit
from onboarding.adapters.words.files import Files, toml
from onboarding.adapters.words.forms import read_form
from onboarding.adapters.words.languages import tags_of
from onboarding.adapters.words.matching import MATCHING_FILE, read_matching
from onboarding.adapters.words.messages import fill, read_message
from onboarding.adapters.words.notes import notes_on
from onboarding.adapters.words.offices import OFFICES_FILE, read_office_days
from onboarding.adapters.words.people_team import PEOPLE_TEAM_FILE, read_named
from onboarding.adapters.words.templates import plain_values
from onboarding.adapters.words.titles import read_titles_of
from onboarding.domain.errors import BadWords
from onboarding.domain.forms import Form
from onboarding.domain.journey import Journey, Step, Task, Verb
from onboarding.domain.journey_file import read_journey
from onboarding.domain.matching_weights import MatchingWeights
from onboarding.domain.offices import NO_OFFICES, Offices
from onboarding.domain.people_team import NO_TEAM, PeopleTeam
from onboarding.domain.tables import NAME
from onboarding.domain.words import Conversation, Fields, Rendered

_Beside = tuple[list[tuple[Task, ...]], dict[str, Mapping[str, str]]]
"""What other files say of the steps of a journey: the tasks of each, and the titles by language."""


class FolderWords:
    """The words in a folder, read again whenever HR changes a file; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._files = Files(folder)
        self._whole: dict[str, tuple[Journey, _Beside, Journey]] = {}

    def journeys(self) -> list[str]:
        """The names of all journeys, readable or not."""
        files = (one.removesuffix(".toml") for one in self._files.names("journeys") if one.endswith(".toml"))
        return [one for one in files if "." not in one]

    def journey(self, name: str) -> Journey:
        """The journey of that name. Raises BadWords with every mistake at once."""
        file = f"journeys/{_safe(name)}.toml"
        read = self._files.load(file, lambda file, text: read_journey(name, file, toml(file, text)))
        beside = ([self._tasks(step) for step in read.steps], self._titles(name))
        kept = self._whole.get(name)
        if kept is None or kept[0] is not read or kept[1] != beside:
            kept = (read, beside, replace(read, steps=_whole(read.steps, *beside)))
            self._whole[name] = kept
        return kept[2]

    def _titles(self, name: str) -> dict[str, Mapping[str, str]]:
        """The titles of its steps by language and key; none in a language whose file cannot be read."""
        found: dict[str, Mapping[str, str]] = {}
        for file in self._in_languages(f"journeys/{name}", ".toml"):
            tag = file.removeprefix(f"journeys/{name}").removesuffix(".toml").removeprefix(".")
            with suppress(BadWords):
                if tag:
                    found[tag] = self._files.load(file, read_titles_of)
        return found

    def _tasks(self, step: Step) -> tuple[Task, ...]:
        """What there is to do where the form of an ask is a list; nothing while the form cannot be read."""
        with suppress(BadWords):
            return self.form_as_written(step.subject, "en").tasks if step.verb is Verb.ASK else ()
        return ()

    def message(
        self, message: str, role: str, language: str, fields: Fields, *, unsubscribe_url: str = ""
    ) -> Rendered:
        """Render a message for one role. Raises BadWords when it does not render."""
        file, spoken = self._variant(f"messages/{_safe(message)}/{_safe(role)}", ".md", language)
        made = self._files.load(file, read_message)
        values = plain_values({"company": {"name": "", "hr_email": ""}, **fields})
        body = fill(made, values)
        fixed = self._files.load(layout.WORDS_FILE, layout.read_words)
        around = {
            "company": values["company"],
            "words": self.layout_words(spoken),
            **layout.spoken_in(spoken, fixed),
            "unsubscribe_url": unsubscribe_url,
        }
        scope = layout.scope_of(fixed)
        html = self._files.load(layout.HTML_FILE, partial(layout.read_layout, scope=scope))
        text = self._files.load(layout.TEXT_FILE, partial(layout.read_layout, scope=scope))
        return Rendered(
            subject=body.subject,
            html=layout.html_page(html, body, around),
            text=layout.text_page(text, body, around),
            language=spoken,
        )

    def language_of(self, message: str, role: str, language: str) -> str:
        """The language that the message would really come in."""
        return self._variant(f"messages/{_safe(message)}/{_safe(role)}", ".md", language)[1]

    def fields_in_message(self, message: str, role: str) -> frozenset[str]:
        """The paths of the fields that a message uses in any of its languages. Raises BadWords."""
        stem = f"messages/{_safe(message)}/{_safe(role)}"
        found = (self._files.load(file, read_message).uses for file in self._in_languages(stem, ".md"))
        return frozenset().union(*found)

    def fields_in_form(self, name: str) -> frozenset[str]:
        """The same of the texts of a form. Raises BadWords."""
        found = (
            self._files.load(file, read_form).uses for file in self._in_languages(f"forms/{_safe(name)}", ".toml")
        )
        return frozenset().union(*found)

    def _in_languages(self, stem: str, ending: str) -> list[str]:
        folder, _, name = stem.rpartition("/")
        if not self._files.exists(folder):
            return []
        known = (one for one in self._files.names(folder) if one.endswith(ending))
        return [f"{folder}/{one}" for one in known if one.partition(".")[0] == name]

    def form(self, name: str, language: str, fields: Fields) -> Form:
        """The form, with its texts filled in. Raises BadWords."""
        file, _ = self._variant(f"forms/{_safe(name)}", ".toml", language)
        return self._files.load(file, read_form).fill(plain_values(fields))

    def form_as_written(self, name: str, language: str) -> Form:
        """The form with its fields not filled in. Raises BadWords."""
        file, _ = self._variant(f"forms/{_safe(name)}", ".toml", language)
        return self._files.load(file, read_form).form

    def conversation(self, language: str) -> Conversation:
        """What helps two people to talk, in that language or English. Raises BadWords."""
        file, _ = self._variant("conversation", ".toml", language)
        return self._files.load(file, talk.read_conversation)

    def channels(self, interests: Sequence[str]) -> list[str]:
        """Suggested channels: those for everybody, then those of the interests, no repeats. Raises BadWords."""
        return self._files.load("channels.toml", talk.read_channels).suggest(interests)

    def layout_words(self, language: str) -> dict[str, str]:
        """The fixed words around mails and forms in a language; what it lacks is in English. Raises BadWords."""
        words = self._files.load(layout.WORDS_FILE, layout.read_words)
        spoken: dict[str, str] = {}
        for tag in reversed(tags_of(language)):
            spoken |= words.get(tag, {})
        return spoken

    def matching(self) -> MatchingWeights:
        """What counts when people are matched; the defaults without such a file. Raises BadWords."""
        if self._files.is_there and not self._files.exists(MATCHING_FILE):
            return MatchingWeights()
        return self._files.load(MATCHING_FILE, read_matching)

    def offices(self) -> Offices:
        """The days of each office; none without such a file. Raises BadWords."""
        if not self._files.exists(OFFICES_FILE) and self._files.is_there:
            return NO_OFFICES
        return self._files.load(OFFICES_FILE, read_office_days)

    def people_team(self) -> PeopleTeam:
        """Who is told of which newcomers; nobody in particular without such a file. Raises BadWords."""
        if not self._files.exists(PEOPLE_TEAM_FILE) and self._files.is_there:
            return NO_TEAM
        return self._files.load(PEOPLE_TEAM_FILE, read_named)

    def check(self) -> list[str]:
        """Every mistake in the folder: file, place, what is allowed. Empty when all is well."""
        return audit(self._files)

    def notes(self) -> list[str]:
        """What is no mistake and good to know: languages in which the words around a text are English."""
        return notes_on(self._files)

    def _variant(self, stem: str, ending: str, language: str) -> tuple[str, str]:
        """The file of a text in the nearest language, and that language."""
        for tag in tags_of(language)[:-1]:
            if self._files.exists(f"{stem}.{tag}{ending}"):
                return f"{stem}.{tag}{ending}", tag
        return f"{stem}{ending}", "en"


def _whole(
    steps: Sequence[Step], tasks: Sequence[tuple[Task, ...]], titles: Mapping[str, Mapping[str, str]]
) -> tuple[Step, ...]:
    """The steps of a journey with what other files say of them."""
    return tuple(
        replace(step, tasks=some, titles={tag: of[step.key] for tag, of in titles.items() if step.key in of})
        for step, some in zip(steps, tasks, strict=True)
    )


def _safe(name: str) -> str:
    """A name that cannot leave its folder."""
    if not NAME.fullmatch(name):
        raise BadWords(f'"{name}" is not a name: small letters, digits and _ only')
    return name
