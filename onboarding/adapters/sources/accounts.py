"""Which account do we ask an HR system back with?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from onboarding.domain.errors import BadSettings

PLACE = "ONBOARDING_HRIS_ACCOUNTS"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def read_account(
    source: str, account: Mapping[str, str], needs: Iterable[str], may: Iterable[str] = ()
) -> dict[str, str]:
    """The account of a source, its values without space around them; `url` may always be given.

    Raises:
        BadSettings: a key is missing, empty or not known, or `url` is no address; every problem at once.
    """
    needs, found = tuple(needs), {key: value.strip() for key, value in account.items()}
    known = (*needs, *may, "url")
    problems = [f"{PLACE}: {source} needs the key {key}" for key in needs if not found.get(key)] + [
        f"{PLACE}: {source} has a key that is not known; known are: {', '.join(known)}"
    ] * bool(set(found) - set(known))
    if found.get("url") and not _fits(found["url"]):
        problems.append(f"{PLACE}: the url of {source} must be https:// and the name of a server")
    if problems:
        raise BadSettings(problems)
    return {key: value for key, value in found.items() if value}


def _fits(url: str) -> bool:
    """https, or http to this very machine, which a stand-in for the vendor needs."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and host in _LOOPBACK
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return bool(host) and bare and (parts.scheme == "https" or plain)
