"""An identity provider in front of a site: it sends what Okta and Entra send, and reads what they read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from httpx2 import Response

from onboarding.adapters.sources.scim import ScimSource
from onboarding.domain.events import Event
from onboarding.domain.scim.agreement import Scim
from onboarding.domain.scim.schema import CORE
from onboarding.ports import Store
from tests.sites import ELSEWHERE, Site, site

TOKEN = "a-token-that-only-tests-know"
ACME = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"
SCIM = Scim(tokens=(TOKEN, "the-token-of-last-year"), start_date=f"{ACME}:startDate")
USERS = "/scim/v2/Users"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Speaks SCIM with a site."""

    site: Site

    def ask(self, method: str, path: str, tree: Any = None, **more: Any) -> Response:
        """One request, with the token unless `headers` say otherwise."""
        headers = {"Authorization": f"Bearer {TOKEN}", **more.pop("headers", {})}
        if tree is not None:
            headers.setdefault("Content-Type", "application/scim+json")
            more["content"] = json.dumps(tree)
        answer: Response = self.site.browser.request(method, path, headers=headers, **more)
        return answer

    def post(self, user_name: str = "ada@example.com", **more: Any) -> dict[str, Any]:
        """Make an account; returns its resource."""
        answer = self.ask("POST", USERS, {"schemas": [CORE], "userName": user_name, **more})
        assert answer.status_code == 201, answer.text
        return seen(answer)

    def patch(self, account_id: str, *operations: dict[str, Any]) -> dict[str, Any]:
        """Change an account; returns its resource."""
        tree = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}
        answer = self.ask("PATCH", f"{USERS}/{account_id}", tree)
        assert answer.status_code == 200, answer.text
        return seen(answer)

    def find(self, asked: str = "", **more: Any) -> dict[str, Any]:
        """Look for accounts; returns the list."""
        answer = self.ask("GET", USERS, params={"filter": asked, **more} if asked else more)
        assert answer.status_code == 200, answer.text
        return seen(answer)

    def told(self) -> list[Event]:
        """The events that came of it, oldest first."""
        with self.site.world.engine.store.read() as books:
            return sorted(books.events.find(source="scim", limit=10_000), key=lambda one: one.received_at)

    def bodies(self) -> list[dict[str, Any]]:
        """What these events say."""
        return [json.loads(event.body) for event in self.told()]


@contextmanager
def provider(scim: Scim | None = SCIM, store: Store | None = None) -> Iterator[Provider]:
    """An identity provider, somewhere in the world, in front of a fresh site."""
    sources = {ScimSource.name: ScimSource(scim)} if scim else {}
    with site(client=ELSEWHERE, host="onboarding.example.com", store=store, sources=sources) as here:
        object.__setattr__(here.world.engine, "scim", scim)
        yield Provider(site=here)


def seen(answer: Response) -> dict[str, Any]:
    """The body of an answer, which must be SCIM."""
    assert answer.headers["content-type"] == "application/scim+json"
    tree: dict[str, Any] = answer.json()
    assert tree["schemas"]
    return tree


def refusal(answer: Response) -> tuple[int, str]:
    """The status and the keyword of a refusal, which must look as RFC 7644 section 3.12 wants it."""
    tree = seen(answer)
    assert tree["schemas"] == [ERROR]
    assert tree["status"] == str(answer.status_code)
    assert tree["detail"]
    return answer.status_code, tree.get("scimType", "")
