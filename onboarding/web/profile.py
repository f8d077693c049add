"""How does somebody see what colleagues read about them, give a photo, and take it all back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from fastapi import BackgroundTasks, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from onboarding.domain.errors import BadPicture
from onboarding.services import photos, profile_page, profiles, waking
from onboarding.services.profile_page import Fact, Profile, Reader
from onboarding.web.forms import NotAForm, TheAnswers
from onboarding.web.limits import Crowded
from onboarding.web.links import behind_links
from onboarding.web.pages import Allowed, render, tongue
from onboarding.web.profile_words import ProfileWords, profile_words_of
from onboarding.web.refusals import RETRY_AFTER
from onboarding.web.site import Site, TheSite
from onboarding.web.uploads import sent_photo
from onboarding.web.words import PageWords, words_of

router = behind_links("/profile", lambda links, token: links.read_old_profile(token))

ALL = "*all"
"""What the button says that takes everything back."""

DONE = ("added", "removed", "taken_back", "nothing")
"""What has just been done, as the address says it after a form was sent."""

GONE, UNFIT, AWAY = 410, 422, 503


@router.get("/{token}")
def show_profile(token: str, site: TheSite, done: str = "") -> HTMLResponse:
    """Everything that is shared, with its readers; changes nothing."""
    return _page(site, profile_page.open_profile(site.engine, token, site.clock()), done=done)


@router.post("/{token}/take-back")
def take_back(token: str, form: TheAnswers, site: TheSite, later: BackgroundTasks) -> Response:
    """Take back what the pressed button names, and show what is left.

    Raises:
        NotAForm: no button of ours was pressed.
    """
    what = (form.get("what") or [""])[0]
    if not what:
        raise NotAForm("no button was pressed")
    now = site.clock()
    gone = profiles.take_back(site.engine, token, profiles.EVERYTHING if what == ALL else what, now)
    if gone:
        later.add_task(waking.wake_due, site.engine, now)
    done = "nothing" if not gone else "removed" if what == profiles.PHOTO else "taken_back"
    return _back(token, site, done)


@router.get("/{token}/photo")
def show_photo(token: str, site: TheSite) -> Response:
    """The photo of whoever has the link."""
    jpeg = photos.show(site.engine, site.engine.links.read_profile(token, site.clock()))
    return Response(jpeg, media_type="image/jpeg", headers={"Content-Disposition": 'inline; filename="photo.jpg"'})


@router.post("/{token}/photo")
async def take_photo(token: str, request: Request, site: TheSite) -> Response:
    """Keep a photo; or show the page again and say why a file cannot be one, or that too many wait.

    Nothing is read for a link that is none of ours, nor before there is a place for it. Whoever waits for the turn
    has no thread: those are for everybody else's pages.
    """
    person = site.engine.links.read_profile(token, site.clock())
    try:
        with site.uploads.place(person):
            photo = await sent_photo(request)
            async with site.uploads.turn(person):
                return await run_in_threadpool(_keep, token, photo, site)
    except (BadPicture, Crowded) as error:
        return await run_in_threadpool(_why_not, token, error, site)


def _keep(token: str, photo: bytes, site: Site) -> Response:
    now = site.clock()
    photos.add(site.engine, site.engine.links.read_profile(token, now), photo, now)
    return _back(token, site, "added")


def _why_not(token: str, error: BadPicture | Crowded, site: Site) -> Response:
    profile = profile_page.open_profile(site.engine, token, site.clock())
    if isinstance(error, BadPicture):
        return _page(site, profile, wrong=error.why, status=UNFIT)
    page = _page(site, profile, wrong="crowded", status=AWAY)
    page.headers["Retry-After"] = RETRY_AFTER[AWAY]
    return page


def _back(token: str, site: Site, done: str) -> RedirectResponse:
    path = urlsplit(site.engine.links.profile(*site.engine.links.read_old_profile(token))).path
    return RedirectResponse(f"{path}?done={done}", status_code=303)


def _page(site: Site, profile: Profile, *, done: str = "", wrong: str = "", status: int = 0) -> HTMLResponse:
    words = words_of(profile.language)
    own = profile_words_of(words.language)
    return render(
        "profile",
        words=words,
        company=site.engine.company,
        status=status or (GONE if profile.left or profile.old else 200),
        allows={Allowed.IMAGES},
        told=getattr(own, f"done_{done}") if done in DONE else "",
        wrong=getattr(own, f"wrong_{wrong}") if wrong else "",
        **shown(profile),
    )


def shown(profile: Profile) -> dict[str, Any]:
    """What the parts of a page need that show a profile."""
    words = words_of(profile.language)
    own = profile_words_of(words.language)
    return {
        "own": own,
        "profile": profile,
        "at": urlsplit(profile.link).path,
        "form": urlsplit(profile.form).path,
        "preferences": urlsplit(profile.preferences).path,
        "facts": [_fact(own, one, words) for one in profile.facts],
        "answered": any(one.question for one in profile.facts),
        "photo_readers": _readers(own, profile.photo),
    }


def _fact(own: ProfileWords, fact: Fact, words: PageWords) -> dict[str, str]:
    return {
        "label": fact.label or getattr(own, f"about_{fact.about}"),
        "tongue": tongue(fact.language, words),
        "text": fact.text,
        "source": getattr(own, f"from_{fact.source}"),
        "readers": _readers(own, fact.readers),
        "question": fact.question,
        "used": own.used if fact.used else "",
    }


def _readers(own: ProfileWords, readers: Sequence[Reader]) -> str:
    """Everybody but the People team, who sees all of it."""
    named = [
        own.was_sent.format(reader=getattr(own, f"reader_{one.role}"))
        if one.sent
        else getattr(own, f"reader_{one.role}")
        for one in readers
        if one.role != "hr"
    ]
    return own.seen_by.format(readers=", ".join(named)) if named else own.seen_by_hr
