"""Does `onboarding up` say that nobody else is told when nobody takes care?"""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding import settings
from onboarding.cli.up import has_second
from tests.templates_folder import write_folder

SECOND = '[lisbon]\nlocation = "Lisbon"\ntell = "emp-7"\n{}second = "head@example.com"\n'


@pytest.mark.parametrize(
    ("email", "file", "found"),
    [
        ("", SECOND.format("# "), "nobody"),
        ("", SECOND.format(""), "somebody"),
        ("", "[lisbon\n", "nobody"),
        ("", None, "nobody"),
        ("People-Team@example.com", None, "nobody"),
        ("head@example.com", None, "somebody"),
    ],
)
def test_a_second_human_is_set_by_a_setting_or_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, email: str, file: str | None, found: str
) -> None:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONBOARDING_TEMPLATES", str(write_folder(tmp_path / "words", {"people_team.toml": file})))
    monkeypatch.setenv("ONBOARDING_ESCALATION_EMAIL", email)
    assert has_second(settings.load()) is (found == "somebody")
