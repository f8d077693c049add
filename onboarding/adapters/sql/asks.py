"""What was asked, and what came back?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, or_, select, update

from onboarding.adapters.sql.rows import columns, insert_or_replace, many, of_cohort, one, portions, to_row
from onboarding.adapters.sql.tables import answers, asks, drafts, hires
from onboarding.domain.errors import NotFound
from onboarding.domain.forms import Answer, Ask, Asked, Draft, TakenBack, Value
from onboarding.domain.people import HireState

V = TypeVar("V")

_ASKS = select(*columns(asks, Ask)).order_by(asks.c.opened_at, asks.c.id)
_GET = _ASKS.where(asks.c.id == bindparam("ask_id"))
_OF_HIRE = _ASKS.where(asks.c.hire_id == bindparam("of_hire"))
_LOCK = select(asks.c.id).where(asks.c.id == bindparam("ask_id")).with_for_update()
_OPEN_TO = _ASKS.where(
    asks.c.person_id == bindparam("of_person"), asks.c.closes_at > bindparam("now", type_=asks.c.closes_at.type)
).with_for_update()
_HOLD = (
    select(asks.c.id)
    .where(asks.c.id.in_(bindparam("ask_ids", expanding=True)))
    .order_by(asks.c.id)
    .with_for_update()
)
_LAST = select(func.max(answers.c.version)).where(answers.c.ask_id == bindparam("of_ask"))
_ANSWERS = select(*columns(answers, Answer))
_VERSIONS = _ANSWERS.where(answers.c.ask_id == bindparam("of_ask")).order_by(answers.c.version)
_CUT = (
    update(answers)
    .where(answers.c.ask_id == bindparam("of_ask"), answers.c.version == bindparam("of_version"))
    .values({answers.c["values"]: bindparam("kept", type_=answers.c["values"].type)})
)
_NEWEST = _ANSWERS.where(answers.c.ask_id == bindparam("of_ask")).order_by(answers.c.version.desc()).limit(1)
_NEWER = answers.alias("newer")
_NEWEST_OF_HIRE = (
    _ANSWERS.join(asks, asks.c.id == answers.c.ask_id)
    .where(
        asks.c.hire_id == bindparam("of_hire"),
        answers.c.version
        == select(func.max(_NEWER.c.version)).where(_NEWER.c.ask_id == asks.c.id).scalar_subquery(),
    )
    .order_by(asks.c.opened_at, asks.c.id)
)
_LATER = answers.alias("later")
_WITH_ANSWER = (
    select(
        *columns(asks, Ask), answers.c.version, answers.c["values"], answers.c.answered_at, answers.c.taken_back
    )
    .outerjoin_from(
        asks,
        answers,
        and_(
            answers.c.ask_id == asks.c.id,
            ~exists().where(_LATER.c.ask_id == asks.c.id, _LATER.c.version > answers.c.version),
        ),
    )
    .where(asks.c.form.in_(bindparam("forms", expanding=True)))
    .order_by(asks.c.hire_id, asks.c.opened_at, asks.c.id)
)
_ANSWERED = answers.alias("answered")
_COUNTS = (
    select(
        asks.c.hire_id,
        asks.c.form,
        func.count().label("asked"),
        func.count(_ANSWERED.c.ask_id).label("answered"),
    )
    .outerjoin_from(asks, _ANSWERED, and_(_ANSWERED.c.ask_id == asks.c.id, _ANSWERED.c.version == 1))
    .where(
        hires.c.state == HireState.ACTIVE,
        or_(asks.c.closes_at <= bindparam("now", type_=asks.c.closes_at.type), _ANSWERED.c.ask_id.is_not(None)),
    )
    .group_by(asks.c.hire_id, asks.c.form)
    .order_by(asks.c.hire_id, asks.c.form)
)
_DRAFT = select(*columns(drafts, Draft)).where(drafts.c.ask_id == bindparam("of_ask"))
_BEGUN = (
    select(drafts.c.ask_id, drafts.c.saved_at)
    .join(asks, asks.c.id == drafts.c.ask_id)
    .where(asks.c.hire_id == bindparam("of_hire"))
)
_DROP = delete(drafts).where(drafts.c.ask_id == bindparam("of_ask"))
_FORGET = delete(drafts).where(
    drafts.c.ask_id.in_(
        select(asks.c.id).where(asks.c.closes_at < bindparam("closed_before", type_=asks.c.closes_at.type))
    )
)
_FORGET_OF = delete(drafts).where(
    drafts.c.ask_id.in_(select(asks.c.id).where(asks.c.person_id == bindparam("of_person")))
)
_COUNT = select(func.count()).where(answers.c.version == 1)


class SqlAsks:
    """Asks, every version of their answers, and drafts, in the tables `asks`, `answers` and `drafts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, ask: Ask) -> None:
        """Insert it; a known id keeps its answers and gets the new moments."""
        self._connection.execute(insert_or_replace(self._connection.dialect.name, asks), to_row(ask))

    def get(self, ask_id: str) -> Ask | None:
        """The ask of that id."""
        return one(self._connection, Ask, _GET, ask_id=ask_id)

    def of_hire(self, hire_id: str) -> list[Ask]:
        """All asks about a hire, by (opened_at, id)."""
        return many(self._connection, Ask, _OF_HIRE, of_hire=hire_id)

    def open_to(self, person_id: str, now: datetime) -> list[Ask]:
        """The asks that are open to a person, held until the transaction ends."""
        return many(self._connection, Ask, _OPEN_TO, of_person=person_id, now=now)

    def answer(self, ask_id: str, values: Mapping[str, Value], now: datetime) -> Answer:
        """Store a new version, and drop the draft of it. Raises NotFound."""
        if self._connection.execute(_LOCK, {"ask_id": ask_id}).first() is None:
            raise NotFound(f"there is no ask {ask_id}")
        last = self._connection.execute(_LAST, {"of_ask": ask_id}).scalar_one()
        answer = Answer(ask_id=ask_id, values=dict(values), answered_at=now, version=(last or 0) + 1)
        self._connection.execute(insert(answers), to_row(answer))
        self._connection.execute(_DROP, {"of_ask": ask_id})
        return answer

    def hold(self, ask_ids: Collection[str]) -> None:
        """Nobody else answers these asks, or takes anything back, until the transaction ends."""
        for some in portions(sorted(ask_ids)):
            self._connection.execute(_HOLD, {"ask_ids": some}).all()

    def take_back(self, ask_id: str, keys: Collection[str] | None, now: datetime) -> TakenBack:
        """Remove these answers, or all, from every version and from the draft; note the first in a new version."""
        self.hold([ask_id])
        return TakenBack(noted=self._take_answers(ask_id, keys, now), draft=self._take_draft(ask_id, keys))

    def _take_answers(self, ask_id: str, keys: Collection[str] | None, now: datetime) -> Answer | None:
        versions = self.versions(ask_id)
        kept = [_without(one.values, keys) for one in versions]
        cut = [(one, values) for one, values in zip(versions, kept, strict=True) if values != one.values]
        for one_of_them, values in cut:
            row = {"of_ask": ask_id, "of_version": one_of_them.version, "kept": values}
            self._connection.execute(_CUT, row)
        if not cut:
            return None
        last = versions[-1].version
        note = Answer(ask_id=ask_id, values=kept[-1], answered_at=now, version=last + 1, taken_back=True)
        self._connection.execute(insert(answers), to_row(note))
        return note

    def _take_draft(self, ask_id: str, keys: Collection[str] | None) -> bool:
        draft = self.draft_of(ask_id)
        if draft is None or (keys is not None and draft.values.keys().isdisjoint(keys)):
            return False
        if kept := _without(draft.values, keys):
            self.keep_draft(replace(draft, values=kept))
        else:
            self._connection.execute(_DROP, {"of_ask": ask_id})
        return True

    def answer_to(self, ask_id: str) -> Answer | None:
        """The newest version."""
        return one(self._connection, Answer, _NEWEST, of_ask=ask_id)

    def versions(self, ask_id: str) -> list[Answer]:
        """Every version, the oldest first."""
        return many(self._connection, Answer, _VERSIONS, of_ask=ask_id)

    def answers_of_hire(self, hire_id: str) -> dict[str, Answer]:
        """The newest answer of each ask about a hire, by ask id."""
        found = many(self._connection, Answer, _NEWEST_OF_HIRE, of_hire=hire_id)
        return {answer.ask_id: answer for answer in found}

    def keep_draft(self, draft: Draft) -> None:
        """Keep it in the place of the one before. Raises NotFound."""
        if self._connection.execute(_LOCK, {"ask_id": draft.ask_id}).first() is None:
            raise NotFound(f"there is no ask {draft.ask_id}")
        self._connection.execute(insert_or_replace(self._connection.dialect.name, drafts), to_row(draft))

    def draft_of(self, ask_id: str) -> Draft | None:
        """What was written and not sent."""
        return one(self._connection, Draft, _DRAFT, of_ask=ask_id)

    def drop_draft(self, ask_id: str) -> bool:
        """Delete what was written and not sent; whether there was anything."""
        return self._connection.execute(_DROP, {"of_ask": ask_id}).rowcount > 0

    def begun_of_hire(self, hire_id: str) -> dict[str, datetime]:
        """When each draft about a hire was saved, by ask id."""
        return {row.ask_id: row.saved_at for row in self._connection.execute(_BEGUN, {"of_hire": hire_id})}

    def forget_drafts(self, closed_before: datetime) -> int:
        """Drop the drafts of asks that closed before a moment; how many there were."""
        return self._connection.execute(_FORGET, {"closed_before": closed_before}).rowcount

    def forget_drafts_of(self, person_id: str) -> int:
        """Drop the drafts of a person; how many there were."""
        return self._connection.execute(_FORGET_OF, {"of_person": person_id}).rowcount

    def of_cohort(
        self, forms: Collection[str], first: date | None, last: date | None
    ) -> list[tuple[Ask, Answer | None]]:
        """The asks with one of these forms about the hires of a cohort, each with its newest answer."""
        query = of_cohort(_WITH_ANSWER, asks.c.hire_id, first, last)
        found = self._connection.execute(query, {"forms": sorted(forms)})
        return [_answered(row._asdict()) for row in found]

    def counts_of_cohort(self, first: date | None, last: date | None, now: datetime) -> list[Asked]:
        """How often each form was sent about each active hire of a cohort, and answered."""
        found = self._connection.execute(of_cohort(_COUNTS, asks.c.hire_id, first, last), {"now": now})
        return [Asked(**row._asdict()) for row in found]

    def count_answers(self) -> int:
        """How many asks have an answer."""
        return int(self._connection.execute(_COUNT).scalar_one())


def _answered(row: dict[str, Any]) -> tuple[Ask, Answer | None]:
    given = {name: row.pop(name) for name in ("version", "values", "answered_at", "taken_back")}
    ask = Ask(**row)
    return ask, None if given["version"] is None else Answer(ask_id=ask.id, **given)


def _without(values: Mapping[str, V], keys: Collection[str] | None) -> dict[str, V]:
    """What is left of answers or of a draft; nothing where no keys are named."""
    return {key: value for key, value in values.items() if keys is not None and key not in keys}
