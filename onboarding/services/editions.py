"""Has a form moved on since somebody opened it? What was begun before does not stand beside what came since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from onboarding.domain.errors import Overtaken, SavedElsewhere
from onboarding.domain.forms import Written
from onboarding.ports import Books

ANSWER_TAKEN_BACK = "what was answered was taken back"
DRAFT_TAKEN_BACK = "what was begun and not sent was taken back"
WORDS_TAKEN_BACK = "what was written was taken back"
FORGOTTEN = "what was told is forgotten: whoever told it has left"
"""What the history of a question says of it: only that, and when."""

_TAKEN_BACK = frozenset({ANSWER_TAKEN_BACK, DRAFT_TAKEN_BACK, WORDS_TAKEN_BACK, FORGOTTEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """How a form stood when a page of it was opened: its edition, and the mark of its draft."""

    edition: int
    mark: str


def edition(books: Books, ask_id: str) -> int:
    """Grows with each answer, and whenever something of it or of its draft is taken back; 0 before that."""
    given = books.asks.answer_to(ask_id)
    taken_back = sum(one.reason in _TAKEN_BACK for one in books.deliveries.history(ask_id))
    return (given.version if given else 0) + taken_back


def mark_of(written: Written | None) -> str:
    """What tells a draft from another: 16 hexadecimal digits; "" where nothing is written.

    It follows from the words alone, so that a page that did not hear that they were saved may save them once more.
    """
    if not written:
        return ""
    return sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()[:16]


def check(books: Books, ask_id: str, opened: Opened, written: Written) -> None:
    """Whether a page may put what is written there in the place of the draft; the ask is held meanwhile.

    Raises:
        Overtaken: the form was answered, or something was taken back, after the page was opened.
        SavedElsewhere: the draft is another one than the page knows, or is gone, and not what is written there.
    """
    if opened.edition != edition(books, ask_id):
        raise Overtaken("this form was sent, or something of it was taken back, after it was opened")
    draft = books.asks.draft_of(ask_id)
    if mark_of(draft.values if draft else None) not in (opened.mark, mark_of(written)):
        raise SavedElsewhere("another page of this form saved or deleted the draft after it was opened")
