"""How does somebody answer the invitation to a meeting, with one press and without an account?"""

from __future__ import annotations

from fastapi import BackgroundTasks
from fastapi.responses import HTMLResponse

from onboarding.domain.attending import LONGEST_REASON, Attendance
from onboarding.domain.errors import BadAnswer
from onboarding.domain.texts import isolated
from onboarding.services import invitation_page, waking
from onboarding.services.attending import Attended, Followed
from onboarding.services.invitation_page import MeetingView
from onboarding.web.forms import Sent, TheAnswers
from onboarding.web.links import behind_links
from onboarding.web.pages import render
from onboarding.web.site import Site, TheSite
from onboarding.web.words import meeting_words_of, words_of

router = behind_links("/meetings", lambda links, token: links.read_meeting(token))

MOST_DIGITS = 9


@router.get("/{token}")
def show_meeting(token: str, site: TheSite) -> HTMLResponse:
    """The meeting with its buttons; changes nothing, so that a mail scanner that follows links changes nothing."""
    return _page(site, invitation_page.open_meeting(site.engine, token, site.clock()))


@router.post("/{token}")
def answer(token: str, form: TheAnswers, site: TheSite, later: BackgroundTasks) -> HTMLResponse:
    """Take what was pressed, and show what follows from it."""
    now = site.clock()
    try:
        attended, view = invitation_page.press(
            site.engine,
            token,
            _first(form, "choice"),
            now,
            sequence=_sequence(form),
            reason=_first(form, "reason"),
        )
    except BadAnswer:
        return _page(site, invitation_page.open_meeting(site.engine, token, now), status=422)
    later.add_task(waking.wake_due, site.engine, now)
    return _page(site, view, attended)


def _first(form: Sent, field: str) -> str:
    return (form.get(field) or [""])[0]


def _sequence(form: Sent) -> int | None:
    """The version of the invitation that the page showed; None when it is not told."""
    given = _first(form, "sequence")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS else None


def _page(site: Site, view: MeetingView, attended: Attended | None = None, *, status: int = 200) -> HTMLResponse:
    words = words_of(view.language)
    own = meeting_words_of(words.language)
    names = ", ".join(isolated(one.name) for one in view.others)
    told = ""
    if attended is not None:
        told = getattr(own, _followed(attended, view))
    return render(
        "meeting",
        words=words,
        company=site.engine.company,
        status=status,
        own=own,
        view=view,
        title=own.title.format(names=names) if names else own.title_alone,
        told=told,
        comes={one.value: getattr(own, f"other_{one.name.lower()}") for one in Attendance},
        decline_help=getattr(own, _after_a_no(view)),
        mine=getattr(own, f"you_{view.attendance.name.lower()}"),
        longest=LONGEST_REASON,
    )


def _after_a_no(view: MeetingView) -> str:
    """Which words say what a no leads to."""
    if view.of_round:
        return "decline_round"
    return "decline_help" if view.may_move else "decline_last"


def _followed(attended: Attended, view: MeetingView) -> str:
    """Which words say what followed."""
    if attended.followed is Followed.NOTED:
        return "followed_human" if attended.human else f"followed_{view.attendance.name.lower()}"
    return f"followed_{attended.followed}"
