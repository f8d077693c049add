"""Which plain values does a message get?"""

from __future__ import annotations

from datetime import datetime, time

from onboarding.domain.calendars import Calendar
from onboarding.domain.mail import Address
from onboarding.domain.people import Hire, Person, Role
from onboarding.domain.profile import link_ends
from onboarding.domain.wording import day_in_words
from onboarding.domain.words import Fields
from onboarding.services import photos
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.engine import Engine
from onboarding.services.situations import Situation

ROLES_IN_MESSAGES = (Role.MANAGER, Role.BUDDY, Role.PARTNER, Role.WORK_PARTNER, Role.MENTOR)


def person_fields(person: Person | None) -> dict[str, object]:
    """A person as a template sees them; every value is "" for nobody."""
    if person is None:
        blank = ("name", "first_name", "job_title", "location", "department", "email", "photo")
        return {**dict.fromkeys(blank, ""), "interests": []}
    return {
        "name": person.name,
        "first_name": person.called,
        "job_title": person.job_title,
        "location": person.location,
        "department": person.department,
        "email": person.work_email,
        "photo": photos.address(person),
        "interests": list(person.likes),
    }


def profile_link(engine: Engine, hire: Hire) -> str:
    """Where a newcomer sees what colleagues read about them, good until a year after their journey."""
    return engine.links.profile(hire.id, link_ends(hire.first_day + JOURNEY_LENGTH))


def base_fields(
    engine: Engine, seen: Situation, recipient: Person, language: str, occasion: str = "once"
) -> Fields:
    """The fields of every verb."""
    hire = seen.person
    fields: Fields = {
        "company": {"name": engine.company.name, "hr_email": engine.company.hr_email},
        "you": {"name": recipient.name, "first_name": recipient.called},
        "hire": {
            **person_fields(hire),
            "team": hire.team,
            "start_date": day_in_words(seen.hire.first_day, language),
        },
        "preferences_url": "",
        "profile_url": profile_link(engine, seen.hire) if recipient.id == hire.id else "",
        "exchange": {"others": "", "icebreaker": "", "again": False},
    }
    for role in ROLES_IN_MESSAGES:
        fields[role.value] = person_fields(seen.cast.first(role, occasion))
    return fields


def answer_fields(engine: Engine, meeting_id: str, person_id: str, *, cancelled: bool) -> dict[str, object]:
    """Where somebody answers an invitation; there is nothing to answer to a cancellation."""
    url = "" if cancelled else engine.links.meeting(meeting_id, person_id)
    parts = ("accept", "another", "decline")
    return {"answer_url": url, **{f"{part}_url": url and f"{url}#{part}" for part in parts}}


def address_of(hire: Hire, person: Person, now: datetime) -> Address:
    """Where to write: a hire's private address until the morning of the first day, then the work address.

    Raises:
        BadAddress: when there is none that can be written to.
    """
    before = person.id == hire.id and now < Calendar.of(person).moment(hire.first_day, time(0))
    email = (
        (person.personal_email or person.work_email) if before else (person.work_email or person.personal_email)
    )
    return Address(email=email, name=display_name(person.name))


def calendar_address(person: Person) -> Address:
    """Where invitations go, whatever the day: a meeting's updates must reach the address that was invited.

    Raises:
        BadAddress: when there is none that can be written to.
    """
    return Address(email=person.work_email or person.personal_email, name=display_name(person.name))


def display_name(name: str) -> str:
    """A name that is safe as a display name: no `@`, `;` or `,`, which services refuse or phishers use."""
    return " ".join(name.replace("@", " ").replace(";", " ").replace(",", " ").split())
