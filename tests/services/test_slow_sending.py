"""What becomes of a letter that takes longer than the lease of its worker?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.mail import Letter, Outcome, OutcomeKind
from onboarding.services.changing import settle_unknown
from onboarding.services.dispatching import LEASE, recover
from tests.worlds import World, at, world

FOR_NOW = Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="451 try again")
FOR_GOOD = Outcome(kind=OutcomeKind.REFUSED, reason="550 no such mailbox")


def give_up_while_sending(here: World, outcome: Outcome, *, human: State | None = None) -> int:
    """Another run takes the worker for dead while its first letter is under way; returns its number."""
    send, slow = here.mail.send, list[int]()

    def slowly(letter: Letter) -> Outcome:
        if slow:
            return send(letter)
        slow.append(letter.number)
        recover(here.engine, here.now + LEASE + timedelta(minutes=1))
        if human is not None:
            settle_unknown(here.engine, letter.number, human, here.now)
        return outcome

    here.mail.send = slowly  # type: ignore[method-assign]  # the network is slow today
    here.run()
    return slow[0]


@pytest.mark.parametrize("outcome", [FOR_NOW, FOR_GOOD], ids=["for now", "for good"])
@pytest.mark.parametrize("human", [None, State.SENT, State.FAILED], ids=["nobody", "sent", "failed"])
def test_a_refusal_after_the_lease_is_known_and_the_other_letters_still_leave(
    outcome: Outcome, human: State | None
) -> None:
    with world() as here:
        for number in range(3):
            here.enrol(id=f"h{number}", personal_email=f"h{number}@example.org")
        here.now = at("2026-12-14 02:00")
        first = give_up_while_sending(here, outcome, human=human)
        rows = [here.row("profile", hire_id=f"h{number}") for number in range(3)]
        states = {one.number: one.state for one in rows}
        assert states.pop(first) is (human or State.FAILED)
        here.now += LEASE + timedelta(minutes=2)
        here.run()
        assert max(Counter(letter.number for letter in here.mail.letters).values()) == 1
        assert {here.row("profile", hire_id=f"h{number}").state for number in range(3)} <= {
            State.SENT,
            State.FAILED,
        }
