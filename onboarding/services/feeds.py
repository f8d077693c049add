"""Which meetings stand in the calendar feed of a person, and at which secret address is it?"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from onboarding.domain.coffee import day_of
from onboarding.domain.errors import BadLink, BadWords, Expired, NotFound
from onboarding.domain.feed import Entry, feed
from onboarding.domain.meetings import WITHOUT_A_TIME, Meeting
from onboarding.domain.people import Person
from onboarding.ports import Books
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)


def read_feed(engine: Engine, token: str) -> bytes:
    """All meetings of ours in which a person takes part, as a calendar; no exchange of written answers.

    Raises:
        BadLink: the address is forged, damaged, or was replaced by a new one.
        NotFound: the person is not known.
        Expired: the person has left.
    """
    person_id, version = engine.links.read_calendar(token)
    with engine.store.read() as books:
        if books.feeds.version(person_id) != version:
            raise BadLink("this address was replaced by a new one")
        directory = Directory(books)
        person = _here(directory.get(person_id))
        timed = [one for one in books.meetings.of_person(person_id) if one.state not in WITHOUT_A_TIME]
        entries = [_entry(engine, books, directory, person, one) for one in timed]
    return feed(engine.company.name, entries)


def address(engine: Engine, books: Books, person_id: str) -> str:
    """The address of somebody's feed that is good now."""
    return engine.links.calendar(person_id, books.feeds.version(person_id))


def renew(engine: Engine, token: str, now: datetime) -> str:
    """Give somebody's feed a new address, for the token of their preferences; the one before shows nothing more.

    Returns the address of their preferences.

    Raises:
        BadLink, NotFound, Expired: as `read_feed`.
    """
    person_id = engine.links.read_preferences(token)
    with engine.store.begin() as books:
        _here(books.people.get(person_id))
        books.feeds.renew(person_id, now)
    log.info("feed.renewed", extra={"person": person_id})
    return engine.links.preferences(person_id)


def _here(person: Person | None) -> Person:
    if person is None:
        raise NotFound("this person is not known any more")
    if not person.active:
        raise Expired("this person has left")
    return person


def _entry(engine: Engine, books: Books, directory: Directory, person: Person, meeting: Meeting) -> Entry:
    others = [
        one for each in meeting.people if each != person.id and (one := somebody(engine.company, directory, each))
    ]
    names = ", ".join(one.name for one in (person, *others))
    return Entry(
        meeting=meeting,
        summary=_summary(engine, books, meeting, person.language, names),
        location=engine.company.video_of(meeting.id),
    )


def _summary(engine: Engine, books: Books, meeting: Meeting, language: str, names: str) -> str:
    """As its invitation has it; with the name of its step where HR's words cannot be read, or have it no more."""
    with suppress(BadWords):
        if day_of(meeting.hire_id):
            return engine.words.conversation(language).coffee.title.format(names=names)
        hire = books.hires.get(meeting.hire_id)
        step = engine.words.journey(hire.journey).step(meeting.step) if hire else None
        if step is not None:
            return f"{step.title_in(language)}: {names}"
    return f"{meeting.step.replace('_', ' ')}: {names}"
