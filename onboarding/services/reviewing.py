"""What needs a human? Computed from what is remembered, so that it is never out of step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.events import EventState
from onboarding.domain.meetings import MeetingState
from onboarding.domain.people import HireState
from onboarding.domain.quiet import quiet_programmes
from onboarding.ports import Books
from onboarding.services.engine import Engine
from onboarding.services.programmes import programmes
from onboarding.services.round_shown import programme, remarks

RECENT = timedelta(days=7)
"""What was skipped or bounced longer ago is history, not work."""

TO_LOOK_AT = frozenset({Why.NOBODY, Why.NO_SLOT, Why.NO_ADDRESS, Why.TOO_LATE, Why.SILENT})
"""Skipped for these reasons, somebody may want to do something about it."""

LET_IN = ("verified", "repeated")
"""What else can become of a message at the door."""

QUIET, ROUND = "quiet", "coffee"
"""The kinds of items that are about everybody."""

MEETING = "meeting"
"""The kind of item about a meeting for which nobody found a time."""

FOREVER = datetime.min.replace(tzinfo=UTC)

EARLY = timedelta(days=1)
"""How long a change may wait for the hire that it is about before somebody should look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One thing for a human.

    `kind` is words, source, event, unknown, failed, bounced, skipped, meeting, quiet or coffee. `id` is what the
    CLI takes for it; the name of the journey for words that cannot be read, that of a source, or of a programme
    that has gone quiet, or the first day of a coffee round.
    """

    kind: str
    id: str
    hire_id: str
    text: str
    since: datetime


def review(engine: Engine, now: datetime) -> list[ReviewItem]:
    """Everything that needs a human, oldest first."""
    with engine.store.read() as books:
        return collect(engine, books, now)


def collect(engine: Engine, books: Books, now: datetime) -> list[ReviewItem]:
    """The same, inside a transaction that is open already."""
    items = [
        *_words(engine, now),
        *_refused(books, now),
        *_events(books, now),
        *_unsettled(books, now),
        *_skipped(books, now),
        *_meetings(books, now),
        *_quiet(engine, books, now),
        *_coffee(books, now),
    ]
    return sorted(items, key=lambda item: (item.since, item.id))


def _words(engine: Engine, now: datetime) -> Iterator[ReviewItem]:
    """The mistakes of files that cannot be read: until they are mended steps wait, or nobody is chosen."""
    name = engine.company.journey
    try:
        engine.words.journey(name)
    except BadWords as error:
        for mistake in error.mistakes:
            yield ReviewItem(kind="words", id=name, hire_id="", text=f"nothing is sent: {mistake}", since=now)
    try:
        engine.words.matching()
    except BadWords as error:
        for mistake in error.mistakes:
            yield ReviewItem(
                kind="words", id="matching", hire_id="", text=f"nobody is matched: {mistake}", since=now
            )


def _refused(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Sources whose newest message was refused: some HR systems never repeat it, so it may be lost."""
    tallies = books.tallies.all()
    for (source, what), refused in tallies.items():
        let_in = [tallies[source, other].last_at for other in LET_IN if (source, other) in tallies]
        if (
            what == "refused"
            and now - RECENT <= refused.last_at
            and refused.last_at > max(let_in, default=FOREVER)
        ):
            yield ReviewItem(
                kind="source",
                id=source,
                hire_id="",
                text=f"the newest message of {source} was refused: another secret, or a stranger",
                since=refused.last_at,
            )


def _events(books: Books, now: datetime) -> Iterator[ReviewItem]:
    early = books.events.find(state=EventState.EARLY, limit=500)
    waits_long = [event for event in early if now - RECENT < event.received_at < now - EARLY]
    for event in [*books.events.find(state=EventState.REVIEW, limit=500), *waits_long]:
        yield ReviewItem(
            kind="event",
            id=event.id,
            hire_id=event.hire_id,
            text=f"an event of {event.source} waits: {event.reason}",
            since=event.received_at,
        )


def _unsettled(books: Books, now: datetime) -> Iterator[ReviewItem]:
    for delivery in books.deliveries.in_states([State.UNKNOWN, State.FAILED, State.BOUNCED]):
        since = delivery.settled_at or delivery.due_at
        if delivery.state is State.BOUNCED and since < now - RECENT:
            continue  # nothing is left to settle
        yield ReviewItem(
            kind=delivery.state.value,
            id=str(delivery.number),
            hire_id=delivery.hire_id,
            text=_sentence(delivery),
            since=since,
        )


def _skipped(books: Books, now: datetime) -> Iterator[ReviewItem]:
    for delivery in books.deliveries.in_states([State.SKIPPED]):
        since = delivery.settled_at or delivery.due_at
        hire = books.hires.get(delivery.hire_id)
        active = hire is not None and hire.state is HireState.ACTIVE
        if active and delivery.why in TO_LOOK_AT and now - RECENT <= since <= now:
            yield ReviewItem(
                kind="skipped",
                id=str(delivery.number),
                hire_id=delivery.hire_id,
                text=_sentence(delivery),
                since=since,
            )


def _meetings(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Meetings ahead for which those who meet found no time: a human says when, or that it is not needed."""
    for one in books.meetings.stuck(now - RECENT):
        off = one.state is MeetingState.CANCELLED
        if one.held_at is None or (not off and one.held_at < one.starts_at <= now):
            continue
        if one.held_at >= one.ends_at and not off:
            stands = "it did not take place"
        else:
            stands = "it is called off" if off else "those who can meet without the others"
        yield ReviewItem(
            kind=MEETING,
            id=one.id,
            hire_id=one.hire_id,
            text=f"{one.step} cannot find a time: {stands}; `onboarding meeting show {one.id}` tells more",
            since=one.held_at,
        )


def _quiet(engine: Engine, books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Programmes in which nobody has met for weeks: those of the journeys, and the coffee rounds."""
    for one in quiet_programmes(chain(programmes(engine, books, now), programme(books, now)), now):
        yield ReviewItem(kind=QUIET, id=one.name, hire_id="", text=one.text, since=one.since)


def _coffee(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Coffee rounds in which nobody has coffee, or somebody could have none."""
    for one in remarks(books, now):
        yield ReviewItem(kind=ROUND, id=str(one.day), hire_id="", text=one.text, since=one.since)


def _sentence(delivery: Delivery) -> str:
    to = f"{delivery.step} to {delivery.role.replace('_', ' ')}"
    return f"{to} is {delivery.state}: {delivery.reason}"
