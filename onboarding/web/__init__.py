"""The web door: webhooks of HR systems, forms behind signed links, and HR's desk on loopback."""

from __future__ import annotations

from onboarding.web.application import app, create_app

__all__ = ["app", "create_app"]
