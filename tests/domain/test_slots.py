from __future__ import annotations

import timeit
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from time import process_time

import pytest

from onboarding.domain.calendars import Calendar
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.slots import Busy, Seat, Slot, find_slot, share_no_hour, suggestions

COFFEE = 25
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # an ordinary week in Berlin


def calendar(zone: str = "UTC", country: str = "", hours: WorkingHours | None = None) -> Calendar:
    person = Person(
        id="p-1",
        first_name="Ada",
        time_zone=zone,
        country=country,
        working_hours=hours or WorkingHours(),
    )
    return Calendar.of(person)


BERLIN = calendar("Europe/Berlin", "DE")
KATHMANDU = calendar("Asia/Kathmandu", "NP")
MANILA = calendar("Asia/Manila", "PH")
NEW_YORK = calendar("America/New_York", "US")
RIYADH = calendar("Asia/Riyadh", "SA")


def seat(person_id: str, at: Calendar = BERLIN, *busy: Busy, is_hire: bool = False) -> Seat:
    return Seat(person_id=person_id, calendar=at, busy=busy, is_hire=is_hire)


def on(moment: str, zone: Calendar = BERLIN) -> datetime:
    """A local moment, as people write it."""
    return datetime.fromisoformat(moment).replace(tzinfo=zone.zone).astimezone(UTC)


def busy(start: str, end: str, at: Calendar = BERLIN, *, meeting: bool = False) -> Busy:
    return Busy(start=on(start, at), end=on(end, at), meeting=meeting)


def local(slot: Slot | None, at: Calendar = BERLIN) -> str:
    """When it starts, on somebody's clock: `Tue 10:00`."""
    return f"{slot.starts_at.astimezone(at.zone):%a %H:%M}" if slot else "never"


def find(
    seats: Sequence[Seat], earliest: str, latest: str, *, minutes: int = COFFEE, at: Calendar = BERLIN
) -> str:
    found = find_slot(seats, minutes=minutes, earliest=on(earliest, at), latest=on(latest, at))
    return local(found, at)


PAIR = (seat("hire", is_hire=True), seat("buddy"))


class TestKindness:
    def test_the_middle_of_the_first_ordinary_morning_is_best(self) -> None:
        assert find(PAIR, "2026-03-03T00:00", "2026-03-13T00:00") == "Tue 10:00"

    def test_early_monday_is_avoided(self) -> None:
        assert find(PAIR, "2026-03-02T00:00", "2026-03-06T00:00") == "Mon 10:30"
        assert find(PAIR, "2026-03-02T00:00", "2026-03-02T10:00") == "Mon 09:30"  # by cost, not by ban

    def test_friday_afternoon_is_avoided_for_a_better_monday(self) -> None:
        assert find(PAIR, "2026-03-06T13:00", "2026-03-10T00:00") == "Mon 10:30"
        assert find(PAIR, "2026-03-06T13:00", "2026-03-07T00:00") == "Fri 13:00"

    def test_where_the_week_ends_on_thursday_its_afternoon_is_avoided(self) -> None:
        pair = (seat("hire", RIYADH, is_hire=True), seat("buddy", RIYADH))
        assert find(pair, "2026-03-05T13:00", "2026-03-09T00:00", at=RIYADH) == "Sun 10:30"

    def test_the_afternoon_before_a_holiday_is_avoided(self) -> None:
        assert find(PAIR, "2026-04-30T13:00", "2026-05-05T00:00") == "Mon 10:30"  # 1 May is a Friday

    def test_lunch_is_avoided(self) -> None:
        taken = (busy("2026-03-03T09:00", "2026-03-03T11:30"), busy("2026-03-03T13:30", "2026-03-03T18:00"))
        pair = (seat("hire", BERLIN, *taken, is_hire=True), seat("buddy"))
        assert find(pair, "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 11:30"
        late = (
            seat("hire", BERLIN, *taken, busy("2026-03-03T11:30", "2026-03-03T12:15"), is_hire=True),
            seat("buddy"),
        )
        assert find(late, "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 13:00"

    def test_the_first_and_last_half_hour_are_avoided(self) -> None:
        taken = (busy("2026-03-03T09:30", "2026-03-03T15:45"),)
        pair = (seat("hire", BERLIN, *taken, is_hire=True), seat("buddy"))
        assert find(pair, "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 15:45"
        assert find(pair, "2026-03-03T00:00", "2026-03-03T16:00") == "Tue 09:00"

    def test_the_newcomer_gets_the_better_end_of_a_narrow_overlap(self) -> None:
        # 09:00 to 12:15 in Berlin is 13:45 to 17:00 in Kathmandu: early is good there, late is good here.
        for_berlin = (seat("a", BERLIN, is_hire=True), seat("b", KATHMANDU))
        for_kathmandu = (seat("a", BERLIN), seat("b", KATHMANDU, is_hire=True))
        tight = busy("2026-03-04T09:30", "2026-03-04T11:45")
        for seats, expected in ((for_berlin, "Wed 11:45"), (for_kathmandu, "Wed 09:00")):
            blocked = (seat("c", calendar(hours=WorkingHours(start=time(0), end=time(23, 59))), tight), *seats)
            assert find(blocked, "2026-03-04T00:00", "2026-03-05T00:00") == expected

    def test_an_earlier_day_is_preferred_a_little(self) -> None:
        taken = (busy("2026-03-03T09:00", "2026-03-03T15:30"),)
        assert find((seat("a", BERLIN, *taken), seat("b")), "2026-03-03T00:00", "2026-03-13T00:00") == "Tue 15:30"
        worse = (busy("2026-03-03T09:00", "2026-03-03T16:30"),)
        assert find((seat("a", BERLIN, *worse), seat("b")), "2026-03-03T00:00", "2026-03-13T00:00") == "Wed 10:00"

    def test_a_day_of_waiting_is_a_local_day(self) -> None:
        # Wednesday is one day after Tuesday afternoon, in its morning as in its afternoon.
        found = find_slot(PAIR, minutes=COFFEE, earliest=on("2026-03-03T16:30"), latest=on("2026-03-05T00:00"))
        assert local(found) == "Wed 10:00"
        assert found is not None
        assert found.cost == 0.4

    def test_somebody_who_starts_at_six_has_an_early_middle(self) -> None:
        early = calendar("Europe/Berlin", "DE", WorkingHours(start=time(6), end=time(14)))
        assert find((seat("a", early),), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 07:00"
        assert find((seat("a", early), seat("b")), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:00"

    def test_the_kindest_slot_costs_nothing(self) -> None:
        found = find_slot(PAIR, minutes=COFFEE, earliest=on("2026-03-03T00:00"), latest=on("2026-03-04T00:00"))
        assert found is not None
        assert found.cost == 0
        assert found.ends_at - found.starts_at == timedelta(minutes=COFFEE)


class TestOneCoffeeADay:
    def test_a_day_with_a_meeting_is_left_alone(self) -> None:
        met = busy("2026-03-03T15:00", "2026-03-03T15:25", meeting=True)
        pair = (seat("hire", is_hire=True), seat("buddy", BERLIN, met))
        assert find(pair, "2026-03-03T00:00", "2026-03-06T00:00") == "Wed 10:00"

    def test_it_is_used_where_there_is_no_other(self) -> None:
        met = busy("2026-03-03T15:00", "2026-03-03T15:25", meeting=True)
        pair = (seat("hire", is_hire=True), seat("buddy", BERLIN, met))
        assert find(pair, "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:00"

    def test_an_uncomfortable_hour_of_another_day_is_still_better(self) -> None:
        met = busy("2026-03-03T15:00", "2026-03-03T15:25", meeting=True)
        pair = (seat("hire", is_hire=True), seat("buddy", BERLIN, met))
        assert find(pair, "2026-03-03T00:00", "2026-03-04T09:25") == "Wed 09:00"

    def test_other_appointments_do_not_make_a_day_unavailable(self) -> None:
        taken = busy("2026-03-03T15:00", "2026-03-03T15:25")
        pair = (seat("hire", is_hire=True), seat("buddy", BERLIN, taken))
        assert find(pair, "2026-03-03T00:00", "2026-03-06T00:00") == "Tue 10:00"

    def test_the_day_is_that_of_the_person_who_has_the_meeting(self) -> None:
        # Wednesday 08:00 in Auckland is still Tuesday in Berlin.
        auckland = calendar("Pacific/Auckland", "NZ", WorkingHours(start=time(7), end=time(22)))
        met = busy("2026-03-04T08:00", "2026-03-04T08:25", auckland, meeting=True)
        pair = (seat("hire", is_hire=True), seat("buddy", auckland, met))
        found = find_slot(pair, minutes=COFFEE, earliest=on("2026-03-03T00:00"), latest=on("2026-03-06T00:00"))
        assert found is not None
        assert local(found, auckland)[:3] == "Tue"


class TestGrid:
    def test_a_zone_of_three_quarters_of_an_hour_meets_on_everybodys_quarter(self) -> None:
        found = find_slot(
            (seat("a", KATHMANDU), seat("b", BERLIN)),
            minutes=COFFEE,
            earliest=MONDAY,
            latest=MONDAY + timedelta(days=9),
        )
        assert found is not None
        assert found.starts_at.astimezone(KATHMANDU.zone).minute % 15 == 0
        assert found.starts_at.astimezone(BERLIN.zone).minute % 15 == 0

    def test_a_crooked_earliest_is_rounded_up(self) -> None:
        assert find(PAIR, "2026-03-03T10:07", "2026-03-03T18:00") == "Tue 10:15"

    def test_the_end_must_lie_before_the_latest(self) -> None:
        assert find(PAIR, "2026-03-03T10:00", "2026-03-03T10:25") == "Tue 10:00"
        assert find(PAIR, "2026-03-03T10:00", "2026-03-03T10:24") == "never"

    def test_appointments_may_touch_a_slot_and_not_overlap_it(self) -> None:
        taken = (busy("2026-03-03T08:00", "2026-03-03T10:15"), busy("2026-03-03T10:40", "2026-03-03T18:00"))
        assert find((seat("a", BERLIN, *taken), seat("b")), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:15"

    def test_appointments_may_lie_inside_each_other(self) -> None:
        taken = (busy("2026-03-03T08:00", "2026-03-03T15:00"), busy("2026-03-03T09:00", "2026-03-03T10:00"))
        assert find((seat("a", BERLIN, *taken),), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 15:00"

    def test_an_appointment_without_length_takes_no_time(self) -> None:
        taken = busy("2026-03-03T10:10", "2026-03-03T10:10")
        assert find((seat("a", BERLIN, taken),), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:00"


class TestNever:
    def test_nobody_is_met_in_the_night(self) -> None:
        pair = (seat("a", MANILA), seat("b", NEW_YORK))
        assert find(pair, "2026-03-02T00:00", "2026-03-31T00:00") == "never"

    def test_a_meeting_longer_than_the_day_is_never(self) -> None:
        assert find(PAIR, "2026-03-02T00:00", "2026-03-31T00:00", minutes=481) == "never"

    def test_nothing_lies_between_a_moment_and_an_earlier_one(self) -> None:
        assert find(PAIR, "2026-03-05T12:00", "2026-03-03T12:00") == "never"
        assert find(PAIR, "2026-03-03T12:00", "2026-03-03T12:00") == "never"

    def test_a_holiday_of_either_is_no_day_to_meet(self) -> None:
        pair = (seat("a", MANILA), seat("b", calendar("Asia/Manila")))
        assert find(pair, "2026-06-12T00:00", "2026-06-13T00:00", at=MANILA) == "never"

    def test_nonsense_is_refused(self) -> None:
        later = MONDAY + timedelta(days=5)
        with pytest.raises(ValueError, match="people"):
            find_slot((), minutes=COFFEE, earliest=MONDAY, latest=later)
        with pytest.raises(ValueError, match="minutes"):
            find_slot(PAIR, minutes=0, earliest=MONDAY, latest=later)
        with pytest.raises(ValueError, match="aware"):
            find_slot(PAIR, minutes=COFFEE, earliest=MONDAY.replace(tzinfo=None), latest=later)
        with pytest.raises(ValueError, match="without a zone"):
            Busy(start=MONDAY.replace(tzinfo=None), end=later)


class TestTentative:
    def test_what_is_not_certain_is_avoided_for_a_less_kind_hour(self) -> None:
        maybe = replace(busy("2026-03-03T09:30", "2026-03-03T15:45"), tentative=True)
        assert find((seat("a", BERLIN, maybe), seat("b")), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 15:45"

    def test_even_whoever_bent_last_bends_again_before_something_of_others_is_touched(self) -> None:
        bent = Busy(start=on("2026-02-27T09:00"), end=on("2026-02-27T09:25"), meeting=True)
        maybe = replace(busy("2026-03-03T09:30", "2026-03-03T17:00"), tentative=True)
        pair = (seat("hire", BERLIN, bent, is_hire=True), seat("buddy", BERLIN, maybe))
        assert find(pair, "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 09:00"

    def test_hours_that_stretch_come_after_what_is_not_certain(self) -> None:
        maybe = replace(busy("2026-03-03T09:00", "2026-03-03T17:00"), tentative=True)
        easy = replace(seat("a", BERLIN, maybe), flexible_before=120, flexible_after=120)
        assert find((easy,), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:00"

    def test_it_is_used_where_there_is_no_other_hour(self) -> None:
        maybe = replace(busy("2026-03-03T00:00", "2026-03-04T00:00"), tentative=True)
        assert find((seat("a", BERLIN, maybe), seat("b")), "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:00"

    def test_what_is_certain_too_is_never_used(self) -> None:
        taken = busy("2026-03-03T00:00", "2026-03-04T00:00")
        both = seat("a", BERLIN, replace(taken, tentative=True), taken)
        assert find((both, seat("b")), "2026-03-03T00:00", "2026-03-04T00:00") == "never"

    def test_a_meeting_that_is_not_certain_counts_as_the_one_of_the_day(self) -> None:
        maybe = replace(busy("2026-03-03T15:00", "2026-03-03T15:25", meeting=True), tentative=True)
        assert find((seat("a", BERLIN, maybe), seat("b")), "2026-03-03T00:00", "2026-03-06T00:00") == "Wed 10:00"


class TestNoCommonHour:
    def test_people_on_two_sides_of_the_world_share_none(self) -> None:
        assert apart((seat("a", MANILA), seat("b", NEW_YORK)))
        assert not apart((seat("a", BERLIN), seat("b", NEW_YORK)))

    def test_people_who_are_merely_busy_share_some(self) -> None:
        taken = busy("2026-03-01T00:00", "2026-04-01T00:00")
        pair = (seat("a", BERLIN, taken), seat("b", NEW_YORK))
        assert find(pair, "2026-03-02T00:00", "2026-03-13T00:00") == "never"
        assert not apart(pair)

    def test_an_hour_that_is_too_short_is_none(self) -> None:
        pair = (seat("a", BERLIN), seat("b", calendar("America/New_York", hours=WorkingHours(start=time(10)))))
        assert not apart(pair, minutes=60, latest="2026-03-07T00:00")
        assert apart(pair, minutes=75, latest="2026-03-07T00:00")
        assert not apart(pair, minutes=75)  # New York's clocks move on the 8th, Berlin's three weeks later

    def test_days_off_that_never_meet_count(self) -> None:
        assert apart((seat("a", RIYADH),), earliest="2026-03-06T00:00", latest="2026-03-08T00:00")

    def test_nonsense_is_refused(self) -> None:
        with pytest.raises(ValueError, match="people"):
            apart(())
        with pytest.raises(ValueError, match="minutes"):
            apart(PAIR, minutes=0)


def apart(
    seats: Sequence[Seat],
    *,
    minutes: int = COFFEE,
    earliest: str = "2026-03-02T00:00",
    latest: str = "2026-03-13T00:00",
) -> bool:
    return share_no_hour(seats, minutes=minutes, earliest=on(earliest), latest=on(latest))


class TestStretchHours:
    MANILA_BEFORE = Seat(person_id="m", calendar=MANILA, flexible_before=120)
    NEW_YORK_AFTER = Seat(person_id="n", calendar=NEW_YORK, flexible_after=120)

    def test_who_allows_an_hour_more_meets_whom_they_share_no_hour_with(self) -> None:
        pair = (self.MANILA_BEFORE, self.NEW_YORK_AFTER)
        week = {"earliest": "2026-03-02T00:00", "latest": "2026-03-06T00:00"}
        assert find(pair, **week, at=MANILA) == "Tue 07:15"  # type: ignore[arg-type]  # one set of arguments
        assert find(pair, **week, at=NEW_YORK) == "Mon 18:15"  # type: ignore[arg-type]  # as above
        assert not apart(pair)

    def test_one_alone_cannot_allow_it_for_the_other(self) -> None:
        assert apart((self.MANILA_BEFORE, seat("n", NEW_YORK)))
        assert apart((seat("m", MANILA), self.NEW_YORK_AFTER))

    def test_they_are_never_used_while_an_hour_of_the_day_is_free(self) -> None:
        easy = (replace(seat("a"), flexible_before=120, flexible_after=120), seat("b"))
        assert find(easy, "2026-03-03T00:00", "2026-03-04T00:00") == "Tue 10:00"
        assert find(easy, "2026-03-03T00:00", "2026-03-03T09:25") == "Tue 09:00"

    def test_no_hours_stretch_into_the_night(self) -> None:
        early = calendar("Europe/Berlin", "DE", WorkingHours(start=time(7), end=time(15)))
        owl = replace(seat("a", early), flexible_before=120)
        assert find((owl,), "2026-03-03T00:00", "2026-03-03T06:25") == "Tue 06:00"
        assert find((owl,), "2026-03-03T00:00", "2026-03-03T06:24") == "never"
        late = calendar("Europe/Berlin", "DE", WorkingHours(start=time(13), end=time(21, 30)))
        night = replace(seat("a", late), flexible_after=120)
        assert find((night,), "2026-03-03T21:20", "2026-03-04T00:00") == "Tue 21:30"
        assert find((night,), "2026-03-03T21:45", "2026-03-04T00:00") == "never"

    def test_who_works_at_night_does_so_and_not_longer(self) -> None:
        nurse = calendar("Europe/Berlin", "DE", WorkingHours(start=time(1), end=time(5)))
        assert (
            find((replace(seat("a", nurse), flexible_before=60),), "2026-03-03T00:00", "2026-03-03T01:20")
            == "never"
        )

    def test_a_day_off_stays_off(self) -> None:
        easy = replace(seat("a", RIYADH), flexible_before=120, flexible_after=120)
        assert find((easy,), "2026-03-06T00:00", "2026-03-08T00:00", at=RIYADH) == "never"


class TestSuggestions:
    def test_three_further_days_are_suggested_in_order_of_time(self) -> None:
        wanted = {"minutes": COFFEE, "earliest": on("2026-03-02T00:00"), "latest": on("2026-03-13T00:00")}
        assert local(find_slot(PAIR, **wanted)) == "Mon 10:30"  # type: ignore[arg-type]  # one set of arguments
        more = suggestions(PAIR, **wanted)  # type: ignore[arg-type]  # as above
        assert [local(slot) for slot in more] == ["Tue 10:00", "Wed 10:00", "Thu 10:00"]

    def test_days_are_those_of_the_newcomer(self) -> None:
        # Tuesday 11:00 and 12:30 in Berlin are Tuesday 23:00 and Wednesday 00:30 in Auckland.
        day_and_night = WorkingHours(start=time(0), end=time(23, 59))
        taken = (busy("2026-03-03T00:00", "2026-03-03T11:00"), busy("2026-03-03T11:25", "2026-03-03T12:30"))
        buddy = seat("a", BERLIN, *taken, busy("2026-03-03T12:55", "2026-03-04T00:00"))
        hire = seat("z", calendar("Pacific/Auckland", "NZ", day_and_night), is_hire=True)
        earliest, latest = on("2026-03-03T00:00"), on("2026-03-04T00:00")
        assert len(suggestions((buddy, hire), minutes=COFFEE, earliest=earliest, latest=latest)) == 1

    def test_fewer_are_suggested_where_there_are_fewer(self) -> None:
        earliest, latest = on("2026-03-03T00:00"), on("2026-03-05T00:00")
        assert len(suggestions(PAIR, minutes=COFFEE, earliest=earliest, latest=latest)) == 1


def test_two_busy_people_find_an_hour_in_a_few_milliseconds() -> None:
    def crowded(shift: int) -> tuple[Busy, ...]:
        begins = (MONDAY + timedelta(minutes=95 * n + shift) for n in range(200))
        return tuple(Busy(start=start, end=start + timedelta(minutes=20)) for start in begins)

    pair = (seat("a", BERLIN, *crowded(0), is_hire=True), seat("b", KATHMANDU, *crowded(40)))

    def search() -> Slot | None:
        return find_slot(pair, minutes=COFFEE, earliest=MONDAY, latest=MONDAY + timedelta(days=14))

    assert search() is not None
    # It takes about one; CPU time, because several people share a laptop.
    assert min(timeit.repeat(search, number=3, repeat=5, timer=process_time)) / 3 < 0.005
