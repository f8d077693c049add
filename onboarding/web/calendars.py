"""How does a calendar program read somebody's meetings again and again?"""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated

from fastapi import Header
from fastapi.responses import Response

from onboarding.services import feeds
from onboarding.web.links import behind_links
from onboarding.web.site import TheSite

router = behind_links("/calendar", lambda links, token: links.read_calendar(token))

KIND = "text/calendar; charset=utf-8"

KEPT = "private, no-cache"
"""The program keeps it and asks each time whether it still holds (RFC 9111 section 5.2.2.4)."""


@router.api_route("/{token}.ics", methods=["GET", "HEAD"])
def show_calendar(token: str, site: TheSite, if_none_match: Annotated[str, Header()] = "") -> Response:
    """All meetings of whoever has the address; 304 when the caller knows them as they are."""
    content = feeds.read_feed(site.engine, token)
    tag = f'"{blake2b(content, digest_size=16).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": KEPT}
    if _knows(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    disposition = {"Content-Disposition": 'inline; filename="meetings.ics"'}
    return Response(content, media_type=KIND, headers={**headers, **disposition})


def _knows(given: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; weak ones count (RFC 9110 section 13.1.2)."""
    known = [one.strip().removeprefix("W/") for one in given.split(",")]
    return tag in known or known == ["*"]
