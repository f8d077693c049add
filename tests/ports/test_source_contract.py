"""Does each HR system let its own messages in, and nobody else's, and keep and tell no more than it may?"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.adapters.sources.bodies import NOT_KEPT
from onboarding.domain.errors import BadRecord, BadSignature, Unavailable
from onboarding.domain.events import Fact, Told, Understood, Unfit
from onboarding.ports import Source
from tests.ports.sources import vendors, vendors_declared, vendors_hris
from tests.ports.sources.trees import with_each_object_in_a_list, with_each_place_as
from tests.ports.sources.vendor import NOW, Headers, Vendor, as_body, event

VENDORS: Mapping[str, Vendor] = vendors.VENDORS | vendors_hris.VENDORS | vendors_declared.VENDORS
of_each = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())
TALKING = {name: vendor for name, vendor in VENDORS.items() if vendor.messages}
SIGNING = {name: vendor for name, vendor in VENDORS.items() if vendor.signs_body}
of_each_that_signs = pytest.mark.parametrize("vendor", SIGNING.values(), ids=SIGNING.keys())
of_each_that_talks = pytest.mark.parametrize("vendor", TALKING.values(), ids=TALKING.keys())
IGNORING = {name: vendor for name, vendor in TALKING.items() if vendor.ignored is not None}
of_each_that_ignores = pytest.mark.parametrize("vendor", IGNORING.values(), ids=IGNORING.keys())
of_each_message = pytest.mark.parametrize(
    ("vendor", "tree"),
    [
        pytest.param(vendor, tree, id=f"{name}-{place}")
        for name, vendor in TALKING.items()
        for place, tree in enumerate(vendor.messages)
    ],
)


def refused(vendor: Vendor, headers: Headers, body: bytes | None = None) -> str:
    with pytest.raises(BadSignature) as caught:
        vendor.make(list(vendor.secrets[:2])).verify(headers, vendor.body if body is None else body, NOW)
    return str(caught.value)


def signed(vendor: Vendor, secret: int = 0) -> Headers:
    return vendor.sign(vendor.secrets[secret], vendor.body)


def understood(source: Source, body: str) -> Understood | tuple[str, ...]:
    """What a body means, or the mistakes in it."""
    try:
        return source.understand(event(body), NOW)
    except BadRecord as error:
        return error.mistakes


# -- who gets in -----------------------------------------------------------------------------------


@of_each_message
def test_a_message_with_the_right_signature_gets_in(vendor: Vendor, tree: object) -> None:
    source, body = vendor.make([vendor.secrets[0]]), as_body(tree)
    assert source.greet(vendor.sign(vendor.secrets[0], body), body) is None
    assert source.verify(vendor.sign(vendor.secrets[0], body), body, NOW)


@of_each
def test_the_old_secret_still_opens_while_secrets_are_rotated(vendor: Vendor) -> None:
    source = vendor.make(list(vendor.secrets[:2]))
    ids = [source.verify(signed(vendor, secret), vendor.body, NOW) for secret in (0, 1)]
    assert ids[0] == ids[1]


@of_each
def test_a_wrong_secret_is_refused(vendor: Vendor) -> None:
    assert refused(vendor, signed(vendor, 2)) in ("no signature matches", "the token is another one")


@of_each
def test_without_any_secret_nothing_gets_in(vendor: Vendor) -> None:
    with pytest.raises(BadSignature):
        vendor.make([]).verify(signed(vendor), vendor.body, NOW)


@of_each_that_signs
@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
def test_a_changed_byte_is_refused(vendor: Vendor, part: float) -> None:
    place = int(part * (len(vendor.body) - 1))
    changed = vendor.body[:place] + bytes([vendor.body[place] ^ 1]) + vendor.body[place + 1 :]
    assert refused(vendor, signed(vendor), changed)


@of_each_that_signs
def test_the_same_tree_written_in_another_way_is_refused(vendor: Vendor) -> None:
    again = json.dumps(json.loads(vendor.body), indent=1, ensure_ascii=False).encode()
    assert refused(vendor, signed(vendor), again)


@of_each
def test_a_missing_signature_is_refused(vendor: Vendor) -> None:
    assert refused(vendor, {name: value for name, value in signed(vendor).items() if name != vendor.signature})
    assert refused(vendor, {})


@of_each
def test_a_signature_that_came_twice_is_refused_even_when_one_is_right(vendor: Vendor) -> None:
    right, wrong = signed(vendor)[vendor.signature], signed(vendor, 2)[vendor.signature]
    for pair in (f"{right}, {right}", f"{right}, {wrong}", f"{wrong}, {right}"):
        assert refused(vendor, {**signed(vendor), vendor.signature: pair})


@of_each
def test_a_right_digest_in_another_encoding_or_without_its_prefix_is_refused(vendor: Vendor) -> None:
    given = signed(vendor)[vendor.signature]
    digest = given.removeprefix(vendor.prefix)
    hexadecimal = set(digest) <= set("0123456789abcdef")
    raw = bytes.fromhex(digest) if hexadecimal else base64.b64decode(digest)
    other = base64.b64encode(raw).decode() if hexadecimal else raw.hex()
    assert refused(vendor, {**signed(vendor), vendor.signature: vendor.prefix + other})
    for prefix in {"", "sha256=", "sha256 ", "v1,", "SHA256="} - {vendor.prefix}:
        assert refused(vendor, {**signed(vendor), vendor.signature: prefix + digest})


MALFORMED = [
    *("", " ", ",", "v1", "v1,", "v1,===", "v1,a,b", "v1, ", "v1a,AAAA", "v1," + "A" * 5000),
    *("sha256", "sha256 ", "sha256=", "sha256=00", "sha256 zz", "sha256=zz", "sha1 " + "0" * 40),
    *("sha256 " + "0" * 63, "sha256 " + "0" * 65, "0" * 63, "0" * 65, "0" * 5000, "\xff\xfe", "\u0661" * 64),
]


@of_each
@pytest.mark.parametrize("malformed", MALFORMED)
def test_a_malformed_signature_is_refused_and_never_a_crash(vendor: Vendor, malformed: str) -> None:
    assert refused(vendor, {**signed(vendor), vendor.signature: malformed})


@of_each_that_signs
def test_a_repeated_delivery_has_the_same_id_and_another_message_another(vendor: Vendor) -> None:
    source = vendor.make([vendor.secrets[0]])
    first = source.verify(signed(vendor), vendor.body, NOW)
    again = source.verify(signed(vendor), vendor.body, NOW + timedelta(minutes=3))
    body = as_body(vendor.ignored)
    assert first == again != source.verify(vendor.sign(vendor.secrets[0], body), body, NOW)


@of_each_that_signs
def test_a_captured_message_is_the_same_delivery_whatever_unsigned_headers_come_with_it(vendor: Vendor) -> None:
    source = vendor.make([vendor.secrets[0]])
    first = source.verify(signed(vendor), vendor.body, NOW)
    named = ("greenhouse-event-id", "x-acme-delivery", "x-request-id", "event-id", "x-delivery-id")
    for header in named:
        assert source.verify({**signed(vendor), header: "another"}, vendor.body, NOW) == first


@of_each
def test_an_id_of_a_delivery_is_short_and_plain(vendor: Vendor) -> None:
    name = vendor.make([vendor.secrets[0]]).verify(signed(vendor), vendor.body, NOW)
    assert 0 < len(name) <= 200
    assert name.isascii()
    assert name.isprintable()
    assert " " not in name


# -- what it means ---------------------------------------------------------------------------------


@of_each_message
def test_a_message_is_understood_in_our_words(vendor: Vendor, tree: object) -> None:
    source = vendor.make([])
    found = source.understand(event(source.keep({}, as_body(tree))), NOW)
    assert isinstance(found, list)
    assert found
    for each in found:
        if isinstance(each, Fact):
            assert each.external_id
            assert each.hire_id
            assert each.at <= NOW
            assert each.at.tzinfo is not None
            assert (each.person is None) or each.told is not Told.WITHDRAWN
        else:
            assert each.mistakes


@of_each_that_ignores
def test_an_event_that_is_not_for_us_is_ignored_with_a_reason(vendor: Vendor) -> None:
    source = vendor.make([])
    found = source.understand(event(source.keep({}, as_body(vendor.ignored))), NOW)
    assert isinstance(found, str)
    assert found


UNREADABLE = [b"", b"no json", b"[]", b"3", b"{", b'{"a": NaN}', b"[" * 100_000, b"\xff\xfe", b'"\\ud800"', b"{}"]


@of_each
@pytest.mark.parametrize("body", UNREADABLE)
def test_a_body_that_cannot_be_understood_says_so(vendor: Vendor, body: bytes) -> None:
    source = vendor.make([])
    with pytest.raises(BadRecord) as caught:
        source.understand(event(source.keep({}, body)), NOW)
    assert caught.value.mistakes


@of_each
def test_a_body_that_is_no_json_is_not_kept_at_all(vendor: Vendor) -> None:
    assert vendor.make([]).keep({}, b"salary: 1") == f"{NOT_KEPT}9 bytes"
    assert vendor.make([]).keep({}, b"\xff salary") == f"{NOT_KEPT}8 bytes"


SURPRISES: tuple[object, ...] = (
    None,
    "",
    "text",
    0,
    7.5,
    True,
    [],
    {},
    [{}],
    [[]],
    {"id": {}},
    [None],
    ["x"],
    "\ud800",
)


@of_each_message
def test_a_list_an_object_or_anything_where_another_was_expected_is_never_a_crash(
    vendor: Vendor, tree: object
) -> None:
    source = vendor.make([])
    for place, surprise in enumerate(SURPRISES):
        for changed in with_each_place_as(tree, surprise):
            kept = source.keep({}, as_body(changed))
            understood(source, kept if place % 2 else json.dumps(changed))
    for changed in (*with_each_place_as(tree, ...), {"": tree}, [tree]):
        understood(source, json.dumps(changed))


@of_each_message
def test_no_sentence_about_a_mistake_repeats_what_was_sent(vendor: Vendor, tree: object) -> None:
    source = vendor.make([])
    for changed in with_each_place_as(tree, "Zxqwv-81"):
        found = understood(source, json.dumps(changed))
        said = found if isinstance(found, tuple) else ()
        said += (found,) if isinstance(found, str) else ()
        said += tuple(line for each in found if isinstance(each, Unfit) for line in each.mistakes)
        assert not [line for line in said if "zxqwv" in line.casefold()]


# -- what is kept ----------------------------------------------------------------------------------


@of_each_message
def test_what_is_kept_is_enough(vendor: Vendor, tree: object) -> None:
    source, body = vendor.make([]), as_body(tree)
    kept = source.keep(vendor.sign(vendor.secrets[0], body), body)
    assert isinstance(understood(source, kept), list)
    if not vendor.own_form:
        assert understood(source, kept) == understood(source, body.decode())
        assert source.keep({}, kept.encode()) == kept


SECRET = "918273645"
PRIVATE = (
    "salary",
    "compensation",
    "birthday",
    "date_of_birth",
    "ssn",
    "nationalId",
    "iban",
    "gender",
    "home_phone",
)


@of_each_message
def test_salary_birthday_and_numbers_of_identity_are_never_kept_wherever_they_stand(
    vendor: Vendor, tree: object
) -> None:
    source = vendor.make([])
    loaded = laden(tree)
    kept = source.keep({}, as_body(loaded))
    assert SECRET not in kept
    assert understood(source, kept) == understood(source, source.keep({}, as_body(tree)))
    for place in with_each_place_as(tree, dict.fromkeys(PRIVATE, SECRET)):
        assert SECRET not in source.keep({}, as_body(place))
    for place in with_each_object_in_a_list(loaded):
        assert SECRET not in source.keep({}, as_body(place))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@of_each
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=60) | JSON.map(lambda tree: json.dumps(tree).encode()))
def test_keeping_never_fails(vendor: Vendor, body: bytes) -> None:
    assert isinstance(vendor.make([]).keep({}, body), str)


@of_each_that_talks
@settings(max_examples=60, deadline=None)
@given(draw=st.data())
def test_understanding_what_was_kept_fails_only_as_it_may(vendor: Vendor, draw: st.DataObject) -> None:
    source = vendor.make([])
    tree = deepcopy(draw.draw(st.sampled_from(vendor.messages)))
    for _ in range(draw.draw(st.integers(1, 3))):
        tree = draw.draw(st.sampled_from(list(with_each_place_as(tree, draw.draw(JSON)))))
    with suppress(BadRecord, Unavailable):
        assert source.understand(event(source.keep({}, as_body(tree))), NOW)


# -- trees -----------------------------------------------------------------------------------------


def laden(tree: Any) -> Any:
    """The tree with private things in each of its objects, also one level deeper and in lists."""
    if isinstance(tree, list):
        return [laden(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    private = dict.fromkeys(PRIVATE, SECRET) | {"custom": [{"value": SECRET, "pay": {"amount": SECRET}}]}
    return {name: laden(value) for name, value in tree.items()} | private
