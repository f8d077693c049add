"""Whom does HR name to be told of a newcomer?"""

from __future__ import annotations

from onboarding.adapters.words.files import toml
from onboarding.domain.people_team import PeopleTeam
from onboarding.domain.people_team_file import read_people_team

PEOPLE_TEAM_FILE = "people_team.toml"


def read_named(name: str, text: str) -> PeopleTeam:
    """Read `people_team.toml`.

    Raises:
        BadWords: with every mistake.
    """
    return read_people_team(name, toml(name, text))
