"""How does a letter leave the house? Into a folder, to an SMTP server, or through SendGrid."""

from onboarding.adapters.mailers.folder import FolderMailer
from onboarding.adapters.mailers.sendgrid import SendGridMailer
from onboarding.adapters.mailers.smtp import SmtpMailer

__all__ = ["FolderMailer", "SendGridMailer", "SmtpMailer"]
