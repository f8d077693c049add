"""How is onboarding started for real? One command: Prefect server, runner and web app, ended together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import click

from onboarding import bootstrap, settings
from onboarding.adapters.words import FolderWords
from onboarding.cli.parts import Ground, parts
from onboarding.cli.supervisor import Supervisor, locked, refuse_used_ports
from onboarding.domain.errors import BadWords

PORT = 8400
PREFECT_PORT = 4200
NO_SECOND = (
    "No second human is set: when nobody takes care of a low answer, the same address is told again. "
    "ONBOARDING_ESCALATION_EMAIL names one."
)
MISTAKES = "{count} mistakes in the folder of words: `onboarding check` names them; what they concern is not sent."
A_PORT = click.IntRange(1, 65535)


@click.command("up")
@click.option("--port", type=A_PORT, default=PORT, show_default=True, help="Of the web app.")
@click.option(
    "--prefect-port",
    type=A_PORT,
    default=PREFECT_PORT,
    show_default=True,
    help="Of the Prefect server; not used when PREFECT_API_URL names another one.",
)
def up_command(port: int, prefect_port: int) -> None:
    """Start the Prefect server, the runner and the web app; Ctrl-C ends all of it.

    Data is kept in ONBOARDING_HOME. When PREFECT_API_URL is set, that server is used and none is started. A part
    that ends takes the others down.
    """
    said = settings.load()
    home = said.home.absolute()
    ports = {"--port": port} if said.prefect_api_url else {"--port": port, "--prefect-port": prefect_port}
    with locked(home) as lock:
        refuse_used_ports(ports)
        bootstrap.migrate(said)
        environment = {"ONBOARDING_HOME": str(home)}
        if "public_url" not in said.model_fields_set:
            environment["ONBOARDING_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        ground = Ground(
            home=home,
            port=port,
            prefect_port=prefect_port,
            prefect_api=said.prefect_api_url,
            environment=environment,
        )
        click.echo(f"Starting (logs in {home / 'logs'}) ...")
        with Supervisor(parts(ground), lock=lock) as supervisor:
            if supervisor.wait_until_ready():
                click.echo(addresses(ground.web, ground.prefect))
                for line in worth_knowing(said):
                    click.echo(line)
                click.echo("Ctrl-C ends all of it.")
                supervisor.watch()
    click.echo("Stopped.")


def worth_knowing(said: settings.Settings) -> Iterator[str]:
    """What is wrong with the words, and what is not set, line by line."""
    if mistakes := len(FolderWords(bootstrap.folder_of_words(said)).check()):
        yield MISTAKES.format(count=mistakes)
    if not has_second(said):
        yield NO_SECOND


def has_second(said: settings.Settings) -> bool:
    """Whether somebody else is set to be told when nobody takes care; slips in the file are told elsewhere."""
    if said.escalation_email.casefold() not in ("", said.hr_email.casefold()):
        return True
    with suppress(BadWords):
        team = FolderWords(bootstrap.folder_of_words(said)).people_team()
        return any(part.second for part in team.parts)
    return False


def addresses(web: str, prefect: str) -> str:
    """Where to look, line by line."""
    return f"  hires    {web}/hires\n  mailbox  {web}/mailbox\n  Prefect  {prefect}"
