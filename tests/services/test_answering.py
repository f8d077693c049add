from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import BadAnswer, BadLink, Expired, NotFound
from onboarding.domain.forms import Ask
from onboarding.services.answering import AskView, answer, open_ask
from onboarding.services.hiring import withdraw
from onboarding.services.opting_out import is_opted_out, set_opted_out
from tests.worlds import World, at, world

LOW = {
    "role_clear": "4",
    "knows_whom": "4",
    "connected": "1",
    "recommend": "9",
    "another_buddy": "no",
    "better": "",
}
FINE = LOW | {"connected": "5"}


def ask_of(here: World, row: Delivery) -> Ask:
    with here.engine.store.read() as books:
        ask = books.asks.get(row.key)
    assert ask is not None
    return ask


def token(here: World, row: Delivery) -> str:
    ask = ask_of(here, row)
    return here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]


def opened(here: World, row: Delivery) -> AskView:
    return open_ask(here.engine, token(here, row), here.now)


def asked_profile(here: World) -> Delivery:
    here.enrol()
    here.walk_to(here.row("profile").due_at)
    return here.row("profile")


class TestOpening:
    def test_the_page_knows_whom_it_asks_about_what_and_until_when(self) -> None:
        with world() as here:
            view = opened(here, asked_profile(here))
            assert (view.company_name, view.hire_name, view.you_name) == (
                "Lighthouse Ltd",
                "Amihan Quill",
                "Amihan",
            )
            assert view.closes.endswith("(Manila, UTC+8)")
            assert (view.answered, view.values, view.people) == (False, {}, ())

    def test_opening_changes_nothing(self) -> None:
        with world() as here:
            row = asked_profile(here)
            before = here.rows()
            opened(here, row)
            assert here.rows() == before

    @pytest.mark.slow
    def test_a_question_about_people_offers_everybody_but_who_is_asked_and_the_newcomer_by_name(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-01-07 12:00"))
            people = opened(here, here.row("first_item", "manager")).people
            names = [name.casefold() for _, name in people]
            assert len(people) == 24 == len(set(people))
            assert not {"manila-lead", "n1"} & {person_id for person_id, _ in people}
            assert all(one <= other for one, other in pairwise(names))

    @pytest.mark.parametrize("bad", ["", "x", "a.b.c"])
    def test_a_forged_link_opens_nothing(self, bad: str) -> None:
        with world() as here, pytest.raises(BadLink):
            open_ask(here.engine, bad, here.now)

    def test_a_good_link_of_a_question_that_was_never_asked_opens_nothing(self) -> None:
        with world() as here:
            link = here.engine.links.ask("n1/profile/hire/n1/once", here.now + timedelta(days=1))
            with pytest.raises(NotFound):
                open_ask(here.engine, link.rpartition("/")[2], here.now)

    def test_after_its_deadline_a_question_is_closed(self) -> None:
        with world() as here:
            row = asked_profile(here)
            link = token(here, row)
            with pytest.raises(Expired):
                open_ask(here.engine, link, ask_of(here, row).closes_at)

    def test_a_hire_who_withdraws_closes_every_link_at_once(self) -> None:
        with world() as here:
            row = asked_profile(here)
            link = token(here, row)
            withdraw(here.engine, "n1", here.now)
            with pytest.raises(Expired, match="closed"):
                open_ask(here.engine, link, here.now)
            with pytest.raises(Expired, match="closed"):
                answer(here.engine, link, {"called": ["Ami"]}, here.now)

    def test_somebody_who_left_cannot_answer_any_more(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-01-07 12:00"))
            row = here.row("first_item", "manager")
            with here.engine.store.begin() as books:
                lead = books.people.get("manila-lead")
                assert lead is not None
                books.people.put(replace(lead, active=False))
            with pytest.raises(Expired):
                opened(here, row)


class TestAnswering:
    def test_an_answer_is_shown_again_and_can_be_changed_while_the_question_is_open(self) -> None:
        with world() as here:
            row = asked_profile(here)
            here.answer(row, called="Ami", about="Sailing")
            here.now += timedelta(minutes=5)
            here.answer(row, called="Amy")
            view = opened(here, row)
            assert (view.answered, view.values) == (True, {"called": "Amy"})
            with here.engine.store.read() as books:
                newest = books.asks.answer_to(row.key)
                assert newest is not None
                assert (newest.version, books.asks.count_answers()) == (2, 1)

    def test_a_wrong_answer_is_refused_in_words_and_stores_nothing(self) -> None:
        with world() as here:
            row = asked_profile(here)
            with pytest.raises(BadAnswer) as refused:
                here.answer(row, reach="by pigeon")
            assert set(refused.value.mistakes) == {"reach"}
            assert not opened(here, row).answered

    def test_what_was_answered_needs_no_reminder(self) -> None:
        with world() as here:
            row = asked_profile(here)
            here.answer(row, called="Ami")
            here.walk_to(at("2026-12-20 12:00"))
            reminder = here.row("profile", occasion="once.reminder")
            assert (reminder.state, reminder.why) == (State.SKIPPED, Why.ANSWERED)

    def test_what_a_hire_likes_joins_what_the_record_knew(self) -> None:
        with world() as here:
            here.enrol(interests=["tea"])
            here.walk_to(here.row("profile").due_at)
            row = here.row("profile")
            liked = (
                next(one for one in opened(here, row).form.questions if one.key == "interests").options[0].value
            )
            here.answer(row, interests=[liked])
            with here.engine.store.read() as books:
                known = books.people.get("n1")
            assert known is not None
            assert known.likes == ("tea", liked)
            assert known.interests == ("tea",)  # what HR's systems say is kept apart


class TestLowAnswers:
    @pytest.mark.slow
    def test_a_low_answer_on_friday_evening_reaches_a_human_on_monday_morning(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-02-03 12:00"))
            here.now = at("2027-02-05 19:30")
            here.answer(here.row("check_in_30"), **LOW)
            told = here.row("low_30", "hr")
            assert (told.due_at, told.pinned) == (at("2027-02-08 08:00"), True)

    @pytest.mark.slow
    def test_a_good_answer_wakes_nobody(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-02-03 12:00"))
            before = here.row("low_30", "hr").due_at
            here.answer(here.row("check_in_30"), **FINE)
            assert here.row("low_30", "hr").due_at == before

    @pytest.mark.slow
    def test_an_answer_that_turns_low_after_the_watch_looked_wakes_it_again(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-02-03 12:00"))
            here.answer(here.row("check_in_30"), **FINE)
            row = here.row("low_30", "hr")
            here.now = at("2027-02-04 09:00")
            with here.engine.store.begin() as books:
                books.deliveries.reschedule(
                    row.key, due_at=here.now, grace_until=row.grace_until, reason="look early", now=here.now
                )
                books.deliveries.pin(row.key)
            here.run()
            assert here.row("low_30", "hr").why is Why.NOTHING_TO_TELL
            here.answer(here.row("check_in_30"), **LOW)
            assert here.row("low_30", "hr").state is State.PLANNED
            here.run()
            assert here.row("low_30", "hr").state is State.SENT

    @pytest.mark.slow
    def test_a_low_answer_is_told_once(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-02-04 09:00"))
            for _ in range(2):
                here.answer(here.row("check_in_30"), **LOW)
                here.run()
            told = here.row("low_30", "hr")
            assert [one.number for one in here.to("people@example.com")].count(told.number) == 1
            self.it_is_told_once_more_when_it_changes(here)

    def it_is_told_once_more_when_it_changes(self, here: World) -> None:
        """In the same world: a wish for another buddy comes after the alert has left."""
        for reason in ("first", "second"):
            here.now = at("2027-02-05 19:30")  # Friday evening in Berlin, where HR sits
            here.answer(here.row("check_in_30"), **{**LOW, "another_buddy": "yes", "better": reason})
        more = here.row("low_30", "hr", "once.more")
        here.enrol()  # the same facts once more: it stays in the plan
        assert here.row("low_30", "hr", "once.more") == more
        assert more.due_at == at("2027-02-08 08:00")
        here.now = more.due_at
        here.run()
        (letter,) = [one for one in here.to("people@example.com") if "Yes, please" in one.text]
        assert "has changed the answers since our first mail" in letter.text
        assert "/ask/" in letter.text
        here.answer(here.row("check_in_30"), **{**LOW, "better": "third"})
        assert [one.occasion for one in here.rows() if one.step == "low_30"].count("once.more") == 1
        assert here.row("low_30", "hr", "once.more").state is State.SENT


class TestDeclining:
    def test_a_no_gives_the_role_to_the_next_best_and_a_later_yes_is_not_taken(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-18 03:00"))
            first = here.row("buddy_yes", "buddy")
            here.answer(first, agree="not_now")
            second = here.row("buddy_yes", "buddy")
            with pytest.raises(Expired):  # nobody would hear it
                here.answer(first, agree="yes")
            assert here.row("buddy_yes", "buddy").person_id == second.person_id != first.person_id

    def test_a_yes_keeps_the_role(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-18 03:00"))
            row = here.row("buddy_yes", "buddy")
            here.answer(row, agree="yes")
            assert here.row("buddy_yes", "buddy").person_id == row.person_id


class TestOptingOut:
    def link(self, here: World, person_id: str) -> str:
        return here.engine.links.unsubscribe(person_id).rpartition("/")[2]

    def test_whoever_leaves_is_replaced_and_may_come_back(self) -> None:
        with world() as here:
            here.enrol()
            peer = here.row("welcome_notes", "peer").person_id
            link = self.link(here, peer)
            set_opted_out(here.engine, link, here.now, out=True)
            set_opted_out(here.engine, link, here.now, out=True)
            assert is_opted_out(here.engine, link)
            planned = [one for one in here.rows() if one.step == "welcome_notes" and one.state is State.PLANNED]
            assert peer not in {one.person_id for one in planned}
            assert len({one.person_id for one in planned}) == 4
            set_opted_out(here.engine, link, here.now, out=False)
            assert not is_opted_out(here.engine, link)

    def test_a_forged_link_changes_nobody_and_an_unknown_person_is_said_so(self) -> None:
        with world() as here:
            with pytest.raises(BadLink):
                set_opted_out(here.engine, "x", here.now, out=True)
            with pytest.raises(NotFound):
                is_opted_out(here.engine, self.link(here, "nobody-known"))
