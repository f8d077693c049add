"""What does the engine need from the world? Protocols whose docstrings are the contract.

Every adapter passes the suite of its port in `tests/ports/`. All moments are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from onboarding.domain.delivery import Delivery, Planned, State, Transition, Why
from onboarding.domain.events import Event, EventState, Fact
from onboarding.domain.forms import Answer, Ask, Form, Value
from onboarding.domain.journey import Journey
from onboarding.domain.mail import Letter, News, Outcome
from onboarding.domain.meetings import Meeting, Pairing
from onboarding.domain.people import Hire, Person
from onboarding.domain.words import Conversation, Fields, Rendered


class Events(Protocol):
    """HRIS events, recorded before they are obeyed; never deleted."""

    def record(self, event: Event) -> bool:
        """Store it; False (and nothing stored) when its source and delivery id are known."""

    def get(self, event_id: str) -> Event | None:
        """The event of that id."""

    def waiting(self, limit: int) -> list[Event]:
        """The oldest events in state recorded, by (received_at, id)."""

    def settle(self, event_id: str, *, state: EventState, reason: str, hire_id: str, now: datetime) -> None:
        """Say what became of it; `state=RECORDED` puts it back in the queue (a replay)."""

    def find(self, *, source: str = "", state: EventState | None = None, limit: int = 100) -> list[Event]:
        """The newest events, newest first."""


class People(Protocol):
    """The directory; an id is never reused."""

    def put(self, person: Person) -> None:
        """Insert or replace the person of that id."""

    def put_all(self, people: Sequence[Person]) -> None:
        """The same for many, in bulk."""

    def get(self, person_id: str) -> Person | None:
        """The person of that id."""

    def by_email(self, email: str) -> Person | None:
        """The person with that work e-mail (letter case ignored); the lowest id when several have it."""

    def all(self) -> list[Person]:
        """Everybody, by id, those who left included."""

    def reports_to(self, manager_id: str) -> list[Person]:
        """The people whose manager that is."""


class Hires(Protocol):
    """Hires on a journey."""

    def put(self, hire: Hire) -> None:
        """Insert or replace the hire of that id."""

    def get(self, hire_id: str) -> Hire | None:
        """The hire of that id."""

    def by_external(self, source: str, external_id: str) -> Hire | None:
        """The hire that a source knows by that id."""

    def find(self, *, first_day_from: date | None = None, first_day_to: date | None = None) -> list[Hire]:
        """Hires by (first_day, id); both bounds inclusive, withdrawn ones included."""


class Deliveries(Protocol):
    """The ledger: deliveries and every transition, never deleted.

    A move that `domain.delivery.MOVES` does not allow raises IllegalMove. Every insert and every change of state
    or moment writes one transition.
    """

    def plan(self, planned: Sequence[Planned], now: datetime) -> None:
        """Insert new deliveries: `planned`, or `skipped` when they carry a `why`. Known keys are left alone."""

    def get(self, key: str) -> Delivery | None:
        """The delivery of that key."""

    def by_number(self, number: int) -> Delivery | None:
        """The delivery of that number."""

    def of_hire(self, hire_id: str) -> list[Delivery]:
        """All deliveries of a hire by (due_at, number)."""

    def history(self, key: str) -> list[Transition]:
        """What happened to it, oldest first."""

    def reschedule(self, key: str, *, due_at: datetime, grace_until: datetime, reason: str, now: datetime) -> None:
        """Give a planned delivery another moment (its state stays planned)."""

    def move(
        self,
        key: str,
        state: State,
        *,
        now: datetime,
        reason: str = "",
        why: Why = Why.NONE,
        expect: State | None = None,
    ) -> bool:
        """Change its state; False when it is not in `expect` any more (nothing changed)."""

    def revive(self, planned: Planned, now: datetime, reason: str) -> None:
        """Put a skipped, withdrawn, failed, done or unknown one back to planned, with the moments of `planned`."""

    def pin(self, key: str) -> None:
        """Mark that a human decided its moment: later plans leave it alone."""

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Planned deliveries whose `due_at` has come, by (due_at, number); looks only."""

    def claim(self, now: datetime, *, claim: str, limit: int) -> list[Delivery]:
        """Take what is due, by (due_at, number): claimed, with `claim` and `claimed_at`; nobody else gets it."""

    def start_sending(self, key: str, *, claim: str, now: datetime) -> bool:
        """From claimed to sending if `claim` still holds it, else False. Commit it before the request leaves."""

    def settle(
        self,
        key: str,
        state: State,
        *,
        now: datetime,
        reason: str = "",
        why: Why = Why.NONE,
        provider_id: str = "",
    ) -> None:
        """Record how a claimed or sending delivery ended (sent, done, skipped, failed, unknown)."""

    def retry(self, key: str, *, due_at: datetime, now: datetime, reason: str) -> None:
        """Back to planned at another moment, `attempts` + 1: a refusal that can heal."""

    def stale(self, before: datetime) -> list[Delivery]:
        """Deliveries claimed or sending whose claim is older than `before`."""

    def due_moments(self, start: datetime, end: datetime) -> list[datetime]:
        """The distinct `due_at` of planned deliveries in start <= due_at < end, ascending."""

    def next_due(self) -> datetime | None:
        """The earliest `due_at` of all planned deliveries."""

    def in_states(self, states: Iterable[State], limit: int = 1000) -> list[Delivery]:
        """Deliveries in these states, newest change first."""

    def counts(self) -> dict[State, int]:
        """How many deliveries stand in each state."""


class Pairings(Protocol):
    """Who was chosen for whom; never deleted."""

    def put(self, pairing: Pairing) -> None:
        """Insert or replace the pairing of (hire, role, occasion, person)."""

    def of_hire(self, hire_id: str) -> list[Pairing]:
        """All pairings of a hire, by (made_at, role, occasion, person_id)."""

    def load(self, role: str, since: date) -> dict[str, int]:
        """How many provisional or announced pairings each person has in a role.

        Counts active hires whose first day is on or after `since`.
        """


class Meetings(Protocol):
    """Meetings; never deleted."""

    def put(self, meeting: Meeting) -> None:
        """Insert or replace the meeting of that id."""

    def get(self, meeting_id: str) -> Meeting | None:
        """The meeting of that id."""

    def of_hire(self, hire_id: str) -> list[Meeting]:
        """All meetings of a hire by (starts_at, id), cancelled ones included."""

    def of_people(self, people: Sequence[str], start: datetime, end: datetime) -> list[Meeting]:
        """Planned meetings of any of these people that overlap start <= t < end."""


class Asks(Protocol):
    """Asks and their answers; every version of an answer is kept."""

    def open(self, ask: Ask) -> None:
        """Insert it; a known id keeps its answers and gets the new moments: the question is put again."""

    def get(self, ask_id: str) -> Ask | None:
        """The ask of that id."""

    def of_hire(self, hire_id: str) -> list[Ask]:
        """All asks about a hire, by (opened_at, id)."""

    def answer(self, ask_id: str, values: Mapping[str, Value], now: datetime) -> Answer:
        """Store a new version."""

    def answer_to(self, ask_id: str) -> Answer | None:
        """The newest version."""

    def answers_of_hire(self, hire_id: str) -> dict[str, Answer]:
        """The newest answer of each ask about a hire, by ask id."""

    def count_answers(self) -> int:
        """How many asks have an answer."""


class AlarmBook(Protocol):
    """Which alarms were set already, so that Prefect is called once for each."""

    def unset(self, names: Sequence[str]) -> list[str]:
        """Those of the names that were not noted."""

    def note(self, names: Sequence[str], now: datetime) -> None:
        """Remember that they were set."""


class Books(Protocol):
    """All that is remembered, inside one transaction."""

    @property
    def events(self) -> Events:
        """HRIS events."""

    @property
    def people(self) -> People:
        """The directory."""

    @property
    def hires(self) -> Hires:
        """Hires on a journey."""

    @property
    def deliveries(self) -> Deliveries:
        """The ledger."""

    @property
    def pairings(self) -> Pairings:
        """Who was chosen for whom."""

    @property
    def meetings(self) -> Meetings:
        """Meetings and their invitations."""

    @property
    def asks(self) -> Asks:
        """Asks and answers."""

    @property
    def alarms(self) -> AlarmBook:
        """Alarms already set."""


class Store(Protocol):
    """Where everything is remembered."""

    def begin(self) -> AbstractContextManager[Books]:
        """A transaction for reading and writing: committed at the end, rolled back on an error.

        Raises:
            Unavailable: when the database does not answer.
        """

    def read(self) -> AbstractContextManager[Books]:
        """A transaction for reading only: it never waits for a writer."""

    def close(self) -> None:
        """Give connections back; another `begin` opens them again."""

    def ready(self) -> None:
        """Raise Unavailable unless the database answers and its schema is the newest."""


class Mailer(Protocol):
    """Carries one letter. Safe to call from several threads."""

    def send(self, letter: Letter) -> Outcome:
        """Send it; never raises for what the service or the network did: that is the outcome's kind.

        `REFUSED_FOR_NOW` and `REFUSED` mean that it surely was not taken; whatever is not sure is `UNKNOWN`.
        """

    def close(self) -> None:
        """Give connections back; another send opens them again."""


class MailNews(Protocol):
    """What a mail service tells later: delivered, bounced."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[News]:
        """The news in a signed message, oldest first; what is not about a delivery of ours is left out.

        `headers` have lower-case names. Raises BadSignature; BadRecord when it is no list of events.
        """


class Words(Protocol):
    """HR's folder: journeys, messages, forms, conversation, channels."""

    def journey(self, name: str) -> Journey:
        """The journey of that name. Raises BadWords with every mistake at once."""

    def message(
        self, message: str, role: str, language: str, fields: Fields, *, unsubscribe_url: str = ""
    ) -> Rendered:
        """Render `messages/<message>/<role>[.<language>].md`, falling back from `pt-br` to `pt` to English.

        Raises BadWords when it does not render.
        """

    def language_of(self, message: str, role: str, language: str) -> str:
        """The language that `message` would really come in ("en" when there is no variant)."""

    def form(self, name: str, language: str, fields: Fields) -> Form:
        """The form, with its texts filled in. Raises BadWords."""

    def conversation(self, language: str) -> Conversation:
        """What helps two people to talk, in that language or English."""

    def channels(self, interests: Sequence[str]) -> list[str]:
        """Suggested channels: those for everybody, then those of the interests, no repeats."""

    def check(self) -> list[str]:
        """Every mistake in the folder: file, place, what is allowed. Empty when all is well."""


class Alarms(Protocol):
    """Wakes us. A lost alarm delays, an extra alarm does nothing."""

    def set(self, flow: str, moment: datetime, name: str) -> None:
        """Schedule one run of a flow (`enroll-hires`, `run-due-steps`); the same name twice is one run.

        Raises:
            Unavailable: when the scheduler does not answer.
        """


class Source(Protocol):
    """An HR system: how its messages are verified and what they mean."""

    name: str

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes and return the delivery id (or a digest of the body).

        `headers` have lower-case names. Raises BadSignature.
        """

    def understand(self, event: Event) -> Fact | str:
        """The fact in our words; or, as a string, why there is nothing to do (ping, unknown event).

        Raises:
            BadRecord: when it cannot be understood; the message lists every field.
        """


class Links(Protocol):
    """Signed, expiring links."""

    def ask(self, ask_id: str, expires_at: datetime) -> str:
        """The address of a form for one person."""

    def read_ask(self, token: str, now: datetime) -> str:
        """The ask id in a token. Raises BadLink or Expired."""

    def unsubscribe(self, person_id: str) -> str:
        """The address at which a person leaves the optional mails; does not expire."""

    def read_unsubscribe(self, token: str) -> str:
        """The person id in a token. Raises BadLink."""
