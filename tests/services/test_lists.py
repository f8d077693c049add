"""What is sent about a list, to whom, and what is not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.errors import NotFound
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.domain.people_team import Named, Part, PeopleTeam
from onboarding.ports import Words
from onboarding.services.answering import answer
from onboarding.services.timeline import timeline
from tests.ticking import HR, IT, LIST_WORDS, list_of, tick, token_of
from tests.worlds import COMPANY, World, at, world

REFUSED = Outcome(kind=OutcomeKind.REFUSED, reason="550 no such mailbox")


@pytest.fixture
def here() -> Iterator[World]:
    with world(words=LIST_WORDS) as found:
        found.enrol()
        yield found


def due(here: World, suffix: str) -> list[tuple[str, str, State]]:
    return [(one.step, one.occasion, one.state) for one in here.rows() if suffix in one.occasion]


def test_the_mail_of_a_list_names_each_task_with_its_day_and_a_page_to_say_that_it_is_done(here: World) -> None:
    here.walk_to(at("2026-12-21 12:00"))
    (letter,) = here.to(IT)
    url = here.engine.links.ask(
        list_of(here, "it_list", "it").ask.id, list_of(here, "it_list", "it").ask.closes_at
    )
    assert f"by Monday, December 28, 2026: Send the laptop to Amihan: {url}?done=laptop" in letter.text
    assert letter.text.count("?done=") == 5
    assert "no address is set" not in letter.text


def test_nothing_follows_a_list_before_it_was_sent_and_then_one_thing_at_a_time(here: World) -> None:
    assert due(here, ".due-") == due(here, ".overdue-") == []
    here.walk_to(at("2026-12-21 12:00"))
    assert due(here, "it_list") == []
    planned = [one for one in due(here, ".") if one[0].startswith("it_")]
    assert planned == [
        ("it_list", "once.due-2026-12-25", State.PLANNED),
        ("it_overdue", "once.overdue-2026-12-30", State.PLANNED),
        ("it_overdue_manager", "once.overdue-2027-01-04", State.PLANNED),
    ]
    here.walk_to(at("2026-12-25 12:00"))
    assert ("it_list", "once.due-2026-12-29", State.PLANNED) in due(here, ".due-")


def test_a_tick_ends_what_would_remind_of_it_and_a_tick_taken_back_brings_it_again(here: World) -> None:
    here.walk_to(at("2026-12-21 12:00"))
    tick(here, "it_list", "it", "accounts", "laptop")
    assert here.row("it_list", "it", "once.due-2026-12-25").state is State.WITHDRAWN
    assert here.row("it_list", "it", "once.due-2027-01-01").state is State.PLANNED
    tick(here, "it_list", "it", "laptop", done=False)
    assert here.row("it_list", "it", "once.due-2026-12-25").state is State.PLANNED
    with here.engine.store.read() as books:
        assert {one.task: one.done for one in books.ticks.of_hire("n1")} == {"accounts": True, "laptop": False}


def test_planning_again_at_any_time_changes_nothing(here: World) -> None:
    for moment in ("2026-12-21 12:00", "2026-12-25 12:00", "2026-12-30 12:00", "2027-01-06 12:00"):
        here.walk_to(at(moment))
        before = [(one.key, one.state, one.due_at) for one in here.rows()]
        here.enrol(job_title=f"Designer since {moment[:10]}")
        assert [(one.key, one.state, one.due_at) for one in here.rows()] == before


def test_without_an_address_for_it_hr_gets_the_list_and_reads_why() -> None:
    with world(words=LIST_WORDS) as here:
        here.engine = replace(here.engine, company=replace(COMPANY, it_email=""))
        here.enrol()
        here.walk_to(at("2027-01-04 12:00"))
        assert here.row("it_list", "it").person_id == "hr"
        letters = [one for one in here.to(HR) if "laptop" in one.text]
        assert letters
        assert all("no address is set for the IT team" in one.text for one in letters)
        row = here.row("it_overdue", "hr", "once.overdue-2026-12-30")
        assert (row.state, row.reason) == (State.DONE, "looked: it is their own list")
        assert any("People Team has not ticked it yet" in one.text for one in here.to("manila-lead@example.com"))


def test_hr_and_it_hear_nothing_on_the_public_holidays_of_their_country() -> None:
    with world(words=LIST_WORDS) as here:
        here.engine = replace(here.engine, company=replace(COMPANY, country="DE", subdivision="BE"))
        here.enrol()
        here.walk_to(at("2027-01-08 12:00"))
        days = {one.date.date().isoformat() for one in (*here.to(IT), *here.to(HR))}
        assert {"2026-12-28", "2026-12-31"} <= days
        assert not days & {"2026-12-25", "2027-01-01"}


NAMED = "named@example.com"


@pytest.mark.parametrize(
    ("it", "named", "told"),
    [
        ("", NAMED, NAMED),  # HR stands in for IT, and somebody else is named for the newcomer
        ("People@example.com", HR, None),  # one mailbox for both
        (IT, HR, HR),
        ("", HR, None),
    ],
)
def test_whoever_really_reads_the_list_is_not_told_of_it_and_everybody_else_is(
    it: str, named: str, told: str | None
) -> None:
    with world(words=cast("Words", _Naming(named))) as here:
        here.engine = replace(here.engine, company=replace(COMPANY, it_email=it))
        here.enrol()
        here.walk_to(at("2026-12-31 12:00"))
        row = here.row("it_overdue", "hr", "once.overdue-2026-12-30")
        assert row.state is (State.SENT if told else State.DONE)
        assert told is None or [one for one in here.to(told) if one.number == row.number]


@dataclass(frozen=True)
class _Naming:
    """The words of lists, with a human who is named for everybody."""

    email: str

    def people_team(self) -> PeopleTeam:
        return PeopleTeam(parts=(Part(tell=Named(email=self.email)),))

    def __getattr__(self, name: str) -> Any:
        return getattr(LIST_WORDS, name)


def test_a_list_that_was_refused_is_not_reminded_of() -> None:
    with world(words=LIST_WORDS) as here:
        here.enrol()
        here.walk_to(at("2026-12-21 08:00"))
        here.mail.answers = [REFUSED]
        here.walk_to(at("2026-12-29 12:00"))
        assert here.row("it_list", "it").state is State.FAILED
        assert here.to(IT) == []
        row = here.row("it_list", "it", "once.due-2026-12-25")
        assert (row.state, row.why) == (State.SKIPPED, Why.ANSWERED)


def test_a_list_is_answered_when_its_last_needed_task_is_done(here: World) -> None:
    here.walk_to(at("2026-12-29 12:00"))
    key = here.row("hire_list").key
    for task in ("papers", "laptop", "sign_in", "hours"):
        tick(here, "hire_list", "hire", task)
        with here.engine.store.read() as books:
            assert books.asks.answer_to(key) is None
    tick(here, "hire_list", "hire", "security")
    with here.engine.store.read() as books:
        assert books.asks.answer_to(key) is not None
    view = list_of(here, "hire_list", "hire")
    assert (view.done, view.total, [one.key for one in view.tasks if one.group != "done"]) == (
        5,
        5,
        ["how_we_work"],
    )
    before = len(here.to("amihan@example.com"))
    here.walk_to(at("2027-02-01 00:00"))
    assert len(here.to("amihan@example.com")) == before


def test_a_list_cannot_be_answered_as_a_form(here: World) -> None:
    here.walk_to(at("2026-12-21 12:00"))
    with pytest.raises(NotFound, match="ticked one by one"):
        answer(here.engine, token_of(here, "it_list", "it"), {"laptop": ["yes"]}, here.now)


def test_the_timeline_says_how_far_each_list_is(here: World) -> None:
    here.walk_to(at("2026-12-29 12:00"))
    tick(here, "it_list", "it", "accounts")
    assert timeline(here.engine, "n1").lists == ()
    found = {one.step: one for one in timeline(here.engine, "n1", here.now).lists}
    assert list(found) == ["it_list", "manager_tasks", "hire_list"]
    state = found["it_list"]
    assert (state.person_name, state.role, state.done, state.total) == ("IT", "it", 1, 5)
    assert [(one.label, str(one.by)) for one in state.overdue] == [("Send the laptop to Amihan", "2026-12-28")]
    titles = [one.title for one in timeline(here.engine, "n1").rows if ".due-" in one.occasion]
    assert titles
    assert all(one.endswith(": reminder") for one in titles)
