"""How does somebody see what we hold for matching them, and change it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

from fastapi import BackgroundTasks, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from onboarding.domain.choices import INTERESTS_SHOWN, Wrong
from onboarding.domain.errors import BadAnswer, Expired
from onboarding.domain.languages import language_name, language_tag
from onboarding.domain.people import Person
from onboarding.domain.preferences import MOST_ABSENCES, MOST_NEWCOMERS, PROGRAMMES, STRETCHES
from onboarding.domain.wording import day_in_words
from onboarding.services import feeds, preferring, waking
from onboarding.services.preferring import Held
from onboarding.web.forms import NotAForm, Sent, TheAnswers
from onboarding.web.links import behind_links
from onboarding.web.pages import Allowed, render, words_for_reader
from onboarding.web.profile_words import profile_words_of
from onboarding.web.site import Site, TheSite
from onboarding.web.words import PreferenceWords, coffee_words_of, preference_words_of, words_of

router = behind_links("/preferences", lambda links, token: links.read_preferences(token))

RENEWED = "new"

EMPTY_ROWS = 2
"""Rows for further absences that are always there, so that no script and no second button is needed."""


@router.get("/{token}")
def show_preferences(token: str, request: Request, site: TheSite, calendar: str = "") -> HTMLResponse:
    """All that we hold; changes nothing. After a new address for the calendar feed it says so."""
    try:
        held = preferring.open_preferences(site.engine, token, site.clock())
    except Expired:
        return _left(request, site)
    return _page(site, held, _as_sent(held), renewed=calendar == RENEWED)


@router.post("/{token}")
def take_preferences(
    token: str, request: Request, form: TheAnswers, site: TheSite, later: BackgroundTasks
) -> HTMLResponse:
    """Keep what was chosen and show it back; or show the form again with what is to be mended.

    The button under the notice of a pause is a form of its own.

    Raises:
        NotAForm: the last field of the page did not arrive: what is missing must not count as left empty.
    """
    now = site.clock()
    if "back" in form:
        return _back(token, request, site, now)
    if "whole" not in form:
        raise NotAForm("this is not the whole form")
    try:
        held = preferring.choose(site.engine, token, form, now)
    except Expired:
        return _left(request, site)
    except BadAnswer as error:
        held = preferring.open_preferences(site.engine, token, now)
        return _page(site, held, form, wrong=error.mistakes)
    if held.changed:
        later.add_task(waking.wake_due, site.engine, now)
    return _page(site, held, _as_sent(held), saved=True)


@router.post("/{token}/calendar")
def renew_calendar(token: str, request: Request, form: TheAnswers, site: TheSite) -> Response:
    """A new address for the calendar feed; the one before shows nothing more."""
    _ = form
    try:
        page = feeds.renew(site.engine, token, site.clock())
    except Expired:
        return _left(request, site)
    return RedirectResponse(f"{urlsplit(page).path}?calendar={RENEWED}#meetings", status_code=303)


def _back(token: str, request: Request, site: Site, now: datetime) -> HTMLResponse:
    try:
        held = preferring.come_back(site.engine, token, now)
    except Expired:
        return _left(request, site)
    return _page(site, held, _as_sent(held), saved=True)


def _left(request: Request, site: Site) -> HTMLResponse:
    words = words_for_reader(request, site.engine)
    own = preference_words_of(words.language)
    return render(
        "refusal", words=words, company=site.engine.company, status=410, title=own.left_title, text=own.left
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of days away as it stands on the page."""

    first: str
    last: str
    removed: bool
    mistake: str


def _page(
    site: Site,
    held: Held,
    sent: Sent,
    *,
    wrong: Mapping[str, str] | None = None,
    saved: bool = False,
    renewed: bool = False,
) -> HTMLResponse:
    """The page, filled in with what was sent, or with what is held in the same shape."""
    words = words_of(held.person.language)
    own = preference_words_of(words.language)
    sentences = {field: _sentence(own, why) for field, why in (wrong or {}).items()}
    single = (
        "capacity",
        "paused_until",
        "languages",
        "interests",
        INTERESTS_SHOWN,
        "works_from",
        "works_until",
        "calendar",
        *_FLEXIBLE,
    )
    return render(
        "preferences",
        words=words,
        company=site.engine.company,
        status=422 if sentences else 200,
        allows={Allowed.IMAGES},
        own=own,
        seen=profile_words_of(words.language),
        at=urlsplit(held.profile).path,
        person=held.person,
        programmes=[_programme(own, one, sent) for one in PROGRAMMES],
        capacities=[str(number) for number in range(MOST_NEWCOMERS + 1)],
        stretches=[str(minutes) for minutes in STRETCHES],
        rows=_rows(sent, sentences),
        wrong={field: sentences.get(field, "") for field in _FIELDS},
        mistakes=[
            {"target": field, "label": _label(own, field), "sentence": said} for field, said in sentences.items()
        ],
        known=_known(own, held.person, words.language),
        known_languages=_languages(held.person.speaks, words.language),
        saved=_summary(own, held, words.language) if saved else "",
        renewed=renewed,
        page=urlsplit(held.link).path,
        feed=held.feed,
        subscribe=urlsplit(held.feed)._replace(scheme="webcal").geturl(),
        way_out=held.way_out,
        silent=coffee_words_of(words.language) if held.silent else None,
        calendar=held.calendar,
        text={name: (sent.get(name) or [""])[0] for name in single},
    )


_FLEXIBLE = ("flexible_before", "flexible_after")
_FIELDS = (
    *("programmes", "capacity", "paused_until", "languages", "interests", "working_hours", "calendar"),
    *_FLEXIBLE,
)


def _as_sent(held: Held) -> Sent:
    """What is held, as its form would send it; a pause and absences that are over are not shown any more."""
    said, person = held.preferences, held.person
    away = [one for one in said.away if one.last >= held.today]
    return {
        "programmes": list(preferring.takes_part_in(held)),
        "capacity": ["" if said.capacity is None else str(said.capacity)],
        "paused_until": [str(said.paused_until) if said.paused_on(held.today) else ""],
        "away_first": [str(one.first) for one in away],
        "away_last": [str(one.last) for one in away],
        "languages": [_languages(said.languages, words_of(person.language).language)],
        "interests": [", ".join(person.likes)],
        INTERESTS_SHOWN: [", ".join(person.shared.interests)],
        "works_from": [f"{person.working_hours.start:%H:%M}"],
        "works_until": [f"{person.working_hours.end:%H:%M}"],
        "flexible_before": [str(said.flexible_before)],
        "flexible_after": [str(said.flexible_after)],
    }


def _rows(sent: Sent, sentences: Mapping[str, str]) -> list[_Row]:
    pairs = list(zip_longest(sent.get("away_first", ()), sent.get("away_last", ()), fillvalue=""))
    empty = sum(not (first or last) for first, last in pairs)
    room = max(MOST_ABSENCES - len(pairs), 0)
    pairs += [("", "")] * min(max(EMPTY_ROWS - empty, 0), room)
    removed = sent.get("away_remove", ())
    return [
        _Row(
            first=first,
            last=last,
            removed=str(number) in removed,
            mistake=sentences.get(f"away-{number}", ""),
        )
        for number, (first, last) in enumerate(pairs)
    ]


def _programme(own: PreferenceWords, programme: str, sent: Sent) -> dict[str, Any]:
    return {
        "value": programme,
        "label": getattr(own, programme),
        "help": getattr(own, f"{programme}_help"),
        "chosen": programme in sent.get("programmes", ()),
    }


def _sentence(own: PreferenceWords, why: str) -> str:
    sentence: str = getattr(own, f"wrong_{Wrong(why).name.lower()}")
    return sentence


def _label(own: PreferenceWords, field: str) -> str:
    row, _, number = field.partition("-")
    if number:
        return own.absence.format(number=int(number) + 1)
    label: str = getattr(
        own, {"paused_until": "pause", "working_hours": "hours", "calendar": "own_calendar"}.get(row, row)
    )
    return label


def _languages(tags: tuple[str, ...], language: str) -> str:
    """Languages by name, where the name is read as the same language again; else as the tag."""
    named = {tag: language_name(tag, language) for tag in tags}
    return ", ".join(name if language_tag(name) == tag else tag for tag, name in named.items())


def _known(own: PreferenceWords, person: Person, language: str) -> list[tuple[str, str]]:
    """What the directory says, as far as it says anything."""
    start = day_in_words(person.start_date, language) if person.start_date else ""
    found = [
        (own.name, person.name),
        (own.email, person.work_email or person.personal_email),
        (own.job, ", ".join(part for part in (person.job_title, person.craft) if part)),
        (own.place_in_company, ", ".join(part for part in (person.department, person.team) if part)),
        (own.location, person.location),
        (own.zone, person.time_zone),
        (own.start, start),
    ]
    return [(label, text) for label, text in found if text]


def _summary(own: PreferenceWords, held: Held, language: str) -> str:
    """What counts from now on, in a sentence or two."""
    if not held.changed:
        return own.as_before
    if "silent" in held.changed:
        return own.now_back
    chosen = preferring.takes_part_in(held)
    said = [
        own.now_in.format(programmes=", ".join(getattr(own, one) for one in chosen)) if chosen else own.now_out
    ]
    until = held.preferences.paused_until
    if until is not None and held.preferences.paused_on(held.today):
        said.append(own.now_paused.format(day=day_in_words(until, language)))
    return " ".join(said)
