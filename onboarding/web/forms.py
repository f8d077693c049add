"""What did a browser send us in a form?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from onboarding.domain.errors import OnboardingError, TooLarge
from onboarding.web.limits import LARGEST_FORM, read_body

MOST_FIELDS = 500
"""Fields of one form; more than that no form of ours has."""

URLENCODED = "application/x-www-form-urlencoded"
"""How a browser sends our forms (HTML Living Standard, the default `enctype`)."""

Sent = dict[str, list[str]]
"""Field name -> every value sent under it."""


class NotAForm(OnboardingError):
    """Something else than a form was sent to the address of one."""


async def sent_form(request: Request) -> Sent:
    """The fields of a form; none when the body is not an urlencoded form.

    Line ends are single line feeds; NUL, which no text column can hold, is dropped.

    Raises:
        TooLarge: more than 256 KiB, or more fields than any form of ours has.
    """
    body = await read_body(request, LARGEST_FORM)
    try:
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise TooLarge(f"the form has more than {MOST_FIELDS} fields") from error
    fields: Sent = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    return fields


async def sent_answers(request: Request) -> Sent:
    """The fields of a form of ours: what is no form at all must not count as a form in which all was left empty.

    Raises:
        NotAForm: the body says that it is something else.
        TooLarge: as `sent_form`.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != URLENCODED:
        raise NotAForm("this is not a form that a browser sent")
    return await sent_form(request)


TheForm = Annotated[Sent, Depends(sent_form)]
TheAnswers = Annotated[Sent, Depends(sent_answers)]
