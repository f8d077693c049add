"""Can somebody tick what they have done, from the mail and from the page, and only they?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from onboarding.adapters.alarms import NullAlarms
from onboarding.domain.delivery import State
from onboarding.services.hiring import withdraw
from onboarding.web.list_words import list_words
from tests.sites import Site, barriers, site
from tests.ticking import IT, LIST_WORDS, tick, token_of
from tests.worlds import at

LARGEST = 30_000


@pytest.fixture(scope="module")
def seen() -> Iterator[Site]:
    """A site on which nobody of these tests changes anything."""
    with late_site() as found:
        yield found


@pytest.fixture
def here() -> Iterator[Site]:
    """The same, fresh, for tests that tick."""
    with late_site() as found:
        yield found


@contextmanager
def late_site() -> Iterator[Site]:
    """A site on the day after a day of IT's list; the accounts are made, the laptop is not sent."""
    with site(words=LIST_WORDS) as found:
        found.world.enrol(first_name="Amihan<script>")
        found.world.walk_to(at("2026-12-22 09:00"))
        tick(found.world, "it_list", "it", "accounts")
        found.world.walk_to(at("2026-12-29 09:00"))
        yield found


def path(here: Site, step: str = "it_list", role: str = "it") -> str:
    return f"/ask/{token_of(here.world, step, role)}"


def boxes(page: BeautifulSoup) -> dict[str, str]:
    """Whether each task is ticked, by its key."""
    return {
        str(one["id"]).removeprefix("task-"): str(one["aria-checked"]) for one in page.select("[role=checkbox]")
    }


def groups(page: BeautifulSoup) -> dict[str, int]:
    return {one.h2.get_text(): len(one.select("li")) for one in page.select("section.tasks") if one.h2}


def press(here: Site, task: str, done: str = "yes", where: str = "") -> str:
    """Press the box of a task; where the page leads then."""
    answer = here.browser.post(where or path(here), data={"list-task": task, "list-done": done})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_the_page_groups_tasks_by_their_day_and_says_who_did_what_when(seen: Site) -> None:
    page = seen.see(path(seen))
    assert groups(page) == {"Overdue": 1, "Due in the next days": 2, "Later": 1, "Done": 1}
    assert boxes(page) == {
        "laptop": "false",
        "sign_in": "false",
        "access": "false",
        "missing": "false",
        "accounts": "true",
    }
    text = page.get_text(" ", strip=True)
    assert "1 of 5 done" in text
    assert "was due by Monday, December 28, 2026" in text
    assert "done by IT on Tuesday, December 22, 2026, 10:00 AM (Berlin, UTC+1)" in text
    assert barriers(page) == []
    assert not page.find("script")
    assert "script-src" not in seen.browser.get(path(seen)).headers["content-security-policy"]
    assert "Amihan<script>" in text


def test_the_page_speaks_the_language_of_its_reader(here: Site) -> None:
    for language in ("es", "de"):
        with here.world.engine.store.begin() as books:
            books.people.put_all([replace(one, language=language) for one in books.people.all()])
        page = here.see(path(here, "manager_tasks", "manager"), language=language)
        said = list_words()[language]
        assert page.html is not None
        assert page.html["lang"] == language
        assert set(groups(page)) <= {said.overdue, said.week, said.later, said.done}
        assert said.how in page.get_text()
        assert len(str(page)) < LARGEST


def test_one_press_ticks_and_another_takes_it_back(here: Site) -> None:
    where = path(here)
    assert press(here, "laptop") == f"{where}#task-laptop"
    page = here.see(where)
    assert boxes(page)["laptop"] == "true"
    assert groups(page)["Done"] == 2
    press(here, "laptop", "no")
    assert boxes(here.see(where))["laptop"] == "false"


def test_a_tick_that_is_taken_back_sets_the_alarm_for_the_reminder_that_returns() -> None:
    alarms = NullAlarms()
    with site(words=LIST_WORDS, alarms=alarms) as here:
        here.world.enrol()
        here.world.walk_to(at("2026-12-22 09:00"))
        for task in boxes(here.see(path(here))):
            here.browser.post(path(here), data={"list-task": task, "list-done": "yes"})
        here.world.walk_to(at("2026-12-24 09:00"))
        before = set(alarms.alarms.values())
        here.browser.post(path(here), data={"list-task": "laptop", "list-done": "no"})
        due = min(
            one.due_at for one in here.world.rows() if ".due-" in one.occasion and one.state is State.PLANNED
        )
        assert ("run-due-steps", due) in set(alarms.alarms.values()) - before


def test_a_double_press_keeps_the_first_moment(here: Site) -> None:
    press(here, "laptop")
    first = here.see(path(here)).select_one("#when-laptop")
    here.world.walk_to(at("2026-12-29 15:00"))
    press(here, "laptop")
    assert here.see(path(here)).select_one("#when-laptop") == first
    with here.world.engine.store.read() as books:
        assert [one.at for one in books.ticks.of_hire("n1") if one.task == "laptop"] == [at("2026-12-29 09:00")]


def test_the_link_of_the_mail_asks_and_changes_nothing_until_the_button_is_pressed(here: Site) -> None:
    letter = here.world.to(IT)[-1]
    url = next(
        str(one["href"]) for one in BeautifulSoup(letter.html, "html.parser").select("a[href*='?done=laptop']")
    )
    parts = urlsplit(url)
    page = here.see(f"{parts.path}?{parts.query}")
    asked = page.select_one("section.asked")
    assert asked is not None
    assert "Is this done?" in asked.get_text()
    assert "Send the laptop to Amihan<script>" in asked.get_text()
    assert boxes(here.see(parts.path))["laptop"] == "false"
    assert barriers(page) == []
    form = asked.form
    assert form is not None
    sent = {str(one["name"]): str(one["value"]) for one in form.select("[name]")}
    assert here.browser.post(parts.path, data=sent).status_code == 303
    assert boxes(here.see(parts.path))["laptop"] == "true"
    assert "This is done already." in here.see(f"{parts.path}?{parts.query}").get_text()


def test_a_link_with_a_task_that_nobody_knows_shows_the_list(seen: Site) -> None:
    assert seen.see(f"{path(seen)}?done=%3Cscript%3E").select_one("section.asked") is None


def test_a_task_that_is_not_on_the_list_is_refused_and_changes_nothing(seen: Site) -> None:
    answer = seen.browser.post(path(seen), data={"list-task": "holiday", "list-done": "yes"})
    assert answer.status_code == 404
    with seen.world.engine.store.read() as books:
        assert [one.task for one in books.ticks.of_hire("n1")] == ["accounts"]


def test_answers_as_of_a_form_and_ticks_of_what_is_no_list_are_refused(seen: Site) -> None:
    assert seen.browser.post(path(seen), data={"laptop": "yes"}).status_code == 404
    forged = f"{path(seen)[:-4]}AAAA"
    assert seen.browser.post(forged, data={"list-task": "laptop", "list-done": "yes"}).status_code == 404


def test_the_list_closes_when_the_newcomer_does_not_come(here: Site) -> None:
    where = path(here)
    withdraw(here.world.engine, "n1", here.world.now)
    assert here.browser.post(where, data={"list-task": "laptop", "list-done": "yes"}).status_code == 410
    here.see(where, 410)


def test_the_newcomer_sees_what_others_do_for_them_and_nothing_else_of_it(seen: Site) -> None:
    page = seen.see(path(seen, "hire_list", "hire"))
    theirs = [one.get_text(" ", strip=True) for one in page.select("li.theirs")]
    assert len(theirs) == 6
    assert (
        "Your accounts for mail, calendar and chat are ready the IT team · done on Tuesday, December 22, 2026"
        in theirs
    )
    assert "Your laptop is on its way to you the IT team · by Monday, December 28, 2026" in theirs
    assert any(one.endswith("your manager · by Wednesday, December 23, 2026") for one in theirs)
    assert "still missing" not in page.get_text()
    assert not seen.see(path(seen)).select("li.theirs")
    assert barriers(page) == []
    assert len(str(page)) < LARGEST


def test_hr_sees_the_lists_on_the_page_of_the_newcomer(seen: Site) -> None:
    rows = [one.get_text(" ", strip=True) for one in seen.see("/hires/n1").select("dl.lists > dd")]
    assert len(rows) == 3
    assert any("1 of 5" in one and "Send the laptop to Amihan<script> by 2026-12-28" in one for one in rows)
