"""What does a form ask, in the words of one language?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from onboarding.adapters.words import shown_if
from onboarding.adapters.words.checks import Scope
from onboarding.adapters.words.files import toml
from onboarding.adapters.words.messages import TEXTS
from onboarding.adapters.words.templates import Compiled, compiled
from onboarding.domain.day_bounds import ALLOWED, read_bound
from onboarding.domain.errors import BadWords
from onboarding.domain.fields import FORM_FIELDS
from onboarding.domain.forms import Counts, Form, Kind, Option, Question
from onboarding.domain.journey import Count
from onboarding.domain.journey_step import FIRST_DAY, LAST_DAY
from onboarding.domain.tables import Table, unknown
from onboarding.domain.texts import isolated

SCOPE = Scope.of(FORM_FIELDS)
FORM_TEXTS = ("title", "intro", "readers", "thanks")
FORM_KEYS = (*FORM_TEXTS, "minutes", "question")
QUESTION_TEXTS = ("label", "help", "example", "low", "high", "for_hire")
QUESTION_KEYS = tuple(one.name for one in fields(Question) if one.name != "language")
OPTION_KEYS = tuple(one.name for one in fields(Option))
KEYS_OF_KINDS = {
    "options": (Kind.CHOICE, Kind.CHOICES),
    "min": (Kind.SCALE,),
    "max": (Kind.SCALE,),
    "low": (Kind.SCALE,),
    "high": (Kind.SCALE,),
    "max_length": (Kind.TEXT, Kind.LONG_TEXT),
    "measure": (Kind.SCALE,),
    "by": (Kind.TASK,),
    "count": (Kind.TASK,),
    "link": (Kind.TASK,),
    "for_hire": (Kind.TASK,),
    "earliest": (Kind.DATE,),
    "latest": (Kind.DATE,),
}
ENPS_SCALE = (0, 10)
"""The only scale on which promoters and detractors are what everybody means by them."""
MAX_QUESTIONS = 40
MAX_MINUTES = 120
LONGEST_ANSWER = 10_000
LOWEST, HIGHEST = 0, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A form whose texts still hold their fields; `texts` has those that do, by the text itself."""

    form: Form
    texts: Mapping[str, Compiled]

    @property
    def uses(self) -> frozenset[str]:
        """The paths of the fields that its texts use."""
        return frozenset().union(*(one.uses for one in self.texts.values()))

    def fill(self, values: Mapping[str, Any]) -> Form:
        """The form with its texts filled in.

        Raises:
            BadWords: when a field is missing.
        """
        if not self.texts:
            return self.form
        named = {key: _isolated(value) for key, value in values.items()}
        said = {source: text.fill(named) for source, text in self.texts.items()}
        questions = tuple(_asked(one, said) for one in self.form.questions)
        form: Form = _said(self.form, FORM_TEXTS, said, questions=questions)
        return form


def _isolated(value: object) -> object:
    """The same value; names in it keep their direction to themselves."""
    if isinstance(value, Mapping):
        return {key: _isolated(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_isolated(one) for one in value]
    return isolated(value) if type(value) is str else value


def _said(one: Any, keys: Sequence[str], said: Mapping[str, str], **more: object) -> Any:
    """The same form, question or option with its texts filled in."""
    return replace(one, **{key: said.get(getattr(one, key), getattr(one, key)) for key in keys}, **more)


def _asked(one: Question, said: Mapping[str, str]) -> Question:
    options = tuple(_said(option, ("label",), said) for option in one.options)
    asked: Question = _said(one, QUESTION_TEXTS, said, options=options)
    return asked


def read_form(file: str, text: str) -> FormFile:
    """Read `forms/<form>[.<language>].toml`; `file` is how mistakes call it.

    Raises:
        BadWords: with every mistake: file, question and what is allowed.
    """
    tree = toml(file, text)
    reader = Table(table=tree)
    name, _, language = file.rpartition("/")[2].removesuffix(".toml").partition(".")
    reader.mistakes += [unknown(key, FORM_KEYS) for key in tree if key not in FORM_KEYS]
    form = Form(
        name=name,
        language=language or "en",
        title=reader.text("title", required=True),
        intro=reader.text("intro"),
        minutes=reader.whole("minutes", 2, 1, MAX_MINUTES),
        readers=reader.text("readers", required=True),
        thanks=reader.text("thanks"),
        questions=tuple(_questions(tree.get("question"), reader.mistakes, language or "en")),
    )
    mistakes = [f"{file}: {mistake}" for mistake in reader.mistakes]
    if len({one.kind is Kind.TASK for one in form.questions}) > 1:
        others = ", ".join(f'"{one.key}"' for one in form.questions if one.kind is not Kind.TASK)
        mistakes.append(f"{file}: a list has tasks and nothing else; ask {others} in a form of its own")
    texts: dict[str, Compiled] = {}
    for source in _texts(form):
        if "{{" in source or "{%" in source:
            try:
                texts[source] = compiled(TEXTS, source, SCOPE, f'{file}, "{_start(source)}"')
            except BadWords as error:
                mistakes += error.mistakes
    if mistakes:
        raise BadWords(mistakes)
    return FormFile(form=form, texts=texts)


def _start(source: str) -> str:
    line = " ".join(source.split())
    return line if len(line) <= 40 else f"{line[:37]}..."  # noqa: PLR2004 -- enough to find it in the file


def _texts(form: Form) -> list[str]:
    texts = [getattr(form, key) for key in FORM_TEXTS]
    for one in form.questions:
        texts += [getattr(one, key) for key in QUESTION_TEXTS]
        texts += [option.label for option in one.options]
    return list(dict.fromkeys(texts))


def _questions(tables: object, mistakes: list[str], language: str) -> list[Question]:
    if not isinstance(tables, list) or not 0 < len(tables) <= MAX_QUESTIONS:
        mistakes.append(f"there must be 1 to {MAX_QUESTIONS} questions, each beginning with [[question]]")
        return []
    questions: list[Question] = []
    for number, table in enumerate(tables, start=1):
        reader = Table(table=table if isinstance(table, Mapping) else {})
        question = _question(reader, language)
        place = f'question "{question.key}"' if question.key else f"question number {number}"
        if question.key in [one.key for one in questions]:
            reader.mistakes.append("the key is used twice")
        if question.measure and question.measure in [one.measure for one in questions]:
            reader.mistakes.append(f'measure = "{question.measure}" stands in a form once')
        reader.mistakes += shown_if.mistakes_of(question, questions, _keys(tables[number:]))
        mistakes += [f"{place}: {mistake}" for mistake in reader.mistakes]
        questions.append(question)
    return questions


def _keys(tables: Sequence[object]) -> list[str]:
    """The keys of the questions that come later."""
    return [str(one.get("key", "")) for one in tables if isinstance(one, Mapping)]


def _question(reader: Table, language: str) -> Question:
    reader.mistakes += [unknown(key, QUESTION_KEYS) for key in reader.table if key not in QUESTION_KEYS]
    kind = Kind(reader.choice("kind", list(Kind)) or _no_kind(reader))
    for key, kinds in KEYS_OF_KINDS.items():
        if key in reader.table and kind not in kinds:
            reader.mistakes.append(f"{key} belongs to {' and '.join(kinds)}, not to {kind}")
    least = reader.whole("min", 1, LOWEST, HIGHEST)
    most = reader.whole("max", 5, LOWEST, HIGHEST)
    if least >= most:
        reader.mistakes.append(f"min must be less than max, not {least} and {most}")
    private, share = reader.yes_no("private"), reader.yes_no("share")
    if kind is Kind.TASK and (private or share):
        reader.mistakes.append("a task is neither private nor shared: it has no answer")
    elif private and share:
        reader.mistakes.append("an answer cannot be private and shared")
    return Question(
        key=reader.name("key"),
        kind=kind,
        label=reader.text("label", required=True),
        help=reader.text("help"),
        required=reader.yes_no("required") or (kind is Kind.TASK and "required" not in reader.table),
        private=private,
        share=share,
        options=_options(reader, kind),
        min=least,
        max=most,
        low=reader.text("low"),
        high=reader.text("high"),
        example=reader.text("example"),
        max_length=reader.whole("max_length", 2000, 1, LONGEST_ANSWER),
        measure=_measure(reader, (least, most)),
        shown_if=reader.text("shown_if"),
        language=language,
        **_days(reader),
        **(_task(reader) if kind is Kind.TASK else {}),
    )


def _days(reader: Table) -> dict[str, Any]:
    """The first and the last day that an answer may name."""
    found = {}
    for key in ("earliest", "latest"):
        found[key] = read_bound(reader.table[key]) if key in reader.table else None
        if key in reader.table and found[key] is None:
            reader.mistakes.append(f"{key} must be a day, such as {ALLOWED}, not {reader.table[key]}")
    first, last = found["earliest"], found["latest"]
    if first and last and first.is_after(last):
        reader.mistakes.append("earliest lies after latest")
    return found


def _measure(reader: Table, scale: tuple[int, int]) -> Counts:
    measure = Counts(reader.choice("measure", [one for one in Counts if one]))
    if measure is Counts.ENPS and scale != ENPS_SCALE:
        reader.mistakes.append(f'measure = "enps" needs min = 0 and max = 10, not {scale[0]} and {scale[1]}')
    return measure


def _task(reader: Table) -> dict[str, Any]:
    """What only a task has: its day, how that is counted, a link, and what the newcomer is told of it."""
    by = reader.whole("by", 0, FIRST_DAY, LAST_DAY)
    if "by" not in reader.table:
        reader.mistakes.append("by is missing; by = 1 is the first day, by = -5 five working days before it")
    elif by == 0:
        reader.mistakes.append("by must not be 0; 1 is the first day, -1 the working day before it")
    link = reader.text("link")
    if link and (not link.startswith("https://") or set(link) & set(" <>\"'")):
        reader.mistakes.append("link must be an address that begins with https://")
    return {
        "by": by,
        "count": Count(reader.choice("count", list(Count)) or Count.WORKING),
        "link": link,
        "for_hire": reader.text("for_hire"),
    }


def _no_kind(reader: Table) -> Kind:
    if not reader.table.get("kind"):
        reader.mistakes.append(f"kind is missing; one of: {', '.join(Kind)}")
    return Kind.TEXT


def _options(reader: Table, kind: Kind) -> tuple[Option, ...]:
    if kind not in KEYS_OF_KINDS["options"]:
        return ()
    given = reader.table.get("options")
    tables: Sequence[object] = given if isinstance(given, list) else ()
    options = [
        Option(value=" ".join(table["value"].split()), label=table["label"].strip())
        for table in tables
        if isinstance(table, Mapping)
        and set(table) == set(OPTION_KEYS)
        and all(isinstance(value, str) and value.strip() for value in table.values())
    ]
    if len(options) < 2 or len(options) < len(tables):  # noqa: PLR2004 -- one option is no choice
        reader.mistakes.append('options must be two or more of { value = "text", label = "text" }')
    if len({option.value for option in options}) < len(options):
        reader.mistakes.append("two options have the same value")
    return tuple(options)
