"""Which canonical record do the paths of a declaration find in a message? Each field with where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onboarding.adapters.sources.declared import dates
from onboarding.adapters.sources.declared.paths import ABSENT, Trees, find, text_of
from onboarding.adapters.sources.declared.values import Declaration
from onboarding.adapters.sources.places import Places, country_code
from onboarding.domain.events import Told
from onboarding.domain.record import KEPT

NO_ZONE = (
    "time_zone is missing: map it under [person], give one under [defaults], or name the zone of the office in "
    "ONBOARDING_OFFICE_ZONES"
)

_LISTS = ("interests", "languages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One field: its value ("" or null where there is none), and where it came from, in words."""

    field: str
    value: Any
    origin: str


@dataclass(slots=True, kw_only=True)
class Draft:
    """The fields of one person as they are found, and what is wrong with them: field -> sentence."""

    found: dict[str, Found] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: str) -> None:
        """Set a field."""
        self.found[name] = Found(field=name, value=value, origin=origin)

    def value(self, name: str) -> Any:
        """The value of a field; None when there is none."""
        return self.found[name].value if name in self.found else None

    def blank(self, name: str) -> bool:
        """Whether a field has no value yet."""
        return self.value(name) in (None, "")


def draft(declaration: Declaration, trees: Trees, told: Told, places: Places) -> Draft:
    """What the message says of the person. An update holds what is there, null for what is taken away."""
    made = Draft()
    for name, spots in declaration.person.items():
        value, spot = find(trees, spots)
        if value is ABSENT or (value is None and told is Told.UPDATED and name in KEPT):
            continue
        _put_mapped(made, declaration, name, value, str(spot))
    _split_full_name(made)
    _name_country(made)
    if told is not Told.UPDATED:
        for name, default in declaration.defaults.items():
            if made.blank(name) and name not in made.mistakes and name != "time_zone":
                made.put(name, default, "the default")
    _derive_zone(made, declaration, told, places)
    return made


def record_of(made: Draft, told: Told) -> dict[str, object]:
    """The canonical record without `id`; what is null is left out, but in an update."""
    fields = {
        name: one.value
        for name, one in made.found.items()
        if name not in ("full_name", "manager", "offices")
        and name not in made.mistakes
        and (one.value is not None or told is Told.UPDATED)
    }
    return nested(fields)


def nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The record of flat fields: working hours are a pair, interests and languages are lists."""
    found = {name: value for name, value in fields.items() if not name.startswith("working_hours_")}
    hours = {end: fields[f"working_hours_{end}"] for end in ("start", "end") if fields.get(f"working_hours_{end}")}
    if hours:
        found["working_hours"] = hours
    for name in _LISTS:
        if isinstance(found.get(name), str):
            parts = [part.strip() for part in found[name].replace(",", ";").split(";")]
            found[name] = [part for part in parts if part]
    return found


def _put_mapped(made: Draft, declaration: Declaration, name: str, value: Any, origin: str) -> None:
    """A field as it is written: in our words where the declaration maps it, numbers as text, dates as days."""
    words = declaration.values.get(name, {})
    said = words.get(text_of(value).strip().casefold()) if words else None
    if said is not None:
        made.put(name, said, f"{origin}, in our words")
    elif name == "start_date" and value is not None:
        written = declaration.dates.start_date
        try:
            made.put(name, dates.day(value, written, declaration.dates.zone), origin)
        except ValueError as error:
            made.put(name, value, origin)
            made.mistakes[name] = f"{name} {error} ({origin})"
    elif name == "offices" and isinstance(value, list):
        made.put(name, ", ".join(text_of(one) for one in value), origin)
    else:
        made.put(name, text_of(value) if isinstance(value, bool | int | float) else value, origin)


def _split_full_name(made: Draft) -> None:
    """`Reyes, Amihan` or `Amihan Reyes`: a name in one text, where the system has no other."""
    full = made.value("full_name")
    if not isinstance(full, str) or not full.strip() or not made.blank("first_name"):
        return
    origin = f"{made.found['full_name'].origin}, split"
    before, comma, after = full.partition(",")
    first, _, last = full.strip().partition(" ")
    if comma and after.strip():
        first, last = after.strip(), before.strip()
    made.put("first_name", first.strip(), origin)
    if made.blank("last_name") and last.strip():
        made.put("last_name", last.strip(), origin)


def _name_country(made: Draft) -> None:
    """`Philippines` and `PHL` are PH; anything else stays, and is refused as a country."""
    if code := country_code(made.value("country")):
        found = made.found["country"]
        origin = found.origin if found.value == code else f"{found.origin}, as a code"
        made.put("country", code, origin)


def _derive_zone(made: Draft, declaration: Declaration, told: Told, places: Places) -> None:
    """The zone that nobody gave: of the office, of a country with one zone, or the default.

    An update leaves the zone alone where the system has a field for it: it may have been given there.
    """
    if not made.blank("time_zone") or (told is Told.UPDATED and "time_zone" in declaration.person):
        return
    offices = [text for name in ("offices", "location") if isinstance(text := made.value(name), str)]
    listed = [office.strip() for text in offices for office in (text, *text.split(","))]
    country = made.value("country")
    if zone := places.zone(offices=listed):
        made.put("time_zone", zone, "the zone of the office")
    elif isinstance(country, str) and (zone := places.zone(offices=listed, country=country)):
        made.put("time_zone", zone, f"the only zone of {country}")
    elif told is not Told.UPDATED and (default := declaration.defaults.get("time_zone")):
        made.put("time_zone", default, "the default")
    elif told is not Told.UPDATED:
        made.mistakes["time_zone"] = NO_ZONE
