"""Can what a table shows be copied and searched for, in a narrow terminal and in a pipe?"""

from __future__ import annotations

import sys

import pytest

from onboarding.cli.output import LONGEST_WORD, echo_table

IDS = ["d6bfd6ff2d3f3b623dee", "2027-01-11 09:30"]
SENTENCE = "the question is closed, and nobody else can be asked about it any more"


def printed(capsys: pytest.CaptureFixture[str], *cells: str) -> str:
    echo_table("Meetings", ["id", "at", "why", "again"], [cells], "none")
    return capsys.readouterr().out


def test_a_narrow_terminal_breaks_sentences_and_no_ids(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = printed(capsys, *IDS, SENTENCE, "x" * (LONGEST_WORD + 9))
    assert SENTENCE not in shown
    assert all(word in shown for text in (*IDS, SENTENCE) for word in text.split())
    assert "x" * (LONGEST_WORD + 9) not in shown


def test_a_pipe_gets_one_line_for_each_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = printed(capsys, *IDS, SENTENCE, SENTENCE)
    (row,) = [line for line in shown.splitlines() if IDS[0] in line]
    assert row.count(SENTENCE) == 2


def test_an_empty_table_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    echo_table("Meetings", ["id"], [], "No meetings.")
    assert capsys.readouterr().out == "No meetings.\n"
