from __future__ import annotations

from datetime import timedelta

import pytest

from onboarding.domain.free_busy import Owner, Reading, masked, read_address, uids_of
from onboarding.domain.people import Person
from onboarding.services.meetings import meeting_id
from tests.domain.calendars import hours

NOW = hours("2027-03-22")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("  ", ""),
        ("https://calendar.example.com/a.ics", "https://calendar.example.com/a.ics"),
        (" WebCal://calendar.example.com/a.ics?key=1 ", "https://calendar.example.com/a.ics?key=1"),
        ("https://calendar.example.com:443/a", "https://calendar.example.com:443/a"),
    ],
)
def test_an_address_is_kept_as_https(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "http://calendar.example.com/a.ics",
        "https://bo:secret@calendar.example.com/a.ics",
        "https://calendar.example.com:8443/a.ics",
        "https://localhost/a.ics",
        "https://[::1]/a.ics",
        "https://[oops/secret",
        "https://calendar.example.com/secret a.ics",
        "https://calendar.example.com/" + "secret" * 400,
        "secret.ics",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_such_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="https://") as refused:
        read_address(text)
    assert "secret" not in str(refused.value)


def test_a_masked_address_tells_the_server_alone() -> None:
    assert masked("https://calendar.example.com/private/key.ics?a=b") == "https://calendar.example.com/..."
    assert masked("") == ""


def test_our_meetings_are_known_by_their_uid() -> None:
    ours = uids_of("example.com")
    assert ours(f"{meeting_id('n1', 'first_coffee', 'once', ())}@example.com")
    assert ours(f" {meeting_id('n2', 'x', 'once', ()).upper()}@Example.com")
    for other in (
        "",
        "example.com",
        "abc@example.com",
        "0123456789abcdef0123@examplescom",
        "040000008200E00074C5B7101A82E008",
    ):
        assert not ours(other)


def test_an_owner_has_the_work_address_first_in_small_letters() -> None:
    bo = Person(id="bo", first_name="Bo", work_email="Bo@Example.com", personal_email="BO@example.org")
    assert Owner.of(bo).emails == ("bo@example.com", "bo@example.org")
    assert Owner.of(Person(id="cy", first_name="Cy")).emails == ()


@pytest.mark.parametrize(
    ("why", "shift", "covers"), [("", 0, True), ("silent", 0, False), ("", 1, False), ("", -1, False)]
)
def test_a_reading_covers_what_it_was_asked_for_and_answered(why: str, shift: int, *, covers: bool) -> None:
    end = NOW + timedelta(days=7)
    reading = Reading(
        person_id="bo", calendar="all", kind="ics", read_at=NOW, span_start=NOW, span_end=end, why=why
    )
    assert reading.covers(NOW + timedelta(days=shift), end + timedelta(days=shift)) is covers
