"""A company in which colleagues write to a newcomer: what tests of words that are passed on play with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import Delivery
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.mail import Letter
from onboarding.domain.people import Person
from onboarding.ports import Mailer, Store
from onboarding.services.answering import AskView, answer, open_ask, take_back
from tests.exchanging import short_words
from tests.worlds import BERLIN, MANILA, World, at, person, world

STEPS = (
    *("profile", "peers", "welcome_notes", "welcome_card", "buddy", "buddy_yes", "buddy_introduction"),
    *("first_item", "pair_introduction", "buddy_words", "buddy_thanks"),
)
ASKED = "2026-12-21 12:00"
"""When the colleagues and the buddy have been asked, and have time."""

EVE = "2027-01-04 00:00"
"""When the forms have closed, an hour before the card."""

FIRST_DAY = "2027-01-04 01:00"
"""When the card leaves: nine in Manila."""


def people() -> list[Person]:
    """The newcomer's manager, and four colleagues with the same hours, of whom one becomes the buddy."""
    team = {"team": "Harbour", "job_title": "Engineer", "manager_id": "boss"}
    return [
        person("boss", MANILA),
        *(person(name, MANILA, **team) for name in ("ada", "bo", "cy", "di", "eli")),
        person("far", BERLIN),
    ]


def journey(folder: Path) -> FolderWords:
    """The shipped words, with a journey of those steps alone that pass words on."""
    return short_words(folder / "templates", STEPS)


@dataclass
class Noted:
    """The company after the questions were put."""

    world: World

    def ask(self, step: str = "welcome_notes", role: str = "peer", number: int = 0) -> Ask:
        """What somebody was asked."""
        with self.world.engine.store.read() as books:
            found = [one for one in books.asks.of_hire("n1") if (one.step, one.role) == (step, role)]
        return found[number]

    def token(self, ask: Ask) -> str:
        """What stands in the link that they got."""
        return self.world.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]

    def see(self, ask: Ask) -> AskView:
        """What the link shows now."""
        return open_ask(self.world.engine, self.token(ask), self.world.now)

    def write(self, ask: Ask, **values: str) -> AskView:
        """Send the form."""
        raw = {key: [value] for key, value in values.items()}
        return answer(self.world.engine, self.token(ask), raw, self.world.now)

    def take_back(self, ask: Ask) -> AskView:
        """Press the button."""
        return take_back(self.world.engine, self.token(ask), self.world.now)

    def kept(self, ask: Ask) -> Answer | None:
        """What is remembered of the answer."""
        with self.world.engine.store.read() as books:
            return books.asks.answer_to(ask.id)

    def row(self, step: str = "welcome_card", role: str = "hire") -> Delivery:
        """A delivery that takes words along."""
        return self.world.row(step, role)

    def letter(self, step: str = "welcome_card", role: str = "hire") -> Letter:
        """The mail that left."""
        number = self.row(step, role).number
        (found,) = [one for one in self.world.mail.letters if one.number == number]
        return found

    def leaves_now(self, step: str) -> None:
        """Send a mail sooner than it was planned, a minute later."""
        world, row = self.world, self.row(step)
        world.now += timedelta(minutes=1)
        with world.engine.store.begin() as books:
            books.deliveries.reschedule(
                row.key, due_at=world.now, grace_until=row.grace_until, reason="sooner", now=world.now
            )
            books.deliveries.pin(row.key)
        world.run()

    def until(self, moment: str) -> None:
        """Live on."""
        self.world.walk_to(at(moment))


@contextmanager
def noted(
    words: FolderWords, until: str = ASKED, *, store: Store | None = None, mailer: Mailer | None = None
) -> Iterator[Noted]:
    """The company on the day on which the colleagues have been asked."""
    with world(people=people(), words=words, store=store, mailer=mailer) as here:
        here.enrol(manager_id="boss", team="Harbour")
        here.walk_to(at(until))
        yield Noted(world=here)


@contextmanager
def like(first: Noted, *, mailer: Mailer | None = None) -> Iterator[Noted]:
    """The same company once more, as it stands, for a test that changes it: living it again takes longer."""
    store = SqlStore("sqlite://")
    with closing(_driver(first.world.engine.store)) as old, closing(_driver(store)) as new:
        old.driver_connection.backup(new.driver_connection)
    with world(people=[], words=first.world.engine.words, store=store, mailer=mailer) as here:
        here.now = first.world.now
        yield Noted(world=here)


def _driver(store: Store) -> Any:
    """The connection of the one database in memory."""
    assert isinstance(store, SqlStore)
    return store._writing.raw_connection()
