"""How does somebody leave every optional mail and programme at once, and come back?"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from onboarding.domain.errors import NotFound
from onboarding.domain.people import Person
from onboarding.domain.preferences import ROLES, Teller
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.planning import replan_touched
from onboarding.services.preferring import keep

log = logging.getLogger(__name__)


def is_opted_out(engine: Engine, token: str) -> bool:
    """Whether the person of a link gets no optional mails.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the person is not known any more.
    """
    with engine.store.read() as books:
        return _of_link(engine, books, token).opted_out


def set_opted_out(engine: Engine, token: str, now: datetime, *, out: bool) -> None:
    """Leave every optional mail and every programme, or come back to those that were left.

    Hires for whom they were only pencilled in get others.

    Raises:
        BadLink, NotFound: as `is_opted_out`.
    """
    with engine.store.begin() as books:
        books.preferences.hold()
        directory = Directory(books)
        person = _of_link(engine, books, token)
        said = directory.preferences_of(person.id)
        if not out and said.opted_out >= frozenset(ROLES):
            said = replace(said, opted_out=said.opted_out - frozenset(ROLES))  # whoever comes back takes part
        if keep(directory, replace(person, opted_out=out), said, by=Teller.PERSON, now=now):
            replan_touched(engine, books, directory, {person.id}, now)
    log.info("person.opted_out" if out else "person.opted_in", extra={"person": person.id})


def _of_link(engine: Engine, books: Books, token: str) -> Person:
    person = books.people.get(engine.links.read_unsubscribe(token))
    if person is None:
        raise NotFound("this person is not known any more")
    return person
