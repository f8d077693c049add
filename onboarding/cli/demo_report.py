"""What came of the demo? Counted from the ledger, the outbox and Prefect; problems are looked for, not assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from onboarding.cli.demo_world import ROUNDS
from onboarding.domain.coffee import name_of
from onboarding.domain.delivery import GONE, Delivery, State
from onboarding.domain.journey import ESCALATED, REMINDER, SILENCE
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.services import matches, round_shown, timeline
from onboarding.services.engine import Engine
from onboarding.services.round_shown import ShownRound

HIRES = 3
MEETINGS = 4
"""Meetings with a buddy or a partner that everybody has within 90 days, at least."""

TRIO = 3
"""An odd number of people says yes to coffee: three of them share a table."""

MOST_ROUNDS = 100

COFFEES = frozenset({"first_coffee", "partner_coffee", "buddy_coffee"})
ALERTS = {
    "low_30": "the newcomer in Chicago is unhappy at day 30",
    "it_overdue": "IT has not sent the laptop to the newcomer in Chicago",
}
"""What HR must hear of, by which step."""

ESCALATION = "low_60"
"""The newcomer in Berlin has fallen at day 60, and the first human who is told does not take care of it."""

AFTERWARDS = {REMINDER: " (reminder)", SILENCE: " (without an answer)", ESCALATED: " (nobody took care in time)"}

TAKES_PLACE = frozenset({MeetingState.PLANNED, MeetingState.EXCHANGED})

BROKEN = ["FAILED", "CRASHED", "CANCELLED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `onboarding demo --json` prints.

    `planned` counts all that was ever planned, whatever became of it. `matches` say of each newcomer and role who
    was chosen and why, `coffee` of each round who met whom and why, and who had no coffee and why. `exchanges` are
    in the place of meetings: people who share no working hour write instead.
    """

    hires: int
    planned: int
    sent: int
    skipped: int
    meetings: int
    exchanges: int
    answers: int
    outbox: int
    prefect_runs: int
    problems: list[str]
    matches: list[ChosenFor]
    coffee: list[ShownRound]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFor:
    """One role of a newcomer at the end: whom they have, and what spoke for them; or why nobody."""

    newcomer: str
    role: str
    people: list[str]
    reasons: str
    gave_way: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the ledger holds at the end; the meetings are those that took place, in a call or in writing."""

    hires: list[str]
    deliveries: list[Delivery]
    meetings: list[Meeting]
    answers: int
    rounds: list[ShownRound]


def report(engine: Engine, api: str, outbox: Path, until: datetime, problems: Sequence[str]) -> Report:
    """Count and look; `problems` are those that showed on the way, `until` is how far the walk went (UTC)."""
    held = remembered(engine)
    mails = len(list(outbox.glob("*.eml")))
    with httpx.Client(base_url=api, timeout=20) as prefect:
        completed = count_runs(prefect, {"state": {"type": {"any_": ["COMPLETED"]}}})
        found = [*problems, *in_held(held, until, mails), *in_prefect(prefect)]
    return Report(
        hires=len(held.hires),
        planned=len(held.deliveries),
        sent=sum(one.state in GONE for one in held.deliveries),
        skipped=sum(one.state is State.SKIPPED for one in held.deliveries),
        meetings=sum(one.state is MeetingState.PLANNED for one in held.meetings),
        exchanges=sum(one.state is MeetingState.EXCHANGED for one in held.meetings),
        answers=held.answers,
        outbox=mails,
        prefect_runs=completed,
        problems=found,
        matches=chosen_for(engine, until),
        coffee=held.rounds,
    )


def in_a_sentence(found: Report) -> str:
    """The figures for people."""
    coffees = sum(len(one.tables) for one in found.coffee)
    instead = f" and {found.exchanges} in writing" if found.exchanges else ""
    return (
        f"{found.hires} newcomers, {found.planned} deliveries: {found.sent} mails sent, {found.skipped} skipped "
        f"with a reason; {found.meetings} meetings{instead}, {coffees} of them in coffee rounds, "
        f"{found.answers} answers, "
        f"{found.prefect_runs} Prefect runs."
    )


def remembered(engine: Engine) -> Remembered:
    """Read everything about the hires and the coffee rounds."""
    hires = [line.id for line in timeline.hires(engine)]
    with engine.store.read() as books:
        days = sorted(one.day for one in books.coffee.newest(MOST_ROUNDS))
        names = [*hires, *map(name_of, days)]
        meetings = [one for name in names for one in books.meetings.of_hire(name)]
        deliveries = [one for name in names for one in books.deliveries.of_hire(name)]
        answers = books.asks.count_answers()
    return Remembered(
        hires=hires,
        deliveries=deliveries,
        meetings=[one for one in meetings if one.state in TAKES_PLACE],
        answers=answers,
        rounds=[round_shown.show(engine, day) for day in days],
    )


def rows(engine: Engine) -> list[tuple[str, str, str, str, str]]:
    """The table: hire, step, local time of the recipient, to whom, state with its reason."""
    found = []
    for line in timeline.hires(engine):
        for one in timeline.timeline(engine, line.id).rows:
            again = next((said for suffix, said in AFTERWARDS.items() if one.occasion.endswith(suffix)), "")
            to = f"{one.person_name} ({one.role.replace('_', ' ')})" if one.person_name else one.role
            state = f"{one.state}: {one.reason}" if one.state is not State.SENT and one.reason else str(one.state)
            found.append((line.name, one.title + again, one.local_time, to, state))
    return found


def chosen_for(engine: Engine, now: datetime) -> list[ChosenFor]:
    """Everybody around each newcomer: one for each role on each occasion."""
    around = [matches.matches(engine, line.id, now) for line in timeline.hires(engine)]
    return [_chosen_for(hire.name, one) for hire in around for one in hire.roles]


def _chosen_for(newcomer: str, one: matches.RoleMatch) -> ChosenFor:
    week = one.occasion.replace("week-", ", week ") if one.occasion != "once" else ""
    return ChosenFor(
        newcomer=newcomer,
        role=one.role.replace("_", " ") + week,
        people=[chosen.person.name for chosen in one.now],
        reasons="; ".join(dict.fromkeys(chosen.reasons for chosen in one.now)) or one.why_empty,
        gave_way=[f"{was.person.name} ({was.became})" for was in one.before],
    )


def reasons_for(found: Report) -> list[tuple[str, str, str, str]]:
    """The second table: newcomer, role, who it is, and why they."""
    return [
        (one.newcomer, one.role, ", ".join(one.people) or "nobody", "; ".join([one.reasons, *_before(one)]))
        for one in found.matches
    ]


def _before(one: ChosenFor) -> list[str]:
    return [f"before: {', '.join(one.gave_way)}"] if one.gave_way else []


def coffees(found: Report) -> list[tuple[str, str, str, str]]:
    """The third table: the week, who sat together and why, or who had no coffee and why, and whether they met."""
    return [row for one in found.coffee for row in of_round(one)]


def of_round(one: ShownRound) -> Iterator[tuple[str, str, str, str]]:
    """The rows of one round."""
    for table in one.tables:
        said = ", ".join(answer or "no answer" for answer in table.said)
        yield str(one.day), ", ".join(person.name for person in table.people), table.reasons, said
    for person, why in one.left_out:
        yield str(one.day), f"{person.name}: no coffee", why, ""


def in_held(held: Remembered, until: datetime, mails: int) -> list[str]:
    """Everything that is wrong with what is remembered, and with so many mails."""
    return [*in_ledger(held, until), *in_rounds(held), *in_outbox(held, mails)]


def in_ledger(held: Remembered, until: datetime) -> Iterator[str]:
    """What should not stand in the ledger, or should and does not."""
    if len(held.hires) != HIRES:
        yield f"{len(held.hires)} hires were enrolled instead of {HIRES}"
    for one in held.deliveries:
        if one.state in (State.FAILED, State.UNKNOWN, State.BOUNCED, State.CLAIMED, State.SENDING):
            yield f"{one.key} is {one.state}: {one.reason or 'no reason given'}"
        elif one.state is State.PLANNED and one.due_at <= until:
            yield f"{one.key} was due and is still planned"
        elif one.state in (State.SKIPPED, State.WITHDRAWN) and not one.reason:
            yield f"{one.key} is {one.state} without a reason"
    for hire in held.hires:
        coffees = sum(one.hire_id == hire and one.step in COFFEES for one in held.meetings)
        if coffees < MEETINGS:
            yield f"{hire} has {coffees} meetings with buddy or partners instead of at least {MEETINGS}"
    yield from in_alerts(held)
    if held.answers == 0:
        yield "nobody answered anything"


def in_alerts(held: Remembered) -> Iterator[str]:
    """What nobody hears of, or too many do."""
    told = [one for one in held.deliveries if one.state is State.SENT]
    steps = {one.step for one in told}
    yield from (f"nobody was told that {what}" for step, what in ALERTS.items() if step not in steps)
    if [one.step for one in told if one.occasion.endswith(ESCALATED)] != [ESCALATION]:
        yield "not exactly one answer of which nobody took care was told to a second human"


def in_rounds(held: Remembered) -> Iterator[str]:
    """Coffee rounds that show less than they should."""
    if len(held.rounds) != ROUNDS:
        yield f"{len(held.rounds)} coffee rounds were announced instead of {ROUNDS}"
    if not any(len(table.people) == TRIO for one in held.rounds for table in one.tables):
        yield "no three people had coffee together"
    if not all(why for one in held.rounds for _, why in one.left_out):
        yield "somebody had no coffee without a reason"


def in_outbox(held: Remembered, mails: int) -> Iterator[str]:
    """Each sent delivery is one mail."""
    sent = sum(one.state is State.SENT for one in held.deliveries)
    if sent != mails:
        yield f"{sent} deliveries are sent, and {mails} mails lie in the outbox"


def in_prefect(prefect: httpx.Client) -> Iterator[str]:
    """Runs that broke, an enrolment that no alarm started, and coffee rounds that no run announced."""
    for run in prefect.post("/flow_runs/filter", json=_runs({"state": {"type": {"any_": BROKEN}}})).json():
        yield f"the Prefect run {run['name']} ended as {run['state_name']}: {run['state']['message']}"
    by_runner = _runs({"state": {"type": {"any_": ["COMPLETED"]}}, "deployment_id": {"is_null_": False}})
    enrolment = {"flows": {"name": {"any_": ["enroll-hires"]}}}
    enrolled = prefect.post("/flow_runs/filter", json=by_runner | enrolment).json()
    if not any(not run["auto_scheduled"] for run in enrolled):
        yield "no alarm made the runner enrol the newcomers"
    announced = {"flows": {"name": {"any_": ["coffee-round"]}}}
    completed = _runs({"state": {"type": {"any_": ["COMPLETED"]}}})
    if not prefect.post("/flow_runs/filter", json=completed | announced).json():
        yield "no run announced a coffee round"


def count_runs(prefect: httpx.Client, wanted: dict[str, Any]) -> int:
    """How many flow runs there are of a kind."""
    return int(prefect.post("/flow_runs/count", json={"flow_runs": wanted}).json())


def _runs(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"flow_runs": wanted, "limit": 50}
