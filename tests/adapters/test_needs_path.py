"""Does every HR system say whether a secret end of its address must prove the sender?"""

from __future__ import annotations

from onboarding.adapters import sources
from onboarding.ports import Source

ALL = {name: kind for name, kind in vars(sources).items() if name.endswith("Source")}


def test_every_source_says_whether_it_needs_a_secret_end_of_its_address() -> None:
    assert "needs_path" in Source.__annotations__
    silent = [name for name, kind in ALL.items() if "needs_path" not in vars(kind)]
    assert silent == []
    assert {name for name, kind in ALL.items() if getattr(kind, "needs_path", False)} == {
        "GustoSource",
        "PersonioSource",
    }
