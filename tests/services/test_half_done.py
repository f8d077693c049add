"""What happens when something changes while half of it is done?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onboarding import paths
from onboarding.adapters.sql import SqlStore
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import State, Why
from onboarding.domain.journey import Journey
from onboarding.domain.mail import Letter, Outcome, OutcomeKind
from onboarding.services.dispatching import claim_batches
from tests.worlds import at, world

FOR_NOW = Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="451 try again")


class Interrupting(FolderWords):
    """The shipped words; reading a journey lets something else happen first, once."""

    first: Callable[[], object] | None = None

    def journey(self, name: str) -> Journey:
        first, self.first = self.first, None
        if first is not None:
            first()
        return super().journey(name)


@pytest.mark.slow
def test_a_change_that_meets_a_worker_half_way_is_kept_and_what_was_claimed_leaves_as_it_stood(
    postgres_url: str,
) -> None:
    words = Interrupting(paths.shipped_templates())
    with world(store=SqlStore(postgres_url), words=words) as here:
        here.enrol()
        here.now = here.row("profile").due_at
        words.first = lambda: claim_batches(here.engine, here.now)
        here.enrol(start_date="2027-02-01")
        assert here.row("profile").state is State.CLAIMED
        assert here.row("welcome_card").due_at.date().isoformat() == "2027-02-01"


def test_nobody_is_invited_to_a_meeting_that_has_begun() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 04:50"))
        buddy, send = here.row("first_coffee", "buddy").number, here.mail.send

        def busy_for_a_day(letter: Letter) -> Outcome:
            return FOR_NOW if letter.number == buddy and here.now < at("2027-01-05 06:00") else send(letter)

        here.mail.send = busy_for_a_day  # type: ignore[method-assign]  # a mail server refuses one mailbox for a day
        here.walk_to(at("2027-01-07 00:00"))
        late = here.row("first_coffee", "buddy")
        assert (late.state, late.why) == (State.SKIPPED, Why.TOO_LATE)
        assert late.reason == "too late: the meeting has begun already"
        assert not [letter for letter in here.mail.letters if letter.number == buddy]


@pytest.mark.slow
def test_a_buddy_who_becomes_the_manager_hands_the_role_on() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-05 06:00"))
        buddy = here.row("first_coffee", "buddy").person_id
        here.enrol(manager_id=buddy)
        here.walk_to(at("2027-01-13 06:00"))
        rounds = [one for one in here.rows() if one.step == "welcome_round" and one.state is State.SENT]
        assert [one.role for one in rounds if one.person_id == buddy] == ["manager"]
        assert len({one.person_id for one in rounds}) == len(rounds) == 3


@pytest.mark.parametrize("domain", ["example..com", f"{'x' * 70}.com", "straße.example"])
def test_an_odd_domain_crashes_no_invitation(domain: str) -> None:
    with world() as here:
        here.enrol(work_email=f"ana@{domain}", personal_email="ana@example.org")
        here.walk_to(at("2027-01-04 12:00"))
        assert not [one.reason for one in here.rows() if one.why is Why.CRASHED]
        assert here.row("first_coffee").state is State.SENT
