"""What must the parts of a running onboarding know?"""

from __future__ import annotations

from pathlib import Path

from onboarding.cli.parts import Ground, parts

GROUND = Ground(home=Path("/nowhere"), port=8400, prefect_port=4200)


def test_only_prefects_own_page_may_call_the_server_from_a_browser() -> None:
    server, *_ = parts(GROUND)
    assert server.environment["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"


def test_no_prefect_process_sends_usage_figures() -> None:
    server, runner, _ = parts(GROUND)
    for part in (server, runner):
        assert part.environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert part.environment["DO_NOT_TRACK"] == "1"
