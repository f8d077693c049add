"""Can whoever is told that a newcomer needs a human say that they take care of it, or that they cannot?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.services import digest, reviewing, timeline
from onboarding.services.changing import take
from tests.sites import Site, barriers, parsed, site
from tests.templates_folder import without_steps
from tests.worlds import at

FIRST, SECOND = "people@example.com", "head@example.com"
NAMED = f'[everybody]\ntell = "{FIRST}"\nname = "Ana Ferreira"\nsecond = "{SECOND}"\n'
LOW = {"role_clear": "4", "knows_whom": "4", "connected": "1", "better": "A private marker"}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Site]:
    with low_answer(tmp_path, NAMED) as here:
        yield here


@contextmanager
def low_answer(tmp_path: Path, named: str) -> Iterator[Site]:
    """HR was told on Wednesday morning of a low answer at day 30."""
    words = without_steps(tmp_path / "templates")
    (tmp_path / "templates" / "people_team.toml").write_text(named, encoding="utf-8")
    with site("2027-01-01 08:00", words=words) as here:
        here.world.enrol()
        here.world.now = here.world.row("check_in_30").due_at
        here.world.run()
        here.world.answer(here.world.row("check_in_30"), **LOW)
        here.world.now = here.world.row("low_30", "hr").due_at
        here.world.run()
        yield here


def link(here: Site, to: str = FIRST) -> str:
    """The address in the mail to one of the two, as a browser gets it."""
    (letter,) = [one for one in here.world.to(to) if "A private marker" in one.text or to == SECOND]
    (url,) = {word for word in letter.text.split() if "/ask/" in word}
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def escalate(here: Site) -> None:
    """Let the time of the first human be over."""
    here.world.walk_to(at("2027-02-08 08:00"))
    assert len(here.world.to(SECOND)) == 1


def press(here: Site, to: str, **given: str) -> str:
    """Send the form behind the mail to one of the two; what the page says then."""
    answer = here.browser.post(link(here, to), data={"taken": "yes", **given})
    assert answer.status_code == 200, answer.text
    return parsed(answer.text).get_text()


def taken_by(here: Site) -> str:
    (alert,) = timeline.timeline(here.world.engine, "n1").alerts
    return alert.taken_by


def alerts(here: Site) -> list[str]:
    return [one.text for one in reviewing.review(here.world.engine, here.world.now) if one.kind == reviewing.ALERT]


def test_opening_the_page_changes_nothing_and_one_press_takes_care(told: Site) -> None:
    before = told.world.rows()
    for _ in range(2):
        page = told.see(link(told))
    assert barriers(page) == []
    assert [one["value"] for one in page.select("input[name=taken][checked]")] == ["yes"]
    assert "do not write" in page.get_text()
    assert not page.select("script, .saving, #saving-told")
    assert "script-src" not in told.browser.get(link(told)).headers["content-security-policy"]
    assert told.world.rows() == before
    assert told.world.row("low_30", "hr", "once.escalated").state is State.PLANNED
    assert alerts(told) == ["low_30 was told on 2027-02-03: nobody has said that they take care of it"]
    assert "told on Wednesday, February 3, 2027, 9:00" in told.see("/hires/n1").get_text()

    assert told.browser.post(link(told), data={"taken": "yes", "who": "Ines <b>"}).status_code == 200
    assert told.world.row("low_30", "hr", "once.escalated").state is State.WITHDRAWN
    assert alerts(told) == []
    desk = told.see("/hires/n1")
    assert "taken by Ines <b> on" in desk.get_text()
    told.world.walk_to(at("2027-02-12 08:00"))
    assert told.world.to(SECOND) == []


def test_a_no_tells_somebody_else_at_once_and_whoever_takes_care_then_ends_it(told: Site) -> None:
    assert told.browser.post(link(told), data={"taken": "no"}).status_code == 200
    assert alerts(told) == ["low_30 was told on 2027-02-03: whoever was told cannot take care of it"]
    told.world.run()
    (letter,) = told.world.to(SECOND)
    assert letter.date == told.world.now
    assert "cannot take care of it" in letter.text
    assert "A private marker" not in letter.text + letter.html
    said = "low_30 was told on 2027-02-03, and somebody else on 2027-02-03"
    assert alerts(told) == [f"{said}: nobody has said that they take care of it"]
    assert [
        one.id for one in digest.daily_review(told.world.engine, told.world.now) if one.kind == reviewing.ALERT
    ]

    number = told.world.row("low_30", "hr", "once.escalated").number
    with pytest.raises(BadRecord):
        take(told.world.engine, number, "Ines\nCosta", told.world.now)
    alert = take(told.world.engine, number, "Ines Costa", told.world.now)
    assert (alert.taken_by, alert.stand.value) == ("Ines Costa", "taken")
    assert alerts(told) == []
    with pytest.raises(NotFound):
        take(told.world.engine, told.world.row("check_in_30").number, "Ines", told.world.now)
    told.world.walk_to(at("2027-02-12 08:00"))
    assert len(told.world.to(SECOND)) == 1


class TestWhosePressItWas:
    """Neither gives a name: each mail has a link of its own."""

    def test_the_first_presses_and_nobody_else_is_told(self, told: Site) -> None:
        assert "Ana Ferreira takes care of this" in press(told, FIRST)
        assert taken_by(told) == "Ana Ferreira"

    def test_the_second_presses(self, told: Site) -> None:
        escalate(told)
        assert "People Team takes care of this" in press(told, SECOND)
        assert taken_by(told) == "People Team"
        assert alerts(told) == []

    def test_the_first_presses_after_somebody_else_was_told(self, told: Site) -> None:
        escalate(told)
        press(told, FIRST)
        assert taken_by(told) == "Ana Ferreira"

    def test_the_later_of_two_is_told_who_takes_care_and_changes_nothing(self, told: Site) -> None:
        escalate(told)
        press(told, SECOND, who="Ines Costa")
        page = told.see(link(told, FIRST))
        assert barriers(page) == []
        assert "Ines Costa takes care of this, and said so on Monday, February 8, 2027" in page.get_text()
        assert page.select("input[name=who][value]:not([value=''])") == []
        for given in ({}, {"who": "Somebody Else"}, {"taken": "no"}):
            assert "Ines Costa takes care of this" in press(told, FIRST, **given)
            assert taken_by(told) == "Ines Costa"
        assert alerts(told) == []

    def test_whoever_takes_care_can_give_another_name_or_say_no_after_all(self, told: Site) -> None:
        press(told, FIRST, who="Ines Costa")
        page = told.see(link(told, FIRST))
        assert page.select("input[name=who][value]:not([value=''])") == []  # one address may have several readers
        press(told, FIRST)
        assert taken_by(told) == "Ines Costa"
        press(told, FIRST, who="Ines Cruz")
        assert taken_by(told) == "Ines Cruz"
        assert "takes care of this" not in press(told, FIRST, taken="no")
        told.world.run()
        assert len(told.world.to(SECOND)) == 1

    def test_a_name_that_was_not_asked_for_says_nothing_of_whose_mail_it_was(self, told: Site) -> None:
        escalate(told)
        press(told, SECOND, told="first")
        assert taken_by(told) == "People Team"


def test_whoever_comes_too_late_is_answered_in_the_language_of_their_mail(tmp_path: Path) -> None:
    with low_answer(tmp_path, NAMED + 'language = "de"\n') as here:
        path = link(here, FIRST)
        here.world.now = at("2027-05-01 08:00")
        answer = here.browser.post(path, data={"taken": "yes", "who": "Ana"}, headers={"Accept-Language": "en"})
        assert answer.status_code == 410
        page = parsed(answer.text)
        assert page.select_one("html[lang=de]") is not None
        assert "Dein Name" in page.get_text()


ALONE = NAMED.replace(f'second = "{SECOND}"\n', "")


@pytest.mark.parametrize(
    ("language", "other", "same"),
    [
        ("en", "somebody else is told, once", "we write to this address once more"),
        ("de", "benachrichtigen wir einmal jemand anderen", "schreiben wir noch einmal an diese Adresse"),
        ("es", "avisamos una vez a otra persona", "escribimos una vez más a esta dirección"),
    ],
)
def test_the_mail_promises_somebody_else_only_where_there_is_somebody(
    tmp_path: Path, language: str, other: str, same: str
) -> None:
    for file, wanted, never in ((NAMED, other, same), (ALONE, same, other)):
        with low_answer(tmp_path / wanted, f'{file}language = "{language}"\n') as here:
            text = " ".join(here.world.to(FIRST)[-1].text.split())
        assert wanted in text
        assert never not in text


def test_where_nobody_else_is_set_the_same_address_is_told_again_and_everybody_says_so(tmp_path: Path) -> None:
    with low_answer(tmp_path, ALONE) as here:
        alone = "; nobody else is set to be told (ONBOARDING_ESCALATION_EMAIL, or second in people_team.toml)"
        assert alerts(here) == [f"low_30 was told on 2027-02-03: nobody has said that they take care of it{alone}"]
        here.world.walk_to(at("2027-02-08 08:00"))
        told = "low_30 was told on 2027-02-03, and the same address on 2027-02-05"
        assert alerts(here) == [f"{told}: nobody has said that they take care of it{alone}"]
        assert "so the same address was told again on Friday" in here.see("/hires/n1").get_text()
        assert len([one for one in here.world.to(FIRST) if "Nobody has talked with" in one.subject]) == 1
