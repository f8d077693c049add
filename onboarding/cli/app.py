"""Which commands are there? Each lives in a module of its own, imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from onboarding import __version__
from onboarding.domain.errors import BadSettings, OnboardingError

COMMANDS = {
    "up": ("onboarding.cli.up", "up_command", "Start the Prefect server, the runner and the web app."),
    "demo": ("onboarding.cli.demo", "demo_command", "Walk three newcomers of a sample company through 90 days."),
    "hire": ("onboarding.cli.hire", "hire", "Add, import, show and change hires."),
    "match": ("onboarding.cli.match", "match", "See who was chosen and why, who has nobody, and who met."),
    "coffee": ("onboarding.cli.coffee", "coffee", "See coffee rounds, announce the next, import who met before."),
    "meeting": ("onboarding.cli.meeting", "meeting", "See meetings and who comes; move one, or call it off."),
    "calendar": ("onboarding.cli.calendar", "calendar", "See whose calendars are read and whether they answer."),
    "people": ("onboarding.cli.people", "people", "Import and list the directory."),
    "events": ("onboarding.cli.events", "events", "See what HR systems told us, and replay it."),
    "source": ("onboarding.cli.source", "source", "See how HR systems do, and connect one by declaring it."),
    "sync-directory": (
        "onboarding.cli.work",
        "sync_command",
        "Ask HR systems for everybody: the net under lost messages.",
    ),
    "replies": (
        "onboarding.cli.replies",
        "replies",
        "See what became of mails that came back, and look for new ones.",
    ),
    "review": ("onboarding.cli.review", "review", "See and settle what needs a human."),
    "report": ("onboarding.cli.report", "report_command", "Write a report of newcomers: a page with charts."),
    "run-due": ("onboarding.cli.work", "run_due_command", "Do once what is due, without Prefect."),
    "enroll": ("onboarding.cli.work", "enroll_command", "Obey recorded events now, without Prefect."),
    "backfill": ("onboarding.cli.work", "backfill_command", "Show, then send or skip, what was missed."),
    "rehearse": ("onboarding.cli.rehearse", "rehearse_command", "Render a whole journey, touching nothing."),
    "check": ("onboarding.cli.words", "check_command", "Check HR's folder: journeys, messages, forms."),
    "init": ("onboarding.cli.words", "init_command", "Write a folder of words to make your own."),
    "migrate": ("onboarding.cli.work", "migrate_command", "Bring the database to the newest schema."),
}
"""Name -> module, attribute, one line of help: enough for `--help` without importing anything."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        _ = ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        _ = ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _help = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        _ = ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="onboarding")
def cli() -> None:
    """Ninety days of timed, kind, delivered onboarding steps.

    Settings come from ONBOARDING_* variables; `onboarding demo` needs none.
    """


def run() -> None:
    """Run the command line and turn anticipated errors into one sentence."""
    try:
        cli()
    except BadSettings as error:
        click.echo("These settings cannot work:", err=True)
        for problem in error.problems:
            click.echo(f"  - {problem}", err=True)
        sys.exit(2)
    except OnboardingError as error:
        click.echo(f"onboarding: {error}", err=True)
        sys.exit(1)
