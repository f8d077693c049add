"""What follows from a mail that came back? An answer counts, words reach a human, and each ends with a reason.

Whoever answers must be invited, and must write from an address that we know to be theirs. Nothing in a mail proves
that: From can be forged by anybody who can send mails. So the verdicts of a mail service (SPF, DKIM) can only make
us doubt, and an answer can move a meeting at most: it reveals nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from onboarding.domain import attending as answers
from onboarding.domain.attending import Answered
from onboarding.domain.errors import BadWords, NotFound, OnboardingError, Unavailable, unexpected
from onboarding.domain.mail_replies import FOR_A_HUMAN, Door, MailReply, ReplyState
from onboarding.domain.meetings import Meeting
from onboarding.domain.people import Person
from onboarding.domain.replies import LARGEST_MAIL, NoReply, Reply, Why, understand
from onboarding.domain.reply_calendar import Meant, folded
from onboarding.ports import Books, Mailbox
from onboarding.services import handing_on
from onboarding.services.attending import Followed, attend_within, why_closed
from onboarding.services.engine import Engine
from onboarding.services.waking import wake_due

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that a mail from outside may wait for another writer; then its service is asked to repeat it."""

AT_ONCE = 200
"""Mails that one look into a mailbox takes."""

SAID = {
    Meant.ACCEPTED: answers.Said.ACCEPTED,
    Meant.TENTATIVE: answers.Said.TENTATIVE,
    Meant.DECLINED: answers.Said.DECLINED,
    Meant.ANOTHER_TIME: answers.Said.COUNTER,
}

LEFT_ALONE = {
    Meant.NOTHING: "it leaves the answer open",
    Meant.AGAIN: "it asks for the invitation once more, which stands in their mailbox already",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What became of one mail; `new` is False for one that had come before."""

    reply: MailReply
    new: bool


def take_posted(engine: Engine, raw: bytes, now: datetime, *, doubt: str = "") -> Came:
    """Take a mail that a service handed over; words for a human are sent on to HR before anything is remembered.

    Raises:
        Unavailable: the store, or the mailer that is to send it on, does not take it now: repeat it.
        BadWords: the journey cannot be read now: repeat it.
    """
    return _take(engine, raw, Door.INBOUND, now, doubt)


def poll(engine: Engine, now: datetime) -> list[Came]:
    """Look into the mailbox once: what is understood is marked as read, what needs a human stays unread, flagged.

    A mail that cannot be taken now is left as it is, for the next look. One that breaks us is remembered as
    refused, so that it does not keep the others from being read.

    Raises:
        NotFound: no mailbox is set up.
        Unavailable: the mailbox or the store does not answer.
    """
    mailbox = engine.mailbox
    if mailbox is None:
        raise NotFound("no mailbox is set up: ONBOARDING_REPLIES_MAILBOX names it")
    found = list(_looked(engine, mailbox, now))
    if any(one.new and one.reply.state is ReplyState.TAKEN for one in found):
        wake_due(engine, now)
    return found


def _looked(engine: Engine, mailbox: Mailbox, now: datetime) -> Iterator[Came]:
    for mail in mailbox.unread(limit=AT_ONCE, largest=LARGEST_MAIL + 1):
        try:
            came = _take(engine, mail.raw, Door.MAILBOX, now)
        except Unavailable:
            raise
        except BadWords:
            log.warning("reply.waits", extra={"why": "BadWords"})
            continue
        except Exception as error:  # noqa: BLE001 -- whatever one mail does to us, the next one is somebody else's
            log.error("reply.broken", extra={"why": type(error).__name__})  # noqa: TRY400 -- a traceback may quote it
            came = _remember(engine, _row(mail.raw, Door.MAILBOX, now, ReplyState.REFUSED, _sentence(error)))
        mark = mailbox.flag if came.reply.state in FOR_A_HUMAN else mailbox.mark_read
        mark(mail.key)
        yield came


def _sentence(error: Exception) -> str:
    return type(error).__doc__ or "" if isinstance(error, OnboardingError) else unexpected(error)


def _take(engine: Engine, raw: bytes, door: Door, now: datetime, doubt: str = "") -> Came:
    row = _row(raw, door, now, ReplyState.REFUSED, "")
    with engine.store.read() as books:
        before = books.replies.get(row.digest)
    if before is not None:
        return Came(reply=before, new=False)
    understood = understand(raw)
    if isinstance(understood, Reply):
        return _taken(engine, understood, row, doubt)
    if understood.why is Why.AUTOMATIC:
        return _remember(engine, replace(row, state=ReplyState.IGNORED, reason=understood.reason))
    return _passed_on(engine, understood, replace(row, reason=understood.reason), doubt)


def _taken(engine: Engine, reply: Reply, row: MailReply, doubt: str) -> Came:
    """Let an answer count; one to a meeting of ours that cannot count reaches a human: an alias, perhaps."""
    with engine.store.begin(within=PATIENCE if row.door is Door.INBOUND else 0) as books:
        row = _answered(engine, books, reply, row, doubt)
        if row.state not in FOR_A_HUMAN:
            return _recorded(books, row)
    if row.door is Door.INBOUND and row.meeting_id and not doubt:
        return _remember(engine, _sent_on(engine, reply, row))
    return _remember(engine, row)


def _sent_on(engine: Engine, mail: Reply | NoReply, row: MailReply) -> MailReply:
    with engine.store.read() as books:
        person = _known(engine, books, mail.sender)
    return handing_on.hand_on(engine, mail, person, row)


def _row(raw: bytes, door: Door, now: datetime, state: ReplyState, reason: str) -> MailReply:
    return MailReply(digest=sha256(raw).hexdigest(), received_at=now, door=door, state=state, reason=reason)


def _answered(engine: Engine, books: Books, reply: Reply, row: MailReply, doubt: str) -> MailReply:
    """What becomes of an answer; the row says it, and whatever follows from it has been done."""
    meeting, person, why = _whose(engine, books, reply)
    row = replace(row, meeting_id=meeting.id if meeting else "")
    if meeting is None or person is None:
        return replace(row, reason=why)
    row = replace(row, person_id=person.id)
    if doubt or reply.sequence > meeting.sequence:
        return replace(row, reason=doubt or "it answers an invitation that was never sent")
    stamp = min(reply.stamped_at, row.received_at)
    closed = why_closed(meeting, person.id, reply.sequence, row.received_at) or LEFT_ALONE.get(reply.meant, "")
    if not closed and _is_outdated(books, meeting, person, stamp):
        closed = "a later answer of theirs was taken already"
    if closed:
        return replace(row, state=ReplyState.IGNORED, reason=closed)
    if reply.meant not in SAID:
        return replace(row, state=ReplyState.PASSED_ON, reason="somebody else is to come in their place")
    return _obeyed(engine, books, reply, replace(row, stamped_at=stamp))


def _whose(engine: Engine, books: Books, reply: Reply) -> tuple[Meeting | None, Person | None, str]:
    """The meeting that is answered and who answers; else why not, in one sentence."""
    meeting = books.meetings.get(reply.uid.partition("@")[0])
    if meeting is None or meeting.uid != reply.uid:
        return None, None, "it answers a meeting that we do not know"
    invited = [one for one in _people(engine, books, meeting) if reply.attendee in addresses(one)]
    if len(invited) != 1:
        return meeting, None, "whoever answers is not invited to that meeting"
    if reply.sender not in addresses(invited[0]):
        return meeting, None, "it is sent from an address that is not known to be that of whoever answers"
    return meeting, invited[0], ""


def _obeyed(engine: Engine, books: Books, reply: Reply, row: MailReply) -> MailReply:
    answer = Answered(
        said=SAID[reply.meant],
        sequence=reply.sequence,
        start=reply.starts_at,
        end=reply.ends_at,
        reason=reply.comment,
    )
    attended = attend_within(engine, books, row.meeting_id, row.person_id, answer, row.received_at)
    ignored = attended.followed is Followed.IGNORED
    return replace(
        row, state=ReplyState.IGNORED if ignored else ReplyState.TAKEN, reason=f"{reply.meant}: {attended.reason}"
    )


def _is_outdated(books: Books, meeting: Meeting, person: Person, stamp: datetime) -> bool:
    """Whether they gave a later answer to the version that stands (RFC 5546 section 2.1.5).

    Of a mail that is when it was written, its DTSTAMP; of a page when they pressed.
    """
    given = next((one for one in books.meetings.attendees(meeting.id) if one.person_id == person.id), None)
    if given is None or given.answered_at is None or given.sequence_answered != meeting.sequence:
        return False
    mailed = books.replies.newest_taken(meeting.id, person.id)
    if mailed is not None and mailed.stamped_at is not None and mailed.received_at == given.answered_at:
        return stamp < mailed.stamped_at
    return stamp < given.answered_at.replace(microsecond=0)  # a stamp has whole seconds


def _people(engine: Engine, books: Books, meeting: Meeting) -> list[Person]:
    found = (engine.company.desks.get(one) or books.people.get(one) for one in meeting.people)
    return [one for one in found if one is not None]


def addresses(person: Person) -> frozenset[str]:
    """The addresses that we know of somebody, folded."""
    return frozenset(folded(one) for one in (person.work_email, person.personal_email)) - {""}


def _passed_on(engine: Engine, words: NoReply, row: MailReply, doubt: str) -> Came:
    """Lay words before a human: in a mailbox they stay unread; what a service handed over is sent on to HR.

    A stranger's mail is sent on only when it answers one of ours: nobody shall use us to write to HR.
    """
    with engine.store.read() as books:
        person = _known(engine, books, words.sender)
    row = replace(row, person_id=person.id if person else "", state=ReplyState.PASSED_ON)
    ours = f"@{engine.company.sender.email.rpartition('@')[2]}>".casefold()
    answers_us = any(one.casefold().endswith(ours) for one in words.in_reply_to)
    if row.door is Door.MAILBOX:
        refused = words.why is Why.BROKEN and person is None
        return _remember(engine, replace(row, state=ReplyState.REFUSED) if refused else row)
    if doubt or not words.sender or not (person or answers_us):
        return _remember(engine, replace(row, state=ReplyState.REFUSED, reason=doubt or _of_stranger(words)))
    return _remember(engine, _sent_on(engine, words, row))


def _of_stranger(words: NoReply) -> str:
    return words.reason if words.why is Why.BROKEN else "a stranger wrote, and to none of our mails"


def _known(engine: Engine, books: Books, sender: str) -> Person | None:
    if not sender:
        return None
    if sender == folded(engine.company.hr_email):
        return engine.company.hr
    by_work = books.people.by_email(sender)
    return by_work or next(iter(books.people.by_private_email(sender)), None)


def _remember(engine: Engine, row: MailReply) -> Came:
    with engine.store.begin(within=PATIENCE if row.door is Door.INBOUND else 0) as books:
        return _recorded(books, row)


def _recorded(books: Books, row: MailReply) -> Came:
    """Remember it; when somebody else has taken the same mail meanwhile, what they made of it stands."""
    new = books.replies.record(row)
    kept = row if new else books.replies.get(row.digest) or row
    extra = {"state": kept.state, "meeting": kept.meeting_id, "person": kept.person_id, "door": kept.door}
    log.info("reply.taken" if new and kept.state is ReplyState.TAKEN else "reply.settled", extra=extra)
    return Came(reply=kept, new=new)
