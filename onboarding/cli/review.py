"""`onboarding review`: what needs a human, and how it is settled."""

from __future__ import annotations

from datetime import datetime

import click

from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.delivery import State
from onboarding.domain.events import EventState
from onboarding.services import changing, enrolling, reviewing


@click.group(invoke_without_command=True)
@as_of_option
@json_option
@click.pass_context
def review(ctx: click.Context, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """See and settle what needs a human."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(as_of) as at:
        items = reviewing.review(at.engine, at.now)
    if as_json:
        echo_json(items)
        return
    rows = [(one.id, one.kind, one.hire_id, f"{one.since:%Y-%m-%d %H:%M}", _what(one)) for one in items]
    echo_table(
        "Needs a human", ("id", "kind", "hire", "since (UTC)", "what"), rows, "Nothing needs a human.", ids=True
    )


def _what(item: reviewing.ReviewItem) -> str:
    """The sentence, and the number of each delivery where it is about several."""
    return f"{item.text} (numbers {', '.join(item.ids)})" if item.ids else item.text


@review.command("replay")
@click.argument("event_id")
@as_of_option
@json_option
def replay(event_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Obey an event again, after what hindered it was mended."""
    with opened(as_of) as at:
        result = enrolling.replay(at.engine, event_id, at.now)
    if as_json:
        echo_json(result)
    else:
        click.echo(f"{result.event_id}: {result.state}, {result.reason}")
    if result.state is EventState.REVIEW:
        raise SystemExit(1)


@review.command("take")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who takes care of it.")
@click.option("--instead", is_flag=True, help="In the place of whoever takes care of it now.")
@as_of_option
@json_option
def take(number: int, by: str, instead: bool, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Say that somebody takes care of a newcomer who needs a human.

    NUMBER is the id of the alert in `onboarding review`, and its number in `onboarding hire show`.
    """
    with opened(as_of) as at:
        alert = changing.take(at.engine, number, by, at.now, instead=instead)
    if as_json:
        echo_json(alert)
    else:
        click.echo(f"{alert.step} of {alert.hire_id}: {alert.stand} by {alert.taken_by}")


@review.command("settle")
@click.argument("number", type=int)
@click.argument("outcome", type=click.Choice([State.SENT.value, State.FAILED.value]))
@as_of_option
@json_option
def settle(number: int, outcome: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Say what you found out about a delivery that is `unknown`: it was sent, or it failed.

    NUMBER is the id of that delivery in `onboarding review`.
    """
    with opened(as_of) as at:
        delivery = changing.settle_unknown(at.engine, number, State(outcome), at.now)
    if as_json:
        echo_json(delivery)
    else:
        click.echo(f"delivery {delivery.number}: {delivery.state}")
