"""Do newcomers meet people? Meetings planned and held, counted over the hires of a range of first days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from onboarding.domain import held, measures
from onboarding.domain.errors import BadRecord
from onboarding.domain.exchange import both_wrote
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.journey import EXCHANGE, Journey, Verb
from onboarding.domain.measures import Became, Bucket, Cohort, FirstMeeting, Met, Newcomer, Tally
from onboarding.domain.meetings import Meeting, MeetingState, Pairing
from onboarding.domain.people import Hire, HireState, Role
from onboarding.domain.preferences import COFFEE, ROLES
from onboarding.ports import Books
from onboarding.services import lacking, loads
from onboarding.services.casting import LIVE
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.loads import Load
from onboarding.services.matches import Named, named
from onboarding.services.round_measures import CoffeeMeasure, measure_rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class KindMeasure:
    """The meetings of one kind; `title` is that of its step, or its key when no journey has it any more."""

    kind: str
    title: str
    meetings: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeMeasure:
    """The meetings of newcomers to which somebody came as what the programme is about, such as their buddy.

    A meeting with buddy and mentor counts in both programmes. Of `coffee` it is the coffees of the rounds.
    """

    programme: str
    meetings: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class BuddyMeasure:
    """A buddy: newcomers of the measured days, the meetings with them, and the load today, None without any."""

    buddy: Named
    newcomers: int
    meetings: Tally
    load: Load | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is counted over a group of newcomers; `started` of them have begun."""

    started: int
    meetings: Tally
    kinds: tuple[KindMeasure, ...]
    programmes: tuple[ProgrammeMeasure, ...]
    buddies: tuple[BuddyMeasure, ...]
    cohorts: tuple[Cohort, ...]
    buckets: tuple[Bucket, ...]
    first_meeting: FirstMeeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Everything that is counted.

    `newcomers` are the active hires with a first day in `first`..`last` (None leaves one open), `withdrawn` those
    who are not coming: their meetings are counted nowhere. A range with a small group is a cohort like any other:
    `newcomers` is then "fewer than 5", and nothing more is told. `lacking` tells for each role how many newcomers
    have nobody today, whenever they began. `coffee` counts the coffee rounds that begin in the same days, in which
    everybody may take part: newcomers are told apart only in its cohorts.
    """

    first: date | None
    last: date | None
    newcomers: int | str
    withdrawn: int
    counted: Counted | None
    lacking: Mapping[str, int]
    coffee: CoffeeMeasure


def measure(engine: Engine, now: datetime, *, first: date | None = None, last: date | None = None) -> Measures:
    """Count the meetings of the hires with a first day in first..last, both included.

    Raises:
        BadRecord: the last day lies before the first.
        BadWords: a journey cannot be read.
    """
    if first is not None and last is not None and last < first:
        raise BadRecord(f"the last day lies before the first: {last} is earlier than {first}")
    with engine.store.read() as books:
        return _measures(read(engine, books, first, last, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is counted: the active hires of the range with their newcomers and meetings, by hire."""

    engine: Engine
    books: Books
    directory: Directory
    now: datetime
    first: date | None
    last: date | None
    withdrawn: int
    journeys: Mapping[str, Journey]
    newcomers: Sequence[Newcomer]
    met: Mapping[str, Sequence[Met]]


def read(engine: Engine, books: Books, first: date | None, last: date | None, now: datetime) -> Known:
    """Read the hires of a range with their meetings, once for all of them. Raises BadWords."""
    directory = Directory(books)
    directory.everybody()
    hires = books.hires.find(first_day_from=first, first_day_to=last)
    active = {hire.id: hire for hire in hires if hire.state is HireState.ACTIVE}
    journeys = {name: engine.words.journey(name) for name in sorted({hire.journey for hire in active.values()})}
    found = [one for one in books.meetings.of_cohort(first, last) if one.hire_id in active]
    meetings = [one for one in found if one.state is not MeetingState.ENDED]  # given up before it was a meeting
    follows = {name: held.follows(journey) for name, journey in journeys.items()}
    said = held.answers_about(
        meetings,
        books.asks.of_cohort(held.forms(journeys.values()), first, last),
        {hire.id: follows[hire.journey] for hire in active.values()},
    )
    written: dict[str, list[tuple[Ask, Answer | None]]] = defaultdict(list)
    for ask, answer in books.asks.of_cohort({EXCHANGE}, first, last):
        written[ask.hire_id].append((ask, answer))
    met: dict[str, list[Met]] = defaultdict(list)
    for one in meetings:
        wrote = both_wrote(one, written[one.hire_id]) if one.state is MeetingState.EXCHANGED else None
        met[one.hire_id].append(_met(one, said.get(one.id, ()), wrote, directory, now))
    return Known(
        engine=engine,
        books=books,
        directory=directory,
        now=now,
        first=first,
        last=last,
        withdrawn=len(hires) - len(active),
        journeys=journeys,
        newcomers=_newcomers(books.pairings.of_cohort(Role.BUDDY, first, last), active, met, now.date()),
        met=met,
    )


def _met(
    meeting: Meeting, said: Collection[str], wrote: datetime | None, directory: Directory, now: datetime
) -> Met:
    person = directory.get(meeting.hire_id)
    zone = ZoneInfo(person.time_zone) if person else UTC
    return Met(
        hire_id=meeting.hire_id,
        kind=meeting.step,
        people=meeting.people,
        day=meeting.starts_at.astimezone(zone).date(),
        became=held.became(meeting, said, now),
        wrote=wrote.astimezone(zone).date() if wrote else None,
    )


def _newcomers(
    pairings: Sequence[Pairing], active: Mapping[str, Hire], met: Mapping[str, Sequence[Met]], today: date
) -> list[Newcomer]:
    """The hires to count; who was replaced as their buddy before any meeting was never one."""
    buddies: dict[str, set[str]] = defaultdict(set)
    for one in pairings:
        if one.hire_id in active:
            meetings = (each for each in met.get(one.hire_id, ()) if each.became is not Became.CANCELLED)
            if one.state in LIVE or any(one.person_id in each.people for each in meetings):
                buddies[one.hire_id].add(one.person_id)
    return [
        Newcomer(
            id=hire.id,
            first_day=hire.first_day,
            started=hire.first_day <= today,
            buddies=frozenset(buddies.get(hire.id, ())),
        )
        for hire in active.values()
    ]


def _measures(known: Known) -> Measures:
    nobody = lacking.find(known.engine, known.books, known.directory, known.now)
    in_range = known.first is not None or known.last is not None
    small = in_range and 0 < len(known.newcomers) < measures.SMALL
    coffee = measure_rounds(known.books, known.newcomers, known.now, first=known.first, last=known.last)
    return Measures(
        first=known.first,
        last=known.last,
        newcomers=measures.FEWER if small else len(known.newcomers),
        withdrawn=known.withdrawn,
        counted=None if small else _counted(known, coffee),
        coffee=coffee,
        lacking=dict(sorted(Counter(one.role for one in nobody).items())),
    )


def _counted(known: Known, coffee: CoffeeMeasure) -> Counted:
    everything = [one for theirs in known.met.values() for one in theirs]
    return Counted(
        started=sum(one.started for one in known.newcomers),
        meetings=measures.tally(everything),
        kinds=tuple(_kinds(everything, known.journeys)),
        programmes=(
            ProgrammeMeasure(programme=COFFEE, meetings=coffee.coffees),
            *_programmes(everything, known.journeys),
        ),
        buddies=tuple(_buddies(known)),
        cohorts=tuple(measures.by_month(known.newcomers, known.met)),
        buckets=tuple(measures.buckets(known.newcomers, known.met)),
        first_meeting=measures.first_meeting(known.newcomers, known.met),
    )


def _kinds(met: Sequence[Met], journeys: Mapping[str, Journey]) -> Iterator[KindMeasure]:
    """In the order of the journeys; what no journey has any more comes last."""
    steps = [step for journey in journeys.values() for step in journey.steps]
    titles = {step.key: step.title for step in reversed(steps)}
    found = measures.by_kind(met)
    in_order = dict.fromkeys([*(step.key for step in steps if step.key in found), *sorted(found)])
    for kind in in_order:
        yield KindMeasure(kind=kind, title=titles.get(kind, kind), meetings=found[kind])


def _programmes(met: Sequence[Met], journeys: Mapping[str, Journey]) -> Iterator[ProgrammeMeasure]:
    """Every role for which colleagues are chosen, with the meetings that the journeys arrange for it."""
    steps = [step for journey in journeys.values() for step in journey.steps if step.verb is Verb.MEET]
    for role in ROLES:
        kinds = {step.key for step in steps if role in step.roles}
        yield ProgrammeMeasure(
            programme=role.value, meetings=measures.tally(one for one in met if one.kind in kinds)
        )


def _buddies(known: Known) -> Iterator[BuddyMeasure]:
    today = loads.of_roles(known.engine, known.books, known.directory, known.now, {Role.BUDDY})
    of_person = {one.person.id: one for one in today}
    for one in measures.by_buddy(known.newcomers, known.met):
        yield BuddyMeasure(
            buddy=named(known.directory, one.person_id),
            newcomers=one.newcomers,
            meetings=one.meetings,
            load=of_person.get(one.person_id),
        )
