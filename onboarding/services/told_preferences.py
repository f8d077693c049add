"""What follows from the preferences that a file names? They join what is known; nobody's own no is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from onboarding.domain.choices import EVERYTHING
from onboarding.domain.errors import BadRecord
from onboarding.domain.preferences import MOST_ABSENCES, NOTHING_SAID, Preferences, Teller
from onboarding.ports import Books

STAYS = "said no to a programme of opt_in themselves or by HR before, and that counts"


@dataclass(slots=True, kw_only=True)
class Joined:
    """What counts after a file, by person id, beside what counted before; `stay_out` are those whose no stays.

    `out_of_everything` are those whom the file takes out of all programmes, which stands in the directory.
    """

    before: Mapping[str, Preferences]
    after: dict[str, Preferences]
    stay_out: list[str] = field(default_factory=list)
    out_of_everything: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, before: Mapping[str, Preferences]) -> Joined:
        """Nothing joined yet."""
        return cls(before=before, after=dict(before))

    def join(
        self, person_id: str, told: Preferences, now: datetime, zeros: AbstractSet[str] = frozenset()
    ) -> None:
        """Add what a row names, `zeros` among it; an exclusion counts for both."""
        if told == NOTHING_SAID and not zeros:
            return
        said = self.after.get(person_id, NOTHING_SAID)
        if told.opted_in & said.opted_out:
            self.stay_out.append(person_id)
        self.after[person_id] = _joined(said, told, now, zeros)
        for other in told.excluded:
            theirs = self.after.get(other, NOTHING_SAID)
            self.after[other] = replace(theirs, excluded=theirs.excluded | {person_id})

    def is_news(self, person_id: str) -> bool:
        """Whether something else counts for somebody than before."""
        return self.after.get(person_id, NOTHING_SAID) != self.before.get(person_id, NOTHING_SAID)

    def write(self, books: Books, now: datetime) -> set[str]:
        """Keep what is different; returns whose it is."""
        changed = {one for one in self.after if self.is_news(one)} | self.out_of_everything
        for person_id in sorted(changed):
            before, after = self.before.get(person_id, NOTHING_SAID), self.after.get(person_id, NOTHING_SAID)
            names = [EVERYTHING] if person_id in self.out_of_everything else []
            names += [
                each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)
            ]
            books.preferences.put(person_id, after, by=Teller.HR, fields=names, now=now)
        return changed


def remarks(stay_out: Sequence[str]) -> tuple[str, ...]:
    """What is worth saying of those whose no stays, by ids only."""
    return (f"opt_in: {', '.join(stay_out)} {STAYS}",) if stay_out else ()


def check(told: Preferences, known: AbstractSet[str]) -> None:
    """Look at what a row names before anything of it is taken.

    Raises:
        BadRecord: an exclusion names somebody who is not known: a slip there would bring two people together.
    """
    if not told.excluded <= known:
        raise BadRecord("exclude: names somebody who is neither in the file nor in the directory")


def _joined(said: Preferences, told: Preferences, now: datetime, zeros: AbstractSet[str]) -> Preferences:
    """Sets and absences grow; what else is told replaces what was said before. The soonest absences count."""

    def stretch(name: str) -> int:
        return int(getattr(told, name) if getattr(told, name) or name in zeros else getattr(said, name))

    away = {one for one in (*said.away, *told.away) if one.last >= now.date()} if told.away else set(said.away)
    return replace(
        said,
        opted_in=(said.opted_in | (told.opted_in - said.opted_out)) - told.opted_out,
        opted_out=said.opted_out | told.opted_out,
        paused_until=told.paused_until or said.paused_until,
        capacity=said.capacity if told.capacity is None else told.capacity,
        excluded=said.excluded | told.excluded,
        away=tuple(sorted(away, key=lambda one: (one.first, one.last))[:MOST_ABSENCES]),
        flexible_before=stretch("flexible_before"),
        flexible_after=stretch("flexible_after"),
    )
