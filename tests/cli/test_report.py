from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onboarding.cli.report import report_command
from tests.newcomers import NOW


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a database of nobody."""
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(report_command, [*arguments, "--as-of", NOW.isoformat()])


def test_a_page_and_its_figures_are_written_and_written_again(home: Path) -> None:
    out = home / "report.html"
    for _ in range(2):
        done = run("--out", str(out))
        assert done.exit_code == 0, done.output
        assert f"0 newcomers; open {out}, the figures are in {home / 'report.csv'}" in done.output
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (home / "report.csv").read_text(encoding="utf-8").startswith("table,group,figure,value,why_empty\n")


@pytest.mark.parametrize("name", ["report.html", "report.csv"])
def test_a_file_that_is_no_report_is_not_overwritten_unless_told(home: Path, name: str) -> None:
    (home / name).write_text("Dear diary", encoding="utf-8")
    done = run("--out", str(home / "report.html"))
    assert done.exit_code == 1
    assert f"{name} is no report: nothing was written" in done.output
    assert (home / name).read_text(encoding="utf-8") == "Dear diary"
    assert len([*home.glob("report.*")]) == 1
    assert run("--out", str(home / "report.html"), "--force").exit_code == 0
    assert (home / name).read_text(encoding="utf-8") != "Dear diary"


def test_the_help_says_what_two_reports_tell_together() -> None:
    said = " ".join(CliRunner().invoke(report_command, ["--help"]).output.split())
    assert "Two reports of overlapping months can be subtracted from each other" in said


def test_json_has_the_figures_for_programs() -> None:
    done = run("--json", "--from", "2027-01-15", "--to", "2027-03-02")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert (found["first"], found["last"], found["newcomers"]) == ("2027-01-01", "2027-03-31", 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "name a file with --out"), (("--out", "report.txt"), "a file that ends in .html")],
)
def test_without_a_page_to_write_it_says_what_to_do(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_a_folder_that_is_not_there_is_named(home: Path) -> None:
    done = run("--out", str(home / "nowhere" / "report.html"))
    assert done.exit_code == 1
    assert "cannot be written: No such file or directory" in done.output
