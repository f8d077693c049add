"""How does somebody see what colleagues read about them, give a photo, and take it all back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from onboarding.domain.errors import BadPicture
from onboarding.services import photos, profile_page, profiles, waking
from onboarding.services.profile_page import Fact, Profile, Reader
from onboarding.web.forms import NotAForm, TheAnswers
from onboarding.web.loopback import limited
from onboarding.web.pages import render, tongue
from onboarding.web.profile_words import ProfileWords, profile_words_of
from onboarding.web.site import Site, TheSite
from onboarding.web.uploads import ThePhoto
from onboarding.web.words import PageWords, words_of

router = APIRouter(prefix="/profile", dependencies=[Depends(limited)])

ALL = "*all"
"""What the button says that takes everything back."""

DONE = ("added", "removed", "withdrawn", "nothing")
"""What has just been done, as the address says it after a form was sent."""

GONE = 410


@router.get("/{token}")
def show_profile(token: str, site: TheSite, done: str = "") -> HTMLResponse:
    """Everything that is shared, with its readers; changes nothing."""
    return _page(site, profile_page.open_profile(site.engine, token, site.clock()), done=done)


@router.post("/{token}/withdraw")
def withdraw(token: str, form: TheAnswers, site: TheSite, later: BackgroundTasks) -> Response:
    """Take back what the pressed button names, and show what is left.

    Raises:
        NotAForm: no button of ours was pressed.
    """
    what = (form.get("what") or [""])[0]
    if not what:
        raise NotAForm("no button was pressed")
    now = site.clock()
    gone = profiles.withdraw(site.engine, token, profiles.EVERYTHING if what == ALL else what, now)
    if gone:
        later.add_task(waking.wake_due, site.engine, now)
    done = "nothing" if not gone else "removed" if what == profiles.PHOTO else "withdrawn"
    return _back(token, site, done)


@router.get("/{token}/photo")
def show_photo(token: str, site: TheSite) -> Response:
    """The photo of whoever has the link."""
    jpeg = photos.show(site.engine, site.engine.links.read_profile(token))
    return Response(jpeg, media_type="image/jpeg", headers={"Content-Disposition": 'inline; filename="photo.jpg"'})


@router.post("/{token}/photo")
def take_photo(token: str, photo: ThePhoto, site: TheSite) -> Response:
    """Keep a photo; or show the page again and say why a file cannot be one."""
    now = site.clock()
    person_id = site.engine.links.read_profile(token)
    try:
        if isinstance(photo, BadPicture):
            raise photo
        photos.add(site.engine, person_id, photo, now)
    except BadPicture as error:
        return _page(site, profile_page.open_profile(site.engine, token, now), wrong=error.why)
    return _back(token, site, "added")


def _back(token: str, site: Site, done: str) -> RedirectResponse:
    path = urlsplit(site.engine.links.profile(site.engine.links.read_profile(token))).path
    return RedirectResponse(f"{path}?done={done}", status_code=303)


def _page(site: Site, profile: Profile, *, done: str = "", wrong: str = "") -> HTMLResponse:
    words = words_of(profile.language)
    own = profile_words_of(words.language)
    return render(
        "profile",
        words=words,
        company=site.engine.company,
        status=422 if wrong else GONE if profile.left else 200,
        images=True,
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
