"""How long is it until a newcomer first meets, or writes with, a human; and do report and watch agree on it?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import State
from onboarding.domain.exchange import question_occasion
from onboarding.domain.forms import Ask
from onboarding.domain.journey import EXCHANGE
from onboarding.domain.measures import first_contact, may_have_met
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.report import wait_of
from onboarding.services import measures
from onboarding.services.report import make
from tests.exchanging import apart, questions, short_words
from tests.worlds import MANILA, World, at, person, world

BUDDY = ("buddy", "first_coffee", "met_first_coffee", "no_buddy_meeting")
FIRST_DAY = date(2027, 1, 4)
SIX, NINE = 6, 9


@pytest.fixture(scope="module")
def of_buddy(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    return short_words(tmp_path_factory.mktemp("words") / "templates", BUDDY)


def group(here: World, name: str = "n1") -> str:
    with here.engine.store.read() as books:
        known = measures.read(here.engine, books, None, None, here.now)
    met = known.met.get(name, ())
    return wait_of(first_contact(FIRST_DAY, met), may_have_met=may_have_met(met, here.now.date()))


@pytest.mark.parametrize(
    ("met", "told", "found"),
    [("yes", State.DONE, "1-2"), (None, State.DONE, "unknown"), ("no", State.SENT, "none")],
)
def test_a_meeting_about_which_nobody_answered_alarms_nobody_and_is_not_called_none(
    of_buddy: FolderWords, met: str | None, told: State, found: str
) -> None:
    people = [person("boss", MANILA), person("pal", MANILA)]
    with world("2026-12-20 08:00", people=people, words=of_buddy) as here:
        here.enrol(manager_id="boss")
        assert group(here) == "none"
        here.walk_to(here.row("met_first_coffee").due_at)
        if met:
            here.answer(here.row("met_first_coffee"), met=met)
        here.walk_to(at("2027-02-01 00:00"))
        assert here.row("no_buddy_meeting", "hr").state is told
        assert group(here) == found


def test_who_shares_no_hour_has_had_contact_once_both_have_written(tmp_path: Path) -> None:
    with apart(short_words(tmp_path / "templates")) as here:
        here.walk_to(here.row("partner_coffee", occasion="week-2").due_at)
        here.walk_to(max(one.due_at for one in questions(here).values()))
        assert group(here) == "none"
        here.answer(questions(here)["n1"], good_day="A walk")
        assert group(here) == "none"
        here.now += timedelta(days=1)
        here.answer(questions(here)["maria"], good_day="The sea")
        days = (here.now.date() - FIRST_DAY).days
        assert days > 7
        assert group(here) == wait_of(days, may_have_met=False)


def test_the_report_tells_who_wrote_and_what_is_not_known_apart_from_none(of_buddy: FolderWords) -> None:
    people = [person("boss", MANILA), *(person(f"pal-{number}", MANILA) for number in range(SIX))]
    with world("2026-12-20 08:00", people=people, words=of_buddy) as here:
        for number in range(3 * SIX):
            here.enrol(id=f"n{number}", manager_id="boss")
            lived(here, f"n{number}", (None, "no", "wrote")[number % 3])
        found = make(here.engine, at("2027-02-01 00:00")).part("first_contact")
        assert found is not None
        assert {one.name: one.people for one in found.lines if one.people} == {
            "8-14": SIX,
            "unknown": SIX,
            "none": SIX,
        }
        assert found.whole is not None
        assert found.whole.told["median"] == NINE


def lived(here: World, name: str, said: str | None) -> None:
    """A coffee that was due on the first day, and what was said about it, or two who wrote on the ninth."""
    starts = at("2027-01-04 02:00")
    exchange = said == "wrote"
    meeting = Meeting(
        id=f"{name}-coffee",
        hire_id=name,
        step="first_coffee",
        occasion="once",
        people=(name, "pal-0"),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=25),
        state=MeetingState.EXCHANGED if exchange else MeetingState.PLANNED,
        uid=name,
        organizer="people@example.com",
        stamped_at=here.now,
    )
    form, step, role = (
        (EXCHANGE, "first_coffee", "hire") if exchange else ("did_you_meet", "met_first_coffee", "hire")
    )
    with here.engine.store.begin() as books:
        books.meetings.put(meeting)
        for who in (name, "pal-0") if exchange else (name,):
            occasion = question_occasion(meeting, who) if exchange else "once"
            ask = Ask(
                id=f"{name}/{step}/{role}/{who}/{occasion}",
                hire_id=name,
                step=step,
                role=role,
                person_id=who,
                occasion="once",
                form=form,
                opened_at=starts,
                closes_at=starts + timedelta(days=14),
            )
            books.asks.open(ask)
            if said:
                values = {"good_day": "A walk"} if exchange else {"met": said}
                books.asks.answer(ask.id, values, starts + timedelta(days=NINE))
