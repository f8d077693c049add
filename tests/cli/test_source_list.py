"""Does `onboarding source list` say how every HR system does, to people and to programs?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onboarding.cli.source import source


@pytest.fixture(autouse=True)
def _company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")


def test_a_company_without_any_is_told_where_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONBOARDING_WEBHOOK_SECRETS", raising=False)
    said = CliRunner().invoke(source, ["list"])
    assert (said.exit_code, said.output) == (0, "No HR system is set up: see docs/sources.md.\n")


def test_programs_get_every_number_and_spans_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBOARDING_WEBHOOK_SECRETS", '{"greenhouse": "a-secret-of-sixteen-characters"}')
    said = CliRunner().invoke(source, ["list", "--json"])
    assert said.exit_code == 0, said.output
    (found,) = json.loads(said.output)
    assert (found["source"], found["set_up"], found["verified"], found["lag"]) == ("greenhouse", True, 0, 0.0)


def test_a_file_that_is_looked_into_each_morning_counts_as_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARDING_PEOPLE_CSV", str(tmp_path / "people.csv"))
    said = CliRunner().invoke(source, ["list"])
    assert said.exit_code == 0, said.output
    assert "csv" in said.output
    assert "not set up" not in said.output
