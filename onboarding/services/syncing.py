"""Whom does an HR system know? Asked now and then: the net under lost messages."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from onboarding.domain.errors import NotFound, Unavailable, unexpected
from onboarding.domain.events import Event, EventState, Fact, Told, Unfit
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.obeying import Obeyed, Outcome, obey
from onboarding.services.planning import replan_touched
from onboarding.services.waking import set_alarms, wake_waiting

log = logging.getLogger(__name__)

SEEN_BY_SYNC = "seen by sync-directory"
"""The body of events that no message brought."""

OF_SYNC = "sync/"
"""How the delivery id of such an event begins; what the source calls the person follows."""

CHUNK = 100
"""People that share a transaction."""

MOST_REASONS = 20
"""So many rows that name nobody are told one by one."""

FEW, SHARE = 2, 0.2
"""So many people, or this share of those known, may be missing at once; more looks like a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of one person whom the source knows; no personal data but ids."""

    external_id: str
    person_id: str
    state: EventState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a look at everybody brought.

    `kept_back` says why missing people were not taken for gone, `away` why the source was not looked at; or "".
    """

    source: str
    seen: int = 0
    enrolled: tuple[Seen, ...] = ()
    changed: tuple[Seen, ...] = ()
    left: tuple[Seen, ...] = ()
    to_review: tuple[Seen, ...] = ()
    kept_back: str = ""
    away: str = ""


class _Undone(Exception):
    """Ends a rehearsal: what was written is taken back."""


def sync_all(engine: Engine, now: datetime, *, source: str = "", rehearse: bool = False) -> list[Synced]:
    """Look at one source, or at every one that can be asked; one that does not answer stops no other one.

    Raises:
        NotFound: the source cannot be asked for everybody.
    """
    found: list[Synced] = []
    for name in [source] if source else sorted(engine.rosters):
        try:
            found.append(sync(engine, name, now, rehearse=rehearse))
        except Unavailable as error:
            log.warning("directory.not_synced", extra={"source": name})
            found.append(Synced(source=name, away=str(error)))
    return found


def sync(engine: Engine, source: str, now: datetime, *, rehearse: bool = False) -> Synced:
    """Take in everybody as the source knows them now; whoever starts unannounced is enrolled, and said so.

    When many are missing at once, or all, nobody is taken for gone and a human looks: the list may be broken. With
    `rehearse` nothing is kept.

    Raises:
        NotFound: the source cannot be asked for everybody.
        Unavailable: it does not answer now, and nothing was changed; or the store does not: another look helps.
    """
    roster = engine.rosters.get(source)
    if roster is None:
        can = ", ".join(sorted(engine.rosters)) or "none"
        raise NotFound(f"{source} cannot be asked for everybody; those that can: {can}")
    everybody = list(roster.everybody(now))
    sync_ = _Sync(engine=engine, source=source, now=now)
    if rehearse:
        return sync_.rehearse(everybody)
    done = [one for some in _portions(everybody) for one in sync_.take(some)]
    result = sync_.finish(everybody, done)
    wake_waiting(engine, now)
    set_alarms(engine, now)
    log.info(
        "directory.synced", extra={"source": source, "seen": len(everybody), "enrolled": len(result.enrolled)}
    )
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sync:
    """One look at everybody."""

    engine: Engine
    source: str
    now: datetime

    def take(self, some: Sequence[Fact | Unfit]) -> list[tuple[Fact | Unfit, Obeyed]]:
        """Obey a portion in a transaction of its own; when something breaks it, each one alone."""
        try:
            with self.engine.store.begin() as books:
                return self.take_into(books, some)
        except Unavailable:
            raise
        except Exception as error:
            if len(some) > 1:
                return [done for one in some for done in self.take([one])]
            log.exception("person.not_taken", extra={"source": self.source})
            return [(some[0], Obeyed(state=EventState.REVIEW, reason=unexpected(error), hire_id=""))]

    def take_into(self, books: Books, some: Sequence[Fact | Unfit]) -> list[tuple[Fact | Unfit, Obeyed]]:
        """Obey a portion in a transaction that is open already."""
        directory = Directory(books)
        return [(one, self._one(books, directory, one)) for one in some]

    def _one(self, books: Books, directory: Directory, one: Fact | Unfit) -> Obeyed:
        if isinstance(one, Unfit):
            return Obeyed(state=EventState.REVIEW, reason="; ".join(one.mistakes), hire_id="")
        unknown = books.identities.get(self.source, one.external_id) is None and directory.get(one.hire_id) is None
        if one.told is Told.WITHDRAWN and unknown:
            return Obeyed(state=EventState.IGNORED, reason="gone before we knew them", hire_id=one.hire_id)
        return obey(self.engine, books, directory, self.source, one, self.now)

    def finish(self, everybody: Sequence[Fact | Unfit], done: list[tuple[Fact | Unfit, Obeyed]]) -> Synced:
        """Take whom the source names no more for gone, plan again whom that touches, note what must be said."""
        with self.engine.store.begin() as books:
            missing, kept_back = self._missing(books, {one.external_id for one in everybody})
            gone = self.take_into(books, missing)
            touched = {obeyed.touched for _, obeyed in [*done, *gone] if obeyed.touched}
            if touched:
                replan_touched(self.engine, books, Directory(books), touched, self.now)
            result = _sorted(self.source, done, gone, kept_back)
            _note(books, result, self.now)
            return result

    def rehearse(self, everybody: Sequence[Fact | Unfit]) -> Synced:
        """What would come of it. Each portion is taken back before the next one: others want to write, too.

        So nobody is known yet whom an earlier portion would bring: not as a colleague for a newcomer, nor among
        those who are counted before missing people are taken for gone.
        """
        done = [one for some in _portions(everybody) for one in self._taken_back(some)]
        with self.engine.store.read() as books:
            missing, kept_back = self._missing(books, {one.external_id for one in everybody})
        gone = [one for some in _portions(missing) for one in self._taken_back(some)]
        return _sorted(self.source, done, gone, kept_back)

    def _taken_back(self, some: Sequence[Fact | Unfit]) -> list[tuple[Fact | Unfit, Obeyed]]:
        with suppress(_Undone), self.engine.store.begin() as books:
            done = self.take_into(books, some)
            raise _Undone
        return done

    def _missing(self, books: Books, named: set[str]) -> tuple[list[Fact], str]:
        """Who is here for all we know, and not named any more; nobody, and why, when that looks like a mistake."""
        known = [
            one
            for one in books.identities.of_source(self.source)
            if (person := books.people.get(one.person_id)) is not None and person.active
        ]
        missing = [one for one in known if one.external_id not in named]
        many = len(missing) > FEW and len(missing) > SHARE * len(known)
        if missing and (many or len(missing) == len(known) or "" in named):
            return [], (
                f"{len(missing)} of {len(known)} people whom {self.source} told us of are missing from its list: "
                "nobody was taken for gone"
            )
        told = Told.WITHDRAWN
        return [
            Fact(told=told, external_id=one.external_id, hire_id=one.person_id, at=self.now) for one in missing
        ], ""


def _portions(everybody: Sequence[Fact | Unfit]) -> Iterator[Sequence[Fact | Unfit]]:
    for start in range(0, len(everybody), CHUNK):
        yield everybody[start : start + CHUNK]


def _sorted(
    source: str,
    done: list[tuple[Fact | Unfit, Obeyed]],
    gone: list[tuple[Fact | Unfit, Obeyed]],
    kept_back: str,
) -> Synced:
    all_of_it = [(_seen(one, obeyed), obeyed) for one, obeyed in [*done, *gone]]

    def those(outcome: Outcome) -> tuple[Seen, ...]:
        return tuple(seen for seen, obeyed in all_of_it if obeyed.outcome is outcome)

    return Synced(
        source=source,
        seen=len(done),
        enrolled=those(Outcome.ENROLLED),
        changed=those(Outcome.CHANGED),
        left=those(Outcome.LEFT),
        to_review=tuple(seen for seen, obeyed in all_of_it if obeyed.state is EventState.REVIEW),
        kept_back=kept_back,
    )


def _seen(one: Fact | Unfit, obeyed: Obeyed) -> Seen:
    return Seen(external_id=one.external_id, person_id=obeyed.hire_id, state=obeyed.state, reason=obeyed.reason)


def _note(books: Books, result: Synced, now: datetime) -> None:
    """Record what a human should hear of: who was enrolled without a message, and what did not fit.

    What did not fit is one event a person, which ends as soon as it fits.
    """
    found = books.events.find(source=result.source, state=EventState.REVIEW, limit=10_000)
    open_ = {one.id: one for one in found if one.body == SEEN_BY_SYNC}
    problems = {one.id: one for one in _problems(result, now)}
    for event_id in open_.keys() - problems.keys():
        books.events.settle(event_id, state=EventState.OBEYED, reason="it fits now", hire_id="", now=now)
    for event_id, event in problems.items():
        before = open_.get(event_id)
        if before is None or (before.reason, before.hire_id) != (event.reason, event.hire_id):
            _record(books, event, EventState.REVIEW)
    for one in result.enrolled:
        event = _event(result.source, f"{one.external_id}/{one.person_id}", now)
        told = replace(event, hire_id=one.person_id, reason="enrolled; no message told us")
        _record(books, told, EventState.OBEYED)


def _problems(result: Synced, now: datetime) -> Iterator[Event]:
    """One event for each person who does not fit, one for all rows that name nobody, one for who is missing."""
    if result.kept_back:
        yield replace(_event(result.source, f"missing/{now:%Y-%m-%d}", now), reason=result.kept_back)
    of_each: dict[str, list[Seen]] = {}
    for one in result.to_review:
        of_each.setdefault(one.external_id, []).append(one)
    for external_id, some in of_each.items():
        reasons = [one.reason for one in some[:MOST_REASONS]]
        if len(some) > MOST_REASONS:
            reasons.append(f"and {len(some) - MOST_REASONS} more")
        event = _event(result.source, external_id, now)
        yield replace(event, hire_id=some[0].person_id, reason="; ".join(reasons))


def _record(books: Books, event: Event, state: EventState) -> None:
    books.events.record(event)
    books.events.settle(event.id, state=state, reason=event.reason, hire_id=event.hire_id, now=event.received_at)


def _event(source: str, about: str, now: datetime) -> Event:
    delivery_id = f"{OF_SYNC}{about}"
    event_id = blake2b(f"{source}/{delivery_id}".encode(), digest_size=12).hexdigest()
    return Event(
        id=event_id, source=source, delivery_id=delivery_id, body=SEEN_BY_SYNC, received_at=now, ready_at=now
    )
