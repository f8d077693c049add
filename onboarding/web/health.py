"""Is the site alive, and can it work?"""

from __future__ import annotations

from fastapi import APIRouter

from onboarding.web.site import TheSite

router = APIRouter()


@router.get("/healthz")
def show_health() -> dict[str, str]:
    """The program lives; nothing else is asked."""
    return {"state": "alive"}


@router.get("/readyz")
def show_readiness(site: TheSite) -> dict[str, str]:
    """The store answers and its schema is the newest; 503 otherwise."""
    site.engine.store.ready()
    return {"state": "ready"}
