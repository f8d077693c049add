"""Who was chosen for a hire and why, what did they say, who was asked before, and why is a role empty?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from onboarding.domain import conditions
from onboarding.domain.cast import NOBODY, Cast
from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.fields import FORM_FIELDS, nothing
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.journey import Journey
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.wanted import Wanted, Wants, declining
from onboarding.ports import Books
from onboarding.services.casting import JOURNEY_LENGTH, LIVE, cast_of
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.hiring import known_hire
from onboarding.services.work_partners import named_partner

WHY_NOT = "why_not"
"""The key of the question why somebody would rather not have a role."""

NAMED = "named"
"""The state of a person whom nobody had to choose: the record or an answer names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person as people know them; `here` is false for who has left or is not in the directory."""

    id: str
    name: str
    here: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody said when they were asked for a yes.

    `said` is "yes", "no", "" while they may still answer, and "silent" when the question closed unanswered.
    `why_not` is the reason that they gave for a no, in words; it is for HR alone.
    """

    said: str
    at: datetime
    closes_at: datetime
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Somebody who has, or had, a role.

    `state` is a PairingState, or `named`; `since` its moment (UTC), None when nobody noted it. `became` says in
    words why they have the role no more. `instead` took the place.
    """

    person: Named
    state: str
    since: datetime | None
    reasons: str
    alternatives: tuple[Named, ...] = ()
    asked: Asked | None = None
    became: str = ""
    instead: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMatch:
    """One role on one occasion: who has it, why too few do, and who had it before, oldest first."""

    role: str
    occasion: str
    how_many: int
    now: tuple[Chosen, ...]
    why_empty: str
    before: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Everybody around one hire."""

    hire_id: str
    name: str
    first_day: date
    state: HireState
    roles: tuple[RoleMatch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that is remembered of one hire's people."""

    hire: Hire
    person: Person
    journey: Journey
    directory: Directory
    manager: Person | None
    pairings: Sequence[Pairing]
    ledger: Sequence[Delivery]
    cast: Cast
    answers: Mapping[str, Answer]
    asked: Mapping[tuple[str, str, str], Asked]
    today: date


def matches(engine: Engine, hire_id: str, now: datetime) -> Matches:
    """Every role of a hire, in the order of the journey; what a journey no longer has comes last.

    Raises:
        NotFound: no such hire.
        BadWords: the hire's journey cannot be read.
    """
    with engine.store.read() as books:
        known = _known(engine, books, known_hire(books, hire_id), now)
        wants = [*Wants(known.journey).of(known.person)]
        places = {(one.role, one.occasion) for one in wants}
        former = dict.fromkeys((one.role, one.occasion) for one in known.pairings)
        wants += [Wanted(role=role, occasion=on, how_many=0) for role, on in former if (role, on) not in places]
        return Matches(
            hire_id=hire_id,
            name=known.person.name,
            first_day=known.hire.first_day,
            state=known.hire.state,
            roles=tuple(_role(known, one) for one in wants),
        )


def _known(engine: Engine, books: Books, hire: Hire, now: datetime) -> _Known:
    directory = Directory(books)
    person = directory.get(hire.id) or Person(id=hire.id, first_name=hire.id)
    manager = directory.manager_of(person)
    if manager is not None:
        person = replace(person, manager_id=manager.id)  # a record may name the manager by e-mail only
    journey = engine.words.journey(hire.journey)
    pairings = books.pairings.of_hire(hire.id)
    answers = books.asks.answers_of_hire(hire.id)
    ledger = books.deliveries.of_hire(hire.id)
    partner = named_partner(directory, hire, answers, ledger)
    return _Known(
        hire=hire,
        person=person,
        journey=journey,
        directory=directory,
        manager=manager,
        pairings=pairings,
        ledger=ledger,
        cast=cast_of(engine.company, directory, person, pairings, partner, {}),
        answers=answers,
        asked=_asked(engine, books.asks.of_hire(hire.id), answers, declining(journey), now),
        today=now.date(),
    )


def _asked(
    engine: Engine, asks: Sequence[Ask], answers: Mapping[str, Answer], declines: Mapping[str, str], now: datetime
) -> dict[tuple[str, str, str], Asked]:
    """What people said to a role, by (role, occasion, person)."""
    found: dict[tuple[str, str, str], Asked] = {}
    for ask in asks:
        if ask.step not in declines:
            continue
        answer, why_not = answers.get(ask.id), ""
        if answer is None:
            said, at = "silent" if now >= ask.closes_at else "", ask.opened_at
        else:
            no = conditions.holds_text(declines[ask.step], {"answer": answer.values})
            said, at = "no" if no else "yes", answer.answered_at
            why_not = _why_not(engine, ask, answer) if no else ""
        found[ask.role, ask.occasion, ask.person_id] = Asked(
            said=said, at=at, closes_at=ask.closes_at, why_not=why_not
        )
    return found


def _why_not(engine: Engine, ask: Ask, answer: Answer) -> str:
    """The reason of a no in words; "" for none, or when the form does not ask for it any more."""
    try:
        form = engine.words.form(ask.form, engine.company.hr.language, nothing(FORM_FIELDS))
    except BadWords:
        return ""
    return next((one.shown(answer.values.get(WHY_NOT)) for one in form.questions if one.key == WHY_NOT), "")


def _role(known: _Known, want: Wanted) -> RoleMatch:
    mine = [one for one in known.pairings if (one.role, one.occasion) == (want.role, want.occasion)]
    active = known.hire.state is HireState.ACTIVE
    live = [_now(known, want, one) for one in mine if active and one.state in LIVE]
    if active and not want.step and want.how_many:
        live += _named(known, want, {one.person.id for one in live})
    gone = [one for one in mine if not (active and one.state in LIVE)]
    return RoleMatch(
        role=want.role,
        occasion=want.occasion,
        how_many=want.how_many,
        now=tuple(live),
        why_empty=_why_empty(known, want) if active and len(live) < want.how_many else "",
        before=tuple(_before(known, want, gone, mine)),
    )


def _now(known: _Known, want: Wanted, pairing: Pairing) -> Chosen:
    since = pairing.made_at
    if pairing.state is PairingState.ANNOUNCED:
        told = (
            one.settled_at
            for one in known.ledger
            if (one.step, one.occasion, one.state) == (want.step, want.occasion, State.DONE) and one.settled_at
        )
        since = max(since, *told, since)
    return _chosen(known, pairing, state=pairing.state, since=since)


def _named(known: _Known, want: Wanted, there: set[str]) -> Iterator[Chosen]:
    """Who has a role that no step matches: the manager of the record, or whom an answer named."""
    for person_id in known.cast.ids(want.role, want.occasion):
        if person_id not in there:
            told = [one.answered_at for one in known.answers.values() if one.values.get(want.role) == person_id]
            yield Chosen(
                person=named(known.directory, person_id),
                state=NAMED,
                since=min(told, default=None),
                reasons="an answer names them" if told else "the record names them",
            )


def _before(
    known: _Known, want: Wanted, gone: Sequence[Pairing], everybody: Sequence[Pairing]
) -> Iterator[Chosen]:
    """Who had the role before; where it has one place, the next in time took it."""
    in_turn = sorted(everybody, key=lambda one: (one.made_at, one.state in LIVE))
    for pairing in sorted(gone, key=lambda one: (one.made_at, one.person_id)):
        later = in_turn[in_turn.index(pairing) + 1 :] if want.how_many == 1 else []
        withdrawn = pairing.state in LIVE
        chosen = _chosen(
            known,
            pairing,
            state=PairingState.ENDED if withdrawn else pairing.state,
            since=known.hire.told_at if withdrawn else pairing.made_at,
        )
        instead = named(known.directory, later[0].person_id) if later and not withdrawn else None
        yield replace(chosen, became=_became(known, pairing, chosen), instead=instead)


def _became(known: _Known, pairing: Pairing, chosen: Chosen) -> str:
    """Why somebody has a role no more, in words; what can be told from what is known today."""
    person = known.directory.get(pairing.person_id)
    silent = pairing.state is PairingState.SILENT or (
        chosen.asked is not None and chosen.asked.said == "silent" and pairing.state is PairingState.ENDED
    )
    reasons = (
        ("the newcomer is not coming", pairing.state in LIVE),
        ("declined", pairing.state is PairingState.DECLINED),
        ("a human chose somebody else", pairing.state is PairingState.SWAPPED),
        ("gave way before anybody was told", pairing.state is PairingState.REPLACED),
        ("is not in the directory any more", person is None),
        ("has left the company", person is not None and not person.active),
        ("is the newcomer's manager", known.manager is not None and pairing.person_id == known.manager.id),
        ("did not answer", silent),
        ("takes no such roles any more", person is not None and person.opted_out),
    )
    return next((words for words, holds in reasons if holds), "was replaced")


def _chosen(known: _Known, pairing: Pairing, *, state: PairingState, since: datetime) -> Chosen:
    return Chosen(
        person=named(known.directory, pairing.person_id),
        state=state.value,
        since=since,
        reasons=pairing.reasons,
        alternatives=tuple(named(known.directory, one) for one in pairing.alternatives),
        asked=known.asked.get((pairing.role, pairing.occasion, pairing.person_id)),
    )


def named(directory: Directory, person_id: str) -> Named:
    """A person by name; the id stands in for who is not in the directory."""
    person = directory.get(person_id)
    return Named(
        id=person_id, name=person.name if person else person_id, here=person is not None and person.active
    )


def _why_empty(known: _Known, want: Wanted) -> str:
    """Why too few have a role: what the plan said last, else what is known."""
    said = [one for one in known.ledger if is_about(one, want.role, want.step, want.occasion)]
    if said:
        return max(said, key=lambda one: (one.settled_at or one.due_at, one.number)).reason
    if known.hire.first_day + JOURNEY_LENGTH < known.today:
        return "the journey is over: nobody is chosen any more"
    return known.cast.why_nobody(want.role)


def is_about(delivery: Delivery, role: str, step: str, occasion: str) -> bool:
    """Whether a delivery was skipped because nobody has this role on this occasion."""
    if delivery.state is not State.SKIPPED or delivery.why is not Why.NOBODY:
        return False
    matched = bool(step) and delivery.step == step
    to_nobody = (delivery.role, delivery.person_id) == (role, NOBODY)
    return (matched or to_nobody) and (delivery.occasion.partition(".")[0] == occasion or occasion == "once")
