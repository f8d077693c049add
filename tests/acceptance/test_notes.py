"""Three colleagues write to a newcomer: one thinks of better words, one thinks better of it, one too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onboarding.domain.delivery import State
from tests.sites import Site, parsed, site
from tests.worlds import at

HOUR = timedelta(hours=1)


def links(here: Site) -> dict[str, str]:
    """The path of the form of each colleague who was asked."""
    found = {}
    with here.world.engine.store.read() as books:
        for ask in books.asks.of_hire("n1"):
            if ask.step == "welcome_notes":
                found[ask.person_id] = here.world.engine.links.ask(ask.id, ask.closes_at).partition(":8400")[2]
    return found


def press(here: Site, path: str, status: int = 200, **form: str) -> str:
    """What the page says after a button was pressed."""
    answer = here.browser.post(path, data=form)
    assert answer.status_code == status
    return " ".join(parsed(answer.text).get_text(" ").split())


@pytest.mark.slow
def test_the_card_holds_each_note_as_its_writer_wanted_it_at_the_moment_at_which_it_left() -> None:
    with site() as here:
        here.world.enrol()
        here.world.walk_to(here.world.row("profile").due_at)
        here.world.answer(here.world.row("profile"), about="How the tides work")
        here.world.walk_to(at("2026-12-23 12:00"))
        ways = links(here)
        ada, bo, cy = ways
        card = here.world.row("welcome_card").due_at

        form = here.see(ways[ada]).get_text(" ")
        assert "Amihan Quill" in form
        assert "How the tides work" in form
        for name, note in ((ada, "Ask me about boats"), (bo, "I know the harbour"), (cy, "I bake on Fridays")):
            assert "Until then you can change it or take it back." in press(here, ways[name], note=note)

        here.world.walk_to(card - 2 * HOUR)  # every form is closed by now
        press(here, ways[ada], note="Ask me about boats. Do you sail?")
        here.world.now = card - HOUR
        assert "nobody gets it" in press(here, f"{ways[bo]}/take-back")

        here.world.walk_to(card + HOUR)
        assert "cannot be changed or taken back any more" in press(here, f"{ways[cy]}/take-back", status=409)
        assert "I bake on Fridays" in here.see(ways[cy]).get_text(" ")

        row = here.world.row("welcome_card")
        (letter,) = [one for one in here.world.mail.letters if one.number == row.number]
        assert row.state is State.SENT
        for kept in ("Ask me about boats. Do you sail?", "I bake on Fridays", f"{ada}@example.com"):
            assert kept in letter.text
        for gone in ("harbour", bo.capitalize()):
            assert gone not in letter.text
        with here.world.engine.store.read() as books:
            answers = books.asks.answers_of_hire("n1")
        taken_back = next(one for key, one in answers.items() if f"/{bo}/" in key)
        assert (taken_back.values, taken_back.taken_back) == ({}, True)
