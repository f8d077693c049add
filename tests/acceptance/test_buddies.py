"""Ninety days of a buddy and a manager: a guide, few ideas, thanks in real words, and nothing without consent."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from onboarding.domain.delivery import GONE, Delivery, State, Why
from onboarding.domain.mail import Letter
from onboarding.services import meeting_changes
from onboarding.services.matches import matches
from onboarding.services.opting_out import set_opted_out
from onboarding.services.swapping import Swap, swap
from tests.worlds import World, at, local, world

IDEAS = ("buddy_week_1", "buddy_week_2", "buddy_week_4", "buddy_week_8")
WORDS = "You answered on *every* day."
GOOD = {"role_clear": "5", "knows_whom": "4", "connected": "4", "recommend": "9"}
SECRET = "Sentinel words for HR alone"
LOW = {"connected": "1"}
DAY_1 = at("2027-01-04 06:00")


def jump(here: World, moment: datetime) -> None:
    """Live through one moment only; what was due long before is skipped as too late."""
    here.now = moment
    here.run()


def settled(here: World) -> str:
    """A newcomer with a buddy who said yes and knows it; the buddy's id."""
    here.enrol()
    here.hear_yes()
    jump(here, DAY_1)
    return here.row("buddy_introduction", "buddy").person_id


def letter(here: World, row: Delivery) -> Letter:
    (found,) = [one for one in here.mail.letters if one.number == row.number]
    return found


def ideas(here: World) -> list[Delivery]:
    return [one for one in here.rows() if one.step in IDEAS]


def see_ideas(here: World) -> list[Delivery]:
    """Live through the moment of each idea."""
    for row in sorted(ideas(here), key=lambda one: one.due_at):
        jump(here, row.due_at)
    return ideas(here)


class TestNinetyDays:
    @pytest.mark.slow
    def test_everything_that_a_buddy_and_a_manager_get(self) -> None:
        with world() as here:
            here.enrol()
            here.hear_yes()
            here.walk_to(at("2027-02-03 12:00"))
            here.answer(here.row("check_in_30"), **GOOD, better=SECRET, to_manager="yes")
            here.walk_to(at("2027-03-30 00:00"))
            here.answer(here.row("buddy_words"), note=WORDS, pass_on="yes")
            here.walk_to(at("2027-05-01 00:00"))
            self.ideas_are_different_and_inside_their_hours(here)
            self.thanks_hold_exactly_the_words(here)
            self.the_summary_lacks_what_is_private(here)
            self.the_list_has_five_lines(here)

    def ideas_are_different_and_inside_their_hours(self, here: World) -> None:
        buddy = here.row("buddy_thanks", "buddy").person_id
        with here.engine.store.read() as books:
            person = books.people.get(buddy)
            met = [one for one in books.meetings.of_hire("n1") if buddy in one.people]
        assert person is not None
        got = [letter(here, one) for one in ideas(here) if one.state in GONE]
        assert 1 <= len(got) <= len(IDEAS)
        assert len({one.text for one in got}) == len({one.subject for one in got}) == len(got)
        for one in got:
            moment = local(one, person.time_zone)
            assert one.to.email == person.work_email
            assert (moment.weekday() < 5, 9 <= moment.hour < 17) == (True, True), one.subject
            assert one.unsubscribe_url.startswith("http://127.0.0.1:8400/optional/")
            assert not [two for two in met if 0 <= (one.date - two.ends_at).total_seconds() < 86400]
        assert {one.why for one in ideas(here) if one.state not in GONE} <= {Why.MET}

    def thanks_hold_exactly_the_words(self, here: World) -> None:
        thanks = letter(here, here.row("buddy_thanks", "buddy"))
        assert WORDS in thanks.text
        assert "wrote this for you" in thanks.text
        assert [one for one in here.mail.letters if WORDS in one.text] == [thanks]

    def the_summary_lacks_what_is_private(self, here: World) -> None:
        told = letter(here, here.row("summary_30", "manager"))
        assert told.to.email == "manila-lead@example.com"
        assert "5/5" in told.text
        assert "9/10" not in told.text
        assert not [one for one in here.mail.letters if SECRET in one.text]
        assert here.row("talk_30", "manager").state is State.DONE

    def the_list_has_five_lines(self, here: World) -> None:
        listed = letter(here, here.row("manager_list", "manager"))
        assert listed.date < at("2027-01-03 16:00")  # before the first day in Manila
        numbered = [one for one in listed.text.splitlines() if one[:1].isdigit() and one[1:3] == ". "]
        for line, word in zip(numbered, ("role", "buddy", "network", "month", "door"), strict=True):
            assert word in line
        asked = letter(here, here.row("first_item", "manager")).date.astimezone(ZoneInfo("Asia/Manila"))
        assert f"{asked:%a %d %H:%M}" == "Thu 07 09:30"


class TestGuide:
    def test_it_comes_with_the_yes_and_not_before(self) -> None:
        with world() as here:
            here.enrol()
            asked = here.row("buddy_yes", "buddy")
            here.walk_to(asked.due_at)
            assert here.row("buddy_guide", "buddy").state is State.PLANNED
            here.answer(asked, agree="yes")
            here.run()
            page = letter(here, here.row("buddy_guide", "buddy"))
            assert page.to.email == f"{asked.person_id}@example.com"
            for week in ("Week 1", "Week 2", "Week 4", "Week 8"):
                assert week in page.text

    def test_whoever_says_not_now_gets_none_and_hr_alone_reads_why(self) -> None:
        with world() as here:
            here.enrol()
            first = here.row("buddy_yes", "buddy")
            here.walk_to(first.due_at)
            here.answer(first, agree="not_now", why_not="no_time")
            here.hear_yes()
            jump(here, DAY_1)
            got = [one.person_id for one in here.rows() if one.step == "buddy_guide" and one.state in GONE]
            assert got == [here.row("buddy_yes", "buddy").person_id]
            assert got != [first.person_id]
            (was,) = [one for role in matches(here.engine, "n1", here.now).roles for one in role.before]
            assert was.asked is not None
            assert was.asked.why_not == "I have too much work at the moment"
            assert not [one for one in here.mail.letters if "too much work" in one.text]


class TestIdeas:
    def coffee_on_wednesday(self, here: World) -> None:
        """The first coffee ends less than two working days before the first idea, on Friday."""
        settled(here)
        (coffee,) = [one.meeting for one in meeting_changes.of_hire(here.engine, "n1")]
        meeting_changes.move(here.engine, coffee.id, at("2027-01-06 05:00"), here.now, anyway=True)

    def test_nobody_needs_one_who_met_the_newcomer_a_moment_ago(self) -> None:
        with world() as here:
            self.coffee_on_wednesday(here)
            first, *others = see_ideas(here)
            assert (first.state, first.why) == (State.SKIPPED, Why.MET)
            assert first.reason == "not needed: they met or wrote within 2 working days"
            assert {one.state for one in others} == {State.SENT}

    def test_a_meeting_that_did_not_take_place_keeps_no_idea_back(self) -> None:
        with world() as here:
            self.coffee_on_wednesday(here)
            jump(here, here.row("met_first_coffee").due_at)
            here.answer(here.row("met_first_coffee"), met="no")
            assert {one.state for one in see_ideas(here)} == {State.SENT}

    def test_whoever_has_left_the_optional_mails_gets_none_and_stays_the_buddy(self) -> None:
        with world() as here:
            buddy = settled(here)
            token = here.engine.links.unsubscribe(buddy).rpartition("/")[2]
            set_opted_out(here.engine, token, here.now, out=True)
            assert {(one.state, one.why) for one in see_ideas(here)} == {(State.SKIPPED, Why.OPTED_OUT)}
            jump(here, here.row("buddy_thanks", "buddy").due_at)
            assert letter(here, here.row("buddy_thanks", "buddy")).to.email == f"{buddy}@example.com"


class TestThanks:
    def thanks(self, here: World) -> Letter:
        jump(here, here.row("buddy_thanks", "buddy").due_at)
        return letter(here, here.row("buddy_thanks", "buddy"))

    @pytest.mark.parametrize("answer", [{"note": WORDS, "pass_on": "no"}, {"note": WORDS}])
    def test_without_words_and_a_yes_they_are_plain(self, answer: dict[str, str]) -> None:
        with world() as here:
            settled(here)
            jump(here, here.row("buddy_words").due_at)
            here.answer(here.row("buddy_words"), **answer)
            thanks = self.thanks(here)
            assert WORDS not in thanks.text
            assert "wrote this" not in thanks.text

    def test_words_about_one_buddy_never_reach_the_next(self) -> None:
        with world() as here:
            first = settled(here)
            jump(here, here.row("buddy_words").due_at)
            here.answer(here.row("buddy_words"), note=WORDS, pass_on="yes")
            swap(here.engine, Swap(hire_id="n1", role="buddy"), here.now)
            thanks = self.thanks(here)
            assert thanks.to.email != f"{first}@example.com"
            assert WORDS not in thanks.text

    def test_nobody_is_asked_for_words_about_a_buddy_who_is_not_there(self) -> None:
        with world(people=[]) as here:
            here.enrol(manager_id="")
            assert (here.row("buddy_words").state, here.row("buddy_words").why) == (State.SKIPPED, Why.NOBODY)


class TestSummary:
    def told(self, here: World, *answers: dict[str, str]) -> list[Delivery]:
        here.enrol()
        jump(here, here.row("check_in_30").due_at)
        for each in answers:
            here.answer(here.row("check_in_30"), **{**GOOD, "better": SECRET, **each})
        jump(here, at("2027-02-05 03:00"))
        jump(here, at("2027-02-15 03:00"))
        return [one for one in here.rows() if one.step in ("summary_30", "talk_30") and one.state in GONE]

    @pytest.mark.parametrize("answer", [LOW, {"to_manager": "no"}])
    def test_without_a_yes_the_manager_reads_nothing_even_of_a_low_answer(self, answer: dict[str, str]) -> None:
        with world() as here:
            assert self.told(here, answer) == []
            assert not [one for one in here.to("manila-lead@example.com") if "5/5" in one.text]

    def test_a_low_answer_with_a_yes_is_one_mail_that_asks_to_talk(self) -> None:
        with world() as here:
            (row,) = self.told(here, {**LOW, "to_manager": "yes"})
            assert row.step == "talk_30"
            assert "1/5" in letter(here, row).text
            assert SECRET not in letter(here, row).text

    def test_a_yes_that_is_taken_back_before_the_mail_leaves_counts_no_more(self) -> None:
        with world() as here:
            assert self.told(here, {"to_manager": "yes"}, {"to_manager": "no"}) == []
            assert here.row("summary_30", "manager").state is State.DONE
