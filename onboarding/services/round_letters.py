"""What becomes of a due delivery of a coffee round?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import Round, RoundState, Seat, SeatState, day_of
from onboarding.domain.delivery import Delivery, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.forms import Ask
from onboarding.domain.invitations import invitation
from onboarding.domain.journey import UPDATE, Span, Unit
from onboarding.domain.mail import Address, Invitation, Letter
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person
from onboarding.domain.wording import day_in_words, moment_in_words
from onboarding.domain.words import Fields
from onboarding.ports import Books
from onboarding.services import free_busy
from onboarding.services.admission import UNREADABLE, outside_hours
from onboarding.services.case import Done, Skip, Wait
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.fields import answer_fields, calendar_address, display_name, person_fields
from onboarding.services.letters import message_id
from onboarding.services.meetings import attendance_of
from onboarding.services.round_members import takes_part
from onboarding.services.round_reasons import together
from onboarding.services.round_tables import STEP, table_id
from onboarding.services.round_wishes import DRAW, LEFT_OUT, MET, PAUSE, WARNING, asked_at, draw_key
from onboarding.services.rounds import Prepared, draw, prepare
from onboarding.services.seating import in_hours

FORM = "coffee_met"
QUESTION = "met"
OPEN_FOR = Span(count=5, unit=Unit.WORKING_DAYS)
NOT_DRAWN = "it was too late to draw it"

Told = Letter | Skip | Done | Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """One due mail of a round with everything around it."""

    engine: Engine
    books: Books
    directory: Directory
    delivery: Delivery
    found: Round
    person: Person
    seat: Seat
    now: datetime

    def moment(self, moment: datetime) -> str:
        """A moment in the words and on the clock of the reader."""
        return moment_in_words(moment, self.person.time_zone, self.person.language)

    def names(self, meeting: Meeting) -> list[Person]:
        """The others of a meeting."""
        found = (self.directory.get(one) for one in meeting.people if one != self.person.id)
        return [one for one in found if one is not None]


def ahead(engine: Engine, key: str, now: datetime) -> Prepared | None:
    """What can be done for a delivery before its transaction: the tables, where it is the draw of a round."""
    day = day_of(key.partition("/")[0])
    return prepare(engine, day, now) if day is not None and key == draw_key(day) else None


def decide(engine: Engine, books: Books, delivery: Delivery, now: datetime, ready: Prepared | None = None) -> Told:
    """The letter as it stands when it leaves, or why there is none, or none yet; `ready` is what `ahead` gave."""
    day = day_of(delivery.hire_id)
    found = books.coffee.get(day) if day else None
    if found is None:
        return Skip(why=Why.PLAN, reason="the round is not known any more")
    if delivery.step == DRAW:
        return _draw(engine, books, delivery, found, ready, now)
    directory = Directory(books)
    person, seat = directory.get(delivery.person_id), books.coffee.seat(found.day, delivery.person_id)
    if person is None or seat is None:
        return Skip(why=Why.LEFT, reason=f"{delivery.person_id} is not known any more")
    held_back = _refused(directory, delivery, person, engine.calendar_of(person), now)
    if held_back is not None:
        return held_back
    mailing = Mailing(
        engine=engine,
        books=books,
        directory=directory,
        delivery=delivery,
        found=found,
        person=person,
        seat=seat,
        now=now,
    )
    return _STEPS[delivery.step](mailing)


def _refused(
    directory: Directory, delivery: Delivery, person: Person, calendar: Calendar, now: datetime
) -> Skip | Wait | None:
    """What ends or delays any mail of a round; news of their coffees reach also those who take part no more."""
    if now > delivery.grace_until and not delivery.pinned:
        return Skip(why=Why.TOO_LATE, reason="too late: its grace is over")
    if UPDATE not in delivery.occasion and not takes_part(person, directory.preferences_of(person.id)):
        gone = Why.OPTED_OUT if person.active else Why.LEFT
        return Skip(why=gone, reason=f"{person.id} takes part in coffee rounds no more")
    return outside_hours(delivery, calendar, now)


def _draw(
    engine: Engine, books: Books, delivery: Delivery, found: Round, ready: Prepared | None, now: datetime
) -> Skip | Done | Wait:
    if found.state is not RoundState.ANNOUNCED:
        return Done(reason=f"the round is {found.state} already")
    if now > delivery.grace_until and not delivery.pinned:
        books.coffee.put(replace(found, state=RoundState.EMPTY, why=NOT_DRAWN))
        return Skip(why=Why.TOO_LATE, reason=NOT_DRAWN)
    try:
        after = draw(engine, books, found.day, now, ready)
    except BadWords as error:  # a slip in matching.toml must not cost everybody their coffee
        return Wait(until=now + UNREADABLE, reason=f"waits for weights that can be read: {error}")
    return Done(reason=(after.why if after else "") or "the tables stand")


def _warn(mailing: Mailing) -> Told:
    if mailing.found.state is not RoundState.ANNOUNCED:
        return Skip(why=Why.TOO_LATE, reason="too late: the tables stand")
    if mailing.seat.state is not SeatState.EXPECTED:
        return Skip(why=Why.BY_HAND, reason=f"{mailing.person.id} skips this round")
    coffee = {
        "draw": mailing.moment(mailing.found.draw_at),
        "skip_url": mailing.engine.links.coffee(mailing.found.day, mailing.person.id),
    }
    return _letter(mailing, WARNING, {"coffee": _coffee(mailing, **coffee)})


def _explain(mailing: Mailing) -> Told:
    if mailing.seat.state is SeatState.SEATED:
        return Skip(why=Why.PLAN, reason="has coffee after all")
    return _letter(mailing, LEFT_OUT, {"coffee": _coffee(mailing, why=mailing.seat.why.value)})


def _pause(mailing: Mailing) -> Told:
    if mailing.seat.answer:
        return Skip(why=Why.ANSWERED, reason="answered in the meantime")
    back = mailing.engine.links.coffee(mailing.found.day, mailing.person.id)
    return _letter(mailing, PAUSE, {"coffee": _coffee(mailing, back_url=back)})


def _ask(mailing: Mailing) -> Told:
    """Put the question, or wait for a coffee that has moved."""
    meeting = meeting_of(mailing.books, mailing.seat)
    if meeting is None or meeting.state is MeetingState.CANCELLED:
        return Skip(why=Why.NO_MEETING, reason="the coffee it asks about did not come about")
    if mailing.person.id not in meeting.people:
        return Skip(why=Why.NO_MEETING, reason="the others had the coffee it asks about without them")
    calendar = mailing.engine.calendar_of(mailing.person)
    if meeting.ends_at > mailing.now:
        until = asked_at(meeting, calendar)
        grace = until + (mailing.delivery.grace_until - mailing.delivery.due_at)
        return Wait(until=until, reason="the coffee has moved", grace_until=grace)
    closes = calendar.add(mailing.now, OPEN_FOR)
    delivery = mailing.delivery
    ask = Ask(
        id=delivery.key,
        hire_id=delivery.hire_id,
        step=MET,
        role=delivery.role,
        person_id=mailing.person.id,
        occasion=delivery.occasion,
        form=FORM,
        opened_at=mailing.now,
        closes_at=closes,
    )
    mailing.books.asks.open(ask)
    mailing.books.coffee.put_seats([replace(mailing.seat, closes_at=closes)])
    url = mailing.engine.links.ask(ask.id, closes)
    coffee = {
        "others": ", ".join(one.name for one in mailing.names(meeting)),
        "met_on": mailing.moment(meeting.starts_at),
        "yes_url": f"{url}?{QUESTION}=yes",
        "no_url": f"{url}?{QUESTION}=no",
        "deadline": mailing.moment(closes),
    }
    return _letter(mailing, MET, {"coffee": _coffee(mailing, **coffee)})


def _invite(mailing: Mailing) -> Told:
    """The invitation as the coffee stands now; or that it has another time, or is off."""
    meeting = meeting_of(mailing.books, mailing.seat)
    update = UPDATE in mailing.delivery.occasion
    if meeting is None:
        return Skip(why=Why.NO_MEETING, reason="the coffee did not come about")
    if update and meeting.sequence != int(mailing.delivery.occasion.rpartition(UPDATE)[2]):
        return Skip(why=Why.PLAN, reason="newer news of this coffee follow")
    cancelled = meeting.state is MeetingState.CANCELLED or mailing.person.id not in meeting.people
    if cancelled and not update:
        return Skip(why=Why.NO_MEETING, reason="the coffee was called off before this invitation left")
    if not cancelled and meeting.starts_at <= mailing.now:
        return Skip(why=Why.TOO_LATE, reason="too late: the coffee has begun already")
    others = mailing.names(meeting) or _who_left(mailing, meeting)
    why = "" if cancelled else together(mailing.engine, mailing.directory, mailing.seat, mailing.person, others)
    fields: Fields = {
        "coffee": {"together": why},
        "meeting": _meeting_fields(mailing, meeting, others, cancelled=cancelled),
        "other": _others(others),
    }
    return _letter(mailing, STEP, fields, _invitation(mailing, meeting, others, cancelled=cancelled))


_STEPS: dict[str, Callable[[Mailing], Told]] = {
    WARNING: _warn,
    LEFT_OUT: _explain,
    PAUSE: _pause,
    MET: _ask,
    STEP: _invite,
}


def meeting_of(books: Books, seat: Seat) -> Meeting | None:
    """The meeting of somebody's table, the place of which a cancelled seat keeps."""
    return books.meetings.get(table_id(seat.day, seat.place)) if seat.place else None


def _who_left(mailing: Mailing, meeting: Meeting) -> list[Person]:
    """Those who sat at the table beside somebody who is told that the coffee is off."""
    sat = mailing.books.coffee.seats(mailing.found.day)
    found = (mailing.directory.get(one.person_id) for one in sat if str(one.place) == meeting.occasion)
    return [one for one in found if one is not None and one.id != mailing.person.id] or [mailing.person]


def _others(others: list[Person]) -> dict[str, object]:
    """One other as they are; two by their names, for the rest would be said of both."""
    if len(others) == 1:
        return person_fields(others[0])
    names = {
        "name": ", ".join(one.name for one in others),
        "first_name": ", ".join(one.called for one in others),
    }
    return person_fields(None) | names


def _meeting_fields(
    mailing: Mailing, meeting: Meeting, others: list[Person], *, cancelled: bool
) -> dict[str, object]:
    language = mailing.person.language
    talk = mailing.engine.words.conversation(language)
    moved = meeting.moved_from if UPDATE in mailing.delivery.occasion and not cancelled else None
    zones = dict.fromkeys(one.time_zone for one in others if one.time_zone != mailing.person.time_zone)
    return {
        "when": mailing.moment(meeting.starts_at),
        "when_other": "; ".join(moment_in_words(meeting.starts_at, one, language) for one in zones),
        "minutes": (meeting.ends_at - meeting.starts_at) // timedelta(minutes=1),
        "video_url": mailing.engine.company.video_of(meeting.id),
        "agenda": list(talk.agenda),
        "guide": list(talk.guide),
        "icebreaker": talk.icebreakers[meeting.icebreaker % len(talk.icebreakers)],
        "moved": mailing.moment(moved) if moved else "",
        "cancelled": cancelled,
        **answer_fields(mailing.engine, meeting.id, mailing.person.id, cancelled=cancelled),
        "in_hours": in_hours(meeting, map(mailing.engine.calendar_of, (mailing.person, *others))),
        "calendars_unread": not cancelled and free_busy.unread(mailing.engine, mailing.books, meeting),
    }


def _invitation(mailing: Mailing, meeting: Meeting, others: list[Person], *, cancelled: bool) -> Invitation:
    talk = mailing.engine.words.conversation(mailing.person.language)
    return invitation(
        uid=meeting.uid,
        sequence=meeting.sequence,
        organizer=Address(email=meeting.organizer, name=mailing.engine.company.sender.name),
        attendee=calendar_address(mailing.person),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        stamped_at=meeting.stamped_at,
        summary=talk.coffee.title.format(names=", ".join(one.name for one in (mailing.person, *others))),
        description="\n".join(f"- {line}" for line in talk.agenda),
        location=mailing.engine.company.video_of(meeting.id),
        cancelled=cancelled,
        attendance=attendance_of(mailing.books, meeting, mailing.person.id),
    )


def _coffee(mailing: Mailing, **own: str) -> dict[str, object]:
    """The fields of the round itself; what a message does not need is empty."""
    blank = dict.fromkeys(
        ("draw", "skip_url", "why", "others", "met_on", "yes_url", "no_url", "deadline", "back_url"), ""
    )
    return {**blank, "week": day_in_words(mailing.found.day, mailing.person.language), **own}


def _letter(mailing: Mailing, message: str, own: Fields, invite: Invitation | None = None) -> Letter:
    """A mail of the rounds: optional, so that one press ends them."""
    engine, person, company = mailing.engine, mailing.person, mailing.engine.company
    choices = engine.links.preferences(person.id)
    fields: Fields = {
        "company": {"name": company.name, "hr_email": company.hr_email},
        "you": {"name": person.name, "first_name": person.called},
        "preferences_url": choices,
        **own,
    }
    role = mailing.delivery.role
    words = engine.words.message(message, role, person.language, fields, unsubscribe_url=choices)
    own_address = company.hr_email == company.sender.email
    return Letter(
        number=mailing.delivery.number,
        message_id=message_id(company, mailing.delivery.key),
        sender=company.sender,
        to=calendar_address(person),
        subject=words.subject,
        html=words.html,
        text=words.text,
        date=mailing.now,
        reply_to=None
        if own_address
        else Address(email=company.hr_email, name=display_name(f"{company.name} People Team")),
        invitation=invite,
        unsubscribe_url=engine.links.unsubscribe(person.id),
    )
