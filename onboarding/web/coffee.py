"""How does somebody skip a coffee round, or come back to the rounds?"""

from __future__ import annotations

from fastapi import BackgroundTasks
from fastapi.responses import HTMLResponse

from onboarding.services import round_answers, waking
from onboarding.services.round_answers import Choice, RoundView, Stand
from onboarding.web.forms import TheForm
from onboarding.web.links import behind_links
from onboarding.web.pages import render
from onboarding.web.site import Site, TheSite
from onboarding.web.words import coffee_words_of, words_of

router = behind_links("/coffee", lambda links, token: links.read_coffee(token))

BUTTONS = {Stand.IN: Choice.SKIP, Stand.SKIPS: Choice.JOIN, Stand.PAUSED: Choice.BACK}
"""What may be chosen where somebody stands; nothing elsewhere."""


@router.get("/{token}")
def show_round(token: str, site: TheSite) -> HTMLResponse:
    """One button at most; changes nothing, so that a mail scanner that follows links changes nothing either."""
    return _page(site, round_answers.open_round(site.engine, token, site.clock()))


@router.post("/{token}")
def choose(token: str, form: TheForm, site: TheSite, later: BackgroundTasks) -> HTMLResponse:
    """Do what was pressed, as far as it is still possible."""
    now = site.clock()
    view = round_answers.choose(site.engine, token, (form.get("choice") or [""])[0], now)
    later.add_task(waking.wake_due, site.engine, now)
    return _page(site, view)


def _page(site: Site, view: RoundView) -> HTMLResponse:
    words = words_of(view.language)
    own = coffee_words_of(words.language)
    choice = BUTTONS.get(view.stand)
    return render(
        "coffee",
        words=words,
        company=site.engine.company,
        title=getattr(own, f"{view.stand.value}_title"),
        text=getattr(own, view.stand.value).format(week=view.week),
        choice=choice.value if choice else "",
        button=getattr(own, choice.value) if choice else "",
        second=view.stand is not Stand.IN,
        link=view.link,
        link_words=own.preferences,
    )
