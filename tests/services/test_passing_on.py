"""Are words that are passed on their writer's own until they leave, and is the truth told about them?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import State
from onboarding.domain.errors import AlreadyLeft, BadAnswer, Expired
from onboarding.domain.mail import Address, Letter, Outcome, OutcomeKind
from onboarding.domain.passing_on import SHOWN_FOR
from onboarding.services.dispatching import claim_batches, perform, run_due
from onboarding.services.hiring import withdraw
from tests.noted import EVE, FIRST_DAY, Noted, journey, like, noted
from tests.worlds import KeptMail, at

NOTE = "I keep bees on the roof. Ask me about honey. What do you read?"
AFTER = "2027-01-04 08:00"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    """The steps that pass words on."""
    return journey(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="module")
def asked(words: FolderWords) -> Iterator[Noted]:
    """Everybody has been asked, and nobody has answered: for tests to begin with."""
    with noted(words) as found:
        yield found


@pytest.fixture
def here(asked: Noted) -> Iterator[Noted]:
    """The same, for a test alone."""
    with like(asked) as found:
        yield found


class TestANote:
    def test_its_writer_sees_for_whom_it_is_and_until_when_it_can_be_changed(self, here: Noted) -> None:
        view = here.see(here.ask())
        assert view.joins is not None
        assert (view.joins.name, view.joins.job_title, view.joins.team) == ("Amihan Quill", "Designer", "Harbour")
        assert (view.joins.first_day, view.joins.place) == ("Monday, January 4, 2027", "Manila")
        assert view.joins.zone == "Manila, UTC+8"
        assert view.joins.shared == ()
        assert view.leaves == "Monday, January 4, 2027, 9:00\u202fAM (Manila, UTC+8)".replace("\u202f", " ")
        assert view.values == {}

    def test_its_writer_reads_what_the_newcomer_chose_to_share(self, here: Noted) -> None:
        here.write(here.ask("profile", "hire"), called="Ami", about="Sailing by the stars", reach="call")
        view = here.see(here.ask())
        assert view.joins is not None
        assert [answer for _, answer in view.joins.shared] == ["A call", "Sailing by the stars"]

    def test_it_can_be_changed_after_its_form_has_closed_until_it_leaves(self, here: Noted) -> None:
        ask = here.ask()
        here.write(ask, note="A first try")
        here.until(EVE)
        view = here.see(ask)
        assert view.is_over
        assert [one.key for one in view.form.questions] == ["note"]
        here.write(ask, note=NOTE)
        here.until(FIRST_DAY)
        assert NOTE in here.letter().text
        assert "A first try" not in here.letter().text

    def test_no_new_one_is_written_after_the_form_has_closed(self, here: Noted) -> None:
        here.until(EVE)
        with pytest.raises(Expired):
            here.see(here.ask())
        with pytest.raises(Expired):
            here.write(here.ask(), note=NOTE)
        assert here.kept(here.ask()) is None

    def test_a_change_that_does_not_fit_changes_nothing(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        here.until(EVE)
        for bad in ("", "x" * 601):
            with pytest.raises(BadAnswer):
                here.write(here.ask(), note=bad)
        assert here.see(here.ask()).values == {"note": NOTE}

    def test_what_is_taken_back_is_kept_nowhere_and_the_card_comes_without_it(self, here: Noted) -> None:
        ask, other = here.ask(), here.ask(number=1)
        here.write(ask, note="A first try")
        here.write(ask, note=NOTE)
        here.write(other, note="Trains are my thing.")
        here.until(EVE)
        view = here.take_back(ask)
        assert view.passing is not None
        assert (view.passing.text, view.passing.taken_back_at) == ("", here.world.now)
        kept = here.kept(ask)
        assert kept is not None
        assert (kept.version, kept.values, kept.taken_back) == (3, {}, True)
        with here.world.engine.store.read() as books:
            history = [one.reason for one in books.deliveries.history(ask.id)]
        assert history[-1] == "what was written was taken back"
        here.until(FIRST_DAY)
        assert "Trains are my thing." in here.letter().text
        assert "bees" not in here.letter().text
        assert not [one for one in here.world.mail.letters if "bees" in one.text or "first try" in one.text]

    def test_without_the_last_note_the_card_comes_in_its_other_form(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        here.until(EVE)
        here.take_back(here.ask())
        here.until(FIRST_DAY)
        assert "These colleagues share working hours with you" in here.letter().text

    def test_taking_back_twice_or_nothing_changes_nothing(self, here: Noted) -> None:
        here.take_back(here.ask())
        assert here.kept(here.ask()) is None
        here.write(here.ask(), note=NOTE)
        here.take_back(here.ask())
        once = here.kept(here.ask())
        here.take_back(here.ask())
        assert here.kept(here.ask()) == once

    def test_another_one_can_be_written_while_the_form_is_open_and_nobody_is_reminded(self, here: Noted) -> None:
        here.write(here.ask(), note="A first try")
        here.take_back(here.ask())
        assert here.see(here.ask()).values == {}
        here.until("2026-12-24 00:00")
        reminded = [one for one in here.world.rows() if one.key == f"{here.ask().id}.reminder"]
        assert [one.state for one in reminded] == [State.SKIPPED]
        here.write(here.ask(), note=NOTE)
        here.until(FIRST_DAY)
        assert NOTE in here.letter().text

    def test_after_the_card_left_nobody_changes_it_and_its_writer_reads_when_it_left(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        here.until(AFTER)
        with pytest.raises(AlreadyLeft):
            here.write(here.ask(), note="Too late")
        with pytest.raises(AlreadyLeft):
            here.take_back(here.ask())
        view = here.see(here.ask())
        assert view.passing is not None
        assert (view.passing.text, view.passing.left_at) == (NOTE, at(FIRST_DAY))
        assert view.left.startswith("Monday, January 4, 2027, 9:00")
        here.world.now = at(FIRST_DAY) + SHOWN_FOR
        with pytest.raises(Expired):
            here.see(here.ask())

    def test_a_mail_service_that_refuses_for_now_gives_the_writer_more_time(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        here.until(EVE)
        here.world.mail.answers.append(Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="busy"))
        here.until(FIRST_DAY)
        assert here.row().state is State.PLANNED
        here.take_back(here.ask())
        here.until(AFTER)
        assert NOTE not in here.letter().text

    def test_whoever_is_asked_late_has_time_until_the_card_leaves(self, words: FolderWords) -> None:
        with noted(words, "2026-12-18 12:00") as here:
            for row in here.world.rows():
                if row.step == "welcome_notes" and row.person_id == "ada" and row.state is State.PLANNED:
                    with here.world.engine.store.begin() as books:
                        late = at("2026-12-29 02:00")
                        books.deliveries.reschedule(
                            row.key, due_at=late, grace_until=late, reason="late", now=here.world.now
                        )
                        books.deliveries.pin(row.key)
            here.until("2026-12-29 03:00")
            ask = here.ask(number=3)
            assert (ask.person_id, ask.closes_at) == ("ada", here.row().due_at)
            assert "Monday, January 4, 2027, 9:00" in here.world.to("ada@example.com")[-1].text

    def test_a_newcomer_who_withdraws_ends_it(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        withdraw(here.world.engine, "n1", here.world.now)
        with pytest.raises(Expired):
            here.take_back(here.ask())


class TestOtherWords:
    """The same rule holds for every form whose words a mail passes on, whoever writes them."""

    def test_a_buddy_changes_the_line_and_not_the_yes_after_the_form_has_closed(self, here: Noted) -> None:
        ask = here.ask("buddy_yes", "buddy")
        here.write(ask, agree="yes", note="Hello!")
        here.until(EVE)
        assert [one.key for one in here.see(ask).form.questions] == ["note"]
        here.write(ask, agree="not_now", note="Hello, Ami!", why_not="no_time")
        assert here.see(ask).values == {"agree": "yes", "note": "Hello, Ami!"}
        here.until(AFTER)
        assert "Hello, Ami!" in here.letter("buddy_introduction").text
        view = here.see(ask)
        assert view.passing is not None
        assert view.passing.left_at == at("2027-01-04 03:00")

    def test_a_buddy_takes_the_line_back_and_stays_the_buddy(self, here: Noted) -> None:
        ask = here.ask("buddy_yes", "buddy")
        here.write(ask, agree="yes", note="Hello!")
        here.until(EVE)
        here.take_back(ask)
        kept = here.kept(ask)
        assert kept is not None
        assert (kept.values, kept.taken_back) == ({"agree": "yes"}, True)
        here.until(AFTER)
        assert here.row("buddy_introduction").state is State.SENT
        assert "Hello!" not in here.letter("buddy_introduction").text

    def test_who_is_asked_after_the_introduction_left_can_still_say_no(self, words: FolderWords) -> None:
        with noted(words, "2026-12-16 12:00") as here:
            row = here.world.row("buddy_yes", "buddy")
            with here.world.engine.store.begin() as books:
                for key, moment in ((row.key, AFTER), (f"{row.key}.silence", "2027-01-15 00:00")):
                    due = at(moment)
                    books.deliveries.reschedule(
                        key, due_at=due, grace_until=due, reason="late", now=here.world.now
                    )
                    books.deliveries.pin(key)
            here.until(AFTER)
            ask = here.ask("buddy_yes", "buddy")
            with here.world.engine.store.begin() as books:  # the introduction left a moment after the question
                books.asks.open(replace(ask, opened_at=at("2027-01-04 02:00")))
            assert [one.key for one in here.see(ask).form.questions] == ["agree", "why_not"]
            here.write(ask, agree="not_now", note="Nobody would read this", why_not="no_time")
            kept = here.kept(ask)
            assert kept is not None
            assert kept.values == {"agree": "not_now", "why_not": "no_time"}

    def test_a_manager_takes_the_first_piece_of_work_back_before_the_two_are_introduced(self, here: Noted) -> None:
        here.until("2027-01-07 03:00")
        ask = here.ask("first_item", "manager")
        assert here.see(ask).joins is None
        here.write(ask, note="Rewrite the page about refunds.", work_partner="far")
        here.until("2027-01-13 00:00")
        assert [one.key for one in here.see(ask).form.questions] == ["note"]
        here.take_back(ask)
        kept = here.kept(ask)
        assert kept is not None
        assert kept.values == {"work_partner": "far"}
        here.until("2027-01-13 09:00")
        assert here.row("pair_introduction").reason == "nobody wrote a note"

    def test_words_for_the_buddy_are_the_newcomers_own_until_the_thanks_leave(self, here: Noted) -> None:
        here.write(here.ask("buddy_yes", "buddy"), agree="yes")
        here.until("2027-03-30 00:00")
        ask = here.ask("buddy_words", "hire")
        assert here.see(ask).joins is None
        here.write(ask, note="You always had time.", pass_on="no")
        passing = here.see(ask).passing
        assert passing is not None
        assert passing.text == ""
        here.write(ask, note="You always had time.", pass_on="yes")
        here.until("2027-04-06 23:00")
        assert [one.key for one in here.see(ask).form.questions] == ["note", "pass_on"]
        here.write(ask, note="You always had time for me.", pass_on="yes")
        here.until("2027-04-08 00:00")
        thanks = here.letter("buddy_thanks", "buddy")
        assert "You always had time for me." in thanks.text
        assert thanks.reply_to == Address(email="amihan@example.com", name="Amihan Quill")

    def test_words_that_may_not_be_passed_on_can_be_taken_back_as_well(self, here: Noted) -> None:
        here.until("2027-03-30 00:00")
        ask = here.ask("buddy_words", "hire")
        here.write(ask, note="You always had time.", pass_on="no")
        here.take_back(ask)
        kept = here.kept(ask)
        assert kept is not None
        assert (kept.values, kept.taken_back) == ({}, True)

    def test_nothing_of_a_form_that_nobody_passes_on_is_taken_back(self, here: Noted) -> None:
        with pytest.raises(Expired):
            here.take_back(here.ask("profile", "hire"))


class TestTheCard:
    def test_a_reply_to_the_only_note_goes_to_whoever_wrote_it(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        here.until(FIRST_DAY)
        card = here.letter()
        assert card.reply_to == Address(email="ada@example.com", name="Ada Example")
        assert "Answer Ada: ada@example.com, or reply to this mail: your reply goes to Ada." in card.text
        assert 'href="mailto:ada@example.com"' in card.html

    def test_a_reply_to_several_goes_to_the_people_team_and_each_has_an_address(self, here: Noted) -> None:
        for number in (3, 0, 1):  # not in the order of the card
            here.write(here.ask(number=number), note=f"This is note {number}.")
        here.until(FIRST_DAY)
        card = here.letter()
        assert card.reply_to == Address(email="people@example.com", name="Lighthouse Ltd People Team")
        writers = [here.ask(number=number).person_id for number in (0, 1, 3)]
        places = [card.text.index(f"{one}@example.com") for one in writers]
        assert places == sorted(places)
        assert "reply to this mail" not in card.text
        assert "Engineer, Harbour, Manila" in card.text

    def test_the_buddys_line_is_answered_to_the_buddy_and_the_buddys_own_copy_is_not(self, here: Noted) -> None:
        ask = here.ask("buddy_yes", "buddy")
        here.write(ask, agree="yes", note="Hello!")
        here.until(AFTER)
        to_hire, to_buddy = (here.letter("buddy_introduction", role) for role in ("hire", "buddy"))
        assert to_hire.reply_to is not None
        assert to_hire.reply_to.email == f"{ask.person_id}@example.com"
        assert to_buddy.reply_to is not None
        assert to_buddy.reply_to.email == "people@example.com"

    @pytest.mark.parametrize("email", ["", "ada <ada@example.com>", "ada"])
    def test_a_writer_without_an_address_costs_nobody_the_card(self, here: Noted, email: str) -> None:
        here.write(here.ask(), note=NOTE)
        with here.world.engine.store.begin() as books:
            ada = books.people.get("ada")
            assert ada is not None
            books.people.put(replace(ada, work_email=email))
        here.until(FIRST_DAY)
        assert here.letter().reply_to == Address(email="people@example.com", name="Lighthouse Ltd People Team")


@dataclass(repr=False)
class Slow(KeptMail):
    """A mailer during whose work somebody wants their words back."""

    here: list[Noted] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def send(self, letter: Letter) -> Outcome:
        """Hand it over; meanwhile the writer presses the button."""
        for one in self.here if NOTE in letter.text else ():
            with pytest.raises(AlreadyLeft) as refused:
                one.take_back(one.ask())
            self.refused.append(str(refused.value))
            assert one.see(one.ask()).left
        return super().send(letter)


class TestWhoComesFirst:
    def test_words_taken_back_between_claim_and_sending_do_not_leave(self, here: Noted) -> None:
        here.write(here.ask(), note=NOTE)
        here.until(EVE)
        here.world.now = at(FIRST_DAY)
        (batch,) = claim_batches(here.world.engine, here.world.now)
        assert here.row().state is State.CLAIMED
        here.take_back(here.ask())
        perform(here.world.engine, batch, here.world.now)
        assert here.row().state is State.SENT
        assert NOTE not in here.letter().text

    def test_words_that_are_being_sent_cannot_be_taken_back(self, asked: Noted) -> None:
        slow = Slow()
        with like(asked, mailer=slow) as here:
            slow.here.append(here)
            here.write(here.ask(), note=NOTE)
            here.until(AFTER)
            assert slow.refused == ["these words have left already"]
            kept = here.kept(here.ask())
            assert kept is not None
            assert kept.values == {"note": NOTE}

    def test_a_worker_waits_for_whoever_is_just_taking_their_words_back(
        self, words: FolderWords, postgres_store: SqlStore
    ) -> None:
        with noted(words, store=postgres_store) as here, ThreadPoolExecutor(1) as another:
            here.write(here.ask(), note=NOTE)
            here.until(EVE)
            here.world.now = at(FIRST_DAY) + timedelta(minutes=1)
            with postgres_store.begin() as books:
                books.asks.hold([here.ask().id])
                working = another.submit(run_due, here.world.engine, here.world.now)
                assert not wait([working], timeout=0.5).done
                books.asks.take_back(here.ask().id, ["note"], here.world.now)
            working.result(timeout=20)
            assert here.row().state is State.SENT
            assert NOTE not in here.letter().text
