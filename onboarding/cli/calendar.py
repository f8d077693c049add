"""`onboarding calendar`: whose calendars are read, whether they answer, and addresses that people give."""

from __future__ import annotations

from datetime import datetime

import click

from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.free_busy import masked
from onboarding.services import calendar_care


@click.group()
def calendar() -> None:
    """See whose calendars are read and whether they answer."""


@calendar.command("list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show every place of `calendars.toml`, or every mistake in it, and how many calendars answered last."""
    with opened() as at:
        places = [
            (one.name, one.calendars.kind, sorted(one.mail_domains), sorted(one.locations))
            for one in at.engine.calendars
        ]
        counts = calendar_care.counts(at.engine)
    if as_json:
        keys = ("name", "kind", "mail_domains", "locations")
        echo_json({"places": [dict(zip(keys, one, strict=True)) for one in places], "readings": counts})
        return
    rows = [
        (name, kind, ", ".join(domains) or "all", ", ".join(sites) or "all")
        for name, kind, domains, sites in places
    ]
    echo_table("Calendars", ("name", "kind", "mail domains", "locations"), rows, "No calendar is read.")
    for one in counts:
        click.echo(f"{one.kind}: {one.answered} answered last, {one.silent} did not.")


@calendar.command("check")
@click.argument("email")
@as_of_option
@json_option
def check(email: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Read the calendar of EMAIL now, for the next two weeks; ends with 1 when it says nothing."""
    with opened(as_of) as at:
        person = calendar_care.known(at.engine, email)
        checked = calendar_care.check(at.engine, person, at.now)
    if as_json:
        echo_json({"reading": checked.reading, "busy": len(checked.busy)} if checked else None)
    elif checked is None:
        click.echo(f"{person.id} has no calendar: working hours alone count.")
    elif checked.reading.why:
        click.echo(f"{checked.reading.calendar} ({checked.reading.kind}) says nothing: {checked.reading.why}.")
    else:
        reading, count = checked.reading, len(checked.busy)
        click.echo(f"{reading.calendar} ({reading.kind}) answers: {count} busy times in the next two weeks.")
        if reading.ignored:
            click.echo(f"{reading.ignored} events could not be understood and were left out.")
    if checked is None or checked.reading.why:
        raise SystemExit(1)


@calendar.command("set")
@click.argument("email")
@click.argument("address")
@as_of_option
def set_(email: str, address: str, as_of: datetime | None) -> None:
    """Read the calendar of EMAIL from an ADDRESS of their own: https, and public."""
    with opened(as_of) as at:
        person = calendar_care.known(at.engine, email)
        kept = calendar_care.give_address(at.engine, person.id, address, at.now)
    click.echo(f"The calendar of {person.id} is read from {masked(kept)}.")
    click.echo(f"`onboarding calendar check {email}` reads it now, and says what is wrong with it.")


@calendar.command("remove")
@click.argument("email")
@as_of_option
def remove(email: str, as_of: datetime | None) -> None:
    """Forget the address of EMAIL's own calendar, and what was read from it."""
    with opened(as_of) as at:
        person = calendar_care.known(at.engine, email)
        calendar_care.give_address(at.engine, person.id, "", at.now)
    click.echo(f"No address of {person.id} is kept.")
