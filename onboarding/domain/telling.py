"""Which of two facts is the newer one? Field by field, so that messages may come in any order.

Each field remembers the moment of the newest fact about it. A fact brings only what no newer one has said, so that
the same messages end in the same record, whichever came first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from onboarding.domain.events import Fact, Identity, Told
from onboarding.domain.people import Hire, HireState
from onboarding.domain.values import ID_PATTERN

STATE = "state"
"""Whether somebody comes at all: told by a hire and by a withdrawal."""

SINCE = "state.since"
"""Since when a source says so: saying it again every night is no news, whatever another one has said meanwhile."""

GONE = "state.gone"
"""When a source said that somebody does not come, while that is its last word."""

BEFORE = "*"
"""All fields, as far as they were told before each had a moment of its own."""

NEWCOMER = timedelta(days=14)
"""Somebody who started longer ago is a colleague when an HR system first mentions them, not a newcomer."""

JOURNEY = timedelta(days=90)
"""From the first day to the last step; whoever starts later than that under the same name comes again."""

_MANAGER = frozenset({"manager_id", "manager_email"})


def id_of(source: str, external_id: str) -> str:
    """What we call somebody whom a source calls so: `bamboohr-4012`, or a digest when that fits no id."""
    name = f"{source}-{external_id}"
    if re.fullmatch(ID_PATTERN[1:-1], name):
        return name
    return f"{source}-{hashlib.sha256(external_id.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def fields_of(fact: Fact) -> frozenset[str]:
    """What a fact tells of a person. Both names of the manager are told together: one alone could contradict."""
    if fact.told is Told.WITHDRAWN:
        return frozenset({STATE})
    fields = fact.given | ({"manager_id"} if fact.manager else frozenset())
    fields |= _MANAGER if fields & _MANAGER else frozenset()
    return fields if fact.told is Told.UPDATED else fields | {STATE}


def news(told: Mapping[str, datetime], fields: Iterable[str], at: datetime) -> frozenset[str]:
    """Those of the fields about which nothing newer than `at` has been told."""
    return frozenset(field for field in fields if at >= _since(told, field, at))


def remember(told: Mapping[str, datetime], fields: Iterable[str], at: datetime) -> dict[str, datetime]:
    """What has been told, with a fact about these fields added."""
    return {**told, **{field: max(at, told.get(field, at)) for field in fields}}


def newest(identities: Iterable[Identity]) -> dict[str, datetime]:
    """What all sources together have told of one person."""
    told: dict[str, datetime] = {}
    for identity in identities:
        since = {SINCE: identity.told[STATE]} if STATE in identity.told else {}
        for field, moment in (since | dict(identity.told)).items():
            told[field] = max(moment, told.get(field, moment))
    return told


def decides(own: Mapping[str, datetime], told: Mapping[str, datetime], fact: Fact) -> bool:
    """Whether a fact says who comes: unless its source said something newer, or another one spoke since it began.

    `own` is what the source of the fact has told of the person, `told` what all sources have.
    """
    since = _since_when(own, fact)
    return fact.at >= _since(own, STATE, fact.at) and since >= told.get(SINCE, since)


def with_fact(own: Mapping[str, datetime], fact: Fact) -> dict[str, datetime]:
    """What a source has told, with a fact of its own added."""
    after = remember(own, fields_of(fact), fact.at)
    if STATE not in fields_of(fact) or fact.at < _since(own, STATE, fact.at):
        return after
    after[SINCE] = _since_when(own, fact)
    after.pop(GONE, None)
    return after | ({GONE: fact.at} if fact.told is Told.WITHDRAWN else {})


def starts_soon(first_day: date | None, now: datetime) -> bool:
    """Whether somebody who is merely known is a newcomer: the first day lies ahead, or two weeks back at most."""
    return first_day is not None and first_day >= now.date() - NEWCOMER


def comes_again(hire: Hire, fact: Fact, told: Mapping[str, datetime], now: datetime) -> bool:
    """Whether a hire who was here already starts a second time, with a journey of their own.

    They left after their first day and now start later than that; or their journey is over, they start anew, and
    nobody told us that they had left. Anything else is a change of plans of the first time.
    """
    first_day = fact.person.start_date if fact.person else None
    if fact.told not in (Told.CREATED, Told.KNOWN) or first_day is None or first_day <= hire.first_day:
        return False
    if hire.state is HireState.WITHDRAWN:
        left = told.get(SINCE, told.get(STATE, hire.told_at))
        return fact.at >= left and hire.first_day <= left.date() < first_day
    return now.date() >= hire.first_day + JOURNEY and first_day > hire.first_day + JOURNEY


def _since_when(own: Mapping[str, datetime], fact: Fact) -> datetime:
    """Since when the source of a fact about the state has been saying so."""
    repeats = fact.told is Told.KNOWN and STATE in own and GONE not in own
    return own.get(SINCE, own[STATE]) if repeats else fact.at


def _since(told: Mapping[str, datetime], field: str, at: datetime) -> datetime:
    """When the newest fact about a field was told; `at` when there was none."""
    return max((told[name] for name in (field, BEFORE) if name in told), default=at)
