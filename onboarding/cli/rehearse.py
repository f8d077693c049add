"""`onboarding rehearse`: the whole journey of a hire as .eml files and one page, touching nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from secrets import token_urlsafe

import click

from onboarding import bootstrap, clock, paths, settings
from onboarding.cli.files import FILE
from onboarding.cli.hire import read_json, read_text
from onboarding.cli.opening import as_of_option, json_option, opened
from onboarding.cli.output import echo_json
from onboarding.domain.people import Person
from onboarding.services import importing
from onboarding.services.rehearsing import Rehearsal, rehearse
from onboarding.settings import Settings

OUTBOX = "mails"


@click.command("rehearse")
@click.option("--hire", "file", type=FILE, required=True, help="The hire's record as JSON.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="An empty or new folder.")
@as_of_option
@json_option
def rehearse_command(file: Path, out: Path, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Render a whole journey into a folder, touching nothing: no mail leaves, nothing is remembered."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise click.ClickException(f"{out} is not an empty folder: nothing was written")
    out.mkdir(parents=True, exist_ok=True)
    said = settings.load(secret_key=token_urlsafe(48))  # no link of a rehearsal opens a real form
    people = _directory(said)
    now = as_of or clock.from_file(said.clock_file)()
    engine = bootstrap.rehearsal(said, out / OUTBOX)
    try:
        if not people:
            click.echo("The directory is empty: the people of the sample company stand in.", err=True)
            importing.import_people(engine, read_text(paths.shipped_templates() / "samples" / "company.csv"), now)
        result = rehearse(engine, people, read_json(file), now)
    finally:
        engine.close()
    index = out / "index.html"
    index.write_text(_index(result, out), encoding="utf-8")
    if as_json:
        echo_json({"index": str(index), "mails": len(list((out / OUTBOX).glob("*.eml"))), "report": result.report})
    else:
        click.echo(f"{len(list((out / OUTBOX).glob('*.eml')))} mails; open {index}")
        for one in result.report.will_not_send:
            click.echo(f"  will not be sent: {one.step} to {one.role}: {one.reason}")


def _directory(said: Settings) -> list[Person]:
    """Everybody who is known; nobody where there is no database yet, and none is made."""
    if not said.database_url and not Path(said.database.removeprefix("sqlite:///")).exists():
        return []
    with opened() as at, at.engine.store.read() as books:
        return books.people.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One mail of the page."""

    file: str
    date: str
    to: str
    subject: str
    html: str


def _index(result: Rehearsal, out: Path) -> str:
    """The page: every step with its local time and reason, and every mail to read."""
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 -- only this page needs it

    pages = Environment(loader=PackageLoader("onboarding.cli", "pages"), autoescape=True)
    mails = [_shown(file) for file in sorted((out / OUTBOX).glob("*.eml"))]
    return pages.get_template("rehearsal.html").render(timeline=result.timeline, mails=mails)


def _shown(file: Path) -> _Shown:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    part = mail.get_body(("html",)) if isinstance(mail, EmailMessage) else None
    return _Shown(
        file=f"{OUTBOX}/{file.name}",
        date=str(mail["Date"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        html=part.get_content() if part is not None else "",
    )
