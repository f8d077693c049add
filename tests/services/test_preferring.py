"""Do plans follow what people say of being matched?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.errors import BadAnswer, BadLink, BadRecord, Expired, NotFound
from onboarding.domain.meetings import Meeting, Pairing, PairingState
from onboarding.domain.preferences import NOTHING_SAID, Away, Change, Preferences, Teller
from onboarding.domain.sheets.people_file import OF_THE_KNOWN
from onboarding.services import reviewing
from onboarding.services.importing import ImportReport, import_hires, import_people
from onboarding.services.kept_apart import Still
from onboarding.services.meetings import others
from onboarding.services.opting_out import set_opted_out
from onboarding.services.preferring import (
    Excluded,
    Held,
    choose,
    exclude,
    open_preferences,
    pause,
    shown,
    takes_part_in,
)
from onboarding.services.swapping import Swap, swap
from tests.worlds import MANILA, World, at, person, world

ROLES = ["buddy", "peer", "partner", "mentor"]


def token(here: World, person_id: str) -> str:
    return here.engine.links.preferences(person_id).rpartition("/")[2]


def pick(here: World, person_id: str, **sent: str | list[str]) -> Held:
    given: dict[str, str | list[str]] = {
        "programmes": ROLES,
        "works_from": "09:00",
        "works_until": "17:00",
        **sent,
    }
    raw = {name: [one] if isinstance(one, str) else one for name, one in given.items()}
    return choose(here.engine, token(here, person_id), raw, here.now)


def live(here: World, role: str, hire_id: str = "n1") -> list[Pairing]:
    with here.engine.store.read() as books:
        found = [one for one in books.pairings.of_hire(hire_id) if one.role == role]
    return [one for one in found if one.state in (PairingState.PROVISIONAL, PairingState.ANNOUNCED)]


def buddy(here: World, hire_id: str = "n1") -> str:
    (found,) = live(here, "buddy", hire_id)
    return found.person_id


def said(here: World, person_id: str) -> Preferences:
    with here.engine.store.read() as books:
        return books.preferences.get(person_id)


def history(here: World, person_id: str) -> list[Change]:
    with here.engine.store.read() as books:
        return books.preferences.history(person_id)


def apart(here: World) -> list[reviewing.ReviewItem]:
    return [one for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.ROLE]


def meetings(here: World) -> list[Meeting]:
    with here.engine.store.read() as books:
        return books.meetings.of_hire("n1")


def coffee(here: World) -> Meeting:
    (found,) = [one for one in meetings(here) if one.step == "first_coffee"]
    return found


CHANGES = [
    {"programmes": ["peer", "partner", "mentor"]},
    {"programmes": []},
    {"paused_until": "2027-02-01"},
    {"away_first": "2027-01-05", "away_last": "2027-01-05"},
    {"capacity": "0"},
]


@pytest.mark.parametrize("sent", CHANGES)
def test_somebody_who_was_only_pencilled_in_is_replaced_at_once(sent: dict[str, str | list[str]]) -> None:
    with world() as here:
        here.enrol()
        first = buddy(here)
        pick(here, first, **sent)
        assert buddy(here) != first
        assert not [
            one
            for one in here.rows()
            if one.person_id == first and one.role == "buddy" and one.state is State.PLANNED
        ]


@pytest.mark.parametrize("sent", [{"paused_until": "2027-01-04"}, {"capacity": "1"}, {"programmes": ["buddy"]}])
def test_what_does_not_touch_the_role_changes_nobody(sent: dict[str, str | list[str]]) -> None:
    with world() as here:
        here.enrol()
        first = buddy(here)
        pick(here, first, **sent)
        assert buddy(here) == first


def test_somebody_who_was_announced_stays() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-23 12:00"))
        first = buddy(here)
        pick(here, first, paused_until="2027-02-01")
        assert buddy(here) == first


def test_a_meeting_to_which_both_were_invited_moves_when_one_of_them_says_that_they_are_away() -> None:
    with world() as here:
        here.enrol()
        here.hear_yes()
        here.walk_to(here.row("first_coffee").due_at)
        before = coffee(here)
        day = before.starts_at.date()
        (guide,) = others(before, "n1")
        pick(here, guide, away_first=f"{day}", away_last=f"{day}")
        after = coffee(here)
        assert (after.sequence, after.moved_from) == (before.sequence + 1, before.starts_at)
        assert after.starts_at.date() > day
        told = {
            one.person_id for one in here.rows() if one.occasion == "once.seq-1" and one.state is State.PLANNED
        }
        assert told == {guide, "n1"}


def test_a_meeting_with_somebody_who_has_no_role_that_was_matched_moves_at_once_too() -> None:
    with world() as here:
        here.enrol()
        here.hear_yes()
        here.walk_to(here.row("welcome_round", "manager").due_at)
        (before,) = [one for one in meetings(here) if one.step == "welcome_round"]
        assert "manila-lead" in before.people
        day = before.starts_at.date()
        pick(here, "manila-lead", away_first=f"{day}", away_last=f"{day}")
        (after,) = [one for one in meetings(here) if one.step == "welcome_round"]
        assert after.starts_at.date() != day


def test_an_absence_long_after_the_first_days_counts_for_the_mentor_only() -> None:
    with world() as here:
        here.enrol()
        (mentor,) = live(here, "mentor")
        pick(here, mentor.person_id, away_first="2027-01-04", away_last="2027-01-15")
        assert live(here, "mentor")[0].person_id == mentor.person_id
        pick(here, mentor.person_id, away_first="2027-02-01", away_last="2027-02-28")
        assert live(here, "mentor")[0].person_id != mentor.person_id


def test_a_smaller_capacity_gives_the_surplus_to_others() -> None:
    people = [
        person("boss", MANILA),
        person("pal", MANILA, manager_id="boss"),
        person("kim", MANILA, manager_id="boss"),
    ]
    with world(people=people) as here:
        pick(here, "pal", capacity="2")
        pick(here, "kim", capacity="0")
        for number in range(2):
            here.enrol(id=f"h{number}", work_email=f"h{number}@example.com", manager_id="boss")
        assert [buddy(here, f"h{number}") for number in range(2)] == ["pal", "pal"]
        pick(here, "pal", capacity="1")
        assert sorted(len(live(here, "buddy", f"h{number}")) for number in range(2)) == [0, 1]


def test_a_larger_capacity_than_the_step_is_their_word() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, manager_id="boss")]) as here:
        pick(here, "pal", capacity="3")
        for number in range(4):
            here.enrol(id=f"h{number}", work_email=f"h{number}@example.com", manager_id="boss")
        assert [len(live(here, "buddy", f"h{number}")) for number in range(4)] == [1, 1, 1, 0]


def test_whoever_leaves_one_programme_gets_no_optional_mail_of_it() -> None:
    with world() as here:
        here.enrol()
        row = here.row("welcome_notes", "peer")
        here.walk_to(row.due_at - timedelta(minutes=1))
        assert {one.state for one in live(here, "peer")} == {PairingState.ANNOUNCED}
        pick(here, row.person_id, programmes=["buddy"])
        here.walk_to(at("2026-12-29 12:00"))
        after = next(one for one in here.rows() if one.key == row.key)
        assert (after.state, after.why) == (State.SKIPPED, Why.OPTED_OUT)


class TestKept:
    def test_everything_that_was_said_is_held_and_nothing_else_changes(self) -> None:
        with world() as here:
            held = pick(
                here, "berlin-1", languages="Spanish", interests="Tea", capacity="2", programmes=["coffee"]
            )
            again = open_preferences(here.engine, token(here, "berlin-1"), here.now)
            assert (again.person, again.preferences) == (held.person, held.preferences)
            assert takes_part_in(again) == ("coffee",)
            assert (again.preferences.languages, again.person.interests) == (("es",), ("Tea",))
            assert set(held.changed) == {"opted_in", "opted_out", "capacity", "languages", "interests"}

    def test_the_same_twice_is_one_version(self) -> None:
        with world() as here:
            assert pick(here, "berlin-1", capacity="2").changed
            assert pick(here, "berlin-1", capacity="2").changed == ()
            assert [one.changed_by for one in history(here, "berlin-1")] == [Teller.PERSON]

    def test_a_mistake_keeps_nothing(self) -> None:
        with world() as here:
            with pytest.raises(BadAnswer):
                pick(here, "berlin-1", capacity="2", paused_until="2020-01-01")
            assert said(here, "berlin-1") == NOTHING_SAID

    def test_logs_do_not_tell_which_two_are_kept_apart(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO")
        with world() as here:
            here.enrol()
            caplog.clear()
            exclude(here.engine, "n1", buddy(here), here.now)
            exclude(here.engine, "berlin-1", "berlin-2", here.now)
            exclude(here.engine, "berlin-1", "berlin-2", here.now, apart=False)
            changed = [one for one in caplog.records if one.getMessage() == "preferences.changed"]
            assert len(changed) == 3
            assert not [one for one in caplog.records if hasattr(one, "person") or "berlin" in str(vars(one))]

    def test_exclusions_survive_what_somebody_says_on_their_page(self) -> None:
        with world() as here:
            exclude(here.engine, "berlin-1", "berlin-2", here.now)
            pick(here, "berlin-1", capacity="2")
            assert said(here, "berlin-1").excluded == {"berlin-2"}

    def test_today_is_the_date_where_the_person_is(self) -> None:
        with world("2026-12-01 20:00") as here:  # already the second in Manila
            with pytest.raises(BadAnswer):
                pick(here, "manila-1", paused_until="2026-12-02")
            pick(here, "chicago-1", paused_until="2026-12-02")

    def test_a_link_for_nobody_for_somebody_who_left_or_for_something_else_opens_nothing(self) -> None:
        with world() as here:
            with here.engine.store.begin() as books:
                books.people.put(person("gone", active=False))
            for link, error in (
                (token(here, "nobody"), NotFound),
                (token(here, "gone"), Expired),
                (here.engine.links.unsubscribe("berlin-1").rpartition("/")[2], BadLink),
            ):
                with pytest.raises(error):
                    open_preferences(here.engine, link, here.now)
                with pytest.raises(error):
                    choose(here.engine, link, {}, here.now)


class TestOneClick:
    def out(self, here: World, person_id: str, *, out: bool) -> None:
        set_opted_out(here.engine, here.engine.links.unsubscribe(person_id).rpartition("/")[2], here.now, out=out)

    def test_it_leaves_everything_and_coming_back_restores_what_was_chosen(self) -> None:
        with world() as here:
            pick(here, "berlin-1", programmes=["coffee", "buddy"])
            self.out(here, "berlin-1", out=True)
            assert takes_part_in(shown(here.engine, "berlin-1", here.now)) == ()
            self.out(here, "berlin-1", out=False)
            assert takes_part_in(shown(here.engine, "berlin-1", here.now)) == ("coffee", "buddy")
            changed = [one.fields for one in history(here, "berlin-1")][1:]
            assert changed == [("all_programmes",), ("all_programmes",)]

    def test_whoever_comes_back_and_had_said_no_to_every_role_takes_part_again(self) -> None:
        with world() as here:
            pick(here, "berlin-1", programmes=["coffee"])
            self.out(here, "berlin-1", out=True)
            self.out(here, "berlin-1", out=False)
            assert takes_part_in(shown(here.engine, "berlin-1", here.now)) == ("coffee", *ROLES)


class TestHr:
    def test_two_who_are_excluded_are_not_matched_and_included_they_may_be(self) -> None:
        with world() as here:
            here.enrol()
            first = buddy(here)
            assert exclude(here.engine, first, "n1", here.now) == Excluded(hires=["n1"])
            assert buddy(here) != first
            assert said(here, "n1").excluded == {first}
            exclude(here.engine, "n1", first, here.now, apart=False)
            assert (said(here, "n1"), said(here, first)) == (NOTHING_SAID, NOTHING_SAID)
            assert [one.changed_by for one in history(here, first)] == [Teller.HR, Teller.HR]

    def test_whoever_was_announced_stays_and_hr_hears_of_it(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-23 04:00"))
            first = buddy(here)
            found = exclude(here.engine, first, "n1", here.now)
            assert found.still == (Still(hire_id="n1", role="buddy", person_id=first),)
            assert buddy(here) == first
            swap(here.engine, Swap(hire_id="n1", role="buddy", former=first), here.now)
            assert exclude(here.engine, "n1", first, here.now).still == ()
            assert exclude(here.engine, "n1", buddy(here), here.now, apart=False).still == ()

    def test_a_pause_can_be_set_and_ended(self) -> None:
        with world() as here:
            here.enrol()
            first = buddy(here)
            assert pause(here.engine, first, date(2027, 2, 1), here.now) == ["n1"]
            assert said(here, first).paused_until == date(2027, 2, 1)
            pause(here.engine, first, None, here.now)
            assert said(here, first) == NOTHING_SAID

    def test_a_slip_changes_nothing(self) -> None:
        with world() as here:
            with pytest.raises(BadRecord):
                exclude(here.engine, "berlin-1", "berlin-1", here.now)
            with pytest.raises(NotFound):
                exclude(here.engine, "berlin-1", "nobody-known", here.now)
            with pytest.raises(BadRecord):
                pause(here.engine, "berlin-1", date(2026, 12, 1), here.now)
            with pytest.raises(NotFound):
                shown(here.engine, "nobody-known", here.now)
            assert said(here, "berlin-1") == NOTHING_SAID


HEADER = "id,first_name,work_email,time_zone,country,opt_in,opt_out,paused_until,capacity,away,exclude"
FLEXIBLE = "id,first_name,work_email,time_zone,country,flexible_before,flexible_after"


def row(person_id: str, cells: str) -> str:
    return f"{person_id},{person_id},{person_id}@example.com,Asia/Manila,PH,{cells}"


class TestFiles:
    def take(self, here: World, *rows: str, dry_run: bool = False) -> ImportReport:
        return import_people(here.engine, "\n".join([HEADER, *rows, ""]), here.now, dry_run=dry_run)

    def test_a_file_says_all_of_it_and_a_second_time_changes_nothing(self) -> None:
        line = row("pal", "coffee,mentor,2027-02-01,1,2027-01-04..2027-01-08,kim")
        with world() as here:
            report = self.take(here, line, row("kim", ",,,,,"))
            assert report.refused == ()
            assert said(here, "pal") == Preferences(
                opted_in=frozenset({"coffee"}),
                opted_out=frozenset({"mentor"}),
                paused_until=date(2027, 2, 1),
                capacity=1,
                away=(Away(first=date(2027, 1, 4), last=date(2027, 1, 8)),),
                excluded=frozenset({"kim"}),
            )
            assert said(here, "kim").excluded == {"pal"}
            assert self.take(here, line).counts["as before"] == 1
            assert len(history(here, "pal")) == 1

    def test_a_file_says_how_far_hours_stretch_and_a_0_takes_it_back_but_no_empty_cell(self) -> None:
        with world() as here:
            stretches = []
            for cells in ("30,90", ",", "0,60", "0,", ",0"):
                import_people(here.engine, "\n".join([FLEXIBLE, row("pal", cells), ""]), here.now)
                stretches.append((said(here, "pal").flexible_before, said(here, "pal").flexible_after))
            assert stretches == [(30, 90), (30, 90), (0, 60), (0, 60), (0, 0)]
            assert [one.fields for one in history(here, "pal")] == [
                ("flexible_before", "flexible_after"),
                ("flexible_before", "flexible_after"),
                ("flexible_after",),
            ]

    def test_a_hire_s_file_takes_back_a_stretch_too(self) -> None:
        header = "id,first_name,work_email,start_date,time_zone,flexible_before"
        with world() as here:
            stretches = []
            for cell in ("120", "", "0"):
                line = f"n9,Nia,nia@example.com,2027-01-04,Asia/Manila,{cell}"
                import_hires(here.engine, f"{header}\n{line}\n", here.now)
                stretches.append(said(here, "n9").flexible_before)
            assert stretches == [120, 120, 0]

    def test_a_plain_no_to_everything_is_in_the_history_too(self) -> None:
        with world() as here:
            for _ in range(2):
                self.take(here, row("pal", ",yes,,,,"))
            (change,) = history(here, "pal")
            assert (change.changed_by, change.fields) == (Teller.HR, ("all_programmes",))
            assert takes_part_in(shown(here.engine, "pal", here.now)) == ()

    def test_a_file_that_keeps_apart_two_who_were_told_is_reviewed_until_one_of_them_is_swapped(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-23 04:00"))
            first = buddy(here)
            self.take(here, row(first, ",,,,,n1"))
            assert buddy(here) == first
            (item,) = apart(here)
            ends = f"`onboarding match swap n1 buddy --from {first}`"
            assert (item.hire_id, item.since) == ("n1", here.now)
            assert item.text.endswith(f"since both were told; {ends} ends it")
            here.now += timedelta(hours=1)
            swap(here.engine, Swap(hire_id="n1", role="buddy", former=first), here.now)
            assert apart(here) == []

    def test_whoever_may_be_matched_again_needs_no_review(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-23 04:00"))
            exclude(here.engine, "n1", buddy(here), here.now)
            assert len(apart(here)) == 1
            exclude(here.engine, "n1", buddy(here), here.now, apart=False)
            assert apart(here) == []

    def test_a_file_of_ids_and_preferences_changes_these_of_whoever_is_known(self) -> None:
        text = (
            "id,Remark,opt_in,capacity,exclude\nmanila-1,Whoever,coffee,1,manila-2\nwho,,coffee,,\nmanila-2,,,,\n"
        )
        with world() as here:
            before = shown(here.engine, "manila-1", here.now).person
            rehearsed = import_people(here.engine, text, here.now, dry_run=True)
            assert said(here, "manila-1") == NOTHING_SAID
            report = import_people(here.engine, text, here.now)
            assert report.counts == rehearsed.counts == {"new": 0, "changed": 2, "as before": 0, "left": 0}
            (refused,) = report.refused
            assert (refused.id, refused.reason.partition(",")[0]) == ("who", "id: nobody with this id is known")
            assert shown(here.engine, "manila-1", here.now).person == before
            assert said(here, "manila-1") == Preferences(
                opted_in=frozenset({"coffee"}), capacity=1, excluded=frozenset({"manila-2"})
            )
            assert OF_THE_KNOWN in report.remarks
            assert shown(here.engine, "manila-2", here.now).person.active

    def test_such_a_file_changes_what_else_it_names_and_nothing_more(self) -> None:
        with world() as here:
            here.enrol()
            known = shown(here.engine, "manila-1", here.now).person
            text = "id,team,opt_out,location\nmanila-1,Web,yes,\nn1,Apps,mentor,\n"
            assert import_people(here.engine, text, here.now).refused == ()
            assert shown(here.engine, "manila-1", here.now).person == replace(known, team="Web", opted_out=True)
            newcomer = shown(here.engine, "n1", here.now)
            assert (newcomer.person.team, *newcomer.preferences.opted_out) == ("Apps", "mentor")
            assert newcomer.person.personal_email

    def test_a_file_of_hires_needs_all_that_a_hire_needs(self) -> None:
        with world() as here, pytest.raises(BadRecord, match="no column first_name"):
            import_hires(here.engine, "id,opt_in\nmanila-1,coffee\n", here.now)

    def test_a_rehearsal_keeps_nothing(self) -> None:
        with world() as here:
            report = self.take(here, row("pal", ",,,1,,chief"), dry_run=True)
            assert (report.accepted, said(here, "pal"), said(here, "chief")) == (1, NOTHING_SAID, NOTHING_SAID)

    def test_an_exclusion_of_somebody_unknown_is_refused_with_its_column(self) -> None:
        with world() as here:
            (refused,) = self.take(here, row("pal", ",,,,,nobody-known")).refused
            assert refused.reason.startswith("exclude: names somebody who is neither")
            assert refused.mistakes[0].column == "exclude"
            assert said(here, "pal") == NOTHING_SAID

    def test_a_file_cannot_take_back_what_somebody_said_no_to(self) -> None:
        with world() as here:
            pick(here, "manila-1", programmes=["buddy"])
            report = self.take(here, row("manila-1", "coffee; buddy,,,,,"))
            assert "coffee" not in said(here, "manila-1").opted_in
            assert "opt_in: manila-1 said no" in " ".join(report.remarks)

    def test_a_file_replaces_a_provisional_buddy_who_pauses(self) -> None:
        with world() as here:
            here.enrol()
            first = buddy(here)
            self.take(here, row(first, ",,2027-03-01,,,"))
            assert buddy(here) != first

    def test_what_people_say_of_themselves_outlives_a_file_that_does_not_speak_of_it(self) -> None:
        with world() as here:
            pick(here, "manila-1", interests="Tea", works_from="10:00")
            self.take(here, row("manila-1", ",,,,,"))
            held = shown(here.engine, "manila-1", here.now)
            assert (held.person.interests, held.person.working_hours.start.hour) == (("Tea",), 10)

    def test_a_file_of_hires_can_keep_somebody_apart_from_the_start(self) -> None:
        header = "id,first_name,work_email,start_date,time_zone,country,exclude"
        line = "n9,Nia,nia@example.com,2027-01-04,Asia/Manila,PH,"
        with world() as here:
            here.enrol(id="n9", work_email="nia@example.com")
            first = buddy(here, "n9")
        with world() as here:
            report = import_hires(here.engine, f"{header}\n{line}{first}\n", here.now)
            assert report.refused == ()
            assert said(here, first).excluded == {"n9"}
            assert buddy(here, "n9") != first

    def test_a_hire_whose_exclusion_is_unknown_is_not_enrolled(self) -> None:
        header = "id,first_name,work_email,start_date,time_zone,exclude"
        with world() as here:
            report = import_hires(
                here.engine, f"{header}\nn9,Nia,nia@example.com,2027-01-04,Asia/Manila,who\n", here.now
            )
            assert len(report.refused) == 1
            with here.engine.store.read() as books:
                assert books.hires.get("n9") is None


def test_somebody_who_comes_back_may_be_chosen_for_the_next_hire() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, manager_id="boss")]) as here:
        pick(here, "pal", paused_until="2027-02-01")
        here.enrol(manager_id="boss")
        assert "1 takes a break from matching" in here.row("buddy_yes", "buddy").reason
        pause(here.engine, "pal", None, here.now)
        with here.engine.store.begin() as books:
            known = books.people.get("pal")
            assert known is not None
            books.people.put(replace(known, job_title="Lead"))
        here.enrol(id="n2", manager_id="boss", start_date="2027-01-11")
        assert buddy(here, "n2") == "pal"
