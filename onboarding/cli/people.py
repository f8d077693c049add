"""`onboarding people`: import and list the directory, and say who may be matched."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Unpack

import click

from onboarding.cli.files import FILE, How, dates_option, dry_run_option, echo_import, refused_option, take_in
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.preferences import Preferences
from onboarding.services import hiring, importing, preferring
from onboarding.services.preferring import Held


@click.group()
def people() -> None:
    """Import and list the directory, and say who may be matched."""


@people.command("import")
@click.argument("file", type=FILE)
@dates_option
@refused_option
@dry_run_option
@as_of_option
@json_option
def import_(file: Path, as_json: bool, **how: Unpack[How]) -> None:  # noqa: FBT001 -- click passes flags so
    """Take every good row of FILE.csv, or of a JSON list, into the directory; who has left is chosen no more."""
    report = take_in(importing.import_people, file, **how)
    if as_json:
        echo_json(report)
    else:
        echo_import(report, how["refused"])
    if report.refused:
        raise SystemExit(1)


@people.command("list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List everybody."""
    with opened() as at, at.engine.store.read() as books:
        everybody = books.people.all()
    if as_json:
        echo_json(everybody)
        return
    rows = [(one.id, one.name, one.department, one.location, one.time_zone, one.manager_id) for one in everybody]
    columns = ("id", "name", "department", "location", "time zone", "manager")
    echo_table("People", columns, rows, "The directory is empty: `onboarding people import FILE.csv`.")


@people.command("leave")
@click.argument("person_id")
@as_of_option
@json_option
def leave(person_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Say that somebody has left: others take their roles with newcomers."""
    with opened(as_of) as at:
        changed = hiring.leave(at.engine, person_id, at.now)
    if as_json:
        echo_json({"person": person_id, "hires": changed})
    else:
        click.echo(f"{person_id} has left; {len(changed)} plans changed.")


@people.command("exclude")
@click.argument("one")
@click.argument("other")
@as_of_option
@json_option
def exclude(one: str, other: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Never match two people, in either direction; nobody but HR sees this."""
    with opened(as_of) as at:
        found = preferring.exclude(at.engine, one, other, at.now)
    said = f"{one} and {other} will not be matched"
    if as_json:
        echo_json({"said": said, "hires": found.hires, "still": found.still})
        return
    _echo_changed(said, found.hires, as_json=False)
    for still in found.still:
        role = still.role.replace("_", " ")
        click.echo(
            f"{still.person_id} stays {role} of {still.hire_id}, since both were told; {still.ends} ends it."
        )


@people.command("include")
@click.argument("one")
@click.argument("other")
@as_of_option
@json_option
def include(one: str, other: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Let two people be matched again who were excluded."""
    with opened(as_of) as at:
        found = preferring.exclude(at.engine, one, other, at.now, apart=False)
    _echo_changed(f"{one} and {other} may be matched", found.hires, as_json=as_json)


@people.command("pause")
@click.argument("person_id")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which they take part again.")
@click.option("--end", is_flag=True, help="End the pause now.")
@as_of_option
@json_option
def pause(person_id: str, until: datetime | None, end: bool, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Match somebody no more until a day."""
    if (until is None) is not end:
        raise click.UsageError("say either --until 2027-02-01 or --end")
    day = until.date() if until else None
    with opened(as_of) as at:
        changed = preferring.pause(at.engine, person_id, day, at.now)
    said = f"{person_id} is not matched until {day}" if day else f"{person_id} takes part again"
    _echo_changed(said, changed, as_json=as_json)


@people.command("preferences")
@click.argument("person_id")
@as_of_option
@json_option
def preferences(person_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show on which terms somebody may be matched, who said so when, and the address of their page."""
    with opened(as_of) as at:
        held = preferring.shown(at.engine, person_id, at.now)
    if as_json:
        echo_json(_plain(held))
        return
    click.echo(f"{held.person.name} ({person_id})")
    for label, text in _told(held):
        click.echo(f"  {label}: {text}")
    rows = [
        (one.version, f"{one.changed_at:%Y-%m-%d %H:%M} UTC", one.changed_by, ", ".join(one.fields))
        for one in held.history
    ]
    echo_table("Changes", ("version", "when", "by", "what"), rows, "Nobody has said anything yet.")


def _echo_changed(said: str, hires: list[str], *, as_json: bool) -> None:
    if as_json:
        echo_json({"said": said, "hires": hires})
    else:
        click.echo(f"{said}; {len(hires)} plans changed.")


def _plain(held: Held) -> dict[str, object]:
    """What a program gets; sets in one order."""
    said, person = held.preferences, held.person
    return {
        "person": person.id,
        "out_of_everything": person.opted_out,
        "programmes": preferring.takes_part_in(held),
        "capacity": said.capacity,
        "paused_until": said.paused_until,
        "silent": held.silent,
        "away": said.away,
        "languages": list(dict.fromkeys([*person.speaks, *said.languages])),
        "interests": person.likes,
        "flexible_before": said.flexible_before,
        "flexible_after": said.flexible_after,
        "excluded": sorted(said.excluded),
        "link": held.link,
        "history": [
            {"version": one.version, "at": one.changed_at, "by": one.changed_by, "fields": one.fields}
            for one in held.history
        ],
    }


def _told(held: Held) -> list[tuple[str, str]]:
    """What HR reads, each with its label."""
    said, person = held.preferences, held.person
    away = "; ".join(f"{one.first} to {one.last}" for one in said.away)
    pause = f"until {said.paused_until}" if said.paused_on(held.today) else "no"
    return [
        ("takes part in", ", ".join(preferring.takes_part_in(held)) or "nothing"),
        ("newcomers at a time", "as the step says" if said.capacity is None else str(said.capacity)),
        ("pause", pause),
        *([("coffee rounds", "paused after three without an answer")] if held.silent else []),
        ("away", away or "no days known"),
        ("languages", ", ".join(dict.fromkeys([*person.speaks, *said.languages]))),
        ("interests", ", ".join(person.likes) or "none known"),
        ("may be met outside their hours", _stretch(said)),
        ("never matched with (confidential)", ", ".join(sorted(said.excluded)) or "nobody"),
        ("their page", held.link),
    ]


def _stretch(said: Preferences) -> str:
    parts = [
        f"{minutes} minutes {side}"
        for minutes, side in ((said.flexible_before, "before"), (said.flexible_after, "after"))
        if minutes
    ]
    return ", ".join(parts) or "no"
