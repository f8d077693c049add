from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.mail import Letter, Outcome, OutcomeKind
from onboarding.services.changing import settle_unknown
from onboarding.services.digest import COMPANY, GRACE, MOST_LINES, daily_review
from onboarding.services.enrolling import enroll_waiting
from tests.signing import post_standard
from tests.worlds import World, at, directory, world


def digests(here: World) -> list[Delivery]:
    return here.rows(COMPANY)


def letters(here: World) -> list[Letter]:
    numbers = {one.number for one in digests(here)}
    return [one for one in here.to("people@example.com") if one.number in numbers]


def unknown(here: World) -> int:
    """Leave one delivery for a human; returns its number."""
    here.enrol()
    here.now = here.row("profile").due_at
    here.mail.answers = [Outcome(kind=OutcomeKind.UNKNOWN, reason="no answer")]
    here.run()
    return here.row("profile").number


def test_on_a_day_without_anything_for_a_human_nothing_is_planned() -> None:
    with world() as here:
        here.enrol()
        assert daily_review(here.engine, here.now) == []
        assert digests(here) == []


def test_what_needs_a_human_comes_in_one_mail_at_the_start_of_hrs_day() -> None:
    with world() as here:
        unknown(here)
        assert [one.kind for one in daily_review(here.engine, at("2026-12-15 05:00"))] == ["unknown"]
        daily_review(here.engine, at("2026-12-15 06:00"))
        (row,) = digests(here)
        assert (row.key, row.due_at) == ("company/daily_review/hr/hr/2026-12-15", at("2026-12-15 08:00"))
        here.walk_to(at("2026-12-15 12:00"))
        (mail,) = letters(here)
        assert "Amihan Quill" in mail.text
        assert "no answer" in mail.text


def test_the_reviews_of_a_weekend_are_one_mail_on_monday() -> None:
    with world() as here:
        unknown(here)
        for day in ("2026-12-18 17:00", "2026-12-19 07:00", "2026-12-20 07:00", "2026-12-21 07:00"):
            here.walk_to(at(day))
            daily_review(here.engine, here.now)
        here.walk_to(at("2026-12-21 12:00"))
        assert [one.date for one in letters(here)] == [at("2026-12-21 08:00")]


def test_what_was_settled_in_the_meantime_is_not_mailed_any_more() -> None:
    with world() as here:
        number = unknown(here)
        daily_review(here.engine, at("2026-12-14 06:00"))
        settle_unknown(here.engine, number, State.SENT, here.now)
        here.walk_to(at("2026-12-14 12:00"))
        (row,) = digests(here)
        assert (row.state, row.why) == (State.SKIPPED, Why.NOTHING_TO_TELL)
        assert letters(here) == []


def test_a_digest_that_could_not_leave_for_a_day_gives_way_to_the_next_one() -> None:
    with world() as here:
        unknown(here)
        daily_review(here.engine, here.now)
        here.now = digests(here)[0].due_at + GRACE + timedelta(hours=4)
        daily_review(here.engine, here.now)
        here.walk_to(here.now + timedelta(hours=2))
        assert [one.state for one in digests(here)] == [State.SKIPPED, State.SENT]
        assert len(letters(here)) == 1


@pytest.mark.parametrize("kind", [OutcomeKind.REFUSED_FOR_NOW, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN])
def test_a_digest_that_is_refused_is_treated_like_any_mail(kind: OutcomeKind) -> None:
    with world() as here:
        unknown(here)
        daily_review(here.engine, here.now)
        here.now = digests(here)[0].due_at
        here.mail.answers = [Outcome(kind=kind, reason="not today")]
        here.run()
        after = {
            OutcomeKind.REFUSED_FOR_NOW: State.PLANNED,
            OutcomeKind.REFUSED: State.FAILED,
            OutcomeKind.UNKNOWN: State.UNKNOWN,
        }
        assert digests(here)[0].state is after[kind]


def test_an_event_of_which_no_hire_came_is_in_it_and_a_long_list_is_cut() -> None:
    with world() as here:
        for number in range(MOST_LINES + 5):
            post_standard(here.engine, {"id": f"h{number}", "start_date": None}, now=here.now)
        enroll_waiting(here.engine, here.now)
        assert len(daily_review(here.engine, here.now)) == MOST_LINES + 5
        here.walk_to(at("2026-12-01 12:00"))
        (mail,) = letters(here)
        assert str(MOST_LINES + 5) in mail.subject + mail.text
        assert mail.text.count("start_date") == MOST_LINES


def test_it_chooses_again_for_roles_that_are_empty_but_not_for_journeys_that_are_over() -> None:
    with world(people=[]) as here:
        here.enrol()
        with here.engine.store.begin() as books:
            books.people.put_all(directory())
        daily_review(here.engine, here.now)
        assert here.row("buddy_yes", "buddy").state is State.PLANNED
        before = here.rows()
        daily_review(here.engine, at("2027-08-01 08:00"))
        assert here.rows() == before


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "no other people. 17 steps are stopped: Ask the buddy for a yes, "),
        ("es", "no other people. Esto detiene 17 pasos: Pedir un sí al buddy, "),
        ("de", "no other people. Das hält 17 Schritte auf: Den Buddy um ein Ja bitten, "),
    ],
)
def test_steps_that_stop_for_one_reason_are_one_line_in_the_language_of_hr(language: str, said: str) -> None:
    with world(people=[]) as here:
        here.engine = replace(here.engine, company=replace(here.engine.company, language=language))
        here.enrol()
        daily_review(here.engine, here.now)
        here.walk_to(at("2026-12-01 12:00"))
        (mail,) = letters(here)
        text = " ".join(mail.text.split())
        assert said in text
        assert text.count("nobody can be buddy") == 1
