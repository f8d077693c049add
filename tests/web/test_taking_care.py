"""Can whoever is told that a newcomer needs a human say that they take care of it, or that they cannot?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.services import digest, reviewing
from onboarding.services.changing import take
from tests.sites import Site, barriers, site
from tests.worlds import at

SECOND = "head@example.com"
LOW = {"role_clear": "4", "knows_whom": "4", "connected": "1", "better": "A private marker"}


@pytest.fixture
def told() -> Iterator[Site]:
    """HR was told on Wednesday morning of a low answer at day 30."""
    with site("2027-01-01 08:00") as here:
        company = replace(here.world.engine.company, escalation_email=SECOND)
        here.world.engine = replace(here.world.engine, company=company)
        here.browser.app.state.site = replace(here.browser.app.state.site, engine=here.world.engine)  # type: ignore[attr-defined]  # Starlette types an app as a callable
        here.world.enrol()
        here.world.now = here.world.row("check_in_30").due_at
        here.world.run()
        here.world.answer(here.world.row("check_in_30"), **LOW)
        here.world.now = here.world.row("low_30", "hr").due_at
        here.world.run()
        yield here


def link(here: Site) -> str:
    """The address in the mail, as a browser gets it."""
    (letter,) = [one for one in here.world.to("people@example.com") if "A private marker" in one.text]
    (url,) = {word for word in letter.text.split() if "/ask/" in word}
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


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
