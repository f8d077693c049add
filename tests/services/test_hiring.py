from __future__ import annotations

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.services.hiring import add_hire, leave, withdraw
from tests.alarms import KeptAlarms
from tests.worlds import MANILA, World, at, directory, person, record, world


def people_count(here: World) -> int:
    with here.engine.store.read() as books:
        return len(books.people.all())


class TestAddHire:
    def test_an_event_and_its_bare_data_are_taken_alike(self) -> None:
        with world() as here:
            bare = add_hire(here.engine, record(), here.now)
            wrapped = add_hire(here.engine, {"type": "hire.created", "data": record()}, here.now)
            assert (bare.created, wrapped.created) == (True, False)
            assert bare.will_send == wrapped.will_send

    def test_the_report_says_what_will_be_sent_and_what_not_with_the_reason(self) -> None:
        with world("2027-01-10 08:00") as here:
            report = here.enrol()
            assert "check_in_30 to hire" in report.will_send
            (late,) = [one for one in report.will_not_send if one.step == "welcome_card"]
            assert late.reason == "too late: it was due on 2027-01-04"

    @pytest.mark.parametrize(
        "broken",
        [
            None,
            [],
            "x",
            7,
            {},
            {"data": "x"},
            {"type": "hire.created"},
            {"type": "hire.updated", "data": record()},
        ],
    )
    def test_a_record_that_cannot_be_obeyed_is_refused_and_changes_nothing(self, broken: object) -> None:
        with world() as here:
            with pytest.raises(BadRecord):
                add_hire(here.engine, broken, here.now)
            assert people_count(here) == len(directory())

    def test_a_refusal_lists_every_field_at_once(self) -> None:
        with world() as here, pytest.raises(BadRecord) as refused:
            here.enrol(start_date="soon", time_zone="Mars/Olympus", work_email="no", personal_email="")
        assert len(refused.value.mistakes) >= 3

    def test_a_withdrawal_by_hand_works_as_an_event_too(self) -> None:
        with world() as here:
            here.enrol()
            report = add_hire(here.engine, {"type": "hire.withdrawn", "data": {"id": "n1"}}, here.now)
            assert (report.outcome, report.will_send) == ("withdrawn", ())


class TestWithdraw:
    def test_everything_unsent_ends_and_twice_is_once(self) -> None:
        with world() as here:
            here.enrol()
            first, second = withdraw(here.engine, "n1", here.now), withdraw(here.engine, "n1", here.now)
            assert first == second
            assert {one.state for one in here.rows()} <= {State.WITHDRAWN, State.SKIPPED}

    def test_somebody_unknown_is_not_found(self) -> None:
        with world() as here, pytest.raises(NotFound, match="there is no hire n9"):
            withdraw(here.engine, "n9", here.now)

    def test_the_alarms_of_the_cancellations_are_set(self) -> None:
        alarms = KeptAlarms()
        with world(alarms=alarms) as here:
            here.enrol()
            here.walk_to(at("2027-01-04 14:00"))
            withdraw(here.engine, "n1", here.now)
            off = here.row("first_coffee", "hire", "once.seq-1")
            assert f"run-due-steps/{off.due_at:%Y-%m-%dT%H:%MZ}" in alarms.names


def test_somebody_who_leaves_is_replaced_and_written_to_no_more() -> None:
    with world() as here:
        here.enrol()
        buddy = here.row("buddy_yes", "buddy").person_id
        assert leave(here.engine, buddy, here.now) == ["n1"]
        assert here.row("buddy_yes", "buddy").person_id != buddy
        with pytest.raises(NotFound):
            leave(here.engine, "nobody-known", here.now)


def test_a_withdrawn_hire_is_chosen_for_nobody_and_can_come_back() -> None:
    with world(people=[person("lead", MANILA, job_title="Lead")]) as here:
        here.enrol(id="early", start_date="2020-01-06", manager_id="lead")
        withdraw(here.engine, "early", here.now)
        here.enrol(manager_id="lead")
        with here.engine.store.read() as books:
            assert books.pairings.of_hire("n1") == []
        here.enrol(id="early", start_date="2020-01-06", manager_id="lead")
        with here.engine.store.read() as books:
            back = books.people.get("early")
        assert back is not None
        assert back.active


def test_what_follows_a_meeting_that_is_too_late_is_named_at_once() -> None:
    with world("2027-01-19 01:00") as here:
        reasons = {(one.step, one.reason) for one in here.enrol().will_not_send}
        assert ("met_partner_coffee", "the meeting it follows will not be arranged") in reasons
