"""Where do HR systems tell us their news?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from onboarding.domain import record
from onboarding.domain.errors import BadSignature, NotFound
from onboarding.domain.events import EventState
from onboarding.services import receiving
from onboarding.services.receiving import Message
from onboarding.web.limits import read_body
from onboarding.web.site import TheSite

router = APIRouter(prefix="/webhooks/hris")


async def raw_body(source: str, request: Request, site: TheSite) -> bytes:
    """The bytes as they came, for the signature; nothing is read for a source that is not set up.

    Raises:
        NotFound: no such source.
        TooLarge: more than 1 MiB.
    """
    if source not in site.engine.sources:
        raise NotFound("no such source is set up")
    return await read_body(request, receiving.MAX_BODY)


@router.get("/schema")
def show_schema() -> dict[str, Any]:
    """The JSON Schema of the canonical record, for whoever sends it."""
    return record.schema()


@router.post("/{source}")
@router.post("/{source}/{path}")
async def receive_event(
    source: str,
    request: Request,
    body: Annotated[bytes, Depends(raw_body)],
    site: TheSite,
    later: BackgroundTasks,
    path: str = "",
) -> Response:
    """Verify and record one message; the alarm is set when the sender has its answer.

    `path` is the secret end of the address, for HR systems that sign nothing.
    """
    now, headers = site.clock(), single_headers(request)
    message = Message(source=source, headers=headers, body=body, now=now, path=path)
    try:
        received = await site.door.do(message)
    except (BadSignature, NotFound):
        if site.engine.counts.are_due(now):
            await run_in_threadpool(site.engine.counts.write_if_due, site.engine.store, now)
        raise
    if received.greeting is not None:
        return PlainTextResponse(received.greeting.body, headers=received.greeting.headers)
    if received.ready_at is not None and receiving.must_wake(site.engine, received, now):
        later.add_task(site.alarm.do, (received.ready_at, now))
    return JSONResponse({"event": received.event_id, "state": EventState.RECORDED.value})


def single_headers(request: Request) -> dict[str, str]:
    """Headers by lower-case name; one that came twice is joined by a comma (RFC 9110 section 5.3).

    No signature of ours holds a comma and a space, so that a doubled one is refused and never chosen from.
    """
    joined: dict[str, str] = {}
    for name, value in request.headers.items():
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
