"""Four months in which nobody reads English: one answers all, one nothing; their humans, and the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from onboarding.adapters.report.page import page
from onboarding.domain.fields import FORM_FIELDS, nothing
from onboarding.domain.forms import Ask, Kind
from onboarding.domain.mail import Letter
from onboarding.domain.people import Person
from onboarding.services import answering
from onboarding.services.feeds import read_feed
from onboarding.services.report import make
from tests.newcomers import NOW, fill
from tests.worlds import WORDS, World, at, directory, world

ENGLISH = [one.title for one in WORDS.journey("remote").steps]
FRAME = re.compile(
    r"\b(the|and|your|with|you|answered|week|after|of|for|have|this|because|nobody|somebody|skipped|late)\b",
    re.IGNORECASE,
)
"""Words that are English, and neither German nor Spanish."""

TICKED = frozenset({"it_list", "manager_tasks", "hire_list", "buddy_list"})
LOW = {"check_in_30": {"connected": "1"}, "check_in_60": {"role_clear": "3"}, "first_week": {"welcome": "1"}}
NOT_MET = {"did_you_meet": {"met": "no"}}
FEW = ("chief", "manila-lead", "manila-1", "manila-4", "berlin-1", "berlin-2", "chicago-2", "nairobi-3")


def said(ask: Ask) -> dict[str, list[str]]:
    """An answer to every question, some of them low, without a word that is written by hand."""
    given: dict[str, str] = {}
    for one in WORDS.form(ask.form, "en", nothing(FORM_FIELDS)).questions:
        if one.kind is Kind.SCALE:
            given[one.key] = str(one.max)
        elif one.kind is Kind.YES_NO:
            given[one.key] = "yes"
        elif one.kind is Kind.PERSON:
            given[one.key] = "manila-4"
        elif one.options:
            given[one.key] = one.options[0].value
        elif one.kind in (Kind.TEXT, Kind.LONG_TEXT):
            given[one.key] = "äöü"
    return {key: [value] for key, value in {**given, **LOW.get(ask.form, {}), **NOT_MET.get(ask.form, {})}.items()}


@dataclass
class Life:
    """A company that speaks one language; everybody around `n1` answers, nobody around `n2`."""

    here: World
    language: str
    answered: set[str] = field(default_factory=set)

    def live(self, until: str) -> None:
        """Go from due moment to due moment."""
        here, end = self.here, at(until)
        while (due := self._next_due()) is not None and due <= end:
            here.now = max(due, here.now)
            here.run()
            self._answer()
        here.now = end

    def _next_due(self) -> datetime | None:
        with self.here.engine.store.read() as books:
            return books.deliveries.next_due()

    def _answer(self) -> None:
        with self.here.engine.store.read() as books:
            asks = [one for one in books.asks.of_hire("n1") if one.form != "take_care" and one.form not in TICKED]
        for ask in asks:
            if ask.id not in self.answered and self.here.now < ask.closes_at:
                token = self.here.engine.links.ask(ask.id, ask.closes_at).rpartition("/")[2]
                answering.answer(self.here.engine, token, said(ask), self.here.now)
                self.answered.add(ask.id)


def company(language: str) -> list[Person]:
    return [replace(one, language=language, location="", job_title="") for one in directory() if one.id in FEW]


@pytest.fixture(scope="module", params=["de", "es"])
def life(request: pytest.FixtureRequest) -> Iterator[Life]:
    language: str = request.param
    with world(people=company(language)) as here:
        own = replace(here.engine.company, language=language, escalation_email="second@example.com")
        here.engine = replace(here.engine, company=own)
        for name in ("n1", "n2"):
            here.enrol(id=name, language=language, job_title="", location="")
        life = Life(here, language)
        life.live("2027-05-15 00:00")
        yield life


def english(texts: Sequence[str]) -> list[str]:
    """The lines with a title or a word that nobody there reads."""
    lines = {re.sub(r"https?://\S+", "", line) for text in texts for line in text.splitlines()}
    return sorted(one for one in lines if FRAME.search(one) or any(title in one for title in ENGLISH))


def unfolded(letter: Letter) -> str:
    """What a calendar program shows of an invitation."""
    return letter.invitation.ics.replace("\r\n ", "") if letter.invitation else ""


@pytest.mark.slow
class TestNobodyReadsEnglish:
    def test_it_is_the_whole_story(self, life: Life) -> None:
        left = {row.step for name in ("n1", "n2") for row in life.here.rows(name) if row.state == "sent"}
        told = {"low_first_week", "low_30", "talk_60", "silent_60", "buddy_silent", "missed_buddy_coffees"}
        assert left >= told | {"first_coffee", "welcome_card", "buddy_thanks", "it_overdue"}
        assert "once.escalated" in {row.occasion for row in life.here.rows("n1") if row.state == "sent"}

    def test_no_mail_has_a_title_or_a_sentence_in_english(self, life: Life) -> None:
        letters = life.here.mail.letters
        assert len(letters) > 100
        assert english([f"{one.subject}\n{one.text}" for one in letters]) == []

    def test_no_invitation_has(self, life: Life) -> None:
        shown = [
            line
            for one in life.here.mail.letters
            for line in unfolded(one).splitlines()
            if line.startswith(("SUMMARY", "DESCRIPTION"))
        ]
        first = {"de": "SUMMARY:Erster Kaffee mit dem Buddy: ", "es": "SUMMARY:Primer café con el buddy: "}
        assert any(one.startswith(first[life.language]) for one in shown)
        assert english(shown) == []

    def test_no_calendar_feed_has_and_it_calls_a_meeting_as_the_invitation_does(self, life: Life) -> None:
        token = life.here.engine.links.calendar("n1", 0).rpartition("/")[2].removesuffix(".ics")
        found = read_feed(life.here.engine, token).decode().replace("\r\n ", "")
        summaries = {line for line in found.splitlines() if line.startswith("SUMMARY")}
        mine = [unfolded(one) for one in life.here.mail.letters if one.to.email.startswith("amihan@")]
        assert summaries
        assert summaries <= {line for one in mine for line in one.splitlines()}
        assert english([*summaries]) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["de", "es"])
def test_no_row_of_the_report_is_in_english(language: str) -> None:
    with world() as here:
        fill(here.engine.store)
        here.engine = replace(here.engine, company=replace(here.engine.company, language=language))
        found = make(here.engine, NOW)
        shown = page(found, company="", language=language, made=NOW.date())
    assert found.forms["peer_note"] in shown
    assert [one for one in ENGLISH if one in shown] == []
    assert english(list(found.forms.values())) == []
