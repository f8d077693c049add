"""What does a rehearsal leave behind on a machine where nothing was set up?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onboarding.cli.app import cli
from tests.worlds import record


@pytest.mark.slow
def test_on_a_fresh_machine_the_sample_company_stands_in_and_nothing_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    file = tmp_path / "hire.json"
    file.write_text(json.dumps(record()), encoding="utf-8")
    arguments = ["rehearse", "--hire", str(file), "--out", str(tmp_path / "walk"), "--json"]
    result = CliRunner().invoke(cli, [*arguments, "--as-of", "2026-11-02"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "the people of the sample company stand in" in result.stderr
    report = json.loads(result.stdout)["report"]
    reasons = {one["reason"] for one in report["will_not_send"] if one["role"] == "manager"}
    assert reasons == {"the manager manila-lead is not in the directory"}
    assert any(one.startswith("buddy_introduction") for one in report["will_send"])
    assert not (tmp_path / "home").exists()
