"""Can HR see who comes to a meeting, move it and call it off, and is it told why not?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.attending import Answered, Said
from onboarding.domain.meetings import Chosen, Hold, Meeting, MeetingState
from onboarding.services import reviewing
from onboarding.services.attending import attend
from onboarding.services.digest import daily_review
from onboarding.services.hiring import withdraw
from tests.cli.spoken import Spoken
from tests.worlds import MANILA, at, person, world

NOW = ("--as-of", "2027-01-04T05:01")
STEP = "first_coffee"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three in Manila, in which a newcomer and a buddy were invited to the first coffee."""
    file = tmp_path_factory.mktemp("invited") / "world.db"
    migrate(f"sqlite:///{file}")
    people = [person("boss", MANILA), person("pal", MANILA)]
    with world("2027-01-04 00:30", people=people, store=SqlStore(f"sqlite:///{file}")) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP, "buddy").due_at)
    return file


@pytest.fixture
def ready(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Spoken:
    url = f"sqlite:///{shutil.copy(saved, tmp_path / 'world.db')}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONBOARDING_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "220")
    return Spoken(capsys, monkeypatch, url)


def coffee(ready: Spoken) -> Meeting:
    with ready.world("2027-01-04 05:01") as here, here.engine.store.read() as books:
        return next(one for one in reversed(books.meetings.of_hire("n1")) if one.step == STEP)


def test_meetings_are_listed_with_who_comes(ready: Spoken) -> None:
    found = coffee(ready)
    with ready.world("2027-01-04 05:01") as here:
        attend(here.engine, found.id, "pal", Answered(said=Said.ACCEPTED), here.now)
    said = ready("meeting", "list", "--hire", "n1")
    assert found.id in said
    assert "n1 (no answer), pal (accepted)" in said
    assert "there is no hire n9" in ready("meeting", "list", "--hire", "n9", code=1)
    assert "there is no meeting m9" in ready("meeting", "show", "m9", code=1)


def test_a_meeting_is_shown_on_each_clock_with_other_times(ready: Spoken) -> None:
    found = coffee(ready)
    said = ready("meeting", "show", found.id, *NOW)
    assert "Tuesday, January 5, 2027, 1:00 PM (Manila, UTC+8)" in said
    assert said.count("--zone UTC") == 3
    shown = ready.json("meeting", "show", found.id, *NOW)
    assert [one["attendance"] for one in shown["attendees"]] == ["needs-action", "needs-action"]
    assert len(shown["other_times"]) == 3


@pytest.mark.parametrize(
    "when",
    [("2027-01-06T14:00", "--zone", "Asia/Manila"), ("2027-01-06T14:00+08:00",), ("2027-01-06T07:00+01:00",)],
)
def test_a_meeting_moves_to_a_local_time_and_all_are_invited_anew(ready: Spoken, when: tuple[str, ...]) -> None:
    before = coffee(ready)
    assert "version 1" in ready("meeting", "move", before.id, *when, *NOW)
    after = coffee(ready)
    assert (after.starts_at, after.chosen, after.uid) == (at("2027-01-06 06:00"), Chosen.PEOPLE, before.uid)
    with ready.world("2027-01-04 05:02") as here:
        here.walk_to(at("2027-01-04 12:00"))
        assert (
            len([one for one in here.mail.letters if one.invitation and "SEQUENCE:1" in one.invitation.ics]) == 2
        )


def test_a_suggestion_is_another_day(ready: Spoken) -> None:
    before = coffee(ready)
    ready("meeting", "move", before.id, "--suggest", *NOW)
    assert coffee(ready).starts_at.date() != before.starts_at.date()


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("2027-01-04T12:00", "that time has passed"),
        ("2027-01-05T13:00", "it is at that time already"),
        ("2027-01-06T20:00", "outside the working hours of n1, pal; `--anyway` moves it all the same"),
        ("2027-01-09T13:00", "outside the working hours of n1, pal"),
        ("2027-01-04T15:00", "it is sooner than 2027-01-05 05:01 UTC"),
        ("2027-02-26T13:00", "it is later than"),
    ],
)
def test_a_time_that_does_not_suit_is_refused_with_the_reason(ready: Spoken, when: str, why: str) -> None:
    before = coffee(ready)
    assert why in ready("meeting", "move", before.id, when, "--zone", "Asia/Manila", *NOW, code=1)
    assert coffee(ready) == before


def test_anyway_moves_it_into_the_evening_where_it_stays(ready: Spoken) -> None:
    before = coffee(ready)
    ready("meeting", "move", before.id, "2027-01-06T20:00+08:00", "--anyway", *NOW)
    with ready.world("2027-01-04 05:10") as here:
        daily_review(here.engine, here.now)
    assert (coffee(ready).starts_at, coffee(ready).chosen) == (at("2027-01-06 12:00"), Chosen.HUMAN)


def test_not_even_anyway_moves_it_into_another_year_by_a_slip(ready: Spoken) -> None:
    before = coffee(ready)
    for when in ("2028-02-06T13:00+08:00", "9999-12-31T23:59Z"):
        said = ready("meeting", "move", before.id, when, "--anyway", *NOW, code=1)
        assert "more than a year ahead" in said
    assert coffee(ready) == before


def test_not_even_anyway_moves_it_before_the_first_day(ready: Spoken) -> None:
    before = coffee(ready)
    early = ("--as-of", "2027-01-02T05:00")
    said = ready("meeting", "move", before.id, "2027-01-03T13:00+08:00", "--anyway", *early, code=1)
    assert "before their first day" in said
    assert coffee(ready) == before


def test_a_meeting_is_called_off_for_good_with_a_reason(ready: Spoken) -> None:
    found = coffee(ready)
    said = ready("meeting", "cancel", found.id, "--reason", "they met in person", *NOW)
    assert "cancelled (by hand: they met in person)" in said
    with ready.world("2027-01-04 05:10") as here:
        daily_review(here.engine, here.now)
        here.walk_to(at("2027-01-05 12:00"))
        off = [one for one in here.mail.letters if one.invitation and one.invitation.method == "CANCEL"]
        assert {one.to.email for one in off} == {"amihan@example.com", "pal@example.com"}
    assert (coffee(ready).state, coffee(ready).hold) == (MeetingState.CANCELLED, Hold.BY_HAND)
    assert "called off already" in ready("meeting", "cancel", found.id, "--reason", "again", *NOW, code=1)


def test_what_nobody_found_a_time_for_is_moved_by_a_human_and_leaves_the_review(ready: Spoken) -> None:
    found = coffee(ready)
    with ready.world("2027-01-04 05:01") as here:
        attend(here.engine, found.id, "pal", Answered(said=Said.NO_TIME), here.now)
        assert reviewing.MEETING in [one.kind for one in reviewing.review(here.engine, here.now)]
    ready("meeting", "move", found.id, "--suggest", "--as-of", "2027-01-04T05:10")
    after = coffee(ready)
    assert (after.state, after.hold, after.moves, after.sequence) == (MeetingState.PLANNED, Hold.NONE, 0, 2)
    with ready.world("2027-01-04 05:11") as here:
        assert reviewing.MEETING not in [one.kind for one in reviewing.review(here.engine, here.now)]


def test_what_is_over_or_of_somebody_who_does_not_come_cannot_be_moved(ready: Spoken) -> None:
    found = coffee(ready)
    over = ("--as-of", "2027-01-05T05:01")
    assert "begun already" in ready("meeting", "move", found.id, "--suggest", *over, code=1)
    assert "begun already" in ready("meeting", "cancel", found.id, "--reason", "x", *over, code=1)
    with ready.world("2027-01-04 05:02") as here:
        withdraw(here.engine, "n1", here.now)
    assert "does not come" in ready("meeting", "move", found.id, "--suggest", *NOW, code=1)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "or --suggest"),
        (("2027-01-06T14:00", "--suggest"), "or --suggest"),
        (("2027-01-06T14:00",), "on whose clock"),
        (("tomorrow", "--suggest"), "not a moment"),
        (("2027-01-06T14:00", "--zone", "Manila"), "no time zone"),
    ],
)
def test_what_cannot_be_read_is_explained(ready: Spoken, arguments: tuple[str, ...], why: str) -> None:
    assert why in ready("meeting", "move", "m1", *arguments, code=2)
