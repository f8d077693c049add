from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.adapters.words import FolderWords
from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import GONE, State, Why
from onboarding.domain.errors import Expired, IllegalMove
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person, WorkingHours
from onboarding.services import feeds
from onboarding.services.changing import send_step, skip_step
from onboarding.services.measures import measure
from onboarding.services.meeting_changes import cancel, move, show
from onboarding.services.swapping import Swap, swap
from onboarding.services.timeline import timeline
from tests.exchanging import apart, cards, change, coffee, invited, letter, questions, short_words
from tests.worlds import CHICAGO, MANILA, World, at, person, world

EVENING = WorkingHours(start=time(12), end=time(21))
END = at("2027-02-28 00:00")
BUDDY = ("buddy", "first_coffee", "met_first_coffee", "follow_up", "no_buddy_meeting")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    return short_words(tmp_path_factory.mktemp("words") / "templates")


@pytest.fixture(scope="module")
def of_buddy(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    return short_words(tmp_path_factory.mktemp("words") / "templates", (*BUDDY, "welcome_round"))


def begin(here: World) -> None:
    """Live until both were asked."""
    here.walk_to(here.row("partner_coffee", occasion="week-2").due_at)
    here.walk_to(max(one.due_at for one in questions(here).values()))


def of_step(here: World, step: str) -> list[Meeting]:
    with here.engine.store.read() as books:
        return [one for one in books.meetings.of_hire("n1") if one.step == step]


def known(here: World, person_id: str) -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


class TestBeginning:
    def test_an_hour_that_is_found_before_the_first_form_has_left_makes_it_a_meeting(
        self, words: FolderWords
    ) -> None:
        with apart(words) as here:
            here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="busy")]
            here.walk_to(here.row("partner_coffee", occasion="week-2").due_at)
            assert [one.state for one in coffee(here)] == [MeetingState.EXCHANGED]
            change(here, "maria", working_hours=EVENING)
            here.walk_to(here.now + timedelta(days=1))
            gone, meeting = sorted(coffee(here), key=lambda one: one.state.value)
            assert (gone.state, meeting.state) == (MeetingState.ENDED, MeetingState.PLANNED)
            assert {one.state for one in invited(here)} == {State.SENT}
            assert questions(here) == {}
            here.walk_to(END)
            assert here.row("met_partner_coffee", occasion="week-2").state is State.SENT
            assert {one.state for one in cards(here).values()} == {State.WITHDRAWN}

    def test_once_begun_it_goes_on_although_an_hour_is_found(self, words: FolderWords) -> None:
        with apart(words) as here:
            begin(here)
            change(here, "maria", working_hours=EVENING)
            here.answer(questions(here)["n1"], good_day="One with a walk.")
            here.walk_to(END)
            assert [one.state for one in coffee(here)] == [MeetingState.EXCHANGED]
            assert "One with a walk." in letter(here, cards(here)["maria"]).text
            assert {one.state for one in invited(here)} == {State.SKIPPED}

    def test_people_who_are_only_busy_that_week_do_not_write_and_today_s_reason_stays(
        self, words: FolderWords
    ) -> None:
        with apart(words) as here:
            change(here, "maria", **MANILA)
            row = here.row("partner_coffee", occasion="week-2")
            with here.engine.store.begin() as books:
                for number in range(20):
                    books.meetings.put(all_day(row.due_at + timedelta(days=number)))
            here.walk_to(row.due_at + timedelta(days=1))
            assert coffee(here) == []
            assert {(one.state, one.why) for one in invited(here)} == {(State.SKIPPED, Why.NO_SLOT)}
            assert {one.reason for one in invited(here)} == {"no hour within both working days suits everybody"}

    def test_a_meeting_that_is_called_off_because_somebody_moved_away_becomes_an_exchange(
        self, words: FolderWords
    ) -> None:
        with apart(words) as here:
            change(here, "maria", working_hours=EVENING)
            here.walk_to(here.row("partner_coffee", occasion="week-2").due_at + timedelta(hours=20))
            assert [one.state for one in coffee(here)] == [MeetingState.PLANNED]
            change(here, "maria", working_hours=WorkingHours(start=time(9), end=time(17)))
            assert {one.state for one in coffee(here)} == {MeetingState.CANCELLED, MeetingState.EXCHANGED}
            here.walk_to(here.now + timedelta(days=1))
            assert {one.state for one in questions(here).values()} == {State.SENT}
            told = [one for one in here.mail.letters if one.invitation and one.invitation.method == "CANCEL"]
            assert len(told) == 2
            here.answer(questions(here)["maria"], good_day="A short one.")
            here.walk_to(END)
            assert "A short one." in letter(here, cards(here)["n1"]).text


def all_day(start: datetime) -> Meeting:
    """Something else that takes everybody's whole day."""
    name = f"busy-{start:%m-%d}"
    return Meeting(
        id=name,
        hire_id="n0",
        step="other",
        occasion=name,
        people=("n1", "maria"),
        starts_at=start - timedelta(hours=12),
        ends_at=start + timedelta(hours=12),
        uid=name,
        organizer="people@example.com",
        stamped_at=start,
    )


class TestWords:
    def test_what_was_sent_cannot_be_changed_any_more(self, words: FolderWords) -> None:
        with apart(words) as here:
            begin(here)
            asked = questions(here)
            here.answer(asked["n1"], good_day="First thoughts.")
            here.answer(asked["n1"], good_day="Second thoughts.")
            here.answer(asked["maria"], good_day="Mine.")
            here.walk_to(here.now + timedelta(days=1))
            assert "Second thoughts." in letter(here, cards(here)["maria"]).text
            with pytest.raises(Expired):
                here.answer(asked["n1"], good_day="Third thoughts.")

    def test_words_for_one_person_never_reach_another_who_takes_their_place(self, words: FolderWords) -> None:
        with apart(words) as here:
            with here.engine.store.begin() as books:
                books.people.put(person("carlos", CHICAGO, department="Care"))
            begin(here)
            first = questions(here)
            partner = next(one for one in first if one != "n1")
            here.answer(first["n1"], good_day="Between the two of us.")
            swapped = swap(here.engine, Swap(hire_id="n1", role="partner"), here.now)
            here.walk_to(here.now + timedelta(days=3))
            again = questions(here)
            assert again["n1"].occasion == f"week-2.exchange-{swapped.after.id}"
            assert [one.state for one in coffee(here)].count(MeetingState.EXCHANGED) == 1
            here.answer(again[swapped.after.id], good_day="Hello there.")
            here.walk_to(END)
            assert not [one for one in here.mail.letters if "Between the two of us." in one.text]
            assert [one for one in here.to("amihan@example.com") if "Hello there." in one.text]
            assert not [one for one in here.to(f"{partner}@example.com") if "wrote" in one.subject]

    def test_three_people_read_what_two_of_them_wrote_and_the_third_is_not_asked_in_vain(
        self, of_buddy: FolderWords
    ) -> None:
        people = [person("boss", CHICAGO), person("pal", MANILA)]
        with world("2027-01-04 00:00", people=people, words=of_buddy) as here:
            here.enrol(manager_id="boss")
            here.walk_to(here.row("welcome_round").due_at)
            (exchange,) = of_step(here, "welcome_round")
            assert sorted(exchange.people) == ["boss", "n1", "pal"]
            here.walk_to(max(one.due_at for one in questions(here).values()))
            asked = questions(here)
            here.answer(asked["n1"], good_day="Sun.")
            here.answer(asked["boss"], good_day="Rain.")
            here.walk_to(END)
            texts = {one: letter(here, row).text for one, row in cards(here).items()}
            assert {one: [w for w in ("Sun.", "Rain.") if w in text] for one, text in texts.items()} == {
                "n1": ["Rain."],
                "boss": ["Sun."],
                "pal": ["Sun.", "Rain."],
            }
            assert "There is no answer from Pal" in texts["n1"]
            assert "/ask/" not in "".join(texts.values())

    def test_a_card_is_in_the_language_of_its_reader_with_the_words_as_they_are(self, words: FolderWords) -> None:
        with apart(words) as here:
            change(here, "maria", language="de")
            begin(here)
            here.answer(questions(here)["n1"], good_day="One with a walk.")
            here.answer(questions(here)["maria"], good_day="Ein ruhiger Vormittag.")
            here.walk_to(END)
            assert "Wie sieht für dich ein guter Arbeitstag aus?" in letter(here, cards(here)["maria"]).text
            assert "One with a walk." in letter(here, cards(here)["maria"]).text
            assert "What does a good day at work look like for you?" in letter(here, cards(here)["n1"]).text
            assert "Ein ruhiger Vormittag." in letter(here, cards(here)["n1"]).text


class TestByHand:
    def test_a_human_who_sends_the_step_sends_the_words_that_are_there_and_no_invitation(
        self, words: FolderWords
    ) -> None:
        with apart(words) as here:
            begin(here)
            here.answer(questions(here)["maria"], good_day="Said at once.")
            send_step(here.engine, "n1", "partner_coffee", here.now)
            here.run()
            assert "Said at once." in letter(here, cards(here)["n1"]).text
            assert cards(here)["maria"].state is State.SKIPPED
            assert {one.state for one in invited(here)} == {State.SKIPPED}
            assert not [one for one in here.mail.letters if one.invitation]

    def test_a_human_who_skips_the_step_ends_all_of_it(self, words: FolderWords) -> None:
        with apart(words) as here:
            begin(here)
            here.answer(questions(here)["maria"], good_day="Said at once.")
            skip_step(here.engine, "n1", "partner_coffee", here.now)
            sent = len(here.mail.letters)
            here.walk_to(END)
            assert len(here.mail.letters) == sent
            with pytest.raises(Expired):
                here.answer(questions(here)["n1"], good_day="Too late.")

    @pytest.mark.parametrize(
        "attempt",
        [
            lambda here, found: move(here.engine, found, here.now + timedelta(days=3), here.now, anyway=True),
            lambda here, found: move(here.engine, found, None, here.now),
            lambda here, found: cancel(here.engine, found, "a reason", here.now),
        ],
        ids=["move", "suggest", "cancel"],
    )
    def test_it_is_no_meeting_that_could_be_moved_or_called_off_and_hr_is_told_what_ends_it(
        self, words: FolderWords, attempt: Callable[[World, str], object]
    ) -> None:
        with apart(words) as here:
            begin(here)
            (before,) = coffee(here)
            with pytest.raises(IllegalMove, match="`onboarding hire skip n1 partner_coffee`"):
                attempt(here, before.id)
            assert coffee(here) == [before]
            assert show(here.engine, before.id, here.now).other_times == ()


class TestWhatOthersSeeOfIt:
    def test_it_has_no_place_in_anybodys_calendar(self, words: FolderWords) -> None:
        with apart(words) as here:
            begin(here)
            assert coffee(here)
            with here.engine.store.read() as books:
                token = feeds.address(here.engine, books, "n1").rpartition("/")[2].removesuffix(".ics")
            assert b"BEGIN:VEVENT" not in feeds.read_feed(here.engine, token)

    @pytest.mark.parametrize(("writes", "told"), [(("n1", "pal"), False), (("n1",), True), ((), True)])
    def test_silence_about_the_buddy_is_told_unless_both_wrote_and_their_words_are_not(
        self,
        of_buddy: FolderWords,
        writes: tuple[str, ...],
        told: bool,  # noqa: FBT001 -- a table
    ) -> None:
        with world(
            "2027-01-04 00:00", people=[person("boss", MANILA), person("pal", CHICAGO)], words=of_buddy
        ) as here:
            here.enrol(manager_id="boss")
            here.walk_to(here.row("first_coffee").due_at + timedelta(days=1))
            for one in writes:
                here.answer(questions(here)[one], good_day=f"Words of {one} alone")
            here.walk_to(END)
            assert (here.row("no_buddy_meeting", "hr").state is State.SENT) is told
            assert not [one for one in here.to("people@example.com") if "Words of" in one.text]
            assert (here.row("follow_up").state, here.row("follow_up").why) == (State.SKIPPED, Why.EXCHANGED)

    def test_it_is_counted_apart_and_told_in_words(self, words: FolderWords) -> None:
        with apart(words) as here:
            begin(here)
            counted = measure(here.engine, here.now).counted
            assert counted is not None
            assert (counted.meetings.planned, counted.meetings.exchanged, counted.meetings.cancelled) == (0, 1, 0)
            titles = {one.title for one in timeline(here.engine, "n1").rows if one.step == "partner_coffee"}
            assert "Coffee with somebody in another department, in writing: the questions" in titles
            reasons = {one.reason for one in invited(here)}
            assert reasons == {"no hour at which everybody works: they write to each other instead"}


HOURS = st.tuples(st.integers(0, 18), st.integers(1, 5))


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zones=st.tuples(st.integers(-12, 12), st.integers(-12, 12)), mine=HOURS, theirs=HOURS)
def test_whatever_the_clocks_say_people_meet_in_their_hours_or_write_or_read_why_not(
    words: FolderWords, zones: tuple[int, int], mine: tuple[int, int], theirs: tuple[int, int]
) -> None:
    cities = [{"time_zone": f"Etc/GMT{zone:+}"} for zone in zones]
    hours = [WorkingHours(start=time(start), end=time(start + long)) for start, long in (mine, theirs)]
    maria = person("maria", cities[1], department="Sales", working_hours=hours[1])
    with world("2027-01-04 00:00", people=[person("boss", MANILA), maria], words=words) as here:
        here.enrol(manager_id="boss", country="", **cities[0])
        change(here, "n1", working_hours=hours[0])
        here.walk_to(at("2027-01-15 00:00"))
        met = [one for one in coffee(here) if one.state is MeetingState.PLANNED]
        wrote = [one for one in coffee(here) if one.state is MeetingState.EXCHANGED]
        skipped = [one for one in invited(here) if one.state is State.SKIPPED and one.why is not Why.EXCHANGED]
        assert bool(met) + bool(wrote) + bool(skipped) == 1
        assert all(one.reason for one in skipped)
        calendars = [Calendar.of(known(here, one)) for one in ("n1", "maria")]
        for one in met:
            moments = (one.starts_at, one.ends_at - timedelta(minutes=1))
            assert all(calendar.is_working(moment) for calendar in calendars for moment in moments)
        assert bool([one for one in here.mail.letters if one.invitation]) is bool(met)
        for row in [one for one in here.rows() if one.step == "partner_coffee" and one.state in GONE]:
            sent = letter(here, row).date
            assert Calendar.of(known(here, row.person_id)).is_working(sent)
