"""What do recorded events say? Read outside of any transaction, since an HR system may have to be asked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from onboarding.domain.errors import BadRecord, Unavailable, unexpected
from onboarding.domain.events import Event, Understood
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

READERS = 4
"""Messages that are read at a time: a thin one waits for its HR system's answer."""

SILENT = 8
"""So many questions that an HR system leaves unanswered one after the other are enough for one run.

Half a minute can pass before a question counts as unanswered; news of other systems wait behind it meanwhile.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An event and what it says; or why it says nothing (`refused`), or why it must wait (`away`)."""

    event: Event
    understood: Understood = ""
    refused: str = ""
    away: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the events of one run, and remembers who does not answer."""

    engine: Engine
    now: datetime
    _silence: dict[str, list[str]] = field(default_factory=dict)

    def read_all(self, events: Sequence[Event]) -> list[Reading]:
        """What each says, in the order given."""
        if len(events) == 1:
            return [self.read(events[0])]
        with ThreadPoolExecutor(READERS, thread_name_prefix="reading") as readers:
            return list(readers.map(self.read, events))

    def read(self, event: Event) -> Reading:
        """What one says. Never raises."""
        source = self.engine.sources.get(event.source)
        if source is None:
            return Reading(event=event, refused=f"the source {event.source} is not set up any more")
        unanswered = self._silence.setdefault(event.source, [])
        so_far = tuple(unanswered)  # other readers write into it
        if len(so_far) >= SILENT:
            return Reading(event=event, away=so_far[-1])
        try:
            understood = source.understand(event, self.now)
        except BadRecord as error:
            return Reading(event=event, refused="; ".join(error.mistakes))
        except Unavailable as error:
            unanswered.append(str(error))
            return Reading(event=event, away=str(error))
        except Exception as error:
            log.exception("event.not_read", extra={"event": event.id})
            return Reading(event=event, refused=unexpected(error))
        unanswered.clear()
        return Reading(event=event, understood=understood)
