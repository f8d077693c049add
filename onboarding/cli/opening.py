"""How does a command get its engine, and what time is it there?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from onboarding import bootstrap, clock, settings
from onboarding.domain.errors import Unavailable
from onboarding.services.engine import Engine
from onboarding.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An engine, the settings behind it, and the moment of the command (UTC)."""

    engine: Engine
    settings: Settings
    now: datetime


@contextmanager
def opened(as_of: datetime | None = None) -> Iterator[Opened]:
    """The company's engine with a database of the newest schema; closed at the end."""
    said = settings.load()
    engine = bootstrap.build(said)
    try:
        try:
            engine.store.ready()
        except Unavailable:
            if said.database_url:
                raise
            bootstrap.migrate(said)
        yield Opened(engine=engine, settings=said, now=as_of or clock.from_file(said.clock_file)())
    finally:
        engine.close()


class Moment(click.ParamType[datetime]):
    """An ISO 8601 date or moment; without an offset it is UTC."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or fail with the way to write it."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment such as 2027-01-04T10:00+01:00", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


MOMENT = Moment()
as_of_option = click.option("--as-of", type=MOMENT, help="Take this moment for now (default: now).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
