"""What became of a letter after it left? The mail service's own news settle what was unknown."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from onboarding.domain.delivery import MOVES, State, Why
from onboarding.domain.errors import NotFound
from onboarding.domain.mail import News, NewsKind
from onboarding.ports import Books
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

STATES = {NewsKind.TAKEN: State.SENT, NewsKind.DELIVERED: State.DELIVERED, NewsKind.BOUNCED: State.BOUNCED}


def take_mail_news(engine: Engine, *, headers: Mapping[str, str], body: bytes, now: datetime) -> int:
    """Record what a mail service tells; repeated and outdated news change nothing. Returns how many changed.

    Raises:
        NotFound: no mail service is set up to tell.
        BadSignature: not signed by the service.
        BadRecord: signed, and yet not understood.
    """
    if engine.mail_news is None:
        raise NotFound("no mail service is set up to tell: ONBOARDING_SENDGRID_EVENT_KEY names its key")
    news = engine.mail_news.read(headers, body, now)
    with engine.store.begin() as books:
        return sum(_record(books, one, now) for one in news)


def _record(books: Books, one: News, now: datetime) -> bool:
    delivery = books.deliveries.by_number(one.number)
    after = STATES[one.kind]
    if delivery is None or after not in MOVES[delivery.state] or delivery.state is State.SENDING:
        return False
    why = Why.REFUSED if after is State.BOUNCED else Why.NONE
    books.deliveries.settle(delivery.key, after, now=now, why=why, reason=one.reason)
    log.info("delivery.settled", extra={"number": one.number, "state": after})
    return True
