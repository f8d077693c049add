"""What is told to an identity provider whose request cannot be obeyed?"""

from __future__ import annotations

from onboarding.domain.errors import Refused

BAD_REQUEST, CONFLICT, OUTDATED, TOO_LARGE = 400, 409, 412, 413


class ScimRefused(Refused):
    """A request of SCIM that was not obeyed: an HTTP status and a keyword of RFC 7644 section 3.12 (or "").

    Its message is one sentence that repeats no value.
    """

    def __init__(self, sentence: str, scim_type: str = "", *, status: int = BAD_REQUEST) -> None:
        self.scim_type = scim_type
        self.status = status
        super().__init__(sentence)


def unreadable(sentence: str) -> ScimRefused:
    """The body is no SCIM message."""
    return ScimRefused(sentence, "invalidSyntax")


def unfit(sentence: str) -> ScimRefused:
    """A value that its attribute cannot hold."""
    return ScimRefused(sentence, "invalidValue")


def unclear(sentence: str) -> ScimRefused:
    """A filter that is no filter, or one that we do not answer."""
    return ScimRefused(sentence, "invalidFilter")
