"""How does somebody answer a question that came by mail?"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import BackgroundTasks, Request
from fastapi.responses import HTMLResponse, Response

from onboarding.domain.day_bounds import read_day
from onboarding.domain.errors import AlreadyLeft, BadAnswer, Expired, NothingAnswered, Overtaken
from onboarding.domain.forms import TEXTS, Kind, Question
from onboarding.domain.journey import TAKE_CARE
from onboarding.domain.languages import of_page
from onboarding.domain.texts import clean
from onboarding.domain.wording import day_in_words
from onboarding.services import answering, drafting, naming, profile_page, waking
from onboarding.services.answering import AskView
from onboarding.services.drafting import LeftOver
from onboarding.web import drafts, hiding, lists, notes
from onboarding.web.drafts import LATER
from onboarding.web.forms import Sent, TheAnswers
from onboarding.web.links import behind_links
from onboarding.web.note_words import note_words_of
from onboarding.web.pages import Allowed, render, tongue
from onboarding.web.profile import shown
from onboarding.web.profile_words import profile_words_of
from onboarding.web.saving import is_saving
from onboarding.web.saving_words import saving_words_of
from onboarding.web.site import Site, TheSite
from onboarding.web.words import PageWords, words_of

router = behind_links("/ask", lambda links, token: links.read_closed_ask(token))

LARGEST_LIST = 12_000
"""Bytes of a list of people that a page of 30 kB has room for: of more, one is named in writing."""

FREE = TEXTS | {Kind.DATE}
"""Kinds whose answers are written, not chosen."""


@router.get("/{token}")
def show_questions(token: str, request: Request, site: TheSite) -> HTMLResponse:
    """The form, filled in with the draft or the earlier answer; changes nothing.

    A link of a mail may choose one of the answers beforehand, `?met=yes`; it still has to be sent. Whoever comes
    too late still finds what they saved and did not send.
    """
    now = site.clock()
    try:
        view = answering.open_ask(site.engine, token, now)
    except Expired:
        return _closed_page(site, drafting.left_over(site.engine, token, now), token)
    if view.form.tasks:
        return lists.show_list(token, request, site)
    chosen = _chosen_by_link(view, request)
    wants_form = bool(chosen or view.begun or notes.CHANGE in request.query_params) and view.form.questions
    if notes.stands_in(view) and not wants_form:
        return notes.page(site, view, token, notes.state_of(view), late=notes.words_of_draft(view))
    return _form_page(site, view, token, {**_said(view), **chosen}, frozenset())


def _said(view: AskView) -> dict[str, list[str]]:
    return dict(view.written) if view.begun else {key: _as_sent(value) for key, value in view.values.items()}


def _as_it_stands(site: Site, token: str, now: datetime) -> HTMLResponse:
    """The form once more, without what was taken back."""
    view = answering.open_ask(site.engine, token, now)
    return _form_page(site, view, token, _said(view), frozenset())


def _chosen_by_link(view: AskView, request: Request) -> dict[str, list[str]]:
    given = request.query_params
    asked = (one for one in view.form.questions if one.kind in (Kind.YES_NO, Kind.CHOICE))
    known = {one.key: {value for value, _ in _options(one, view)} for one in asked}
    return {key: [given[key]] for key, values in known.items() if given.get(key) in values}


@router.post("/{token}", response_model=None)
def take_answers(
    token: str, request: Request, form: TheAnswers, site: TheSite, later: BackgroundTasks
) -> Response:
    """Tick a task; or store the answers and say thank you, or show the form again with what is to be mended.

    With the button for later only a draft is kept. A text that comes too late is shown back. What the page saves
    while somebody writes asks for JSON, and gets one sentence.
    """
    if is_saving(request):
        return drafts.take(site, token, form)
    if lists.TASK in form:
        return lists.take_tick(token, form, site, later)
    return _take(token, form, site, later)


def _take(token: str, form: Sent, site: Site, later: BackgroundTasks) -> HTMLResponse:
    now = site.clock()
    try:
        if LATER in form:
            return _keep(token, form, site, now)
        view = answering.answer(site.engine, token, form, now)
    except BadAnswer as error:
        view, empty = answering.open_ask(site.engine, token, now), isinstance(error, NothingAnswered)
        return _form_page(site, view, token, form, frozenset(error.mistakes), empty=empty)
    except AlreadyLeft:
        typed = drafts.without_buttons(form)
        return notes.came_too_late(site, answering.open_ask(site.engine, token, now), token, typed)
    except Expired:
        return _closed_page(site, drafting.left_over(site.engine, token, now, form))
    later.add_task(waking.wake_due, site.engine, now)
    if view.passing is not None and view.passing.waits:
        return notes.page(site, view, token, notes.Shown.THANKS)
    return _thanks(site, "thanks", view, token, now)


def _keep(token: str, form: Sent, site: Site, now: datetime) -> HTMLResponse:
    try:
        kept = drafting.keep(site.engine, token, form, now, drafts.opened_of(form))
    except Overtaken:
        view, typed = answering.open_ask(site.engine, token, now), drafts.without_buttons(form)
        return _form_page(site, view, token, typed, frozenset(), moved_on=True)
    return _thanks(site, "kept", kept, token, now) if kept else _as_it_stands(site, token, now)


def _thanks(site: Site, page: str, view: AskView, token: str, now: datetime) -> HTMLResponse:
    words = words_of(view.language)
    seen = shown(profile_page.open_profile(site.engine, _token_of(view.profile), now)) if view.profile else {}
    return render(
        page,
        words=words,
        company=site.engine.company,
        language=view.language,
        view=view,
        token=token,
        **{"profile": None, **seen},
    )


def _closed_page(site: Site, left: LeftOver | None, token: str = "") -> HTMLResponse:
    """That the form is closed, with the texts that were not sent; with a token they can be deleted.

    Raises:
        Expired: there are none; the page for that is in the language of whoever was asked.
    """
    if left is None:
        raise Expired("this question is closed")
    words = words_of(left.language)
    return render(
        "closed",
        words=words,
        company=site.engine.company,
        status=410,
        language=left.language,
        texts=left.texts,
        token=token,
        draft=saving_words_of(words.language),
    )


def _token_of(address: str) -> str:
    return address.rpartition("/")[2]


def _form_page(
    site: Site,
    view: AskView,
    token: str,
    sent: Sent,
    wrong: AbstractSet[str],
    *,
    empty: bool = False,
    moved_on: bool = False,
) -> HTMLResponse:
    """The form with what was `sent`; when it has `moved_on` nothing is saved until somebody presses a button."""
    words = words_of(view.language)
    options = {one.key: _options(one, view) for one in view.form.questions if one.kind not in FREE}
    later = LATER if view.ask.form != TAKE_CARE else ""
    return render(
        "ask",
        words=words,
        token=token,
        allows={Allowed.SAVING} if later and site.save_as_you_go and not moved_on else (),
        draft=saving_words_of(words.language),
        days=drafting.KEPT.days,
        note=note_words_of(words.language),
        company=site.engine.company,
        status=409 if moved_on else 422 if wrong or empty else 200,
        language=view.language,
        view=view,
        own_until_sent=notes.own_until_sent(view),
        fields=[_field(question, view, sent, wrong, options) for question in view.form.questions],
        mistakes=bool(wrong),
        empty=empty,
        moved_on=moved_on,
        opened=drafts.known_by(sent, view),
        later=later,
        rules=hiding.rules(view.form.questions, options),
        own=profile_words_of(words_of(view.language).language) if view.profile else None,
        at=urlsplit(view.profile).path,
    )


def _field(
    question: Question, view: AskView, sent: Sent, wrong: AbstractSet[str], options: hiding.Options
) -> dict[str, Any]:
    """What the page needs to draw one question: the control, its options and what was said before."""
    words = words_of(view.language)
    own = options.get(question.key, ())
    control = _control(question, own)
    chosen = sent.get(question.key, [])
    return {
        "question": question,
        "box": hiding.box_of(question) if question.shown_if else "",
        "only_if": hiding.in_words(question, view.form.questions, options, words, tongue(view.language, words)),
        "control": control,
        "options": own,
        "chosen": chosen,
        "text": dict(own).get(chosen[0], chosen[0]) if chosen and control == "name" else "".join(chosen[:1]),
        "mistake": _mistake(question, chosen, view, words, control) if question.key in wrong else "",
        "described_by": " ".join(_descriptions(question, wrong, control)),
    }


def _control(question: Question, options: Sequence[tuple[str, str]]) -> str:
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT | Kind.DATE | Kind.SCALE | Kind.CHOICES | Kind.TASK:
            return question.kind.value
        case Kind.PERSON:
            return "list" if _bytes(options) <= LARGEST_LIST else "name"
        case Kind.CHOICE | Kind.YES_NO:
            return "list" if len(options) > hiding.MOST_RADIOS else "radios"


def _bytes(options: Sequence[tuple[str, str]]) -> int:
    """What a list of them weighs on a page."""
    return sum(len(f'<option value="{value}">{label}</option>\n'.encode()) for value, label in options)


def _options(question: Question, view: AskView) -> list[tuple[str, str]]:
    words = words_of(view.language)
    match question.kind:
        case Kind.SCALE:
            return [(str(number), str(number)) for number in range(question.min, question.max + 1)]
        case Kind.YES_NO:
            return [("yes", words.yes), ("no", words.no)]
        case Kind.PERSON:
            return list(view.people)
        case _:
            return [(option.value, option.label) for option in question.options]


def _descriptions(question: Question, wrong: AbstractSet[str], control: str) -> list[str]:
    parts = {
        "mistake": question.key in wrong,
        "help": question.help,
        "how": control == "name",
        "example": question.example,
    }
    return [f"{question.key}-{part}" for part, present in parts.items() if present]


def _mistake(question: Question, given: list[str], view: AskView, words: PageWords, control: str) -> str:
    """What is to be mended, in the language of the page (what the use case says of it is English)."""
    if not any(clean(text) for text in given):
        return words.wrong_empty
    match question.kind:
        case Kind.SCALE:
            return words.wrong_scale.format(min=question.min, max=question.max)
        case Kind.TEXT | Kind.LONG_TEXT:
            return words.wrong_long.format(most=question.max_length, count=len(clean(given[0])))
        case Kind.DATE:
            return _wrong_day(question, given, words)
        case _:
            return _wrong_person(given, view, words) if control == "name" else words.wrong_choice


def _wrong_person(given: Sequence[str], view: AskView, words: PageWords) -> str:
    close = naming.near(view.people, clean(given[0]))
    return f"{words.wrong_person} {words.near.format(names='; '.join(close))}" if close else words.wrong_person


def _wrong_day(question: Question, given: list[str], words: PageWords) -> str:
    day = read_day(clean(given[0])) if len(given) == 1 else None
    earliest = question.earliest.day if question.earliest else None
    latest = question.latest.day if question.latest else None
    if day is not None and earliest is not None and day < earliest:
        return words.wrong_early.format(day=day_in_words(earliest, of_page(question.language)))
    if day is not None and latest is not None and day > latest:
        return words.wrong_late.format(day=day_in_words(latest, of_page(question.language)))
    return words.wrong_day


def _as_sent(value: str | int | list[str]) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
