"""What becomes of posts that come twice, too late, from the wrong hand, or with more than was asked?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.adapters.sql import SqlStore
from tests.databases import SqliteFiles
from tests.scripts_of_the_world import SIGNS
from tests.sites import Site, barriers, parsed, site
from tests.worlds import at


@pytest.fixture(scope="module")
def here(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on which the buddy was asked a minute ago, and the newcomer's profile is still open."""
    with site(store=SqlStore(sqlite_files.fresh(tmp_path_factory.mktemp("bad")))) as found:
        found.world.enrol()
        found.world.walk_to(found.world.row("buddy_yes", "buddy").due_at + timedelta(minutes=1))
        yield found


def kept(here: Site, step: str, role: str = "hire") -> tuple[dict[str, object], int]:
    key = here.world.row(step, role).key
    with here.world.engine.store.read() as books:
        answer = books.asks.answer_to(key)
    return (dict(answer.values), answer.version) if answer else ({}, 0)


def test_a_megabyte_is_refused_kindly_and_changes_nothing(here: Site) -> None:
    before = kept(here, "profile")
    for later in ({}, {"go-on-later": "yes"}):
        answer = here.browser.post(here.link("profile"), data={"about": "y" * 2**20, **later})
        assert answer.status_code == 413
        assert barriers(parsed(answer.text)) == []
        assert "Nothing was saved" in answer.text
    assert kept(here, "profile") == before


def test_a_text_of_many_scripts_that_is_a_sign_too_long_comes_back_whole(here: Site) -> None:
    before = kept(here, "profile")
    written = " ".join(SIGNS["joined emoji"] for _ in range(40)) + "ليلى"
    answer = here.browser.post(
        here.link("profile"), data={"about": written, "called": SIGNS["beyond the first plane"]}
    )
    assert answer.status_code == 422
    page = parsed(answer.text)
    assert page.select("#about")[0]["value"] == written
    assert page.select("#called")[0]["value"] == SIGNS["beyond the first plane"]
    assert kept(here, "profile") == before


def test_a_question_that_the_answers_make_needless_is_not_kept_whatever_a_browser_sends(here: Site) -> None:
    answer = here.browser.post(
        here.link("buddy_yes", "buddy"), data={"agree": "yes", "note": "Hello", "why_not": "no_fit"}
    )
    assert answer.status_code == 200
    assert kept(here, "buddy_yes", "buddy")[0] == {"agree": "yes", "note": "Hello"}


def test_a_form_that_is_sent_twice_counts_once_and_sends_nothing_twice(here: Site) -> None:
    link, said = here.link("buddy_yes", "buddy"), {"agree": "yes", "note": "Hello"}
    for _ in range(3):
        assert here.browser.post(link, data=said).status_code == 200
    here.world.walk_to(here.world.now + timedelta(days=1))
    assert kept(here, "buddy_yes", "buddy")[0] == {"agree": "yes", "note": "Hello"}
    guides = [one.subject for one in here.world.to("manila-1@example.com") if "guide" in one.subject.lower()]
    with here.world.engine.store.read() as books:
        buddies = [one for one in books.pairings.of_hire("n1") if one.role == "buddy"]
    assert len(guides) <= 1
    assert len(buddies) == 1
    ids = [one.message_id for one in here.world.mail.letters]
    assert len(ids) == len(set(ids))


def test_two_posts_at_the_same_moment_are_both_answered_and_leave_one_answer_or_two_equal_ones(here: Site) -> None:
    link, said = here.link("profile"), {"called": "Ami", "reach": "short"}
    with ThreadPoolExecutor(max_workers=2) as two:
        replies = [one.result() for one in [two.submit(here.browser.post, link, data=said) for _ in range(2)]]
    assert {one.status_code for one in replies} == {200}
    values, version = kept(here, "profile")
    assert values == said
    assert version in (1, 2)


def test_a_link_cannot_be_turned_into_the_link_of_somebody_else(here: Site) -> None:
    mine, theirs = here.link("profile"), here.link("buddy_yes", "buddy")
    head, _, seal = theirs.rpartition(".")
    forged = f"{head}.{mine.rpartition('.')[2]}"
    assert seal not in forged
    before = kept(here, "buddy_yes", "buddy")
    assert here.browser.get(forged).status_code == 404
    assert here.browser.post(forged, data={"agree": "not_now"}).status_code == 404
    assert kept(here, "buddy_yes", "buddy") == before


def test_a_link_of_somebody_who_left_leads_to_a_kind_page_and_takes_nothing(here: Site) -> None:
    link, before = here.link("buddy_yes", "buddy"), kept(here, "buddy_yes", "buddy")
    buddy = here.world.row("buddy_yes", "buddy").person_id
    with here.world.engine.store.begin() as books:
        person = books.people.get(buddy)
        assert person is not None
        books.people.put(replace(person, active=False))
    try:
        assert barriers(here.see(link, 410)) == []
        for later in ({}, {"go-on-later": "yes"}):
            answer = here.browser.post(link, data={"agree": "yes", "note": "Still me", **later})
            assert (answer.status_code, "Still me" in answer.text) == (410, False)
        assert kept(here, "buddy_yes", "buddy") == before
    finally:
        with here.world.engine.store.begin() as books:
            books.people.put(person)


def test_words_that_wait_are_changed_after_the_form_has_closed_though_they_depend_on_an_answer_that_is_fixed(
    here: Site,
) -> None:
    link = here.link("buddy_yes", "buddy")
    assert here.browser.post(link, data={"agree": "yes", "note": "Hello"}).status_code == 200
    here.world.walk_to(at("2026-12-29 08:00"))
    page = here.see(f"{link}?change")
    assert [one["name"] for one in page.select(".question [name]")] == ["note"]
    assert "note-box" not in str(page)
    assert here.browser.post(link, data={"note": "Better", "agree": "not_now"}).status_code == 200
    assert kept(here, "buddy_yes", "buddy")[0] == {"agree": "yes", "note": "Better"}
