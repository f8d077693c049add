"""What does `onboarding check` say that is no mistake?"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from onboarding.cli.words import check_command
from tests.templates_folder import FORM, message, write_folder


def test_a_language_that_the_pages_do_not_speak_is_noted_and_all_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONBOARDING_JOURNEY", "short")
    files = {
        "forms/pulse.fr.toml": FORM,
        "forms/pulse.de.toml": FORM,
        "forms/pulse.pt-br.toml": FORM,
        "messages/pulse/hire.fr.md": message("{{ ask.url }}"),
        "messages/pulse/hire.de-at.md": message("{{ ask.url }}"),
    }
    folder = write_folder(tmp_path / "words", files)
    done = CliRunner().invoke(check_command, [str(folder)])
    assert done.exit_code == 0, done.output
    fixed = "the pages have fixed words in en, de, es; around a form in"
    lacks = "layout/words.toml has no table [fr]"
    assert done.output.splitlines() == [
        f"All is well in {folder}.",
        f"Note: forms/pulse.fr.toml: {fixed} fr they are in English",
        f"Note: forms/pulse.pt-br.toml: {fixed} pt-br they are in English",
        f"Note: messages/pulse/hire.fr.md: {lacks}; around a mail in fr the fixed words are in English",
    ]
