"""What does HR see on this machine: the mailbox and each newcomer's timeline?"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from onboarding.services import timeline
from onboarding.web import mailbox
from onboarding.web.loopback import desk_only
from onboarding.web.pages import render
from onboarding.web.site import TheSite
from onboarding.web.words import words_of

router = APIRouter(dependencies=[Depends(desk_only)])

LANGUAGE = "en"
"""HR's pages speak English."""
PAGE = 100
"""Mails of one page of the mailbox."""
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A mail's HTML may look as it likes and do nothing: no script, no form, nothing fetched; links open elsewhere."""


@router.get("/mailbox")
def show_mailbox(site: TheSite, page: str = "1") -> HTMLResponse:
    """All mails of the folder mailer, newest first, a hundred a page."""
    number = max(int(page), 1) if page.isdecimal() and len(page) < len("1000000") else 1
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
    return render("mail", words=words_of(LANGUAGE), company=site.engine.company, frames=True, mail=mail)


@router.get("/mailbox/{name}/html")
def show_mail_html(name: str, site: TheSite) -> HTMLResponse:
    """The HTML of a mail, as the reader's mail program would get it, where it can do nothing."""
    html = mailbox.open_mail(site.outbox, name).html
    opening = html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(opening, headers={"Content-Security-Policy": MAIL_POLICY})


@router.get("/hires")
def show_hires(site: TheSite) -> HTMLResponse:
    """Everybody on a journey."""
    return render(
        "hires", words=words_of(LANGUAGE), company=site.engine.company, hires=timeline.hires(site.engine)
    )


@router.get("/hires/{hire_id}")
def show_hire(hire_id: str, site: TheSite) -> HTMLResponse:
    """One newcomer's steps: when, to whom, what became of each, and why."""
    shown = timeline.timeline(site.engine, hire_id, site.clock())
    return render("hire", words=words_of(LANGUAGE), company=site.engine.company, timeline=shown)
