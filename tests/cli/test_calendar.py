"""Can HR see whose calendars are read, and whether they answer?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.spoken import Spoken
from tests.domain.calendars import SECRET, calendar, event
from tests.sinks.hris import HrisSink
from tests.worlds import directory

NOW = ("--as-of", "2027-03-22T06:00")
RAW = calendar(event("DTSTART:20270323T100000Z\nDURATION:PT1H"), event("DTSTART:20270323T100000Z\nDURATION:x"))
OWN_ADDRESS = "https://calendar.example.com/private/bo.ics"


@pytest.fixture
def ready(onboarding: Spoken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    monkeypatch.setenv("ONBOARDING_HOME", str(tmp_path))
    with onboarding.world("2027-03-22 06:00") as here, here.engine.store.begin() as books:
        books.people.put_all(directory())
    return onboarding


def test_a_calendar_is_checked_and_counted_and_nothing_of_it_is_shown(ready: Spoken, tmp_path: Path) -> None:
    with HrisSink() as sink:
        sink.say("GET", "/berlin-1@example.com.ics", RAW)
        (tmp_path / "calendars.toml").write_text(
            f'[berlin]\nkind = "ics"\naddress = "{sink.url}/{{email}}.ics"\n'
            'trusted_hosts = ["127.0.0.1"]\nlocations = ["Berlin"]\n',
            encoding="utf-8",
        )
        said = ready("calendar", "check", "berlin-1@example.com", *NOW)
        assert "berlin (ics) answers: 1 busy times" in said
        assert "1 events could not be understood" in said
        assert SECRET not in said
        assert "says nothing: there is no such calendar (404)" in ready(
            "calendar", "check", "berlin-2", *NOW, code=1
        )
        assert "working hours alone count" in ready("calendar", "check", "manila-1", *NOW, code=1)
        assert "nobody in the directory" in ready("calendar", "check", "nobody@example.com", *NOW, code=1)
        assert "ics: 1 answered last, 1 did not." in ready("calendar", "list")
        found = ready.json("calendar", "check", "berlin-1", *NOW)
        assert (found["busy"], found["reading"]["why"]) == (1, "")
        assert ready.json("calendar", "list")["places"][0]["locations"] == ["berlin"]


def test_every_mistake_in_the_file_is_named(ready: Spoken, tmp_path: Path) -> None:
    (tmp_path / "calendars.toml").write_text('[berlin]\nkind = "ics"\n[paris]\nkind = "fax"\n', encoding="utf-8")
    said = ready("calendar", "list", code=2)
    assert "calendars.toml, berlin: address is missing" in said
    assert 'calendars.toml, paris: kind: unknown "fax"' in said


def test_an_address_of_ones_own_is_kept_masked_and_forgotten(ready: Spoken) -> None:
    said = ready("calendar", "set", "berlin-1", OWN_ADDRESS, *NOW)
    assert "https://calendar.example.com/..." in said
    assert "private" not in said
    with ready.world("2027-03-22 06:00") as here, here.engine.store.read() as books:
        assert books.busy.addresses(["berlin-1"]) == {"berlin-1": OWN_ADDRESS}
    ready("calendar", "remove", "berlin-1", *NOW)
    with ready.world("2027-03-22 06:00") as here, here.engine.store.read() as books:
        assert books.busy.addresses(["berlin-1"]) == {}
    said = ready("calendar", "set", "berlin-1", "http://calendar.example.com/private", *NOW, code=1)
    assert "must begin with https://" in said
    assert "private" not in said
