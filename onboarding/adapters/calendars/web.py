"""How is a calendar's server asked, so that nobody leads us into our own network?

People type addresses, servers send us elsewhere, and names change what they mean. So each address, redirects
included, must be https on port 443 and a name whose every IP address is public; then exactly that IP address is
connected to, while the certificate is checked for the name. Hosts that the company trusts are free of this.

The transport of httpx is used without its client, which would write addresses to the log.
"""

from __future__ import annotations

import base64
import ipaddress
import socket
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from onboarding.domain.errors import Unavailable
from onboarding.domain.ical.lines import LARGEST

TIMEOUT = 10.0
"""Seconds: to connect, and between two pieces of an answer."""
LONGEST = 30.0
"""Seconds for the whole of one answer."""
ENDLESS = "it does not come to the end of its answer"
MOST_REDIRECTS = 3
HTTPS = 443
UNICAST = ipaddress.ip_network("2000::/3")
"""The only part of IPv6 that has been given out (IANA's registry of its address space)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def basic(user: str, password: str) -> str:
    """The value of an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


class _Watch:
    """Cuts a connection when its time is over.

    The time-outs of httpx are for each piece: a server that sends its headers sign by sign would be listened to
    for days, by a thread for which the end of the program waits.
    """

    def __init__(self, ends: float) -> None:
        """`ends` is a moment of the monotonic clock."""
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = Timer(max(0.0, ends - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def see(self, event: str, told: Mapping[str, Any]) -> None:
        """Learn of the connection, as httpcore tells it (its extension `trace`)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = told["return_value"].get_extra_info("socket")
            if self.is_over:
                self._cut()

    def end(self) -> None:
        """All was said in time."""
        self._timer.cancel()

    def _cut(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):  # closed already, or wrapped for TLS just now: `see` comes again then
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # that of SSLSocket would drop its state


class Web:
    """Asks servers; safe to call from several threads. `trusted` are names of hosts, in small letters."""

    def __init__(
        self,
        *,
        trusted: Collection[str] = (),
        timeout: float = TIMEOUT,
        longest: float = LONGEST,
        largest: int = LARGEST,
    ) -> None:
        """Nothing is connected yet; spans are seconds, `largest` is octets."""
        self._trusted = frozenset(trusted)
        self._timeout, self._longest, self._largest = timeout, longest, largest
        self._lock = Lock()
        self._opened: httpx.HTTPTransport | None = None

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        redirects: int = MOST_REDIRECTS,
    ) -> Answer:
        """One question, asked once: a calendar that is silent is asked again at the next reading.

        An Authorization header does not follow a redirect to another host.

        Raises:
            Unavailable: no answer, or one that may not or cannot be read; no address is in the sentence.
        """
        ends, headers = time.monotonic() + self._longest, dict(headers or {})  # a span, not a time of day
        while True:
            answer = self._once(method, url, headers, body, ends)
            where = answer.headers.get("location", "")
            if answer.status not in (301, 302, 303, 307, 308) or not where:
                return answer
            if redirects <= 0:
                raise Unavailable("it sends us elsewhere too often")
            redirects -= 1
            there = urljoin(url, where)
            if _place(there) != _place(url):
                headers.pop("Authorization", None)
            url = there

    def close(self) -> None:
        """Give connections back."""
        with self._lock:
            transport, self._opened = self._opened, None
        if transport is not None:
            transport.close()

    @property
    def _transport(self) -> httpx.HTTPTransport:
        """Opened at the first question: certificates of authorities take a while to read."""
        with self._lock:
            if self._opened is None:
                # A connection is not used again: the pool knows it by its IP address, and its certificate was
                # checked for one name.
                self._opened = httpx.HTTPTransport(
                    trust_env=False, limits=httpx.Limits(max_connections=100, max_keepalive_connections=0)
                )
            return self._opened

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes, ends: float) -> Answer:
        last = Unavailable("it does not answer")
        for request in self._requests(method, url, headers, body):
            watch = _Watch(ends)
            request.extensions["trace"] = watch.see
            try:
                response = self._transport.handle_request(request)
                try:
                    return self._read(response, ends)
                finally:
                    response.close()
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError, OSError) as error:
                if watch.is_over:
                    raise Unavailable(ENDLESS) from error
                last = Unavailable(f"it does not answer ({type(error).__name__})")
                if not isinstance(error, httpx.ConnectError):
                    break
            finally:
                watch.end()
        raise last

    def _requests(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Iterable[httpx.Request]:
        """The request for each IP address that may be asked, two at most."""
        try:
            parts = httpx.URL(url)
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise Unavailable("its address is none") from error
        if parts.userinfo or not parts.host or parts.scheme not in ("http", "https"):
            raise Unavailable("its address must be https:// and the name of a server")
        places: list[tuple[httpx.URL, dict[str, object]]] = [(parts, {})]
        if parts.host.casefold() not in self._trusted:
            if parts.scheme != "https" or parts.port not in (None, HTTPS):
                raise Unavailable("its address must be https:// and the name of a server, without a port")
            name = parts.raw_host.decode("ascii")
            places = [(parts.copy_with(host=one), {"sni_hostname": name}) for one in public_addresses(name)[:2]]
        for place, more in places:
            yield httpx.Request(
                method,
                place,
                headers={
                    "Host": parts.netloc.decode("ascii"),
                    "User-Agent": "onboarding-engine",
                    "Accept-Encoding": "identity",
                    **headers,
                },
                content=body or None,
                extensions={"timeout": httpx.Timeout(self._timeout).as_dict(), **more},
            )

    def _read(self, response: httpx.Response, ends: float) -> Answer:
        if response.headers.get("content-encoding", "identity").casefold() not in ("identity", ""):
            raise Unavailable("it answers packed, although we asked it not to")
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self._largest:
                raise Unavailable("it answers with more than 10 MB")
            if time.monotonic() > ends:
                raise Unavailable(ENDLESS)
        headers = {name.casefold(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=headers, body=bytes(body))


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.casefold()


def public_addresses(host: str) -> list[str]:
    """The IP addresses of a name, all of which are public.

    Raises:
        Unavailable: it has none, or one of them is not: the others are not trusted then.
    """
    try:
        found = socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable("its server is not known") from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(is_public(one) for one in addresses):
        raise Unavailable("its address is not one of the open Internet")
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, and does not carry another one inside."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found not in UNICAST or found.sixtofour or found.teredo):
        return False
    return found.is_global and not found.is_multicast
