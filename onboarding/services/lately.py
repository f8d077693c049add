"""Did a newcomer and somebody talk, or write to each other, a moment ago? Then they need no idea for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from onboarding.domain.journey import Span
from onboarding.domain.meetings import MeetingState
from onboarding.services.case import Case
from onboarding.services.exchanges import parts
from onboarding.services.verbs.watch import denied


def met_lately(case: Case, span: Span) -> bool:
    """Whether the recipient and the newcomer met or wrote so recently that the span is not over yet.

    What somebody says did not take place does not count.
    """
    return any(moment <= case.now < case.calendar.add(moment, span) for moment in _moments(case))


def _moments(case: Case) -> Iterator[datetime]:
    """When their meetings ended, and when one of them wrote in an exchange of theirs."""
    two = {case.recipient.id, case.seen.hire.id}
    answers = case.books.asks.answers_of_hire(case.seen.hire.id)
    for meeting in case.seen.meetings:
        if not two <= set(meeting.people):
            continue
        if meeting.state is MeetingState.PLANNED and not denied(case, meeting, answers):
            yield meeting.ends_at
        elif meeting.state is MeetingState.EXCHANGED:
            everybody = parts(case.books, case.seen, meeting.step, meeting.occasion)
            yield from (one.answered_at for one in everybody if one.answered_at and one.person_id in two)
