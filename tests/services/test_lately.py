"""Does writing to each other keep an idea back as a talk does?"""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from onboarding.domain.delivery import Delivery, State, Why
from tests.exchanging import STEPS, apart, questions, short_words
from tests.worlds import World, at

CHANGES = {'to = "buddy"': 'to = "partner"', 'needs = "buddy"': 'needs = "partner"'}


def idea(here: World) -> Delivery:
    here.walk_to(here.row("buddy_week_2", "partner", "week-2").due_at)
    return here.row("buddy_week_2", "partner", "week-2")


@pytest.mark.slow
def test_only_whoever_wrote_a_moment_ago_gets_no_idea(tmp_path: Path) -> None:
    words = short_words(tmp_path / "words", (*STEPS, "buddy_week_2"), CHANGES)
    message = tmp_path / "words" / "messages" / "buddy_week_2"
    copy(message / "buddy.md", message / "partner.md")
    for wrote in (True, False):
        with apart(words) as here:
            here.walk_to(at("2027-01-14 15:00"))  # Thursday of the second week; the idea is for Friday
            if wrote:
                here.answer(questions(here)["maria"], good_day="A long walk.")
            row = idea(here)
            assert (row.state, row.why) == ((State.SKIPPED, Why.MET) if wrote else (State.SENT, Why.NONE))
