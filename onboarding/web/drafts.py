"""How does a draft arrive while somebody writes, and how do they delete it?"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from onboarding.domain.errors import Expired, NotFound
from onboarding.services import answering, drafting
from onboarding.services import saving as drafts
from onboarding.web.forms import NotAForm, Sent
from onboarding.web.links import behind_links
from onboarding.web.pages import render
from onboarding.web.saving import SwitchedOff, script
from onboarding.web.saving_words import saving_words_of
from onboarding.web.site import Site, TheSite
from onboarding.web.words import words_of

router = behind_links("/ask", lambda links, token: links.read_closed_ask(token))
scripts = APIRouter(prefix="/ask/script")

LATER = "go-on-later"
"""The name of the button that keeps a draft; no question has such a key."""

SINCE = f"{LATER}-since"
"""The version of the answer when the form was opened, as the script says it."""

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For what never changes at its address (RFC 9111 section 5.2.2, RFC 8246)."""


@scripts.get("/{name}")
def show_script(name: str) -> Response:
    """The script that saves a form while somebody writes; in no other version than this one.

    Raises:
        NotFound: it has another name: a page that was opened before an update does without it.
    """
    ours = script()
    if ours.path != f"/ask/script/{name}":
        raise NotFound("there is no such script")
    return Response(ours.text, media_type="text/javascript", headers=FOREVER)


def take(site: Site, token: str, form: Sent) -> JSONResponse:
    """Keep a draft, and say so in one sentence for whoever writes: `{"said": "..."}`.

    Whatever is refused here is answered in the same shape (`refusals.py`).

    Raises:
        NotAForm: this is no draft: answers are sent by the button alone.
        SwitchedOff: the company does not want this.
        BadLink, Expired, NotFound, AlreadyLeft, Overtaken: as `saving.save`.
    """
    since = (form.get(SINCE) or [""])[0]
    if LATER not in form or not (since.isdecimal() and len(since) <= 9):  # noqa: PLR2004 -- more than any version
        raise NotAForm("this is no draft")
    if not site.save_as_you_go:
        raise SwitchedOff("forms are not saved while somebody writes")
    saved = drafts.save(site.engine, token, form, int(since), site.clock())
    words = saving_words_of(words_of(saved.language).language)
    return JSONResponse({"said": words.saved.format(time=saved.time)})


@router.get("/{token}/draft")
def ask_first(token: str, site: TheSite) -> Response:
    """One button; changes nothing, so that a mail scanner that follows links deletes nothing."""
    now = site.clock()
    try:
        view = answering.open_ask(site.engine, token, now)
    except Expired:
        left = drafting.left_over(site.engine, token, now)
        if left is None:
            raise
        return _page(site, token, left.language, done=False)
    if not view.begun:
        return RedirectResponse(f"/ask/{token}", status_code=303)
    return _page(site, token, view.language, done=False, answered=view.answered)


@router.post("/{token}/draft")
def delete(token: str, site: TheSite) -> Response:
    """Delete the draft, and say that it is gone; pressing twice changes nothing more."""
    now = site.clock()
    try:
        view = answering.open_ask(site.engine, token, now)
    except Expired:
        left = drafting.left_over(site.engine, token, now)
        drafts.delete(site.engine, token)
        if left is None:
            raise
        return _page(site, token, left.language, done=True)
    drafts.delete(site.engine, token)
    return _page(site, token, view.language, done=True, answered=view.answered, is_open=True)


def _page(
    site: Site, token: str, language: str, *, done: bool, answered: bool = False, is_open: bool = False
) -> HTMLResponse:
    words = words_of(language)
    return render(
        "draft",
        words=words,
        company=site.engine.company,
        language=language,
        own=saving_words_of(words.language),
        token=token,
        done=done,
        answered=answered,
        is_open=is_open,
    )
