"""How is a question put? A signed link to a form, a reminder, a deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from onboarding.domain.delivery import State, Why
from onboarding.domain.exchange import is_question
from onboarding.domain.forms import Ask, Form
from onboarding.domain.held import MOVE, NO, QUESTION, YES
from onboarding.domain.journey import NEXT, REMINDER, SILENCE, reminder_of
from onboarding.domain.meetings import meeting_of
from onboarding.domain.wording import moment_in_words
from onboarding.services import asked_today, exchanges, giving_way, lists
from onboarding.services.ask_forms import form_of
from onboarding.services.case import Case, Decision, Mail, Skip, Wait
from onboarding.services.passing_on import Asking, closing

AGREE, NOT_NOW = "agree", "not_now"
"""The key of the question whether somebody takes a role, and its second answer; the first one is a yes."""

LEFT_LATE = "the question left late"
"""Why what follows a question moves: nobody is reminded of what was asked a moment ago."""


def decide(case: Case) -> Decision:
    """Put the question, remind of it, or let the role go on when it has closed without an answer."""
    if case.step.tasks:
        return lists.decide(case)
    return giving_way.decide(case) if case.delivery.occasion.endswith(SILENCE) else _put(case)


def _put(case: Case) -> Decision:
    """Open the ask and send its link; a reminder only while it is unanswered and open."""
    is_reminder = case.delivery.occasion.endswith(REMINDER)
    ask = case.books.asks.get(case.delivery.key.removesuffix(REMINDER))
    not_now = (_no_reminder(case, ask) if is_reminder else None) or asked_today.wait_a_day(case)
    if not_now is not None:
        return not_now
    if ask is None or not is_reminder:  # asked again after a refusal, a question has its whole time again
        if case.step.after and meeting_of(case.seen.meetings, case.step.after, case.occasion) is None:
            return Skip(why=Why.NO_MEETING, reason="the meeting it asks about did not come about")
        ask = _open(case)
        _shift(case, REMINDER, _reminds_at(case, case.now))
        if case.step.silence == NEXT:
            _shift(case, SILENCE, _closes_at(case, ask))
    exchanged = is_question(case.delivery.occasion)
    message = reminder_of(case.step) if is_reminder and not exchanged else case.step.subject
    language = case.engine.words.language_of(message, case.delivery.role, case.recipient.language)
    return Mail(
        message=message,
        role=case.delivery.role,
        language=language,
        fields={
            "ask": _fields(case, ask, language),
            "todo": lists.NOTHING,
            **exchanges.words_in_form(case.engine, case.seen, ask, language, again=is_reminder),
        },
        optional=case.step.optional,
    )


def _no_reminder(case: Case, ask: Ask | None) -> Skip | Wait | None:
    """Why nobody is reminded, or not yet."""
    if ask is None or not giving_way.left_or_will(case, ask):
        return Skip(why=Why.ANSWERED, reason="not needed: the question itself was not sent")
    if case.books.asks.answer_to(ask.id) is not None:
        return Skip(why=Why.ANSWERED, reason="not needed: already answered")
    if case.now >= ask.closes_at:
        return Skip(why=Why.TOO_LATE, reason="the question is closed")
    due, grace = _reminds_at(case, ask.opened_at)
    early = due > case.now and not case.delivery.pinned
    return Wait(until=due, grace_until=grace, reason=LEFT_LATE) if early else None


def _open(case: Case) -> Ask:
    ask = case.asking(case.step.subject, case.calendar.add(case.now, case.step.closes_after))
    ask = replace(ask, closes_at=_not_after_leaving(case, ask))
    case.books.asks.open(ask)
    return ask


def _not_after_leaving(case: Case, ask: Ask) -> datetime:
    """Whoever is asked late for words that a mail takes along is not told to have time when it has left."""
    asking = Asking(
        engine=case.engine,
        books=case.books,
        directory=case.directory,
        seen=case.seen,
        ask=ask,
        author=case.recipient,
        now=case.now,
    )
    return closing(asking, form_of(case.engine, case.seen, ask, case.recipient))


def _shift(case: Case, suffix: str, moments: tuple[datetime, datetime]) -> None:
    """What follows an ask that left late comes later, too."""
    row = case.books.deliveries.get(case.delivery.key + suffix)
    if row is None or row.state is not State.PLANNED or row.pinned:
        return
    due, grace = moments
    if due > row.due_at:
        case.books.deliveries.reschedule(row.key, due_at=due, grace_until=grace, reason=LEFT_LATE, now=case.now)


def _closes_at(case: Case, ask: Ask) -> tuple[datetime, datetime]:
    """When a question closes, and the end of the grace in which silence may still give the role to another."""
    return ask.closes_at, case.calendar.add(ask.closes_at, case.step.grace)


def _reminds_at(case: Case, opened: datetime) -> tuple[datetime, datetime]:
    """When a question opened at that moment is followed by its reminder, and the end of its grace."""
    calendar = case.calendar
    after = case.step.remind_after
    due = calendar.next_working(calendar.add(opened, after)) if after else opened
    return due, calendar.add(due, case.step.grace)


def _fields(case: Case, ask: Ask, language: str) -> dict[str, object]:
    form = form_of(case.engine, case.seen, ask, case.recipient, language)
    url = case.engine.links.ask(ask.id, ask.closes_at)
    follows = meeting_of(case.seen.meetings, case.step.after, case.occasion) is not None
    return {
        "url": url,
        **{f"{said}_url": f"{url}?{QUESTION}={said}" if follows else "" for said in (YES, NO, MOVE)},
        **_role_urls(form, url),
        "title": form.title,
        "deadline": moment_in_words(ask.closes_at, case.recipient.time_zone, language),
        "minutes": form.minutes,
        "readers": form.readers,
        **_met(case, language),
    }


def _role_urls(form: Form, url: str) -> dict[str, str]:
    """The form with an answer to the question for a role chosen; empty where it does not ask that."""
    question = next((one for one in form.questions if one.key == AGREE), None)
    known = {option.value for option in question.options} if question else set()
    asked = {YES, NOT_NOW} <= known
    said = {"agree_url": YES, "not_now_url": NOT_NOW}
    return {name: f"{url}?{AGREE}={value}" if asked else "" for name, value in said.items()}


def _met(case: Case, language: str) -> dict[str, object]:
    """Whom and when, for a question that follows a meeting."""
    meeting = meeting_of(case.seen.meetings, case.step.after, case.occasion)
    if meeting is None:
        return {"met": "", "met_on": ""}
    others = [case.seen.cast.people[one].name for one in meeting.people if one != case.recipient.id]
    met_on = moment_in_words(meeting.starts_at, case.recipient.time_zone, language)
    return {"met": ", ".join(others), "met_on": met_on}
