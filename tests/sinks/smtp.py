"""What would an SMTP server make of our mails? A real one (aiosmtpd) in a thread, misbehaving on demand."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, AnyStr, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.sinks.behaviour import CUT, LOOPBACK, STALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail as the SMTP server took it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int


class SmtpSink:
    """An SMTP server in a thread; a context manager.

    `behave(step, reply)` scripts an answer for the next time(s) that a step comes: `CUT`, `STALL`, or an SMTP
    reply such as "451 4.3.0 later". Steps: greeting, EHLO, MAIL, RCPT, DATA, body (whatever is
    scripted: hang up while the letter comes), dot (after the whole letter), RSET.
    """

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
        size_limit: int | None = None,
    ) -> None:
        """`tls` is offered as STARTTLS, or spoken `from_the_start`; with `login` everybody must log in."""
        self.received: list[Received] = []
        self.connections = 0
        self.port = 0
        self._login = login
        self._tls, self._from_the_start = tls, from_the_start
        self._size_limit = size_limit
        self._scripts: dict[str, deque[str]] = {}
        self._open: set[_Smtp] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._server: asyncio.Server | None = None

    def behave(self, step: str, reply: str, *, times: int = 1) -> None:
        """Answer `reply` the next `times` times that `step` comes."""
        self._scripts.setdefault(step, deque()).extend([reply] * times)

    def next_reply(self, step: str) -> str | None:
        """The scripted answer to this step, or None."""
        script = self._scripts.get(step)
        return script.popleft() if script else None

    def url(self, scheme: str = "smtp", login: str = "") -> str:
        """The address for a mailer; `login` is `user:password`."""
        return f"{scheme}://{login + '@' if login else ''}{LOOPBACK}:{self.port}"

    def hang_up(self) -> None:
        """Close every open connection, as a server does with those that idle too long."""
        self._run(self._close_connections())

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _start(self) -> None:
        self._server = await self._loop.create_server(
            lambda: _Smtp(self), LOOPBACK, 0, ssl=self._tls if self._from_the_start else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._close_connections()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _close_connections(self) -> None:
        for connection in list(self._open):
            if connection.transport is not None:
                connection.transport.close()
        await asyncio.sleep(0)

    @property
    def needs_login(self) -> bool:
        """Whether nobody may write without a log-in."""
        return self._login is not None

    def options(self) -> dict[str, Any]:
        """What aiosmtpd is told."""
        return {
            "hostname": "sink.example.com",
            "loop": self._loop,
            "timeout": 60,
            "tls_context": None if self._from_the_start else self._tls,
            "auth_require_tls": False,  # it knows of STARTTLS only; MAIL asks for the log-in below
            "authenticator": self.authenticate if self._login else None,
            "data_size_limit": self._size_limit,
        }

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object
    ) -> AuthResult:
        """Exactly the one log-in is let in."""
        given = isinstance(auth, LoginPassword) and (auth.login.decode(), auth.password.decode())
        return AuthResult(success=given == self._login, handled=False)


class _Smtp(SMTP):
    """One connection; looks into the sink's script before each answer."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink
        self._greeted = False
        self._number = 0
        super().__init__(_Taker(sink, self), **sink.options())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._number:  # STARTTLS makes the connection once more
            self._sink.connections += 1
            self._number = self._sink.connections
        self._sink._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._open.discard(self)
        super().connection_lost(error)

    async def push(self, status: AnyStr) -> None:
        scripted = None if self._greeted else await self.scripted("greeting")
        self._greeted = True
        if scripted is None:
            await super().push(status)
        else:
            await super().push(scripted)

    async def scripted(self, step: str) -> str | None:
        """The scripted reply to a step; cuts or stalls when the script says so."""
        reply = self._sink.next_reply(step)
        if reply == CUT:
            self._hang_up()
            raise ConnectionResetError
        if reply == STALL:
            await asyncio.Event().wait()
        return reply

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 -- aiosmtpd finds commands by these names
        await self._scripted_or("EHLO", super().smtp_EHLO, hostname)

    async def smtp_MAIL(self, argument: str) -> None:  # noqa: N802 -- as above
        if self._sink.needs_login and not (self.session and self.session.authenticated):
            await self.push("530 5.7.0 Authentication required")
        else:
            await self._scripted_or("MAIL", super().smtp_MAIL, argument)

    async def smtp_RCPT(self, argument: str) -> None:  # noqa: N802 -- as above
        await self._scripted_or("RCPT", super().smtp_RCPT, argument)

    async def smtp_DATA(self, argument: str) -> None:  # noqa: N802 -- as above
        if self._sink.next_reply("body") is not None:
            await super().push("354 go ahead")
            self._hang_up()
            return
        await self._scripted_or("DATA", super().smtp_DATA, argument)

    async def smtp_RSET(self, argument: str) -> None:  # noqa: N802 -- as above
        await self._scripted_or("RSET", super().smtp_RSET, argument)

    async def _scripted_or(self, step: str, usual: Any, argument: str) -> None:
        reply = await self.scripted(step)
        if reply is None:
            await usual(argument)
        else:
            await self.push(reply)
            if reply.startswith("421"):
                self._hang_up()

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()


class _Taker:
    """Takes whole letters in."""

    def __init__(self, sink: SmtpSink, connection: _Smtp) -> None:
        self._sink = sink
        self._connection = connection

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd finds hooks by these names
        reply = await self._connection.scripted("dot")
        if reply is not None and not reply.startswith("2"):
            return reply
        self._sink.received.append(
            Received(
                sender=str(envelope.mail_from),
                recipients=tuple(envelope.rcpt_tos),
                content=envelope.original_content or b"",
                connection=self._connection._number,
            )
        )
        return reply or f"250 2.0.0 Ok: queued as A{len(self._sink.received):05d}"
