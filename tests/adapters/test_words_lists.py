"""What does `onboarding check` say of a list to do that cannot work?"""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.domain.people import Role
from tests.templates_folder import JOURNEY, message, words_with

FORM = """
title = "A list"
readers = "The People team."

[[question]]
key = "laptop"
kind = "task"
label = "Send the laptop"
by = -5
"""

STEPS = """
[[step]]
key = "it_list"
title = "IT"
ask = "it_list"
of = "it"
day = -10

[[step]]
key = "late"
title = "Late"
watch = "late"
of = "it_list"
when = "overdue >= 1"
tell = "hr"
day = 2
"""

FOLDER = {
    "forms/it_list.toml": FORM,
    "journeys/short.toml": JOURNEY + STEPS,
    "messages/it_list/it.md": message(
        "[List]({{ ask.url }}){% for one in todo.tasks %}{{ one.text }}{% endfor %}\n"
    ),
    "messages/list_reminder/it.md": message(
        "{{ ask.url }}{% for one in todo.overdue %}[{{ one.text }}]({{ one.url }}) {{ one.hire }}{% endfor %}\n"
    ),
    "messages/late/hr.md": message("{% for one in watch.tasks %}{{ one.text }}{% endfor %}\n"),
}


DAY = "day counts working days after the day of a task, 1 or more, without count, weeks and after"


def mistakes(folder: Path, **changes: tuple[str, str]) -> list[str]:
    """What is wrong when the form, or the steps, say something else."""
    files: dict[str, str | None] = dict(FOLDER)
    for name, (before, after) in changes.items():
        file = {"form": "forms/it_list.toml", "steps": "journeys/short.toml"}[name]
        text = str(files[file])
        assert before in text
        files[file] = text.replace(before, after)
    return words_with(folder, files).check()


def test_a_list_that_works_is_not_complained_of(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("by = -5\n", "", "by is missing; by = 1 is the first day, by = -5 five working days before it"),
        ("by = -5", "by = 0", "by must not be 0; 1 is the first day, -1 the working day before it"),
        ("by = -5", 'by = "soon"', "by must be a whole number from -120 to 400, not soon"),
        ("by = -5", 'by = -5\ncount = "moons"', 'count: unknown "moons"; allowed: working, calendar'),
        ("by = -5", 'by = -5\nlink = "javascript:1"', "link must be an address that begins with https://"),
        ("by = -5", "by = -5\nprivate = true", "a task is neither private nor shared: it has no answer"),
        ("by = -5", "by = -5\nmin = 1", "min belongs to scale, not to task"),
        ('"task"', '"yes_no"', "by belongs to task, not to yes_no"),
    ],
)
def test_a_task_that_cannot_work_is_refused(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    assert f'forms/it_list.toml: question "laptop": {sentence}' in mistakes(tmp_path, form=(before, after))


def test_a_list_has_nothing_but_tasks(tmp_path: Path) -> None:
    more = 'by = -5\n[[question]]\nkey = "why"\nkind = "text"\nlabel = "Why?"\n'
    sentence = 'forms/it_list.toml: a list has tasks and nothing else; ask "why" in a form of its own'
    assert sentence in mistakes(tmp_path, form=("by = -5\n", more))


def test_another_language_has_the_same_days(tmp_path: Path) -> None:
    files = {**FOLDER, "forms/it_list.de.toml": FORM.replace("-5", "-4")}
    found = words_with(tmp_path, files).check()
    assert found == ['forms/it_list.de.toml: question "laptop": by must be -5, as in English']


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            'of = "it"\nday = -10',
            'of = "helpdesk"\nday = -10',
            f'step "it_list": of: unknown "helpdesk"; allowed: {", ".join(Role)}',
        ),
        (
            "day = -10",
            "day = 1\nweeks = [1, 2]",
            'step "it_list": a list is sent once, on a day of the journey: leave out weeks and after',
        ),
        (
            'of = "it_list"',
            'of = "first_question"',
            'step "late": when: overdue is for a list, and the form pulse has no tasks',
        ),
        (
            '"overdue >= 1"',
            '"answer.laptop == 1"',
            'step "late": when: it_list is a list, which has no answers; write overdue >= 1 or "not answered"',
        ),
        (
            'tell = "hr"\nday = 2',
            'tell = "hr"\nday = -2',
            f'step "late": {DAY}',
        ),
    ],
)
def test_a_step_that_cannot_work_is_refused(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    assert f"journeys/short.toml, {sentence}" in mistakes(tmp_path, steps=(before, after))


def test_a_list_needs_its_own_reminder_unless_nobody_is_reminded(tmp_path: Path) -> None:
    files = {**FOLDER, "messages/list_reminder/it.md": None}
    missing = 'journeys/short.toml, step "it_list": there is no folder messages/list_reminder'
    assert any(one.startswith(missing) for one in words_with(tmp_path / "a", files).check())
    steps = (JOURNEY + STEPS).replace("day = -10", 'day = -10\nremind_after = "never"')
    assert words_with(tmp_path / "b", {**files, "journeys/short.toml": steps}).check() == []


def test_a_journey_knows_the_tasks_of_its_lists_and_follows_their_form(tmp_path: Path) -> None:
    words = words_with(tmp_path, FOLDER)
    step = words.journey("short").step("it_list")
    assert step is not None
    assert [(one.key, one.by, one.required) for one in step.tasks] == [("laptop", -5, True)]
    assert words.journey("short") is words.journey("short")
    words_with(tmp_path, {**FOLDER, "forms/it_list.toml": FORM.replace("by = -5", "by = -4\nrequired = false")})
    step = words.journey("short").step("it_list")
    assert step is not None
    assert [(one.by, one.required) for one in step.tasks] == [(-4, False)]
