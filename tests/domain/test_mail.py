from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.errors import BadAddress
from onboarding.domain.mail import Address
from tests.letters import letter


@pytest.mark.parametrize(
    "email", ["ami@example.com", "ami+new@mail.example.org", "o'neil@example.com", "ami@xn--bcher-kva.example"]
)
def test_an_ordinary_address_is_taken_as_it_is(email: str) -> None:
    assert Address(email=email).email == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ami",
        "@example.com",
        "ami@",
        "ami @example.com",
        "ami@example.com,eve@example.com",
        "ami@example.com;eve@example.com",
        "<ami@example.com>",
        '"ami"@example.com',
        "ami@[127.0.0.1]",
        "amí@example.com",
        "ami@example.com\r\nBcc: eve@example.com",
        "ami\0@example.com",
        "=?utf-8?q?ami?=@example.com",
    ],
)
def test_what_no_mail_can_be_sent_to_is_refused(email: str) -> None:
    with pytest.raises(BadAddress):
        Address(email=email)


@pytest.mark.parametrize("name", ["Ami\nBcc: eve@example.com", "Ami\r", "=?utf-8?q?Ami=0ABcc?=", "A\0mi"])
def test_a_display_name_cannot_forge_a_header(name: str) -> None:
    with pytest.raises(BadAddress, match="display name"):
        Address(email="ami@example.com", name=name)


@pytest.mark.parametrize("subject", ["Hello\nBcc: eve@example.com", "=?utf-8?q?Hello?="])
def test_a_subject_cannot_forge_a_header(subject: str) -> None:
    with pytest.raises(BadAddress, match="subject"):
        letter(subject=subject)


@given(st.text(alphabet="0123456789", min_size=6))
@settings(deadline=None)
def test_a_refusal_never_repeats_the_address(text: str) -> None:
    with pytest.raises(BadAddress) as refused:
        Address(email=f"{text}\n@example.com")
    assert text not in str(refused.value)


@given(st.emails())
@settings(deadline=None)
def test_an_address_that_is_taken_holds_no_sign_that_ends_or_joins_addresses(email: str) -> None:
    with suppress(BadAddress):
        assert not set(Address(email=email).email) & set("\r\n\0 ,;<>")
