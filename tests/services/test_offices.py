from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.coffee import name_of
from onboarding.domain.delivery import State
from onboarding.domain.errors import BadWords
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import rounds
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from tests.worlds import World, at, person, world

CLOSED = """
[manila]
location = "Manila"
days_off = [{days}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """HR's own copy of the words."""
    copytree(paths.shipped_templates(), tmp_path / "words")
    return tmp_path / "words"


def close(folder: Path, *days: date) -> None:
    """HR writes down on which days Manila is closed."""
    quoted = ", ".join(f'"{day}"' for day in days)
    (folder / "offices.toml").write_text(CLOSED.format(days=quoted), encoding="utf-8")


def coffee(here: World) -> Meeting:
    with here.engine.store.read() as books:
        (one,) = [one for one in books.meetings.of_hire("n1") if one.step == "first_coffee"]
        return one


def invited(here: World) -> Meeting:
    here.enrol()
    here.hear_yes()
    here.walk_to(here.row("first_coffee").due_at)
    return coffee(here)


@pytest.mark.slow
def test_a_day_off_that_is_found_after_the_invitation_moves_the_meeting(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        before = invited(here)
        close(folder, before.starts_at.date())
        daily_review(here.engine, here.now)
        after = coffee(here)
        assert (after.uid, after.sequence, after.moved_from) == (before.uid, 1, before.starts_at)
        assert after.starts_at.date() > before.starts_at.date()
        daily_review(here.engine, here.now)
        assert coffee(here) == after
        here.walk_to(here.now + timedelta(days=1))
        told = [one for one in here.rows() if (one.step, one.occasion) == ("first_coffee", "once.seq-1")]
        assert {(one.role, one.state) for one in told} == {("hire", State.SENT), ("buddy", State.SENT)}


@pytest.mark.slow
def test_a_long_closure_moves_the_meeting_behind_it(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        before = invited(here)
        closed = [before.starts_at.date() + timedelta(days=n) for n in range(-1, 9)]
        close(folder, *closed)
        daily_review(here.engine, here.now)
        assert coffee(here).state is MeetingState.PLANNED
        assert closed[-1] < coffee(here).starts_at.date() <= closed[-1] + timedelta(days=4)


def test_mails_move_off_a_day_on_which_the_office_of_their_reader_is_closed(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        before = here.row("channels").due_at
        close(folder, before.date())
        daily_review(here.engine, here.now)
        assert here.row("channels").due_at == before + timedelta(days=1)
        (folder / "offices.toml").unlink()
        daily_review(here.engine, here.now)
        assert here.row("channels").due_at == before


def test_while_the_file_has_a_slip_nothing_moves_and_the_review_names_it(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        before = here.rows()
        (folder / "offices.toml").write_text("[manila]\nday_off = []\n", encoding="utf-8")
        items = daily_review(here.engine, here.now)
        assert [(one.kind, one.id) for one in items] == [("words", "offices")]
        assert items[0].text.startswith('nothing is sent: offices.toml, [manila]: unknown "day_off"')
        assert here.rows() == before
        here.now = here.row("profile").due_at
        here.run()
        assert here.row("profile").state is State.PLANNED
        close(folder)
        here.walk_to(here.now + timedelta(hours=2))
        assert here.row("profile").state is State.SENT


def drinkers(here: World) -> list[Meeting]:
    """The coffees of a round for which two people in Manila have said yes."""
    with here.engine.store.begin() as books:
        directory = Directory(books)
        for one in ("ada", "bo"):
            said = Preferences(opted_in=frozenset({COFFEE}))
            directory.prefer(one, said, by=Teller.PERSON, fields=["opted_in"], now=here.now)
    day = rounds.run_round(here.engine, here.now).day
    here.walk_to(at("2027-01-16 00:00"))
    return round_of(here, day)


def round_of(here: World, day: date) -> list[Meeting]:
    with here.engine.store.read() as books:
        return list(books.meetings.of_hire(name_of(day)))


def test_a_coffee_of_a_round_moves_off_a_day_on_which_an_office_is_closed(folder: Path) -> None:
    manila = {"time_zone": "Asia/Manila", "country": "PH", "location": "Manila"}
    people = [person("ada", manila), person("bo", {**manila, "location": "Cebu"})]
    with world("2027-01-13 09:00", people=people, words=FolderWords(folder)) as here:
        (before,) = drinkers(here)
        close(folder, before.starts_at.date())
        daily_review(here.engine, here.now)
        (after,) = round_of(here, date(2027, 1, 18))
        assert (after.sequence, after.moved_from) == (1, before.starts_at)
        assert after.starts_at.date() > before.starts_at.date()
        (folder / "offices.toml").write_text("[", encoding="utf-8")
        daily_review(here.engine, here.now)
        assert round_of(here, date(2027, 1, 18)) == [after]


def test_a_round_is_drawn_around_the_days_of_the_offices(folder: Path) -> None:
    manila = {"time_zone": "Asia/Manila", "country": "PH", "location": "Manila"}
    people = [person("ada", manila), person("bo", {**manila, "location": "Cebu"})]
    close(folder, date(2027, 1, 18), date(2027, 1, 19))
    with world("2027-01-13 09:00", people=people, words=FolderWords(folder)) as here:
        (only,) = drinkers(here)
        assert only.starts_at.date() == date(2027, 1, 21)  # ada reads of it on Wednesday


def test_a_calendar_stays_open_while_the_file_cannot_be_read_where_no_plan_hangs_on_it(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        (folder / "offices.toml").write_text("[", encoding="utf-8")
        with pytest.raises(BadWords):
            here.engine.words.offices()
        hr = replace(here.engine.company.hr, location="Manila")
        assert here.engine.calendar_of(hr).is_working_day(date(2027, 1, 4))


def test_whoever_asks_for_working_days_asks_with_the_offices() -> None:
    """`Calendar.of` alone knows no office: it is right for dates and moments, and for nothing else."""
    package = Path(paths.__file__).parent
    asked = re.compile(r"Calendar\.of\([^()]*\)(\.\w+)?")
    for source in sorted([*package.glob("services/**/*.py"), *package.glob("domain/plan.py")]):
        for found in asked.finditer(source.read_text(encoding="utf-8")):
            lenient = source.name == "engine.py"
            assert lenient or found[1] in (".day_of", ".moment"), f"{source.name}: {found[0]}"
