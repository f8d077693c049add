"""What do we keep of an account, and what is the same for its identity provider?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from onboarding.domain.texts import composed


class AccountState(StrEnum):
    """Whether an account is there."""

    PRESENT = "present"  # active or not: that stands in its resource
    DELETED = "deleted"  # kept as a row, answered as unknown; its user name is free again


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that an identity provider keeps with us.

    `resource` holds the kept attributes of SCIM and nothing else; `version` grows by one with each change. Both
    moments are UTC, and each change of an account is later than the one before, whatever a clock says.
    """

    id: str
    state: AccountState = AccountState.PRESENT
    version: int = 1
    resource: Mapping[str, Any] = field(repr=False)
    created_at: datetime
    changed_at: datetime

    @property
    def user_name(self) -> str:
        """As it was given."""
        return str(self.resource["userName"])

    @property
    def external_id(self) -> str:
        """What the identity provider calls it, or ""."""
        return str(self.resource.get("externalId", ""))

    @property
    def active(self) -> bool:
        """Whether its owner may work: False is how identity providers say that somebody has left."""
        return self.state is AccountState.PRESENT and bool(self.resource.get("active", True))

    @property
    def work_email(self) -> str:
        """The primary address of type work, else the first of them, or ""."""
        return email_of(self.resource, "work")

    @property
    def tag(self) -> str:
        """The entity tag of this version (RFC 9110 section 8.8.3)."""
        return f'W/"{self.version}"'


def email_of(resource: Mapping[str, Any], kind: str) -> str:
    """The primary address of a type, else the first of them; "" when there is none."""
    entries = [entry for entry in resource.get("emails", []) if entry.get("type", "").lower() == kind]
    entries.sort(key=lambda entry: not entry.get("primary"))
    return str(entries[0].get("value", "")) if entries else ""


def folded(text: str) -> str:
    """A user name or address as it is compared: letter case does not count (RFC 7643 section 4.1.1)."""
    return composed(text.casefold())
