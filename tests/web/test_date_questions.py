"""Is a day asked for with the browser's own calendar, within its bounds, and named in the reader's language?"""

from __future__ import annotations

from datetime import timedelta
from shutil import copytree

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from tests.sites import barriers, parsed, site

QUESTION = """
[[question]]
key = "visit"
kind = "date"
label = "When?"
earliest = "first day"
latest = "first day + 4 weeks"
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    """The shipped words with a question for a day in the profile."""
    folder = tmp_path_factory.mktemp("words") / "templates"
    copytree(paths.shipped_templates(), folder)
    for file in folder.glob("forms/profile*.toml"):
        file.write_text(file.read_text(encoding="utf-8") + QUESTION, encoding="utf-8")
    return FolderWords(folder)


def test_a_day_is_asked_for_within_four_weeks_of_the_first_day_and_a_mistake_says_which(
    words: FolderWords,
) -> None:
    with site(words=words) as here:
        here.world.enrol(language="de")
        here.world.walk_to(here.world.row("profile").due_at + timedelta(minutes=1))
        link = here.link("profile")
        field = here.see(link).select('input[type="date"]#visit')[0]
        assert (field["min"], field["max"]) == ("2027-01-04", "2027-02-01")
        for day, said in (
            ("2027-01-03", "Bitte wähle Montag, 4. Januar 2027 oder einen späteren Tag."),
            ("2027-02-02", "Bitte wähle Montag, 1. Februar 2027 oder einen früheren Tag."),
            ("morgen", "Bitte schreib einen Tag, zum Beispiel 2027-03-02."),
        ):
            answer = here.browser.post(link, data={"visit": day, "called": "Ami"})
            page = parsed(answer.text)
            assert (answer.status_code, barriers(page)) == (422, [])
            assert said in page.select("#visit-mistake")[0].get_text()
            assert page.select("#visit")[0]["value"] == day
        assert here.browser.post(link, data={"visit": "2027-01-12"}).status_code == 200
        key = here.world.row("profile").key
        with here.world.engine.store.read() as books:
            kept = books.asks.answer_to(key)
        assert kept is not None
        assert kept.values == {"visit": "2027-01-12"}
