"""Does any answer of Google or Microsoft 365 do more than tell busy times, or be a silence?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from onboarding.adapters.calendars import asking
from onboarding.adapters.calendars.google import GoogleCalendars
from onboarding.adapters.calendars.graph import GraphCalendars
from onboarding.adapters.calendars.web import Answer, Web
from onboarding.domain.free_busy import Owner, Told
from onboarding.domain.slots import Busy
from tests.domain.calendars import SECRET, hours

START, END = hours("2027-03-22"), hours("2027-04-05")
BO = Owner(person_id="bo", emails=("bo@example.com",), zone="UTC")


class Saying(Web):
    """A server that answers with one text."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    def ask(self, *given: Any, **more: Any) -> Answer:
        return Answer(status=200, headers={}, body=self.body)


def microsoft(tree: object) -> Told:
    web = Saying(json.dumps(tree).encode())
    return GraphCalendars(web, lambda: "t").read([BO], START, END)["bo"]


def googles(tree: object) -> Told:
    web = Saying(json.dumps(tree).encode())
    return GoogleCalendars(web, lambda: "t").read([BO], START, END)["bo"]


def item(start: str, zone: str, status: str = "busy", end: str = "2027-03-23T18:00:00.0000000") -> dict[str, Any]:
    begins, ends = {"dateTime": start, "timeZone": zone}, {"dateTime": end, "timeZone": zone}
    return {"status": status, "start": begins, "end": ends, "subject": SECRET}


def schedule(*items: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"value": [{"scheduleId": "Bo@example.com", "scheduleItems": list(items), **more}]}


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("UTC", 17), ("Europe/Berlin", 16), ("W. Europe Standard Time", 16), ("tzone://Microsoft/Utc", 17)],
)
def test_microsofts_zones_are_understood_by_both_of_their_names(zone: str, hour: int) -> None:
    found = microsoft(schedule(item("2027-03-23T17:00:00.0000000", zone)))
    assert found.busy == (Busy(start=hours(f"2027-03-23 {hour}:00"), end=hours(f"2027-03-23 {hour + 1}:00")),)


@pytest.mark.parametrize(
    ("status", "count", "tentative"),
    [
        ("free", 0, False),
        ("workingElsewhere", 0, False),
        ("tentative", 1, True),
        ("oof", 1, False),
        ("unknown", 1, False),
    ],
)
def test_each_status_counts_as_it_is_meant(status: str, count: int, *, tentative: bool) -> None:
    found = microsoft(schedule(item("2027-03-23T17:00:00.0000000", "UTC", status)))
    assert [one.tentative for one in found.busy] == [tentative] * count


@pytest.mark.parametrize(
    "tree",
    [
        schedule(item("2027-03-23T17:00:00", "Nowhere/Land")),
        schedule(item("soon", "UTC")),
        schedule({"status": "busy"}),
        schedule(error={"message": SECRET, "responseCode": SECRET}),
        schedule(error=SECRET),
        {"value": [{"scheduleId": "bo@example.com"}]},
        {"value": SECRET},
        [],
        SECRET,
    ],
)
def test_what_microsoft_does_not_document_is_a_silence_without_its_words(tree: object) -> None:
    found = microsoft(tree)
    assert found.why
    assert found.busy == ()
    assert "Dana" not in found.why


@pytest.mark.parametrize(
    "tree",
    [
        {
            "calendars": {
                "bo@example.com": {"busy": [{"start": "2027-03-23T17:00:00", "end": "2027-03-23T18:00:00"}]}
            }
        },
        {"calendars": {"bo@example.com": {"busy": [{"start": SECRET}]}}},
        {"calendars": {"bo@example.com": {"errors": [{"reason": SECRET}]}}},
        {"calendars": {"other@example.com": {"busy": []}}},
        {"calendars": {"bo@example.com": {"busy": SECRET}}},
        {"calendars": SECRET},
    ],
)
def test_what_google_does_not_document_is_a_silence_without_its_words(tree: object) -> None:
    found = googles(tree)
    assert found.why
    assert found.busy == ()
    assert "Dana" not in found.why


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("2027-03-23T17:00:00Z"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "value",
                    "calendars",
                    "bo@example.com",
                    "busy",
                    "start",
                    "end",
                    "dateTime",
                    "timeZone",
                    "scheduleItems",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(trees)
@example({"value": [{"scheduleId": "bo@example.com", "scheduleItems": [{"start": None}]}]})
@example({"calendars": {"bo@example.com": {"errors": [1, {"reason": 7}]}}})
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_answer_is_busy_times_or_a_silence(tree: object) -> None:
    for found in (microsoft(tree), googles(tree)):
        assert found.why or all(START <= one.start < one.end <= END for one in found.busy)


def test_who_cannot_be_asked_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", -1)
    assert googles({"calendars": {}}).why == "it does not answer in time"
