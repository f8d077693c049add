"""Does a request come from this very machine, with nobody in between?"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request

from onboarding.domain.errors import NotFound
from onboarding.web.saving import is_saving
from onboarding.web.site import TheSite

FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "x-original-host",
    "cf-connecting-ip",
    "true-client-ip",
)
"""A request with one of these came through a proxy: its loopback address is the proxy's."""


def is_local(request: Request) -> bool:
    """True when client address and Host are loopback and no proxy stands in between.

    The Host header counts too: a page elsewhere can point its own name at 127.0.0.1 (DNS rebinding).
    """
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    hosts = request.headers.getlist("host")
    return len(hosts) == 1 and _is_loopback(request.client.host) and is_loopback_host(hosts[0])


def is_loopback_host(host: str) -> bool:
    """True for `localhost`, `127.0.0.1:8400`, `[::1]:8400` and their like."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def desk_only(request: Request, site: TheSite) -> None:
    """Let a request for a desk page through.

    Raises:
        NotFound: for everybody else: the page does not exist for them.
    """
    if not (site.desk and is_local(request)):
        raise NotFound("the desk is shown on this machine only")


def limited(request: Request, site: TheSite) -> None:
    """Count a visit to a page behind a link; this machine itself is not counted.

    What is saved while somebody writes is counted apart: it does not use up the visit with which they send it.

    Raises:
        TooMany: when the caller's network asks too often.
    """
    if not is_local(request):
        site.proxies.look(request)
        limiter = site.savings if is_saving(request) else site.limiter
        limiter.admit(request.client.host if request.client else "")
