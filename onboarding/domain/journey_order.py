"""Do the steps of a journey fit together? What one of them follows, reads or watches must be there before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from onboarding.domain import conditions
from onboarding.domain.conditions import OF_ANSWERS
from onboarding.domain.errors import BadWords
from onboarding.domain.fields import IN_CONDITIONS
from onboarding.domain.journey import Count, Span, Step, Unit, Verb
from onboarding.domain.tables import unknown

_HOURS = {Unit.HOURS: 1.0, Unit.DAYS: 24.0, Unit.WORKING_DAYS: 24 * 7 / 5, Unit.WEEKS: 24.0 * 7}


def misfits(steps: Sequence[Step], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each mistake as (key of the step, sentence); `keys` also has those of steps that could not be read."""
    for key, times in Counter(key for key in keys if key).items():
        if times > 1:
            yield key, f"the key is used {times} times; every step needs its own"
    known = {step.key: step for step in steps}
    for step in steps:
        yield from ((step.key, mistake) for mistake in _references(step, known, keys))
        if step.verb is Verb.ASK and step.remind_after and _hours(step.remind_after) >= _hours(step.closes_after):
            yield step.key, f"the reminder ({step.remind_after}) comes after the form closes ({step.closes_after})"


def _hours(span: Span) -> float:
    """Roughly how long it is: enough to compare two of them."""
    return span.count * _HOURS[span.unit]


def _references(step: Step, known: Mapping[str, Step], keys: Sequence[str]) -> Iterator[str]:
    wanted = (
        ("after", step.after, (Verb.MEET,)),
        ("notes_of", step.notes_of, (Verb.ASK,)),
        ("waits_for", step.waits_for, (Verb.ASK,)),
        ("of", step.watches, (Verb.ASK, Verb.MEET)),
    )
    for key, target, verbs in wanted:
        followed = known.get(target)
        if not target or (followed is None and target in keys):
            continue  # nothing is meant, or that step has a mistake of its own
        if followed is None or followed.verb not in verbs:
            fitting = [other.key for other in known.values() if other.verb in verbs and other is not step]
            yield f"{key}: no {' or '.join(verbs)} step has that key: {unknown(target, fitting)}"
        elif key == "after":
            yield from _after(step, followed, known)
        elif key == "waits_for":
            yield from _waits_for(step, followed)
        else:
            yield from _too_early(step, followed)
            yield from _watched(step, followed)


def _after(step: Step, followed: Step, known: Mapping[str, Step]) -> Iterator[str]:
    """A step that follows a meeting has its weeks, and no step waits for itself."""
    if set(step.weeks) - set(followed.weeks) or (followed.weeks and not step.weeks):
        weeks = list(followed.weeks) or "none"
        yield f'after: "{followed.key}" has the weeks {weeks}; this step must have weeks among them'
    seen = {step.key}
    following: Step | None = followed
    while following:
        if following.key in seen:
            yield f"after: these steps wait for each other: {', '.join(sorted(seen))}"
            return
        seen.add(following.key)
        following = known.get(following.after)


def _waits_for(step: Step, followed: Step) -> Iterator[str]:
    """Who waits for an answer waits for their own, asked before, on an occasion that both have."""
    if step.roles != followed.roles:
        yield f'waits_for: "{followed.key}" asks the {followed.roles[0]}, so this step must be for them alone'
    if followed.weeks and (set(step.weeks) - set(followed.weeks) or not step.weeks):
        weeks = list(followed.weeks)
        yield f'waits_for: "{followed.key}" has the weeks {weeks}; this step must have weeks among them'
    yield from _too_early(step, followed)


def _too_early(step: Step, followed: Step) -> Iterator[str]:
    """A step that reads what another asks comes later; silence can be told only when the form has closed."""
    if not (_is_plain(step) and _is_plain(followed) and step.count is followed.count):
        return  # which of them comes first depends on the calendar
    if (step.day, step.at) < (followed.day, followed.at):
        yield f'day {step.day} is too early: "{followed.key}" comes on day {followed.day}'
    elif followed.verb is Verb.ASK and "answered" in step.when and step.count is Count.WORKING:
        closes = followed.closes_after
        if closes.unit is Unit.WORKING_DAYS and _place(step.day) < _place(followed.day) + closes.count:
            opens = f'"{followed.key}" is open for {closes} from day {followed.day}'
            yield f"day {step.day} is too early to speak of silence: {opens}"


def _is_plain(step: Step) -> bool:
    return not (step.weeks or step.after or step.tells_overdue)


def _place(day: int) -> int:
    """Working days in a row: there is no day 0."""
    return day if day < 0 else day - 1


def _watched(step: Step, followed: Step) -> Iterator[str]:
    """A condition on an ask speaks of answers, one on a meeting of whether it took place."""
    if not step.when:
        return
    allowed: dict[str, frozenset[str] | None] = {"hire": IN_CONDITIONS}
    of_answers: dict[str, frozenset[str] | None] = {"answered": None, **OF_ANSWERS, "overdue": None}
    allowed |= {"met": None, "missed": None} if followed.verb is Verb.MEET else of_answers
    try:
        conditions.parse(step.when, allowed)
    except BadWords as error:
        article = "an" if followed.verb is Verb.ASK else "a"
        for mistake in error.mistakes:
            yield f'when ("{followed.key}" is {article} {followed.verb} step): {mistake}'
