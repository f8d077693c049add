"""What if a form that somebody answered earlier cannot be read any more?"""

from __future__ import annotations

from pathlib import Path

from onboarding.domain.delivery import State
from tests.templates_folder import FILES, JOURNEY, words_with
from tests.worlds import at, world

TWO_QUESTIONS = f"""{JOURNEY.replace("answer.mood <= 2", "answer.secret == 'yes'")}
[[step]]
key = "second_question"
title = "Another question"
ask = "later"
of = "hire"
day = 2

[[step]]
key = "low_later"
title = "A low answer, later"
watch = "low"
of = "second_question"
when = "answer.mood <= 2 or fell.mood >= 2"
tell = "hr"
day = 6
"""

FOLDER = {
    "journeys/remote.toml": TWO_QUESTIONS,
    "forms/later.toml": FILES["forms/pulse.toml"],
    "messages/later/hire.md": FILES["messages/pulse/hire.md"],
}


def test_a_low_answer_reaches_a_human_whatever_became_of_an_older_form(tmp_path: Path) -> None:
    with world(words=words_with(tmp_path, FOLDER)) as here:
        here.enrol()
        here.walk_to(at("2027-01-04 12:00"))
        here.answer(here.row("first_question"), mood="5")
        here.walk_to(at("2027-01-05 02:30"))
        (tmp_path / "forms/pulse.toml").write_text("title = [", encoding="utf-8")
        here.answer(here.row("second_question"), mood="1")
        here.walk_to(at("2027-01-05 12:00"))
        assert here.row("low_later", "hr").state is State.SENT
