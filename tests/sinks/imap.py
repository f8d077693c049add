"""What would an IMAP server make of our questions? A real one (pymap, in memory) in a thread."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
import threading
from argparse import Namespace
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

from tests.sinks.behaviour import LOOPBACK

USER, PASSWORD = "people", "a-password-of-the-mailbox"


class ImapSink:
    """An IMAP server with one account; a context manager.

    TLS is offered as STARTTLS, or spoken `from_the_start`.
    """

    def __init__(self, *, tls: ssl.SSLContext, from_the_start: bool = True) -> None:
        self.port = 0
        self._tls, self._from_the_start = tls, from_the_start
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="imap-sink", daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def url(self, *, user: str = USER, password: str = PASSWORD, mailbox: str = "INBOX") -> str:
        """The address of the mailbox as the settings have it."""
        scheme = "imaps" if self._from_the_start else "imap+starttls"
        return f"{scheme}://{user}:{password}@{LOOPBACK}:{self.port}/{mailbox}"

    def client(self, trust: ssl.SSLContext) -> imaplib.IMAP4:
        """Another mail program, logged in."""
        if self._from_the_start:
            client: imaplib.IMAP4 = imaplib.IMAP4_SSL(LOOPBACK, self.port, ssl_context=trust, timeout=10)
        else:
            client = imaplib.IMAP4(LOOPBACK, self.port, timeout=10)
            client.starttls(trust)
        client.login(USER, PASSWORD)
        return client

    async def _start(self) -> None:
        account = {"demo_data": False, "demo_user": USER, "demo_password": PASSWORD}
        listening = {"host": LOOPBACK, "port": 0, "cert": None, "key": None, "tls": True, "proxy_protocol": None}
        said = Namespace(**account, **listening, debug=False, passlib_cfg=None)
        quick = {"ssl_context": self._tls, "invalid_user_sleep": 0.0, "reject_dnsbl": False}
        backend, config = await DictBackend.init(said, **quick, secure_auth=not self._from_the_start)
        imap = IMAPServer(backend.login, config)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, asyncio.CancelledError):
                await imap(reader, writer, SocketInfo.get(writer, None))

        tls = self._tls if self._from_the_start else None
        self._server = await asyncio.start_server(serve, LOOPBACK, 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        for one in others:
            with suppress(asyncio.CancelledError, Exception):
                await one


def found(answer: tuple[str, list[Any]]) -> list[Any]:
    """What a server answers to another mail program."""
    assert answer[0] == "OK", answer
    return [one for one in answer[1] if one is not None]
