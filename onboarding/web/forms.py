"""What did a browser send us in a form?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from onboarding.web.limits import LARGEST_FORM, read_body

MOST_FIELDS = 500
"""Fields of one form; more than that no form of ours has."""

Sent = dict[str, list[str]]
"""Field name -> every value sent under it."""


async def sent_form(request: Request) -> Sent:
    """The fields of a form; empty when the body is not an urlencoded form.

    Line ends are single line feeds; NUL, which no text column can hold, is dropped.

    Raises:
        TooLarge: more than 256 KiB.
    """
    body = await read_body(request, LARGEST_FORM)
    try:
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return {}
    fields: Sent = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    return fields


TheForm = Annotated[Sent, Depends(sent_form)]
