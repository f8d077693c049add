"""What does somebody tell of themselves, and how do they take it back, everywhere at once?"""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.errors import BadWords
from onboarding.domain.forms import Ask, Form, Value
from onboarding.domain.named_likings import compared
from onboarding.domain.people import NOTHING_SHARED, HireState, Person, Shared
from onboarding.domain.profile import INTERESTS, USED, interests_of, is_profile, is_shared, used_of
from onboarding.ports import Books
from onboarding.services import liked
from onboarding.services.directory import Directory
from onboarding.services.editions import ANSWER_TAKEN_BACK, DRAFT_TAKEN_BACK, FORGOTTEN
from onboarding.services.engine import Engine
from onboarding.services.planning import replan

log = logging.getLogger(__name__)

EVERYTHING, PHOTO = "", "*photo"
"""What may be taken back, beside the answer to one question, which is named by its key; no key is like these."""

PROFILE = "profile"
"""The shipped form: it stays one about the newcomer whatever HR has taken out of it since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Whether there is something that somebody has told of themselves, a photo among it, or begun to tell."""

    told: bool
    begun: bool

    @property
    def anything(self) -> bool:
        """Whether there is anything to take back."""
        return self.told or self.begun


def is_own(ask: Ask, form: Form) -> bool:
    """Whether a form asks newcomers about themselves, for colleagues to read."""
    return ask.person_id == ask.hire_id and is_profile(form)


def asked(engine: Engine, books: Books, person: Person) -> list[tuple[Ask, Form]]:
    """The forms in which somebody was asked about themselves, the oldest first, as HR wrote them.

    One that cannot be read now is left out: a slip in one file must not stop the answers to all others.
    """
    found: list[tuple[Ask, Form]] = []
    for ask in _of_oneself(books, person):
        with suppress(BadWords):
            found.append((ask, engine.words.form_as_written(ask.form, person.language)))
    return [(ask, form) for ask, form in found if is_own(ask, form)]


def _of_oneself(books: Books, person: Person) -> list[Ask]:
    return [ask for ask in books.asks.of_hire(person.id) if ask.person_id == person.id]


def learn(engine: Engine, books: Books, directory: Directory, ask: Ask, person: Person, now: datetime) -> None:
    """Use what a hire has just answered about themselves: their name in mails, languages and interests in matches.

    It is kept beside what HR's systems say, so that it can be taken back.
    """
    own = asked(engine, books, person) if ask.person_id == ask.hire_id else []
    if ask.id not in [one.id for one, _ in own]:
        return
    given = books.asks.answers_of_hire(person.id)
    answered = sorted(
        ((given[one.id].answered_at, one.id, form) for one, form in own if one.id in given), key=lambda it: it[:2]
    )
    told = used_of(((form, given[ask_id].values) for _, ask_id, form in answered), person)
    if told != person.shared:
        directory.share(replace(person, shared=told), now)
    liked.forget(books, replace(person, shared=told), _ever_liked(books, person))


def take_back(engine: Engine, token: str, what: str, now: datetime) -> bool:
    """Take back what somebody told of themselves: all of it, their photo, or the answer to one question.

    Answers are gone from every version, and with them what was learnt from them: the name in mails, and interests
    and languages that HR's systems do not know. Reasons for matches name these interests no more. Whatever leaves
    from now on is without it: a mail that is just being prepared is waited for, and others wait. Returns whether
    there was anything. A link that is too old to show anything still does this.

    Raises:
        BadLink: the link is forged or damaged.
    """
    person_id, _ = engine.links.read_old_profile(token)
    with engine.store.begin() as books:
        books.pairings.hold(alone=True)
        directory = Directory(books)
        person = directory.get(person_id)
        if person is None:
            return False
        gone = what in (EVERYTHING, PHOTO) and books.photos.forget(person_id)
        if what != PHOTO:
            gone = _forget_answers(engine, books, directory, person, what, now) or gone
    log.info("profile.taken_back", extra={"person": person_id, "all": what == EVERYTHING, "gone": gone})
    return gone


def unlike(engine: Engine, books: Books, person: Person, kept: Collection[str], now: datetime) -> None:
    """Take out of what somebody answered about themselves the interests that they have taken away elsewhere.

    `person` is as they were before, `kept` which of their shared interests are left.
    """
    still = {compared(one) for one in kept}
    gone = {compared(one) for one in person.shared.interests} - still
    for ask, _ in asked(engine, books, person) if gone else ():
        given = books.asks.answer_to(ask.id)
        told = given.values.get(INTERESTS) if given else None
        left = [one for one in interests_of(told) if compared(one) not in gone]
        if given is None or told is None or len(left) == len(interests_of(told)):
            continue
        books.asks.take_back(ask.id, [INTERESTS], now)
        books.deliveries.remark(ask.id, ANSWER_TAKEN_BACK, now)
        if left:
            draft = books.asks.draft_of(ask.id)
            own: Value = left if isinstance(told, list) else ", ".join(left)
            books.asks.answer(ask.id, {**given.values, INTERESTS: own}, now)
            if draft is not None:
                books.asks.keep_draft(draft)


def forget(engine: Engine, books: Books, directory: Directory, person: Person, now: datetime) -> bool:
    """Delete all that somebody told of themselves, as if they took it back; False when there was nothing."""
    books.pairings.hold(alone=True)
    gone = books.photos.forget(person.id)
    return _forget_answers(engine, books, directory, person, EVERYTHING, now, because=FORGOTTEN) or gone


def _forget_answers(
    engine: Engine,
    books: Books,
    directory: Directory,
    person: Person,
    question: str,
    now: datetime,
    *,
    because: str = "",
) -> bool:
    own = _about_oneself(engine, books, person, question)
    books.asks.hold(own)
    ever = _ever_liked(books, person) if question in (EVERYTHING, INTERESTS) else frozenset()
    keys = None if question == EVERYTHING else [question]
    taken = {ask_id: books.asks.take_back(ask_id, keys, now) for ask_id in own}
    taken_back = [(ask_id, what) for ask_id, what in taken.items() if what.anything]
    for ask_id, what in taken_back:
        books.deliveries.remark(ask_id, because or (ANSWER_TAKEN_BACK if what.noted else DRAFT_TAKEN_BACK), now)
    left = _without(person, question)
    if left != person.shared:
        directory.share(replace(person, shared=left), now)
    liked.forget(books, replace(person, shared=left), ever)
    hire = books.hires.get(person.id)
    if hire is not None and hire.state is HireState.ACTIVE and left != person.shared:
        with suppress(BadWords):  # a slip in HR's journey is no reason to keep anything
            replan(engine, books, directory, hire, now=now, because="the newcomer took something back")
    return bool(taken_back) or left != person.shared


def _about_oneself(engine: Engine, books: Books, person: Person, question: str) -> list[str]:
    """The asks in which somebody told of themselves: all, or those that put a question.

    Where HR has rewritten the shipped form, or it cannot be read: what was told is theirs all the same.
    """
    own = [
        ask.id
        for ask, form in asked(engine, books, person)
        if question == EVERYTHING or question in [one.key for one in form.questions if is_shared(one)]
    ]
    shipped = [ask.id for ask in _of_oneself(books, person) if ask.form == PROFILE and ask.id not in own]
    if question == EVERYTHING or any(question in _given(books, ask_id) for ask_id in shipped):
        own += shipped
    return own


def kept(engine: Engine, books: Books, person: Person) -> Kept:
    """What there is of somebody that they can take back."""
    own = _about_oneself(engine, books, person, EVERYTHING)
    answers = (books.asks.answer_to(ask_id) for ask_id in own)
    return Kept(
        told=any(one is not None and one.values for one in answers) or person.shared != NOTHING_SHARED,
        begun=any(books.asks.draft_of(ask_id) for ask_id in own),
    )


def _given(books: Books, ask_id: str) -> Collection[str]:
    """The keys of the questions that were answered, or begun and not sent."""
    answer, draft = books.asks.answer_to(ask_id), books.asks.draft_of(ask_id)
    return {*(answer.values if answer else ()), *(draft.values if draft else ())}


def _without(person: Person, question: str) -> Shared:
    gone = {name: type(getattr(person.shared, name))() for name in USED if question in (EVERYTHING, name)}
    return replace(person.shared, **gone)


def _ever_liked(books: Books, person: Person) -> frozenset[str]:
    """Every interest in any version of what somebody answered about themselves, and what counts of it now."""
    answers = (one for ask in _of_oneself(books, person) for one in books.asks.versions(ask.id))
    told = (one for answer in answers for one in interests_of(answer.values.get(INTERESTS)))
    return frozenset((*told, *person.shared.interests))
