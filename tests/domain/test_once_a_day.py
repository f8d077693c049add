from __future__ import annotations

from datetime import UTC, datetime

import pytest

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import Planned, Why
from onboarding.domain.journey import Journey, Step, Verb
from onboarding.domain.once_a_day import form_of, spread
from onboarding.domain.people import Role
from tests.worlds import MANILA, person

CALENDAR = Calendar.of(person("n1", MANILA))


def ask(key: str, form: str) -> Step:
    return Step(key=key, title=key, verb=Verb.ASK, subject=form, roles=(Role.HIRE,), day=1)


JOURNEY = Journey(
    name="some",
    title="Some",
    steps=(
        ask("met", "did_you_meet"),
        ask("met_again", "did_you_meet"),
        ask("check_in", "check_in"),
        Step(key="coffee", title="Coffee", verb=Verb.MEET, subject="coffee", roles=(Role.HIRE, Role.BUDDY), day=1),
    ),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wish(step: str, due: str, occasion: str = "once", *, who: str = "n1", why: Why = Why.NONE) -> Planned:
    return Planned(
        hire_id="n1",
        step=step,
        verb=Verb.ASK,
        role=Role.HIRE,
        person_id=who,
        occasion=occasion,
        due_at=at(due),
        grace_until=at("2027-03-01 00:00"),
        why=why,
    )


def dues(*wishes: Planned, asked: dict[str, datetime] | None = None) -> list[str]:
    return [f"{one.due_at:%a %H:%M}" for one in spread(JOURNEY, wishes, asked or {}, lambda _: CALENDAR)]


FRIDAY, LATER = "2027-01-08 02:00", "2027-01-08 05:00"
"""Ten and one o'clock in Manila."""


def test_of_two_questions_with_one_form_the_later_one_comes_on_the_next_working_day_at_its_hour() -> None:
    assert dues(wish("met_again", LATER), wish("met", FRIDAY)) == ["Mon 05:00", "Fri 02:00"]


def test_a_reminder_gives_way_to_a_question_even_when_it_would_come_first() -> None:
    assert dues(wish("met", FRIDAY, "once.reminder"), wish("met_again", LATER)) == ["Mon 02:00", "Fri 05:00"]


def test_three_of_them_take_three_days() -> None:
    wishes = [wish("met", FRIDAY, "week-2"), wish("met", FRIDAY, "week-3"), wish("met_again", FRIDAY)]
    assert sorted(dues(*wishes)) == ["Fri 02:00", "Mon 02:00", "Tue 02:00"]


def test_what_was_sent_stays_and_takes_its_real_day() -> None:
    sent, other = wish("met_again", "2027-01-06 02:00"), wish("met", FRIDAY)
    assert dues(other, sent, asked={sent.key: at(LATER)}) == ["Mon 02:00", "Wed 02:00"]


@pytest.mark.parametrize(
    "other",
    [
        wish("check_in", FRIDAY),  # another form
        wish("met_again", FRIDAY, who="b1"),  # another person
        wish("met_again", FRIDAY, why=Why.CONDITION),  # nobody is asked
        wish("coffee", FRIDAY),  # no form
        wish("met", FRIDAY, "once.silence"),  # nobody is written to
        wish("met_again", "2027-01-07 15:30"),  # Thursday, 23:30 in Manila
    ],
)
def test_whatever_is_not_the_same_leaves_it_alone(other: Planned) -> None:
    assert dues(wish("met", FRIDAY), other)[0] == "Fri 02:00"


def test_the_questions_of_an_exchange_are_one_form() -> None:
    assert form_of(JOURNEY, wish("coffee", FRIDAY, "once.exchange-b1")) == "exchange"
    assert form_of(JOURNEY, wish("gone", FRIDAY)) == ""


def test_the_grace_begins_anew_with_the_new_day() -> None:
    _, moved = spread(JOURNEY, [wish("met", FRIDAY), wish("met_again", LATER)], {}, lambda _: CALENDAR)
    assert moved.grace_until == at("2027-01-14 05:00")
