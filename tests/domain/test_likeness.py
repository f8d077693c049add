"""When is somebody who has the same address surely the same person?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from onboarding.domain.events import Told
from onboarding.domain.likeness import Known, doubt_about
from onboarding.domain.people import Person

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
SOON, LATER, LONG_AGO = date(2027, 1, 4), date(2027, 2, 1), date(2020, 3, 2)
SURE, NAME, NO_NAME, DAY, HERE = (
    "",
    "another name",
    "one family name is not known",
    "another first day",
    "works here",
)

WORK = {"work_email": "Ami@example.com"}
PRIVATE = {"personal_email": "ami@example.org"}


@pytest.mark.parametrize(
    ("address", "on_journey", "first_day", "last_name", "start", "told", "verdict"),
    [
        # a hire on a journey: name and first day must agree, whatever the address
        (PRIVATE, True, SOON, "Quill", SOON, Told.CREATED, SURE),
        (PRIVATE, True, SOON, "quill ", SOON, Told.KNOWN, SURE),
        (PRIVATE, True, SOON, "Feather", SOON, Told.KNOWN, NAME),
        (PRIVATE, True, SOON, "", SOON, Told.KNOWN, NO_NAME),
        (PRIVATE, True, SOON, "Quill", LATER, Told.KNOWN, DAY),
        (PRIVATE, True, SOON, "Quill", None, Told.KNOWN, DAY),
        (WORK, True, SOON, "Quill", SOON, Told.KNOWN, SURE),
        (WORK, True, SOON, "Quill", LATER, Told.CREATED, DAY),
        (WORK, True, SOON, "", SOON, Told.CREATED, NO_NAME),
        # a colleague with the same mailbox is the same person, unless they are said to begin
        (WORK, False, LONG_AGO, "Quill", LONG_AGO, Told.KNOWN, SURE),
        (WORK, False, LONG_AGO, "", None, Told.KNOWN, SURE),
        (WORK, False, LONG_AGO, "Feather", LONG_AGO, Told.KNOWN, NAME),
        (WORK, False, LONG_AGO, "Quill", SOON, Told.KNOWN, HERE),
        (WORK, False, LONG_AGO, "Quill", SOON, Told.CREATED, HERE),
        (WORK, False, None, "Quill", SOON, Told.CREATED, HERE),
        (WORK, False, None, "Quill", SOON, Told.KNOWN, SURE),
        (WORK, False, SOON, "Quill", SOON, Told.CREATED, SURE),
        # a colleague with the same private address
        (PRIVATE, False, SOON, "Quill", SOON, Told.CREATED, SURE),
        (PRIVATE, False, LONG_AGO, "Quill", SOON, Told.CREATED, DAY),
        (PRIVATE, False, None, "Quill", SOON, Told.CREATED, DAY),
    ],
)
def test_only_what_agrees_is_sure(
    address: dict[str, str],
    on_journey: bool,  # noqa: FBT001 -- a case of the table
    first_day: date | None,
    last_name: str,
    start: date | None,
    told: Told,
    verdict: str,
) -> None:
    plain = Person(id="n1", first_name="Ami", last_name="Quill")
    other = replace(plain, **address)  # type: ignore[arg-type]  # fields of texts
    same = {name: value.lower() for name, value in address.items()}
    person = replace(plain, id="x-7", last_name=last_name, start_date=start, **same)  # type: ignore[arg-type]  # as above
    found = doubt_about(Known(person=other, first_day=first_day, on_journey=on_journey), person, told, AT)
    assert bool(found) == bool(verdict)
    assert verdict in found
