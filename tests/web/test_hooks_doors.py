"""Does each HR system get the answers that its own rules want, at the door that is meant for it?

What their manuals say: BambooHR and Merge take any 4xx for final, Personio repeats after 5xx but not 501,
Greenhouse and Workable take nothing but 200 for an answer, and nobody follows a redirect.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn

from onboarding import bootstrap, settings
from onboarding.adapters.sources.declared import DeclaredSource
from onboarding.adapters.sources.declared.file import read_sources
from onboarding.adapters.sql import SqlStore
from onboarding.domain.events import EventState, Tally
from onboarding.ports import Source
from onboarding.services.enrolling import enroll_waiting
from onboarding.web import app
from tests.ports.sources import vendors, vendors_declared, vendors_hris
from tests.ports.sources.vendor import NOW, Vendor
from tests.prefect_server import free_port
from tests.sites import ELSEWHERE, Site, site

VENDORS: Mapping[str, Vendor] = vendors.VENDORS | vendors_hris.VENDORS | vendors_declared.VENDORS
PATH, OLD_PATH = "the-secret-end-of-the-address", "the-end-that-it-had-before"
PATHS = {"gusto": [PATH, OLD_PATH], "personio": [PATH, OLD_PATH]}
of_each = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())

HANDSHAKES = """
[echo]
authentication = { kind = "signature", header = "x-sig" }
handshake = { header = "X-Hook-Secret" }
event = { name = "type", updated = "changed", external_id = "id" }

[challenge]
authentication = { kind = "signature", header = "x-sig" }
handshake = { field = "challenge", bodies = ["ping"] }
event = { name = "type", updated = "changed", external_id = "id" }

[form]
body = "form"
authentication = { kind = "bearer" }

[form.event]
name = "event"
created = "hired"
external_id = "employee.id"

[form.person]
full_name = "employee.name"
work_email = "employee.mail"
start_date = "employee.start"
time_zone = "employee.zone"
"""
DECLARED = {
    name: DeclaredSource(name, one, ["a-secret-of-ours"]) for name, one in read_sources(HANDSHAKES).items()
}


def door(source: Source) -> str:
    return f"/webhooks/hris/{source.name}" + (f"/{PATH}" if source.name in PATHS else "")


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    made = [vendor.make([vendor.secrets[0]]) for vendor in VENDORS.values()]
    return {source.name: source for source in made} | DECLARED


@pytest.fixture
def here(sources: dict[str, Source]) -> Iterator[Site]:
    with site("2026-12-01 08:00", client=ELSEWHERE, host="o.example.com", sources=sources, paths=PATHS) as found:
        yield found


def told(here: Site) -> list[tuple[str, EventState]]:
    with here.world.engine.store.read() as books:
        return [(one.source, one.state) for one in books.events.find()]


def refused(here: Site) -> dict[str, int]:
    """How many were refused, by source."""
    engine = here.world.engine
    engine.counts.write(engine.store)
    with engine.store.read() as books:
        found: Mapping[tuple[str, str], Tally] = books.tallies.all()
    return {source: tally.count for (source, what), tally in found.items() if what == "refused"}


class TestEachSystem:
    @of_each
    def test_a_message_and_its_repetition_get_200_and_the_same_words(self, here: Site, vendor: Vendor) -> None:
        source = vendor.make([vendor.secrets[0]])
        headers = vendor.sign(vendor.secrets[0], vendor.body)
        first, again = (here.browser.post(door(source), content=vendor.body, headers=headers) for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.content == again.content
        assert told(here) == [(source.name, EventState.RECORDED)]

    @of_each
    def test_while_the_store_is_away_it_is_asked_to_come_back_and_is_taken_then(
        self, here: Site, vendor: Vendor, tmp_path: Path
    ) -> None:
        source, engine = vendor.make([vendor.secrets[0]]), here.world.engine
        headers = vendor.sign(vendor.secrets[0], vendor.body)
        store = engine.store
        object.__setattr__(engine, "store", SqlStore(f"sqlite:///{tmp_path}/no-such-folder/onboarding.db"))
        answer = here.browser.post(door(source), content=vendor.body, headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        object.__setattr__(engine, "store", store)
        assert told(here) == []
        assert here.browser.post(door(source), content=vendor.body, headers=headers).status_code == 200
        assert told(here) == [(source.name, EventState.RECORDED)]

    @of_each
    def test_what_a_stranger_signed_gets_401_and_is_counted(self, here: Site, vendor: Vendor) -> None:
        source = vendor.make([vendor.secrets[0]])
        if source.name == "personio":
            return  # without a header for its signature the end of the address is all that it proves
        headers = vendor.sign(vendor.secrets[2], vendor.body)
        assert here.browser.post(door(source), content=vendor.body, headers=headers).status_code == 401
        assert here.browser.post(door(source), content=vendor.body).status_code == 401
        assert (told(here), refused(here)) == ([], {source.name: 2})

    @of_each
    def test_no_address_near_the_right_one_leads_elsewhere(self, here: Site, vendor: Vendor) -> None:
        source = vendor.make([vendor.secrets[0]])
        headers = vendor.sign(vendor.secrets[0], vendor.body)
        for address in (f"{door(source)}/", f"/{door(source)}", f"{door(source)}/more/of/it"):
            answer = here.browser.post(address, content=vendor.body, headers=headers)
            assert answer.status_code == 404
        assert here.browser.get(door(source)).status_code == 405
        assert told(here) == []


class TestEndsOfAddresses:
    VENDOR = VENDORS["gusto"]

    def post(self, here: Site, address: str) -> int:
        headers = self.VENDOR.sign(self.VENDOR.secrets[0], self.VENDOR.body)
        return here.browser.post(address, content=self.VENDOR.body, headers=headers).status_code

    @pytest.mark.parametrize("end", [PATH, OLD_PATH])
    def test_the_new_end_opens_and_so_does_the_old_one_while_it_is_changed(self, here: Site, end: str) -> None:
        assert self.post(here, f"/webhooks/hris/gusto/{end}") == 200
        assert told(here) == [("gusto", EventState.RECORDED)]

    @pytest.mark.parametrize(
        "address",
        [
            "/webhooks/hris/gusto",
            "/webhooks/hris/gusto/another-end-of-the-address",
            f"/webhooks/hris/gusto/{PATH[:-1]}",
            f"/webhooks/hris/gusto/{PATH}x",
            f"/webhooks/hris/gusto/{PATH.upper()}",
            "/webhooks/hris/gusto/%F0%9F%98%80%00",
            "/webhooks/hris/gusto/%ff%fe",
        ],
    )
    def test_a_wrong_end_or_none_is_not_there_and_is_counted(self, here: Site, address: str) -> None:
        assert self.post(here, address) == 404
        assert (told(here), refused(here)) == ([], {"gusto": 1})

    def test_an_end_where_none_is_set_is_not_there(self, here: Site) -> None:
        vendor = VENDORS["hibob"]
        headers = vendor.sign(vendor.secrets[0], vendor.body)
        address = "/webhooks/hris/hibob/something"
        assert here.browser.post(address, content=vendor.body, headers=headers).status_code == 404
        assert (told(here), refused(here)) == ([], {"hibob": 1})

    def test_an_answer_does_not_say_whether_the_end_or_the_source_is_wrong(self, here: Site) -> None:
        nowhere, wrong = (
            here.browser.post(f"/webhooks/hris/{name}/{'x' * 20}", content=b"{}") for name in ("nobody", "gusto")
        )
        assert (nowhere.status_code, wrong.status_code) == (404, 404)
        assert PATH not in wrong.text

    def test_the_end_is_asked_for_before_anything_else(self, here: Site) -> None:
        body = json.dumps({"verification_token": "of-a-stranger"}).encode()  # it needs no signature
        assert here.browser.post("/webhooks/hris/gusto", content=body).status_code == 404
        assert told(here) == []


class TestHandshakes:
    def ask(self, here: Site, name: str, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        answer: Any = here.browser.post(f"/webhooks/hris/{name}", content=body, headers=headers)
        assert told(here) == []
        assert refused(here) == {}
        found: httpx.Response = answer
        return found

    @pytest.mark.parametrize("body", [b"Ping test", b'"Ping test"', b'{"text":"Ping test"}'])
    def test_the_ping_of_hibob_is_answered_and_forgotten(self, here: Site, body: bytes) -> None:
        answer = self.ask(here, "hibob", body)
        assert (answer.status_code, answer.text) == (200, "")

    def test_a_header_that_is_to_be_echoed_comes_back(self, here: Site) -> None:
        answer = self.ask(here, "echo", b"", {"X-Hook-Secret": "aGVsbG8=.42"})
        assert (answer.status_code, answer.headers["x-hook-secret"]) == (200, "aGVsbG8=.42")

    def test_a_challenge_comes_back_as_json(self, here: Site) -> None:
        answer = self.ask(here, "challenge", b'{"challenge": "abc123", "token": "x"}')
        assert (answer.status_code, answer.json()) == (200, {"challenge": "abc123"})
        assert answer.headers["content-type"] == "application/json"
        assert self.ask(here, "challenge", b"ping").status_code == 200

    @pytest.mark.parametrize("given", ["<script>", "a b", "x" * 257, ""])
    def test_what_a_browser_could_read_as_a_page_is_never_echoed(self, here: Site, given: str) -> None:
        assert here.browser.post("/webhooks/hris/echo", headers={"X-Hook-Secret": given}).status_code == 401
        body = json.dumps({"challenge": given}).encode()
        answer = here.browser.post("/webhooks/hris/challenge", content=body)
        assert answer.status_code == 401
        assert given not in answer.text or not given

    def test_a_form_is_read_as_its_sender_writes_it(self, here: Site) -> None:
        fields = {"event": "hired", "employee[id]": "7", "employee[name]": "Amihan Quill",
                  "employee[mail]": "amihan@example.com", "employee[start]": "2027-01-04",
                  "employee[zone]": "Asia/Manila", "employee[salary]": "90000"}  # fmt: skip
        answer = here.browser.post(
            "/webhooks/hris/form",
            content=urlencode(fields).encode(),
            headers={
                "Authorization": "Bearer a-secret-of-ours",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        assert answer.status_code == 200
        (done,) = enroll_waiting(here.world.engine, NOW)
        assert (done.hire_id, done.state) == ("form-7", EventState.OBEYED)
        with here.world.engine.store.read() as books:
            (kept,) = books.events.find()
        assert "90000" not in kept.body


def test_the_end_of_an_address_is_never_in_the_access_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said = {
        "ONBOARDING_HOME": str(tmp_path),
        "ONBOARDING_WEBHOOK_PATHS": json.dumps({"personio": [PATH]}),
        "ONBOARDING_HRIS_ACCOUNTS": json.dumps({"personio": {"client_id": "c", "client_secret": "s"}}),
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    access = logging.getLogger("uvicorn.access")  # a server of another test may have quieted it
    monkeypatch.setattr(access, "propagate", True)
    monkeypatch.setattr(access, "disabled", False)
    monkeypatch.setattr(access, "level", logging.INFO)
    bootstrap.migrate(settings.load())
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app(), port=port, log_config=None))
    served = Thread(target=server.run)
    with caplog.at_level("INFO"):
        served.start()
        while not server.started:
            Event().wait(0.01)
        for address in (f"/personio/{PATH}", f"/personio/{PATH}x", f"//personio/{PATH}"):
            body = b'{"event_name": "person.created"}'
            httpx.post(f"http://127.0.0.1:{port}/webhooks/hris{address}", content=body)
        server.should_exit = True
        served.join()
    said_of = (entry.getMessage() for entry in caplog.records if entry.name == "uvicorn.access")
    lines = list(dict.fromkeys(said_of))  # another test may have had it said twice
    assert len(lines) == 3
    assert '"POST /webhooks/hris/personio/... HTTP/1.1" 200' in lines[0]
    ours = [entry.getMessage() for entry in caplog.records if not entry.name.startswith("http")]
    assert not [line for line in ours if PATH in line]
