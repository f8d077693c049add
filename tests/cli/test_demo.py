"""Does the demo show what it promises, and does it notice when something is wrong?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import click
import pytest
from fastapi.testclient import TestClient

from onboarding import bootstrap, settings
from onboarding.cli import demo_people, demo_report, demo_walk, demo_world
from onboarding.cli.demo_people import Field, People
from onboarding.domain.delivery import State
from onboarding.services import dispatching, hiring, rounds
from onboarding.services.engine import Engine
from onboarding.web import create_app
from tests.prefect_server import environment
from tests.sites import HERE

DEMO = [sys.executable, "-c", "from onboarding.cli import main; main()", "demo"]


@pytest.mark.demo
@pytest.mark.slow
def test_the_demo_walks_ninety_days_without_a_problem(tmp_path: Path) -> None:
    real = {"ONBOARDING_MAILER": "sendgrid", "ONBOARDING_SENDGRID_API_KEY": "a-real-key-that-must-not-be-used"}
    done = subprocess.run(
        [*DEMO, "--once", "--json"],
        cwd=tmp_path,
        env=environment(tmp_path) | real,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    said = json.loads(done.stdout)
    assert said["problems"] == [], done.stderr
    assert done.returncode == 0
    assert said["hires"] == 3
    assert said["meetings"] >= 12
    assert said["sent"] == said["outbox"] > 100
    assert said["planned"] >= said["sent"] + said["skipped"]
    assert said["answers"] > 40
    assert said["prefect_runs"] > 50
    assert len(said["coffee"]) == demo_world.ROUNDS
    for one in said["coffee"]:
        assert {2, 3} == {len(table["people"]) for table in one["tables"]}
        assert all(table["reasons"] and "yes" in table["said"] for table in one["tables"])
        assert one["left_out"]
        assert all(person["name"] and why for person, why in one["left_out"])


@dataclass
class Walked:
    """The sample company after its walk."""

    engine: Engine
    home: Path
    until: datetime
    people: People

    def problems(self) -> list[str]:
        """What the report would say."""
        held = demo_report.remembered(self.engine)
        mails = len(list((self.home / "outbox").glob("*.eml")))
        return [*self.people.problems, *demo_report.in_held(held, self.until, mails)]


@contextmanager
def walked(home: Path, url: str, now: datetime, *, until: timedelta = timedelta(days=110)) -> Iterator[Walked]:
    """Walk the sample company as the demo does, without Prefect: the same people at the same pages."""
    said = settings.load(
        home=home, database_url=url, public_url="http://127.0.0.1:8400", it_email="it@lanternfield.example.com"
    )
    engine = bootstrap.build(said)
    start = demo_world.first_day(now.date())
    demo_world.load_company(engine, now)
    for record in demo_world.newcomers(start):
        hiring.add_hire(engine, record, now)
    clock = [now]
    site = create_app(engine, clock=lambda: clock[0], desk=True, outbox=home / "outbox")
    browser = TestClient(site, base_url="http://127.0.0.1:8400", client=HERE)
    people = People(engine, browser, home / "outbox", demo_world.ANSWERS)
    end = datetime(start.year, start.month, start.day, tzinfo=UTC) + until
    announced = demo_world.announcements(start)
    while (run := demo_walk.next_run(engine, end, announced))[1] is not None:
        clock[0] = max(run[1], clock[0])
        if run[0] == "coffee-round":
            rounds.run_round(engine, clock[0])
        else:
            dispatching.run_due(engine, clock[0])
        people.read_mail(clock[0])
    yield Walked(engine=engine, home=home, until=end, people=people)
    engine.close()


@pytest.mark.demo
@pytest.mark.slow
@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 9, 17)])
def test_the_sample_company_walks_well_whatever_the_day(tmp_path: Path, sqlite_url: str, today: date) -> None:
    now = datetime(today.year, today.month, today.day, 14, tzinfo=UTC)
    with walked(tmp_path, sqlite_url, now) as here:
        assert here.problems() == []
        table = demo_report.rows(here.engine)
        assert {row[0] for row in table} == {"Tala Bautista", "Nils Hartmann", "Naomi Fields"}
        assert any("reminder" in row[1] and row[4] == "sent" for row in table), (
            "somebody answers after the reminder"
        )
        chosen = demo_report.chosen_for(here.engine, here.until)
        assert all(one.people and one.reasons for one in chosen if one.role in ("buddy", "peer", "mentor"))
        held = demo_report.remembered(here.engine)
        coffee = {row[1]: row[2] for one in held.rounds for row in demo_report.of_round(one)}
        assert coffee["Achieng Odhiambo: no coffee"] == "skips this round"
        assert coffee["Vale Ortega: no coffee"].startswith("nobody fits this time")
        assert "three of you, so that nobody is left out" in coffee.values()
        met = [{*table.people} for one in held.rounds for table in one.tables]
        assert len(met) == 3 * demo_world.ROUNDS
        assert all(len(one & other) < 2 for one, other in combinations(met, 2)), "somebody met somebody twice"
        assert {one.role for one in chosen} >= {"buddy", "peer", "partner, week 2", "mentor", "manager"}


def test_two_newcomers_give_a_photo_on_the_page_that_their_form_leads_to(tmp_path: Path, sqlite_url: str) -> None:
    now = datetime(2026, 11, 20, 14, tzinfo=UTC)
    with walked(tmp_path, sqlite_url, now, until=-timedelta(days=8)) as here, here.engine.store.read() as books:
        given = [one for one in ("lf-201", "lf-202", "lf-203") if books.photos.get(one) is not None]
        assert (given, here.people.problems) == (["lf-201", "lf-203"], [])


@pytest.mark.slow
def test_what_went_wrong_is_found_by_looking(tmp_path: Path, sqlite_url: str) -> None:
    now = datetime(2026, 11, 20, 14, tzinfo=UTC)
    with walked(tmp_path, sqlite_url, now, until=timedelta(days=10)) as here:
        early = list(demo_report.in_ledger(demo_report.remembered(here.engine), here.until + timedelta(days=120)))
        held = demo_report.remembered(here.engine)
    assert any("was due and is still planned" in one for one in early)
    assert any("meetings with buddy or partners instead of at least 4" in one for one in early)
    assert any("unhappy" in one for one in early)
    assert list(demo_report.in_rounds(replace(held, rounds=[]))) == [
        f"0 coffee rounds were announced instead of {demo_world.ROUNDS}",
        "no three people had coffee together",
    ]
    broken = [replace(held.deliveries[0], state=state, reason="") for state in (State.UNKNOWN, State.SKIPPED)]
    found = list(demo_report.in_ledger(replace(held, deliveries=broken, hires=["n1"], answers=0), here.until))
    assert any("is unknown: no reason given" in one for one in found)
    assert any("is skipped without a reason" in one for one in found)
    assert "1 hires were enrolled instead of 3" in found
    assert "nobody answered anything" in found
    assert list(demo_report.in_outbox(held, 0))


@pytest.mark.parametrize("start", [date(2027, 2, 1) + timedelta(days=later) for later in range(7)])
def test_coffee_rounds_are_announced_on_wednesdays_after_the_first_day(start: date) -> None:
    moments = demo_world.announcements(start)
    assert [(one.weekday(), one.hour) for one in moments] == [(2, 6)] * demo_world.ROUNDS
    assert timedelta(days=1) <= moments[0].date() - start <= timedelta(days=7)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 20), date(2027, 1, 1)),
        (date(2026, 12, 4), date(2027, 1, 1)),
        (date(2026, 12, 5), date(2027, 2, 1)),
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2027, 2, 1), date(2027, 3, 1)),
    ],
)
def test_the_first_day_is_the_first_of_a_month_four_weeks_ahead_or_more(today: date, first: date) -> None:
    assert demo_world.first_day(today) == first


PAGE = """
<form method="post"><input type="text" name="called" required><textarea name="note"></textarea>
<input type="radio" name="met" value="yes" required><input type="radio" name="met" value="no">
<input type="checkbox" name="interests" value="cooking"><input type="checkbox" name="interests" value="books">
<select name="work_partner"><option value="">-</option><option value="p1">Ana</option></select>
<button type="submit">Send</button></form>
"""


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    assert demo_people.fields_of(PAGE) == {
        "called": Field(required=True),
        "note": Field(),
        "met": Field(required=True, options=["yes", "no"]),
        "interests": Field(options=["cooking", "books"]),
        "work_partner": Field(options=["", "p1"]),
    }


@pytest.mark.parametrize(
    ("given", "filled", "left_out"),
    [
        ({"called": "Tala", "met": "yes"}, {"called": ["Tala"], "met": ["yes"]}, []),
        ({"called": "Tala", "met": "perhaps"}, {"called": ["Tala"]}, ["met"]),
        ({"met": "no"}, {"met": ["no"]}, ["called"]),
        (
            {"called": "T", "met": "no", "interests": ["books"], "size": 3},
            {"called": ["T"], "met": ["no"], "interests": ["books"]},
            ["size"],
        ),
    ],
)
def test_answers_go_only_where_the_page_has_a_place_for_them(
    given: dict[str, Any], filled: dict[str, list[str]], left_out: list[str]
) -> None:
    assert demo_people.fill(demo_people.fields_of(PAGE), given) == (filled, left_out)


def test_the_demo_empties_only_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    foreign = tmp_path / demo_world.HOME
    foreign.mkdir()
    (foreign / "precious").write_text("mine")
    with pytest.raises(click.ClickException, match="was not made by a demo"), demo_world.fresh_home():
        raise AssertionError("it must not start")
    assert (foreign / "precious").read_text() == "mine"


def test_the_demo_begins_with_an_empty_home_and_is_alone_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with demo_world.fresh_home() as (home, _):
        (home / "outbox").mkdir()
        (home / "outbox" / "old.eml").write_text("old")
        (home / "clock").write_text("old")
        with pytest.raises(click.ClickException, match="already"), demo_world.fresh_home():
            raise AssertionError("two at once")
        assert (home / "clock").exists()
    with demo_world.fresh_home() as (home, _):
        assert sorted(one.name for one in home.iterdir()) == [".gitignore", "up.lock"]
