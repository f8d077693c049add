"""What became of mails that came back?"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, select

from onboarding.adapters.sql.rows import columns, insert_new, many, one, to_row
from onboarding.adapters.sql.tables import mail_replies
from onboarding.domain.events import Tally
from onboarding.domain.mail_replies import Door, MailReply, ReplyState

_ALL = select(*columns(mail_replies, MailReply))
_GET = _ALL.where(mail_replies.c.digest == bindparam("of_digest"))
_TAKEN = (
    _ALL.where(
        mail_replies.c.meeting_id == bindparam("of_meeting"),
        mail_replies.c.person_id == bindparam("of_person"),
        mail_replies.c.state == ReplyState.TAKEN,
    )
    .order_by(mail_replies.c.received_at.desc(), mail_replies.c.stamped_at.desc(), mail_replies.c.digest)
    .limit(1)
)
_NEWEST = _ALL.order_by(mail_replies.c.received_at.desc(), mail_replies.c.digest)
_SUMMARY = select(
    mail_replies.c.door, mail_replies.c.state, func.count(), func.max(mail_replies.c.received_at)
).group_by(mail_replies.c.door, mail_replies.c.state)


class SqlReplies:
    """Mails that came back, in the table `mail_replies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, reply: MailReply) -> bool:
        """Store it, unless its digest is known."""
        statement = insert_new(self._connection.dialect.name, mail_replies, "digest")
        return self._connection.execute(statement, to_row(reply)).rowcount == 1

    def get(self, digest: str) -> MailReply | None:
        """What became of the mail of that digest."""
        return one(self._connection, MailReply, _GET, of_digest=digest)

    def newest_taken(self, meeting_id: str, person_id: str) -> MailReply | None:
        """The last answer of this person to this meeting that was taken."""
        return one(self._connection, MailReply, _TAKEN, of_meeting=meeting_id, of_person=person_id)

    def find(self, *, states: Collection[ReplyState] = (), limit: int = 100) -> list[MailReply]:
        """The newest, newest first."""
        query = _NEWEST.limit(limit)
        if states:
            query = query.where(mail_replies.c.state.in_(sorted(states)))
        return many(self._connection, MailReply, query)

    def summary(self) -> dict[tuple[Door, ReplyState], Tally]:
        """How many came through each door with which end, and when the newest of them came."""
        rows = self._connection.execute(_SUMMARY).all()
        return {(row[0], row[1]): Tally(count=row[2], last_at=row[3]) for row in rows}
