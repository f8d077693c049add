"""How are the sources? What each told us lately, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.domain.events import EventState
from onboarding.services.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source in numbers.

    `last_event` is when it last told us anything (UTC); `verified`, `repeated` and `refused` count messages at the
    door; `unparsed` and `early` count events that stand so now; `waiting` those that are still to be obeyed, `lag`
    how long the oldest of them has been ready.
    """

    source: str
    set_up: bool
    last_event: datetime | None
    verified: int
    repeated: int
    refused: int
    last_refused: datetime | None
    obeyed: int
    ignored: int
    unparsed: int
    early: int
    waiting: int
    lag: timedelta


def health_of_sources(engine: Engine, now: datetime) -> list[SourceHealth]:
    """Every source that is set up or has ever told us anything, by name."""
    with engine.store.read() as books:
        events = books.events.summary()
        tallies = books.tallies.all()
        oldest = books.events.oldest_waiting()
    set_up = {*engine.sources, *engine.rosters}
    names = {*set_up, *(source for source, _ in events), *(source for source, _ in tallies)}

    def health(name: str) -> SourceHealth:
        def stand(state: EventState) -> int:
            found = events.get((name, state))
            return found.count if found else 0

        def count(what: str) -> int:
            found = tallies.get((name, what))
            return found.count if found else 0

        refused = tallies.get((name, "refused"))
        ready_at = oldest.get(name, now)
        return SourceHealth(
            source=name,
            set_up=name in set_up,
            last_event=max((one.last_at for (source, _), one in events.items() if source == name), default=None),
            verified=count("verified"),
            repeated=count("repeated"),
            refused=count("refused"),
            last_refused=refused.last_at if refused else None,
            obeyed=stand(EventState.OBEYED),
            ignored=stand(EventState.IGNORED),
            unparsed=stand(EventState.REVIEW),
            early=stand(EventState.EARLY),
            waiting=stand(EventState.RECORDED),
            lag=max(now - ready_at, timedelta()),
        )

    return [health(name) for name in sorted(names)]
