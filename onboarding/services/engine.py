"""What does every use case work with? The ports and what the company said, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b, sha256

from onboarding.domain.calendars import Calendar
from onboarding.domain.errors import BadWords
from onboarding.domain.mail import Address
from onboarding.domain.people import Person
from onboarding.domain.scim.agreement import Scim
from onboarding.ports import (
    Alarms,
    Links,
    Mailbox,
    Mailer,
    MailNews,
    Pictures,
    ReplyDoor,
    Roster,
    Served,
    Source,
    Store,
    Words,
)
from onboarding.services.counting import Counts

HR_ID = "hr"
"""The id that HR has as a recipient: not a person of the directory."""

IT_ID = "it"
"""The same for IT, where the company has an address for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a company says of itself.

    `time_zone`, `language` and the days off of `country` and its `subdivision` are those of HR, of IT, and of an
    address that HR names without its own. Without `it_email` HR has the role of IT.

    `escalation_email` is told when HR does not say that somebody takes care of what needs a human; may be "".

    `video_key` is secret: from it and the id of a meeting follows the room of its call.
    """

    name: str
    hr_email: str
    it_email: str = ""
    sender: Address
    public_url: str = "http://127.0.0.1:8400"
    video_url: str = ""
    video_key: str = field(default="", repr=False)
    time_zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    language: str = "en"
    journey: str = "remote"
    escalation_email: str = ""

    def video_of(self, meeting_id: str) -> str:
        """Where a meeting is held, "" without video calls.

        The ids of meetings follow from those of hires and rounds, which strangers can guess; their rooms do not.
        """
        key = sha256(self.video_key.encode()).digest()
        room = blake2b(meeting_id.encode(), key=key, digest_size=10).hexdigest()
        return self.video_url.replace("{meeting}", room)

    @property
    def hr(self) -> Person:
        """HR as a recipient."""
        return Person(
            id=HR_ID,
            first_name="People Team",
            work_email=self.hr_email,
            time_zone=self.time_zone,
            country=self.country,
            subdivision=self.subdivision,
            language=self.language,
        )

    @property
    def it(self) -> Person:
        """IT as a recipient."""
        return replace(self.hr, id=IT_ID, first_name="IT", work_email=self.it_email)

    @property
    def desks(self) -> Mapping[str, Person]:
        """Who is written to and is no person of the directory, by id."""
        return {HR_ID: self.hr, IT_ID: self.it}


@dataclass(slots=True)
class Woken:
    """The newest alarm for an enrolment that this process knows to be set: in a burst nobody asks for it again."""

    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Everything a use case needs; built once by `onboarding.bootstrap`.

    `paths` maps a source to the secrets in which its address may end, `rosters` a source to how it is asked for
    everybody. `calendars` are asked in their order for who is busy: the first that serves somebody is theirs.
    Without `pictures` nobody can add a photo.
    """

    store: Store
    words: Words
    mailer: Mailer
    alarms: Alarms
    links: Links
    company: Company
    sources: Mapping[str, Source] = field(default_factory=dict)
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rosters: Mapping[str, Roster] = field(default_factory=dict)
    mail_news: MailNews | None = None
    counts: Counts = field(default_factory=Counts)
    woken: Woken = field(default_factory=Woken)
    scim: Scim | None = None
    reply_door: ReplyDoor | None = None
    mailbox: Mailbox | None = None
    calendars: Sequence[Served] = ()
    pictures: Pictures | None = None

    def calendar_of(self, person: Person) -> Calendar:
        """Their calendar with the days of their office; without these while HR's file of offices is unreadable.

        Plans of hires wait for a file that can be read (`services.situations`), and the review names its slips.
        """
        try:
            return self.words.offices().calendar_of(person)
        except BadWords:
            return Calendar.of(person)

    def close(self) -> None:
        """Write the last counts, and give connections back."""
        self.counts.write(self.store)
        self.mailer.close()
        if self.mailbox is not None:
            self.mailbox.close()
        for one in self.calendars:
            one.calendars.close()
        self.store.close()
