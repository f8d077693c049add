"""`onboarding match`: who was chosen and why, who lacks somebody, who has how many, who met; choose anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from onboarding.cli.measures import echo_measures, who
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json, echo_table
from onboarding.domain.people import MATCHED_ROLES, HireState
from onboarding.services import lacking, loads, matches, measures, rematching, swapping
from onboarding.services.loads import Load
from onboarding.services.matches import Asked, Chosen, RoleMatch

DAY = click.DateTime(["%Y-%m-%d"])
ROLES = click.Choice(sorted(role.value for role in MATCHED_ROLES))


@click.group()
def match() -> None:
    """See who was chosen and why, who has nobody, and who met; choose anew."""


@match.command("show")
@click.argument("hire_id")
@as_of_option
@json_option
def show(hire_id: str, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show the people around a hire: why they, who else would suit, and who was asked before."""
    with opened(as_of) as at:
        found = matches.matches(at.engine, hire_id, at.now)
    if as_json:
        echo_json(found)
        return
    stands = "" if found.state is HireState.ACTIVE else f", {found.state}"
    title = f"{found.name} ({found.hire_id}), first day {found.first_day}{stands}"
    rows = [row for one in found.roles for row in _now(one)]
    echo_table(
        title, ("role", "who, moments in UTC", "why they, and who else"), rows, f"{title}: nobody has a role."
    )
    before = [(called(one.role, one.occasion), *_before(was)) for one in found.roles for was in one.before]
    if before:
        echo_table("Before", ("role", "who", "when (UTC)", "what became of it", "then"), before, "")


def _now(one: RoleMatch) -> Iterator[tuple[str, ...]]:
    """A row for each who has the role, and one that says why there are too few; what repeats is said once."""
    role, said = called(one.role, one.occasion), ""
    for chosen in one.now:
        others = f"next: {', '.join(map(who, chosen.alternatives))}" if chosen.alternatives else ""
        why = chosen.reasons if others in ("", said) else f"{chosen.reasons}\n{others}"
        state = " ".join(filter(None, (chosen.state, _minute(chosen.since))))
        yield role, f"{who(chosen.person)}\n{state}{_said(chosen.asked)}", why
        role, said = "", others
    if one.why_empty:
        yield role, f"nobody more: {len(one.now)} of {one.how_many}" if one.now else "nobody", one.why_empty


def _said(asked: Asked | None) -> str:
    if asked is None:
        return ""
    sentences = {"yes": "said yes", "no": "said no", "silent": "did not answer by"}
    moment = asked.at if asked.said in ("yes", "no") else asked.closes_at
    return f"\n{sentences.get(asked.said, 'may answer until')} {_minute(moment)}"


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _before(chosen: Chosen) -> tuple[str, ...]:
    why_not = chosen.asked.why_not if chosen.asked else ""
    became = f"{chosen.became}: {why_not}" if why_not else chosen.became
    return who(chosen.person), _minute(chosen.since), became, who(chosen.instead) if chosen.instead else ""


@match.command("nobody")
@as_of_option
@json_option
def nobody(as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """List newcomers who lack somebody whom their journey wants, with the reason."""
    with opened(as_of) as at:
        found = lacking.lacking(at.engine, at.now)
    if as_json:
        echo_json(found)
        return
    rows = [(one.name, one.hire_id, one.first_day, called(one.role, *one.occasions), one.reason) for one in found]
    columns = ("newcomer", "id", "first day", "role", "why nobody")
    echo_table(
        "Newcomers who lack somebody", columns, rows, "Every newcomer has everybody whom the journey wants."
    )


@match.command("load")
@click.argument("role", type=ROLES, required=False)
@as_of_option
@json_option
def load(role: str | None, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Show how many newcomers each buddy, peer, partner and mentor has, or those of one ROLE."""
    with opened(as_of) as at:
        found = loads.loads(at.engine, at.now, role or "")
    if as_json:
        echo_json(found)
        return
    rows = [(called(one.role), who(one.person), one.now, one.coming, _capacity(one)) for one in found]
    columns = ("role", "who", "newcomers now", "coming", "at most")
    echo_table("Who looks after whom", columns, rows, "Nobody looks after a newcomer at the moment.")


@match.command("measures")
@click.option(
    "--from", "first", type=DAY, help="The first day of work, or of a coffee round, from which is counted."
)
@click.option(
    "--to", "last", type=DAY, help="The first day of work, or of a coffee round, up to which is counted."
)
@as_of_option
@json_option
def measures_(first: datetime | None, last: datetime | None, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Count meetings planned and held: by kind, programme, buddy, month, newcomer and coffee round."""
    with opened(as_of) as at:
        found = measures.measure(
            at.engine, at.now, first=first.date() if first else None, last=last.date() if last else None
        )
    if as_json:
        echo_json(found)
    else:
        echo_measures(found)


@match.command("again")
@click.option("--rehearse", is_flag=True, help="Only show what would change.")
@as_of_option
@json_option
def again(*, rehearse: bool, as_of: datetime | None, as_json: bool) -> None:
    """Spread those who were chosen, and do not know it yet, anew over all newcomers, as each daily review does."""
    with opened(as_of) as at:
        found = rematching.rematch(at.engine, at.now, rehearse=rehearse)
    if as_json:
        echo_json(found)
        return
    rows = [
        (one.hire_id, called(one.role, one.occasion), one.before or "nobody", one.after or "nobody", one.reasons)
        for one in found
    ]
    title = "What would change" if rehearse else "What changed"
    columns = ("newcomer", "role", "before", "now", "why")
    echo_table(title, columns, rows, "Everybody has the person who suits best; nothing changes.")


@match.command("swap")
@click.argument("hire_id")
@click.argument("role", type=ROLES)
@click.option("--from", "former", default="", metavar="PERSON", help="Whose place, where several have the role.")
@click.option("--to", default="", metavar="PERSON", help="Who takes the place (default: the next best).")
@click.option("--because", default="", metavar="TEXT", help="Why, in words for whoever looks it up later.")
@as_of_option
@json_option
def swap(
    *, hire_id: str, role: str, former: str, to: str, because: str, as_of: datetime | None, as_json: bool
) -> None:
    """Give a ROLE of HIRE_ID to somebody else, as a newcomer may ask for in a check-in.

    Whoever had the role is never chosen again for this newcomer. Talk with both first: mails and meetings
    follow at once.
    """
    with opened(as_of) as at:
        asked = swapping.Swap(hire_id=hire_id, role=role, former=former, to=to, because=because)
        found = swapping.swap(at.engine, asked, at.now)
    if as_json:
        echo_json(found)
        return
    click.echo(
        f"{who(found.after)} is {called(found.role, found.occasion)} of {found.hire_id} now, "
        f"not {who(found.before)}: {found.reasons}."
    )


def _capacity(one: Load) -> str:
    if one.capacity is None:
        return ""
    return f"{one.capacity}, full" if one.is_full else str(one.capacity)


def called(role: str, *occasions: str) -> str:
    """Such as `partner, weeks 2 and 3`."""
    title = role.replace("_", " ")
    weeks = [one.removeprefix("week-") for one in occasions if one.startswith("week-")]
    if not weeks:
        return title
    if len(weeks) == 1:
        return f"{title}, week {weeks[0]}"
    return f"{title}, weeks {', '.join(weeks[:-1])} and {weeks[-1]}"
