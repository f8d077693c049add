"""What would an HR system answer? A server with an answer for each path, that can also misbehave."""

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
from urllib.parse import parse_qsl, urlsplit

from tests.sinks.behaviour import LOOPBACK, STALL
from tests.sinks.sendgrid import Answer

NOTHING = Answer(status=404, body=b'{"error": "nothing here"}')
AT_ONCE = {"Retry-After": "0"}
"""With it a refusal for now is repeated without a pause: tests need not wait."""


def broken(status: int = 500, *, body: bytes = b"<h1>Sorry</h1>") -> Answer:
    """A server that is in trouble, and lets itself be asked again at once."""
    return Answer(status=status, body=body, headers=AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came; `headers` have lower-case names."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def tree(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.body.decode()))


class HrisSink:
    """An HTTP server in threads; a context manager.

    `say("GET", "/people/7", tree)` gives a path its answer from now on; what has none is 404. `behave(...)`
    scripts the next answers, whatever is asked: an `Answer`, `CUT` (a reset) or `STALL` (never answers). `asked`
    holds all requests in order.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str], Answer] = {}
        self._script: deque[Answer | str] = deque()
        self._server = _Server((LOOPBACK, 0), _Exchange)
        self._server.sink = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), name="hris-sink", daemon=True
        )

    @property
    def url(self) -> str:
        """The base address for a source."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, as `GET /people/7`."""
        return [f"{each.method} {each.path}" for each in self.asked]

    def say(self, method: str, path: str, tree: object, *, status: int = 200) -> None:
        """Answer so from now on; bytes are sent as they are, anything else as JSON."""
        body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
        self._answers[method, path] = Answer(status=status, body=body)

    def behave(self, answer: Answer | str, *, times: int = 1) -> None:
        """Answer so the next `times` times."""
        self._script.extend([answer] * times)

    def answer(self, asked: Asked) -> Answer | str:
        """What to say to one request."""
        with self._lock:
            self.asked.append(asked)
            if self._script:
                return self._script.popleft()
        return self._answers.get((asked.method, asked.path), NOTHING)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    sink: HrisSink


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    connection: socket.socket

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the client went away
            self.close_connection = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        answer = self.server.sink.answer(asked)
        if isinstance(answer, Answer):
            self._say(answer)
            return
        if answer == STALL:
            self.server.sink.over.wait()
        else:  # a reset, not a polite end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self.do_GET()

    def do_PROPFIND(self) -> None:
        self.do_GET()

    def do_REPORT(self) -> None:
        self.do_GET()

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has in http.server
        """Say nothing: tests read the sink, not the terminal."""
