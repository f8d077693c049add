"""`onboarding events`: what HR systems told us, and what became of it."""

from __future__ import annotations

from datetime import datetime

import click

from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.errors import NotFound
from onboarding.domain.events import EventState
from onboarding.services import enrolling


@click.group(invoke_without_command=True)
@click.option("--source", default="", help="Only events of this source.")
@click.option("--state", type=click.Choice([one.value for one in EventState]), help="Only events in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many at most.")
@json_option
@click.pass_context
def events(ctx: click.Context, source: str, state: str | None, limit: int, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List what HR systems told us, the newest first."""
    if ctx.invoked_subcommand is not None:
        return
    with opened() as at, at.engine.store.read() as books:
        found = books.events.find(source=source, state=EventState(state) if state else None, limit=limit)
    if as_json:
        echo_json(found)
        return
    rows = [
        (one.id, f"{one.source} {one.received_at:%Y-%m-%d %H:%M}", one.state, one.hire_id, one.reason)
        for one in found
    ]
    columns = ("id", "received (UTC)", "state", "hire", "what became of it")
    echo_table("Events", columns, rows, "No HR system has told us anything of that kind.", ids=True)


@events.command("show")
@click.argument("event_id")
@json_option
def show(event_id: str, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show one event with what was kept of its message."""
    with opened() as at, at.engine.store.read() as books:
        event = books.events.get(event_id)
    if event is None:
        raise NotFound(f"there is no event {event_id}; `onboarding events` lists the newest")
    if as_json:
        echo_json(event)
        return
    lines = {
        "source": event.source,
        "delivery id": event.delivery_id,
        "received": f"{event.received_at:%Y-%m-%d %H:%M:%S} UTC",
        "state": event.state,
        "why": event.reason,
        "hire": event.hire_id,
        "asked in vain": str(event.attempts) if event.attempts else "",
        "SHA-256 of what came": event.digest,
    }
    width = max(map(len, lines))
    for name, value in lines.items():
        if value:
            click.echo(f"{name:<{width}}  {value}")
    click.echo(f"\nkept of the message:\n{event.body}")


@events.command("replay")
@click.argument("event_id")
@click.option("--same-as", default="", help="It is about this person of the directory.")
@click.option("--somebody-else", is_flag=True, help="It is about somebody whom we do not know yet.")
@as_of_option
@json_option
def replay(
    event_id: str,
    same_as: str,
    somebody_else: bool,  # noqa: FBT001 -- click passes flags so
    as_of: datetime | None,
    as_json: bool,  # noqa: FBT001 -- click passes flags so
) -> None:
    """Obey an event again, after what hindered it was mended, or with your word on whom it means."""
    if same_as and somebody_else:
        raise click.UsageError("either --same-as or --somebody-else")
    with opened(as_of) as at:
        result = enrolling.replay(at.engine, event_id, at.now, same_as=same_as, somebody_else=somebody_else)
    if as_json:
        echo_json(result)
    else:
        click.echo(f"{result.event_id}: {result.state}, {result.reason}")
    if result.state is EventState.REVIEW:
        raise SystemExit(1)
