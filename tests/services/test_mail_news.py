"""What a mail service tells later settles the ledger, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import NotFound
from onboarding.domain.mail import News, NewsKind, Outcome, OutcomeKind
from onboarding.services.mail_news import take_mail_news
from tests.worlds import World, world


@dataclass
class Told:
    """A mail service that tells what a test has lined up."""

    news: list[News]

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[News]:
        """Everything, signed or not."""
        return self.news


def tell(here: World, number: int, kind: NewsKind) -> int:
    engine = replace(here.engine, mail_news=Told([News(number=number, kind=kind, reason="why")]))
    return take_mail_news(engine, headers={}, body=b"", now=here.now)


def sent(here: World, outcome: OutcomeKind = OutcomeKind.SENT) -> int:
    here.enrol()
    here.now = here.row("profile").due_at
    here.mail.answers = [Outcome(kind=outcome, reason="?")]
    here.run()
    return here.row("profile").number


def test_a_sent_letter_becomes_delivered_and_a_repetition_changes_nothing() -> None:
    with world() as here:
        number = sent(here)
        assert tell(here, number, NewsKind.DELIVERED) == 1
        assert tell(here, number, NewsKind.DELIVERED) == 0
        assert tell(here, number, NewsKind.TAKEN) == 0
        assert here.row("profile").state is State.DELIVERED


@pytest.mark.parametrize(
    ("kind", "state"),
    [(NewsKind.TAKEN, State.SENT), (NewsKind.DELIVERED, State.DELIVERED), (NewsKind.BOUNCED, State.BOUNCED)],
)
def test_an_unknown_letter_is_settled_by_the_services_own_news(kind: NewsKind, state: State) -> None:
    with world() as here:
        number = sent(here, OutcomeKind.UNKNOWN)
        assert here.row("profile").state is State.UNKNOWN
        assert tell(here, number, kind) == 1
        assert here.row("profile").state is state


def test_news_of_a_letter_that_never_left_or_is_not_ours_change_nothing() -> None:
    with world() as here:
        here.enrol()
        assert tell(here, here.row("profile").number, NewsKind.DELIVERED) == 0
        assert tell(here, 999_999, NewsKind.BOUNCED) == 0


def test_without_a_key_nobody_may_tell() -> None:
    with world() as here, pytest.raises(NotFound):
        take_mail_news(here.engine, headers={}, body=b"", now=here.now)
