"""Are the filters of Okta and Entra understood, and all others refused with a clear sentence?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.scim.paths import Criteria, Sought, read_filter
from onboarding.domain.scim.refused import ScimRefused

UNDERSTOOD: list[tuple[str, Criteria]] = [
    ('userName eq "ada@example.com"', ((Sought.USER_NAME, "ada@example.com"),)),
    ('  USERNAME EQ "ada"  ', ((Sought.USER_NAME, "ada"),)),
    ('externalId eq "00u-1"', ((Sought.EXTERNAL_ID, "00u-1"),)),
    ('id eq "7"', ((Sought.ID, "7"),)),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada"', ((Sought.USER_NAME, "ada"),)),
    ('emails[type eq "work"].value eq "a@example.com"', ((Sought.WORK_EMAIL, "a@example.com"),)),
    ('Emails[Type Eq "Work"].Value eq "a@example.com"', ((Sought.WORK_EMAIL, "a@example.com"),)),
    ('emails[ type  eq "work" ].value eq "a@example.com"', ((Sought.WORK_EMAIL, "a@example.com"),)),
    (
        'userName eq "a" AND externalId eq "b" and id eq "c"',
        ((Sought.USER_NAME, "a"), (Sought.EXTERNAL_ID, "b"), (Sought.ID, "c")),
    ),
    (r'userName eq "a \"quoted\" \\ name"', ((Sought.USER_NAME, 'a "quoted" \\ name'),)),
    (r'userName eq "\u00e9 and b"', ((Sought.USER_NAME, "é and b"),)),
    ('userName eq "x\' OR 1=1 --"', ((Sought.USER_NAME, "x' OR 1=1 --"),)),
    ('userName eq ""', ((Sought.USER_NAME, ""),)),
]


@pytest.mark.parametrize(("text", "criteria"), UNDERSTOOD)
def test_a_filter_says_what_must_be_equal(text: str, criteria: Criteria) -> None:
    assert read_filter(text) == criteria


REFUSED = [
    " ",
    "userName",
    "userName eq",
    "userName pr",
    'userName co "a"',
    'userName sw "a"',
    'userName ne "a"',
    'userName eq "a" or id eq "b"',
    'not (userName eq "a")',
    '(userName eq "a")',
    'userName eq "a" and',
    'userName eq "a" and ',
    'userName eq "a" id eq "b"',
    'userName eq "a',
    "userName eq a",
    "userName eq 3",
    "userName eq true",
    "userName eq null",
    'userName eq "a\\u0000"',
    'userName eq "\\ud800"',
    'userName eq "\\x"',
    'displayName eq "a"',
    'emails eq "a@example.com"',
    'emails.value eq "a@example.com"',
    'emails[type eq "home"].value eq "a@example.com"',
    'emails[type eq "work"] eq "a@example.com"',
    'emails[type eq "work"].type eq "work"',
    'emails[.value eq "a"',
    'emails[].value eq "a"',
    'meta.lastModified gt "2026-01-01T00:00:00Z"',
    'members[value eq "x"].value eq "x"',
    " and ".join(['id eq "a"'] * 11),
]


@pytest.mark.parametrize("text", REFUSED)
def test_any_other_filter_is_refused_as_such(text: str) -> None:
    with pytest.raises(ScimRefused) as caught:
        read_filter(text)
    assert (caught.value.status, caught.value.scim_type) == (400, "invalidFilter")
    assert "filter" in str(caught.value)


@given(st.text(alphabet='ue[]"\\ ().andqtype:work', max_size=60) | st.text(max_size=40))
def test_whatever_stands_there_is_a_filter_or_a_refusal(text: str) -> None:
    found: Criteria | str
    try:
        found = read_filter(text)
    except ScimRefused as error:
        found = error.scim_type
    assert isinstance(found, tuple) or found == "invalidFilter"
