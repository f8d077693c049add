"""What does the engine need from the world? Protocols whose docstrings are the contract.

Every adapter passes the suite of its port in `tests/ports/`. All moments are aware and in UTC.
"""

from __future__ import annotations

from onboarding.ports.alarms import Alarms
from onboarding.ports.calendars import BusyBook, FreeBusy, Served
from onboarding.ports.coffee import CoffeeBook
from onboarding.ports.events import Events, Tallies
from onboarding.ports.ledger import Deliveries
from onboarding.ports.links import Links
from onboarding.ports.mailer import Mailer, MailNews
from onboarding.ports.people import Accounts, Hires, Identities, LeaverBook, People, PhotoBook, PreferenceBook
from onboarding.ports.pictures import Pictures
from onboarding.ports.plans import AlarmBook, Asks, Feeds, Meetings, Pairings, Ticks
from onboarding.ports.replies import Mailbox, ReplyBook, ReplyDoor
from onboarding.ports.sources import Roster, Source
from onboarding.ports.store import Books, Store
from onboarding.ports.words import Words

__all__ = [
    "Accounts",
    "AlarmBook",
    "Alarms",
    "Asks",
    "Books",
    "BusyBook",
    "CoffeeBook",
    "Deliveries",
    "Events",
    "Feeds",
    "FreeBusy",
    "Hires",
    "Identities",
    "LeaverBook",
    "Links",
    "MailNews",
    "Mailbox",
    "Mailer",
    "Meetings",
    "Pairings",
    "People",
    "PhotoBook",
    "Pictures",
    "PreferenceBook",
    "ReplyBook",
    "ReplyDoor",
    "Roster",
    "Served",
    "Source",
    "Store",
    "Tallies",
    "Ticks",
    "Words",
]
