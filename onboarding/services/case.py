"""What does a verb get, and what can it answer?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import Delivery, Why
from onboarding.domain.forms import Ask
from onboarding.domain.journey import Step
from onboarding.domain.mail import Address, Invitation
from onboarding.domain.people import Person
from onboarding.domain.words import Fields
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.filling import Filling
from onboarding.services.situations import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One due delivery with everything around it; `occasion` is without the suffix of a reminder or update."""

    engine: Engine
    books: Books
    directory: Directory
    now: datetime
    delivery: Delivery
    step: Step
    occasion: str
    recipient: Person
    seen: Situation

    @property
    def calendar(self) -> Calendar:
        """The calendar of the recipient."""
        return self.seen.offices.calendar_of(self.recipient)

    def asking(self, form: str, closes_at: datetime) -> Ask:
        """The question that this delivery puts, opened now."""
        return Ask(
            id=self.delivery.key,
            hire_id=self.seen.hire.id,
            step=self.step.key,
            role=self.delivery.role,
            person_id=self.recipient.id,
            occasion=self.occasion,
            form=form,
            opened_at=self.now,
            closes_at=closes_at,
        )

    def filling(self) -> Filling:
        """The hire as the choice of people sees them."""
        return Filling(
            words=self.engine.words,
            books=self.books,
            directory=self.directory,
            journey=self.seen.journey,
            hire=self.seen.hire,
            person=self.seen.person,
            offices=self.seen.offices,
            now=self.now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A verb wants this message to be sent.

    `fields` are the verb's own, beside those that every message has. `optional` adds the one-click way out.
    `reply_to` is who gets the reply, where it is not the People team.
    """

    message: str
    role: str
    fields: Fields
    language: str
    invitation: Invitation | None = None
    optional: bool = False
    reply_to: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A verb will not send this, and says why in one sentence for people."""

    why: Why
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A verb did its work without a message; `reason` says what, by ids only."""

    reason: str
    why: Why = field(default=Why.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """It is too early, or outside the recipient's hours: look again at `until`, for these reasons.

    `grace_until` is given where the wait is the plan's own, so that its grace begins anew.
    """

    until: datetime
    reason: str
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The delivery was ended by something else in the meantime; nothing is to be done."""


Decision = Mail | Skip | Done | Wait | Lost
