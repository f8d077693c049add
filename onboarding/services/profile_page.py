"""What do colleagues see about somebody, from where do we know it, and who of them sees it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from onboarding.domain.delivery import GONE
from onboarding.domain.errors import BadWords, NotFound
from onboarding.domain.facts import applies
from onboarding.domain.languages import of_page
from onboarding.domain.people import Hire, HireState, Person, Role
from onboarding.domain.preferences import COFFEE, Teller
from onboarding.domain.profile import CALLED, INTERESTS, LANGUAGES, is_shared
from onboarding.domain.readers import About, readers_of_newcomer, told_of_colleagues
from onboarding.domain.wording import day_in_words, moment_in_words, zone_in_words
from onboarding.ports import Books
from onboarding.services import profiles
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.fields import base_fields
from onboarding.services.round_answers import form_fields
from onboarding.services.situations import situation

COFFEE_MESSAGE = "coffee_round"
FAMILY_NAME = "last_name"
"""What of a name the HR system says, where somebody said themselves how they are called."""

IN_COFFEES, NEWCOMERS = "coffee", "newcomer"
"""Readers who have no role for somebody: people of a coffee round; newcomers whom they are introduced to."""


class Source(StrEnum):
    """From where we know something."""

    FORM = "form"  # they answered a question
    PAGE = "page"  # they said it on a page of theirs
    RECORD = "record"  # HR's systems say it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who sees something: a role, `coffee` or `newcomer`; `sent` says that a mail with it has left."""

    role: str
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that colleagues see; `text` is in the language of its owner, `label` the question or "".

    `language` is that of the label. `about` is the kind of what HR's systems say, `question` the key of an answer
    that can be taken back. `used` says that it also counts when people are matched.
    """

    text: str
    source: Source
    readers: tuple[Reader, ...]
    label: str = ""
    language: str = ""
    about: str = ""
    question: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the page shows. `form` is where the answers can be changed, "" when it is closed; `closes` says when.

    `begun` says that something was written and not sent, `can_take_back` that there is something to take back,
    `left` that the person is not with the company any more, `old` that the link shows nothing of all this.
    """

    person: Person
    language: str
    facts: tuple[Fact, ...]
    photo: tuple[Reader, ...]
    link: str
    preferences: str
    form: str = ""
    closes: str = ""
    begun: bool = False
    can_take_back: bool = False
    left: bool = False
    old: bool = False
    may_add: bool = True


def open_profile(engine: Engine, token: str, now: datetime) -> Profile:
    """What to show for a link; changes nothing. An old link shows nothing but that all can be taken back.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the person is not known.
    """
    person_id, until = engine.links.read_old_profile(token)
    link = engine.links.profile(person_id, until)
    with engine.store.read() as books:
        directory = Directory(books)
        person = directory.get(person_id)
        if person is None:
            raise NotFound("this person is not known any more")
        if now >= until or not person.active:
            return _own(engine, books, person, link, old=now >= until)
        hire = books.hires.get(person_id)
        if hire is None or hire.state is HireState.WITHDRAWN:
            return _of_colleague(engine, books, person, link, now)
        try:
            return _of_newcomer(engine, books, directory, hire, person, link, now)
        except BadWords:  # the review names the slip; what is theirs they see and take back all the same
            return _own(engine, books, person, link)


def _own(engine: Engine, books: Books, person: Person, link: str, *, old: bool = False) -> Profile:
    """What somebody told, with nobody but HR to read it: of whoever has left, or while nothing can leave."""
    kept = profiles.kept(engine, books, person)
    return Profile(
        person=person,
        language=person.language,
        facts=() if old else tuple(_told(engine, books, person)),
        photo=(Reader(role=Role.HR),),
        link=link,
        preferences=engine.links.preferences(person.id),
        begun=kept.begun,
        can_take_back=kept.anything,
        old=old,
        left=not person.active,
        may_add=False,
    )


def _told(engine: Engine, books: Books, person: Person) -> Iterator[Fact]:
    """Their answers, as far as their forms can be read."""
    answers = books.asks.answers_of_hire(person.id)
    for ask, written in profiles.asked(engine, books, person):
        given = answers[ask.id].values if ask.id in answers else {}
        with suppress(BadWords):
            form = engine.words.form(written.name, person.language, form_fields(engine, person))
            for question in form.questions:
                if said := question.shown(given.get(question.key)):
                    yield Fact(
                        text=said,
                        source=Source.FORM,
                        label=question.label,
                        language=form.language,
                        question=question.key if is_shared(question) else "",
                        readers=(Reader(role=Role.HR),),
                    )


def _of_colleague(engine: Engine, books: Books, person: Person, link: str, now: datetime) -> Profile:
    """Newcomers read about their colleagues."""
    steps = engine.words.journey(engine.company.journey).steps
    told = told_of_colleagues(steps, engine.words.fields_in_message)
    who = {about: (Reader(role=Role.HR), Reader(role=NEWCOMERS)) for about in told}
    kept = profiles.kept(engine, books, person)
    return Profile(
        person=person,
        language=person.language,
        facts=(*_told(engine, books, person), *_of_record(books, person, who, now)),
        photo=who.get(About.PHOTO, (Reader(role=Role.HR),)),
        link=link,
        preferences=engine.links.preferences(person.id),
        begun=kept.begun,
        can_take_back=kept.anything,
        may_add=engine.pictures is not None,
    )


def _of_newcomer(
    engine: Engine, books: Books, directory: Directory, hire: Hire, person: Person, link: str, now: datetime
) -> Profile:
    seen = situation(engine, books, directory, hire, now)
    steps = [step for step in seen.journey.steps if applies(step, person)]
    roles = readers_of_newcomer(steps, engine.words.fields_in_message, engine.words.fields_in_form)
    sent = _sent(books, hire)
    who = {about: tuple(_readers(roles.get(about, {}), sent)) for about in About}
    if _in_coffees(books, person):
        uses = engine.words.fields_in_message(COFFEE_MESSAGE, Role.PARTNER)
        for about, path in ((About.NAME, "other.name"), (About.INTERESTS, "coffee.together")):
            who[about] += (Reader(role=IN_COFFEES),) if path in uses else ()
    fields = base_fields(engine, seen, person, person.language)
    answers = books.asks.answers_of_hire(person.id)
    facts: list[Fact] = []
    form, closes = "", ""
    for ask, written in profiles.asked(engine, books, person):
        if now < ask.closes_at:
            form = engine.links.ask(ask.id, ask.closes_at)
            closes = moment_in_words(ask.closes_at, person.time_zone, of_page(person.language))
        given = answers[ask.id].values if ask.id in answers else {}
        form_of = engine.words.form(written.name, person.language, fields)
        for question in form_of.questions:
            said = question.shown(given.get(question.key))
            if said and is_shared(question):
                facts.append(
                    Fact(
                        text=said,
                        source=Source.FORM,
                        label=question.label,
                        language=form_of.language,
                        question=question.key,
                        readers=_of_answer(question.key, person, who),
                        used=question.key in (INTERESTS, LANGUAGES),
                    )
                )
    kept = profiles.kept(engine, books, person)
    return Profile(
        person=person,
        language=person.language,
        facts=(*facts, *_of_record(books, person, who, now)),
        photo=who[About.PHOTO],
        link=link,
        preferences=engine.links.preferences(person.id),
        form=form,
        closes=closes,
        begun=kept.begun,
        can_take_back=kept.anything,
        may_add=engine.pictures is not None,
    )


def _of_answer(key: str, person: Person, who: Mapping[About, tuple[Reader, ...]]) -> tuple[Reader, ...]:
    """Readers of an answer; a name is in every mail about them, and interests in what is said in common, too."""
    if key == CALLED and person.shared.called:
        return who[About.NAME]
    return _joined(who[About.ANSWERS], who[About.INTERESTS] if key == INTERESTS else ())


def _joined(*several: tuple[Reader, ...]) -> tuple[Reader, ...]:
    sent: dict[str, bool] = {}
    for reader in (one for readers in several for one in readers):
        sent[reader.role] = sent.get(reader.role, False) or reader.sent
    return tuple(Reader(role=role, sent=done) for role, done in sent.items())


def _sent(books: Books, hire: Hire) -> frozenset[tuple[str, str]]:
    """The step and role of every mail that has left, or may have."""
    return frozenset((one.step, one.role) for one in books.deliveries.of_hire(hire.id) if one.state in GONE)


def _readers(roles: Mapping[str, frozenset[str]], sent: frozenset[tuple[str, str]]) -> Iterator[Reader]:
    """HR, who reads everything, then the roles in their usual order."""
    yield Reader(role=Role.HR)
    for role in Role:
        if role in roles and role is not Role.HR:
            yield Reader(role=role, sent=any((key, role) in sent for key in roles[role]))


def _in_coffees(books: Books, person: Person) -> bool:
    said = books.preferences.get(person.id)
    return not person.opted_out and COFFEE in said.opted_in - said.opted_out


def _of_record(
    books: Books, person: Person, who: Mapping[About, tuple[Reader, ...]], now: datetime
) -> Iterator[Fact]:
    """What HR's systems say, as far as anybody reads it; interests may be of the page of preferences."""
    start = day_in_words(person.start_date, of_page(person.language)) if person.start_date else ""
    here = ZoneInfo(person.time_zone)
    zone = zone_in_words(now.astimezone(here), person.time_zone, of_page(person.language))
    known = (
        (About.NAME, person.last_name if person.shared.called else person.name),
        (About.JOB, person.job_title),
        (About.DEPARTMENT, person.department),
        (About.TEAM, person.team),
        (About.LOCATION, person.location),
        (About.START, start),
        (About.EMAIL, person.work_email or person.personal_email),
        (About.TIME_ZONE, zone),
        (About.INTERESTS, ", ".join(person.interests)),
    )
    for about, text in known:
        if text and about in who:
            source = Source.PAGE if about is About.INTERESTS and _said_on_page(books, person) else Source.RECORD
            yield Fact(
                text=text,
                source=source,
                about=FAMILY_NAME if about is About.NAME and person.shared.called else about.value,
                readers=who[about],
                used=about is About.INTERESTS,
            )


def _said_on_page(books: Books, person: Person) -> bool:
    return any(
        INTERESTS in one.fields and one.changed_by is Teller.PERSON for one in books.preferences.history(person.id)
    )
