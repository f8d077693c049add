"""Does the store keep the contracts of People and Hires?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from onboarding.adapters.sql import SqlStore
from onboarding.domain.people import NOTHING_SHARED, HireState, Leaver, Shared, WorkingHours
from tests.ports.stores import DAY, NOW, hire, person

FULL = person(
    "ana",
    first_name="Ana Lúcia",
    last_name="O'Neil",
    preferred_name="Lu",
    work_email="Ana.Lucia@Example.com",
    personal_email="lu@example.org",
    start_date=date(2025, 3, 10),
    time_zone="America/Sao_Paulo",
    country="BR",
    subdivision="SP",
    language="pt-br",
    languages=("en", "gn"),
    job_title="Engineer",
    craft="Search relevance",
    seniority=4,
    department="Product",
    team="Search",
    location="São Paulo",
    manager_id="max",
    manager_email="max@example.com",
    interests=("football ⚽", "chess"),
    working_hours=WorkingHours(start=time(7, 30), end=time(15, 45)),
    active=False,
    opted_out=True,
)


def test_a_person_comes_back_with_every_field(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put(FULL)
        books.people.put(person("bo"))
    with store.read() as books:
        assert books.people.get("ana") == FULL
        assert books.people.get("bo") == person("bo")
        assert books.people.get("nobody") is None


def test_putting_a_person_again_replaces_every_field(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put(FULL)
        books.people.put(person("ana", work_email="new@example.com"))
        assert books.people.all() == [person("ana", work_email="new@example.com")]
        assert books.people.by_email("ana.lucia@example.com") is None


def test_many_people_are_put_at_once_and_the_last_of_one_id_stays(store: SqlStore) -> None:
    crowd = [person(f"p-{number:04}") for number in range(1200)]
    with store.begin() as books:
        books.people.put_all([])
        books.people.put_all([person("p-0000", first_name="Old"), *crowd])
    with store.read() as books:
        assert books.people.all() == crowd


def test_an_email_is_found_in_any_letter_case(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put(FULL)
        assert books.people.by_email("ANA.LUCIA@example.COM") == FULL
        assert books.people.by_email("ana") is None


def test_of_several_people_with_one_email_the_lowest_id_is_found(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put_all(
            [person("b", work_email="team@example.com"), person("a", work_email="Team@example.com")]
        )
        found = books.people.by_email("team@example.com")
    assert found is not None
    assert found.id == "a"


def test_everybody_with_a_private_email_is_found_by_it_in_any_letter_case(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put_all([person(each, personal_email="Straße@Example.org") for each in ("b", "a")])
        books.people.put(person("c", work_email="straße@example.org", personal_email="other@example.org"))
        found = books.people.by_private_email("STRASSE@example.ORG")
        assert [each.id for each in found] == ["a", "b"]
        books.people.put(person("a", personal_email="new@example.org"))
        assert [each.id for each in books.people.by_private_email("strasse@example.org")] == ["b"]
        assert books.people.by_private_email("strasse") == []


def test_nobody_is_found_by_an_empty_email_or_an_empty_manager(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put(person("bo"))
        assert books.people.by_private_email("") == []
        assert books.people.by_email("") is None
        assert books.people.reports_to("") == []


def test_everybody_comes_by_id_byte_by_byte_those_who_left_included(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put_all([person(each) for each in ("b", "a-b", "ab", "B", "a", "ä")])
        books.people.put(person("left", active=False))
        assert [each.id for each in books.people.all()] == ["B", "a", "a-b", "ab", "b", "left", "ä"]


def test_a_manager_has_reports(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put_all([person("b", manager_id="max"), person("a", manager_id="max"), person("max")])
        assert [each.id for each in books.people.reports_to("max")] == ["a", "b"]


def test_a_hire_comes_back_with_every_field_and_is_replaced(store: SqlStore) -> None:
    with store.begin() as books:
        books.hires.put(hire())
        assert books.hires.get("ada") == hire()
        changed = hire(first_day=date(2025, 4, 1), state=HireState.WITHDRAWN, told_at=NOW + DAY)
        books.hires.put(changed)
        assert books.hires.get("ada") == changed
        assert books.hires.get("bo") is None


def test_a_moment_comes_back_in_utc_to_the_microsecond(store: SqlStore) -> None:
    manila = datetime(2025, 3, 3, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=8)))
    with store.begin() as books:
        books.hires.put(hire(told_at=manila))
    with store.read() as books:
        found = books.hires.get("ada")
    assert found is not None
    assert found.told_at == manila
    assert found.told_at.tzinfo is UTC
    assert found.told_at.hour == 15


def test_hires_come_by_first_day_and_id_within_inclusive_bounds_withdrawn_ones_too(store: SqlStore) -> None:
    with store.begin() as books:
        for hire_id, day in (("d", 3), ("c", 1), ("b", 2), ("a", 2)):
            state = HireState.WITHDRAWN if hire_id == "b" else HireState.ACTIVE
            books.hires.put(hire(hire_id, first_day=date(2025, 3, day), state=state))
        first, second, third = (date(2025, 3, day) for day in (1, 2, 3))
        found = [
            books.hires.find(),
            books.hires.find(first_day_from=second),
            books.hires.find(first_day_to=second),
            books.hires.find(first_day_from=second, first_day_to=second),
            books.hires.find(first_day_from=third, first_day_to=first),
        ]
    assert ["".join(each.id for each in hires) for hires in found] == ["cabd", "abd", "cab", "ab", ""]


def test_a_change_writes_only_what_is_different(store: SqlStore) -> None:
    read, now = person("ada", job_title="Designer"), person("ada", job_title="Lead", work_email="Ada@example.com")
    hours = WorkingHours(start=time(7), end=time(15))
    with store.begin() as books:
        books.people.put_all([now, person("bo")])
        books.people.change(read, replace(read, working_hours=hours, shared=Shared(called="Forged")))
        assert books.people.get("ada") == replace(now, working_hours=hours)
        books.people.change(read, replace(read, personal_email="Ada@example.org"))
        assert [one.id for one in books.people.by_private_email("ada@EXAMPLE.org")] == ["ada"]
        books.people.change(read, read)
        assert books.people.get("bo") == person("bo")


def test_what_somebody_tells_of_themselves_comes_with_them_and_no_record_undoes_it(store: SqlStore) -> None:
    told = Shared(called="Adi", languages=("es", "pt-br"), interests=("tea", "ظرف"))
    with store.begin() as books:
        books.people.put_all([person("ada"), person("bo")])
        books.people.share("ada", told, NOW)
        assert books.people.get("ada") == person("ada", shared=told)
        books.people.put(person("ada", interests=("chess",), shared=Shared(called="Forged")))
        assert books.people.get("ada") == person("ada", interests=("chess",), shared=told)
        name = books.photos.put("ada", b"a photo", NOW)
        assert [one.shared for one in books.people.all()] == [replace(told, photo=name), NOTHING_SHARED]
        books.people.share("ada", replace(NOTHING_SHARED, photo="ignored"), NOW)
        assert books.people.by_email("") is None
        assert books.people.get("ada") == person("ada", interests=("chess",), shared=Shared(photo=name))


def test_a_photo_takes_the_place_of_the_one_before_and_is_forgotten(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put_all([person("ada"), person("bo")])
        first = books.photos.put("ada", b"one", NOW)
        assert books.photos.put("ada", b"one", NOW) == first
        second, other = books.photos.put("ada", b"two", NOW), books.photos.put("bo", b"two", NOW)
        assert len({first, second, other}) == 3
        assert books.photos.get("ada") == b"two"
        assert books.photos.named([first, second, other, "none"]) == {second: b"two", other: b"two"}
        assert books.photos.named([]) == {}
        assert books.photos.forget("ada")
        assert not books.photos.forget("ada")
        assert (books.photos.get("ada"), books.photos.get("bo")) == (None, b"two")


def test_leavers_keep_the_moment_at_which_they_were_noticed_until_they_are_back(store: SqlStore) -> None:
    with store.begin() as books:
        books.leavers.notice({"bo", "ada"}, NOW)
        books.leavers.notice(["cy", "ada"], NOW + DAY)
        books.leavers.notice([], NOW)
        books.leavers.note_forgotten("ada", NOW + 2 * DAY)
        books.leavers.drop(["bo", "nobody"])
        books.leavers.drop([])
    with store.read() as books:
        assert books.leavers.all() == [
            Leaver(person_id="ada", noticed_at=NOW, forgotten_at=NOW + 2 * DAY),
            Leaver(person_id="cy", noticed_at=NOW + DAY),
        ]
