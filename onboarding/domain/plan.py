"""Which deliveries does a journey mean for one hire?

`plan` turns facts into wishes with their nominal moments; it knows no clock. `domain.amend` compares them with the
ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from onboarding.domain import lists
from onboarding.domain.calendars import Calendar, day_of_step
from onboarding.domain.cast import NOBODY
from onboarding.domain.delivery import Planned, Why
from onboarding.domain.exchange import INSTEAD, Part, exchange_of, question_occasion, wishes
from onboarding.domain.facts import Facts, applies
from onboarding.domain.journey import (
    AGAIN,
    ANEW,
    ESCALATED,
    MORE,
    NEXT,
    REMINDER,
    SILENCE,
    UPDATE,
    Journey,
    Step,
    Verb,
)
from onboarding.domain.meetings import Meeting, MeetingState, meeting_of
from onboarding.domain.once_a_day import spread
from onboarding.domain.people import HireState, Role

NEVER_PUT = datetime.min.replace(tzinfo=UTC)
"""Since when nobody waits for the answer to a question that the journey does not put to this hire."""


def plan(journey: Journey, facts: Facts) -> list[Planned]:
    """Every delivery that the journey means for this hire, with its nominal moment.

    A withdrawn hire keeps only the cancellations of meetings that somebody was invited to.
    """
    wishes: list[Planned] = []
    if facts.hire.state is HireState.ACTIVE:
        for step in journey.steps:
            for occasion in step.occasions:
                wishes.extend(_of_step(journey, step, occasion, facts))
        wishes = spread(journey, wishes, facts.asked, facts.calendar_of_wish)
    wishes.extend(_meeting_updates(facts))
    return wishes


def nominal(journey: Journey, step: Step, occasion: str, calendar: Calendar, facts: Facts) -> datetime:
    """The moment (UTC) at which a step falls due for somebody with this calendar."""
    if step.after:
        met = meeting_of(facts.meetings, step.after, occasion)
        followed = journey.step(step.after)
        if met is None and followed is not None:
            last = calendar.add(nominal(journey, followed, occasion, calendar, facts), followed.within)
        else:
            last = met.ends_at if met else calendar.moment(facts.hire.first_day, step.at)
        return calendar.at_work(calendar.working_day(calendar.day_of(last), step.day), step.at)
    week = int(occasion.removeprefix("week-")) if step.weeks else None
    day = day_of_step(step.day, step.count, facts.hire.first_day, calendar, week)
    return calendar.at_work(day, step.at)


def _of_step(journey: Journey, step: Step, occasion: str, facts: Facts) -> Iterator[Planned]:
    why, reason = _why_not(journey, step, occasion, facts)
    exchange = exchange_of(facts.meetings, step.key, occasion)
    if exchange is not None and not why:
        why, reason = Why.EXCHANGED, INSTEAD
        yield from wishes(step, exchange, parts_of(journey, step, exchange, facts))
    for role in step.roles:
        ids = facts.cast.ids(role, occasion)
        if not ids:
            yield _nobody(journey, step, occasion, role, facts)
        for person_id in ids:
            yield from _to_person(journey, step, occasion, role, person_id, facts, why, reason)


def parts_of(journey: Journey, step: Step, exchange: Meeting, facts: Facts) -> list[Part]:
    """Everybody in an exchange, with the moment of their form and of their answer."""
    parts: dict[str, Part] = {}
    for role in step.roles:
        for person_id in facts.cast.ids(role, exchange.occasion):
            if person_id in parts or person_id not in exchange.people:
                continue
            calendar = facts.offices.calendar_of(facts.cast.people[person_id])
            due = nominal(journey, step, exchange.occasion, calendar, facts)
            occasion = question_occasion(exchange, person_id)
            asked = facts.written.get(f"{facts.hire.id}/{step.key}/{role}/{person_id}/{occasion}")
            parts[person_id] = Part(
                role=role,
                person_id=person_id,
                calendar=calendar,
                opens_at=asked.opened_at if asked else max(due, calendar.next_working(exchange.starts_at)),
                answered_at=asked.answered_at if asked else None,
            )
    return list(parts.values())


def _to_person(
    journey: Journey, step: Step, occasion: str, role: Role, person_id: str, facts: Facts, why: Why, reason: str
) -> Iterator[Planned]:
    calendar = facts.calendar_of(step.verb, role, person_id)
    due = nominal(journey, step, occasion, calendar, facts)
    if step.tells_silence and step.watches in facts.closes:
        due = max(due, calendar.next_working(facts.closes[step.watches]))
    if (question := journey.step(step.waits_for)) is not None:
        due = max(due, _answered_by(journey, question, person_id, occasion, calendar, facts))
    again, since = _introduced_again(step, occasion, role, facts)
    if since is not None:
        due = max(due, calendar.next_working(since))
    wish = Planned(
        hire_id=facts.hire.id,
        step=step.key,
        verb=step.verb,
        role=role,
        person_id=person_id,
        occasion=occasion + again,
        due_at=due,
        grace_until=calendar.add(due, step.grace),
        why=why,
        reason=reason,
    )
    if step.tasks or step.tells_overdue:
        yield from _of_list(journey, step, wish, facts)
        return
    if step.verb is not Verb.ASK:
        yield wish
        for suffix, moments in ((ESCALATED, facts.untaken), (MORE, facts.more)):
            if wish.key in moments:
                later = moments[wish.key]
                grace = calendar.add(later, step.grace)
                yield replace(wish, occasion=occasion + suffix, due_at=later, grace_until=grace)
        return
    anew = _asked_anew(step, wish, facts)
    wish = replace(wish, occasion=occasion + anew)
    opened = facts.asked.get(wish.key, due) if anew else facts.opened.get((step.key, person_id, occasion), due)
    yield wish
    yield from _after_question(step, wish, calendar, opened)


def _answered_by(
    journey: Journey, question: Step, person_id: str, occasion: str, calendar: Calendar, facts: Facts
) -> datetime:
    """When nothing need wait any more for somebody's answer to an ask: they gave it, or it closes."""
    if not applies(question, facts.person):
        return NEVER_PUT
    occasion = question.occasion_with(occasion)
    whom = (question.key, person_id, occasion)
    if whom in facts.answered:
        return calendar.next_working(facts.answered[whom])
    opened = facts.opened.get(whom) or nominal(journey, question, occasion, calendar, facts)
    return calendar.next_working(calendar.add(opened, question.closes_after))


def _of_list(journey: Journey, step: Step, wish: Planned, facts: Facts) -> Iterator[Planned]:
    """A list with its next reminder; or the next time that a watch tells what of it is overdue."""
    after = facts.handled.get(wish.key)
    if step.tasks:
        yield wish
        todo = facts.todos.get((step.key, wish.occasion, wish.person_id))
        following = lists.reminder(step, wish, todo, after) if todo else None
    else:
        followed = journey.step(step.watches)
        ids = facts.cast.ids(followed.roles[0], wish.occasion) if followed else ()
        found = (facts.todos.get((step.watches, wish.occasion, one)) for one in ids)
        todo = next((one for one in found if one), None)
        reader = facts.offices.calendar_of(facts.cast.people[wish.person_id])
        following = lists.telling(step, wish, todo, reader, after) if todo else None
    if following is not None:
        yield following


def _asked_anew(step: Step, wish: Planned, facts: Facts) -> str:
    """The suffix for who was asked about a meeting that has had another time since: the question is put again."""
    met = meeting_of(facts.meetings, step.after, wish.occasion)
    asked = facts.asked.get(wish.key)
    if met is None or asked is None or asked >= met.ends_at:
        return ""
    return f"{ANEW}{met.sequence}"


def _after_question(step: Step, wish: Planned, calendar: Calendar, opened: datetime) -> Iterator[Planned]:
    """The reminder of a question, and the moment at which silence gives the role to somebody else."""
    if step.remind_after is not None:
        due = calendar.next_working(calendar.add(opened, step.remind_after))
        yield replace(
            wish, occasion=wish.occasion + REMINDER, due_at=due, grace_until=calendar.add(due, step.grace)
        )
    if step.silence == NEXT:
        due = calendar.add(opened, step.closes_after)
        yield replace(
            wish, occasion=wish.occasion + SILENCE, due_at=due, grace_until=calendar.add(due, step.grace)
        )


def _introduced_again(step: Step, occasion: str, role: Role, facts: Facts) -> tuple[str, datetime | None]:
    """The suffix for a hire who was introduced to somebody before, and since when there is another person.

    Whoever takes a place later than the introduction is introduced then, and the newcomer hears of it.
    """
    if step.verb is not Verb.WRITE or Role.HIRE not in step.roles:
        return "", None
    met = [one for one in step.roles if one in step.needs]
    found = [(at, one) for one in met if (at := _since(one, occasion, facts)) is not None]
    if not found:
        return "", None
    since, whom = max(found)
    before = facts.introduced.get((step.key, occasion))
    if role is Role.HIRE and before is not None and before < since:
        return f"{AGAIN}{facts.cast.ids(whom, occasion)[0]}", since
    return "", since


def _since(role: Role, occasion: str, facts: Facts) -> datetime | None:
    return facts.since.get((role, occasion)) or facts.since.get((role, "once"))


def _why_not(journey: Journey, step: Step, occasion: str, facts: Facts) -> tuple[Why, str]:
    """Why nobody gets anything of a step: for itself, or because the meeting it follows does not come about."""
    if not applies(step, facts.person):
        return Why.CONDITION, f"only for hires with {step.only_if}"
    if absent := _absent(step, occasion, facts):
        return Why.NOBODY, absent
    followed = journey.step(step.after)
    if followed is None or meeting_of(facts.meetings, followed.key, occasion):
        return Why.NONE, ""
    if exchange_of(facts.meetings, followed.key, occasion):
        return Why.EXCHANGED, f"{followed.title}: {INSTEAD}"
    return _why_not(journey, followed, occasion, facts)


def _absent(step: Step, occasion: str, facts: Facts) -> str:
    """Why somebody is lacking whom a message needs, or without whom a meeting would be lonely; "" for nobody."""
    needed = step.roles if step.verb is Verb.MEET else step.needs
    empty = (role for role in needed if not facts.cast.ids(role, occasion))
    return next((facts.cast.why_nobody(role) for role in empty if not _may_come(role, facts)), "")


def _may_come(role: Role, facts: Facts) -> bool:
    """Whether the manager may still name somebody in time."""
    return role is Role.WORK_PARTNER and bool(facts.cast.ids(Role.MANAGER))


def _nobody(journey: Journey, step: Step, occasion: str, role: Role, facts: Facts) -> Planned:
    """A delivery to a role that is empty: it says so, unless somebody may still come in time."""
    calendar = facts.offices.calendar_of(facts.person)
    due = nominal(journey, step, occasion, calendar, facts)
    may_come = _may_come(role, facts)
    return Planned(
        hire_id=facts.hire.id,
        step=step.key,
        verb=step.verb,
        role=role,
        person_id=NOBODY,
        occasion=occasion,
        due_at=due,
        grace_until=calendar.add(due, step.grace),
        why=Why.NONE if may_come else Why.NOBODY,
        reason="" if may_come else facts.cast.why_nobody(role),
    )


def _meeting_updates(facts: Facts) -> Iterator[Planned]:
    """An update or a cancellation for everybody who was invited before the meeting changed."""
    for meeting in facts.meetings:
        if meeting.sequence == 0:
            continue
        for step, occasion, person_id, role in sorted(facts.invited):
            told = facts.told.get((step, occasion, person_id, role))
            if (step, occasion) == (meeting.step, meeting.occasion) and not _knows(meeting, person_id, told):
                calendar = facts.offices.calendar_of(facts.cast.people[person_id])
                due = calendar.next_working(meeting.stamped_at)
                yield Planned(
                    hire_id=facts.hire.id,
                    step=step,
                    verb=Verb.MEET,
                    role=role,
                    person_id=person_id,
                    occasion=f"{occasion}{UPDATE}{meeting.sequence}",
                    due_at=due,
                    grace_until=max(due, meeting.starts_at, meeting.moved_from or due),
                )


def _knows(meeting: Meeting, person_id: str, told: tuple[int, datetime] | None) -> bool:
    """Whether somebody was written to since the meeting changed, or before it that they are not needed."""
    if told is None:
        return False
    sequence, at = told
    taken_up_again = meeting.state is MeetingState.PLANNED and meeting.moved_from is None
    was_released = taken_up_again and person_id not in meeting.people and sequence == meeting.sequence - 1
    return at > meeting.stamped_at or was_released
