"""How do people meet? A slot that suits everybody, and an invitation of their own for each."""

from __future__ import annotations

from dataclasses import dataclass

from onboarding.domain.delivery import State, Why
from onboarding.domain.exchange import INSTEAD
from onboarding.domain.invitations import invitation
from onboarding.domain.journey import UPDATE
from onboarding.domain.mail import Address
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person
from onboarding.domain.wording import moment_in_words
from onboarding.services import exchanges, free_busy, meetings
from onboarding.services.case import Case, Decision, Lost, Mail, Skip
from onboarding.services.fields import answer_fields, calendar_address, person_fields
from onboarding.services.planning import replan
from onboarding.services.seating import in_hours


def decide(case: Case) -> Decision:
    """Invite to the meeting of this step, arranging it first; or tell that it moved or is off."""
    row = case.books.deliveries.get(case.delivery.key)
    if row is None or row.state is not State.CLAIMED:
        return Lost()
    meeting = _meeting(case)
    if meeting is None:
        return _without_a_meeting(case)
    cancelled = meeting.state is MeetingState.CANCELLED or case.recipient.id not in meeting.people
    if UPDATE not in case.delivery.occasion and cancelled:
        return Skip(why=Why.NO_MEETING, reason="the meeting was cancelled before this invitation left")
    if not cancelled and meeting.starts_at <= case.now:
        return Skip(why=Why.TOO_LATE, reason="too late: the meeting has begun already")
    return _mail(_Invited(case=case, meeting=meeting, cancelled=cancelled))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Invited:
    case: Case
    meeting: Meeting
    cancelled: bool


def _meeting(case: Case) -> Meeting | None:
    if UPDATE in case.delivery.occasion:
        sequence = int(case.delivery.occasion.rpartition(UPDATE)[2])
        of_step = [one for one in case.seen.meetings if (one.step, one.occasion) == (case.step.key, case.occasion)]
        return next((one for one in of_step if one.sequence == sequence), None)
    return meetings.arrange(case.engine.company, case.books, case.seen, case.step, case.occasion, case.now)


def _without_a_meeting(case: Case) -> Decision:
    """Nobody is invited: they write to each other instead, or the step says why not."""
    cast = case.seen.cast
    absent = next((role for role in case.step.roles if not cast.ids(role, case.occasion)), None)
    if absent is not None:
        return Skip(why=Why.NOBODY, reason=cast.why_nobody(absent))
    if UPDATE not in case.delivery.occasion and _write_instead(case):
        return Lost()  # it is settled: the plan has other deliveries for them now
    reason = "no hour within both working days suits everybody"
    _skip_siblings(case, reason)
    return Skip(why=Why.NO_SLOT, reason=reason)


def _write_instead(case: Case) -> bool:
    """Begin an exchange of written answers where no hour will ever suit; whether it is so."""
    if not exchanges.begin(case.engine.company, case.books, case.seen, case.step, case.occasion, case.now):
        return False
    case.books.deliveries.settle(case.delivery.key, State.SKIPPED, now=case.now, why=Why.EXCHANGED, reason=INSTEAD)
    replan(case.engine, case.books, case.directory, case.seen.hire, now=case.now, because=INSTEAD)
    return True


def _skip_siblings(case: Case, reason: str) -> None:
    """Nobody is invited when the others cannot be: their deliveries of this occasion end too."""
    for other in case.books.deliveries.of_hire(case.seen.hire.id):
        same = (other.step, other.occasion) == (case.step.key, case.occasion) and other.key != case.delivery.key
        if same and other.state in (State.PLANNED, State.CLAIMED):
            case.books.deliveries.move(
                other.key, State.SKIPPED, now=case.now, why=Why.NO_SLOT, reason=reason, expect=other.state
            )


def _mail(invited: _Invited) -> Mail:
    case, meeting = invited.case, invited.meeting
    language = case.engine.words.language_of(case.step.subject, case.delivery.role, case.recipient.language)
    others = [case.seen.cast.people[one] for one in meetings.others(meeting, case.recipient.id)]
    if not others:
        others = [case.seen.person]
    fields: dict[str, object] = {
        "meeting": _fields(invited, others, language),
        "other": person_fields(others[0]),
    }
    ics = invitation(
        uid=meeting.uid,
        sequence=meeting.sequence,
        organizer=Address(email=meeting.organizer, name=case.engine.company.sender.name),
        attendee=calendar_address(case.recipient),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        stamped_at=meeting.stamped_at,
        summary=f"{case.step.title_in(language)}: {', '.join(one.name for one in (case.recipient, *others))}",
        description=_description(invited, language),
        location=case.engine.company.video_of(meeting.id),
        cancelled=invited.cancelled,
        attendance=meetings.attendance_of(case.books, meeting, case.recipient.id),
    )
    return Mail(
        message=case.step.subject, role=case.delivery.role, language=language, fields=fields, invitation=ics
    )


def _fields(invited: _Invited, others: list[Person], language: str) -> dict[str, object]:
    case, meeting = invited.case, invited.meeting
    talk = case.engine.words.conversation(language)
    icebreaker = talk.icebreakers[meeting.icebreaker % len(talk.icebreakers)] if talk.icebreakers else ""
    moved = meeting.moved_from if UPDATE in case.delivery.occasion else None  # who is new knows no old time
    zone = case.recipient.time_zone
    zones = dict.fromkeys(one.time_zone for one in others if one.time_zone != zone)
    return {
        "when": moment_in_words(meeting.starts_at, zone, language),
        "when_other": "; ".join(moment_in_words(meeting.starts_at, one, language) for one in zones),
        "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        "video_url": case.engine.company.video_of(meeting.id),
        "agenda": list(talk.agenda),
        "guide": list(talk.guide),
        "icebreaker": icebreaker,
        "moved": moment_in_words(moved, zone, language) if moved and not invited.cancelled else "",
        "cancelled": invited.cancelled,
        **answer_fields(case.engine, meeting.id, case.recipient.id, cancelled=invited.cancelled),
        "in_hours": in_hours(meeting, map(case.seen.offices.calendar_of, (case.recipient, *others))),
        "calendars_unread": not invited.cancelled and free_busy.unread(case.engine, case.books, meeting),
    }


def _description(invited: _Invited, language: str) -> str:
    talk = invited.case.engine.words.conversation(language)
    return "\n".join(f"- {line}" for line in talk.agenda)
