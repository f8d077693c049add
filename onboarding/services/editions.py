"""Has a form moved on since somebody opened it? What was begun before does not stand beside what came since."""

from __future__ import annotations

from onboarding.ports import Books

ANSWER_TAKEN_BACK = "what was answered was taken back"
DRAFT_TAKEN_BACK = "what was begun and not sent was taken back"
WORDS_TAKEN_BACK = "what was written was taken back"
FORGOTTEN = "what was told is forgotten: whoever told it has left"
"""What the history of a question says of it: only that, and when."""

_TAKEN_BACK = frozenset({ANSWER_TAKEN_BACK, DRAFT_TAKEN_BACK, WORDS_TAKEN_BACK, FORGOTTEN})


def edition(books: Books, ask_id: str) -> int:
    """Grows with each answer, and whenever something of it or of its draft is taken back; 0 before that."""
    given = books.asks.answer_to(ask_id)
    taken_back = sum(one.reason in _TAKEN_BACK for one in books.deliveries.history(ask_id))
    return (given.version if given else 0) + taken_back
