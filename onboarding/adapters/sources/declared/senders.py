"""How does a declaration say who may send, and which handshakes are answered?"""

from __future__ import annotations

import re

from onboarding.adapters.sources.declared.keys import KEYS, KINDS
from onboarding.adapters.sources.declared.paths import BODY
from onboarding.adapters.sources.declared.tables import DeclaredTable
from onboarding.adapters.sources.declared.values import Authentication, Handshake
from onboarding.adapters.sources.signatures import ALGORITHMS, ENCODINGS, Signature
from onboarding.adapters.sources.signatures import KEYS as WAYS_OF_KEYS
from onboarding.domain.tables import unknown

_PART = re.compile(r"\{([^{}]*)\}")
_SIGNED = ("body", "timestamp", "id")


def read_authentication(table: DeclaredTable) -> Authentication:
    """The `[x.authentication]` table; whatever is wrong is in the table's mistakes."""
    kind = table.choice("kind", list(KINDS))
    if not kind:
        if "kind" not in table.table:
            table.mistakes.append(f"kind is missing; one of: {', '.join(KINDS)}")
        return Authentication(kind="signature")
    _refuse_keys_of_others(table, kind)
    if kind == "signature":
        return Authentication(kind=kind, signature=_signature(table))
    if kind == "bearer":
        own_header = "header" in table.table
        return Authentication(
            kind=kind,
            header=table.header("header", "authorization"),
            prefix=table.raw("prefix", "" if own_header else "Bearer "),
        )
    return Authentication(kind=kind, prefix="Basic ")


def _refuse_keys_of_others(table: DeclaredTable, kind: str) -> None:
    for key in table.table:
        owners = [name for name, keys in KINDS.items() if key in keys]
        if key == "kind" or kind in owners:
            continue
        if owners:
            table.mistakes.append(f"{key} belongs to {' and '.join(owners)}, not to {kind}")
        else:
            table.mistakes.append(unknown(key, ["kind", *KINDS[kind]]))


def _signature(table: DeclaredTable) -> Signature:
    header = table.header("header")
    if not header and "header" not in table.table:
        table.mistakes.append("header is missing; it is the name of the header that holds the signature")
    timestamp_header, id_header = table.header("timestamp_header"), table.header("id_header")
    window = table.span("window") if "window" in table.table else None
    signed = table.raw("signed", "{body}")
    parts = _PART.findall(signed)
    _refuse_weak_parts(table, parts, timestamp_header, id_header)
    if window is not None and "timestamp" not in parts and f"header:{timestamp_header}" not in parts:
        table.mistakes.append(
            "window needs a time that is signed: name timestamp_header, and let signed hold {timestamp}"
        )
    return Signature(
        header=header,
        prefix=table.raw("prefix"),
        algorithm=table.choice("algorithm", ALGORITHMS) or "sha256",
        encoding=table.choice("encoding", ENCODINGS) or "hex",
        signed=_PART.sub(lambda part: part[0].lower() if part[1].startswith("header:") else part[0], signed),
        separator=table.raw("separator"),
        timestamp_header=timestamp_header,
        id_header=id_header,
        window=window,
        keys=table.choice("key", WAYS_OF_KEYS) or "text",
    )


def _refuse_weak_parts(table: DeclaredTable, parts: list[str], timestamp_header: str, id_header: str) -> None:
    """A signature that leaves the body out would let anybody change it."""
    for part in parts:
        if part not in _SIGNED and not re.fullmatch(r"header:[A-Za-z0-9-]{1,100}", part):
            table.mistakes.append(f"signed: {unknown(part, [*_SIGNED, 'header:x-name'])}, each in braces")
    if "body" not in parts:
        table.mistakes.append("signed must hold {body}, or anybody could change the message")
    if "timestamp" in parts and not timestamp_header:
        table.mistakes.append("timestamp_header is missing; signed holds {timestamp}")
    if "id" in parts and not id_header:
        table.mistakes.append("id_header is missing; signed holds {id}")


def read_handshake(table: DeclaredTable) -> Handshake:
    """The `[x.handshake]` table."""
    table.refuse_others(KEYS["handshake"])
    fields = table.spots("field")
    if any(spot.origin not in ("", BODY) for spot in fields):
        table.mistakes.append("field must be a path in the body")
    return Handshake(header=table.header("header"), field=fields, bodies=table.texts("bodies"))
