"""Where do mails that come back lie? In a mailbox that speaks IMAP, or in a Maildir on this machine."""

from onboarding.adapters.mailboxes.imap import ImapMailbox
from onboarding.adapters.mailboxes.maildir import MaildirMailbox

__all__ = ["ImapMailbox", "MaildirMailbox"]
