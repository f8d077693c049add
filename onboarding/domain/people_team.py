"""Whom has HR named to be told of a newcomer, and whom else when nobody takes care?"""

from __future__ import annotations

from dataclasses import dataclass

from onboarding.domain.people import Person, WorkingHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody of the People team: a person of the directory by `person_id`, or an address of its own.

    With an address, what is "" or None is as the company says of HR. The directory knows the rest of its people.
    """

    person_id: str = ""
    email: str = ""
    name: str = ""
    language: str = ""
    time_zone: str = ""
    country: str = ""
    subdivision: str = ""
    hours: WorkingHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """For which newcomers somebody is named; what is "" is left open. `second` is told when nobody takes care."""

    location: str = ""
    department: str = ""
    country: str = ""
    tell: Named
    second: Named | None = None

    def holds_for(self, newcomer: Person) -> bool:
        """Whether a newcomer belongs to it."""
        return all(
            not wanted or wanted.casefold() == theirs.strip().casefold()
            for wanted, theirs in (
                (self.location, newcomer.location),
                (self.department, newcomer.department),
                (self.country, newcomer.country),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTeam:
    """Everybody whom HR has named; without any it is the company's own address."""

    parts: tuple[Part, ...] = ()

    def part_of(self, newcomer: Person) -> Part | None:
        """The first part, in the order of the file, to which a newcomer belongs."""
        return next((one for one in self.parts if one.holds_for(newcomer)), None)


NO_TEAM = PeopleTeam()
