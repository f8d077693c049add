"""How do words that came back reach a human? As a mail to HR; nothing of them is kept."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from onboarding.domain.errors import BadAddress, Unavailable
from onboarding.domain.mail import Address, Letter, OutcomeKind
from onboarding.domain.mail_replies import MailReply, ReplyState
from onboarding.domain.people import Person
from onboarding.domain.replies import NoReply, Reply
from onboarding.services.engine import Engine
from onboarding.services.fields import display_name

WORDS = {
    "en": (
        "{who} wrote back to {company}, and this is for a human. Answer this mail to write to them.",
        "The mail holds no plain text, or is too large: please ask them.",
        "It is an answer to an invitation that does not count by itself; `onboarding replies` says why.",
    ),
    "es": (
        "{who} respondió a {company}, y esto es para una persona. Responde a este correo para escribirle.",
        "El correo no contiene texto simple o es demasiado grande: por favor, pregúntale.",
        "Es una respuesta a una invitación que no cuenta por sí sola; `onboarding replies` dice por qué.",
    ),
    "de": (
        "{who} hat {company} geantwortet, das braucht einen Menschen. Eine Antwort auf diese Mail geht dorthin.",
        "Die Mail enthält keinen reinen Text oder ist zu groß: bitte nachfragen.",
        "Es ist eine Antwort auf eine Einladung, die so nicht zählt; `onboarding replies` sagt, warum.",
    ),
}
"""In HR's language: what stands above the words, in their place when there are none, and above an answer."""


def hand_on(engine: Engine, mail: Reply | NoReply, person: Person | None, row: MailReply) -> MailReply:
    """Send what came to HR, and say so in the row.

    Its Message-ID is made from the digest, so that a repetition looks like the same mail.

    Raises:
        Unavailable: the mailer does not take it now.
    """
    try:
        outcome = engine.mailer.send(_letter(engine, mail, person, row))
    except BadAddress:
        return replace(
            row, state=ReplyState.REFUSED, reason="its sender cannot be written to, so it was not sent on"
        )
    if outcome.kind is OutcomeKind.REFUSED_FOR_NOW:
        raise Unavailable("a mail for a human cannot be sent on now")
    if outcome.kind is OutcomeKind.REFUSED:
        return replace(row, state=ReplyState.REFUSED, reason="it could not be sent on to HR")
    return replace(row, reason=f"sent on to HR: {row.reason}")


def _letter(engine: Engine, mail: Reply | NoReply, person: Person | None, row: MailReply) -> Letter:
    company = engine.company
    above, nothing, uncounted = WORDS.get(company.language.partition("-")[0], WORDS["en"])
    who = person.name if person else mail.sender
    words = f"{uncounted}\n\n{mail.comment}" if isinstance(mail, Reply) else mail.text.strip() or nothing
    text = f"{above.format(who=who, company=company.name)}\n\n{words.strip()}\n"
    return Letter(
        number=0,
        message_id=f"<reply-{row.digest[:32]}@{company.sender.email.rpartition('@')[2]}>",
        sender=company.sender,
        to=Address(email=company.hr_email, name=display_name(f"{company.name} People Team")),
        subject=f"Fwd: {mail.subject}".strip(),
        html=f'<pre style="white-space: pre-wrap; font-family: inherit">{escape(text)}</pre>\n',
        text=text,
        date=row.received_at,
        reply_to=Address(email=mail.sender, name=display_name(person.name) if person else ""),
    )
