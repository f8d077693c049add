"""Ninety days of check-ins: everybody answers; nobody does; a low answer on a Friday evening in another zone.

The first two are walked once, the silent one with a record that comes late and a first day that moves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from onboarding.domain.delivery import GONE, Delivery, State, Why
from onboarding.domain.fields import FORM_FIELDS, nothing
from onboarding.domain.forms import Ask, Kind, Question
from onboarding.domain.mail import Letter
from onboarding.domain.once_a_day import form_of
from onboarding.services import answering, reviewing, timeline
from onboarding.services.escalating import Stand
from tests.worlds import CHICAGO, WORDS, World, at, directory, local, world

OPENS, CLOSES, SATURDAY = 9, 17, 5
HR, SECOND, MANAGER = "people@example.com", "second@example.com", "manila-lead@example.com"
AUCKLAND = {"time_zone": "Pacific/Auckland", "country": "NZ", "location": "Auckland"}
CHECK_INS = ("first_week", "check_in_30", "check_in_60", "check_in_90")
SILENT = ("silent_first_week", "silent_30", "silent_60", "silent_90")
FEW = [
    one
    for one in directory()
    if one.id in ("chief", "manila-lead", "manila-1", "manila-4", "berlin-1", "berlin-2", "chicago-2", "chicago-3")
]
"""A small company is enough, and quicker."""

FALLEN = {"check_in_60": {"role_clear": "3"}, "check_in_90": {"connected": "1"}}
"""Day 30 is all well; at day 60 one answer has fallen, and at day 90 one is low."""


LISTS = frozenset({"it_list", "manager_tasks", "hire_list", "buddy_list"})


def question_of(ask: Ask) -> tuple[Question, ...]:
    return WORDS.form(ask.form, "en", nothing(FORM_FIELDS)).questions


def marker(ask: Ask, question: Question) -> str:
    return f"marker of {ask.form} {question.key} by {ask.person_id}"


def said(ask: Ask) -> dict[str, list[str]]:
    """An answer to every question: the best of a scale, the first option, a text that can be found again."""
    given: dict[str, str] = {}
    for one in question_of(ask):
        if one.kind is Kind.SCALE:
            given[one.key] = str(one.max)
        elif one.kind is Kind.PERSON:
            given[one.key] = "manila-4"
        elif one.kind is Kind.YES_NO:
            given[one.key] = "yes"
        elif one.options:
            given[one.key] = one.options[0].value
        elif one.kind in (Kind.TEXT, Kind.LONG_TEXT):
            given[one.key] = marker(ask, one)
    no_more = {"another_buddy": "no"} if "another_buddy" in given else {}
    changed = {**no_more, **FALLEN.get(ask.form, {})}
    return {key: [value] for key, value in {**given, **changed}.items()}


@dataclass
class Life:
    """A world in which everybody around `n1` answers at once, and nobody around the others at all."""

    here: World
    answered: dict[str, Ask] = field(default_factory=dict)

    def live(self, until: str) -> None:
        """Go from due moment to due moment."""
        here, end = self.here, at(until)
        while (due := self.next_due()) is not None and due <= end:
            before = len(here.mail.letters)
            here.now = max(due, here.now)
            here.run()
            if len(here.mail.letters) > before:
                self.answer()
        here.now = end

    def next_due(self) -> datetime | None:
        """The next moment at which something is due."""
        with self.here.engine.store.read() as books:
            return books.deliveries.next_due()

    def answer(self) -> None:
        """Everybody who was asked about `n1` answers; HR takes care of day 60 at once, of day 90 too late."""
        with self.here.engine.store.read() as books:
            asks = books.asks.of_hire("n1")
        for ask in asks:
            late = ask.step == "low_90" and self.here.row("low_90", "hr", "once.escalated").state is not State.SENT
            is_list = ask.step in LISTS  # ticked, never answered
            if ask.id not in self.answered and not late and not is_list and self.here.now < ask.closes_at:
                token = self.here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
                answering.answer(self.here.engine, token, said(ask), self.here.now)
                self.answered[ask.id] = ask

    def sent(self, hire_id: str, step: str) -> list[Delivery]:
        """What left for a step, whatever its occasion."""
        return [one for one in self.here.rows(hire_id) if one.step == step and one.state in GONE]

    def answered_at(self, ask: Ask) -> datetime:
        """When somebody answered."""
        with self.here.engine.store.read() as books:
            answer = books.asks.answer_to(ask.id)
        assert answer is not None
        return answer.answered_at

    def letter(self, row: Delivery) -> Letter:
        """The mail of a delivery; there is one."""
        (found,) = [one for one in self.here.mail.letters if one.number == row.number]
        return found


@pytest.fixture(scope="module")
def life() -> Iterator[Life]:
    """Four months of two newcomers of one manager: `n1`, and the silent `n2`, of whom we hear late; n2 moves."""
    with world() as here:
        here.engine = replace(here.engine, company=replace(here.engine.company, escalation_email=SECOND))
        here.enrol()
        life = Life(here)
        life.live("2027-01-20 08:00")
        here.enrol(id="n2", start_date="2027-01-04")
        life.live("2027-01-29 08:00")
        here.enrol(id="n2", start_date="2027-02-01", **CHICAGO)
        life.live("2027-05-15 00:00")
        yield life


@pytest.mark.slow
class TestEverybodyAnswers:
    def test_each_check_in_is_asked_once_and_needs_no_reminder(self, life: Life) -> None:
        assert Counter(one.occasion for step in CHECK_INS for one in life.sent("n1", step)) == {"once": 4}
        assert not [one for step in SILENT for one in life.sent("n1", step)]

    def test_an_answer_that_fell_without_being_low_reaches_hr_in_the_next_working_hour_with_where_it_fell_from(
        self, life: Life
    ) -> None:
        (told,) = life.sent("n1", "low_60")
        letter = life.letter(told)
        (asked,) = [one for one in life.answered.values() if one.form == "check_in_60"]
        assert letter.to.email == HR
        assert "3/5 (fell from 5/5)" in letter.text
        assert "Talk, do not write" in letter.text
        assert marker(asked, question_named(asked, "better")) in letter.text
        answered = life.answered_at(asked)
        assert f"{answered.astimezone(ZoneInfo('Europe/Berlin')):%a %H:%M}" == "Fri 07:00"
        assert letter.date == working_hour(answered, "Europe/Berlin") == answered + timedelta(hours=2)

    def test_the_manager_reads_of_the_fall_what_the_newcomer_let_them_read(self, life: Life) -> None:
        (told,) = life.sent("n1", "talk_60")
        text = life.letter(told).text
        assert "3/5 (fell from 5/5)" in text
        assert "please do not write" in text
        assert [one.step for one in life.sent("n1", "summary_60")] == []

    def test_what_somebody_takes_care_of_goes_no_further(self, life: Life) -> None:
        assert life.here.row("low_60", "hr", "once.escalated").state is State.WITHDRAWN
        assert [one.occasion for one in life.sent("n1", "low_60")] == ["once"]

    def test_after_two_working_days_without_a_word_a_second_human_is_told_once_and_without_answers(
        self, life: Life
    ) -> None:
        first, second = life.sent("n1", "low_90")
        letter = life.letter(second)
        assert second.occasion == "once.escalated"
        assert letter.to.email == SECOND
        assert [one.to.email for one in life.here.mail.letters].count(SECOND) == 1
        assert local(letter, "Europe/Berlin") == local(life.letter(first), "Europe/Berlin") + timedelta(days=2)
        assert "do not write" in letter.text
        assert "marker" not in letter.text
        assert "1/5" not in letter.text

    def test_who_takes_care_after_that_ends_it(self, life: Life) -> None:
        alerts = {one.step: one for one in timeline.timeline(life.here.engine, "n1").alerts}
        assert {step: one.stand for step, one in alerts.items()} == {"low_60": Stand.TAKEN, "low_90": Stand.TAKEN}
        assert "somebody else was told on" in alerts["low_90"].text
        assert alerts["low_90"].taken_by == "marker of take_care who by hr"
        items = reviewing.review(life.here.engine, life.here.now)
        assert [one for one in items if one.kind == reviewing.ALERT] == []


def days_later(moment: datetime, days: int) -> datetime:
    """The same hour so many days later, from Monday to Friday."""
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < SATURDAY
    return moment


def working_hour(moment: datetime, zone: str) -> datetime:
    """The moment itself, or the next nine o'clock from Monday to Friday there."""
    there = moment.astimezone(ZoneInfo(zone))
    while there.weekday() >= SATURDAY or there.hour >= CLOSES:
        there = (there + timedelta(days=1)).replace(hour=0)
    return there if there.hour >= OPENS else there.replace(hour=OPENS, minute=0)


def question_named(ask: Ask, key: str) -> Question:
    return next(one for one in question_of(ask) if one.key == key)


@pytest.mark.slow
class TestNobodyAnswers:
    @pytest.mark.parametrize("step", CHECK_INS)
    def test_each_check_in_is_asked_and_reminded_of_once(self, life: Life, step: str) -> None:
        assert [one.occasion for one in life.sent("n2", step)] == ["once", "once.reminder"]

    @pytest.mark.parametrize(
        ("check_in", "silent", "reminded", "told"),
        [  # on the clocks of Chicago and Berlin
            ("first_week", "silent_first_week", "Mon 2027-02-08 11:00", "Thu 2027-02-11 09:00"),
            ("check_in_30", "silent_30", "Fri 2027-03-05 14:00", "Wed 2027-03-10 09:00"),
            ("check_in_60", "silent_60", "Tue 2027-04-06 14:00", "Fri 2027-04-09 09:00"),
            ("check_in_90", "silent_90", "Wed 2027-05-05 14:00", "Mon 2027-05-10 15:00"),  # its own hour is later
        ],
    )
    def test_two_working_days_after_the_reminder_hr_is_told_once(
        self, life: Life, check_in: str, silent: str, reminded: str, told: str
    ) -> None:
        reminder = life.letter(life.sent("n2", check_in)[-1])
        (watch,) = life.sent("n2", silent)
        letter = life.letter(watch)
        assert letter.to.email == HR
        assert "short call" in letter.text
        assert f"{local(reminder, 'America/Chicago'):%a %Y-%m-%d %H:%M}" == reminded
        assert f"{local(letter, 'Europe/Berlin'):%a %Y-%m-%d %H:%M}" == told
        closed = days_later(local(reminder, "America/Chicago"), 2)
        assert local(letter, "Europe/Berlin").date() == working_hour(closed, "Europe/Berlin").date()

    def test_nobody_is_said_to_be_low_who_said_nothing(self, life: Life) -> None:
        low = [one for one in life.here.rows("n2") if one.step.startswith(("low_", "talk_", "summary_"))]
        assert {(one.state, one.why) for one in low} == {(State.DONE, Why.NOTHING_TO_TELL)}


@pytest.mark.slow
class TestAll:
    def test_nobody_gets_the_same_form_about_the_same_newcomer_twice_on_a_day(self, life: Life) -> None:
        seen: defaultdict[tuple[str, str, str, date], list[str]] = defaultdict(list)
        journey = WORDS.journey("remote")
        with life.here.engine.store.read() as books:
            zones = {one.id: one.time_zone for one in books.people.all()}
        for hire_id in ("n1", "n2"):
            for row in life.here.rows(hire_id):
                form = form_of(journey, row)
                if form and row.state in GONE:
                    zone = zones.get(row.person_id, life.here.engine.company.time_zone)  # IT and HR
                    day = life.letter(row).date.astimezone(ZoneInfo(zone)).date()
                    seen[hire_id, row.person_id, form, day].append(row.key)
        assert len(seen) > 60  # it was really asked
        assert {key: rows for key, rows in seen.items() if len(rows) > 1} == {}

    def test_no_private_answer_and_no_private_question_ever_stands_in_a_mail_to_a_manager(
        self, life: Life
    ) -> None:
        mails = [one for one in life.here.mail.letters if one.to.email == MANAGER]
        assert len(mails) > 8
        text = "\n".join(f"{one.subject}\n{one.text}\n{one.html}" for one in mails)
        private = [
            (ask, one)
            for ask in life.answered.values()
            if ask.person_id == "n1"
            for one in question_of(ask)
            if one.private
        ]
        assert {one.key for _, one in private} >= {"recommend", "better", "another_buddy", "be_buddy"}
        for ask, one in private:
            assert marker(ask, one) not in text
            assert one.label not in text
        assert "10/10" not in text
        assert "5/5" in text  # what the newcomer let them read is there


LOW = {"role_clear": "4", "knows_whom": "4", "connected": "1", "recommend": "9", "better": "A marker"}


class TestFridayEvening:
    """A newcomer writes at 18:30 on Friday, 5 February 2027, on their own clock."""

    @pytest.mark.parametrize(
        ("newcomer", "hr_zone", "told"),
        [
            (AUCKLAND, "Europe/Lisbon", "Fri 09:00"),  # their Friday evening is early on Friday in Lisbon
            (CHICAGO, "Europe/Lisbon", "Mon 09:00"),
            (CHICAGO, "Pacific/Auckland", "Mon 09:00"),  # where it is Sunday evening in Chicago
        ],
    )
    def test_a_low_answer_is_told_when_the_day_of_the_human_begins(
        self, newcomer: dict[str, str], hr_zone: str, told: str
    ) -> None:
        with world("2027-01-01 08:00", people=FEW) as here:
            self.work_in(here, hr_zone)
            here.enrol(**newcomer)
            here.now = here.row("check_in_30").due_at
            here.run()
            here.now = datetime(2027, 2, 5, 18, 30, tzinfo=ZoneInfo(newcomer["time_zone"])).astimezone(UTC)
            here.answer(here.row("check_in_30"), **LOW)
            here.now = here.row("low_30", "hr").due_at
            here.run()
            (letter,) = [one for one in here.to(HR) if one.number == here.row("low_30", "hr").number]
            assert f"{local(letter, hr_zone):%a %H:%M}" == told
            assert "Talk, do not write" in letter.text
            assert here.row("talk_30", "manager").state is State.PLANNED  # nobody agreed

    def work_in(self, here: World, zone: str) -> None:
        company = replace(here.engine.company, time_zone=zone)
        here.engine = replace(here.engine, company=company)
