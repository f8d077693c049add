"""By how much has an answer fallen, from one check-in to the next?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from onboarding.domain.forms import Kind, Question, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One form that somebody filled in: its questions and what they said."""

    questions: Sequence[Question]
    values: Mapping[str, Value]

    def scale(self, key: str) -> tuple[int, int, int] | None:
        """The answer on a scale, with the ends of that scale; None where there is none."""
        question = next((one for one in self.questions if one.key == key and one.kind is Kind.SCALE), None)
        value = self.values.get(key)
        return (value, question.min, question.max) if question and isinstance(value, int) else None

    def without_private(self) -> Filled:
        """The same without what only HR reads."""
        return replace(self, questions=[one for one in self.questions if not one.private])


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How the answers to one question went: the one before the newest, and where the fall that it ends began.

    `fell` is the length of that fall, 0 where the newest answer is not lower than the one before.
    """

    before: int
    begin: int
    fell: int


def course(earlier: Iterable[Filled], newest: Filled, key: str) -> Course | None:
    """How the answers to a question went, the oldest first; None where nothing can be compared.

    Only answers on the same scale are compared: 3 of 5 says nothing about 3 of 10. A steady fall counts as one:
    5, then 4, then 3 fell by 2.
    """
    now = newest.scale(key)
    if now is None:
        return None
    said = [one[0] for filled in earlier if (one := filled.scale(key)) is not None and one[1:] == now[1:]]
    if not said:
        return None
    begin = now[0]
    for lower, higher in pairwise(reversed([*said, now[0]])):  # back from the newest, as long as it was higher
        if higher <= lower:
            break
        begin = higher
    return Course(before=said[-1], begin=begin, fell=begin - now[0])
