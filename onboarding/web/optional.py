"""How does somebody leave the optional mails, and come back?"""

from __future__ import annotations

from fastapi import BackgroundTasks, Request
from fastapi.responses import HTMLResponse

from onboarding.services import opting_out, waking
from onboarding.web.forms import TheForm
from onboarding.web.links import behind_links
from onboarding.web.pages import render, words_for_reader
from onboarding.web.site import Site, TheSite

router = behind_links("/optional", lambda links, token: links.read_unsubscribe(token))


@router.get("/{token}")
def show_choice(token: str, request: Request, site: TheSite) -> HTMLResponse:
    """One button; changes nothing, so that a mail scanner that follows links changes nothing either."""
    out = opting_out.is_opted_out(site.engine, token)
    return _page(request, site, "left" if out else "leave")


@router.post("/{token}")
def choose(token: str, request: Request, form: TheForm, site: TheSite, later: BackgroundTasks) -> HTMLResponse:
    """Leave, by our button or by the mail program's own (RFC 8058 section 3.1: no cookie, no question asked).

    Our own button for coming back says so in the form.
    """
    back = form.get("choice") == ["come_back"]
    opting_out.set_opted_out(site.engine, token, site.clock(), out=not back)
    later.add_task(waking.wake_due, site.engine, site.clock())
    return _page(request, site, "back" if back else "left")


def _page(request: Request, site: Site, state: str) -> HTMLResponse:
    return render(
        "optional", words=words_for_reader(request, site.engine), company=site.engine.company, state=state
    )
