"""How does a decision to send become a letter?"""

from __future__ import annotations

from hashlib import blake2b

from onboarding.domain.mail import Address, Letter, Picture
from onboarding.domain.words import Fields, Rendered
from onboarding.services import photos
from onboarding.services.case import Case, Mail
from onboarding.services.engine import Company
from onboarding.services.fields import address_of, base_fields, calendar_address, display_name


def letter_of(case: Case, mail: Mail) -> Letter:
    """Render the message for its recipient.

    Raises:
        BadWords: the template does not render.
        BadAddress: there is no address that can be written to.
    """
    engine, recipient = case.engine, case.recipient
    invited = mail.invitation is not None
    to = calendar_address(recipient) if invited else address_of(case.seen.hire, recipient, case.now)
    way_out = engine.links.unsubscribe(recipient.id) if mail.optional else ""
    choices = engine.links.preferences(recipient.id) if mail.optional else ""
    fields = base_fields(engine, case.seen, recipient, mail.language, case.occasion)
    fields |= {"preferences_url": choices, **mail.fields}
    words, pictures = _rendered(case, mail, fields, choices)
    return Letter(
        number=case.delivery.number,
        message_id=message_id(engine.company, case.delivery.key),
        sender=engine.company.sender,
        to=to,
        subject=words.subject,
        html=words.html,
        text=words.text,
        date=case.now,
        reply_to=mail.reply_to or _reply_to(case),
        invitation=mail.invitation,
        unsubscribe_url=way_out,
        pictures=tuple(pictures),
    )


def _rendered(case: Case, mail: Mail, fields: Fields, choices: str) -> tuple[Rendered, list[Picture]]:
    """The message with the photos that it shows; once more without those that cannot be shown."""

    def render(given: Fields) -> Rendered:
        return case.engine.words.message(mail.message, mail.role, mail.language, given, unsubscribe_url=choices)

    words = render(fields)
    pictures, left_out = photos.of_mail(case.books, words.html)
    return (render(photos.without(fields, left_out)) if left_out else words), pictures


def message_id(company: Company, key: str) -> str:
    """A Message-ID made from the delivery's key: the same on every retry, and telling nothing."""
    digest = blake2b(key.encode(), digest_size=16).hexdigest()
    return f"<{digest}@{company.sender.email.rpartition('@')[2]}>"


def _reply_to(case: Case) -> Address | None:
    company = case.engine.company
    if company.hr_email == company.sender.email:
        return None
    return Address(email=company.hr_email, name=display_name(f"{company.name} People Team"))
