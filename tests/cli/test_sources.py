"""Do the commands about HR systems say what those told, how they do, and what became of it?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onboarding.domain.errors import BadSignature
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.receiving import receive
from tests.cli.spoken import Spoken
from tests.ports.sources.vendors_hris import BAMBOO_ACCOUNT
from tests.signing import post_standard
from tests.sinks.hris import HrisSink, broken
from tests.worlds import SECRET

HEAD = "id,first_name,last_name,work_email,start_date,time_zone\n"
AMIHAN = "n1,Amihan,Quill,amihan@example.com,2027-01-04,Asia/Manila\n"
BO = "b1,Bo,Berg,bo@example.com,2020-01-01,Europe/Berlin\n"
AS_OF = ("--as-of", "2026-12-01T08:00")


def plain(text: str) -> str:
    """A table without the spaces that line it up."""
    return " ".join(text.split())


@pytest.fixture
def heard(onboarding: Spoken, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """A company whose HR system told of one who fits, one who does not, and nothing of use."""
    monkeypatch.setenv("ONBOARDING_WEBHOOK_SECRETS", json.dumps({"standard": SECRET}))
    with onboarding.world("2026-12-01 08:00") as here:
        post_standard(here.engine, {"manager_id": None}, now=here.now)
        post_standard(here.engine, {"id": "n2", "start_date": "soon"}, now=here.now)
        post_standard(here.engine, {}, now=here.now, told="invoice.paid")
        with pytest.raises(BadSignature):
            receive(here.engine, source="standard", headers={}, body=b"{}", now=here.now)
        enroll_waiting(here.engine, here.now)
    return onboarding


class TestEvents:
    def test_they_are_listed_the_newest_first_and_can_be_chosen(self, heard: Spoken) -> None:
        text = plain(heard("events"))
        assert "standard 2026-12-01 08:00 obeyed n1 enrolled" in text
        assert "review start_date must be a day written as 2026-03-02" in text
        assert {one["state"] for one in heard.json("events")} == {"obeyed", "ignored", "review"}
        (one,) = heard.json("events", "--state", "review", "--source", "standard")
        assert one["reason"].startswith("start_date")
        assert heard.json("events", "--source", "greenhouse") == []
        assert len(heard.json("events", "--limit", "2")) == 2
        assert "No HR system has told us anything of that kind." in heard("events", "--state", "early")

    def test_one_is_shown_with_what_was_kept_of_it(self, heard: Spoken) -> None:
        (review,) = heard.json("events", "--state", "review")
        text = heard("events", "show", review["id"])
        lines = dict(line.split("  ", 1) for line in text.partition("\n\n")[0].splitlines())
        assert {
            name: value.strip() for name, value in lines.items() if name in ("source", "state", "received")
        } == {
            "source": "standard",
            "state": "review",
            "received": "2026-12-01 08:00:00 UTC",
        }
        assert len(lines["SHA-256 of what came"].strip()) == 64
        assert "asked in vain" not in lines
        kept = json.loads(text.partition("kept of the message:\n")[2])
        assert (kept["data"]["id"], kept["data"]["start_date"]) == ("n2", "soon")
        assert heard.json("events", "show", review["id"])["body"] == review["body"]
        assert "there is no event x; `onboarding events` lists the newest" in heard("events", "show", "x", code=1)

    def test_one_is_obeyed_again(self, heard: Spoken) -> None:
        (obeyed,) = heard.json("events", "--state", "obeyed")
        (review,) = heard.json("events", "--state", "review")
        assert heard("events", "replay", obeyed["id"], *AS_OF) == f"{obeyed['id']}: obeyed, nothing has changed\n"
        assert heard.json("events", "replay", review["id"], *AS_OF, code=1)["state"] == "review"
        assert "there is no event x" in heard("events", "replay", "x", code=1)

    def test_a_human_says_who_is_meant(self, heard: Spoken) -> None:
        with heard.world("2026-12-02 08:00") as here:
            more: dict[str, object] = {
                "id": "n9",
                "personal_email": "amihan@example.org",
                "work_email": None,
                "last_name": "Feather",
            }
            event_id = post_standard(here.engine, more, now=here.now).event_id
        (doubt,) = heard.json("enroll", "--as-of", "2026-12-02T08:00")
        assert (
            doubt["reason"] == "perhaps the same person as n1: the same address, but standard tells of two people"
        )
        both = heard("events", "replay", event_id, "--same-as", "n1", "--somebody-else", code=2)
        assert "either --same-as or --somebody-else" in both
        assert "there is no person n7" in heard("events", "replay", event_id, "--same-as", "n7", code=1)
        done = heard.json("events", "replay", event_id, "--same-as", "n1", "--as-of", "2026-12-02T09:00")
        assert (done["hire_id"], done["state"]) == ("n1", "obeyed")
        assert [one["id"] for one in heard.json("hire", "list")] == ["n1"]


class TestSourceList:
    def test_every_system_is_told_in_numbers(self, heard: Spoken) -> None:
        found = {one["source"]: one for one in heard.json("source", "list")}
        counts = {
            name: found["standard"][name] for name in ("verified", "refused", "obeyed", "unparsed", "waiting")
        }
        assert counts == {"verified": 3, "refused": 1, "obeyed": 1, "unparsed": 1, "waiting": 0}
        assert (found["standard"]["lag"], found["standard"]["set_up"]) == (0.0, True)
        assert "standard 2026-12-01 08:00 3 1 1 1 0" in plain(heard("source", "list"))

    def test_a_system_that_is_not_set_up_any_more_is_said_so(
        self, heard: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("ONBOARDING_WEBHOOK_SECRETS")
        assert "standard (not set up)" in heard("source", "list")

    def test_without_any_system_it_says_where_to_read(self, onboarding: Spoken) -> None:
        assert onboarding("source", "list") == "No HR system is set up: see docs/sources.md.\n"
        assert onboarding.json("source", "list") == []


class TestSourceVerify:
    @pytest.fixture
    def sink(self) -> Iterator[HrisSink]:
        with HrisSink() as server:
            yield server

    def set_up(self, monkeypatch: pytest.MonkeyPatch, sink: HrisSink, **account: str) -> None:
        monkeypatch.setenv(
            "ONBOARDING_WEBHOOK_SECRETS", '{"gusto": ["the-token-of-gusto", "an-older-token-of-it"]}'
        )
        monkeypatch.setenv("ONBOARDING_WEBHOOK_PATHS", '{"gusto": "the-secret-end-of-it"}')
        monkeypatch.setenv("ONBOARDING_HRIS_ACCOUNTS", json.dumps({"gusto": {"url": sink.url, **account}}))

    def test_the_newest_token_confirms_a_subscription(
        self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch, sink: HrisSink
    ) -> None:
        self.set_up(monkeypatch, sink, api_token="org-1")
        sink.say("PUT", "/v1/webhook_subscriptions/s-1/verify", {})
        text = onboarding("source", "verify", "gusto", "s-1")
        assert text == "Gusto has confirmed the subscription: events come from now on.\n"
        assert sink.asked[0].tree == {"verification_token": "the-token-of-gusto"}
        assert "Gusto knows no such subscription" in onboarding("source", "verify", "gusto", "s-2", code=1)

    def test_what_lacks_is_said(self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch, sink: HrisSink) -> None:
        none = onboarding("source", "verify", "gusto", "s-1", code=1)
        assert "ONBOARDING_WEBHOOK_SECRETS has no verification token of gusto" in none
        self.set_up(monkeypatch, sink, access_token="of-the-company")
        assert "gusto needs the key api_token" in onboarding("source", "verify", "gusto", "s-1", code=2)
        assert "gusto" in onboarding("source", "verify", "ashby", "s-1", code=2)


class TestSyncDirectory:
    @pytest.fixture
    def exported(self, onboarding: Spoken, monkeypatch: pytest.MonkeyPatch) -> Spoken:
        Path("people.csv").write_text(HEAD + AMIHAN + BO, encoding="utf-8")
        monkeypatch.setenv("ONBOARDING_PEOPLE_CSV", "people.csv")
        return onboarding

    def test_it_says_who_came_changed_left_and_needs_a_look(self, exported: Spoken) -> None:
        text = exported("sync-directory", *AS_OF)
        assert text.startswith("csv: 2 people")
        assert "enrolled n1 enrolled changed b1 a colleague" in plain(text)
        assert [one["id"] for one in exported.json("hire", "list")] == ["n1"]
        assert exported("sync-directory", "csv", *AS_OF) == "csv: 2 people; nothing is new.\n"
        (told,) = exported.json("events")
        assert (told["source"], told["hire_id"], told["reason"]) == ("csv", "n1", "enrolled; no message told us")

    def test_json_names_each_group(self, exported: Spoken) -> None:
        (found,) = exported.json("sync-directory", *AS_OF)
        assert (found["source"], found["seen"], found["kept_back"], found["away"]) == ("csv", 2, "", "")
        assert [one["person_id"] for one in found["enrolled"]] == ["n1"]
        assert found["left"] == found["to_review"] == []

    def test_a_rehearsal_keeps_nothing_and_says_so(self, exported: Spoken) -> None:
        text = exported("sync-directory", "--rehearse", *AS_OF)
        assert plain(text).startswith("csv: 2 people, rehearsed: nothing is kept what who why")
        assert "enrolled n1 enrolled changed b1 a colleague" in plain(text)
        assert exported.json("hire", "list") == exported.json("events") == exported.json("people", "list") == []

    def test_many_who_are_missing_are_kept_and_said(self, exported: Spoken) -> None:
        exported("sync-directory", *AS_OF)
        Path("people.csv").write_text(HEAD, encoding="utf-8")
        text = exported("sync-directory", "--as-of", "2026-12-02")
        assert "csv: 0 people; nothing is new." in text
        assert "2 of 2 people whom csv told us of are missing from its list: nobody was taken for gone" in text
        assert "missing from its list" in exported("review", "--as-of", "2026-12-02")

    def test_a_system_that_does_not_answer_stops_no_other_one_and_fails(
        self, exported: Spoken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with HrisSink() as sink:
            monkeypatch.setenv(
                "ONBOARDING_HRIS_ACCOUNTS", json.dumps({"bamboohr": {**BAMBOO_ACCOUNT, "url": sink.url}})
            )
            sink.behave(broken(503), times=3)
            text = exported("sync-directory", *AS_OF, code=1)
            assert "bamboohr: BambooHR does not answer what we ask (503)\n" in text
            assert "csv: 2 people" in text
            sink.behave(broken(503), times=3)
            found: dict[str, Any] = {one["source"]: one for one in exported.json("sync-directory", *AS_OF, code=1)}
            assert found["bamboohr"]["away"].startswith("BambooHR does not answer")
            assert found["csv"]["away"] == ""

    def test_without_a_system_to_ask_it_says_what_makes_one(self, onboarding: Spoken) -> None:
        text = onboarding("sync-directory")
        assert text == "No HR system is set up to be asked: ONBOARDING_HRIS_ACCOUNTS or ONBOARDING_PEOPLE_CSV.\n"
        assert onboarding.json("sync-directory") == []
        assert "bamboohr cannot be asked for everybody; those that can: none" in onboarding(
            "sync-directory", "bamboohr", code=1
        )
