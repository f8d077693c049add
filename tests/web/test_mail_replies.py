"""What does SendGrid get to hear when it hands over a mail, and who else gets in?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from onboarding.adapters.mailers.sendgrid_replies import SendGridReplies
from onboarding.domain.attending import Attendance
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.web import create_app, limits
from onboarding.web.application import hide_tokens
from tests.inbound import KEY, PATH, form, headers, public_key
from tests.invited import PAL, coffee, invitation_to, invited, save_invited
from tests.reply_mails import answer_to, gmail, words
from tests.sites import HERE
from tests.worlds import World, at

STAMP = at("2027-01-04 05:00")
DOOR = f"/webhooks/sendgrid/inbound/{PATH}"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_invited(tmp_path_factory.mktemp("doors"))


@contextmanager
def site(saved: Path, door: SendGridReplies | None) -> Iterator[tuple[World, TestClient]]:
    with invited(saved) as here:
        engine = replace(here.engine, reply_door=door)
        app = create_app(engine, clock=lambda: here.now, desk=True)
        yield here, TestClient(app, base_url="http://127.0.0.1:8400", client=HERE, raise_server_exceptions=False)


def of_pal(saved: Path, partstat: str = "ACCEPTED") -> bytes:
    return gmail(answer_to(invitation_to(saved, PAL), partstat=partstat, stamp=STAMP), sender=PAL)


def test_an_answer_is_taken_and_a_repetition_gets_the_same_answer(saved: Path) -> None:
    body = form(of_pal(saved))
    with site(saved, SendGridReplies(paths=[PATH])) as (here, browser):
        first = browser.post(DOOR, content=body, headers=headers(body, here.now))
        again = browser.post(DOOR, content=body, headers=headers(body, here.now))
        assert (first.status_code, first.json()["state"]) == (200, "taken")
        assert again.json() == first.json()
        with here.engine.store.read() as books:
            attendees = books.meetings.attendees(coffee(here).id)
        assert {one.person_id: one.attendance for one in attendees}["pal"] is Attendance.ACCEPTED
        (told,) = [
            sample
            for family in text_string_to_metric_families(browser.get("/metrics").text)
            for sample in family.samples
            if sample.name == "onboarding_mail_replies_total"
        ]
    assert (told.labels, told.value) == ({"door": "inbound", "state": "taken"}, 1)


def test_a_doubted_sender_changes_nothing_and_is_answered_with_200_because_no_repetition_helps(
    saved: Path,
) -> None:
    body = form(of_pal(saved, "DECLINED"), spf="fail", dkim="none")
    with site(saved, SendGridReplies(paths=[PATH])) as (here, browser):
        before = coffee(here)
        answer = browser.post(DOOR, content=body, headers=headers(body, here.now))
        assert (answer.status_code, answer.json()["state"]) == (200, "refused")
        assert coffee(here) == before


def test_whoever_does_not_know_the_address_or_did_not_sign_is_not_listened_to(saved: Path) -> None:
    body = form(of_pal(saved))
    with site(saved, SendGridReplies(paths=[PATH])) as (here, browser):
        for path in ("/webhooks/sendgrid/inbound", "/webhooks/sendgrid/inbound/another-end"):
            assert browser.post(path, content=body, headers=headers(body, here.now)).status_code == 404
    with site(saved, SendGridReplies(public_key=public_key())) as (here, browser):
        door = "/webhooks/sendgrid/inbound"
        assert browser.post(door, content=body, headers=headers(body, here.now)).status_code == 503
        signed = browser.post(door, content=body, headers=headers(body, here.now, key=KEY))
        assert (signed.status_code, signed.json()["state"]) == (200, "taken")
        assert browser.post(door, content=b"x" * 2_100_000).status_code == 413
    with site(saved, None) as (here, browser):
        assert browser.post(DOOR, content=body, headers=headers(body, here.now)).status_code == 404


def test_both_a_secret_address_and_a_signature_can_be_asked_for(saved: Path) -> None:
    body = form(of_pal(saved))
    with site(saved, SendGridReplies(paths=[PATH], public_key=public_key())) as (here, browser):
        refused = browser.post(DOOR, content=body, headers=headers(body, here.now))
        assert refused.status_code == 503  # SendGrid would drop it at once after 401, and the key may be mended
        assert "not signed by SendGrid" in refused.json()["error"]
        assert browser.post(DOOR, content=body, headers=headers(body, here.now, key=KEY)).status_code == 200


def test_only_what_can_get_better_is_answered_with_5xx(saved: Path) -> None:
    body = form(words("By hand", sender=PAL))
    with site(saved, SendGridReplies(paths=[PATH])) as (here, browser):
        here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="later")]
        assert browser.post(DOOR, content=body, headers=headers(body, here.now)).status_code == 503
        repeated = browser.post(DOOR, content=body, headers=headers(body, here.now))
        assert (repeated.status_code, repeated.json()["state"]) == (200, "passed_on")
        assert browser.post(DOOR, content=b"no form").status_code == 400
        assert len(here.to("people@example.com")) == 1


def test_a_body_that_comes_too_slowly_is_to_be_repeated(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_read", stalled)
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    with site(saved, SendGridReplies(paths=[PATH])) as (_, browser):
        answer = browser.post(DOOR, content=b"x")
    assert (answer.status_code, answer.headers["connection"]) == (503, "close")


async def stalled(*_: object) -> bytes:
    await asyncio.sleep(5)
    return b""


def test_no_secret_and_no_address_reaches_a_log(saved: Path, caplog: pytest.LogCaptureFixture) -> None:
    entry = logging.LogRecord("uvicorn.access", 20, "", 0, '%s "%s %s"', (PAL, "POST", DOOR), None)
    assert hide_tokens(entry)
    assert entry.args == (PAL, "POST", "/webhooks/sendgrid/inbound/...")
    body = form(of_pal(saved, "DECLINED"))
    with (
        site(saved, SendGridReplies(paths=[PATH])) as (here, browser),
        caplog.at_level(logging.DEBUG, "onboarding"),
    ):
        browser.post(DOOR, content=body, headers=headers(body, here.now))
    told = " ".join(str(vars(one)) for one in caplog.records if one.name.startswith("onboarding"))
    assert "reply.taken" in told
    assert not [one for one in (PAL, PATH, "Pal") if one in told]
