"""How does a decision to send become a letter?"""

from __future__ import annotations

from hashlib import blake2b

from onboarding.domain.mail import Address, Letter
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
    words = engine.words.message(mail.message, mail.role, mail.language, fields, unsubscribe_url=choices)
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
    )


def message_id(company: Company, key: str) -> str:
    """A Message-ID made from the delivery's key: the same on every retry, and telling nothing."""
    digest = blake2b(key.encode(), digest_size=16).hexdigest()
    return f"<{digest}@{company.sender.email.rpartition('@')[2]}>"


def _reply_to(case: Case) -> Address | None:
    company = case.engine.company
    if company.hr_email == company.sender.email:
        return None
    return Address(email=company.hr_email, name=display_name(f"{company.name} People Team"))
