"""Does everything exist that a journey speaks of: messages for each role, forms, questions, values?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from onboarding.adapters.words.files import Files
from onboarding.domain.conditions import OF_ANSWERS, Comparison, Condition, parse
from onboarding.domain.day_bounds import read_day
from onboarding.domain.exchange import CARD
from onboarding.domain.fields import IN_CONDITIONS
from onboarding.domain.forms import TEXTS, Kind, Question
from onboarding.domain.journey import (
    EXCHANGE,
    LIST_REMINDER_MESSAGE,
    NEXT,
    NOT_TAKEN,
    REMINDER_MESSAGE,
    TAKE_CARE,
    Count,
    Journey,
    Step,
    Verb,
)
from onboarding.domain.people import MATCHED_ROLES, Role
from onboarding.domain.tables import unknown

Questions = Mapping[str, tuple[Question, ...]]
"""The questions of each form."""


def mistakes_of(journey: Journey, files: Files, forms: Questions) -> Iterator[str]:
    """Each mistake, beginning with the step."""
    matched = {step.subject for step in journey.steps if step.verb is Verb.MATCH}
    named = {one.key for step in journey.steps for one in forms.get(step.subject, ()) if one.kind is Kind.PERSON}
    for step in journey.steps:
        mistakes = [*_files(step, files, forms), *_roles(step, matched, named), *_answers(journey, step, forms)]
        mistakes += _lists(journey, step, forms)
        yield from (f'step "{step.key}": {mistake}' for mistake in dict.fromkeys(mistakes))


def _files(step: Step, files: Files, forms: Questions) -> Iterator[str]:
    """A message for each role, the form of an ask, its reminder, and all that stands in for a meeting."""
    if step.verb is Verb.MATCH:
        return
    messages = [step.subject]
    if step.verb is Verb.ASK:
        yield from _form(step.subject, files)
        again = LIST_REMINDER_MESSAGE if _is_list(step, forms) else REMINDER_MESSAGE
        messages += [again] if step.remind_after else []
    if step.notes_of and step.without != "skip":
        messages.append(step.without)
    if step.without_common_hour == EXCHANGE:
        yield from _form(EXCHANGE, files)
        messages += [EXCHANGE, CARD]
    if step.escalate_after:
        yield from _form(TAKE_CARE, files)
        yield from _taken(step, files)
    for message in dict.fromkeys(messages):
        if not files.exists(f"messages/{message}"):
            yield f"there is no folder messages/{message}: {unknown(message, files.names('messages'))}"
            continue
        for role in step.roles:
            if not files.exists(f"messages/{message}/{role}.md"):
                yield f"there is no messages/{message}/{role}.md"


def _taken(step: Step, files: Files) -> Iterator[str]:
    """HR is told with a link to say who takes care, and so is whoever is told when nobody does."""
    for message in (step.subject, NOT_TAKEN):
        file = f"messages/{message}/{Role.HR}.md"
        if not files.exists(file):
            if message == NOT_TAKEN:
                yield f"there is no {file}; it goes out when nobody takes care within escalate_after"
        elif "watch.take_url" not in files.text(file):
            yield f"{file} does not use watch.take_url; nobody could say that they take care of it"


def _form(form: str, files: Files) -> Iterator[str]:
    if not files.exists(f"forms/{form}.toml"):
        names = [name.partition(".")[0] for name in files.names("forms")]
        yield f"there is no forms/{form}.toml: {unknown(form, sorted(set(names)))}"


def _roles(step: Step, matched: set[str], named: set[str]) -> Iterator[str]:
    """Somebody must get the roles that the step speaks of."""
    for role in dict.fromkeys((*step.roles, *step.needs)):
        if role in MATCHED_ROLES and role not in matched:
            yield f'nobody becomes {role}: the journey has no step with match = "{role}"'
        if role is Role.WORK_PARTNER and role not in named:
            yield f'nobody becomes {role}: no form of the journey has a question "{role}" of kind person'


def _answers(journey: Journey, step: Step, forms: Questions) -> Iterator[str]:
    """What conditions and notes want to know must be asked, and must be readable by whoever is told."""
    own = forms.get(step.subject, ()) if step.verb is Verb.ASK else ()
    if step.declines_when and own:
        yield from _condition("declines_when", step.declines_when, own)
    watched = journey.step(step.watches)
    asked = forms.get(watched.subject, ()) if watched and watched.verb is Verb.ASK else ()
    if asked:
        yield from _condition("when", step.when, asked)
        yield from _falls(journey, step, watched, forms)
        if set(step.roles) - {Role.HR}:
            yield from _private(step, asked)
    source = journey.step(step.notes_of)
    notes = forms.get(source.subject, ()) if source else ()
    if notes and not any(one.kind in TEXTS and not one.private for one in notes):
        yield f"notes_of: the form of {step.notes_of} has no question for a text that is not private"


def _is_list(step: Step | None, forms: Questions) -> bool:
    """Whether a step asks with a form of tasks."""
    return (
        step is not None
        and step.verb is Verb.ASK
        and any(one.kind is Kind.TASK for one in forms.get(step.subject, ()))
    )


def _lists(journey: Journey, step: Step, forms: Questions) -> Iterator[str]:
    """What a list cannot be, and what only a list has."""
    if _is_list(step, forms):
        if step.weeks or step.after:
            yield "a list is sent once, on a day of the journey: leave out weeks and after"
        if step.declines_when or step.silence == NEXT:
            yield "a list has no answer with which somebody could decline: leave out declines_when and silence"
    watched = journey.step(step.watches)
    if watched is None:
        return
    if not step.tells_overdue:
        if _is_list(watched, forms) and "answer." in step.when:
            yield f'when: {watched.key} is a list, which has no answers; write overdue >= 1 or "not answered"'
        return
    if watched.subject in forms and not _is_list(watched, forms):
        yield f"when: overdue is for a list, and the form {watched.subject} has no tasks"
    if step.day < 1 or step.count is not Count.WORKING or step.weeks or step.after:
        yield "day counts working days after the day of a task, 1 or more, without count, weeks and after"


def _parsed(text: str) -> Condition:
    about_steps = dict.fromkeys(("answered", "met", "missed", "overdue"))
    return parse(text, {"hire": IN_CONDITIONS, **OF_ANSWERS, **about_steps})


def _condition(key: str, text: str, questions: tuple[Question, ...]) -> Iterator[str]:
    condition = _parsed(text)
    known = {one.key: one for one in questions}
    for path in condition.paths:
        owner, _, name = path.partition(".")
        if owner in OF_ANSWERS and name not in known:
            yield f"{key}: the form has no such question: {unknown(name, list(known))}"
    for one in condition.comparisons:
        owner, _, name = one.path.partition(".")
        if owner in OF_ANSWERS and name in known:
            mistakes = _fall(one, known[name]) if owner == "fell" else impossible(one, known[name])
            yield from (f"{key}: {mistake}" for mistake in mistakes)


def _fall(one: Comparison, question: Question) -> Iterator[str]:
    """A fall that no answer can take makes a condition that never holds."""
    longest = question.max - question.min
    whole = isinstance(one.constant, int | float) and not isinstance(one.constant, bool)
    if question.kind is Kind.SCALE and not (whole and 0 <= float(one.constant) <= longest):
        yield f"{one.path} is a number from 0 to {longest}, never {one.constant!r}"


def _falls(journey: Journey, step: Step, watched: Step | None, forms: Questions) -> Iterator[str]:
    """What is compared with an earlier answer is a scale, and was asked before on the same one."""
    if watched is None:
        return
    asked = {one.key: one for one in forms.get(watched.subject, ())}
    for path in _parsed(step.when).paths:
        owner, _, name = path.partition(".")
        if owner not in ("before", "fell") or name not in asked:
            continue
        if asked[name].kind is not Kind.SCALE:
            yield f"when: {path}: only answers on a scale are compared with earlier ones"
        elif not any(_is_same_scale(asked[name], one) for one in _asked_before(journey, watched, forms, name)):
            yield f"when: {path}: no earlier step asks {watched.roles[0]} {name} on the same scale"


def _asked_before(journey: Journey, watched: Step, forms: Questions, name: str) -> Iterator[Question]:
    """The questions of that key which the same role is asked before, as the steps stand in the file."""
    before = journey.steps[: journey.steps.index(watched)]
    for step in before:
        if step.verb is Verb.ASK and step.roles == watched.roles:
            yield from (one for one in forms.get(step.subject, ()) if one.key == name)


def _is_same_scale(one: Question, other: Question) -> bool:
    return (one.kind, one.min, one.max) == (other.kind, other.min, other.max)


def impossible(one: Comparison, question: Question) -> Iterator[str]:
    """A value that no answer can have makes a condition that never holds."""
    constant, path = one.constant, one.path
    match question.kind:
        case Kind.SCALE:
            whole = isinstance(constant, int | float) and not isinstance(constant, bool)
            if not whole or not question.min <= float(constant) <= question.max:
                yield f"{path} is a number from {question.min} to {question.max}, never {constant!r}"
        case Kind.YES_NO:
            if constant not in ("yes", "no"):
                yield f'{path} is "yes" or "no", never {constant!r}'
        case Kind.CHOICE | Kind.CHOICES:
            values = [option.value for option in question.options]
            if constant not in values:
                yield f"{path} is one of {', '.join(values)}, never {constant!r}"
        case Kind.DATE:
            if not isinstance(constant, str) or read_day(constant) is None:
                yield f'{path} is a day such as "2027-03-02", never {constant!r}'
        case _:
            if not isinstance(constant, str):
                yield f"{path} is a text, never {constant!r}"


def _private(step: Step, asked: tuple[Question, ...]) -> Iterator[str]:
    """Being told at all would tell what was answered."""
    private = {one.key for one in asked if one.private}
    for path in _parsed(step.when).paths:
        owner, _, name = path.partition(".")
        if owner in OF_ANSWERS and name in private:
            yield f"when: {path} is private, so only hr may be told"
