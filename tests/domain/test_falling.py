from __future__ import annotations

import pytest

from onboarding.domain.falling import Course, Filled, course
from onboarding.domain.forms import Kind, Question, Value


def filled(value: Value | None, *, most: int = 5, least: int = 1, kind: Kind = Kind.SCALE) -> Filled:
    question = Question(key="connected", kind=kind, label="Connected?", min=least, max=most)
    return Filled(questions=[question], values={} if value is None else {"connected": value})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([5], None),  # nothing to compare with
        ([5, 3], Course(before=5, begin=5, fell=2)),
        ([5, 4, 3], Course(before=4, begin=5, fell=2)),  # a steady fall is one
        ([5, 4, 4, 3], Course(before=4, begin=4, fell=1)),  # it had come to a halt
        ([5, 3, 3], Course(before=3, begin=3, fell=0)),  # it does not fall any more
        ([3, 5, 4], Course(before=5, begin=5, fell=1)),
        ([2, 4], Course(before=2, begin=4, fell=0)),  # a rise is no fall
        ([5, None, 3], Course(before=5, begin=5, fell=2)),  # whoever left it out said nothing of it
        ([5, None], None),
    ],
)
def test_a_fall_is_counted_from_where_it_began(said: list[int | None], found: Course | None) -> None:
    *earlier, newest = map(filled, said)
    assert course(earlier, newest, "connected") == found


@pytest.mark.parametrize(
    "earlier",
    [filled(8, least=0, most=10), filled("5", kind=Kind.CHOICE), Filled(questions=[], values={"connected": 5})],
)
def test_answers_on_another_scale_are_not_compared(earlier: Filled) -> None:
    assert course([earlier], filled(3), "connected") is None


def test_private_questions_can_be_left_out() -> None:
    question = Question(key="connected", kind=Kind.SCALE, label="Connected?", private=True)
    one = Filled(questions=[question], values={"connected": 5})
    assert course([one], filled(3), "connected") is not None
    assert course([one.without_private()], filled(3), "connected") is None
