"""Was somebody asked the same thing today already? Plans avoid it; what left late meets it all the same."""

from __future__ import annotations

from onboarding.domain.delivery import GONE
from onboarding.domain.journey import REMINDER
from onboarding.services.case import Case, Wait

AGAIN = "the same was asked today already"


def wait_a_day(case: Case) -> Wait | None:
    """The wait until the next working day, when this form about this hire left to its recipient today.

    What a human moved leaves when they said.
    """
    if case.delivery.pinned:
        return None
    calendar = case.calendar
    today = calendar.day_of(case.now)
    asked = {
        ask.id: calendar.day_of(ask.opened_at)
        for ask in case.books.asks.of_hire(case.seen.hire.id)
        if (ask.form, ask.person_id) == (case.step.subject, case.recipient.id)
    }
    for row in case.books.deliveries.of_hire(case.seen.hire.id):
        question = row.key.removesuffix(REMINDER)
        if row.key == case.delivery.key or question not in asked or row.state not in GONE:
            continue
        left = asked[question] if row.key == question else calendar.day_of(row.settled_at or row.due_at)
        if left == today:
            until = calendar.at_work(calendar.working_day(today, 1), case.step.at)
            return Wait(until=until, grace_until=calendar.add(until, case.step.grace), reason=AGAIN)
    return None
