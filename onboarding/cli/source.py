"""`onboarding source`: how HR systems do; connect one by declaring it, and see what its messages become."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from onboarding import clock, settings
from onboarding.adapters.sources.bodies import read_json
from onboarding.adapters.sources.declared.file import read_file
from onboarding.adapters.sources.declared.sample import Sample
from onboarding.adapters.sources.declared.values import Declaration
from onboarding.adapters.sources.places import Places
from onboarding.cli.output import echo_json, echo_table
from onboarding.cli.source_check import as_tree, examine
from onboarding.cli.source_table import echo_check
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.tables import unknown

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

OPTIONS: tuple[Callable[..., Any], ...] = (
    click.argument("file", type=FILE),
    click.option("--sample", type=FILE, required=True, help="A message's body, byte for byte as it came."),
    click.option("--source", "name", help="Which source of FILE; needed when there are several."),
    click.option("--headers", "headers_file", type=FILE, help="Its headers: lines `Name: value`, or JSON."),
    click.option("--secret-file", type=FILE, help="The secret, to check the signature of the sample with."),
    click.option("--answer", "answers", multiple=True, metavar="NAME=FILE", help="What [fetch.NAME] is answered."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON for programs."),
)
"""This command needs no engine, so it imports none: `cli.opening` would bring the database."""


@click.group()
def source() -> None:
    """See how HR systems do, and connect one by declaring it."""


@source.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show every HR system in numbers: what it told us, what was refused, what waits."""
    from onboarding.cli.opening import opened  # noqa: PLC0415 -- it brings the database, which `check` does not need
    from onboarding.services.health import health_of_sources  # noqa: PLC0415 -- as above

    with opened() as at:
        found = health_of_sources(at.engine, at.now)
    if as_json:
        echo_json(found)
        return
    columns = ("source", "last event (UTC)", "verified", "refused", "obeyed", "to review", "waiting", "lag")
    rows = [
        (
            one.source if one.set_up else f"{one.source} (not set up)",
            f"{one.last_event:%Y-%m-%d %H:%M}" if one.last_event else "never",
            one.verified,
            one.refused,
            one.obeyed,
            one.unparsed + one.early,
            one.waiting,
            f"{one.lag.total_seconds():.0f} s" if one.waiting else "",
        )
        for one in found
    ]
    echo_table("Sources", columns, rows, "No HR system is set up: see docs/sources.md.")


@source.command("verify")
@click.argument("name", type=click.Choice(["gusto"]))
@click.argument("subscription")
def verify(name: str, subscription: str) -> None:
    """Confirm a subscription at Gusto, after its verification token was put into the settings."""
    from onboarding.adapters.sources.gusto import GustoSource  # noqa: PLC0415 -- for this command only

    said = settings.load()
    secrets = said.webhook_secrets.get(name, [])
    if not secrets:
        raise NotFound(
            "ONBOARDING_WEBHOOK_SECRETS has no verification token of gusto: `onboarding events show ID` shows it"
        )
    GustoSource(secrets, said.hris_accounts.get(name)).confirm(subscription, secrets[0])
    click.echo("Gusto has confirmed the subscription: events come from now on.")


def _with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@source.command("check")
@_with_options
def check(file: Path, sample: Path, as_json: bool, **given: Any) -> None:  # noqa: FBT001 -- click passes flags so
    """Show what a message would become by the declarations of FILE, field by field.

    Nobody is asked and nothing is stored. Ends with 1 when the event would go to review.
    """
    declaration = _chosen(read_file(file), given["name"])
    headers = _headers(given["headers_file"]) if given["headers_file"] else {}
    message = Sample(
        declaration=declaration,
        body=sample.read_bytes(),
        headers=headers,
        answers=dict(_answer(one, declaration) for one in given["answers"]),
    )
    said = settings.load(secret_key="a sample needs no key of ours")  # noqa: S106 -- so that none is written
    secret = _text(given["secret_file"]).strip() if given["secret_file"] else ""
    places, now = Places(offices=said.office_zones), clock.from_file(said.clock_file)()
    found = examine(message, secret, places, now)
    if as_json:
        echo_json(as_tree(found))
    else:
        echo_check(found)
    if found.review:
        raise SystemExit(1)


def _chosen(declarations: Mapping[str, Declaration], name: str | None) -> Declaration:
    if name is None and len(declarations) == 1:
        return next(iter(declarations.values()))
    if name is None:
        raise click.UsageError(f"say which one with --source: {', '.join(declarations)}")
    if name not in declarations:
        raise NotFound(f"--source: {unknown(name, list(declarations))}")
    return declarations[name]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRecord(f"{file.name} is not UTF-8 text") from error


def _headers(file: Path) -> dict[str, str]:
    """Headers by lower-case name; one that comes twice is joined, as the web door joins it."""
    text = _text(file)
    pairs: Iterable[tuple[str, object]]
    if text.lstrip().startswith("{"):
        tree = read_json(text)
        pairs = tree.items() if isinstance(tree, dict) else ()
    else:
        lines = (line.partition(":") for line in text.splitlines())
        pairs = [(name, value) for name, colon, value in lines if colon]
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, said = name.strip().lower(), str(value).strip()
        headers[key] = f"{headers[key]}, {said}" if key in headers else said
    return headers


def _answer(given: str, declaration: Declaration) -> tuple[str, object]:
    name, equals, file = given.partition("=")
    known = [fetch.name for fetch in declaration.fetches]
    if not equals or name not in known:
        why = unknown(name, known) if known else "this source asks nothing back"
        raise click.UsageError(f"--answer is NAME=FILE: {why}")
    path = Path(file)
    if not path.is_file():
        raise click.UsageError(f"--answer {name}: there is no file {file}")
    return name, read_json(_text(path))
