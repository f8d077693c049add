"""Is what somebody has begun to write kept for them, and for nobody else?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.domain.delivery import Delivery, State
from onboarding.domain.forms import Answer, Draft
from onboarding.services.digest import daily_review
from onboarding.services.drafting import KEPT
from onboarding.services.timeline import timeline
from tests.sites import Site, barriers, parsed, path_of, site

LATER = {"go-on-later": "yes"}
TEXT = "  Two lines,\n   as they were typed  "


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    """A site on the day on which peers are asked for notes; each test has a peer of its own.

    The last two live on beyond the deadlines.
    """
    with site() as found:
        found.world.enrol()
        found.world.walk_to(found.world.row("profile").due_at + timedelta(minutes=1))
        reply = found.browser.post(found.link("profile"), data={"called": "Never sent ليلى", **LATER})
        assert reply.status_code == 200
        found.world.walk_to(max(one.due_at for one in asked(found)) + timedelta(minutes=1))
        yield found


def asked(here: Site) -> list[Delivery]:
    """The questions to the peers, and the one to the buddy."""
    steps = ("welcome_notes", "buddy_yes")
    rows = [one for one in here.world.rows() if one.step in steps and one.occasion == "once"]
    return sorted(rows, key=lambda one: one.step, reverse=True)


def link_of(here: Site, row: Delivery) -> str:
    with here.world.engine.store.read() as books:
        ask = books.asks.get(row.key)
    assert ask is not None
    return path_of(here.world.engine.links.ask(ask.id, ask.closes_at))


def kept(here: Site, row: Delivery) -> tuple[Draft | None, Answer | None]:
    with here.world.engine.store.read() as books:
        return books.asks.draft_of(row.key), books.asks.answer_to(row.key)


def test_a_form_is_put_aside_and_nothing_follows_from_it(here: Site) -> None:
    row = asked(here)[0]
    before = here.world.rows()
    answer = here.browser.post(link_of(here, row), data={"note": TEXT, **LATER})
    assert answer.status_code == 200
    assert "Saved, not sent yet" in answer.text
    draft, sent = kept(here, row)
    assert draft == Draft(ask_id=row.key, values={"note": [TEXT]}, saved_at=here.world.now)
    assert sent is None
    assert here.world.rows() == before
    page = here.see(link_of(here, row))
    assert barriers(page) == []
    assert page.select("textarea")[0].get_text() == f"\n{TEXT}"
    assert "It is not sent yet." in page.select(".saved")[0].get_text()


def test_what_is_needed_may_be_empty_and_what_is_too_long_is_kept_until_it_is_sent(here: Site) -> None:
    row = asked(here)[1]
    link = link_of(here, row)
    assert here.browser.post(link, data={"note": "", **LATER}).status_code == 200
    long = "y" * 700
    assert here.browser.post(link, data={"note": long, **LATER}).status_code == 200
    assert here.see(link).select("textarea")[0].get_text().strip() == long
    refused = here.browser.post(link, data={"note": long})
    assert (refused.status_code, long in refused.text) == (422, True)
    draft, sent = kept(here, row)
    assert draft is not None
    assert (draft.values, sent) == ({"note": [long]}, None)
    assert here.browser.post(link, data={"note": "Short."}).status_code == 200
    draft, sent = kept(here, row)
    assert draft is None
    assert sent is not None
    assert (sent.values, sent.version) == ({"note": "Short."}, 1)


def test_what_was_sent_before_counts_until_the_changes_are_sent(here: Site) -> None:
    row = asked(here)[2]
    link = link_of(here, row)
    here.browser.post(link, data={"note": "The first."})
    answer = here.browser.post(link, data={"note": "The second, perh", **LATER})
    assert "What you sent before stays as it is" in answer.text
    page = here.see(link)
    assert barriers(page) == []
    assert "The second, perh" in page.select("textarea")[0].get_text()
    assert "Send the changes" in page.get_text()
    assert kept(here, row)[1] == Answer(
        ask_id=row.key, values={"note": "The first."}, answered_at=here.world.now, version=1
    )


def test_a_click_in_the_mail_still_chooses_beforehand(here: Site) -> None:
    row = asked(here)[-1]
    link = link_of(here, row)
    here.browser.post(link, data={"agree": "not_now", "why_not": "away", "note": "Well", **LATER})
    page = here.see(f"{link}?agree=yes")
    assert [one["value"] for one in page.select('input[name="agree"][checked]')] == ["yes"]
    assert page.select("textarea")[0].get_text().strip() == "Well"
    page = here.see(link)
    assert [one["value"] for one in page.select("input[checked]")] == ["not_now", "away"]


def test_hr_sees_that_something_was_begun_and_never_what(here: Site) -> None:
    row = asked(here)[3]
    here.browser.post(link_of(here, row), data={"note": "For nobody else yet", **LATER})
    line = next(one for one in timeline(here.world.engine, "n1").rows if one.key == row.key)
    assert line.answer == "begun, not sent"
    paths = ["/hires/n1", *(str(one["href"]) for one in here.see("/hires/n1").select('a[href*="week=-"]'))]
    pages = [here.browser.get(path).text for path in paths]
    assert any("begun, not sent" in page for page in pages)
    assert not any("For nobody" in page for page in pages)


@pytest.mark.parametrize("token", ["x", "a.b", "é"])
def test_nothing_that_is_sent_to_a_forged_link_is_shown_back(here: Site, token: str) -> None:
    answer = here.browser.post(f"/ask/{token}", data={"note": "Mine", **LATER})
    assert (answer.status_code, "Mine" in answer.text) == (404, False)


def test_words_that_were_sent_meanwhile_are_not_overtaken_by_a_draft_and_not_lost(here: Site) -> None:
    link = link_of(here, asked(here)[1])
    here.browser.post(link, data={"note": "Sent."})
    here.browser.post(link, data={"note": "Perchance 42", **LATER})
    here.world.walk_to(here.world.row("welcome_card").due_at + timedelta(hours=1))
    assert not any("Perchance 42" in one.text for one in here.world.mail.letters)
    assert [one.get_text() for one in here.see(link).select("blockquote")] == ["Perchance 42", "Sent."]
    late = here.browser.post(link, data={"note": "In flight", **LATER})
    assert late.status_code == 409
    assert [one.get_text() for one in parsed(late.text).select("blockquote")] == ["In flight", "Sent."]


def test_a_draft_goes_to_nobody_the_reminder_comes_and_its_words_can_be_copied_when_it_is_too_late(
    here: Site,
) -> None:
    row, link = here.world.row("profile"), here.link("profile")
    reminder = here.world.row("profile", occasion="once.reminder")
    assert reminder.state is State.SENT
    assert not any("Never sent" in one.text for one in here.world.mail.letters)
    for page in (here.see(link, 410), here.see(f"{link}?change", 410)):
        assert barriers(page) == []
        assert "Never sent ليلى" in page.select("blockquote[dir=auto]")[0].get_text()
    late = here.browser.post(link, data={"pronunciation": "In flight <b>", **LATER})
    assert late.status_code == 410
    assert "In flight &lt;b&gt;" in late.text
    draft, sent = kept(here, row)
    assert draft is not None
    assert (draft.values, sent) == ({"called": ["Never sent ليلى"]}, None)
    with here.world.engine.store.begin() as books:
        person = books.people.get("n1")
        assert person is not None
        books.people.put(replace(person, active=False))
    assert not here.see(link, 410).select("blockquote")
    with here.world.engine.store.begin() as books:
        books.people.put(person)
    daily_review(here.world.engine, here.world.now + KEPT + timedelta(days=10))
    assert kept(here, row) == (None, None)
