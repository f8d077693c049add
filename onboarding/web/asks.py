"""How does somebody answer a question that came by mail?"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.responses import HTMLResponse

from onboarding.domain.errors import AlreadyLeft, BadAnswer
from onboarding.domain.forms import Kind, Question
from onboarding.domain.texts import clean
from onboarding.services import answering, waking
from onboarding.services.answering import AskView
from onboarding.web import notes
from onboarding.web.forms import Sent, TheAnswers
from onboarding.web.loopback import limited
from onboarding.web.note_words import note_words_of
from onboarding.web.pages import render
from onboarding.web.site import Site, TheSite
from onboarding.web.words import PageWords, words_of

router = APIRouter(prefix="/ask", dependencies=[Depends(limited)])

MOST_RADIOS = 12
"""More options than that are a list to choose from."""


@router.get("/{token}")
def show_questions(token: str, request: Request, site: TheSite) -> HTMLResponse:
    """The form, filled in with the earlier answer; changes nothing.

    A link of a mail may choose one of the answers beforehand, `?met=yes`; it still has to be sent.
    """
    view = answering.open_ask(site.engine, token, site.clock())
    sent = {key: _as_sent(value) for key, value in view.values.items()}
    chosen = _chosen_by_link(view, request)
    wants_form = bool(chosen or notes.CHANGE in request.query_params) and view.form.questions
    if notes.stands_in(view) and not wants_form:
        return notes.page(site, view, token, notes.state_of(view))
    return _form_page(site, view, {**sent, **chosen}, frozenset())


def _chosen_by_link(view: AskView, request: Request) -> dict[str, list[str]]:
    given = request.query_params
    asked = (one for one in view.form.questions if one.kind in (Kind.YES_NO, Kind.CHOICE))
    known = {one.key: {value for value, _ in _options(one, view)} for one in asked}
    return {key: [given[key]] for key, values in known.items() if given.get(key) in values}


@router.post("/{token}")
def take_answers(token: str, form: TheAnswers, site: TheSite, later: BackgroundTasks) -> HTMLResponse:
    """Store the answers and say thank you; or show the form again with what is to be mended."""
    now = site.clock()
    try:
        view = answering.answer(site.engine, token, form, now)
    except BadAnswer as error:
        view = answering.open_ask(site.engine, token, now)
        return _form_page(site, view, form, frozenset(error.mistakes))
    except AlreadyLeft:
        return notes.came_too_late(site, answering.open_ask(site.engine, token, now), token, form)
    later.add_task(waking.wake_due, site.engine, now)
    if view.passing is not None and view.passing.waits:
        return notes.page(site, view, token, notes.Shown.THANKS)
    words = words_of(view.language)
    return render(
        "thanks", words=words, company=site.engine.company, language=view.language, view=view, token=token
    )


def _form_page(site: Site, view: AskView, sent: Sent, wrong: AbstractSet[str]) -> HTMLResponse:
    words = words_of(view.language)
    return render(
        "ask",
        words=words,
        note=note_words_of(words.language),
        company=site.engine.company,
        status=422 if wrong else 200,
        language=view.language,
        view=view,
        own_until_sent=notes.own_until_sent(view),
        fields=[_field(question, view, sent, wrong) for question in view.form.questions],
        mistakes=bool(wrong),
    )


def _field(question: Question, view: AskView, sent: Sent, wrong: AbstractSet[str]) -> dict[str, Any]:
    """What the page needs to draw one question: the control, its options and what was said before."""
    options = _options(question, view)
    chosen = sent.get(question.key, [])
    return {
        "question": question,
        "control": _control(question, len(options)),
        "options": options,
        "chosen": chosen,
        "text": chosen[0] if chosen else "",
        "mistake": _mistake(question, chosen, words_of(view.language)) if question.key in wrong else "",
        "described_by": " ".join(_descriptions(question, wrong)),
    }


def _control(question: Question, options: int) -> str:
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT | Kind.SCALE | Kind.CHOICES:
            return question.kind.value
        case Kind.PERSON:
            return "list"
        case Kind.CHOICE | Kind.YES_NO:
            return "list" if options > MOST_RADIOS else "radios"


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


def _descriptions(question: Question, wrong: AbstractSet[str]) -> list[str]:
    parts = {"mistake": question.key in wrong, "help": question.help, "example": question.example}
    return [f"{question.key}-{part}" for part, present in parts.items() if present]


def _mistake(question: Question, given: list[str], words: PageWords) -> str:
    """What is to be mended, in the language of the page (what the use case says of it is English)."""
    if not any(clean(text) for text in given):
        return words.wrong_empty
    match question.kind:
        case Kind.SCALE:
            return words.wrong_scale.format(min=question.min, max=question.max)
        case Kind.TEXT | Kind.LONG_TEXT:
            return words.wrong_long.format(most=question.max_length, count=len(clean(given[0])))
        case _:
            return words.wrong_choice


def _as_sent(value: str | int | list[str]) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
