"""What does somebody see of words that are passed on in their name, and how do they take them back?"""

from __future__ import annotations

from enum import StrEnum

from fastapi import BackgroundTasks
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from onboarding.domain.errors import AlreadyLeft
from onboarding.domain.forms import Written
from onboarding.domain.passing_on import leaving
from onboarding.services import answering, waking
from onboarding.services.answering import AskView
from onboarding.web.forms import Sent
from onboarding.web.links import behind_links
from onboarding.web.note_words import note_words_of
from onboarding.web.pages import render
from onboarding.web.site import Site, TheSite
from onboarding.web.words import words_of

router = behind_links("/ask", lambda links, token: links.read_closed_ask(token))

CHANGE = "change"
"""What a link to the form says when somebody wants to change what is there."""

TOO_LATE = 409
"""RFC 9110 section 15.5.10: what was asked for conflicts with what has happened."""


class Shown(StrEnum):
    """What a page says of somebody's words."""

    THANKS = "thanks"  # they have just arrived
    WAITS = "waits"  # they wait, and can be changed and taken back
    ASKS = "asks"  # whether to take them back
    LEFT = "left"  # they were sent
    MISSED = "missed"  # the mail left without any
    BACK = "back"  # they were taken back


@router.get("/{token}/take-back")
def ask_first(token: str, site: TheSite) -> Response:
    """One button; changes nothing, so that a mail scanner that follows links takes nothing back."""
    view = answering.open_ask(site.engine, token, site.clock())
    if view.passing is not None and any(one.key in view.values for one in leaving(view.form.questions)):
        return page(site, view, token, Shown.ASKS)
    return _told(site, view, token)


@router.post("/{token}/take-back")
def take_back(token: str, site: TheSite, later: BackgroundTasks) -> Response:
    """Take the words back; when they have left meanwhile, say that."""
    now = site.clock()
    try:
        view = answering.take_back(site.engine, token, now)
    except AlreadyLeft:
        view = answering.open_ask(site.engine, token, now)
        return page(site, view, token, Shown.LEFT, status=TOO_LATE)
    later.add_task(waking.wake_due, site.engine, now)
    return _told(site, view, token)


def _told(site: Site, view: AskView, token: str) -> Response:
    """What became of the words; where nothing was written there is only the form."""
    passing = view.passing
    if passing is None or not (passing.text or passing.taken_back_at or passing.left_at):
        return RedirectResponse(f"/ask/{token}", status_code=303)
    return page(site, view, token, state_of(view))


def stands_in(view: AskView) -> bool:
    """Whether a page about the words stands in the place of the form."""
    return view.passing is not None and bool(view.passing.text or not view.form.questions)


def own_until_sent(view: AskView) -> bool:
    """Whether all that the form asks for are words that wait: then its own end means nothing to their writer."""
    waits = view.passing is not None and view.passing.waits
    return waits and leaving(view.form.questions) == view.form.questions


def state_of(view: AskView) -> Shown:
    """What a link to a form finds out about the words."""
    passing = view.passing
    if passing is not None and passing.text:
        return Shown.WAITS if passing.waits else Shown.LEFT
    if passing is not None and passing.left_at is not None and not passing.taken_back_at:
        return Shown.MISSED
    return Shown.BACK


def came_too_late(site: Site, view: AskView, token: str, sent: Sent) -> HTMLResponse:
    """What was just written does not reach anybody any more, and is not lost."""
    return page(site, view, token, state_of(view), status=TOO_LATE, late=_texts(sent))


def words_of_draft(view: AskView) -> str:
    """What was saved and not sent, where it can be sent no more."""
    return "" if view.form.questions else _texts(view.written)


def _texts(sent: Sent | Written) -> str:
    return "\n\n".join(text for texts in sent.values() for text in texts if text.strip())


def page(
    site: Site, view: AskView, token: str, shown: Shown, *, status: int = 200, late: str = ""
) -> HTMLResponse:
    """The page about somebody's words."""
    words = words_of(view.language)
    return render(
        "note",
        words=words,
        company=site.engine.company,
        status=status,
        language=view.language,
        note=note_words_of(words.language),
        view=view,
        shown=shown,
        token=token,
        late=late,
    )
