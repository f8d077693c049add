"""Which mails lie unread in a mailbox that speaks IMAP (RFC 3501, RFC 9051)?"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from onboarding.domain.errors import BadSettings, Unavailable
from onboarding.ports.replies import Unread

PORTS = {"imap+starttls": 143, "imaps": 993}
SECONDS = 30.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SAFE = re.compile(r"[A-Za-z0-9._/ -]{1,200}")


class ImapMailbox:
    r"""One mailbox of one account, looked into over a connection of its own each time.

    Looking asks for `BODY.PEEK[]`, which sets no flag. `\Seen` or `\Flagged` is stored when what came was
    remembered; a mail that is read may also be moved into a folder. Nothing is deleted.
    """

    def __init__(
        self, url: str, *, done: str = "", seconds: float = SECONDS, tls: ssl.SSLContext | None = None
    ) -> None:
        """`url` is `imaps://` or `imap+starttls://`, then `user:password@host[:port][/mailbox]`.

        `done` is the folder into which read mails are moved, "" for none. `seconds` is how long an answer may
        take. `tls` replaces the system's trust, for a company's own authority.

        Raises:
            BadSettings: when the address cannot work.
        """
        parts = urlsplit(url)
        try:
            self._port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise BadSettings(["ONBOARDING_REPLIES_MAILBOX names a port that is none"]) from error
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._mailbox, self._done = unquote(parts.path.lstrip("/")) or "INBOX", done
        self._seconds, self._tls = seconds, tls
        self._open: imaplib.IMAP4 | None = None
        problem = self._problem()
        if problem:
            raise BadSettings([f"ONBOARDING_REPLIES_MAILBOX {problem}"])

    def __repr__(self) -> str:
        return f"ImapMailbox({self._host})"

    def _problem(self) -> str:
        if self._scheme not in PORTS or not self._host:
            return "must start with imaps:// or imap+starttls:// and name a server"
        if not self._user or not self._password:
            return "must name user and password: imaps://user:password@host"
        if not (self._user + self._password).isascii() or re.search(
            r"[\x00-\x1f\x7f]", self._user + self._password
        ):
            return "has a user or password with signs that IMAP's LOGIN cannot carry"
        if not all(_SAFE.fullmatch(one) for one in (self._mailbox, self._done) if one):
            return "or ONBOARDING_REPLIES_DONE names a folder with signs other than letters, digits, . _ / -"
        return ""

    def unread(self, *, limit: int, largest: int) -> list[Unread]:
        r"""Up to `limit` mails without `\Seen` and `\Flagged`, by UID."""
        self.close()
        with self._translated():
            server = self._connected()
            found = _lines(server.uid("SEARCH", "UNSEEN", "UNFLAGGED", "UNDELETED"))
            uids = [one for line in found for one in line.split() if one.isdigit()][:limit]
            return [mail for uid in uids if (mail := _fetched(server, uid.decode(), largest)) is not None]

    def mark_read(self, key: str) -> None:
        r"""Store `\Seen`, then move it where a folder is named and the server can move (RFC 6851)."""
        with self._translated():
            server = self._connected()
            _lines(server.uid("STORE", key, "+FLAGS.SILENT", r"(\Seen)"))
            if self._done and "MOVE" in server.capabilities:
                _lines(server.uid("MOVE", key, _quoted(self._done)))

    def flag(self, key: str) -> None:
        r"""Store `\Flagged`; it stays unread."""
        with self._translated():
            _lines(self._connected().uid("STORE", key, "+FLAGS.SILENT", r"(\Flagged)"))

    def close(self) -> None:
        """Log out."""
        server, self._open = self._open, None
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()

    def _connected(self) -> imaplib.IMAP4:
        """The connection of the last look: UIDs of another one might name other mails."""
        if self._open is None:
            self._open = server = self._dialled()
            server.login(self._user, self._password)
            server.capabilities = tuple(_words(_lines(server.capability())))  # more, once it knows who asks
            _lines(server.select(_quoted(self._mailbox)))
        return self._open

    def _dialled(self) -> imaplib.IMAP4:
        trust = self._tls or ssl.create_default_context()
        if self._scheme == "imaps":
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=trust, timeout=self._seconds)
        server = imaplib.IMAP4(self._host, self._port, timeout=self._seconds)
        server.starttls(ssl_context=trust)
        return server

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Whatever the server or the network does is one sentence without their words: they may quote somebody."""
        try:
            yield
        except ssl.SSLError as error:
            self._open = None
            raise Unavailable("the mailbox's server does not show a certificate that we trust") from error
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            broken, self._open = self._open, None
            if broken is not None:
                with suppress(imaplib.IMAP4.error, OSError):
                    broken.shutdown()
            refused = isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)
            said = "does not let us in, or has no such folder" if refused else "does not answer"
            raise Unavailable(f"the mailbox {said}") from error


def _fetched(server: imaplib.IMAP4, uid: str, largest: int) -> Unread | None:
    """One mail, cut after `largest` bytes; None when it has gone meanwhile."""
    for part in _lines(server.uid("FETCH", uid, f"(UID BODY.PEEK[]<0.{largest}>)")):
        if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], bytes):  # noqa: PLR2004 -- head, literal
            return Unread(key=uid, raw=part[1])
    return None


def _lines(answer: tuple[str, Sequence[Any]]) -> list[Any]:
    kind, found = answer
    if kind != "OK":
        raise imaplib.IMAP4.error("refused")
    return [one for one in found if one is not None]


def _words(found: Sequence[object]) -> Iterator[str]:
    for line in found:
        if isinstance(line, bytes):
            yield from line.decode("ascii", "replace").upper().split()


def _quoted(name: str) -> str:
    return f'"{name}"'
