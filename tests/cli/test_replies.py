"""What does HR get to read of mails that came back?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.spoken import Spoken
from tests.reply_mails import calendar, gmail, words


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Maildir with an answer to a meeting that nobody knows, and an absence note."""
    folder = tmp_path / "mail"
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True)
    (folder / "new" / "1.a").write_bytes(gmail(calendar()))
    (folder / "new" / "2.b").write_bytes(words("away", more="Auto-Submitted: auto-replied\n"))
    monkeypatch.setenv("ONBOARDING_REPLIES_MAILBOX", f"maildir:{folder}")
    return folder


def test_a_look_into_the_mailbox_lists_what_became_of_each_mail(onboarding: Spoken, mailbox: Path) -> None:
    told = onboarding("replies", "poll", "--as-of", "2027-01-04T10:00Z")
    assert "it answers a meeting that we do not know" in told
    assert "a machine wrote back" in told
    assert "ada@example.com" not in told
    assert sorted(one.name for one in (mailbox / "cur").iterdir()) == ["1.a:2,F", "2.b:2,S"]
    assert onboarding("replies", "poll") == "No mail came back.\n"


@pytest.mark.usefixtures("mailbox")
def test_what_came_back_can_be_listed_later_all_of_it_or_what_was_refused(onboarding: Spoken) -> None:
    assert onboarding("replies") == "No mail of that kind came back.\n"
    onboarding("replies", "poll")
    assert {one["state"] for one in onboarding.json("replies")} == {"refused", "ignored"}
    (refused,) = onboarding.json("replies", "--refused")
    assert (refused["state"], refused["door"], refused["person_id"]) == ("refused", "mailbox", "")


def test_without_a_mailbox_the_setting_is_named(onboarding: Spoken) -> None:
    assert "ONBOARDING_REPLIES_MAILBOX" in onboarding("replies", "poll", code=1)
