"""When is somebody busy, as a test or a rehearsal says?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onboarding.adapters.calendars.answers import cut, sorted_apart
from onboarding.domain.free_busy import Owner, Told
from onboarding.domain.slots import Busy


@dataclass(kw_only=True)
class MemoryCalendars:
    """Calendars that are given: busy times, or a reason for silence, by person id; `asked` holds who was asked."""

    busy: dict[str, Sequence[Busy]] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    kind: str = "memory"
    knows_uids: bool = True

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        """As the port has it."""
        self.asked.append(tuple(one.person_id for one in owners))
        return {one.person_id: self._of(one, start, end) for one in owners}

    def close(self) -> None:
        """Nothing to give back."""

    def _of(self, owner: Owner, start: datetime, end: datetime) -> Told:
        if owner.person_id in self.silent:
            return Told(why=self.silent[owner.person_id])
        return Told(busy=sorted_apart(cut(self.busy.get(owner.person_id, ()), start, end)))
