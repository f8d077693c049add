"""A small company in a world of its own: a real store, the shipped words, a mailer that keeps letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from sqlite3 import Connection as Driver
from zoneinfo import ZoneInfo

from onboarding import paths
from onboarding.adapters.alarms import NullAlarms
from onboarding.adapters.links import SignedLinks
from onboarding.adapters.mailers.mime import to_bytes
from onboarding.adapters.pictures import PillowPictures
from onboarding.adapters.sources import GreenhouseSource, StandardSource
from onboarding.adapters.sql import SqlStore
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import Delivery, State
from onboarding.domain.errors import BadAddress
from onboarding.domain.free_busy import OWN
from onboarding.domain.mail import Address, Letter, Outcome, OutcomeKind
from onboarding.domain.people import Person, WorkingHours
from onboarding.ports import Alarms, FreeBusy, Mailer, Roster, Served, Source, Store, Words
from onboarding.services.answering import answer
from onboarding.services.dispatching import Result, run_due
from onboarding.services.engine import Company, Engine
from onboarding.services.hiring import HireReport, add_hire

SECRET = "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
GREENHOUSE_SECRET = "a-shared-secret-of-greenhouse"
WORDS = FolderWords(paths.shipped_templates())
"""Shared by all worlds: reading and compiling the shipped words once saves a second a test."""

MANILA = {"time_zone": "Asia/Manila", "country": "PH", "location": "Manila"}
BERLIN = {"time_zone": "Europe/Berlin", "country": "DE", "subdivision": "BE", "location": "Berlin"}
CHICAGO = {"time_zone": "America/Chicago", "country": "US", "subdivision": "IL", "location": "Chicago"}
NAIROBI = {"time_zone": "Africa/Nairobi", "country": "KE", "location": "Nairobi"}


def person(id: str, city: Mapping[str, str] = BERLIN, **more: object) -> Person:  # noqa: A002 -- the field's name
    """Somebody who joined long ago, from nine to five."""
    known: dict[str, object] = {
        "id": id,
        "first_name": id.capitalize(),
        "last_name": "Example",
        "work_email": f"{id}@example.com",
        "start_date": date(2020, 1, 1),
        "department": "Product",
        "job_title": "Designer",
        "working_hours": WorkingHours(start=time(9), end=time(17)),
        **city,
        **more,
    }
    return Person(**known)  # type: ignore[arg-type]  # tests vary what they like


def directory() -> list[Person]:
    """A company of sixteen: a manager and colleagues in each of four cities, two departments or three."""
    people = [person("chief", BERLIN, department="Leadership", job_title="Chief executive")]
    for city_name, city in (("manila", MANILA), ("berlin", BERLIN), ("chicago", CHICAGO), ("nairobi", NAIROBI)):
        people.append(person(f"{city_name}-lead", city, manager_id="chief", job_title="Lead"))
        people.extend(
            person(f"{city_name}-{number}", city, manager_id=f"{city_name}-lead", department=department)
            for number, department in enumerate(("Product", "Sales", "Care", "Finance", "Sales"), start=1)
        )
    return people


def record(**more: object) -> dict[str, object]:
    """The canonical record of a newcomer in Manila who starts on Monday 4 January 2027.

    Another id is another person, with addresses of their own.
    """
    name = "amihan" if more.get("id", "n1") == "n1" else more["id"]
    return {
        "id": "n1",
        "first_name": "Amihan",
        "last_name": "Quill",
        "work_email": f"{name}@example.com",
        "personal_email": f"{name}@example.org",
        "start_date": "2027-01-04",
        "language": "en",
        "department": "Product",
        "job_title": "Designer",
        "manager_id": "manila-lead",
        **MANILA,
        **more,
    }


def at(text: str) -> datetime:
    """A moment in UTC from `2027-01-04 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LATE = at("2028-01-01 08:00")
"""When links end that tests make."""


@dataclass(repr=False)
class KeptMail:
    """A mailer that keeps every letter, and answers what a test has lined up."""

    letters: list[Letter] = field(default_factory=list)
    answers: list[Outcome | BaseException] = field(default_factory=list)

    def send(self, letter: Letter) -> Outcome:
        """Keep it, unless another answer waits."""
        if self.answers:
            planned = self.answers.pop(0)
            if isinstance(planned, BaseException):
                raise planned
            if planned.kind is not OutcomeKind.SENT:
                return planned
        try:
            to_bytes(letter)
        except BadAddress as error:
            return Outcome(kind=OutcomeKind.REFUSED, reason=str(error))
        self.letters.append(letter)
        return Outcome(kind=OutcomeKind.SENT, provider_id=letter.message_id)

    def close(self) -> None:
        """Nothing to give back."""


@dataclass
class World:
    """A company, and the moment that it is there."""

    engine: Engine
    mail: KeptMail
    now: datetime

    def enrol(self, **more: object) -> HireReport:
        """Add the newcomer of `record`."""
        return add_hire(self.engine, record(**more), self.now)

    def run(self) -> list[Result]:
        """Do what is due now."""
        return run_due(self.engine, self.now)

    def walk_to(self, end: datetime) -> None:
        """Live through every due moment until `end`."""
        while (due := self._next_due()) is not None and due <= end:
            self.now = max(due, self.now)
            self.run()
        self.now = end

    def _next_due(self) -> datetime | None:
        with self.engine.store.read() as books:
            return books.deliveries.next_due()

    def rows(self, hire_id: str = "n1") -> list[Delivery]:
        """The ledger of a hire."""
        with self.engine.store.read() as books:
            return books.deliveries.of_hire(hire_id)

    def row(self, step: str, role: str = "hire", occasion: str = "once", hire_id: str = "n1") -> Delivery:
        """The newest delivery of a step, role and occasion that is part of the plan."""
        found = [one for one in self.rows(hire_id) if (one.step, one.role, one.occasion) == (step, role, occasion)]
        kept = [one for one in found if one.state is not State.WITHDRAWN] or found
        assert kept, f"no delivery {step}/{role}/{occasion}"
        return kept[-1]

    def answer(self, row: Delivery, **values: str | list[str]) -> None:
        """Answer an ask as its page would; the form must have these questions."""
        with self.engine.store.read() as books:
            ask = books.asks.get(row.key)
        assert ask is not None, f"{row.key} was not asked"
        questions = {one.key for one in self.engine.words.form_as_written(ask.form, "en").questions}
        assert values.keys() <= questions, f"{ask.form} does not ask {sorted(values.keys() - questions)}"
        token = self.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
        raw = {key: [value] if isinstance(value, str) else value for key, value in values.items()}
        answer(self.engine, token, raw, self.now)

    def hear_yes(self, step: str = "buddy_yes", role: str = "buddy", hire_id: str = "n1") -> None:
        """Live until somebody is asked for a role, who says yes at once."""
        row = self.row(step, role, hire_id=hire_id)
        self.walk_to(row.due_at)
        self.answer(row, agree="yes")

    def to(self, email: str) -> list[Letter]:
        """The letters that an address got."""
        return [letter for letter in self.mail.letters if letter.to.email == email]


COMPANY = Company(
    name="Lighthouse Ltd",
    hr_email="people@example.com",
    it_email="it@example.com",
    sender=Address(email="welcome@example.com", name="People Team"),
    video_url="https://video.example.com/{meeting}",
    time_zone="Europe/Berlin",
)


@contextmanager
def world(
    now: str = "2026-12-01 08:00",
    *,
    people: Sequence[Person] | None = None,
    store: Store | None = None,
    words: Words = WORDS,
    alarms: Alarms | None = None,
    mailer: Mailer | None = None,
    sources: Mapping[str, Source] | None = None,
    rosters: Mapping[str, Roster] | None = None,
    paths: Mapping[str, Sequence[str]] | None = None,
    calendars: FreeBusy | None = None,
) -> Iterator[World]:
    """A world whose clock stands at `now` (UTC); it hears two sources, and those that are given."""
    mail = KeptMail()
    engine = Engine(
        store=store or SqlStore("sqlite://"),
        words=words,
        mailer=mailer or mail,
        alarms=alarms or NullAlarms(),
        links=SignedLinks("a-key-for-tests-only", "http://127.0.0.1:8400"),
        company=COMPANY,
        pictures=PillowPictures(),
        sources={
            "standard": StandardSource([SECRET]),
            "greenhouse": GreenhouseSource([GREENHOUSE_SECRET]),
            **(sources or {}),
        },
        rosters=rosters or {},
        paths=paths or {},
        calendars=(Served(name="all", calendars=calendars), Served(name=OWN, calendars=calendars))
        if calendars
        else (),
    )
    with engine.store.begin() as books:
        books.people.put_all(directory() if people is None else people)
    try:
        yield World(engine=engine, mail=mail, now=at(now))
    finally:
        engine.close()


@contextmanager
def copied(lived: World) -> Iterator[World]:
    """Another world that remembers what one in memory has lived through; its mailer has kept nothing."""
    store = SqlStore("sqlite://")
    before = lived.engine.store
    assert isinstance(before, SqlStore)
    with before._writing.connect() as source, store._writing.connect() as target:
        origin, copy = source.connection.driver_connection, target.connection.driver_connection
        assert isinstance(origin, Driver)
        assert isinstance(copy, Driver)
        origin.backup(copy)
    with world(store=store, people=[]) as found:
        found.now = lived.now
        yield found


def local(letter: Letter, zone: str) -> datetime:
    """When a letter left, on the recipient's clock."""
    return letter.date.astimezone(ZoneInfo(zone))
