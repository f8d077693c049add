"""Who suits the hires of a wave best, worked out once however often it is asked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from onboarding.domain.assignment import Match, assign_several
from onboarding.domain.candidates import Colleague, Need, Wanted

Question: TypeAlias = tuple[Wanted, Sequence[Need], Sequence[Colleague], int]


class Assignments:
    """Assignments with a memory: the same question has the same answer, and comparing is quicker than assigning.

    So the work can be done before a transaction, which asks again with what holds then.
    """

    def __init__(self) -> None:
        self._known: list[tuple[Question, Mapping[str, list[Match]]]] = []

    def of(
        self, wanted: Wanted, needs: Sequence[Need], colleagues: Sequence[Colleague], how_many: int
    ) -> Mapping[str, list[Match]]:
        """As `assign_several`."""
        asked = (wanted, needs, colleagues, how_many)
        for question, answer in self._known:
            if question == asked:
                return answer
        found = assign_several(wanted, needs, colleagues, how_many)
        self._known.append((asked, found))
        return found
