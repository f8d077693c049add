"""What needs a human? Computed from what is remembered, so that it is never out of step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
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
from onboarding.services import escalating, named_humans
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.kept_apart import since, still
from onboarding.services.programmes import programmes
from onboarding.services.round_shown import programme, remarks
from onboarding.services.todos import late_lists
from onboarding.services.work_partners import in_doubt

RECENT = timedelta(days=7)
"""What was skipped or bounced longer ago is history, not work."""

TO_LOOK_AT = frozenset({Why.NOBODY, Why.NO_SLOT, Why.NO_ADDRESS, Why.TOO_LATE, Why.SILENT})
"""Skipped for these reasons, somebody may want to do something about it."""

MOST_SKIPPED = 5000
TOO_LATE = "too late"

LET_IN = ("verified", "repeated")
"""What else can become of a message at the door."""

QUIET, ROUND = "quiet", "coffee"
"""The kinds of items that are about everybody."""

MEETING = "meeting"
"""The kind of item about a meeting for which nobody found a time."""

ALERT = "alert"
"""The kind of item about a newcomer who needs a human, whom nobody has said to take care of."""

ROLE = "role"
"""The kind of item about a role that only a human can settle; it stands in Prefect, so it does not say why."""

FOREVER = datetime.min.replace(tzinfo=UTC)

EARLY = timedelta(days=1)
"""How long a change may wait for the hire that it is about before somebody should look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One thing for a human.

    `kind` is words, source, event, unknown, failed, bounced, skipped, overdue, meeting, role, alert, quiet or
    coffee. `id` is what the CLI takes for it; the name of the journey for words that cannot be read, that of a
    source, or of a programme that has gone quiet, or the first day of a coffee round.

    Deliveries of one hire that were skipped for the same reason are one thing: `ids` has the number of each,
    `steps` the keys of their steps, `reason` is what they have in common. Elsewhere these are empty.
    """

    kind: str
    id: str
    hire_id: str
    text: str
    since: datetime
    reason: str = ""
    steps: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


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
        *_overdue(engine, books, now),
        *_meetings(books, now),
        *_apart(books, now),
        *_partners(books, now),
        *_quiet(engine, books, now),
        *_coffee(books, now),
        *_alerts(engine, books, now),
        *_named(engine, books, now),
    ]
    return sorted(items, key=lambda item: (item.since, item.id))


def _words(engine: Engine, now: datetime) -> Iterator[ReviewItem]:
    """The mistakes of files that cannot be read: until they are mended steps wait, or nobody is chosen."""
    name = engine.company.journey
    read: tuple[tuple[str, str, Callable[[], object]], ...] = (
        (name, "nothing is sent", lambda: engine.words.journey(name)),
        ("offices", "nothing is sent", engine.words.offices),
        ("matching", "nobody is matched", engine.words.matching),
        ("people_team", "the common address is told instead", engine.words.people_team),
    )
    for file, so, attempt in read:
        try:
            attempt()
        except BadWords as error:
            for mistake in error.mistakes:
                yield ReviewItem(kind="words", id=file, hire_id="", text=f"{so}: {mistake}", since=now)


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
        since = _since(delivery)
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
    """What was skipped lately, by hire and reason: without a buddy, a dozen steps wait for the same person."""
    groups: dict[tuple[str, Why, str], list[Delivery]] = {}
    for delivery in books.deliveries.in_states([State.SKIPPED], limit=MOST_SKIPPED):
        if delivery.why in TO_LOOK_AT and now - RECENT <= _since(delivery) <= now:
            key = (delivery.hire_id, delivery.why, _alike(delivery))
            groups.setdefault(key, []).append(delivery)
    hires = {hire_id: books.hires.get(hire_id) for hire_id, _, _ in groups}
    for (hire_id, why, reason), deliveries in groups.items():
        hire = hires[hire_id]
        if hire is not None and hire.state is HireState.ACTIVE:
            yield _grouped(why, reason, sorted(deliveries, key=lambda one: (one.due_at, one.number)))


def _grouped(why: Why, reason: str, deliveries: Sequence[Delivery]) -> ReviewItem:
    first, *others = deliveries
    steps = tuple(dict.fromkeys(one.step for one in deliveries))
    count = f"{len(steps)} steps" if len(steps) > 1 else "1 step"
    wait = "wait" if len(steps) > 1 else "waits"
    what = f"{count} {wait} for somebody" if why is Why.NOBODY else f"skipped: {count}"
    return ReviewItem(
        kind="skipped",
        id=str(first.number),
        hire_id=first.hire_id,
        text=f"{reason}; {what}: {', '.join(steps)}" if others else _sentence(first),
        since=min(map(_since, deliveries)),
        reason=reason if others else "",
        steps=steps if others else (),
        ids=tuple(str(one.number) for one in deliveries) if others else (),
    )


def _alike(delivery: Delivery) -> str:
    """The reason without what differs from step to step: the day on which each was due."""
    return TOO_LATE if delivery.why is Why.TOO_LATE else delivery.reason


def _since(delivery: Delivery) -> datetime:
    return delivery.settled_at or delivery.due_at


def _overdue(engine: Engine, books: Books, now: datetime) -> Iterator[ReviewItem]:
    """What of the lists to do became overdue lately, one item for each newcomer."""
    with suppress(BadWords):  # a file that cannot be read is among the items
        for one in late_lists(engine, books, now - RECENT, now):
            yield ReviewItem(kind="overdue", id=one.hire_id, hire_id=one.hire_id, text=one.text, since=one.since)


def _meetings(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Meetings ahead for which those who meet found no time: a human says when, or that it is not needed."""
    for one in books.meetings.stuck(now - RECENT):
        hire = books.hires.get(one.hire_id)
        if hire is not None and hire.state is HireState.WITHDRAWN:
            continue
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


def _apart(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Who keeps a role although the two are kept apart, whichever way HR said it."""
    for one in still(books, now.date() - JOURNEY_LENGTH):
        stays = f"{one.person_id} stays {one.role.replace('_', ' ')} though the two are kept apart"
        yield ReviewItem(
            kind=ROLE,
            id=one.hire_id,
            hire_id=one.hire_id,
            text=f"{stays}, since both were told; {one.ends} ends it",
            since=since(books, one),
        )


def _partners(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Work partners whom managers named, not knowing what stands between them and the newcomer."""
    for hire, partner, text in in_doubt(books, Directory(books), now.date() - JOURNEY_LENGTH):
        yield ReviewItem(kind=ROLE, id=hire.id, hire_id=hire.id, text=text, since=partner.since)


def _quiet(engine: Engine, books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Programmes in which nobody has met for weeks: those of the journeys, and the coffee rounds."""
    for one in quiet_programmes(chain(programmes(engine, books, now), programme(books, now)), now):
        yield ReviewItem(kind=QUIET, id=one.name, hire_id="", text=one.text, since=one.since)


def _alerts(engine: Engine, books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Newcomers who need a human, whom nobody has said to take care of."""
    directory = Directory(books)
    for one in escalating.nobody_takes_care(books, now):
        text = escalating.in_words(engine, directory, one)
        yield ReviewItem(kind=ALERT, id=str(one.number), hire_id=one.hire_id, text=text, since=one.told_at)


def _named(engine: Engine, books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Whom HR's file names, or a setting, and who cannot be told."""
    for one in dict.fromkeys(named_humans.lost(engine, Directory(books))):
        text = f"{one.place} names {one.named}, who is not here or has no address: somebody else is told instead"
        yield ReviewItem(kind="words", id="people_team", hire_id="", text=text, since=now)


def _coffee(books: Books, now: datetime) -> Iterator[ReviewItem]:
    """Coffee rounds in which nobody has coffee, or somebody could have none."""
    for one in remarks(books, now):
        yield ReviewItem(kind=ROUND, id=str(one.day), hire_id="", text=one.text, since=one.since)


def _sentence(delivery: Delivery) -> str:
    to = f"{delivery.step} to {delivery.role.replace('_', ' ')}"
    return f"{to} is {delivery.state}: {delivery.reason}"
