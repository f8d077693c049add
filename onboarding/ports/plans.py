"""How is remembered what a plan rests on: who was chosen, asked, invited, and which alarms are set?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from onboarding.domain.attending import Attendee
from onboarding.domain.forms import Answer, Ask, Asked, Draft, TakenBack, Value
from onboarding.domain.lists import Tick
from onboarding.domain.meetings import Meeting, Pairing


class Pairings(Protocol):
    """Who was chosen for whom; never deleted."""

    def hold(self, *, alone: bool = False, wait: bool = True) -> bool:
        """Keep whoever weighs all hires again or takes something back (`alone`) and whoever chooses for one apart.

        Until the transaction ends; those who choose for one do not wait for each other. Without `wait` it is
        False, and nothing is held, when the other kind is at it. Comes before the first write of a transaction.
        """

    def put(self, pairing: Pairing) -> None:
        """Insert or replace the pairing of (hire, role, occasion, person)."""

    def reword(self, pairing: Pairing, reasons: str) -> None:
        """Give it other reasons, unless it has other ones by now; whatever else changes meanwhile stays."""

    def of_hire(self, hire_id: str) -> list[Pairing]:
        """All pairings of a hire, by (made_at, role, occasion, person_id)."""

    def about(self, person_id: str) -> list[Pairing]:
        """All pairings of a person, as the hire or as who was chosen, in the order of `of_hire`."""

    def load(self, role: str, since: date) -> dict[str, int]:
        """How many provisional or announced pairings each person has in a role.

        Counts active hires whose first day is on or after `since`.
        """

    def of_cohort(self, role: str, first: date | None, last: date | None) -> list[Pairing]:
        """The pairings of a role for the hires with a first day in first..last.

        By (hire_id, made_at, occasion, person_id). Both bounds are inclusive, None leaves one open; withdrawn
        hires are included.
        """

    def standing(self, since: date) -> list[tuple[str, str, str, str]]:
        """Hire, role, occasion and person of what `load` counts, in that order and sorted so."""


class Meetings(Protocol):
    """Meetings; never deleted."""

    def put(self, meeting: Meeting) -> None:
        """Insert or replace the meeting of that id; whoever answered to another SEQUENCE is asked anew."""

    def hold(self, meeting_id: str) -> Meeting | None:
        """The meeting of that id, and nobody else changes it until the transaction ends."""

    def note(self, meeting_id: str, attendee: Attendee) -> None:
        """Remember the answer of somebody who takes part; of anybody else nothing is kept."""

    def attendees(self, meeting_id: str) -> list[Attendee]:
        """Everybody who takes part, with what they answered, by person."""

    def stuck(self, since: datetime) -> list[Meeting]:
        """Meetings for which nobody found a time, held since then or later, by (held_at, id)."""

    def get(self, meeting_id: str) -> Meeting | None:
        """The meeting of that id."""

    def of_hire(self, hire_id: str) -> list[Meeting]:
        """All meetings of a hire by (starts_at, id), cancelled ones included."""

    def of_people(self, people: Sequence[str], start: datetime, end: datetime) -> list[Meeting]:
        """Planned meetings of any of these people that overlap start <= t < end."""

    def of_person(self, person_id: str) -> list[Meeting]:
        """All meetings in which a person takes part, by (starts_at, id), cancelled ones included."""

    def of_cohort(self, first: date | None, last: date | None) -> list[Meeting]:
        """All meetings of the hires with a first day in first..last, by (hire_id, starts_at, id).

        Both bounds are inclusive, None leaves one open; cancelled meetings and withdrawn hires are included.
        """

    def newest(self) -> dict[str, datetime]:
        """When the newest planned meeting of each step begins or began; steps that have one."""


class Feeds(Protocol):
    """Which address the calendar feed of a person has: each new one ends the one before."""

    def version(self, person_id: str) -> int:
        """The number of the address that is good; 0 for whoever never asked for a new one."""

    def renew(self, person_id: str, now: datetime) -> int:
        """Take the next number, and return it."""


class Asks(Protocol):
    """Asks, their answers and drafts; every version of an answer is kept, and one draft until it is sent."""

    def open(self, ask: Ask) -> None:
        """Insert it; a known id keeps its answers and gets the new moments: the question is put again."""

    def get(self, ask_id: str) -> Ask | None:
        """The ask of that id."""

    def of_hire(self, hire_id: str) -> list[Ask]:
        """All asks about a hire, by (opened_at, id)."""

    def open_to(self, person_id: str, now: datetime) -> list[Ask]:
        """The asks that are open to a person, by (opened_at, id).

        Nobody else changes them until the transaction ends.
        """

    def answer(self, ask_id: str, values: Mapping[str, Value], now: datetime) -> Answer:
        """Store a new version; the draft of it is gone. Raises NotFound."""

    def hold(self, ask_ids: Collection[str]) -> None:
        """Nobody else answers these asks, keeps a draft or takes anything back until the transaction ends.

        Whoever sends words on, and whoever changes or takes them back, holds their ask before reading it: the one
        waits for the other.
        """

    def take_back(self, ask_id: str, keys: Collection[str] | None, now: datetime) -> TakenBack:
        """Remove what was said to these questions, or to all, from every version and from the draft.

        Where any of it was answered, a new version notes that it was taken back. What a draft says of other
        questions stays; one of which nothing is left is gone.
        """

    def answer_to(self, ask_id: str) -> Answer | None:
        """The newest version."""

    def versions(self, ask_id: str) -> list[Answer]:
        """Every version of the answer, the oldest first; what was taken back is in none."""

    def answers_of_hire(self, hire_id: str) -> dict[str, Answer]:
        """The newest answer of each ask about a hire, by ask id."""

    def keep_draft(self, draft: Draft) -> None:
        """Keep what was written and not sent, in the place of what was kept before. Raises NotFound."""

    def draft_of(self, ask_id: str) -> Draft | None:
        """What was written and not sent."""

    def drop_draft(self, ask_id: str) -> bool:
        """Delete what was written and not sent; whether there was anything."""

    def begun_of_hire(self, hire_id: str) -> dict[str, datetime]:
        """When each draft about a hire was saved (UTC), by ask id; never what it says."""

    def forget_drafts(self, closed_before: datetime) -> int:
        """Drop the drafts of asks that closed before a moment; how many there were."""

    def forget_drafts_of(self, person_id: str) -> int:
        """Drop all drafts of a person; how many there were."""

    def of_cohort(
        self, forms: Collection[str], first: date | None, last: date | None
    ) -> list[tuple[Ask, Answer | None]]:
        """The asks with these forms about the hires with a first day in first..last, each with its newest answer.

        By (hire_id, opened_at, id). Both bounds are inclusive, None leaves one open; withdrawn hires are included.
        """

    def counts_of_cohort(self, first: date | None, last: date | None, now: datetime) -> list[Asked]:
        """How often each form was sent about each active hire with a first day in first..last, and answered.

        By (hire_id, form). What is open at `now` and has no answer is left out. Both bounds are inclusive, None
        leaves one open.
        """

    def count_answers(self) -> int:
        """How many asks have an answer."""


class Ticks(Protocol):
    """What of a list is done; every change is kept."""

    def put(self, tick: Tick) -> None:
        """Store it as a new version; what was said before of the same task stays."""

    def of_hire(self, hire_id: str) -> list[Tick]:
        """The newest of each task of each list about a hire, by (step, occasion, task)."""


class AlarmBook(Protocol):
    """Which alarms were set already, so that Prefect is called once for each."""

    def unset(self, names: Sequence[str]) -> list[str]:
        """Those of the names that were not noted."""

    def note(self, names: Sequence[str], now: datetime) -> None:
        """Remember that they were set."""
