"""Does a proxy stand in front that the server does not believe, so that the whole world is one network?"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from fastapi import Request

log = logging.getLogger(__name__)

SENT_BY = "x-forwarded-for"
"""For whom a proxy asks. Uvicorn puts that address in the place of the proxy's, when the proxy is one of
`FORWARDED_ALLOW_IPS` (https://www.uvicorn.org/settings/#http, `--forwarded-allow-ips`)."""


@dataclass(slots=True)
class Proxies:
    """Tells the log once of a proxy that is not believed: its visitors share one bucket of visits."""

    told: bool = False

    def look(self, request: Request) -> None:
        """Look at the first requests, until there was something to tell.

        Of a request by a proxy that is believed the client is one of those that the header names.
        """
        named = ", ".join(request.headers.getlist(SENT_BY))
        if self.told or not named or request.client is None or request.client.host in named:
            return
        self.told = True
        log.warning(
            "proxy.not_trusted: %s says for whom it asks and is not believed, so all its visitors share one limit."
            " If it is your proxy, name it in FORWARDED_ALLOW_IPS (deployments/README.md).",
            request.client.host,
        )
