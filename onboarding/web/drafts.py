"""How does a draft arrive while somebody writes, and how do they delete it?"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from onboarding.domain.errors import Expired, NotFound
from onboarding.services import answering, drafting, saving
from onboarding.services.answering import AskView
from onboarding.services.editions import Opened, mark_of
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
"""The edition in which the form was when its page was opened (`editions.edition`)."""

MARK = f"{LATER}-mark"
"""The mark of the draft that the page knows (`editions.mark_of`)."""

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


def opened_of(form: Sent) -> Opened | None:
    """How the form stood when the page was opened that sends it; None when it does not say so."""
    since, mark = ((form.get(name) or [""])[0] for name in (SINCE, MARK))
    if MARK not in form or not (since.isdecimal() and len(since) <= 9):  # noqa: PLR2004 -- more than any edition
        return None
    return Opened(edition=int(since), mark=mark)


def known_by(sent: Sent, view: AskView) -> Opened:
    """What a page of the form says: what the page before it knew that was sent, else how the form stands."""
    return opened_of(sent) or Opened(edition=view.edition, mark=mark_of(view.written))


def without_buttons(form: Sent) -> Sent:
    """What somebody typed and chose, without what the page sends besides."""
    return {name: texts for name, texts in form.items() if name not in (LATER, SINCE, MARK)}


def take(site: Site, token: str, form: Sent) -> JSONResponse:
    """Keep a draft, and say so in one sentence for whoever writes: `{"said": "...", "mark": "..."}`.

    The page sends the mark with its next draft. Whatever is refused here is answered with a sentence alone
    (`refusals.py`).

    Raises:
        NotAForm: this is no draft: answers are sent by the button alone.
        SwitchedOff: the company does not want this.
        BadLink, Expired, NotFound, AlreadyLeft, Overtaken, SavedElsewhere: as `saving.save`.
    """
    opened = opened_of(form)
    if LATER not in form or opened is None:
        raise NotAForm("this is no draft")
    if not site.save_as_you_go:
        raise SwitchedOff("forms are not saved while somebody writes")
    saved = saving.save(site.engine, token, form, opened, site.clock())
    words = saving_words_of(words_of(saved.language).language)
    return JSONResponse({"said": words.saved.format(time=saved.time), "mark": saved.mark})


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
        saving.delete(site.engine, token)
        if left is None:
            raise
        return _page(site, token, left.language, done=True)
    saving.delete(site.engine, token)
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
