from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar
from onboarding.domain.exchange import (
    Part,
    both_wrote,
    card_due,
    card_occasion,
    deadline,
    is_card,
    is_question,
    meant,
    open_longer,
    question_occasion,
    stage,
    wishes,
)
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.journey import REMINDER, Step, Verb, occasion_of
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person, Role, WorkingHours

OPENS = datetime(2027, 1, 12, 2, tzinfo=UTC)
STEP = Step(key="coffee", title="Coffee", verb=Verb.MEET, subject="coffee", roles=(Role.HIRE, Role.PARTNER), day=2)
ZONES = ("Asia/Manila", "America/Chicago", "Europe/Berlin")
ROLES = (Role.HIRE, Role.PARTNER, Role.MANAGER)
HOURS = st.one_of(st.none(), st.integers(0, 24 * 14))


def part(number: int, answered: int | None = None) -> Part:
    """Somebody of the exchange, who answered so many hours after the form was sent."""
    hours = WorkingHours(start=time(9), end=time(17))
    calendar = Calendar.of(Person(id=f"p{number}", first_name="Ada", time_zone=ZONES[number], working_hours=hours))
    opens = calendar.next_working(OPENS)
    return Part(
        role=ROLES[number],
        person_id=f"p{number}",
        calendar=calendar,
        opens_at=opens,
        answered_at=None if answered is None else opens + timedelta(hours=answered),
    )


def exchange(count: int = 2) -> Meeting:
    return Meeting(
        id="m",
        hire_id="p0",
        step="coffee",
        occasion="week-2",
        people=tuple(f"p{number}" for number in range(count)),
        starts_at=OPENS,
        ends_at=OPENS + timedelta(days=7),
        state=MeetingState.EXCHANGED,
        uid="m@example.com",
        organizer="people@example.com",
        stamped_at=OPENS,
    )


def test_each_delivery_says_what_it_is_and_with_whom() -> None:
    found = [(one.person_id, one.verb, one.occasion) for one in wishes(STEP, exchange(), [part(0), part(1)])]
    assert found[:3] == [
        ("p0", "ask", "week-2.exchange-p1"),
        ("p0", "ask", "week-2.exchange-p1.reminder"),
        ("p0", "write", "week-2.card-p1"),
    ]
    assert question_occasion(exchange(3), "p1") == "week-2.exchange-p0+p2"
    assert card_occasion(exchange(3), "p1") == "week-2.card-p0+p2"


def test_a_delivery_means_another_verb_than_its_step() -> None:
    assert meant(STEP, "week-2") == STEP
    assert meant(STEP, "week-2.seq-1") == STEP
    assert meant(STEP, "week-2.exchange-p1").verb is Verb.ASK
    assert meant(STEP, f"week-2.exchange-p1{REMINDER}").subject == "exchange"
    assert meant(STEP, "week-2.card-p1").subject == "exchange_card"
    assert is_question("once.exchange-emp-7.2")
    assert not is_question("once.card-emp-7.2")
    assert is_card("once.card-emp-7.2")
    assert not is_card("once.again-x")
    assert occasion_of("once.card-emp-7.2") == "once"
    assert [stage(one) for one in ("once", "once.seq-2")] == ["", ""]


def test_nobody_exchanges_anything_alone() -> None:
    assert list(wishes(STEP, exchange(), [part(0)])) == []


def test_both_have_written_and_each_reads_it_at_the_next_hour_of_theirs() -> None:
    parts = [part(0, 1), part(1, 3)]
    last = parts[1].answered_at
    assert last is not None
    assert card_due(parts, parts[1]) == last
    assert card_due(parts, parts[0]) == parts[0].calendar.next_working(last)


def test_somebody_silent_reads_when_the_forms_close_and_may_write_for_a_while() -> None:
    parts = [part(0, 1), part(1)]
    closes = deadline(parts)
    assert card_due(parts, parts[1]) == parts[1].calendar.next_working(closes)
    longer = open_longer(parts, parts[1])
    assert longer is not None
    assert longer > closes
    assert card_due(parts, parts[0]) == parts[0].calendar.next_working(longer)
    assert open_longer(parts, parts[0]) is None


def test_words_that_would_reach_nobody_are_not_asked_for_again() -> None:
    parts = [part(0, 1), part(1, 2), part(2)]
    assert [open_longer(parts, one) for one in parts] == [None, None, None]


@given(answers=st.lists(HOURS, min_size=2, max_size=3))
def test_a_card_comes_inside_the_hours_of_its_reader_and_never_before_there_is_something_to_read(
    answers: list[int | None],
) -> None:
    parts = [part(number, answered) for number, answered in enumerate(answers)]
    for one in parts:
        due = card_due(parts, one)
        assert one.calendar.is_working(due)
        said = [other.answered_at for other in parts if other is not one and other.answered_at]
        if said:
            assert due >= min(said)
            everybody = all(other.answered_at for other in parts)
            assert everybody or due >= deadline(parts)
        else:
            assert due >= deadline(parts)


@given(answers=st.lists(HOURS, min_size=2, max_size=3), late=st.integers(0, 24 * 14))
def test_one_more_answer_never_makes_anybody_wait_longer_who_has_nothing_to_read_yet(
    answers: list[int | None], late: int
) -> None:
    before = [part(0, answers[0]), *(part(number) for number in range(1, len(answers)))]
    after = [before[0], part(1, late), *before[2:]]
    limit = max(card_due(before, before[0]), before[0].calendar.next_working(after[1].answered_at or OPENS))
    assert card_due(after, after[0]) <= max(limit, before[0].calendar.next_working(deadline(after)))


def asked(person_id: str, hours: int | None, *, about: Meeting) -> tuple[Ask, Answer | None]:
    """The questions to somebody, who answered so many hours later, or not so far."""
    occasion = question_occasion(about, person_id)
    ask = Ask(
        id=f"p0/coffee/hire/{person_id}/{occasion}",
        hire_id="p0",
        step="coffee",
        role="hire",
        person_id=person_id,
        occasion=about.occasion,
        form="exchange",
        opened_at=OPENS,
        closes_at=OPENS + timedelta(days=7),
    )
    said = Answer(ask_id=ask.id, version=1, values={}, answered_at=OPENS + timedelta(hours=hours or 0))
    return ask, None if hours is None else said


def test_contact_is_when_the_newcomer_and_the_first_of_the_others_had_written() -> None:
    three = exchange(3)
    forms = [asked("p0", 20, about=three), asked("p1", 50, about=three), asked("p2", 30, about=three)]
    assert both_wrote(three, forms) == OPENS + timedelta(hours=30)
    assert both_wrote(three, forms[:1]) is None
    assert both_wrote(three, forms[1:]) is None  # the newcomer wrote nothing
    assert both_wrote(three, [forms[0], asked("p1", None, about=three)]) is None


def test_what_was_written_in_an_exchange_that_was_given_up_is_none_of_the_next() -> None:
    before, after = exchange(2), replace(exchange(2), people=("p0", "p2"))
    forms = [asked("p0", 20, about=before), asked("p2", 30, about=after)]
    assert both_wrote(after, forms) is None
    assert both_wrote(after, [*forms, asked("p0", 40, about=after)]) == OPENS + timedelta(hours=40)
