"""Does whoever sets up the proxy learn every address that the world needs, and does no log keep its secrets?"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from onboarding.web.application import ROUTERS, hide_tokens
from onboarding.web.desk import router as desk

ROOT = Path(__file__).parents[2]
HERE_ONLY = {"/metrics", *(route.path for route in desk.routes if isinstance(route, APIRoute))}

PATHS = sorted(
    {route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)} - HERE_ONLY
)


def test_deployments_name_each_address_that_a_proxy_must_forward_and_no_other() -> None:
    text = (ROOT / "deployments" / "README.md").read_text()
    told = re.search(r"Forward only (.*?):", text, re.DOTALL)
    assert told is not None
    assert set(re.findall(r"`(/\w+)`", told[1])) == {"/" + path.split("/")[1] for path in PATHS}


@pytest.mark.parametrize("path", [path for path in PATHS if "{token}" in path])
def test_the_access_log_keeps_no_token(path: str) -> None:
    said = path.replace("{token}", "s3cret").replace("{", "").replace("}", "")
    entry = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, "%s", (said,), None)
    hide_tokens(entry)
    assert "s3cret" not in entry.getMessage()
