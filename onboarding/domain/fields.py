"""Which fields may a template use, and what does each of them mean?

This table is the only place that knows: the checker, the tests, the previews and `templates/README.md` read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onboarding.domain.journey import LIST_REMINDER_MESSAGE, REMINDER_MESSAGE, Verb
from onboarding.domain.words import Fields

ALL_VERBS = frozenset({Verb.ASK, Verb.WRITE, Verb.MEET, Verb.WATCH})
"""The verbs that send a message; a match sends none."""

IN_CONDITIONS = frozenset(
    {
        "id",
        "department",
        "team",
        "location",
        "country",
        "subdivision",
        "language",
        "job_title",
        "manager_id",
        "interests",
    }
)
"""The fields of `hire` in a condition such as `only_if`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value that a template may use.

    `sample` is what previews and checks show. A list's items are texts, or, when `item_keys` names them, small
    tables with these keys. `is_url` marks the fields that may be the target of a link. `messages` names
    those that have it, for messages that belong to no step.
    """

    path: str
    meaning: str
    sample: str | int | bool = ""
    verbs: frozenset[Verb] = ALL_VERBS
    is_list: bool = False
    item_keys: tuple[str, ...] = ()
    is_url: bool = False
    messages: tuple[str, ...] = ()

    @property
    def value(self) -> object:
        """The sample as a template gets it."""
        if not self.is_list:
            return self.sample
        return [{key: _ITEM_SAMPLES[key] for key in self.item_keys}] if self.item_keys else [self.sample]


PHOTO = "cid:sample@photo"
"""What a photo looks like to a template: an address inside of the mail."""

_ITEM_SAMPLES: dict[str, str | int] = {
    "name": "Amara Diallo",
    "first_name": "Amara",
    "job_title": "Designer",
    "team": "Product Design",
    "location": "Dakar",
    "email": "amara@example.com",
    "question": "What would make the next month better?",
    "answer": "More time with the team.",
    "fell_from": "5/5",
    "hire": "noor-haddad",
    "number": 2,
    "photo": PHOTO,
    "steps": "First coffee with the buddy, Coffee with the buddy",
    "by": "Friday 4 September 2026",
    "url": "https://onboarding.example.com/ask/sample?done=laptop",
    "text": "Welcome! I look forward to working with you.",
}

_PERSON_MEANINGS = {
    "name": ("the name that colleagues see", "Bo Berg"),
    "first_name": ("the first name they go by", "Bo"),
    "job_title": ("what they do", "Engineer"),
    "location": ("where they work", "Oslo"),
    "department": ("their department", "Engineering"),
    "email": ("their work address", "bo@example.com"),
    "photo": ("their photo, for the brackets of an image; empty without one", PHOTO),
}

_ROLE_MEANINGS = {
    "manager": "the newcomer's manager",
    "buddy": "the newcomer's buddy",
    "partner": "the coffee partner of this occasion",
    "work_partner": "the colleague of the first piece of work",
    "mentor": "the newcomer's mentor",
}


def _people() -> Iterable[Field]:
    for role, who in _ROLE_MEANINGS.items():
        for key, (what, sample) in _PERSON_MEANINGS.items():
            yield Field(path=f"{role}.{key}", meaning=f"{who}: {what}", sample=sample)


_Sample = str | int | bool


def _only(verb: Verb, path: str, meaning: str, sample: _Sample = "", *item_keys: str) -> Field:
    """A field of one verb; with `item_keys` it is a list of small tables."""
    return Field(
        path=path,
        meaning=meaning,
        sample=sample,
        verbs=frozenset({verb}),
        is_list=bool(item_keys),
        item_keys=item_keys,
        is_url=path.endswith("url"),
    )


def _texts(verb: Verb, path: str, meaning: str, sample: str) -> Field:
    """A field of one verb that is a list of texts."""
    return Field(path=path, meaning=meaning, sample=sample, verbs=frozenset({verb}), is_list=True)


_NO_STEP: frozenset[Verb] = frozenset()
_COFFEE_MESSAGES = ("coffee_warning", "coffee_left_out", "coffee_met", "coffee_pause")


def _coffee(path: str, meaning: str, sample: _Sample, *messages: str) -> Field:
    """A field of the messages around a coffee round, or of those that are named."""
    return Field(
        path=f"coffee.{path}",
        meaning=meaning,
        sample=sample,
        verbs=_NO_STEP,
        is_url=path.endswith("url"),
        messages=messages or _COFFEE_MESSAGES,
    )


def _exchange() -> Iterable[Field]:
    """What is known where people write to each other instead of meeting."""
    yield Field(
        path="exchange.others",
        meaning="with whom the reader exchanges answers instead of meeting; on the card, who of them wrote",
        sample="Amara",
        verbs=frozenset({Verb.ASK, Verb.WRITE}),
    )
    yield _only(
        Verb.ASK, "exchange.icebreaker", "the one question of `conversation.toml` that all of them get", "Tea?"
    )
    yield _only(Verb.ASK, "exchange.again", "whether this is the reminder", False)
    yield _only(
        Verb.WRITE, "exchange.lines", "what the others wrote", "", "name", "first_name", "question", "answer"
    )
    yield _only(Verb.WRITE, "exchange.silent", "who of them has not written; may be empty", "Bo")
    yield _only(
        Verb.WRITE,
        "exchange.url",
        "the reader's own form, as long as somebody waits for their answer; else empty",
        "https://onboarding.example.com/ask/sample",
    )


def _todo() -> Iterable[Field]:
    """What is known of a list to do."""
    line = ("text", "by", "url")
    yield _only(Verb.ASK, "todo.tasks", "what is to do on the list, with a page to say that it is done", "", *line)
    yield _only(Verb.ASK, "todo.overdue", "in a reminder: what is overdue, of all newcomers", "", *line, "hire")
    yield _only(
        Verb.ASK, "todo.soon", "in a reminder: what is due in the next days, of all newcomers", "", *line, "hire"
    )
    yield _only(Verb.ASK, "todo.stands_in", "whether HR gets the list of IT, for which no address is set", False)


_COLLEAGUE = ("name", "first_name", "job_title", "location", "photo")
_WRITER = ("name", "first_name", "job_title", "team", "location", "email", "photo")
_COFFEE_URL = "https://onboarding.example.com/coffee/sample"
_ANSWER_URL = "https://onboarding.example.com/meetings/sample"
_ASK_URL = "https://onboarding.example.com/ask/sample"
_MET_ANSWERS = (
    ("yes", "the form with yes chosen; only when the question follows a meeting"),
    ("no", "the form with no chosen; only when it follows a meeting"),
    ("move", "the form with another time chosen; only when it follows a meeting"),
)
_ROLE_ANSWERS = (
    (
        "agree",
        "yes",
        "the form with yes chosen; only when it has a question `agree` with the values yes and not_now",
    ),
    ("not_now", "not_now", "the form with not now chosen; only when it has such a question"),
)
_START = "the first day, in words of the reader's language"
_WHEN = ("Tuesday 8 September 2026, 10:00 (Amman)", "Tuesday 8 September 2026, 09:00 (Oslo)")

FIELDS: tuple[Field, ...] = (
    Field(path="company.name", meaning="the company", sample="Example Company"),
    Field(path="company.hr_email", meaning="the address of the People team", sample="people-team@example.com"),
    Field(path="you.name", meaning="who gets this mail", sample="Chidi Okafor"),
    Field(path="you.first_name", meaning="their first name", sample="Chidi"),
    Field(path="hire.name", meaning="the newcomer", sample="Noor Haddad"),
    Field(path="hire.first_name", meaning="the newcomer's first name", sample="Noor"),
    Field(path="hire.job_title", meaning="what the newcomer will do", sample="Data Analyst"),
    Field(path="hire.team", meaning="the newcomer's team", sample="Insights"),
    Field(path="hire.department", meaning="the newcomer's department", sample="Data"),
    Field(path="hire.location", meaning="where the newcomer works", sample="Amman"),
    Field(path="hire.start_date", meaning=_START, sample="Monday 7 September 2026"),
    Field(path="hire.interests", meaning="what the newcomer likes (a list)", sample="hiking", is_list=True),
    Field(path="hire.email", meaning="the newcomer's address", sample="noor@example.com"),
    Field(path="hire.photo", meaning="the newcomer's photo, as of the others below", sample=PHOTO),
    *_people(),
    Field(
        path="preferences_url",
        meaning="where the reader chooses what they take part in; empty in mails that are not optional",
        sample="https://onboarding.example.com/preferences/sample",
        is_url=True,
    ),
    Field(
        path="profile_url",
        meaning="where the newcomer sees and takes back what colleagues read about them; else empty",
        sample="https://onboarding.example.com/profile/sample",
        is_url=True,
    ),
    _only(Verb.ASK, "ask.url", "the form, for this reader only", _ASK_URL),
    _only(Verb.ASK, "ask.title", "the title of the form", "Your first 30 days"),
    _only(Verb.ASK, "ask.deadline", "until when, in words", "Friday 9 October 2026"),
    _only(Verb.ASK, "ask.minutes", "how many minutes it takes", 2),
    _only(Verb.ASK, "ask.readers", "who reads the answers", "The People team reads your answers."),
    _only(Verb.ASK, "ask.met", "whom the reader met; only when the question follows a meeting", "Amara Diallo"),
    _only(Verb.ASK, "ask.met_on", "when they met, in words; only when it follows a meeting", _WHEN[0]),
    *(_only(Verb.ASK, f"ask.{said}_url", what, f"{_ASK_URL}?met={said}") for said, what in _MET_ANSWERS),
    *(_only(Verb.ASK, f"ask.{name}_url", what, f"{_ASK_URL}?agree={said}") for name, said, what in _ROLE_ANSWERS),
    *_exchange(),
    *_todo(),
    _only(Verb.WRITE, "notes", "what colleagues wrote", "", *_WRITER, "text"),
    _only(Verb.WRITE, "peers", "the colleagues who welcome the newcomer", "", *_COLLEAGUE),
    _texts(Verb.WRITE, "channels", "channels to join (a list)", "#hiking"),
    _only(Verb.WRITE, "profile", "what the newcomer chose to share", "", "question", "answer"),
    _only(Verb.MEET, "meeting.when", "date, hour and zone of the reader", _WHEN[0]),
    _only(
        Verb.MEET, "meeting.when_other", "the same moment in the other's zone; empty when it is the same", _WHEN[1]
    ),
    _only(Verb.MEET, "meeting.minutes", "how long it takes", 25),
    _only(Verb.MEET, "meeting.video_url", "the video call; may be empty", "https://video.example.com/sample"),
    _texts(Verb.MEET, "meeting.agenda", "the agenda, small talk first", "4 minutes: small talk."),
    _texts(Verb.MEET, "meeting.guide", "questions that help", "Which part of your work do you like best?"),
    _only(Verb.MEET, "meeting.icebreaker", "one question to begin with", "What is on your desk?"),
    _only(Verb.MEET, "meeting.moved", "the old time in words, or empty", "Monday 7 September 2026, 10:00 (Amman)"),
    _only(Verb.MEET, "meeting.cancelled", "whether it was cancelled", False),
    _only(Verb.MEET, "meeting.answer_url", "where the reader answers; empty when cancelled", _ANSWER_URL),
    _only(Verb.MEET, "meeting.accept_url", "the same page, at the yes", f"{_ANSWER_URL}#accept"),
    _only(Verb.MEET, "meeting.another_url", "the same page, at three other times", f"{_ANSWER_URL}#another"),
    _only(Verb.MEET, "meeting.decline_url", "the same page, at the no", f"{_ANSWER_URL}#decline"),
    _only(Verb.MEET, "meeting.in_hours", "whether it lies in the working hours of everybody who comes", True),
    _only(
        Verb.MEET,
        "meeting.calendars_unread",
        "whether somebody's calendar did not tell of the time when it was chosen: only working hours counted",
        False,
    ),
    _only(Verb.MEET, "other.name", "whom the reader meets", "Amara Diallo"),
    _only(Verb.MEET, "other.first_name", "their first name", "Amara"),
    _only(Verb.MEET, "other.job_title", "what they do", "Designer"),
    _only(Verb.MEET, "other.location", "where they work", "Dakar"),
    _only(Verb.MEET, "other.department", "their department", "Design"),
    _texts(Verb.MEET, "other.interests", "what they like (a list)", "books"),
    _only(
        Verb.WATCH,
        "watch.title",
        "the title of the step that was watched, in the language of the mail",
        "Check-in after 30 days",
    ),
    _only(Verb.WATCH, "watch.person", "who was asked, or who did not answer", "Noor Haddad"),
    _only(Verb.WATCH, "watch.tasks", "what is overdue on a list", "", "text", "by"),
    _only(
        Verb.WATCH, "watch.answers", "the answers; private ones only for HR", "", "question", "answer", "fell_from"
    ),
    _only(
        Verb.WATCH,
        "watch.take_url",
        "where the reader says that they take care of it; empty where nobody is asked to",
        f"{_ASK_URL}?taken=yes",
    ),
    _only(Verb.WATCH, "watch.again", "whether the reader was told before, and the answers changed since", False),
    _only(
        Verb.WATCH,
        "watch.somebody_else",
        "whether somebody with another address is told when nobody takes care; else the same one again",
        True,
    ),
    _only(Verb.WATCH, "watch.told", "who was told before; only in `not_taken`", "Ines Costa"),
    _only(Verb.WATCH, "watch.told_at", "when they were told, in words; only in `not_taken`", _WHEN[0]),
    _only(Verb.WATCH, "watch.refused", "whether they said that they cannot; only in `not_taken`", False),
    Field(
        path="review.count", meaning="how much needs a human", sample=1, verbs=_NO_STEP, messages=("daily_review",)
    ),
    Field(
        path="review.items",
        meaning="what needs a human",
        verbs=_NO_STEP,
        is_list=True,
        item_keys=("hire", "text", "number", "steps"),
        messages=("daily_review",),
    ),
    _coffee("week", "the first day of the round, in words", "Monday 7 September 2026"),
    _coffee("draw", "when it is drawn who meets whom, in words", _WHEN[0], "coffee_warning"),
    _coffee("skip_url", "where the reader skips this round", _COFFEE_URL, "coffee_warning"),
    _coffee(
        "why",
        "why the reader was left out: away, nobody_else, nobody_fits, no_hour or other_left",
        "no_hour",
        "coffee_left_out",
    ),
    _coffee(
        "together",
        "why these people have coffee together; may be empty",
        "from two departments, you have not met here yet",
        "coffee_round",
    ),
    _coffee("others", "whom the reader should have met", "Amara Diallo", "coffee_met"),
    _coffee("met_on", "when, in words", _WHEN[0], "coffee_met"),
    _coffee("yes_url", "the answer: yes, we met", _ASK_URL, "coffee_met"),
    _coffee("no_url", "the answer: no", _ASK_URL, "coffee_met"),
    _coffee("deadline", "until when, in words", "Friday 9 October 2026", "coffee_met"),
    _coffee("back_url", "where the reader says that they take part again", _COFFEE_URL, "coffee_pause"),
)
"""Every field; texts are "" when unknown and lists may be empty."""

_ALL_OWNERS = frozenset(field.path.partition(".")[0] for field in FIELDS if field.verbs == ALL_VERBS)

OUTSIDE_JOURNEYS: dict[str, tuple[Verb | None, frozenset[str]]] = {
    REMINDER_MESSAGE: (Verb.ASK, _ALL_OWNERS),
    LIST_REMINDER_MESSAGE: (Verb.ASK, _ALL_OWNERS),
    "coffee_round": (Verb.MEET, frozenset({"company", "you", "preferences_url"})),
    "daily_review": (None, frozenset({"company", "you"})),
    **dict.fromkeys(_COFFEE_MESSAGES, (None, frozenset({"company", "you", "preferences_url"}))),
}
"""Messages that no step names: the verb whose fields they have, and which of the fields of every verb."""

NEEDED: dict[Verb, dict[str, str]] = {
    Verb.ASK: {"ask.url": "nobody can answer without the link"},
    Verb.MEET: {
        "meeting.when": "people need the time",
        "meeting.moved": "the same message tells people that a meeting has a new time",
        "meeting.cancelled": "the same message tells people that a meeting is cancelled",
    },
}
"""The fields without which a message of a verb fails its readers, and why."""

FORM_FIELDS: tuple[Field, ...] = tuple(
    field
    for field in FIELDS
    if field.path.partition(".")[0] in ("hire", "you", "company")
    or field.path in ("exchange.others", "exchange.icebreaker")
)
"""The fields that the texts of a form may use."""


def fields_of(verb: Verb) -> tuple[Field, ...]:
    """The fields of the messages of a verb."""
    return tuple(field for field in FIELDS if verb in field.verbs)


def fields_of_message(message: str, verbs: Iterable[Verb]) -> tuple[Field, ...]:
    """The fields that a message may use when steps of these verbs send it.

    A message of several verbs has what they have in common; one that no step sends yet has those of every verb.
    """
    if message in OUTSIDE_JOURNEYS:
        verb, owners = OUTSIDE_JOURNEYS[message]
        of_verb = [*(fields_of(verb) if verb else ()), *(one for one in FIELDS if message in one.messages)]
        everywhere = (one for one in FIELDS if one.verbs == ALL_VERBS)
        own = [one for one in of_verb if one.verbs != ALL_VERBS]
        return (*(one for one in everywhere if one.path.partition(".")[0] in owners), *own)
    wanted = frozenset(verbs)
    return tuple(one for one in FIELDS if one.verbs and wanted <= one.verbs)


def verbs_outside(message: str) -> set[Verb]:
    """The verb of a message that no step names; nothing for all others."""
    verb = OUTSIDE_JOURNEYS[message][0] if message in OUTSIDE_JOURNEYS else None
    return {verb} if verb else set()


def sample(fields: Iterable[Field]) -> Fields:
    """These fields with their sample values."""
    return _nested((field.path, field.value) for field in fields)


def empty(verb: Verb) -> Fields:
    """All fields of a verb with nothing in them: "", 0, false or no items."""
    return nothing(fields_of(verb))


def nothing(fields: Iterable[Field]) -> Fields:
    """These fields with nothing in them."""
    return _nested((field.path, [] if field.is_list else type(field.sample)()) for field in fields)


def _nested(values: Iterable[tuple[str, object]]) -> Fields:
    fields: Fields = {}
    for path, value in values:
        owner, _, key = path.partition(".")
        if not key:
            fields[owner] = value
            continue
        table = fields.setdefault(owner, {})
        if isinstance(table, dict):
            table[key] = value
    return fields
