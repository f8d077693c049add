from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.amend import Changes, amend, kind_moment
from onboarding.domain.calendars import Calendar
from onboarding.domain.cast import NOBODY, Cast
from onboarding.domain.delivery import GONE, Delivery, Planned, State, Why
from onboarding.domain.facts import Facts
from onboarding.domain.journey import REMINDER, Count, Journey, Span, Step, Unit, Verb
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Hire, HireState, Person, Role, WorkingHours
from onboarding.domain.plan import nominal, plan
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, WORDS, at, person

REMOTE = WORDS.journey("remote")
CITIES = (MANILA, BERLIN, CHICAGO, NAIROBI)
ROLES = (Role.MANAGER, Role.BUDDY, Role.PEER, Role.PARTNER, Role.MENTOR, Role.WORK_PARTNER)
PEOPLE = (Role.HIRE, Role.HR, *ROLES)
BECAUSE = "a test wants it"


def cast(absent: Sequence[str] = (), cities: Mapping[str, Mapping[str, str]] | None = None) -> Cast:
    """Everybody has one person of the same name, but for the absent roles."""
    people = {role.value: person(role.value, (cities or {}).get(role, BERLIN)) for role in PEOPLE}
    roles = {(role.value, "once"): (role.value,) for role in PEOPLE if role not in absent}
    return Cast(people=people, roles=roles)


def hire(first_day: date = date(2027, 1, 4), state: HireState = HireState.ACTIVE) -> Hire:
    then = at("2026-01-01 00:00")
    return Hire(
        id="hire",
        source="standard",
        external_id="x",
        journey="remote",
        first_day=first_day,
        state=state,
        enrolled_at=then,
        told_at=then,
    )


def facts(first_day: date = date(2027, 1, 4), **more: object) -> Facts:
    seen = more.pop("cast", None) or cast()
    assert isinstance(seen, Cast)
    state = HireState(str(more.pop("state", HireState.ACTIVE)))
    return Facts(hire=hire(first_day, state), person=seen.people["hire"], cast=seen, **more)  # type: ignore[arg-type]  # as below


def step(key: str = "one", **more: object) -> Step:
    known: dict[str, object] = {
        "key": key,
        "title": key,
        "verb": Verb.WRITE,
        "subject": key,
        "roles": (Role.HIRE,),
        "day": 1,
        **more,
    }
    return Step(**known)  # type: ignore[arg-type]  # tests vary what they like


def journey(*steps: Step) -> Journey:
    return Journey(name="short", title="Short", steps=steps)


def meeting(**more: object) -> Meeting:
    known: dict[str, object] = {
        "id": "m",
        "hire_id": "hire",
        "step": "coffee",
        "occasion": "once",
        "people": ("hire", "buddy"),
        "starts_at": at("2027-01-06 09:00"),
        "ends_at": at("2027-01-06 09:25"),
        "uid": "m@example.com",
        "organizer": "people@example.com",
        "stamped_at": at("2027-01-04 09:00"),
        **more,
    }
    return Meeting(**known)  # type: ignore[arg-type]  # tests vary what they like


def stored(wish: Planned, number: int = 1, **more: Any) -> Delivery:
    """The delivery that a ledger makes of a wish."""
    known: dict[str, Any] = {name: getattr(wish, name) for name in Planned.__dataclass_fields__}
    state = State.SKIPPED if wish.why else State.PLANNED
    return Delivery(**{**known, "number": number, "state": state, **more})


def apply(changes: Changes, ledger: Sequence[Delivery]) -> list[Delivery]:
    """What a ledger holds after the changes."""
    rows = {one.key: one for one in ledger}
    for number, new in enumerate(changes.insert, start=len(rows) + 1):
        rows[new.key] = stored(new, number)
    for wish, _ in changes.reschedule:
        rows[wish.key] = replace(rows[wish.key], due_at=wish.due_at, grace_until=wish.grace_until)
    for wish, _ in changes.revive:
        rows[wish.key] = stored(wish, rows[wish.key].number)
    for row, why, reason in changes.skip:
        rows[row.key] = replace(row, state=State.SKIPPED, why=why, reason=reason)
    for row, why, reason in changes.withdraw:
        rows[row.key] = replace(row, state=State.WITHDRAWN, why=why, reason=reason)
    return list(rows.values())


def calendars(seen: Cast) -> dict[str, Calendar]:
    return {one.id: Calendar.of(one) for one in seen.people.values()} | {NOBODY: Calendar.of(seen.people["hire"])}


def amended(
    wishes: Sequence[Planned], ledger: Sequence[Delivery], now: datetime, seen: Cast | None = None
) -> Changes:
    known = calendars(seen or cast())
    return amend(wishes, ledger, now=now, calendar_of=lambda one: known[one.person_id], because=BECAUSE)


first_days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive by contract
absences = st.sets(st.sampled_from(ROLES))
casts = st.builds(
    lambda absent, cities: cast(tuple(absent), dict(zip(PEOPLE, cities, strict=True))),
    absences,
    st.tuples(*(st.sampled_from(CITIES) for _ in PEOPLE)),
)


class TestProperties:
    @given(first_days, casts)
    @settings(deadline=None)
    def test_no_two_wishes_have_the_same_key(self, first_day: date, seen: Cast) -> None:
        keys = [wish.key for wish in plan(REMOTE, facts(first_day, cast=seen))]
        assert len(keys) == len(set(keys))

    @given(first_days, casts)
    @settings(deadline=None)
    def test_every_wish_falls_due_while_its_recipient_works_and_ends_no_earlier(
        self, first_day: date, seen: Cast
    ) -> None:
        known = calendars(seen)
        for wish in plan(REMOTE, facts(first_day, cast=seen)):
            assert known[wish.person_id].is_working(wish.due_at), wish.key
            assert wish.grace_until >= wish.due_at

    @given(first_days, casts)
    @settings(deadline=None)
    def test_what_will_not_be_sent_says_why(self, first_day: date, seen: Cast) -> None:
        for wish in plan(REMOTE, facts(first_day, cast=seen)):
            assert bool(wish.why) == bool(wish.reason), wish.key

    @given(first_days, casts, moments)
    @settings(deadline=None)
    def test_planning_again_changes_nothing(self, first_day: date, seen: Cast, now: datetime) -> None:
        wishes = plan(REMOTE, facts(first_day, cast=seen))
        ledger = apply(amended(wishes, [], now, seen), [])
        assert amended(wishes, ledger, now, seen).empty

    @given(first_days, casts, moments, st.integers(0, 60 * 24 * 20))
    @settings(deadline=None)
    def test_planning_again_later_moves_nothing_that_waits(
        self, first_day: date, seen: Cast, now: datetime, minutes: int
    ) -> None:
        wishes = plan(REMOTE, facts(first_day, cast=seen))
        ledger = apply(amended(wishes, [], now, seen), [])
        again = amended(wishes, ledger, now + timedelta(minutes=minutes), seen)
        assert not [*again.insert, *again.reschedule, *again.withdraw, *again.revive]

    @given(first_days, casts, moments)
    @settings(deadline=None)
    def test_a_new_delivery_is_due_at_a_working_moment_within_its_grace_or_skipped_with_a_reason(
        self, first_day: date, seen: Cast, now: datetime
    ) -> None:
        known = calendars(seen)
        for new in amended(plan(REMOTE, facts(first_day, cast=seen)), [], now, seen).insert:
            if new.why:
                assert new.reason
            else:
                assert now <= new.due_at <= new.grace_until
                assert known[new.person_id].is_working(new.due_at)

    @given(first_days, casts, st.integers(-400, 400), st.data())
    @settings(max_examples=60, deadline=None)
    def test_nothing_that_may_have_left_is_ever_touched(
        self, first_day: date, seen: Cast, days: int, drawn: st.DataObject
    ) -> None:
        now = at("2026-06-01 00:00")
        ledger = apply(amended(plan(REMOTE, facts(first_day, cast=seen)), [], now, seen), [])
        states = drawn.draw(st.lists(st.sampled_from(sorted(State)), min_size=len(ledger), max_size=len(ledger)))
        ledger = [replace(one, state=state) for one, state in zip(ledger, states, strict=True)]
        gone = {one.key for one in ledger if one.state in GONE}
        moved = plan(REMOTE, facts(first_day + timedelta(days=days), cast=seen))
        changes = amended(moved, ledger, now + timedelta(days=abs(days)), seen)
        touched = {wish.key for wish, _ in (*changes.reschedule, *changes.revive)}
        touched |= {row.key for row, _, _ in (*changes.skip, *changes.withdraw)}
        assert not gone & (touched | {new.key for new in changes.insert})

    @given(first_days, casts, st.integers(-60, 60))
    @settings(max_examples=60, deadline=None)
    def test_a_start_date_that_moves_and_moves_back_restores_the_plan(
        self, first_day: date, seen: Cast, days: int
    ) -> None:
        now = at("2025-01-01 00:00")  # everything lies ahead
        there = plan(REMOTE, facts(first_day, cast=seen))
        away = plan(REMOTE, facts(first_day + timedelta(days=days), cast=seen))
        before = apply(amended(there, [], now, seen), [])
        moved = apply(amended(away, before, now, seen), before)
        after = apply(amended(there, moved, now, seen), moved)
        assert sorted(after, key=lambda one: one.key) == sorted(before, key=lambda one: one.key)

    @given(first_days, casts)
    @settings(deadline=None)
    def test_a_hire_who_withdraws_before_anything_left_has_nothing_to_come(
        self, first_day: date, seen: Cast
    ) -> None:
        now = at("2025-01-01 00:00")
        ledger = apply(amended(plan(REMOTE, facts(first_day, cast=seen)), [], now, seen), [])
        wishes = plan(REMOTE, facts(first_day, cast=seen, state=HireState.WITHDRAWN))
        after = apply(amended(wishes, ledger, now, seen), ledger)
        assert not [one for one in after if one.state is State.PLANNED]


class TestPlan:
    def test_the_keys_are_these(self) -> None:
        asked = step("hello", verb=Verb.ASK, roles=(Role.HIRE, Role.BUDDY), weeks=(2, 3))
        assert [wish.key for wish in plan(journey(asked), facts())] == [
            "hire/hello/hire/hire/week-2",
            "hire/hello/hire/hire/week-2.reminder",
            "hire/hello/buddy/buddy/week-2",
            "hire/hello/buddy/buddy/week-2.reminder",
            "hire/hello/hire/hire/week-3",
            "hire/hello/hire/hire/week-3.reminder",
            "hire/hello/buddy/buddy/week-3",
            "hire/hello/buddy/buddy/week-3.reminder",
        ]

    def test_a_step_falls_due_at_the_recipients_own_hour(self) -> None:
        seen = cast(cities={Role.HIRE: MANILA, Role.BUDDY: CHICAGO})
        both = plan(journey(step(roles=(Role.HIRE, Role.BUDDY), at=time(10))), facts(cast=seen))
        assert [wish.due_at for wish in both] == [at("2027-01-04 02:00"), at("2027-01-04 16:00")]

    def test_an_hour_outside_of_working_hours_is_moved_inside(self) -> None:
        late = replace(person("hire"), working_hours=WorkingHours(start=time(11), end=time(15)))
        seen = replace(cast(), people={**cast().people, "hire": late})
        early, evening = (plan(journey(step(at=one)), facts(cast=seen))[0] for one in (time(9), time(18)))
        assert (early.due_at, evening.due_at) == (at("2027-01-04 10:00"), at("2027-01-04 13:30"))

    def test_an_ask_without_a_reminder_has_none(self) -> None:
        asked = step(verb=Verb.ASK, remind_after=None)
        assert [wish.occasion for wish in plan(journey(asked), facts())] == ["once"]

    def test_a_reminder_counts_from_when_the_question_really_left(self) -> None:
        asked = step(verb=Verb.ASK, remind_after=Span(count=1, unit=Unit.WORKING_DAYS))
        opened = {("one", "hire", "once"): at("2027-01-07 14:00")}
        reminder = plan(journey(asked), facts(opened=opened))[1]
        assert (reminder.occasion, reminder.due_at) == ("once" + REMINDER, at("2027-01-08 14:00"))

    def test_a_condition_that_does_not_hold_is_said(self) -> None:
        (wish,) = plan(journey(step(only_if='hire.department == "Sales"')), facts())
        assert (wish.why, wish.reason) == (Why.CONDITION, 'only for hires with hire.department == "Sales"')

    def test_a_role_without_a_person_says_so_in_the_words_of_whoever_looked(self) -> None:
        seen = replace(cast(absent=[Role.BUDDY]), missing={"buddy": "nobody can be buddy: 3 too new themselves"})
        (wish,) = plan(journey(step(roles=(Role.BUDDY,))), facts(cast=seen))
        assert (wish.person_id, wish.why) == (NOBODY, Why.NOBODY)
        assert wish.reason == "nobody can be buddy: 3 too new themselves"

    def test_a_work_partner_may_still_be_named_while_there_is_a_manager(self) -> None:
        one = journey(step(roles=(Role.WORK_PARTNER,)))
        (waits,) = plan(one, facts(cast=cast(absent=[Role.WORK_PARTNER])))
        (never,) = plan(one, facts(cast=cast(absent=[Role.WORK_PARTNER, Role.MANAGER])))
        assert (waits.why, never.why) == (Why.NONE, Why.NOBODY)
        assert never.reason == "there is no work partner yet"

    def test_nobody_is_invited_to_a_meeting_that_lacks_a_role(self) -> None:
        coffee = step("coffee", verb=Verb.MEET, roles=(Role.HIRE, Role.BUDDY))
        wishes = plan(journey(coffee), facts(cast=cast(absent=[Role.BUDDY])))
        assert {wish.person_id: wish.why for wish in wishes} == {"hire": Why.NOBODY, NOBODY: Why.NOBODY}

    def test_a_meeting_waits_for_the_work_partner_whom_the_manager_may_name(self) -> None:
        pair = step("pair", verb=Verb.MEET, roles=(Role.HIRE, Role.WORK_PARTNER))
        wishes = plan(journey(pair), facts(cast=cast(absent=[Role.WORK_PARTNER])))
        assert {wish.why for wish in wishes} == {Why.NONE}

    def test_a_person_for_one_occasion_comes_before_the_one_for_all(self) -> None:
        seen = cast()
        seen = replace(seen, roles={**seen.roles, ("partner", "week-3"): ("mentor",)})
        wishes = plan(journey(step(roles=(Role.PARTNER,), weeks=(2, 3))), facts(cast=seen))
        assert [wish.person_id for wish in wishes] == ["partner", "mentor"]
        assert [seen.ids(Role.PARTNER, week) for week in ("week-2", "week-3")] == [("partner",), ("mentor",)]
        assert seen.first(Role.PARTNER) == seen.people["partner"]
        assert cast(absent=[Role.PARTNER]).first(Role.PARTNER) is None


class TestFollowing:
    COFFEE = step("coffee", verb=Verb.MEET, roles=(Role.HIRE, Role.BUDDY), within=Span(count=3, unit=Unit.DAYS))

    def test_a_step_after_a_meeting_counts_working_days_from_its_end(self) -> None:
        after = step(after="coffee", day=2, at=time(9))
        friday = meeting(starts_at=at("2027-01-08 09:00"), ends_at=at("2027-01-08 09:25"))
        wish = plan(journey(self.COFFEE, after), facts(meetings=(friday,)))[-1]
        assert wish.due_at == at("2027-01-12 08:00")

    def test_before_there_is_a_meeting_it_counts_from_the_last_moment_for_one(self) -> None:
        after = step(after="coffee", day=1, at=time(9))
        cancelled = meeting(state=MeetingState.CANCELLED)
        wish = plan(journey(self.COFFEE, after), facts(meetings=(cancelled,)))[-1]
        assert wish.due_at == at("2027-01-08 08:00")

    def test_a_step_after_one_that_is_gone_from_the_journey_counts_from_the_first_day(self) -> None:
        after = step(after="coffee", day=1, at=time(9))
        assert plan(journey(after), facts())[0].due_at == at("2027-01-05 08:00")

    def test_calendar_days_and_weeks_move_on_to_a_working_day(self) -> None:
        seen, calendar = facts(), Calendar.of(person("hire"))
        thirty = step(day=30, count=Count.CALENDAR)
        third = step(day=1, weeks=(3,))
        assert nominal(journey(thirty), thirty, "once", calendar, seen) == at("2027-02-03 09:00")
        assert nominal(journey(third), third, "week-3", calendar, seen) == at("2027-01-18 09:00")


class TestMeetingUpdates:
    INVITED = frozenset({("coffee", "once", "hire", "hire"), ("coffee", "once", "buddy", "buddy")})

    def test_a_meeting_that_never_changed_needs_none(self) -> None:
        assert plan(journey(), facts(meetings=(meeting(),), invited=self.INVITED)) == []

    def test_everybody_who_was_invited_is_told_of_the_change_by_a_key_of_its_own(self) -> None:
        moved = meeting(sequence=2, stamped_at=at("2027-01-05 20:00"), moved_from=at("2027-01-06 08:00"))
        elsewhere = frozenset({("other", "once", "hire", "hire")})
        wishes = plan(journey(), facts(meetings=(moved,), invited=self.INVITED | elsewhere))
        assert [wish.key for wish in wishes] == [
            "hire/coffee/buddy/buddy/once.seq-2",
            "hire/coffee/hire/hire/once.seq-2",
        ]
        assert {wish.due_at for wish in wishes} == {at("2027-01-06 08:00")}  # the next working hour
        assert {wish.grace_until for wish in wishes} == {at("2027-01-06 09:00")}  # until it begins

    def test_a_withdrawn_hire_keeps_only_the_cancellations(self) -> None:
        off = meeting(sequence=1, state=MeetingState.CANCELLED)
        seen = facts(meetings=(off,), invited=self.INVITED, state=HireState.WITHDRAWN)
        assert {wish.occasion for wish in plan(REMOTE, seen)} == {"once.seq-1"}


class TestAmend:
    NOW = at("2027-01-04 08:30")

    def wish(self, **more: object) -> Planned:
        known: dict[str, object] = {
            "hire_id": "hire",
            "step": "one",
            "verb": Verb.WRITE,
            "role": "hire",
            "person_id": "hire",
            "occasion": "once",
            "due_at": at("2027-01-04 09:00"),
            "grace_until": at("2027-01-07 09:00"),
            **more,
        }
        return Planned(**known)  # type: ignore[arg-type]  # tests vary what they like

    def test_a_late_wish_is_sent_at_the_next_working_moment_within_its_grace(self) -> None:
        evening = at("2027-01-05 19:00")
        assert kind_moment(self.wish(), evening, lambda one: calendars(cast())[one.person_id]).due_at == at(
            "2027-01-06 08:00"
        )

    def test_a_wish_whose_grace_is_over_says_when_it_was_due(self) -> None:
        (new,) = amended([self.wish()], [], at("2027-01-09 12:00")).insert
        assert (new.why, new.reason) == (Why.TOO_LATE, "too late: it was due on 2027-01-04")

    def test_what_is_planned_moves_and_says_because_of_what(self) -> None:
        there = stored(self.wish(due_at=at("2027-01-11 09:00")))
        assert amended([self.wish()], [there], self.NOW).reschedule == ((self.wish(), BECAUSE),)

    @pytest.mark.parametrize("held", [{"pinned": True}, {"attempts": 1}])
    def test_what_a_human_moved_or_what_is_tried_again_stays(self, held: dict[str, Any]) -> None:
        there = stored(self.wish(due_at=at("2027-01-05 09:00")), **held)
        assert amended([self.wish()], [there], self.NOW).empty

    def test_what_waits_in_the_queue_already_is_left_there(self) -> None:
        there = stored(self.wish(due_at=at("2027-01-04 08:00")))
        assert amended([self.wish(due_at=at("2027-01-04 07:00"))], [there], self.NOW).empty

    def test_what_is_planned_ends_when_the_new_moment_is_too_long_ago(self) -> None:
        there = stored(self.wish(due_at=at("2027-02-01 09:00")))
        old = self.wish(due_at=at("2026-12-01 09:00"), grace_until=at("2026-12-03 09:00"))
        ((row, why, reason),) = amended([old], [there], self.NOW).skip
        assert (row.key, why) == (there.key, Why.TOO_LATE)
        assert "2026-12-01" in reason

    def test_what_is_planned_ends_when_its_condition_or_its_person_is_gone(self) -> None:
        there = stored(self.wish())
        wish = self.wish(why=Why.CONDITION, reason="only for hires with a manager")
        assert amended([wish], [there], self.NOW).skip == ((there, Why.CONDITION, wish.reason),)

    @pytest.mark.parametrize("why", [Why.NOBODY, Why.CONDITION, Why.PLAN, Why.LEFT, Why.TOO_LATE])
    def test_what_ended_for_a_reason_that_is_gone_comes_back(self, why: Why) -> None:
        there = stored(self.wish(), state=State.SKIPPED, why=why)
        assert amended([self.wish()], [there], self.NOW).revive == ((self.wish(), BECAUSE),)

    def test_what_was_too_late_is_not_looked_at_again_with_each_change_of_something_else(self) -> None:
        wish = self.wish(due_at=self.NOW - timedelta(hours=1), grace_until=self.NOW + timedelta(days=3))
        closed = stored(wish, state=State.SKIPPED, why=Why.TOO_LATE, reason="the question is closed")
        assert amended([wish], [closed], self.NOW).empty
        longer = replace(wish, grace_until=self.NOW + timedelta(days=5))
        assert amended([longer], [closed], self.NOW).revive

    def test_what_a_human_skipped_never_comes_back(self) -> None:
        there = stored(self.wish(), state=State.SKIPPED, why=Why.BY_HAND)
        later = self.wish(due_at=at("2027-02-04 09:00"), grace_until=at("2027-02-09 09:00"))
        assert amended([later], [there], self.NOW).empty

    def test_what_found_nothing_comes_back_only_for_a_later_moment(self) -> None:
        there = stored(self.wish(), state=State.SKIPPED, why=Why.NO_NOTES)
        later = self.wish(due_at=at("2027-02-04 09:00"), grace_until=at("2027-02-09 09:00"))
        assert amended([self.wish()], [there], self.NOW).empty
        assert amended([later], [there], self.NOW).revive

    @pytest.mark.parametrize("state", [State.DONE, State.FAILED, *sorted(GONE)])
    def test_what_is_over_is_over(self, state: State) -> None:
        assert amended([self.wish()], [stored(self.wish(), state=state)], self.NOW).empty
        assert amended([], [stored(self.wish(), state=state)], self.NOW).empty

    @pytest.mark.parametrize(
        ("state", "why"), [(State.PLANNED, Why.NONE), (State.CLAIMED, Why.NONE), (State.SKIPPED, Why.NOBODY)]
    )
    def test_what_nobody_wishes_any_more_is_withdrawn(self, state: State, why: Why) -> None:
        there = stored(self.wish(), state=state, why=why)
        assert amended([], [there], self.NOW).withdraw == ((there, Why.PLAN, BECAUSE),)


def test_conditions_see_every_field_that_planning_tells_of_a_hire() -> None:
    known = Person(id="hire", first_name="Ami", interests=("tea",))
    seen = replace(cast(), people={**cast().people, "hire": known})
    (wish,) = plan(journey(step(only_if='"tea" in hire.interests')), facts(cast=seen))
    assert not wish.why
