"""How are measures of meetings shown to people?"""

from __future__ import annotations

import click

from onboarding.cli.coffee_measures import COUNTED, counts, echo_coffee
from onboarding.cli.output import echo_table
from onboarding.domain.measures import Cohort, FirstMeeting
from onboarding.services.matches import Named
from onboarding.services.measures import BuddyMeasure, Counted, Measures


def echo_measures(found: Measures) -> None:
    """Print everything that was counted, the whole before its parts."""
    click.echo(_whom(found))
    if found.counted is not None and found.newcomers:
        counted = found.counted
        _echo_kinds(counted)
        _echo_newcomers(counted)
        buddies = [_buddy(one) for one in counted.buddies]
        columns = ("buddy", "newcomers", *COUNTED, "now", "coming")
        echo_table("By buddy", columns, buddies, "Nobody is a buddy yet.")
        click.echo(_nobody(found))
    if found.coffee.rounds:
        echo_coffee(found.coffee)


def _echo_kinds(counted: Counted) -> None:
    rows = [(one.title, one.meetings) for one in counted.kinds]
    rows += [("all meetings", counted.meetings)] if len(rows) > 1 else []
    cells = [(title, *counts(one), one.to_come, one.cancelled, one.exchanged) for title, one in rows]
    columns = ("kind", *COUNTED, "to come", "called off", "in writing")
    echo_table("Meetings by kind", columns, cells, "No meeting was planned yet.")
    programmes = [(one.programme.replace("_", " "), *counts(one.meetings)) for one in counted.programmes]
    echo_table("By programme", ("programme", *COUNTED), programmes, "")
    click.echo("Held: somebody who was asked said yes. Not asked: nobody knows whether they met.")
    click.echo("In writing: they share no working hour and wrote to each other instead.\n")


def _echo_newcomers(counted: Counted) -> None:
    if counted.started:
        rows = [(one.meetings, one.planned, one.held, one.held_with_buddy) for one in counted.buckets]
        columns = ("meetings", "newcomers: planned", "held", "held with the buddy")
        echo_table("How many meetings newcomers had who have begun", columns, rows, "")
        click.echo(_first(counted.first_meeting) + "\n")
    cohorts = [_cohort(one) for one in counted.cohorts]
    echo_table("By first day", ("month", "newcomers", *COUNTED, "none held", "days to first"), cohorts, "")


def who(person: Named) -> str:
    """Such as `Bea Santos (lf-104)`; says it when they are not here any more."""
    name = person.id if person.name == person.id else f"{person.name} ({person.id})"
    return name if person.here else f"{name}, not here any more"


def _whom(found: Measures) -> str:
    since = f" from {found.first}" if found.first else ""
    until = f" up to {found.last}" if found.last else ""
    days = f" with a first day{since}{until}" if since or until else ""
    if found.counted is None:
        return f"There are {found.newcomers} newcomers{days}: too few to tell more of them."
    left_out = f"; {found.withdrawn} who did not come are left out" if found.withdrawn else ""
    if not found.newcomers:
        return f"There are no newcomers{days}{left_out}."
    return f"{_newcomers(found.newcomers)}{days}, of whom {found.counted.started} began{left_out}.\n"


def _newcomers(count: int | str) -> str:
    return "1 newcomer" if count == 1 else f"{count} newcomers"


def _first(first: FirstMeeting) -> str:
    without = f"{_newcomers(first.without)} who {'has' if first.without == 1 else 'have'} begun had none so far"
    if first.median_days is None:
        return f"Of no newcomer a meeting is known to be held; {without}."
    return (
        f"The first meeting held came after {_days(first.median_days)} (median of {_newcomers(first.newcomers)}), "
        f"at the latest after {_days(first.longest_days or 0)}; {without}."
    )


def _days(count: float) -> str:
    return "1 day" if count == 1 else f"{count:g} days"


def _cohort(cohort: Cohort) -> tuple[object, ...]:
    if cohort.meetings is None:
        return (cohort.month, cohort.newcomers, *("" for _ in COUNTED), "", "")
    days = "" if cohort.days is None else f"{cohort.days:g}"
    return (cohort.month, cohort.newcomers, *counts(cohort.meetings), cohort.without, days)


def _buddy(one: BuddyMeasure) -> tuple[object, ...]:
    now, coming = (one.load.now, one.load.coming) if one.load else (0, 0)
    return (who(one.buddy), one.newcomers, *counts(one.meetings), now, coming)


def _nobody(found: Measures) -> str:
    if not found.lacking:
        return "Every newcomer has everybody whom the journey wants."
    roles = ", ".join(f"{role.replace('_', ' ')} {count}" for role, count in found.lacking.items())
    return f"Newcomers who lack somebody today: {roles} (`onboarding match nobody` says why)."
