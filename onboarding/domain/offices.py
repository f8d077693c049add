"""What has HR said of the days of each office, and which of it holds for whom?"""

from __future__ import annotations

from dataclasses import dataclass, field

from onboarding.domain.calendars import Calendar
from onboarding.domain.office_days import NO_OFFICE, OfficeDays, OfficeRules
from onboarding.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A place, and its rules. What is "" is left open, so that an office that names no place is everybody's."""

    location: str = ""
    country: str = ""
    subdivision: str = ""
    rules: OfficeRules

    @property
    def narrow(self) -> tuple[bool, bool, bool]:
        """How narrow the place is: a location more than a part of a country, and that more than a country."""
        return bool(self.location), bool(self.subdivision), bool(self.country)

    def holds_for(self, person: Person) -> bool:
        """Whether somebody works there."""
        return (
            (not self.location or self.location.casefold() == person.location.strip().casefold())
            and (not self.country or self.country == person.country)
            and (not self.subdivision or self.subdivision == person.subdivision)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """The offices of a company. They travel with whatever asks for calendars; without any, countries decide."""

    offices: tuple[Office, ...] = ()
    _found: dict[tuple[str, str, str], OfficeDays] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def days_of(self, person: Person) -> OfficeDays:
        """What is said of the place of somebody; the narrowest place comes first."""
        if not self.offices:
            return NO_OFFICE
        place = (person.location, person.country, person.subdivision)
        if place not in self._found:
            theirs = [one for one in self.offices if one.holds_for(person)]
            theirs.sort(key=lambda one: one.narrow, reverse=True)
            self._found[place] = OfficeDays(rules=tuple(one.rules for one in theirs))
        return self._found[place]

    def calendar_of(self, person: Person) -> Calendar:
        """The calendar of somebody, with the days of their office.

        Raises:
            BadRecord: when the time zone is no IANA name.
        """
        return Calendar.of(person, self.days_of(person))


NO_OFFICES = Offices()
