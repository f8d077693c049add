"""What happened to a hire, and what is still to come?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain.delivery import Delivery, State, Transition, Why
from onboarding.domain.exchange import stage
from onboarding.domain.lists import stage as step_of_list
from onboarding.domain.meetings import Meeting, Pairing
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books
from onboarding.services import escalating, named_humans
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.hiring import known_hire
from onboarding.services.todos import ListState, states

ANSWERED, BEGUN = "answered", "begun, not sent"
"""Where a question stands that somebody opened and wrote into."""

GOING_OUT = frozenset({State.SENT, State.DELIVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One delivery for people: `local_time` is the recipient's, `settled_at` when it ended (UTC).

    `answer` tells of a question whether it was answered, or begun and not sent; what was written HR reads
    elsewhere, and of a draft nowhere.
    """

    key: str
    number: int
    step: str
    title: str
    verb: str
    role: str
    person_id: str
    person_name: str
    occasion: str
    due_at: datetime
    local_time: str
    state: State
    why: Why
    reason: str
    settled_at: datetime | None
    history: tuple[Transition, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineAlert:
    """A human was told that a hire needs them: of what, and where it stands in one sentence, in HR's hours.

    `number` is what `review take` takes. `told` and `told_then` are the names of the two humans as HR's file has
    them now, the second one "" before nobody took care in time; `taken_by` is "" as long as nobody does. Moments
    are UTC.
    """

    number: int
    step: str
    title: str
    stand: escalating.Stand
    text: str
    told: str
    told_at: datetime
    told_then: str
    escalated_at: datetime | None
    taken_by: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Everything about one hire."""

    hire: Hire
    person: Person
    rows: tuple[TimelineRow, ...]
    pairings: tuple[Pairing, ...]
    meetings: tuple[Meeting, ...]
    answered: tuple[str, ...]
    alerts: tuple[TimelineAlert, ...]
    lists: tuple[ListState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HireLine:
    """One hire in a list, with how many deliveries stand where."""

    id: str
    name: str
    first_day: date
    state: HireState
    planned: int
    sent: int
    skipped: int
    trouble: int


def timeline(engine: Engine, hire_id: str, now: datetime | None = None) -> Timeline:
    """The whole story of a hire, in the order of due moments; with `now` also how their lists to do stand then.

    Raises:
        NotFound: no such hire.
    """
    with engine.store.read() as books:
        hire = known_hire(books, hire_id)
        directory = Directory(books)
        person = directory.get(hire_id) or Person(id=hire_id, first_name=hire_id)
        titles = {step.key: step.title for step in engine.words.journey(hire.journey).steps}
        said = _said(books, hire_id)
        rows = [_row(engine, books, directory, titles, one, said) for one in books.deliveries.of_hire(hire_id)]
        return Timeline(
            hire=hire,
            person=person,
            rows=tuple(rows),
            pairings=tuple(books.pairings.of_hire(hire_id)),
            meetings=tuple(books.meetings.of_hire(hire_id)),
            answered=tuple(sorted(books.asks.answers_of_hire(hire_id))),
            lists=tuple(states(engine, books, directory, hire, now)) if now else (),
            alerts=tuple(
                _alert(engine, directory, person, titles, one) for one in escalating.alerts_of(books, hire_id)
            ),
        )


def _said(books: Books, hire_id: str) -> dict[str, str]:
    """Where each question stands that somebody began to answer, by the key of its delivery."""
    return dict.fromkeys(books.asks.begun_of_hire(hire_id), BEGUN) | dict.fromkeys(
        books.asks.answers_of_hire(hire_id), ANSWERED
    )


def _row(
    engine: Engine,
    books: Books,
    directory: Directory,
    titles: dict[str, str],
    delivery: Delivery,
    said: dict[str, str],
) -> TimelineRow:
    person = named_humans.recipient(engine, directory, delivery)
    zone = person.time_zone if person else "UTC"
    return TimelineRow(
        key=delivery.key,
        number=delivery.number,
        step=delivery.step,
        title=titles.get(delivery.step, delivery.step)
        + stage(delivery.occasion)
        + step_of_list(delivery.occasion),
        verb=delivery.verb,
        role=delivery.role,
        person_id=delivery.person_id,
        person_name=person.name if person else "",
        occasion=delivery.occasion,
        due_at=delivery.due_at,
        local_time=moment_in_words(delivery.due_at, zone, "en"),
        state=delivery.state,
        why=delivery.why,
        reason=delivery.reason,
        settled_at=delivery.settled_at,
        history=tuple(books.deliveries.history(delivery.key)),
        answer=said.get(delivery.key, ""),
    )


def _alert(
    engine: Engine, directory: Directory, person: Person, titles: dict[str, str], alert: escalating.Alert
) -> TimelineAlert:
    def when(moment: datetime) -> str:
        return moment_in_words(moment, engine.company.time_zone, "en")

    said = [] if alert.stand is escalating.Stand.WAITS else [f"told on {when(alert.told_at)}"]
    if alert.escalated_at is not None:
        other = named_humans.is_somebody_else(engine, directory, person)
        so = "somebody else was told" if other else "the same address was told again"
        said.append(f"nobody took care in time, so {so} on {when(alert.escalated_at)}")
    if alert.taken_at is not None:
        said.append(f"taken by {alert.taken_by} on {when(alert.taken_at)}")
    elif alert.stand is escalating.Stand.REFUSED:
        said.append("whoever was told cannot take care of it")
    escalated = alert.escalated_at is not None
    return TimelineAlert(
        number=alert.number,
        step=alert.step,
        title=titles.get(alert.step, alert.step),
        stand=alert.stand,
        text="; ".join(said) or "its mail has not left",
        told=named_humans.first(engine, directory, person).name,
        told_at=alert.told_at,
        told_then=named_humans.second(engine, directory, person).name if escalated else "",
        escalated_at=alert.escalated_at,
        taken_by=alert.taken_by,
        taken_at=alert.taken_at,
    )


def hires(engine: Engine) -> list[HireLine]:
    """All hires by first day."""
    with engine.store.read() as books:
        directory = Directory(books)
        return [_line(books, directory, hire) for hire in books.hires.find()]


def _line(books: Books, directory: Directory, hire: Hire) -> HireLine:
    counts = Counter(one.state for one in books.deliveries.of_hire(hire.id))
    person = directory.get(hire.id)
    return HireLine(
        id=hire.id,
        name=person.name if person else hire.id,
        first_day=hire.first_day,
        state=hire.state,
        planned=counts[State.PLANNED],
        sent=sum(counts[state] for state in GOING_OUT),
        skipped=counts[State.SKIPPED],
        trouble=counts[State.FAILED] + counts[State.UNKNOWN] + counts[State.BOUNCED],
    )
