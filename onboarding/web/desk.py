"""What does HR see on this machine: the mailbox and each newcomer's timeline?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from onboarding.domain.errors import NotFound
from onboarding.services import timeline
from onboarding.web import hire_page, mailbox
from onboarding.web.loopback import desk_only
from onboarding.web.pages import Allowed, render
from onboarding.web.site import TheSite
from onboarding.web.words import words_of

router = APIRouter(dependencies=[Depends(desk_only)])

LANGUAGE = "en"
"""HR's pages speak English."""
PAGE = 50
"""Mails or newcomers of one page."""
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A mail's HTML may look as it likes and do nothing: no script, no form, nothing fetched; links open elsewhere."""


@router.get("/mailbox")
def show_mailbox(site: TheSite, page: str = "1") -> HTMLResponse:
    """All mails of the folder mailer, newest first, fifty a page."""
    number = _number(page)
    lines, total = mailbox.listing(site.outbox, start=(number - 1) * PAGE, count=PAGE)
    pages = max(-(-total // PAGE), 1)
    return render(
        "mailbox",
        words=words_of(LANGUAGE),
        company=site.engine.company,
        lines=lines,
        total=total,
        number=number,
        pages=pages,
    )


@router.get("/mailbox/{name}")
def show_mail(name: str, site: TheSite) -> HTMLResponse:
    """One mail: headers, its HTML in a sandbox, its text, its invitation in words."""
    mail = mailbox.open_mail(site.outbox, name)
    return render(
        "mail", words=words_of(LANGUAGE), company=site.engine.company, allows={Allowed.FRAMES}, mail=mail
    )


@router.get("/mailbox/{name}/html")
def show_mail_html(name: str, site: TheSite) -> HTMLResponse:
    """The HTML of a mail, as the reader's mail program would get it, where it can do nothing."""
    html = mailbox.open_mail(site.outbox, name).html
    opening = html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(opening, headers={"Content-Security-Policy": MAIL_POLICY})


@router.get("/hires")
def show_hires(site: TheSite, page: str = "1") -> HTMLResponse:
    """Everybody on a journey, fifty a page."""
    found, number = timeline.hires(site.engine), _number(page)
    return render(
        "hires",
        words=words_of(LANGUAGE),
        company=site.engine.company,
        hires=found[(number - 1) * PAGE : number * PAGE],
        total=len(found),
        number=number,
        pages=max(-(-len(found) // PAGE), 1),
    )


@router.get("/hires/{hire_id}")
def show_hire(hire_id: str, site: TheSite, week: str = "", show: str = "") -> HTMLResponse:
    """One newcomer: what matters today; behind links the steps of each week with what became of them, and people.

    Raises:
        NotFound: no such hire, or no step in that week.
    """
    now = site.clock()
    story = timeline.timeline(site.engine, hire_id, now)
    leaves = hire_page.leaves(story)
    here: dict[str, Any] = {"words": words_of(LANGUAGE), "company": site.engine.company, "timeline": story}
    if show == "people":
        return render("hire_people", **here)
    if not week:
        return render("hire", **here, overview=hire_page.overview(story, now), leaves=leaves)
    place = next((place for place, one in enumerate(leaves) if one.key == week), None)
    if place is None:
        raise NotFound("there is no step in that week")
    before, after = leaves[place - 1] if place else None, next(iter(leaves[place + 1 :]), None)
    return render("hire_week", **here, leaf=leaves[place], before=before, after=after)


def _number(page: str) -> int:
    """The number of a page in an address; 1 for what is none."""
    return max(int(page), 1) if page.isdecimal() and len(page) < len("1000000") else 1
