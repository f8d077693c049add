"""How does somebody tick what they have done on their list? A press of a box, saved at once."""

from __future__ import annotations

from fastapi import BackgroundTasks, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from onboarding.services import ticking, waking
from onboarding.services.ticking import GROUPS
from onboarding.web.forms import Sent
from onboarding.web.list_words import list_words_of
from onboarding.web.pages import render
from onboarding.web.site import Site
from onboarding.web.words import words_of

TASK = "list-task"
"""The field with the task that is ticked; no question has such a key."""

DONE = "list-done"
YES, NO = "yes", "no"

ASKED = "done"
"""`?done=laptop`: the link of a mail asks whether that is done; it still has to be said with a button."""

SEE_OTHER = 303


def show_list(token: str, request: Request, site: Site) -> HTMLResponse:
    """The list; changes nothing."""
    view = ticking.open_list(site.engine, token, site.clock())
    words = words_of(view.language)
    return render(
        "list",
        words=words,
        company=site.engine.company,
        language=view.language,
        view=view,
        list_words=list_words_of(words.language),
        groups=GROUPS,
        asked=view.task(request.query_params.get(ASKED, "")),
        token=token,
    )


def take_tick(token: str, form: Sent, site: Site, later: BackgroundTasks) -> Response:
    """Tick one task, or take the tick back, and show the list again at that task."""
    task, done = form[TASK][0], form.get(DONE, [NO])[0] == YES
    now = site.clock()
    ticking.tick(site.engine, token, task, now, done=done)
    later.add_task(waking.wake_due, site.engine, now)
    return RedirectResponse(f"/ask/{token}#task-{task}", status_code=SEE_OTHER)
