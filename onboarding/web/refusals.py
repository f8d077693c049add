"""What does somebody get to read when something cannot be done?"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from onboarding.domain.errors import (
    AlreadyLeft,
    BadLink,
    BadSignature,
    BadWords,
    Expired,
    NotFound,
    OnboardingError,
    Overtaken,
    SavedElsewhere,
    TooLarge,
    TooSlow,
    Unavailable,
)
from onboarding.domain.scim.refused import ScimRefused
from onboarding.web.headers import ALWAYS
from onboarding.web.limits import Crowded, SlowForNow, TooMany
from onboarding.web.pages import render, words_for, words_for_reader
from onboarding.web.saving import SwitchedOff, is_saving
from onboarding.web.saving_words import saving_words_of
from onboarding.web.scim_answers import of_scim, refuse
from onboarding.web.site import site_of

log = logging.getLogger(__name__)

RETRY_AFTER = {429: "60", 503: "30"}
"""Seconds."""

SLOW = 408
"""What is left of the body will not be read: the connection ends, or it would be held open all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A status, and the words of the page for it: `<words>_title` and `<words>` of the page words."""

    status: int
    words: str


REFUSALS: dict[type[Exception], Refusal] = {
    BadSignature: Refusal(status=401, words="missing"),
    TooLarge: Refusal(status=413, words="large"),
    TooSlow: Refusal(status=SLOW, words="slow"),
    SlowForNow: Refusal(status=503, words="slow"),
    SwitchedOff: Refusal(status=403, words="missing"),
    BadLink: Refusal(status=404, words="forged"),
    Overtaken: Refusal(status=409, words="over"),
    Expired: Refusal(status=410, words="over"),
    NotFound: Refusal(status=404, words="missing"),
    TooMany: Refusal(status=429, words="busy"),
    Crowded: Refusal(status=503, words="away"),
    Unavailable: Refusal(status=503, words="away"),
    BadWords: Refusal(status=503, words="away"),
    OnboardingError: Refusal(status=400, words="missing"),
}
"""Each anticipated error; an error counts as the nearest of its parents that stands here."""

NOT_SAVED: dict[type[Exception], str] = {
    SwitchedOff: "off",
    SavedElsewhere: "elsewhere",
    Overtaken: "answered",
    AlreadyLeft: "left",
    Expired: "over",
    BadLink: "link",
    NotFound: "link",
    TooLarge: "large",
    TooMany: "busy",
    Exception: "not_now",
}
"""The word for whoever writes, of what was not saved meanwhile."""

NAMES_SOMEBODY = (REFUSALS[Expired], REFUSALS[NotFound])
"""Refusals of links that are good, so that their reader is known; no other looks into the store."""

BROKEN = Refusal(status=500, words="broken")


def answer_refusals(app: FastAPI) -> None:
    """Have every refusal answered: JSON with one sentence for machines, SCIM's own way, a kind page for people."""
    app.add_exception_handler(OnboardingError, _refused)
    app.add_exception_handler(HTTPException, _not_found)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _broken)


def _refused(request: Request, error: Exception) -> Response:
    refusal = next(REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)
    machine = for_machine(request) or of_scim(request)
    if machine or refusal.status >= BROKEN.status:
        log.warning("request.refused", extra={"status": refusal.status, "why": type(error).__name__})
    if of_scim(request):
        return _scim(refusal.status, error)
    if is_saving(request):
        return _not_saved(request, refusal.status, error)
    answer = _machine(refusal.status, str(error)) if machine else _page(request, refusal)
    if isinstance(error, TooSlow):
        answer.headers["Connection"] = "close"
    return answer


def _not_saved(request: Request, status: int, error: Exception) -> JSONResponse:
    """What the script shows that saves a form while somebody writes: the status tells it whether to go on."""
    words = words_for(request)
    name = next(NOT_SAVED[kind] for kind in type(error).__mro__ if kind in NOT_SAVED)
    said = getattr(saving_words_of(words.language), name).format(later=words.later)
    return JSONResponse({"said": said}, status_code=status, headers=_more(status))


def _scim(status: int, error: Exception) -> Response:
    """What an identity provider gets; a refusal of SCIM brings its own status and keyword."""
    if isinstance(error, ScimRefused):
        return refuse(error.status, str(error), error.scim_type)
    answer = refuse(status, str(error))
    answer.headers.update(_more(status))
    return answer


def _not_found(request: Request, error: Exception) -> Response:
    answer: Response
    status = error.status_code if isinstance(error, HTTPException) else BROKEN.status
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if of_scim(request):
        answer = refuse(status, "there is nothing at this address, or not in this way")
    elif for_machine(request):
        answer = _machine(status, "there is nothing at this address, or not in this way")
    else:
        answer = _page(request, Refusal(status=status, words="missing"))
    answer.headers.update(headers)
    return answer


def _broken(request: Request, error: Exception) -> Response:
    """This answer is made outside the site's own middleware, so it sets the headers itself."""
    answer: Response
    log.error("request.broken", extra={"why": type(error).__name__})
    if of_scim(request):
        answer = refuse(BROKEN.status, "an unexpected error")
    elif for_machine(request):
        answer = _machine(BROKEN.status, "an unexpected error")
    else:
        answer = _page(request, BROKEN)
    for name, value in ALWAYS.items():
        answer.headers.setdefault(name, value)
    return answer


def _left(_request: Request, _error: Exception) -> Response:
    """The caller hung up while sending: nobody reads this."""
    return Response(status_code=400)


def for_machine(request: Request) -> bool:
    """Whether the caller is a program: HR systems and probes."""
    return request.url.path.startswith(("/webhooks/", "/healthz", "/readyz", "/metrics"))


def _machine(status: int, sentence: str) -> JSONResponse:
    challenge = {"WWW-Authenticate": "Signature"} if status == REFUSALS[BadSignature].status else {}
    return JSONResponse({"error": sentence}, status_code=status, headers={**_more(status), **challenge})


def _page(request: Request, refusal: Refusal) -> Response:
    engine = site_of(request).engine
    words = words_for_reader(request, engine) if refusal in NAMES_SOMEBODY else words_for(request)
    page = render(
        "refusal",
        words=words,
        company=engine.company,
        status=refusal.status,
        title=getattr(words, f"{refusal.words}_title"),
        text=getattr(words, refusal.words),
    )
    page.headers.update(_more(refusal.status))
    return page


def _more(status: int) -> dict[str, str]:
    """What a status says besides: when to try again, or that the connection ends."""
    ends = {"Connection": "close"} if status == SLOW else {}
    return {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else ends
