"""What has somebody saved in a form and not sent?"""

from __future__ import annotations

from typing import TypedDict

from onboarding.domain.forms import Ask, Form, Written
from onboarding.domain.languages import of_page
from onboarding.domain.people import Person
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books


class Begun(TypedDict, total=False):
    """The fields of an `AskView` that tell of a draft."""

    begun: str
    written: Written


def begun(books: Books, ask: Ask, person: Person, form: Form) -> Begun:
    """When it was saved, in words for whoever wrote it, and what it is; nothing without a draft."""
    draft = books.asks.draft_of(ask.id)
    if draft is None:
        return {}
    return {
        "begun": moment_in_words(draft.saved_at, person.time_zone, of_page(form.language)),
        "written": draft.values,
    }
