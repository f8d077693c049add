"""Where does the demo take place? In a sample company with a home, free ports and a clock of its own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import click
import httpx
from standardwebhooks.webhooks import Webhook

from onboarding import paths
from onboarding.cli.demo_portraits import hang_up
from onboarding.cli.parts import Ground
from onboarding.cli.supervisor import LOCK, locked
from onboarding.services import importing
from onboarding.services.engine import Engine

HOME = ".onboarding-demo"
"""In the folder where the demo is started; emptied at each start, kept at the end for whoever wants to look."""

AHEAD = timedelta(weeks=4)
"""The first day lies at least this far ahead: the journey begins two weeks before it."""

WEDNESDAY = 2
ROUNDS = 2
"""Coffee rounds that are announced, from the first full week on."""

SAMPLES = paths.shipped_templates() / "samples"
ANSWERS = SAMPLES / "answers.toml"


@contextmanager
def fresh_home() -> Iterator[tuple[Path, IO[str]]]:
    """An empty home and its lock; what an earlier demo left there goes.

    Raises:
        ClickException: the folder was not made by a demo, or that demo is still up.
    """
    home = Path(HOME).absolute()
    mark = home / ".gitignore"
    if home.exists() and not mark.exists():
        raise click.ClickException(f"{home} was not made by a demo; move it away, the demo would empty it.")
    home.mkdir(exist_ok=True)
    mark.write_text("*\n", encoding="ascii")
    with locked(home) as lock:
        for inside in home.iterdir():
            if inside.is_dir():
                shutil.rmtree(inside)
            elif inside.name not in (mark.name, LOCK):
                inside.unlink()
        yield home, lock


def own_environment(ground: Ground) -> str:
    """Make this process, and so its children, see the demo's settings only; returns the webhook secret.

    Nobody's real settings reach the demo: it must never send a real mail. ONBOARDING_TEMPLATES alone stays, so
    that a company can walk through its own words.
    """
    secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
    world = os.environ  # noqa: TID251 -- the demo is a world of its own
    for name in [name for name in world if name.startswith(("ONBOARDING_", "PREFECT_"))]:
        if name != "ONBOARDING_TEMPLATES":
            del world[name]
    world.update(
        {
            "ONBOARDING_HOME": str(ground.home),
            "ONBOARDING_CLOCK_FILE": str(ground.home / "clock"),
            "ONBOARDING_COMPANY_NAME": "Lanternfield",
            "ONBOARDING_HR_EMAIL": "people@lanternfield.example.com",
            "ONBOARDING_MAIL_FROM": "Lanternfield People Team <people@lanternfield.example.com>",
            "ONBOARDING_PUBLIC_URL": ground.web,
            "ONBOARDING_VIDEO_URL": "https://meet.example.com/{meeting}",
            "ONBOARDING_TIME_ZONE": "Europe/Lisbon",
            "ONBOARDING_WEBHOOK_SECRETS": json.dumps({"standard": secret}),
            "PREFECT_API_URL": ground.api,
            "PREFECT_SERVER_API_BLOCKS_REGISTER_ON_START": "false",  # a second that a demo can spare
        }
    )
    return secret


def set_clock(home: Path, moment: datetime) -> None:
    """Move the demo's clock; readers see the old moment or the new one, never half of it."""
    draft = home / "clock.new"
    draft.write_text(moment.astimezone(UTC).isoformat(), encoding="ascii")
    draft.replace(home / "clock")


def load_company(engine: Engine, now: datetime) -> None:
    """Bring the sample company's people into the directory, some of them with a photo."""
    report = importing.import_people(engine, (SAMPLES / "company.csv").read_text(encoding="utf-8"), now)
    if report.refused:
        raise click.ClickException(f"the sample company has mistakes: {report.refused[0]}")
    hang_up(engine, now)


def first_day(today: date) -> date:
    """The first of a month that lies at least four weeks ahead."""
    soonest = today + AHEAD
    if soonest.day == 1:
        return soonest
    return (soonest.replace(day=1) + timedelta(days=31)).replace(day=1)


def announcements(start: date) -> list[datetime]:
    """When coffee rounds are announced: as in real life on Wednesdays at six (UTC), after the first day."""
    wednesday = start + timedelta(days=1 + (WEDNESDAY - start.weekday() - 1) % 7)
    first = datetime.combine(wednesday, time(6), UTC)
    return [first + timedelta(weeks=number) for number in range(ROUNDS)]


def newcomers(start: date) -> list[dict[str, Any]]:
    """The sample's new-hire records, all starting on that day."""
    records: list[dict[str, Any]] = json.loads((SAMPLES / "hires.json").read_text(encoding="utf-8"))
    return [{**record, "data": {**record["data"], "start_date": start.isoformat()}} for record in records]


def announce(
    client: httpx.Client, ground: Ground, secret: str, record: Mapping[str, object], now: datetime
) -> None:
    """Post one record to the web door, signed as an HR system does it (Standard Webhooks 1.0).

    Raises:
        ClickException: the door does not take it.
    """
    body = json.dumps({**record, "timestamp": now.isoformat()})
    message_id = f"msg_{secrets.token_hex(12)}"
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }
    answer = client.post(f"{ground.web}/webhooks/hris/standard", content=body, headers=headers)
    if not answer.is_success:
        raise click.ClickException(f"the web door refused a webhook: {answer.status_code} {answer.text}")
