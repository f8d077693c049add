"""What is wrong in HR's folder? Everything at once: each file alone, then what they say of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from onboarding.adapters.words import layout, references, talk
from onboarding.adapters.words.checks import Scope
from onboarding.adapters.words.files import Files, toml
from onboarding.adapters.words.forms import FormFile, read_form
from onboarding.adapters.words.languages import LANGUAGE
from onboarding.adapters.words.matching import MATCHING_FILE, read_matching
from onboarding.adapters.words.messages import fill, read_message
from onboarding.adapters.words.offices import OFFICES_FILE, read_office_days
from onboarding.adapters.words.people_team import PEOPLE_TEAM_FILE, read_named
from onboarding.adapters.words.templates import plain_values
from onboarding.adapters.words.titles import read_titles_of
from onboarding.domain import journey_titles
from onboarding.domain.errors import BadWords
from onboarding.domain.exchange import CARD
from onboarding.domain.fields import (
    FORM_FIELDS,
    NEEDED,
    Field,
    fields_of_message,
    nothing,
    sample,
    verbs_outside,
)
from onboarding.domain.forms import Question
from onboarding.domain.journey import EXCHANGE, NOT_TAKEN, Journey, Step, Verb
from onboarding.domain.journey_file import read_journey
from onboarding.domain.people import Role
from onboarding.domain.tables import NAME, unknown

TOP = (
    "journeys",
    "messages",
    "forms",
    "layout",
    "conversation.toml",
    "channels.toml",
    MATCHING_FILE,
    OFFICES_FILE,
    PEOPLE_TEAM_FILE,
    "samples",
    "README.md",
)

DIGEST = "messages/daily_review/hr.md"
"""The only message that no journey names and that the engine cannot do without."""

Made = TypeVar("Made")


def audit(files: Files) -> list[str]:
    """Every mistake in a folder: file, place, what is allowed; in the order in which they are best mended."""
    if not files.is_there:
        return [files.missing]
    found = _Audit(files=files)
    found.mistakes += [f"{name}: {unknown(name, TOP)}" for name in files.names("") if _is_slip(name)]
    found.journeys()
    found.forms()
    found.messages()
    found.around()
    for file, journey in found.read.items():
        found.mistakes += [
            f"{file}, {mistake}" for mistake in references.mistakes_of(journey, files, found.questions)
        ]
    return list(dict.fromkeys(found.mistakes))


def _is_slip(name: str) -> bool:
    """Whether a name is nearly, but not quite, one that is read."""
    near = get_close_matches(name, TOP, n=1, cutoff=0.8)
    return name not in TOP and bool(near) and not name.startswith("conversation.")


@dataclass(slots=True, kw_only=True)
class _Audit:
    """What was found so far; `read` has the journeys by file, `questions` those of each English form."""

    files: Files
    mistakes: list[str] = field(default_factory=list)
    read: dict[str, Journey] = field(default_factory=dict)
    questions: dict[str, tuple[Question, ...]] = field(default_factory=dict)

    def attempt(self, file: str, make: Callable[[str, str], Made]) -> Made | None:
        """What is made of a file; None when it was refused, and the mistakes are noted."""
        try:
            return make(file, self.files.text(file))
        except BadWords as error:
            self.mistakes += error.mistakes
            return None

    def journeys(self) -> None:
        names = self.files.names("journeys")
        if not names:
            self.mistakes.append("journeys: there is no journey, such as journeys/remote.toml")
        titles: list[tuple[str, str]] = []
        for name, file in self.named("journeys/", names, ".toml"):
            if file != f"journeys/{name}.toml":
                titles.append((f"journeys/{name}.toml", file))
                continue

            def make(file: str, text: str, name: str = name) -> Journey:
                return read_journey(name, file, toml(file, text))

            journey = self.attempt(file, make)
            if journey:
                self.read[file] = journey
        for english, file in titles:
            read = self.attempt(file, read_titles_of)
            if read is not None and english in self.read:
                self.mistakes += journey_titles.misfits(file, read, self.read[english])

    def named(self, folder: str, names: Iterable[str], ending: str) -> Iterator[tuple[str, str]]:
        """The (name, file) of each file that is called as it must be; the others are noted."""
        for name in names:
            stem, dot, language = name.removesuffix(ending).partition(".")
            file = f"{folder}{name}"
            if not name.endswith(ending) or not NAME.fullmatch(stem):
                self.mistakes.append(f"{file}: nobody reads this; use small letters, digits and _, then {ending}")
            elif dot and (language == "en" or not LANGUAGE.fullmatch(language)):
                self.mistakes.append(
                    f'{file}: "{language}" is no language; write {stem}{ending} for English, .es, .pt-br'
                )
            elif dot and f"{stem}{ending}" not in names:
                self.mistakes.append(f"{file}: there is no {stem}{ending} in English to fall back to")
            else:
                yield stem, file

    def forms(self) -> None:
        made: dict[str, FormFile] = {}
        for _, file in self.named("forms/", self.files.names("forms"), ".toml"):
            form = self.attempt(file, read_form)
            if form is None:
                continue
            made[file] = form
            self.renders(FORM_FIELDS, form.fill)
            if form.form.language == "en":
                self.questions[form.form.name] = form.form.questions
        for file, form in made.items():
            english = self.questions.get(form.form.name)
            if english is not None and form.form.language != "en":
                self.mistakes += [f"{file}: {mistake}" for mistake in _differences(form.form.questions, english)]

    def messages(self) -> None:
        used: defaultdict[str, set[Verb]] = defaultdict(set)
        for journey in self.read.values():
            for step in journey.steps:
                for message, verb in _sent_by(step):
                    used[message].add(verb)
        if not self.files.exists(DIGEST):
            self.mistakes.append(
                f"{DIGEST}: there is no such file; HR gets it each day when something needs a human"
            )
        for message in self.files.names("messages"):
            folder = f"messages/{message}/"
            if not NAME.fullmatch(message) or not self.files.exists(folder):
                self.mistakes.append(
                    f"messages/{message}: nobody reads this; a message is a folder, one file a role"
                )
                continue
            for role, file in self.named(folder, self.files.names(folder), ".md"):
                if role not in list(Role):
                    self.mistakes.append(f"{file}: {unknown(role, list(Role))}")
                else:
                    self.message(file, message, used[message])

    def message(self, file: str, name: str, verbs: set[Verb]) -> None:
        """One file: what it may say, that it renders, and that its readers get what they need."""
        fields = fields_of_message(name, verbs)
        scope = Scope.of(fields)
        made = self.attempt(file, lambda file, text: read_message(file, text, scope))
        if made is None:
            return
        self.renders(fields, lambda values: fill(made, values, strict=True))
        text = self.files.text(file)
        for verb in sorted(verbs | verbs_outside(name)):
            missing = [(path, why) for path, why in NEEDED.get(verb, {}).items() if path not in text]
            self.mistakes += [f"{file}: {path} is not used; {why}" for path, why in missing]

    def renders(self, fields: tuple[Field, ...], render: Callable[[Mapping[str, object]], object]) -> None:
        """Fill it in with samples, then with nothing: it must not depend on what is sometimes unknown."""
        for values in (sample(fields), nothing(fields)):
            try:
                render(plain_values(values))
            except BadWords as error:
                self.mistakes += error.mistakes
                return

    def around(self) -> None:
        """The conversation, the channels, what counts in matching, the offices, the People team, the layout."""
        names = [name for name in self.files.names("") if name.startswith("conversation")]
        for _, file in self.named("", names or ["conversation.toml"], ".toml"):
            self.attempt(file, talk.read_conversation)
        self.attempt("channels.toml", talk.read_channels)
        if self.files.exists(MATCHING_FILE):
            self.attempt(MATCHING_FILE, read_matching)
        if self.files.exists(OFFICES_FILE):
            self.attempt(OFFICES_FILE, read_office_days)
        if self.files.exists(PEOPLE_TEAM_FILE):
            self.attempt(PEOPLE_TEAM_FILE, read_named)
        words = self.attempt(layout.WORDS_FILE, layout.read_words)
        for file in (layout.HTML_FILE, layout.TEXT_FILE):
            self.attempt(file, lambda name, text: layout.check_layout(name, text, words or {}))


def _sent_by(step: Step) -> Iterator[tuple[str, Verb]]:
    """Each message of a step, and the verb whose fields it has."""
    if step.verb is not Verb.MATCH:
        yield step.subject, step.verb
    if step.notes_of and step.without != "skip":
        yield step.without, step.verb
    if step.without_common_hour == EXCHANGE:
        yield from ((EXCHANGE, Verb.ASK), (CARD, Verb.WRITE))
    if step.escalate_after:
        yield NOT_TAKEN, Verb.WATCH


def _differences(own: tuple[Question, ...], english: tuple[Question, ...]) -> Iterator[str]:
    """How the questions of a language differ from the English ones in more than words."""
    mine = {one.key: one for one in own}
    theirs = {one.key: one for one in english}
    for key in theirs:
        if key not in mine:
            yield f'question "{key}" of the English form is missing'
    for key, one in mine.items():
        if key not in theirs:
            yield f"question {unknown(key, list(theirs))}"
            continue
        for what in (
            "kind",
            "required",
            "private",
            "share",
            "min",
            "max",
            "max_length",
            "measure",
            "shown_if",
            "by",
            "count",
        ):
            if getattr(one, what) != getattr(theirs[key], what):
                wanted = getattr(theirs[key], what)
                yield f'question "{key}": {what} must be {"left out" if wanted == "" else wanted}, as in English'
        if (one.earliest, one.latest) != (theirs[key].earliest, theirs[key].latest):
            yield f'question "{key}": earliest and latest must be as in English'
        values = {option.value for option in theirs[key].options}
        if {option.value for option in one.options} != values:
            yield f'question "{key}": its options must have the values {", ".join(sorted(values))}, as in English'
