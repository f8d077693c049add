"""`onboarding replies`: what became of mails that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.mail_replies import FOR_A_HUMAN, MailReply
from onboarding.services import replying

COLUMNS = ("mail", "came (UTC)", "through", "what became of it", "meeting", "person", "why")


@click.group(invoke_without_command=True)
@click.option("--refused", is_flag=True, help="Only what was refused or needs a human.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many at most.")
@json_option
@click.pass_context
def replies(ctx: click.Context, refused: bool, limit: int, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List mails that came back, the newest first; no text and no address is kept of them."""
    if ctx.invoked_subcommand is not None:
        return
    with opened() as at, at.engine.store.read() as books:
        found = books.replies.find(states=FOR_A_HUMAN if refused else (), limit=limit)
    _echo(found, "Mails that came back", "No mail of that kind came back.", as_json=as_json)


@replies.command("poll")
@as_of_option
@json_option
def poll(as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Look into the mailbox once, without Prefect."""
    with opened(as_of) as at:
        found = [one.reply for one in replying.poll(at.engine, at.now)]
    _echo(found, "Taken from the mailbox", "No mail came back.", as_json=as_json)


def _echo(found: Sequence[MailReply], title: str, nothing: str, *, as_json: bool) -> None:
    if as_json:
        echo_json(found)
        return
    rows = [
        (
            one.digest[:12],
            f"{one.received_at:%Y-%m-%d %H:%M}",
            one.door,
            one.state.replace("_", " "),
            one.meeting_id,
            one.person_id,
            one.reason,
        )
        for one in found
    ]
    echo_table(title, COLUMNS, rows, nothing, ids=True)
