"""Does each HR system let its own messages in, and nobody else's?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from onboarding.adapters.sources import GreenhouseSource, StandardSource
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature
from onboarding.domain.events import Event, Fact
from onboarding.ports import Source

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
BODY = json.dumps({"type": "hire.created", "note": "caf\u00e9 \u003cb\u003e"}).encode()

Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A source, and how its real sender signs."""

    make: Callable[[list[str]], Source]
    secrets: tuple[str, str, str]
    sign: Callable[[str, bytes], Headers]
    signature: str
    id_header: str


def standard_headers(secret: str, body: bytes, *, sent_at: datetime = NOW, message_id: str = "msg_1") -> Headers:
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, sent_at, body.decode()),
    }


def greenhouse_headers(secret: str, body: bytes) -> Headers:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"signature": f"sha256 {digest}", "greenhouse-event-id": "9001"}


def base64_secret(letter: str) -> str:
    return "whsec_" + base64.b64encode(letter.encode() * 24).decode()


VENDORS = {
    "standard": Vendor(
        make=StandardSource,
        secrets=(base64_secret("n"), base64_secret("o"), base64_secret("w")),
        sign=standard_headers,
        signature="webhook-signature",
        id_header="webhook-id",
    ),
    "greenhouse": Vendor(
        make=GreenhouseSource,
        secrets=("new-secret-of-ours", "old-secret-of-ours", "another-secret-altogether"),
        sign=greenhouse_headers,
        signature="signature",
        id_header="greenhouse-event-id",
    ),
}


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    name: str = request.param
    return VENDORS[name]


def refused(vendor: Vendor, headers: Headers, body: bytes = BODY) -> str:
    with pytest.raises(BadSignature) as caught:
        vendor.make(list(vendor.secrets[:2])).verify(headers, body, NOW)
    return str(caught.value)


def test_a_message_with_the_right_signature_gets_in(vendor: Vendor) -> None:
    source = vendor.make([vendor.secrets[0]])
    assert source.verify(vendor.sign(vendor.secrets[0], BODY), BODY, NOW)


def test_the_old_secret_still_opens_while_secrets_are_rotated(vendor: Vendor) -> None:
    source = vendor.make(list(vendor.secrets[:2]))
    ids = [source.verify(vendor.sign(secret, BODY), BODY, NOW) for secret in vendor.secrets[:2]]
    assert ids[0] == ids[1]


def test_a_wrong_secret_is_refused(vendor: Vendor) -> None:
    assert refused(vendor, vendor.sign(vendor.secrets[2], BODY)) == "no signature matches"


def test_without_any_secret_nothing_gets_in(vendor: Vendor) -> None:
    with pytest.raises(BadSignature):
        vendor.make([]).verify(vendor.sign(vendor.secrets[0], BODY), BODY, NOW)


@pytest.mark.parametrize("place", [0, len(BODY) // 2, len(BODY) - 1])
def test_a_changed_byte_is_refused(vendor: Vendor, place: int) -> None:
    changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
    assert refused(vendor, vendor.sign(vendor.secrets[0], BODY), changed)


def test_the_same_tree_written_in_another_way_is_refused(vendor: Vendor) -> None:
    again = json.dumps(json.loads(BODY), indent=1).encode()
    assert refused(vendor, vendor.sign(vendor.secrets[0], BODY), again)


def test_a_missing_signature_is_refused(vendor: Vendor) -> None:
    headers = vendor.sign(vendor.secrets[0], BODY)
    assert refused(vendor, {name: value for name, value in headers.items() if name != vendor.signature})
    assert refused(vendor, {})


def test_a_signature_that_came_twice_is_refused_even_when_one_is_right(vendor: Vendor) -> None:
    right = vendor.sign(vendor.secrets[0], BODY)[vendor.signature]
    wrong = vendor.sign(vendor.secrets[2], BODY)[vendor.signature]
    for pair in (f"{right}, {right}", f"{right}, {wrong}", f"{wrong}, {right}"):
        assert refused(vendor, {**vendor.sign(vendor.secrets[0], BODY), vendor.signature: pair})


MALFORMED = [
    *("", " ", ",", "v1", "v1,", "v1,===", "v1,a,b", "v1, ", "v1a,AAAA", "v1," + "A" * 5000),
    *(
        "sha256",
        "sha256 ",
        "sha256=00",
        "sha256 zz",
        "sha256 " + "0" * 63,
        "sha256 " + "0" * 65,
        "sha1 " + "0" * 40,
    ),
    *("\xff\xfe", "\u0661" * 64),
]


@pytest.mark.parametrize("malformed", MALFORMED)
def test_a_malformed_signature_is_refused_and_never_a_crash(vendor: Vendor, malformed: str) -> None:
    assert refused(vendor, {**vendor.sign(vendor.secrets[0], BODY), vendor.signature: malformed})


def test_a_repeated_delivery_has_the_same_id_and_another_message_another(vendor: Vendor) -> None:
    source = vendor.make([vendor.secrets[0]])
    first = source.verify(vendor.sign(vendor.secrets[0], BODY), BODY, NOW)
    again = source.verify(vendor.sign(vendor.secrets[0], BODY), BODY, NOW + timedelta(minutes=3))
    headers = {**vendor.sign(vendor.secrets[0], BODY + b" "), vendor.id_header: "another-id"}
    if vendor.id_header == "webhook-id":
        headers = standard_headers(vendor.secrets[0], BODY + b" ", message_id="another-id")
    other = source.verify(headers, BODY + b" ", NOW)
    assert first == again != other


UNREADABLE = [b"", b"no json", b"[]", b"3", b"{", b'{"a": NaN}', b"[" * 100_000, b"\xff\xfe", b'"\\ud800"']


@pytest.mark.parametrize("body", UNREADABLE)
def test_a_body_that_cannot_be_understood_says_so(vendor: Vendor, body: bytes) -> None:
    with pytest.raises(BadRecord) as caught:
        vendor.make([]).understand(event(body.decode("latin-1")))
    assert caught.value.mistakes


def event(body: str) -> Event:
    return Event(id="e1", source="any", delivery_id="d1", body=body, received_at=NOW)


def fact_of(source: Source, tree: object) -> Fact:
    understood = source.understand(event(json.dumps(tree)))
    assert isinstance(understood, Fact), understood
    return understood


def test_a_standard_delivery_is_named_by_its_id_and_keeps_it_on_a_later_attempt() -> None:
    source = StandardSource([base64_secret("n")])
    for minutes in (0, 200):
        later = NOW + timedelta(minutes=minutes)
        assert source.verify(standard_headers(base64_secret("n"), BODY, sent_at=later), BODY, later) == "msg_1"


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 1), (-5, -1), (60 * 24, 0)])
def test_a_replay_outside_five_minutes_is_refused_whatever_the_real_time_is(minutes: int, seconds: int) -> None:
    sent_at = NOW - timedelta(minutes=minutes, seconds=seconds)
    headers = standard_headers(base64_secret("n"), BODY, sent_at=sent_at)
    assert refused(VENDORS["standard"], headers) == "the message was signed more than five minutes from now"


@pytest.mark.parametrize(
    "timestamp", ["", "now", "1e9", "-5", "12.5", "9" * 40, " 1", "\u0661\u0662", "nan", "0x10"]
)
def test_a_malformed_time_is_refused(timestamp: str) -> None:
    headers = {**standard_headers(base64_secret("n"), BODY), "webhook-timestamp": timestamp}
    assert refused(VENDORS["standard"], headers)


@pytest.mark.parametrize("message_id", ["msg.1", "msg 1", "msg_1, msg_1", "m" * 300, "\xe9"])
def test_a_malformed_message_id_is_refused(message_id: str) -> None:
    headers = {**standard_headers(base64_secret("n"), BODY), "webhook-id": message_id}
    assert refused(VENDORS["standard"], headers) == "the message id is malformed"


def test_the_headers_of_svix_are_read_as_well() -> None:
    headers = {
        name.replace("webhook", "svix"): value
        for name, value in standard_headers(base64_secret("n"), BODY).items()
    }
    assert StandardSource([base64_secret("n")]).verify(headers, BODY, NOW) == "msg_1"


def test_a_right_signature_among_others_and_unknown_versions_gets_in() -> None:
    headers = standard_headers(base64_secret("n"), BODY)
    other = standard_headers(base64_secret("w"), BODY)["webhook-signature"]
    headers["webhook-signature"] = f"v2,AAAA v1a,BBBB {other} {headers['webhook-signature']}"
    assert StandardSource([base64_secret("n")]).verify(headers, BODY, NOW) == "msg_1"


def test_a_signature_of_an_unknown_version_alone_is_refused() -> None:
    headers = standard_headers(base64_secret("n"), BODY)
    headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v2,")
    assert refused(VENDORS["standard"], headers) == "no signature matches"


def test_a_body_that_is_not_utf_8_is_refused_by_the_standard() -> None:
    assert (
        refused(VENDORS["standard"], standard_headers(base64_secret("n"), BODY), b"\xff")
        == "the body is not UTF-8"
    )


@pytest.mark.parametrize("secret", ["whsec_!!!!", "not base64 at all", "whsec_", "whsec_c2hvcnQ="])
def test_a_secret_that_cannot_sign_is_refused_at_start(secret: str) -> None:
    with pytest.raises(BadSettings, match="ONBOARDING_WEBHOOK_SECRETS, a secret of standard: it must"):
        StandardSource([secret])


def test_a_secret_without_prefix_and_padding_is_the_same_secret() -> None:
    key = base64.b64encode(b"n" * 25).decode()
    headers = standard_headers(key, BODY)
    assert StandardSource([f"whsec_{key.rstrip('=')}"]).verify(headers, BODY, NOW) == "msg_1"


def test_a_standard_event_about_something_else_is_not_for_us() -> None:
    assert StandardSource([]).understand(event('{"type": "invoice.paid"}')) == "an event that is not about a hire"


def test_a_standard_event_about_a_hire_is_read_as_the_canonical_record() -> None:
    fact = fact_of(StandardSource([]), {"type": "hire.withdrawn", "data": {"id": "n-7"}})
    assert fact.hire_id == "n-7"


def test_a_greenhouse_delivery_id_cannot_be_used_up_by_somebody_who_guesses_it() -> None:
    source = GreenhouseSource(["new-secret-of-ours"])
    other = BODY + b" "
    ids = [source.verify(greenhouse_headers("new-secret-of-ours", body), body, NOW) for body in (BODY, other)]
    assert ids[0] != ids[1]
    assert all(one.startswith("9001-") for one in ids)


def test_a_greenhouse_delivery_without_an_id_is_named_by_its_bytes() -> None:
    source = GreenhouseSource(["new-secret-of-ours"])
    headers = {"signature": greenhouse_headers("new-secret-of-ours", BODY)["signature"]}
    name = hashlib.sha256(b"greenhouse\0" + BODY).hexdigest()
    assert source.verify(headers, BODY, NOW) == name
    assert source.verify({**headers, "greenhouse-event-id": "a b\n"}, BODY, NOW) == name


def test_a_greenhouse_signature_in_capitals_is_the_same_signature() -> None:
    headers = greenhouse_headers("new-secret-of-ours", BODY)
    headers["signature"] = "sha256 " + headers["signature"][7:].upper()
    assert GreenhouseSource(["new-secret-of-ours"]).verify(headers, BODY, NOW)
