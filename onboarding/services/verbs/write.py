"""What is written to somebody? A message in HR's words, with what people really wrote and chose to share."""

from __future__ import annotations

from collections.abc import Sequence

from onboarding.domain.delivery import Why
from onboarding.domain.errors import BadAddress
from onboarding.domain.exchange import is_card
from onboarding.domain.forms import Ask, Form, Values
from onboarding.domain.mail import Address
from onboarding.domain.passing_on import may_leave, words_in
from onboarding.domain.people import Person, Role
from onboarding.services import cards, exchanges
from onboarding.services.case import Case, Decision, Mail, Skip
from onboarding.services.casting import LIVE
from onboarding.services.fields import base_fields, display_name, person_fields
from onboarding.services.lately import met_lately

SKIP = "skip"


def decide(case: Case) -> Decision:
    """Choose the message; a card of notes without notes becomes HR's other form of it, or is skipped."""
    if is_card(case.delivery.occasion):
        return cards.decide(case)
    step = case.step
    if step.unless_met is not None and not case.delivery.pinned and met_lately(case, step.unless_met):
        return Skip(why=Why.MET, reason=f"not needed: they met or wrote within {step.unless_met}")
    notes = _notes(case) if step.notes_of else []
    message = step.subject
    if step.notes_of and not notes:
        if step.without == SKIP:
            return Skip(why=Why.NO_NOTES, reason="nobody wrote a note")
        message = step.without
    language = case.engine.words.language_of(message, case.delivery.role, case.recipient.language)
    cast = case.seen.cast
    fields: dict[str, object] = {
        "notes": notes,
        "peers": [person_fields(cast.people[one]) for one in cast.ids(Role.PEER)],
        "channels": case.engine.words.channels(case.seen.person.interests),
        "profile": shared_profile(case, language),
        "exchange": exchanges.NOTHING,
    }
    return Mail(
        message=message,
        role=case.delivery.role,
        language=language,
        fields=fields,
        optional=step.optional,
        reply_to=_writer(case, notes),
    )


def _form(case: Case, name: str, language: str) -> Form:
    return case.engine.words.form(name, language, base_fields(case.engine, case.seen, case.recipient, language))


def _writer(case: Case, notes: Sequence[dict[str, object]]) -> Address | None:
    """Who gets the reply to a mail with the words of one person: that person, unless the mail goes to them.

    With the words of several it is the People team, as for all mails: nobody writes to all of them by mistake.
    """
    if len({note["email"] for note in notes}) != 1 or notes[0]["email"] == case.recipient.work_email:
        return None
    try:
        return Address(email=str(notes[0]["email"]), name=display_name(str(notes[0]["name"])))
    except BadAddress:
        return None


def _notes(case: Case) -> list[dict[str, object]]:
    """The notes that people wrote themselves, in the order in which they were asked; nothing else is a note.

    A step that repeats has those of its own occasion only. Until the transaction ends nobody changes these notes
    or takes one back: whoever comes first wins.
    """
    of_hire = case.books.asks.of_hire(case.seen.hire.id)
    mine = [ask for ask in of_hire if not case.step.weeks or ask.occasion == case.occasion]
    asks = {ask.id: ask for ask in mine if ask.step == case.step.notes_of}
    case.books.asks.hold(asks)
    answers = case.books.asks.answers_of_hire(case.seen.hire.id)
    notes: list[dict[str, object]] = []
    for ask_id, ask in asks.items():
        author = case.directory.get(ask.person_id)
        if ask_id not in answers or author is None or not author.active:
            continue
        if text := note_in(case, ask, author, answers[ask_id].values):
            notes.append({**person_fields(author), "team": author.team, "text": text})
    return notes


def note_in(case: Case, ask: Ask, author: Person, values: Values) -> str:
    """What the mail of a case passes on of the answers to an ask; "" when it passes on nothing."""
    questions = _form(case, ask.form, author.language).questions
    if _gave_way(case, ask) or _about_another(case, ask) or not may_leave(questions, values):
        return ""
    return words_in(questions, values)


def _gave_way(case: Case, ask: Ask) -> bool:
    """Whether an introduction to somebody would bring the words of who had the role before them."""
    return ask.role in case.step.needs and ask.person_id not in case.seen.cast.ids(ask.role, ask.occasion)


def _about_another(case: Case, ask: Ask) -> bool:
    """Whether the newcomer wrote of somebody who has had the role before: nobody reads words meant for another."""
    if ask.role != Role.HIRE:
        return False
    return any(
        one.role in case.step.needs and one.state in LIVE and one.made_at >= ask.opened_at
        for one in case.books.pairings.of_hire(case.seen.hire.id)
    )


def shared_profile(case: Case, language: str) -> list[dict[str, object]]:
    """What the hire chose to share about themselves: answered questions marked `share`, and nothing else."""
    answers = case.books.asks.answers_of_hire(case.seen.hire.id)
    shared: list[dict[str, object]] = []
    for ask in case.books.asks.of_hire(case.seen.hire.id):
        if ask.person_id != case.seen.hire.id or ask.id not in answers:
            continue
        for question in _form(case, ask.form, language).questions:
            said = question.shown(answers[ask.id].values.get(question.key))
            if question.share and not question.private and said:
                shared.append({"question": question.label, "answer": said})
    return shared
