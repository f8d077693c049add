"""What of somebody's answers do we use, beside showing it: how they are called, what they speak and like?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from onboarding.domain.forms import Form, Question, Values
from onboarding.domain.languages import language_tag
from onboarding.domain.people import Person, Shared
from onboarding.domain.values import LONGEST_INTEREST, MOST_INTERESTS, MOST_LANGUAGES

CALLED, LANGUAGES, INTERESTS = "called", "languages", "interests"
USED = (CALLED, LANGUAGES, INTERESTS)
"""The keys of the questions whose answers do something: a name in mails, and what people have in common."""

LINK_LIVES = timedelta(days=365)
"""How long a link to somebody's page is good after the end of their journey, or after it was made."""

LONGEST_NAME = 40
_IN_NAMES = frozenset("'\u2019\u02bc-\u2010\u2011\u00b7\u200c\u200d")
"""What stands in names beside letters, marks and spaces: apostrophes, hyphens, middle dots and joiners."""

_BETWEEN = re.compile(r"[,;/\n.]|\b(?:and|und|y|e)\b")


def link_ends(since: date) -> datetime:
    """When a link to somebody's page ends (UTC): it was made on that day, or their journey ends then."""
    return datetime.combine(since, time(), UTC) + LINK_LIVES


def is_profile(form: Form) -> bool:
    """Whether somebody tells of themselves in a form: some of it is shared with colleagues."""
    return any(is_shared(one) for one in form.questions)


def is_shared(question: Question) -> bool:
    """Whether colleagues read the answer."""
    return question.share and not question.private


def used_of(answered: Iterable[tuple[Form, Values]], person: Person) -> Shared:
    """What counts of the answers to somebody's forms, the oldest first: of each question the newest answer.

    Their photo is left as it is. Answers that are not shared with colleagues count for nothing.
    """
    said: dict[str, object] = {}
    for form, values in answered:
        known = {one.key for one in form.questions if is_shared(one)} & {*USED}
        said |= {key: values[key] for key in known if key in values}
    return Shared(
        called=name_of(str(said.get(CALLED, ""))),
        languages=languages_of(str(said.get(LANGUAGES, "")), person),
        interests=interests_of(said.get(INTERESTS)),
        photo=person.shared.photo,
    )


def name_of(text: str) -> str:
    """A name that mails can use, "" for what is none.

    Names go into subjects and display names of mails to colleagues: addresses, links and whole sentences do not.
    A dot stands only behind a letter, and before a space or the end, as in "J. R.".
    """
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not any(sign.isalpha() for sign in name):
        return ""
    if re.search(r"\.(?! |$)|(?:^|[ .])\.", name):
        return ""
    return name if all(_stands_in_names(sign) for sign in name) else ""


def _stands_in_names(sign: str) -> bool:
    return sign in " ." or sign in _IN_NAMES or unicodedata.category(sign)[0] in "LM"


def languages_of(text: str, person: Person) -> tuple[str, ...]:
    """The tags of the languages in a sentence but for those of the directory; other words are left out."""
    known = (person.language, *person.languages)
    tags = dict.fromkeys(language_tag(part) for part in _BETWEEN.split(text) if part.strip())
    return tuple(tag for tag in tags if tag and tag not in known)[:MOST_LANGUAGES]


def interests_of(value: object) -> tuple[str, ...]:
    """The chosen values of an answer, or what somebody typed, separated by commas."""
    parts = value if isinstance(value, list) else re.split(r"[,;\n]", str(value or ""))
    found = dict.fromkeys(str(one).strip() for one in parts)
    return tuple(one for one in found if one and len(one) <= LONGEST_INTEREST)[:MOST_INTERESTS]
