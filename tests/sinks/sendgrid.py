"""What would SendGrid make of our requests? A server that answers v3/mail/send as it does, or as told."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.sinks.behaviour import LOOPBACK, STALL
from tests.sinks.rules import complaints


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A scripted HTTP answer; `declares` more octets than `body` holds to be cut in the middle."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    declares: int | None = None


class SendGridSink:
    """An HTTP server in threads that answers v3/mail/send as SendGrid does; a context manager.

    `behave(...)` scripts the next answers: an `Answer`, `CUT` (reset after the whole request came), `STALL`
    (never answers). Without a script: 401 for a wrong key, 400 with `errors` for a bad body, else 202.
    """

    def __init__(self, *, key: str = "SG.test.key", sandbox: bool = False) -> None:
        self.key = key
        self.sandbox = sandbox
        self.received: list[dict[str, Any]] = []
        self.requests = 0
        self.connections: set[socket.socket] = set()
        self.opened = 0
        self.over = threading.Event()
        self.lock = threading.Lock()
        self._script: deque[Answer | str] = deque()
        self._server = _Server((LOOPBACK, 0), _Exchange)
        self._server.sink = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), name="sendgrid-sink", daemon=True
        )

    @property
    def url(self) -> str:
        """The base address for a mailer."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def behave(self, answer: Answer | str, *, times: int = 1) -> None:
        """Answer so the next `times` times, whatever the request says."""
        self._script.extend([answer] * times)

    def answer(self, path: str, authorization: str, body: bytes) -> Answer | str:
        """What to say to one request."""
        with self.lock:
            self.requests += 1
            if self._script:
                return self._script.popleft()
        if path != "/v3/mail/send":
            return refusal(404, "not found")
        if authorization != f"Bearer {self.key}":
            return refusal(401, "The provided authorization grant is invalid, expired, or revoked")
        return self._weigh(body)

    def _weigh(self, body: bytes) -> Answer:
        try:
            read = json.loads(body)
        except ValueError:
            return refusal(400, "Bad Request")
        wrong = complaints(read)
        if wrong:
            return Answer(status=400, body=json.dumps({"errors": wrong}).encode())
        if self.sandbox:
            return Answer(status=200)
        with self.lock:
            self.received.append(read)
            number = len(self.received)
        return Answer(status=202, headers={"X-Message-Id": f"sink-{number:06d}"})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self.hang_up()
        self._server.server_close()

    def hang_up(self) -> None:
        """Close every open connection, as a server does with those that idle too long."""
        with self.lock:
            still_open = list(self.connections)
        for connection in still_open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the other side was quicker
                continue


def refusal(
    status: int, message: str, *, place: str | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """An answer with SendGrid's error body."""
    errors = [{"message": message, "field": place, "help": None}]
    return Answer(status=status, body=json.dumps({"errors": errors}).encode(), headers=headers or {})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 64
    sink: SendGridSink


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    connection: socket.socket

    def setup(self) -> None:
        super().setup()
        with self.server.sink.lock:
            self.server.sink.connections.add(self.connection)
            self.server.sink.opened += 1

    def finish(self) -> None:
        with self.server.sink.lock:
            self.server.sink.connections.discard(self.connection)
        super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the client went away
            self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        answer = self.server.sink.answer(self.path, self.headers.get("Authorization", ""), body)
        if isinstance(answer, Answer):
            self._say(answer)
            return
        if answer == STALL:
            self.server.sink.over.wait()
        else:  # a reset, not a polite end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.body) if answer.declares is None else answer.declares))
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.declares is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has in http.server
        """Say nothing: tests read the sink, not the terminal."""
