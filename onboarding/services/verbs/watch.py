"""What needs a human? A low answer, silence, or a meeting that never happened."""

from __future__ import annotations

from datetime import datetime

from onboarding.domain import conditions
from onboarding.domain.delivery import Why
from onboarding.domain.errors import BadWords
from onboarding.domain.facts import hire_facts
from onboarding.domain.falling import Course, Filled, course
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.held import MOVE, NO, QUESTION, YES
from onboarding.domain.journey import ESCALATED, MORE, Step, Verb
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Role
from onboarding.services import escalating, lists
from onboarding.services.ask_forms import form_of
from onboarding.services.case import Case, Decision, Done, Mail, Wait
from onboarding.services.exchanges import parts
from onboarding.services.named_humans import is_somebody_else, reads_private
from onboarding.services.silence import arranged_at, open_until

CONSENT = "to_manager"
"""The key of the question whether others than HR may read the answers; only a yes to it lets them."""

DID_NOT_MEET = frozenset({NO, MOVE})
"""The answers to a question with key `met` that say a meeting did not happen."""


def decide(case: Case) -> Decision:
    """Tell the step's human when its condition holds; else say that all is well."""
    if case.delivery.occasion.endswith(ESCALATED):
        return escalating.decide(case)
    return lists.tell(case) if case.step.tells_overdue else _look(case)


def _look(case: Case) -> Decision:
    watched = case.seen.journey.step(case.step.watches)
    if watched is None:
        return Done(reason="looked: the watched step is gone", why=Why.NOTHING_TO_TELL)
    asks = _asks(case, watched)
    if watched.verb is Verb.ASK and not asks:
        return Done(reason="looked: the question was not asked", why=Why.NOTHING_TO_TELL)
    answers = case.books.asks.answers_of_hire(case.seen.hire.id)
    if not holds(case, watched, asks, answers):
        return Done(reason="looked: nothing to tell", why=Why.NOTHING_TO_TELL)
    if not _may_read(case, asks, answers):
        return Done(reason="looked: the answers are for HR alone", why=Why.NOTHING_TO_TELL)
    if case.step.tells_silence and not case.delivery.pinned and (until := _open_until(case)) > case.now:
        return _wait(case, until)
    message = case.step.subject
    language = case.engine.words.language_of(message, case.delivery.role, case.recipient.language)
    return Mail(
        message=message,
        role=case.delivery.role,
        language=language,
        fields={"watch": _fields(case, watched, asks, answers, language)},
    )


def _open_until(case: Case) -> datetime:
    until = open_until(case.books, case.seen, case.now).get(case.step.watches, case.now)
    ledger = case.books.deliveries.of_hire(case.seen.hire.id)
    return max(until, arranged_at(case.seen, ledger, case.step.watches, case.now))


def _wait(case: Case, until: datetime) -> Wait:
    """What left late has its time first: silence is told when the form has closed, or the meeting is over."""
    calendar = case.calendar
    due = calendar.next_working(until)
    reason = f"{case.step.watches} still has its time"
    return Wait(until=due, grace_until=calendar.add(due, case.step.grace), reason=reason)


def holds(case: Case, watched: Step, asks: list[Ask], answers: dict[str, Answer]) -> bool:
    """Whether the step's condition holds for any of the asks, or for the meetings, that it watches."""
    base: dict[str, object] = {
        "hire": hire_facts(case.seen.person),
        "met": _met(case, watched, answers),
        "missed": _missed(case, watched, answers),
        "answered": bool(asks) and all(ask.id in answers for ask in asks),
    }
    told = [_facts(case, ask, answers) for ask in asks if ask.id in answers] or [{"answer": {}}]
    return any(conditions.holds_text(case.step.when, {**base, **one}) for one in told)


def _facts(case: Case, ask: Ask, answers: dict[str, Answer]) -> dict[str, object]:
    """What a condition may ask of one answered form."""
    courses = courses_of(case, ask, answers)
    return {
        "answer": answers[ask.id].values,
        "before": {key: one.before for key, one in courses.items()},
        "fell": {key: one.fell for key, one in courses.items()},
    }


def courses_of(case: Case, ask: Ask, answers: dict[str, Answer]) -> dict[str, Course]:
    """How the answers to each question of a form went since the same person's earlier forms about the hire.

    Only what the reader may read counts: others than HR neither see nor guess an earlier answer that was not
    meant for them.
    """
    hr = case.delivery.role == Role.HR
    earlier: list[Filled] = []
    for one in case.books.asks.of_hire(case.seen.hire.id):  # the oldest first
        mine = (one.person_id, one.role) == (ask.person_id, ask.role) and one.opened_at < ask.opened_at
        if not mine or one.id not in answers:
            continue
        try:
            questions = form_of(case.engine, case.seen, one, case.recipient).questions
        except BadWords:  # a slip in an older form must not keep an answer to this one from a human
            continue
        filled = Filled(questions=questions, values=answers[one.id].values)
        if hr or filled.values.get(CONSENT) == YES:
            earlier.append(filled if hr else filled.without_private())
    newest = Filled(
        questions=form_of(case.engine, case.seen, ask, case.recipient).questions, values=answers[ask.id].values
    )
    found = {one.key: course(earlier, newest, one.key) for one in newest.questions if hr or not one.private}
    return {key: one for key, one in found.items() if one is not None}


def _asks(case: Case, watched: Step) -> list[Ask]:
    """What was asked: of those who have the role now, unless none of them was asked yet.

    What people wrote to each other instead of meeting is read by nobody else.
    """
    if watched.verb is not Verb.ASK:
        return []
    asks = [ask for ask in case.books.asks.of_hire(case.seen.hire.id) if ask.step == watched.key]
    if case.delivery.role in watched.roles:  # what comes with an answer comes to whoever gave it
        return [ask for ask in asks if ask.person_id == case.recipient.id]
    now = [ask for ask in asks if ask.person_id in case.seen.cast.ids(ask.role, ask.occasion)]
    return now or asks


def _may_read(case: Case, asks: list[Ask], answers: dict[str, Answer]) -> bool:
    """Whether whoever answered lets the recipient read it, where the form asks for that; HR always may."""
    if case.delivery.role == Role.HR:
        return True
    told = [ask for ask in asks if ask.id in answers]
    asked = [
        ask
        for ask in told
        if any(one.key == CONSENT for one in form_of(case.engine, case.seen, ask, case.recipient).questions)
    ]
    return all(answers[ask.id].values.get(CONSENT) == YES for ask in asked)


def _met(case: Case, watched: Step, answers: dict[str, Answer]) -> int:
    """How many meetings of the step are over and were not denied by anybody who was asked.

    An exchange counts as soon as two have written: each reads the words of the other.
    """
    over = [
        one
        for one in case.seen.meetings
        if one.step == watched.key and one.state is MeetingState.PLANNED and one.ends_at <= case.now
    ]
    return sum(not denied(case, meeting, answers) for meeting in over) + _exchanged(case, watched)


def _exchanged(case: Case, watched: Step) -> int:
    return sum(
        sum(part.answered_at is not None for part in parts(case.books, case.seen, watched.key, on)) > 1
        for on in watched.occasions
    )


def denied(case: Case, meeting: Meeting, answers: dict[str, Answer]) -> bool:
    """Whether anybody says of a meeting that it did not take place.

    What they said before it had its time is about another time.
    """
    newest = {one.person_id: one for one in _about(case, meeting.step) if one.occasion == meeting.occasion}
    return any(_says_no(one, answers) for one in newest.values())


def _missed(case: Case, watched: Step, answers: dict[str, Answer]) -> int:
    """How often somebody said that a meeting of the step did not take place, at its first time or at another."""
    return sum(_says_no(one, answers) for one in _about(case, watched.key))


def _about(case: Case, meet: str) -> list[Ask]:
    """The questions that were put after the meetings of a step, the oldest first."""
    after = {one.key for one in case.seen.journey.steps if one.after == meet and one.verb is Verb.ASK}
    return [one for one in case.books.asks.of_hire(case.seen.hire.id) if one.step in after]


def _says_no(ask: Ask, answers: dict[str, Answer]) -> bool:
    return ask.id in answers and answers[ask.id].values.get(QUESTION) in DID_NOT_MEET


def _fields(
    case: Case, watched: Step, asks: list[Ask], answers: dict[str, Answer], language: str
) -> dict[str, object]:
    silent = [ask for ask in asks if ask.id not in answers]
    person = case.seen.cast.people.get(silent[0].person_id if silent else "")
    return {
        "title": watched.title_in(language),
        "person": person.name if person else "",
        "tasks": [],
        "answers": [line for ask in asks if ask.id in answers for line in _lines(case, ask, answers, language)],
        "take_url": escalating.open_question(case),
        "told": "",
        "told_at": "",
        "refused": False,
        "again": case.delivery.occasion.endswith(MORE),
        "somebody_else": is_somebody_else(case.engine, case.directory, case.seen.person),
    }


def _lines(case: Case, ask: Ask, answers: dict[str, Answer], language: str) -> list[dict[str, object]]:
    """What was answered, in the reader's language; private answers are for HR alone."""
    lines: list[dict[str, object]] = []
    private = reads_private(case.directory, case.seen.person, case.recipient, case.delivery.role)
    courses = courses_of(case, ask, answers)
    for question in form_of(case.engine, case.seen, ask, case.recipient, language).questions:
        said = question.shown(answers[ask.id].values.get(question.key))
        if said and (private or not question.private):
            went = courses.get(question.key)
            fell_from = question.shown(went.begin) if went and went.fell else ""
            lines.append({"question": question.label, "answer": said, "fell_from": fell_from})
    return lines
