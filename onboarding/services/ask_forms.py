"""How does the form of an ask read for one person?"""

from __future__ import annotations

from onboarding.domain.forms import Ask, Form
from onboarding.domain.people import Person
from onboarding.services.engine import Engine
from onboarding.services.exchanges import words_in_form
from onboarding.services.fields import base_fields
from onboarding.services.situations import Situation


def form_of(engine: Engine, seen: Situation, ask: Ask, reader: Person, language: str = "") -> Form:
    """The form in a language, else that of its reader; days of its questions are counted from the first day.

    Raises:
        BadWords: the form cannot be read, or does not render.
    """
    language = language or reader.language
    fields = base_fields(engine, seen, reader, language, ask.occasion)
    fields |= words_in_form(engine, seen, ask, language)
    return engine.words.form(ask.form, language, fields).about(seen.hire.first_day)
