"""Which keys does a declaration have? The reader, its mistakes and docs/declared-sources.md go by these."""

from __future__ import annotations

from collections.abc import Mapping

from onboarding.domain.events import Told

MEANINGS: Mapping[str, Told | None] = {
    "created": Told.CREATED,
    "updated": Told.UPDATED,
    "withdrawn": Told.WITHDRAWN,
    "known": Told.KNOWN,
    "ignored": None,
}
"""What a message, or somebody's status, can mean."""

DATE_FORMATS = ("iso", "mdy", "dmy", "epoch_s", "epoch_ms")

RECORD_FIELDS = (
    "first_name",
    "last_name",
    "preferred_name",
    "work_email",
    "personal_email",
    "start_date",
    "time_zone",
    "country",
    "subdivision",
    "language",
    "languages",
    "job_title",
    "craft",
    "seniority",
    "department",
    "team",
    "location",
    "manager_email",
    "interests",
    "working_hours_start",
    "working_hours_end",
)
"""Fields of `domain/record.py` that a path may fill; `id` and `manager_id` are made from the system's own ids."""

PERSON_KEYS = (*RECORD_FIELDS, "full_name", "manager", "offices")
"""What `[x.person]` may map: the fields, and three that help to find them."""

DEFAULT_FIELDS = tuple(
    name
    for name in RECORD_FIELDS
    if name not in ("first_name", "last_name", "preferred_name", "work_email", "personal_email", "start_date")
)
"""What can be the same for everybody of whom the system does not say it."""

SIGNATURE_KEYS = (
    "header",
    "prefix",
    "algorithm",
    "encoding",
    "signed",
    "separator",
    "key",
    "timestamp_header",
    "id_header",
    "window",
)

KINDS: Mapping[str, tuple[str, ...]] = {
    "signature": SIGNATURE_KEYS,
    "bearer": ("header", "prefix"),
    "basic": (),
    "path": (),
}
"""The ways to prove who sends, and the keys that belong to each."""

FETCH_AUTHS: Mapping[str, tuple[str, ...]] = {
    "bearer": ("token",),
    "basic": ("user", "password"),
    "header": ("token",),
    "none": (),
}
"""The ways to prove who asks, and what each needs of the account."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "": (
        "body",
        "authentication",
        "event",
        "status",
        "person",
        "defaults",
        "values",
        "dates",
        "handshake",
        "fetch",
    ),
    "authentication": ("kind", *SIGNATURE_KEYS),
    "event": ("name", *MEANINGS, "otherwise", "external_id", "about", "at", "delivery_id", "batch"),
    "status": ("field", *MEANINGS, "otherwise"),
    "person": PERSON_KEYS,
    "defaults": DEFAULT_FIELDS,
    "values": PERSON_KEYS,
    "dates": ("start_date", "at", "zone"),
    "handshake": ("header", "field", "bodies"),
    "fetch": ("url", "method", "body", "auth", "header", "prefix", "headers", "record", "lag"),
}
"""Table -> its keys; "" is the table of the source itself."""
