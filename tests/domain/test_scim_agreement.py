"""Who may speak SCIM with us, and where does the company find its own attributes?"""

from __future__ import annotations

import pytest

from onboarding.domain.errors import BadSettings
from onboarding.domain.scim.agreement import Scim, place_of
from onboarding.domain.scim.schema import CORE, ENTERPRISE

ACME = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"


@pytest.mark.parametrize("shown", ["Bearer new-token", "bearer old-token", "BEARER  new-token "])
def test_each_token_opens_while_tokens_are_changed(shown: str) -> None:
    assert Scim(tokens=("new-token", "old-token")).admits(shown)


@pytest.mark.parametrize(
    "shown",
    ["", "Bearer", "Bearer ", "new-token", "Basic new-token", "Bearer new", "Bearer new-token-", "Bearer \ud800"],
)
def test_nothing_else_opens(shown: str) -> None:
    assert not Scim(tokens=("new-token", "")).admits(shown)
    assert not Scim(tokens=()).admits(shown)


def test_a_token_is_never_shown() -> None:
    assert "new-token" not in repr(Scim(tokens=("new-token",)))


def test_an_attribute_of_the_company_joins_the_allow_list() -> None:
    shape = Scim(tokens=(), start_date=f"{ACME}:startDate", time_zone=f"{ENTERPRISE.upper()}:zone").shape
    assert [schema.urn for schema in shape.schemas] == [CORE, ENTERPRISE, ACME]
    enterprise, acme = shape.schema(ENTERPRISE), shape.schema(ACME.lower())
    assert enterprise is not None
    assert enterprise.attribute("ZONE")
    assert acme is not None
    assert [attribute.name for attribute in acme.attributes] == ["startDate"]


def test_an_attribute_that_is_there_already_can_be_named() -> None:
    shape = Scim(tokens=(), start_date="title", time_zone=f"{ENTERPRISE}:division").shape
    assert shape == Scim(tokens=()).shape


def test_an_attribute_without_a_urn_belongs_to_the_core() -> None:
    assert place_of("startDate") == (CORE, "startDate")
    assert Scim(tokens=(), start_date="startDate").shape.core.attribute("startdate")


@pytest.mark.parametrize(
    "attribute", ["start date", "emails", "active", "name", "urn:", f"{ACME}:", "a.b", f"{ENTERPRISE}:manager"]
)
def test_what_can_hold_no_text_is_refused_at_start(attribute: str) -> None:
    with pytest.raises(BadSettings, match=r"ONBOARDING_SCIM_START_DATE(.|\n)*ONBOARDING_SCIM_TIME_ZONE"):
        Scim(tokens=(), start_date=attribute, time_zone=attribute)
