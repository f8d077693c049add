"""`onboarding meeting`: who meets when and who comes; move a meeting, or call it off."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.wording import moment_in_words
from onboarding.services import meeting_changes
from onboarding.services.meeting_changes import ShownAttendee, ShownMeeting


class Zone(click.ParamType[ZoneInfo]):
    """An IANA time zone."""

    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Read it, or fail with the way to write it."""
        try:
            return ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is no time zone such as Europe/Berlin", param, ctx)


class LocalMoment(click.ParamType[datetime]):
    """An ISO 8601 moment, with or without an offset."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or fail with the way to write it."""
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment such as 2027-01-05T10:00", param, ctx)


@click.group()
def meeting() -> None:
    """See meetings and who comes; move one, or call it off."""


@meeting.command("list")
@click.option("--hire", "hire_id", required=True, metavar="ID", help="Of this hire, or of a coffee round.")
@json_option
def list_(hire_id: str, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List all meetings of a hire, or of a coffee round (`coffee:2027-01-18`)."""
    with opened() as at:
        found = meeting_changes.of_hire(at.engine, hire_id)
    if as_json:
        echo_json(found)
        return
    rows = [
        (
            one.meeting.id,
            f"{one.meeting.step} {one.meeting.occasion}",
            f"{one.meeting.starts_at:%Y-%m-%d %H:%M}",
            _state(one),
            ", ".join(f"{each.person_id} ({_comes(each)})" for each in one.attendees),
        )
        for one in found
    ]
    echo_table("Meetings", ("id", "what", "when (UTC)", "state", "who"), rows, "There are no meetings.", ids=True)


@meeting.command("show")
@click.argument("meeting_id", metavar="ID")
@as_of_option
@json_option
def show(meeting_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show a meeting: when it is on each clock, who comes, and three other times."""
    with opened(as_of) as at:
        found = meeting_changes.show(at.engine, meeting_id, at.now)
        zone = at.engine.company.time_zone
    _echo(found, as_json=as_json)
    if not as_json and found.other_times:
        click.echo("Other times that suit everybody:")
        for start in found.other_times:
            click.echo(f"  {moment_in_words(start, zone, 'en')}: --zone UTC {start:%Y-%m-%dT%H:%M}")


@meeting.command("move")
@click.argument("meeting_id", metavar="ID")
@click.argument("moment", metavar="[DATETHH:MM]", type=LocalMoment(), required=False)
@click.option("--zone", type=Zone(), help="On whose clock, such as Asia/Manila; needed without an offset.")
@click.option("--suggest", is_flag=True, help="To the kindest other time that suits everybody.")
@click.option("--anyway", is_flag=True, help="Also outside of hours, over something else, or late.")
@as_of_option
@json_option
def move(
    meeting_id: str,
    moment: datetime | None,
    zone: ZoneInfo | None,
    suggest: bool,  # noqa: FBT001 -- click passes flags so
    anyway: bool,  # noqa: FBT001 -- click passes flags so
    as_of: datetime | None,
    as_json: bool,  # noqa: FBT001 -- click passes flags so
) -> None:
    """Give a meeting another time: everybody is invited anew. One that was called off takes place after all."""
    start = _start(moment, zone, suggest=suggest)
    with opened(as_of) as at:
        found = meeting_changes.move(at.engine, meeting_id, start, at.now, anyway=anyway)
    _echo(found, as_json=as_json)


def _start(moment: datetime | None, zone: ZoneInfo | None, *, suggest: bool) -> datetime | None:
    if suggest == (moment is not None):
        raise click.UsageError("say when, such as 2027-01-05T10:00 --zone Asia/Manila, or --suggest")
    if moment is None or moment.tzinfo is not None:
        return moment
    if zone is None:
        raise click.UsageError("say on whose clock: --zone Asia/Manila, or an offset as in 2027-01-05T10:00+08:00")
    return moment.replace(tzinfo=zone)


@meeting.command("cancel")
@click.argument("meeting_id", metavar="ID")
@click.option("--reason", required=True, help="Why, for whoever looks at it later; it is not in the mail.")
@as_of_option
@json_option
def cancel(meeting_id: str, reason: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Call a meeting off for good; whoever was invited is told."""
    with opened(as_of) as at:
        found = meeting_changes.cancel(at.engine, meeting_id, reason, at.now)
    _echo(found, as_json=as_json)


def _echo(found: ShownMeeting, *, as_json: bool) -> None:
    if as_json:
        echo_json(found)
        return
    one = found.meeting
    click.echo(f"{one.id}: {one.step} {one.occasion} of {one.hire_id}, {_state(found)}, version {one.sequence}")
    rows = [(each.person_id, each.name, each.when, _comes(each), each.reason) for each in found.attendees]
    echo_table("", ("id", "name", "when", "comes", "reason"), rows, "Nobody takes part.", ids=True)


def _state(found: ShownMeeting) -> str:
    """Where it stands, in words."""
    one = found.meeting
    held = {"stuck": "nobody found a time", "by_hand": "by hand"}.get(one.hold.value, "")
    said = ": ".join(part for part in (held, one.held_because) if part)
    return f"{one.state} ({said})" if said else one.state.value


def _comes(each: ShownAttendee) -> str:
    return {"needs-action": "no answer"}.get(each.attendance.value, each.attendance.value)
