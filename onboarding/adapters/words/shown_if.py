"""Can the condition under which a question is shown ever hold, and can everybody who reads the answer know it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onboarding.adapters.words.references import impossible
from onboarding.domain.conditions import ANY_FIELD, parse
from onboarding.domain.errors import BadWords
from onboarding.domain.forms import Question
from onboarding.domain.tables import unknown


def mistakes_of(question: Question, earlier: Sequence[Question], later: Sequence[str]) -> Iterator[str]:
    """Each mistake in the `shown_if` of a question; it may only look at the questions before it."""
    if not question.shown_if:
        return
    try:
        condition = parse(question.shown_if, {"answer": ANY_FIELD})
    except BadWords as error:
        yield from (f"shown_if: {mistake}" for mistake in error.mistakes)
        return
    known = {one.key: one for one in earlier}
    for path in condition.paths:
        name = path.partition(".")[2]
        if name == question.key or (name in later and name not in known):
            yield f"shown_if: {path} does not come before this question; move that question up"
        elif name not in known:
            yield f"shown_if: the form has no such question: {unknown(name, list(known))}"
        elif known[name].private and not question.private:
            yield f"shown_if: {path} is private, so that this question must be private, too"
    for one in condition.comparisons:
        name = one.path.partition(".")[2]
        if name in known:
            yield from (f"shown_if: {mistake}" for mistake in impossible(one, known[name]))
