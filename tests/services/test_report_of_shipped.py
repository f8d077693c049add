"""What does the report say of newcomers who lived through the shipped journey?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onboarding.adapters.words import FolderWords
from onboarding.domain.report import Part, Report
from onboarding.domain.step_ends import IN_TIME
from onboarding.paths import shipped_templates
from onboarding.services.report import make
from tests.worlds import WORDS, World, at, copied, world

pytestmark = pytest.mark.slow

SIX = 6
END = at("2027-01-13 12:00")
LONG_AFTER = at("2027-09-10 12:00")
"""When lists are closed too."""


@pytest.fixture(scope="module")
def lived() -> Iterator[World]:
    """Six newcomers, eight days after their first; only one of them has a manager."""
    with world() as here:
        for number in range(1, SIX + 1):
            here.enrol(id=f"n{number}", manager_id="manila-lead" if number == 1 else "")
        here.walk_to(END)
        yield here


@pytest.fixture(scope="module")
def found(lived: World) -> Report:
    return make(lived.engine, LONG_AFTER)


def part(found: Report, key: str) -> Part:
    one = found.part(key)
    assert one is not None
    return one


def test_what_was_done_in_time_is_told_though_something_else_is_of_one_newcomer_alone(
    lived: World, found: Report
) -> None:
    with lived.engine.store.read() as books:
        ended = books.deliveries.ends_of_cohort(None, None)
    of_one = {one.why for one in ended if one.hire_id == "n1"} ^ {one.why for one in ended if one.hire_id == "n2"}
    assert of_one
    table = part(found, "steps")
    assert [one.name for one in table.lines if one.is_hidden] == []
    assert table.lines[0].name == IN_TIME
    assert table.lines[0].told["share"] > 0.5
    assert table.whole is not None
    assert table.whole.told["steps"] == sum(one.deliveries for one in ended)


def test_lists_to_tick_are_no_questions_that_nobody_answered(lived: World, found: Report) -> None:
    with lived.engine.store.read() as books:
        asks = [ask for number in range(1, SIX + 1) for ask in books.asks.of_hire(f"n{number}")]
    forms = {one.form for one in asks}
    assert forms >= {"it_list", "manager_tasks", "hire_list"}
    questions = [one for one in asks if not WORDS.form_as_written(one.form, "en").tasks]
    by_form, over_time = part(found, "answers"), part(found, "answers_over_time")
    assert {one.name for one in by_form.lines} == {one.form for one in questions}
    for table in (by_form, over_time):
        assert table.whole is not None
        assert table.whole.told["asked"] == len(questions) < len(asks)
    assert not found.forms.keys() & {"it_list", "manager_tasks", "hire_list", "buddy_list"}
    assert sum(one.people or 0 for one in over_time.lines) == SIX


def test_a_list_is_left_out_too_when_no_journey_or_no_file_has_it_any_more(
    lived: World, found: Report, tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(shipped_templates(), folder)
    journey = folder / "journeys" / "remote.toml"
    journey.write_text(
        "[[step]]".join(one for one in journey.read_text("utf-8").split("[[step]]") if "_list" not in one)
    )
    for file in (folder / "forms").glob("hire_list*"):
        file.unlink()
    with copied(lived) as here:
        here.engine = replace(here.engine, words=FolderWords(folder))
        fewer = make(here.engine, LONG_AFTER)
    names = {one.name for one in part(fewer, "answers").lines}
    assert not names & {"it_list", "hire_list", "buddy_list"}
    assert names == {one.name for one in part(found, "answers").lines}
