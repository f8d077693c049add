"""How do we ask an HR system back, so that what it says or fails to say is one of three things?

    vendor = Vendor("Acme HR", "https://api.example.com/v1", auth=bearer("token"))
    vendor.get(f"/people/{segment(external_id, 'employeeId')}", {"fields": "name"})

The JSON it answers with, None where it knows nothing of the kind (404, 410), or Unavailable. Which settings an
account needs is read by `accounts.read_account`.
"""

from __future__ import annotations

import json
import re
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, NoReturn

import httpx

from onboarding.domain.errors import BadRecord, Unavailable

TIMEOUT = 10.0
"""Seconds: to connect, and between two pieces of an answer."""
LONGEST = 30.0
"""Seconds for the whole of one answer: one that trickles in is given up."""
LARGEST = 5_000_000
"""Octets of one answer, after unpacking. A roster asks for more."""
PAUSES = (0.2, 0.6)
"""Seconds before the second and the third try. A caller that still gets nothing comes back minutes later, so
everything that waits longer than a second waits there."""
_PATIENCE = 1.0

Params = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How we prove who we are; made by `basic`, `bearer` and `client_credentials`."""

    fixed: httpx.Auth | None = field(default=None, repr=False)
    token_url: str = ""
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    pair: tuple[str, str] | None = field(default=None, repr=False)


def basic(user: str, password: str) -> Auth:
    """HTTP Basic (RFC 7617): an API key as the user at BambooHR, a service user at HiBob."""
    return Auth(fixed=httpx.BasicAuth(user, password))


def bearer(token: str) -> Auth:
    """A token that does not expire by itself (RFC 6750)."""
    return Auth(fixed=_Bearer(token))


def client_credentials(
    token_url: str, client_id: str, client_secret: str, *, scope: str = "", pair_in_header: bool = False
) -> Auth:
    """OAuth client credentials (RFC 6749 section 4.4): a token is asked for once and kept until it is refused.

    `token_url` is absolute, or a path below the vendor's base address. The pair is sent in the form, or as HTTP
    Basic (`pair_in_header`).
    """
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    if pair_in_header:
        return Auth(token_url=token_url, form=form, pair=(client_id, client_secret))
    return Auth(token_url=token_url, form=form | {"client_id": client_id, "client_secret": client_secret})


class Vendor:
    """An HR system's own interface, over connections that stay open. Safe to call from several threads.

    `label` is its name in sentences. `base_url` may end in a path, below which every path lies. Redirects are not
    followed: they would carry the credentials elsewhere. A proxy of the environment is used, as httpx does.

    We never log what is asked and answered, nor repeat it in an error; httpx writes addresses at level INFO, so
    put no name and no e-mail address in a path or in `params`.
    """

    def __init__(
        self,
        label: str,
        base_url: str,
        *,
        auth: Auth,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
        largest: int = LARGEST,
    ) -> None:
        """Nothing is connected yet. `timeout` is seconds, `largest` octets of one answer."""
        self._label = label
        self._base_url = base_url.rstrip("/")
        self._auth = auth
        self._headers = {"Accept": "application/json", **(headers or {})}
        self._timeout = timeout
        self._largest = largest
        self._lock, self._token_lock = Lock(), Lock()
        self._opened: httpx.Client | None = None
        self._token = ""

    def __repr__(self) -> str:
        return f"Vendor({self._label})"

    def get(self, path: str, params: Params | None = None, *, may_refuse: bool = False) -> Any | None:
        """The JSON at a path that begins with a slash; None when there is nothing.

        With `may_refuse`, what our account may not see (403) counts as nothing too.

        Raises:
            Unavailable: it does not answer, refuses, or answers with something that is no JSON.
        """
        return self._ask("GET", path, may_refuse=may_refuse, params=dict(params or {}))

    def post(self, path: str, body: object) -> Any | None:
        """As `get`, with a JSON body. It may be sent up to three times: ask with it, change nothing."""
        return self._ask("POST", path, json=body)

    def put(self, path: str, body: object) -> Any | None:
        """As `post`; an answer without a body (204) is an empty object."""
        return self._ask("PUT", path, json=body)

    def close(self) -> None:
        """Give connections back; another question opens them again."""
        with self._lock:
            client, self._opened = self._opened, None
        if client is not None:
            client.close()

    def _ask(self, method: str, path: str, *, may_refuse: bool = False, **more: Any) -> Any | None:
        if not path.startswith("/"):
            raise ValueError(
                "a path begins with a slash: an absolute address could take our credentials elsewhere"
            )
        token = self._current_token()
        answer = self._patiently(method, path, self._credentials(token), more)
        if answer.status == httpx.codes.UNAUTHORIZED and token:  # it expires, or was revoked: once a new one
            self._forget(token)
            answer = self._patiently(method, path, self._credentials(self._current_token()), more)
        if may_refuse and answer.status == httpx.codes.FORBIDDEN:
            return None
        return self._weigh(answer)

    def _patiently(self, method: str, path: str, auth: httpx.Auth | None, more: dict[str, Any]) -> _Answer:
        """One question, repeated at most twice and within a second of waiting while that can help."""
        waited = 0.0
        for pause in (*PAUSES, None):
            answer = self._once(method, path, auth, more)
            wished = answer.wait if answer.wait is not None else pause or 0.0
            if pause is None or not answer.can_heal or waited + wished > _PATIENCE:
                break
            Event().wait(wished)
            waited += wished
        return answer

    def _once(self, method: str, path: str, auth: httpx.Auth | None, more: dict[str, Any]) -> _Answer:
        ends = time.monotonic() + LONGEST  # a span, not a time of day
        body = bytearray()
        try:
            with self._client().stream(method, path, auth=auth, **more) as response:
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > self._largest:
                        return _Answer(trouble="answers with more than we read")
                    if time.monotonic() > ends:
                        return _Answer(trouble="does not come to the end of its answer")
                wait = _seconds(response.headers.get("retry-after", ""))
                return _Answer(status=response.status_code, body=bytes(body), wait=wait)
        except httpx.TransportError as error:
            return _Answer(trouble=f"does not answer ({type(error).__name__})", broken=True)
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:  # RuntimeError: closed meanwhile
            return _Answer(trouble=f"cannot be asked ({type(error).__name__})")

    def _weigh(self, answer: _Answer) -> Any | None:
        status, label = answer.status, self._label
        if answer.trouble:
            raise Unavailable(f"{label} {answer.trouble}")
        if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            return None
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise Unavailable(f"{label} refuses our credentials ({status}): see ONBOARDING_HRIS_ACCOUNTS")
        if 300 <= status < 400:  # noqa: PLR2004 -- the class of redirects, RFC 9110 section 15.4
            raise Unavailable(f"{label} sends us elsewhere ({status}): see the url in ONBOARDING_HRIS_ACCOUNTS")
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise Unavailable(f"{label} was asked too often ({status})")
        if not httpx.codes.is_success(status):
            raise Unavailable(f"{label} does not answer what we ask ({status})")
        if status == httpx.codes.NO_CONTENT:
            return {}
        return self._tree(answer.body)

    def _tree(self, body: bytes) -> Any:
        try:
            tree = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise Unavailable(f"{self._label} answers with something that is no JSON") from error
        if tree is None:
            raise Unavailable(f"{self._label} answers with nothing")
        return tree

    def _credentials(self, token: str) -> httpx.Auth | None:
        return _Bearer(token) if token else self._auth.fixed

    def _current_token(self) -> str:
        """The token we have, or a new one; "" where none is needed. Several threads ask for one only once."""
        if not self._auth.token_url:
            return ""
        with self._token_lock:
            if not self._token:
                self._token = self._new_token()
            return self._token

    def _forget(self, token: str) -> None:
        with self._token_lock:
            if self._token == token:  # else another thread was quicker
                self._token = ""

    def _new_token(self) -> str:
        """No clock is asked when a token ends: the vendor says so with 401, and a new one costs one question."""
        pair = httpx.BasicAuth(*self._auth.pair) if self._auth.pair else None
        answer = self._patiently("POST", self._auth.token_url, pair, {"data": dict(self._auth.form)})
        if answer.status == httpx.codes.BAD_REQUEST:  # RFC 6749 section 5.2: invalid_client and its kin
            raise Unavailable(f"{self._label} refuses our credentials (400): see ONBOARDING_HRIS_ACCOUNTS")
        tree = self._weigh(answer)
        token = tree.get("access_token") if isinstance(tree, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise Unavailable(f"{self._label} gives us no token")
        return token

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._opened is None:
                self._opened = httpx.Client(
                    base_url=self._base_url,
                    headers=self._headers,
                    timeout=self._timeout,
                    follow_redirects=False,
                    verify=self._base_url.startswith("https://") or self._auth.token_url.startswith("https://"),
                )
                weakref.finalize(self, self._opened.close)  # a source that is let go of keeps no connection
            return self._opened


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What came back: a status with its body, or a `trouble` in words; `wait` is what it asks for, in seconds."""

    status: int = 0
    body: bytes = field(default=b"", repr=False)
    wait: float | None = None
    trouble: str = ""
    broken: bool = False

    @property
    def can_heal(self) -> bool:
        server_error = self.status >= httpx.codes.INTERNAL_SERVER_ERROR
        return self.broken or server_error or self.status == httpx.codes.TOO_MANY_REQUESTS


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def segment(external_id: object, place: str) -> str:
    """What a source calls somebody, as one segment of a path: a whole number or a short text without signs.

    `place` names the field in the sentence when it is none: nobody leads us to another path of the vendor.

    Raises:
        BadRecord: it is missing or something else.
    """
    text = str(external_id) if isinstance(external_id, int | str) and not isinstance(external_id, bool) else ""
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}", text):
        raise BadRecord(f"{place} is missing or not an id")
    return text


def _seconds(text: str) -> float | None:
    """Retry-After in seconds (RFC 9110 section 10.2.3); a date counts as long, because no clock is asked here."""
    if not text:
        return None
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else _PATIENCE + 1


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
