"""What does a look into the mailbox leave behind in Prefect?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.poll_replies import poll_replies
from tests.flows.conftest import House
from tests.reply_mails import ADA, calendar, gmail, words
from tests.worlds import at

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
NOW = at("2027-01-04 10:00")


def test_states_and_ids_are_told_and_nothing_of_a_mail(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert poll_replies(as_of=NOW, return_state=True).message == "No mailbox is set up."
    folder = house.home / "mail"
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True)
    (folder / "new" / "1.a").write_bytes(gmail(calendar()))
    (folder / "new" / "2.b").write_bytes(words("away", more="Auto-Submitted: auto-replied\n"))
    monkeypatch.setenv("ONBOARDING_REPLIES_MAILBOX", f"maildir:{folder}")
    state = poll_replies(as_of=NOW, return_state=True)
    assert state.message == "1 ignored, 1 refused."
    table = house.table(state.state_details.flow_run_id)
    assert table == [
        {"state": "refused", "meeting": "", "person": ""},
        {"state": "ignored", "meeting": "", "person": ""},
    ]
    assert ADA not in json.dumps(table)
    assert poll_replies(as_of=NOW, return_state=True).message == "No mail came back."


def test_a_mailbox_that_does_not_answer_fails_the_run_without_its_password(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARDING_REPLIES_MAILBOX", "imaps://people:a-password@127.0.0.1:9/INBOX")
    state = poll_replies(as_of=NOW, return_state=True)
    assert state.is_failed()
    assert "the mailbox does not answer" in str(state.message)
    assert "a-password" not in str(state.message)


def test_the_file_of_the_flow_is_short() -> None:
    assert len(Path(poll_replies.fn.__code__.co_filename).read_text(encoding="utf-8").splitlines()) <= 40
