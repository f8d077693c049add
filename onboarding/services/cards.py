"""What does somebody get at the end of an exchange? The words that the others really wrote, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from onboarding.domain.delivery import Why
from onboarding.domain.exchange import (
    Part,
    card_due,
    exchange_of,
    open_longer,
    others,
    part_named,
    question_occasion,
)
from onboarding.domain.forms import Ask
from onboarding.services import exchanges
from onboarding.services.ask_forms import form_of
from onboarding.services.case import Case, Decision, Mail, Skip, Wait
from onboarding.services.fields import person_fields


def decide(case: Case) -> Decision:
    """Send what the others wrote, when everybody has written or had the time; nothing when nobody did."""
    parts = exchanges.parts(case.books, case.seen, case.step.key, case.occasion)
    me = part_named(parts, case.recipient.id)
    if me is None:
        return Skip(why=Why.PLAN, reason="the exchange was given up")
    due = card_due(parts, me)
    if due > case.now and not case.delivery.pinned:
        grace = case.calendar.add(due, case.step.grace)
        return Wait(until=due, grace_until=grace, reason="there is still time to write")
    language = case.engine.words.language_of(case.step.subject, case.delivery.role, case.recipient.language)
    rest = others(parts, me.person_id)
    lines = {one.person_id: _words(case, one, language) for one in rest}
    silent = [one.person_id for one in rest if not lines[one.person_id]]
    if len(silent) == len(rest):
        return Skip(why=Why.NO_NOTES, reason=_nobody(me, silent))
    fields = {
        **exchanges.NOTHING,
        "others": _called(case, [one.person_id for one in rest if one.person_id not in silent]),
        "lines": [line for one in rest for line in lines[one.person_id]],
        "silent": _called(case, silent),
        "url": _open_again(case, parts, me),
    }
    return Mail(message=case.step.subject, role=case.delivery.role, language=language, fields={"exchange": fields})


def _nobody(me: Part, silent: Sequence[str]) -> str:
    return f"{', '.join(silent)} did not write" if me.answered_at is not None else "nobody wrote"


def _called(case: Case, people: Sequence[str]) -> str:
    return ", ".join(case.seen.cast.people[one].called for one in people)


def _ask_of(case: Case, part: Part) -> Ask | None:
    exchange = exchange_of(case.seen.meetings, case.step.key, case.occasion)
    if exchange is None:
        return None
    occasion = question_occasion(exchange, part.person_id)
    return case.books.asks.get(f"{case.seen.hire.id}/{case.step.key}/{part.role}/{part.person_id}/{occasion}")


def _words(case: Case, part: Part, language: str) -> list[dict[str, object]]:
    """What somebody answered, question by question in the reader's language; private answers are not passed on."""
    ask = _ask_of(case, part)
    answer = case.books.asks.answer_to(ask.id) if ask else None
    author = case.directory.get(part.person_id)
    if ask is None or answer is None or author is None:
        return []
    lines: list[dict[str, object]] = []
    for question in form_of(case.engine, case.seen, ask, author, language).questions:
        said = question.shown(answer.values.get(question.key))
        if said and not question.private:
            known = person_fields(author)
            lines.append(
                {
                    "name": known["name"],
                    "first_name": known["first_name"],
                    "question": question.label,
                    "answer": said,
                }
            )
    return lines


def _open_again(case: Case, parts: Sequence[Part], me: Part) -> str:
    """The link to the form of whoever has not written, while somebody waits for it; "" for all others."""
    until, ask = open_longer(parts, me), _ask_of(case, me)
    if until is None or ask is None or until <= case.now:
        return ""
    case.books.asks.open(replace(ask, closes_at=_later(ask, until)))
    return case.engine.links.ask(ask.id, _later(ask, until))


def _later(ask: Ask, until: datetime) -> datetime:
    return max(ask.closes_at, until)
