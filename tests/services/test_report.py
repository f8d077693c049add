from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, event

from onboarding.domain.errors import BadRecord
from onboarding.domain.people import HireState
from onboarding.domain.report import Every, Part, Report
from onboarding.services.report import make
from tests.newcomers import MONTHS, NOW, fill
from tests.worlds import World, at, world


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    """A company with sixty newcomers of eight months."""
    with world() as here:
        fill(here.engine.store)
        yield here


@pytest.fixture(scope="module")
def found(here: World) -> Report:
    return make(here.engine, NOW)


def part(found: Report, key: str) -> Part:
    one = found.part(key)
    assert one is not None
    return one


def test_the_last_twelve_months_are_reported_month_by_month(found: Report) -> None:
    assert (found.first, found.last, found.every) == (date(2026, 10, 1), date(2027, 9, 30), Every.MONTH)
    assert found.newcomers == sum(MONTHS)
    assert [one.name for one in part(found, "newcomers").lines] == [f"2027-0{month}" for month in range(1, 9)]


def test_a_small_month_is_hidden_with_company_and_in_every_table_over_time(found: Report) -> None:
    hidden = {one.name for one in part(found, "newcomers").lines if one.is_hidden}
    assert hidden == {"2027-04", "2027-06"}
    over_time = [one for one in found.parts if one.key.endswith("_over_time")]
    assert len(over_time) == 3
    for table in over_time:
        assert hidden <= {one.name for one in table.lines if one.is_hidden}
        assert table.whole is not None
        assert not table.whole.is_hidden


def test_answers_are_counted_by_form_and_over_time_alike(here: World, found: Report) -> None:
    by_form, over_time = part(found, "answers"), part(found, "answers_over_time")
    assert by_form.whole == over_time.whole
    forms = {one.name: one for one in by_form.lines}
    assert forms["peer_note"].told["asked"] == 3 * sum(MONTHS)
    assert forms["peer_note"].people == sum(MONTHS)
    assert found.forms["check_in_30"] == "Your first 30 days"
    with here.engine.store.read() as books:
        assert by_form.whole is not None
        assert by_form.whole.told["answered"] == books.asks.count_answers()


def test_a_measure_over_time_follows_the_first_form_that_asks_it(found: Report) -> None:
    for measure, figure in (("enps", "enps"), ("connected", "share")):
        by_form, over_time = part(found, measure), part(found, f"{measure}_over_time")
        assert [one.name for one in by_form.lines] == ["check_in_30", "check_in_60", "check_in_90"]
        assert over_time.whole is not None
        assert over_time.whole.told[figure] == by_form.lines[0].told[figure]
        assert over_time.whole.people == by_form.lines[0].people


def test_enps_is_that_of_the_newest_answers(here: World, found: Report) -> None:
    with here.engine.store.read() as books:
        answers = [one for _, one in books.asks.of_cohort({"check_in_30"}, None, None) if one]
    scores = [one.values["recommend"] for one in answers]
    promoters, detractors = (scores.count(9) + scores.count(10)), sum(int(str(one)) <= 6 for one in scores)
    assert part(found, "enps").lines[0].told["enps"] == pytest.approx(100 * (promoters - detractors) / len(scores))


def test_everybody_is_in_one_group_of_how_often_and_how_soon_they_met(found: Report) -> None:
    for key in ("meetings", "first_contact"):
        table = part(found, key)
        assert sum(one.people or 0 for one in table.lines) == sum(MONTHS)
        assert not any(one.is_hidden for one in table.lines)


def test_steps_are_counted_by_what_became_of_them(found: Report) -> None:
    table = part(found, "steps")
    assert [one.name for one in table.lines][:2] == ["in_time", "late"]
    assert table.lines[0].told["share"] > 0.8
    assert any(one.name == "skipped:condition" for one in table.lines)
    assert not any(one.is_hidden for one in table.lines)


def test_nothing_is_told_of_four_newcomers_or_of_none() -> None:
    for months, newcomers in (((4,), None), ((), 0)):
        with world() as here:
            fill(here.engine.store, months)
            found = make(here.engine, NOW)
            assert (found.newcomers, found.parts, found.forms) == (newcomers, (), {})


def test_mostly_small_months_become_quarters() -> None:
    with world() as here:
        fill(here.engine.store, (3, 2, 2, 4, 2))
        found = make(here.engine, NOW)
        assert found.every is Every.QUARTER
        assert [(one.name, one.people) for one in part(found, "newcomers").lines] == [
            ("2027-Q1", 7),
            ("2027-Q2", 6),
        ]


def test_who_has_not_begun_or_does_not_come_is_left_out() -> None:
    with world() as here:
        fill(here.engine.store, (7,))
        assert (
            make(here.engine, at("2026-12-31 09:00"), first=date(2027, 1, 1), last=date(2027, 1, 31)).newcomers
            == 0
        )
        with here.engine.store.begin() as books:
            one = books.hires.get("h1")
            assert one is not None
            books.hires.put(replace(one, state=HireState.WITHDRAWN))
        assert make(here.engine, NOW).newcomers == 6


def test_more_newcomers_need_no_more_questions_to_the_store() -> None:
    def questions(months: tuple[int, ...]) -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        with world() as here:
            fill(here.engine.store, months)
            event.listen(Engine, "before_cursor_execute", note)
            try:
                make(here.engine, NOW)
            finally:
                event.remove(Engine, "before_cursor_execute", note)
        return len(asked)

    assert questions((5, 5)) == questions((9, 9, 9)) > 0


def test_a_range_is_whole_months_and_must_go_forward(here: World) -> None:
    found = make(here.engine, NOW, first=date(2027, 2, 14), last=date(2027, 3, 1))
    assert (found.first, found.last, found.newcomers) == (date(2027, 2, 1), date(2027, 3, 31), 16)
    with pytest.raises(BadRecord, match="the last day lies before the first"):
        make(here.engine, NOW, first=date(2027, 2, 14), last=date(2027, 1, 1))
