"""What does a monitoring system get to read, and who else?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from onboarding.adapters.sql import SqlStore
from onboarding.domain.free_busy import Held, Reading
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import rounds
from onboarding.services.enrolling import enroll_waiting
from tests.signing import event, post_standard, standard_headers
from tests.sites import ELSEWHERE, HERE, Site, site
from tests.worlds import at

NOW = at("2026-12-01 08:00")
TOKEN = "a-token-for-the-monitoring"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


def samples(here: Site, headers: dict[str, str] | None = None) -> dict[tuple[str, ...], float]:
    """Every sample by its name, its source or kind, and the value of another label."""
    answer = here.browser.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (
            sample.name,
            sample.labels.pop("source", "") or sample.labels.pop("kind", ""),
            *sample.labels.values(),
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_every_source_is_told_in_numbers() -> None:
    with site() as here:
        for more in ({}, {}, {"start_date": "soon"}):
            post_standard(here.world.engine, dict(more), now=NOW)
        here.browser.post("/webhooks/hris/standard", content=event())
        enroll_waiting(here.world.engine, NOW)
        post_standard(here.world.engine, {"id": "n2"}, now=NOW)
        here.world.now = at("2026-12-01 08:02")
        found = samples(here)
    prefix = "onboarding_source"
    assert found[f"{prefix}_messages_total", "standard", "verified"] == 3
    assert found[f"{prefix}_messages_total", "standard", "repeated"] == 1
    assert found[f"{prefix}_messages_total", "standard", "refused"] == 1
    states = {key[2]: value for key, value in found.items() if key[:2] == (f"{prefix}_events", "standard")}
    assert states == {"obeyed": 1, "ignored": 0, "unparsed": 1, "early": 0, "waiting": 1}
    assert found[f"{prefix}_last_event_timestamp_seconds", "standard"] == NOW.timestamp()
    assert found[f"{prefix}_lag_seconds", "standard"] == 120
    assert found[f"{prefix}_messages_total", "greenhouse", "verified"] == 0
    assert (f"{prefix}_last_event_timestamp_seconds", "greenhouse") not in found


def test_the_coffees_of_the_last_rounds_are_told_by_what_became_of_them() -> None:
    with site("2027-01-13 06:00") as here:
        with here.world.engine.store.begin() as books:
            for one in ("berlin-1", "nairobi-2", "chicago-1"):
                apart = frozenset({"berlin-1", "nairobi-2"}) if one == "chicago-1" else frozenset()
                said = Preferences(opted_in=frozenset({COFFEE}), excluded=apart)
                books.preferences.put(one, said, by=Teller.PERSON, fields=["opted_in"], now=here.world.now)
            rounds.announce(here.world.engine, books, here.world.now)
            rounds.draw(here.world.engine, books, date(2027, 1, 18), at("2027-01-15 13:00"))
        found = samples(here)
    assert found["onboarding_coffees", "", "to_come"] == 1
    assert found["onboarding_coffees", "", "held"] == 0
    assert found["onboarding_coffee_without", "", "nobody_fits"] == 1


def test_calendars_are_counted_by_what_they_did_when_asked_last() -> None:
    with site() as here:
        with here.world.engine.store.begin() as books:
            for number, why in enumerate(("", "", "it does not answer")):
                reading = Reading(
                    person_id=f"p{number}",
                    calendar="all",
                    kind="ics",
                    read_at=NOW,
                    span_start=NOW,
                    span_end=NOW,
                    why=why,
                )
                books.busy.put(Held(reading=reading))
        found = samples(here)
    assert found["onboarding_calendars", "ics", "answered"] == 2
    assert found["onboarding_calendars", "ics", "silent"] == 1


def test_no_person_and_no_reason_can_be_read_from_it() -> None:
    with site() as here:
        post_standard(here.world.engine, {"id": "somebody-7", "start_date": "Amihan's birthday"}, now=NOW)
        post_standard(here.world.engine, {"id": "somebody-8"}, now=NOW)
        enroll_waiting(here.world.engine, NOW)
        text = here.browser.get("/metrics").text
    assert not [word for word in ("somebody", "Amihan", "amihan", "birthday", "start_date") if word in text]


@pytest.mark.parametrize(
    ("client", "host", "desk"),
    [
        (ELSEWHERE, "onboarding.example.com", True),
        (ELSEWHERE, "127.0.0.1:8400", True),
        (HERE, "onboarding.example.com", True),
        (HERE, "127.0.0.1:8400", False),  # behind a proxy that adds no header everybody looks like this machine
    ],
)
def test_strangers_find_nothing_and_whoever_shows_the_token_reads_it(
    client: tuple[str, int], host: str, *, desk: bool
) -> None:
    with site(client=client, host=host, desk=desk, metrics_token=TOKEN) as here:
        wrong = [
            {},
            {"Authorization": "Bearer "},
            {"Authorization": "Bearer wrong"},
            {"Authorization": f"Basic {TOKEN}"},
        ]
        for headers in wrong:
            answer = here.browser.get("/metrics", headers=headers)
            assert answer.status_code == 404
            assert TOKEN not in answer.text
        assert samples(here, SHOWN)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": ""}, SHOWN])
def test_without_a_token_in_the_settings_no_token_opens(headers: dict[str, str]) -> None:
    with site(client=ELSEWHERE, host="onboarding.example.com") as here:
        assert here.browser.get("/metrics", headers=headers).status_code == 404


def test_a_proxy_in_front_is_not_this_machine() -> None:
    with site() as here:
        assert here.browser.get("/metrics").status_code == 200
        assert here.browser.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404


def test_a_store_that_is_away_is_said_to_the_monitoring_too(tmp_path: Path) -> None:
    with site() as here:
        away = SqlStore(f"sqlite:///{tmp_path}/no-such-folder/onboarding.db")
        object.__setattr__(here.world.engine, "store", away)
        assert here.browser.get("/metrics").status_code == 503


def test_counts_of_the_last_seconds_are_in_it() -> None:
    with site() as here:
        for number in range(3):
            name = f"msg_{number}"
            body = event(id=name)
            headers = standard_headers(body, NOW, delivery=name)
            here.browser.post("/webhooks/hris/standard", content=body, headers=headers)
        here.world.now = at("2026-12-01 08:01")
        assert samples(here)["onboarding_source_messages_total", "standard", "verified"] == 3
