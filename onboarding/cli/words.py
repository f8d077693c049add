"""`onboarding init` and `onboarding check`: HR's folder of words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from onboarding import bootstrap, paths, settings
from onboarding.adapters.words import FolderWords
from onboarding.cli.opening import json_option
from onboarding.cli.output import echo_json


@click.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def check_command(folder: Path | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Check every journey, message and form of FOLDER (default: the company's own)."""
    said = settings.load()
    where = folder or bootstrap.folder_of_words(said)
    words = FolderWords(where)
    mistakes = [*words.check(), *_no_such_journey(words, said.journey)]
    if as_json:
        echo_json(mistakes)
    else:
        click.echo("\n".join(mistakes) or f"All is well in {where}.")
        for note in words.notes():
            click.echo(f"Note: {note}")
    if mistakes:
        raise SystemExit(1)


def _no_such_journey(words: FolderWords, name: str) -> Iterator[str]:
    """Nobody could be enrolled while it is not there; whether it can be read is said elsewhere."""
    if name not in words.journeys():
        there = ", ".join(words.journeys()) or "none"
        yield f"ONBOARDING_JOURNEY names {name}, and there is no journeys/{name}.toml; there are: {there}"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
def init_command(folder: Path) -> None:
    """Write the shipped words to FOLDER, to make them your own."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"{folder} is not an empty folder: nothing was written")
    shutil.copytree(paths.shipped_templates(), folder, dirs_exist_ok=True)
    click.echo(f"Written. Edit the files, run `onboarding check {folder}`, then set ONBOARDING_TEMPLATES={folder}")
