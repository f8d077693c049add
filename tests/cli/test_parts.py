"""What must the parts of a running onboarding know?"""

from __future__ import annotations

from pathlib import Path

from onboarding.cli.parts import MOST_AT_ONCE, Ground, parts
from onboarding.web.limits import Limiter
from onboarding.web.site import SAVINGS

GROUND = Ground(home=Path("/nowhere"), port=8400, prefect_port=4200)


def test_only_prefects_own_page_may_call_the_server_from_a_browser() -> None:
    server, *_ = parts(GROUND)
    assert server.environment["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"


def test_no_prefect_process_sends_usage_figures() -> None:
    server, runner, _ = parts(GROUND)
    for part in (server, runner):
        assert part.environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert part.environment["DO_NOT_TRACK"] == "1"


def test_the_web_app_takes_only_so_many_connections_at_once_in_the_image_too() -> None:
    *_, web = parts(GROUND)
    assert web.command[web.command.index("--limit-concurrency") + 1] == MOST_AT_ONCE
    image = (Path(__file__).parents[2] / "deployments" / "Dockerfile").read_text("utf-8")
    assert f'"--limit-concurrency", "{MOST_AT_ONCE}"' in image


def test_one_network_at_its_busiest_leaves_room_at_the_web_app() -> None:
    assert SAVINGS + Limiter().burst < int(MOST_AT_ONCE)
