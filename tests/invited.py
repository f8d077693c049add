"""A company of three in which a newcomer and a buddy were invited to their first coffee a minute ago."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.mail import Invitation
from onboarding.domain.meetings import Meeting
from tests.worlds import MANILA, World, person, world

STEP = "first_coffee"
HIRE, PAL = "amihan@example.com", "pal@example.com"
MINUTE = "2027-01-04 05:01"


def save_invited(folder: Path) -> Path:
    """The database of that company, made once and copied for each test."""
    file = folder / "invited.db"
    migrate(f"sqlite:///{file}")
    people = [person("boss", MANILA), person("pal", MANILA, personal_email="pal@example.org")]
    with world("2027-01-04 00:30", people=people, store=SqlStore(f"sqlite:///{file}")) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP, "buddy").due_at)
        for email in (HIRE, PAL):
            letters = [one.invitation for one in here.to(email) if one.invitation is not None]
            (folder / f"{email}.ics").write_text(letters[-1].ics, encoding="utf-8", newline="")
    return file


@contextmanager
def invited(saved: Path) -> Iterator[World]:
    """A copy of that company for one test."""
    with TemporaryDirectory() as folder:
        copy = shutil.copy(saved, folder)
        with world(MINUTE, people=(), store=SqlStore(f"sqlite:///{copy}")) as here:
            yield here


def invitation_to(saved: Path, email: str) -> Invitation:
    """The invitation that was sent to an address."""
    with (saved.parent / f"{email}.ics").open(encoding="utf-8", newline="") as file:
        return Invitation(ics=file.read(), method="REQUEST")


def coffee(here: World) -> Meeting:
    """The first coffee as it stands."""
    with here.engine.store.read() as books:
        return next(one for one in reversed(books.meetings.of_hire("n1")) if one.step == STEP)
