"""Did a meeting take place, as far as those who were asked told us?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from onboarding.domain.forms import Answer, Ask
from onboarding.domain.journey import Journey, Verb
from onboarding.domain.measures import Became
from onboarding.domain.meetings import Meeting, MeetingState

FORM = "did_you_meet"
"""The shipped form that asks it; a journey may use others."""

QUESTION = "met"
YES, NO, MOVE = "yes", "no", "move"
"""The answers; `move` says that they did not meet yet and asks for another time."""

Asked = tuple[Ask, Answer | None]
Place = tuple[str, str, str]
"""Hire, step and occasion: at most one planned meeting at a time."""


def forms(journeys: Iterable[Journey]) -> frozenset[str]:
    """The forms that may ask whether a meeting took place: those of asks that follow one."""
    following = {
        step.subject for journey in journeys for step in journey.steps if step.verb is Verb.ASK and step.after
    }
    return frozenset({FORM, *following})


def follows(journey: Journey) -> dict[str, str]:
    """The meet step that each ask follows, by the key of the ask."""
    return {
        step.key: step.after
        for step in journey.steps
        if step.verb is Verb.ASK and (after := journey.step(step.after)) is not None and after.verb is Verb.MEET
    }


def answers_about(
    meetings: Sequence[Meeting], asked: Iterable[Asked], follows_of: Mapping[str, Mapping[str, str]]
) -> dict[str, list[str]]:
    """What was said about each meeting, by its id: `yes`, `no`, or "" for a question without an answer so far.

    `follows_of` is `follows` of each hire's journey. A form that follows a meeting and never asks about it is left
    out. An ask whose step is no longer in the journey is about the last meeting of its occasion that was over when
    it was put.
    """
    said: dict[str, list[str]] = defaultdict(list)
    standing: dict[Place, str] = {}
    over: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        if meeting.state is MeetingState.PLANNED:
            standing[meeting.hire_id, meeting.step, meeting.occasion] = meeting.id
            over[meeting.hire_id, meeting.occasion].append(meeting)
    about = [*asked]
    others = _other_forms(about)
    for ask, answer in about:
        step = follows_of.get(ask.hire_id, {}).get(ask.step)
        if step is None:
            meeting_id = _last_over(over[ask.hire_id, ask.occasion], ask.opened_at)
        else:
            meeting_id = standing.get((ask.hire_id, step, ask.occasion), "")
        if meeting_id and ask.form not in others:
            said[meeting_id].append(str(answer.values.get(QUESTION, "")) if answer else "")
    return said


def _other_forms(about: Sequence[Asked]) -> frozenset[str]:
    """Forms that were answered and never with an answer to the question."""
    answered = [(ask.form, QUESTION in answer.values) for ask, answer in about if answer is not None]
    return frozenset({form for form, _ in answered} - {form for form, tells in answered if tells})


def _last_over(meetings: Sequence[Meeting], moment: datetime) -> str:
    over = [one for one in meetings if one.ends_at <= moment]
    return max(over, key=lambda one: (one.ends_at, one.id)).id if over else ""


def became(meeting: Meeting, said: Collection[str], now: datetime) -> Became:
    """What became of a meeting: one yes is enough, for who was there knows it.

    One that somebody asked to have moved is to come while it lies ahead, and was not held when nothing followed.
    """
    if meeting.state is MeetingState.CANCELLED:
        return Became.CANCELLED
    if YES in said:
        return Became.HELD
    over = meeting.ends_at <= now
    if NO in said or (said and over and all(one == MOVE for one in said)):
        return Became.NOT_HELD
    if said and (over or MOVE not in said):
        return Became.UNANSWERED
    return Became.NOT_ASKED if over else Became.TO_COME
