"""What can go wrong, and what each of them means?

The docstring of an error is its meaning; its message is one sentence for a person.

    OnboardingError
    ├── Refused                  the caller's fault: nothing was changed
    │   ├── BadSignature         the sender is not who it says it is
    │   ├── TooLarge             the body is larger than a door accepts
    │   ├── TooSlow              a body that did not come in time
    │   ├── BadRecord            a record that cannot be understood
    │   ├── BadWords             HR's folder holds mistakes; all of them are listed
    │   ├── BadLink              a link that is forged, damaged or not for this
    │   ├── Expired              a link or an ask that is over
    │   │   └── AlreadyLeft      words that are on their way, or were read: nobody can change them now
    │   ├── Overtaken            a draft that was begun before the answer that arrived meanwhile
    │   │   └── SavedElsewhere   a draft from a page that does not know the draft that is kept
    │   ├── BadAnswer            an answer that does not fit its question
    │   │   └── NothingAnswered  a form that was sent with every question left open
    │   ├── BadPicture           a file that cannot become a photo
    │   ├── BadAddress           an address or header value that must not reach a mail
    │   ├── NotFound             no such hire, step, event or form
    │   └── IllegalMove          a delivery cannot go from this state to that one
    ├── Unavailable              a neighbour (database, Prefect, HR system) does not answer now
    └── BadSettings              what the company said in its settings cannot work
"""

from __future__ import annotations


class OnboardingError(Exception):
    """Everything that this project anticipates."""


class Refused(OnboardingError):
    """The caller's fault: nothing was changed."""


class BadSignature(Refused):
    """The sender is not who it says it is, or says it too late."""


class TooLarge(Refused):
    """The body is larger than a door accepts."""


class TooSlow(Refused):
    """The body did not come in time."""


class _Listed(Refused):
    """A refusal that lists every mistake at once, so that they can be mended in one go."""

    def __init__(self, mistakes: str | list[str] | tuple[str, ...]) -> None:
        self.mistakes: tuple[str, ...] = (mistakes,) if isinstance(mistakes, str) else tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class BadRecord(_Listed):
    """A record that cannot be understood; `mistakes` names each field."""


class BadWords(_Listed):
    """HR's folder holds mistakes; `mistakes` names file, place and the allowed values of each."""


class BadLink(Refused):
    """A link that is forged, damaged or meant for something else."""


class Expired(Refused):
    """A link or an ask that is over."""


class AlreadyLeft(Expired):
    """Words that are on their way to their readers, or were read: nobody can change them or take them back."""


class Overtaken(Refused):
    """A draft that was begun before the answer that arrived meanwhile: it must not stand beside that answer."""


class SavedElsewhere(Overtaken):
    """A draft from a page that does not know the draft that is kept now: another page saved or deleted it."""


class BadAnswer(Refused):
    """Answers that do not fit their questions; `mistakes` maps a question's key to one sentence."""

    def __init__(self, mistakes: dict[str, str]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{key}: {why}" for key, why in mistakes.items()))


class NothingAnswered(BadAnswer):
    """A form that came without a single answer: it is not taken for one, so that silence stays silence."""

    def __init__(self) -> None:
        super().__init__({})


class BadPicture(Refused):
    """A file that cannot become a photo; `why` is the value of a `domain.portraits.Unfit`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"this file cannot become a photo: {why}")


class BadAddress(Refused):
    """An address or a header value that must not reach a mail."""


class NotFound(Refused):
    """No such hire, step, event, form or meeting."""


class IllegalMove(Refused):
    """A delivery cannot go from this state to that one."""


class Unavailable(OnboardingError):
    """A neighbour (database, Prefect, HR system) does not answer now; trying again can help."""


class BadSettings(OnboardingError):
    """What the company said in its settings cannot work; every problem is listed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def unexpected(error: Exception) -> str:
    """Why something broke; only the words of HR's folder are repeated: they name files and steps, never people."""
    return str(error) if isinstance(error, BadWords) else f"an unexpected error: {type(error).__name__}"
