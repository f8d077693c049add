"""Which days does HR give to each office?"""

from __future__ import annotations

from onboarding.adapters.words.files import toml
from onboarding.domain.office_file import read_offices
from onboarding.domain.offices import Offices

OFFICES_FILE = "offices.toml"


def read_office_days(name: str, text: str) -> Offices:
    """Read `offices.toml`.

    Raises:
        BadWords: with every mistake.
    """
    return read_offices(name, toml(name, text))
