from __future__ import annotations

import tomllib
from datetime import time

import pytest

from onboarding import paths
from onboarding.domain.errors import BadWords
from onboarding.domain.journey import Count, Journey, Span, Unit, Verb
from onboarding.domain.journey_file import read_journey
from onboarding.domain.journey_step import parse_span
from onboarding.domain.people import Role

ASK = """
[[step]]
key = "question"
title = "A question"
ask = "pulse"
of = "buddy"
day = 1
"""

MEET = """
[[step]]
key = "coffee"
title = "Coffee"
meet = "coffee"
with = ["hire", "buddy"]
day = 1
weeks = [2, 3]
"""


def read(text: str, title: str = 'title = "A journey"') -> Journey:
    return read_journey("short", "journeys/short.toml", tomllib.loads(f"{title}\n{text}"))


def mistakes(text: str, title: str = 'title = "A journey"') -> list[str]:
    with pytest.raises(BadWords) as refused:
        read(text, title)
    for line in refused.value.mistakes:
        assert line.startswith("journeys/short.toml")
    return [line.removeprefix("journeys/short.toml, ") for line in refused.value.mistakes]


def step(*lines: str, **changes: str) -> str:
    """A write step, with lines added and values changed; a value of "" takes the line out."""
    values = {"key": '"card"', "title": '"Card"', "write": '"card"', "to": '"hire"', "day": "1"} | changes
    return "\n".join(["[[step]]", *(f"{key} = {value}" for key, value in values.items() if value), *lines]) + "\n"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3 working days", Span(count=3, unit=Unit.WORKING_DAYS)),
        ("1 working day", Span(count=1, unit=Unit.WORKING_DAYS)),
        (" 36  hours ", Span(count=36, unit=Unit.HOURS)),
        ("1 day", Span(count=1, unit=Unit.DAYS)),
        ("2 weeks", Span(count=2, unit=Unit.WEEKS)),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, span: Span) -> None:
    assert parse_span(text) == span
    assert parse_span(str(span)) == span


@pytest.mark.parametrize(
    "text", ["", "3", "days", "0 days", "-1 days", "1.5 days", "3 months", "99999 days", "٣ days x"]
)
def test_whatever_else_is_no_span(text: str) -> None:
    with pytest.raises(BadWords, match="hours, days, working days, weeks"):
        parse_span(text)


def test_the_shipped_journey_is_read() -> None:
    file = paths.shipped_templates() / "journeys" / "remote.toml"
    journey = read_journey("remote", "journeys/remote.toml", tomllib.loads(file.read_text(encoding="utf-8")))
    assert {one.verb for one in journey.steps} == set(Verb)
    assert sum(len(one.occasions) for one in journey.steps if one.verb is Verb.MEET) >= 4


def test_a_step_has_the_values_that_it_was_given() -> None:
    text = step(
        'notes_of = "question"',
        'without = "card_alone"',
        'needs = ["buddy"]',
        'only_if = "hire.team != \\"\\""',
        'grace = "1 week"',
        'count = "calendar"',
        to='["hire", "manager"]',
        day="-30",
        at='"9:05"',
    )
    card = read(ASK + text).step("card")
    assert card is not None
    assert (card.verb, card.subject, card.roles) == (Verb.WRITE, "card", (Role.HIRE, Role.MANAGER))
    assert (card.day, card.count, card.at) == (-30, Count.CALENDAR, time(9, 5))
    assert (card.notes_of, card.without, card.needs) == ("question", "card_alone", (Role.BUDDY,))
    assert (card.grace, card.only_if) == (Span(count=1, unit=Unit.WEEKS), 'hire.team != ""')


def test_what_is_not_given_keeps_its_default() -> None:
    question = read(ASK).steps[0]
    assert (question.at, question.count, question.weeks) == (time(10), Count.WORKING, ())
    assert str(question.grace) == "3 working days"
    assert str(question.remind_after) == "2 working days"
    assert str(question.closes_after) == "5 working days"


def test_an_ask_may_go_without_a_reminder() -> None:
    assert read(ASK + 'remind_after = "never"').steps[0].remind_after is None


def test_toml_may_write_the_hour_in_its_own_way() -> None:
    assert read(step(at="08:30:00")).steps[0].at == time(8, 30)


def test_weeks_are_read_in_order_and_once() -> None:
    assert read(MEET.replace("[2, 3]", "[3, 2, 3]")).steps[0].occasions == ("week-2", "week-3")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (step("colour = 1"), 'step "card": unknown "colour"; allowed: key, title, day, '),
        (step("greace = 1"), 'step "card": unknown "greace"; did you mean grace? '),
        (step(write=""), 'step "card": has no verb; exactly one of: match, ask, write, meet, watch'),
        (step('ask = "pulse"'), 'step "card": has ask and write; exactly one of: match, ask, write, meet, watch'),
        (step("minutes = 3"), 'step "card": minutes belongs to meet, not to write'),
        (step(key=""), "step number 1: key is missing; it is a text"),
        (step(key='"Card one"'), 'step "Card one": key = "Card one": use small letters, digits and _ only'),
        (step(title=""), 'step "card": title is missing; it is a text'),
        (step(to='"hires"'), 'step "card": to: unknown "hires"; did you mean hire? allowed: hire, manager, buddy'),
        (step(to='"peers"'), 'step "card": to: unknown "peers"; did you mean peer? '),
        (step(to='["hire", "hire"]'), 'step "card": to names a role twice'),
        (step(to="[]"), 'step "card": to must be a role, or a list of roles: hire, manager'),
        (step(to=""), 'step "card": to must be a role, or a list of roles: hire, manager'),
        (step(to="[1]"), 'step "card": to: unknown "1"; allowed: hire'),
        (step(to="[[1]]"), 'step "card": to: unknown "[1]"; allowed: hire'),
        (step(day=""), 'step "card": day is missing; 1 is the first day'),
        (step(day="0"), 'step "card": day must not be 0; 1 is the first day'),
        (step(day="true"), 'step "card": day must be a whole number from -120 to 400, not True'),
        (step(day="5000"), 'step "card": day must be a whole number from -120 to 400, not 5000'),
        (step(at='"24:00"'), 'step "card": at must be an hour such as "09:30", not 24:00'),
        (step(at='"nine"'), 'step "card": at must be an hour such as "09:30", not nine'),
        (step(at="9"), 'step "card": at must be an hour such as "09:30", not 9'),
        (
            step('grace = "soon"'),
            'step "card": grace: "soon" is not a length of time; write a number and one of: hours',
        ),
        (step("grace = 3"), 'step "card": grace: "3" is not a length of time'),
        (step('count = "moons"'), 'step "card": count: unknown "moons"; allowed: working, calendar'),
        (step("weeks = [0]"), 'step "card": weeks must be a list of numbers from 1 to 60'),
        (step("weeks = []"), 'step "card": weeks must be a list of numbers from 1 to 60'),
        (step("weeks = [true]"), 'step "card": weeks must be a list of numbers from 1 to 60'),
        (step("weeks = [2]", day="-1"), 'step "card": day must be 1 or more together with weeks'),
        (step("weeks = [2]", day="6"), 'step "card": day is the working day inside the week, 1 to 5'),
        (
            step('count = "calendar"', "weeks = [2]"),
            'step "card": count = "calendar" means nothing together with weeks',
        ),
        (step('only_if = "hire.name == 1"'), 'step "card": only_if: a condition here cannot use hire.name; '),
        (step('only_if = "hire.team = 1"'), 'step "card": only_if: not a condition (write it like'),
        (step("only_if = 1"), 'step "card": only_if must be a text'),
        (
            step('unless_met = "lately"'),
            'step "card": unless_met: "lately" is not a length of time; write a number',
        ),
        (step('optional = "yes"'), 'step "card": optional must be true or false, without quotation marks'),
        (ASK + 'needs = "pal"', 'step "question": needs: unknown "pal"'),
        (ASK + 'unless_met = "2 days"', 'step "question": unless_met belongs to write, not to ask'),
        (
            step('waits_for = "coffee"') + MEET,
            'step "card": waits_for: no ask step has that key: unknown "coffee"',
        ),
        (
            step('waits_for = "question"') + ASK,
            'step "card": waits_for: "question" asks the buddy, so this step must be for them alone',
        ),
        (
            step('waits_for = "question"', to='"buddy"') + ASK + "weeks = [2]",
            'step "card": waits_for: "question" has the weeks [2]; this step must have weeks among them',
        ),
        (
            step('waits_for = "question"', to='"buddy"', day="-1") + ASK,
            'step "card": day -1 is too early: "question" comes on day 1',
        ),
        (MEET + 'waits_for = "question"', 'step "coffee": waits_for belongs to ask and write, not to meet'),
        (step('without = "card_alone"'), 'step "card": without means nothing unless notes_of is there'),
        (step('notes_of = "coffee"') + MEET, 'step "card": notes_of: no ask step has that key: unknown "coffee"'),
        (step('notes_of = "qestion"') + ASK, 'unknown "qestion"; did you mean question? allowed: question'),
        (step('after = "question"') + ASK, 'step "card": after: no meet step has that key: unknown "question"'),
        (step('after = "coffee"') + MEET, 'step "card": after: "coffee" has the weeks [2, 3]; '),
        (step('after = "coffee"', "weeks = [4]") + MEET, 'step "card": after: "coffee" has the weeks [2, 3]; '),
        (step('after = "coffee"', "weeks = [2]", day="-2") + MEET, "day must be 1 or more together with after"),
        (MEET.replace('["hire", "buddy"]', '["hire"]'), 'step "coffee": with must be a list of at least 2 roles'),
        (MEET.replace('["hire", "buddy"]', '"hire"'), 'step "coffee": with must be a list of at least 2 roles'),
        (
            MEET + 'without_common_hour = "write"',
            'step "coffee": without_common_hour: unknown "write"; allowed: skip, exchange',
        ),
        (
            step('without_common_hour = "exchange"'),
            'step "card": without_common_hour belongs to meet, not to write',
        ),
        (MEET + "minutes = 0", 'step "coffee": minutes must be a whole number from 5 to 240, not 0'),
        (ASK.replace('"buddy"', '["buddy", "hire"]'), 'step "question": of is one role; write another step'),
        (ASK + 'optional = "yes"', 'step "question": optional must be true or false, without quotation marks'),
        (
            ASK + 'declines_when = "answered"',
            'step "question": declines_when: a condition here cannot use answered',
        ),
        (
            ASK + 'silence = "nxt"',
            'step "question": silence: unknown "nxt"; did you mean next? allowed: keep, next',
        ),
        (
            ASK.replace('"buddy"', '"hire"') + 'silence = "next"',
            'step "question": silence = "next" is for a role that is matched: buddy, mentor, partner, peer',
        ),
        (
            ASK.replace('"buddy"', '"hire"') + "declines_when = 'answer.a == 1'",
            'step "question": declines_when is for a role that is matched: buddy, mentor, partner, peer',
        ),
        (
            step(write="", to="", match='"hr"'),
            'step "card": match: unknown "hr"; allowed: buddy, mentor, partner, peer',
        ),
        (
            step("how_many = 0", write="", to="", match='"peer"'),
            "how_many must be a whole number from 1 to 20, not 0",
        ),
        (ASK + ASK, 'step "question": the key is used 2 times; every step needs its own'),
    ],
)
def test_a_mistake_names_the_step_and_what_is_allowed(text: str, line: str) -> None:
    found = mistakes(text)
    assert any(line in mistake for mistake in found), found


WATCH = """
[[step]]
key = "look"
title = "Look"
watch = "low"
of = "{of}"
when = "{when}"
tell = "hr"
day = 5
"""


@pytest.mark.parametrize(
    ("of", "when", "line"),
    [
        (
            "nothing",
            "answered",
            'of: no ask or meet step has that key: unknown "nothing"; allowed: question, coffee',
        ),
        ("look", "answered", "of: no ask or meet step has that key"),
        ("question", "", "when is missing, such as"),
        ("question", "met == 0", 'when ("question" is an ask step): a condition here cannot use met'),
        ("coffee", "not answered", 'when ("coffee" is a meet step): a condition here cannot use answered'),
        ("question", "anwser.x == 1", "when: a condition here cannot use anwser.x"),
    ],
)
def test_a_watch_looks_at_what_its_step_can_tell(of: str, when: str, line: str) -> None:
    found = mistakes(ASK + MEET + WATCH.format(of=of, when=when))
    assert any(line in mistake for mistake in found), found


@pytest.mark.parametrize(
    ("when", "day", "line"),
    [
        (
            "not answered",
            "5",
            'day 5 is too early to speak of silence: "question" is open for 5 working days from day 1',
        ),
        ("not answered", "-1", 'day -1 is too early: "question" comes on day 1'),
        ("answer.x == 1", "-1", 'day -1 is too early: "question" comes on day 1'),
    ],
)
def test_a_watch_comes_when_there_is_something_to_see(when: str, day: str, line: str) -> None:
    found = mistakes(ASK + WATCH.format(of="question", when=when).replace("day = 5", f"day = {day}"))
    assert found == [f'step "look": {line}']


def test_silence_is_silence_when_the_form_has_closed() -> None:
    watch = WATCH.format(of="question", when="not answered").replace("day = 5", "day = 6")
    assert len(read(ASK + watch).steps) == 2
    assert len(read(ASK.replace("day = 1", "day = -5") + watch.replace("day = 6", "day = 1")).steps) == 2
    assert len(read(ASK + watch.replace("day = 6", 'day = 1\ncount = "calendar"')).steps) == 2


def test_notes_are_asked_for_before_they_are_sent() -> None:
    assert mistakes(ASK + step('notes_of = "question"', day="-2")) == [
        'step "card": day -2 is too early: "question" comes on day 1'
    ]


def test_a_reminder_comes_before_the_form_closes() -> None:
    assert mistakes(ASK + 'closes_after = "1 day"') == [
        'step "question": the reminder (2 working days) comes after the form closes (1 day)'
    ]
    assert read(ASK + 'closes_after = "1 day"\nremind_after = "6 hours"').steps


def test_steps_that_wait_for_each_other_are_refused() -> None:
    first = MEET.replace("weeks = [2, 3]", 'after = "tea"')
    second = first.replace('"coffee"', '"x"').replace('"tea"', '"coffee"').replace('"x"', '"tea"', 1)
    assert any("these steps wait for each other: coffee, tea" in line for line in mistakes(first + second))


@pytest.mark.parametrize("text", ["", "step = 3", "step = []", "[step]\nkey = 1"])
def test_a_journey_without_steps_is_refused(text: str) -> None:
    with pytest.raises(BadWords, match=r"there must be 1 to 200 steps, each beginning with \[\[step\]\]"):
        read(text)


def test_a_step_that_is_no_table_is_refused() -> None:
    assert "step number 1: has no verb; exactly one of: match, ask, write, meet, watch" in mistakes("step = [3]")


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    found = mistakes(step(day="0", at='"x"', to='"x"') + step("y = 1"), title="titel = 3")
    assert len(found) == 7
    assert found[0] == 'journeys/short.toml: unknown "titel"; did you mean title? allowed: title, step'
    assert found[1] == "journeys/short.toml: title is missing; it is a text"


@pytest.mark.parametrize(("line", "meant"), [("", "skip"), ('without_common_hour = "exchange"', "exchange")])
def test_without_a_common_hour_a_meeting_is_skipped_unless_the_journey_says_more(line: str, meant: str) -> None:
    assert read(MEET + line).steps[0].without_common_hour == meant
