"""Do the messages and signatures that vendors publish mean to us what they should?

They lie beside the repository where somebody has collected them, and are not part of it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onboarding.adapters.sources import GreenhouseSource, GustoSource, StandardSource
from onboarding.domain.errors import BadRecord, BadSignature, Unavailable
from onboarding.domain.events import Fact, Told, Unfit
from onboarding.ports import Source
from tests.ports.sources.vendor import NOW, event
from tests.ports.test_source_contract import VENDORS

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
MESSAGES = [file for file in sorted((SHARED / "hris").glob("*.json")) if file.stem.partition("-")[0] in VENDORS]
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the published messages are not here")


def vector(name: str) -> Any:
    """A published vector."""
    file = SHARED / "vectors" / name
    if not file.is_file():
        pytest.skip("this vector is not here")
    return json.loads(file.read_text(encoding="utf-8"))


def message(name: str) -> bytes:
    """A published message."""
    file = SHARED / "hris" / name
    if not file.is_file():
        pytest.skip("this message is not here")
    return file.read_bytes()


def facts(source: Source, body: bytes) -> list[Fact]:
    """What is kept of a message, understood."""
    found = source.understand(event(source.keep({}, body)), NOW)
    assert isinstance(found, list), found
    return [each for each in found if isinstance(each, Fact)]


def test_the_ping_of_greenhouse_gets_in_with_its_published_secret() -> None:
    published = vector("greenhouse-ping-test-vector.json")
    source, body = GreenhouseSource([published["secret"]]), published["body"].encode()
    headers = {"signature": published["header"].removeprefix("Signature: ")}
    assert source.verify(headers, body, NOW)
    assert source.understand(event(source.keep(headers, body)), NOW) == "a ping"
    with pytest.raises(BadSignature):
        source.verify(headers, json.dumps(json.loads(body)).encode(), NOW)


def test_the_vectors_of_standard_webhooks_get_in_or_not_as_they_say() -> None:
    vectors = [each for each in vector("standard-webhooks-test-vectors.json") if "payload" in each]
    assert vectors
    for each in vectors:
        source, body = StandardSource([each["secret"]]), each["payload"].encode()
        headers = {name: str(value) for name, value in each.items() if name.startswith("webhook-")}
        sent_at = datetime.fromtimestamp(int(each["webhook-timestamp"]), UTC)
        if each.get("expected") == "reject":
            with pytest.raises(BadSignature):
                source.verify(headers, body, sent_at)
        else:
            assert source.verify(headers, body, sent_at) == each["webhook-id"]


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.stem)
def test_a_documented_message_is_never_a_crash(file: Path) -> None:
    source = VENDORS[file.stem.partition("-")[0]].make([])
    with suppress(BadRecord, Unavailable):
        assert source.understand(event(source.keep({}, file.read_bytes())), NOW)


def test_the_hire_of_greenhouse_lacks_a_zone_and_no_more() -> None:
    body = message("greenhouse-hire_candidate.json")
    with pytest.raises(BadRecord) as caught:
        facts(GreenhouseSource([]), body)
    (sentence,) = caught.value.mistakes
    assert sentence.startswith("time_zone is missing")
    assert "80000" not in GreenhouseSource([]).keep({}, body)


def test_the_ends_of_greenhouse_name_the_application_and_the_offer() -> None:
    (unhired,) = facts(GreenhouseSource([]), message("greenhouse-unhire_candidate.json"))
    (deleted,) = facts(GreenhouseSource([]), message("greenhouse-offer_deleted.json"))
    assert (unhired.told, unhired.external_id, unhired.about) == (Told.WITHDRAWN, "265293", "")
    assert (deleted.told, deleted.external_id, deleted.about) == (Told.WITHDRAWN, "46194062", "506406")


def test_the_token_of_gusto_is_for_a_human() -> None:
    body = message("gusto-verification.json")
    source = GustoSource([])
    assert source.verify({}, body, NOW)
    found = source.understand(event(source.keep({}, body)), NOW)
    assert isinstance(found, list)
    assert [type(each) for each in found] == [Unfit]
