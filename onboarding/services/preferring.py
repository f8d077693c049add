"""On which terms does somebody let themselves be matched, and what follows when they, or HR, change that?"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.choices import differences, follow, read_choices
from onboarding.domain.errors import BadRecord, Expired, NotFound
from onboarding.domain.free_busy import masked
from onboarding.domain.people import Person
from onboarding.domain.preferences import COFFEE, PROGRAMMES, Change, Preferences, Teller
from onboarding.domain.profile import link_ends
from onboarding.ports import Books
from onboarding.services import feeds, liked, profiles, round_members
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.kept_apart import Still, still
from onboarding.services.planning import replan_touched

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What we hold of somebody for matching; `today` is the date where they are.

    `silent` says that their coffee rounds are paused because they did not answer after three of them.
    `changed` names what a change made different, `history` every version, the oldest first, `link` is the address
    of their page, `way_out` the one where they leave everything, `feed` that of their calendar feed,
    `profile` that of what colleagues see about them. `calendar` is
    the masked address of a calendar of their own.
    """

    person: Person
    preferences: Preferences
    today: date
    silent: bool = False
    changed: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()
    link: str = ""
    way_out: str = ""
    feed: str = ""
    calendar: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """The hires whose plans changed, and what only a human can end, by a swap."""

    hires: list[str]
    still: tuple[Still, ...] = ()


def open_preferences(engine: Engine, token: str, now: datetime) -> Held:
    """What to show for a link; changes nothing.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the person is not known.
        Expired: the person has left.
    """
    with engine.store.read() as books:
        return _held(engine, books, _of_link(engine, books, token), now)


def choose(engine: Engine, token: str, sent: Mapping[str, Sequence[str]], now: datetime) -> Held:
    """Keep what somebody chose on their page, and let the plans follow.

    Raises:
        BadLink, NotFound, Expired: as `open_preferences`.
        BadAnswer: with one `domain.choices.Wrong` a field; nothing is kept.
    """
    with engine.store.begin() as books:
        books.preferences.hold()
        directory = Directory(books)
        person = _of_link(engine, books, token)
        chosen = read_choices(sent, person, Calendar.of(person).day_of(now))
        after, says = follow(chosen, person, directory.preferences_of(person.id))
        changed = keep(directory, after, says, by=Teller.PERSON, now=now)
        if changed:
            replan_touched(engine, books, directory, {person.id}, now)
            profiles.unlike(engine, books, person, after.shared.interests, now)
            liked.forget(books, after, person.likes)
        changed += _own_calendar(books, person, chosen.calendar, now)
        return replace(_held(engine, books, after, now), changed=changed)


def come_back(engine: Engine, token: str, now: datetime) -> Held:
    """Let somebody take part in coffee rounds again after their silence; changes nothing else.

    Raises:
        BadLink, NotFound, Expired: as `open_preferences`.
    """
    with engine.store.begin() as books:
        person = _of_link(engine, books, token)
        was_silent = round_members.come_back(books, person, books.preferences.get(person.id), now)
        log.info("coffee.back", extra={"person": person.id, "was_silent": was_silent})
        return replace(_held(engine, books, person, now), changed=("silent",) if was_silent else ())


def _own_calendar(books: Books, person: Person, address: str | None, now: datetime) -> tuple[str, ...]:
    """Keep or forget the address of somebody's own calendar, without versions: who knows it reads the calendar."""
    before = books.busy.addresses([person.id]).get(person.id, "")
    if address is None or address == before:
        return ()
    books.busy.set_address(person.id, address, now)
    log.info("calendar.address_changed", extra={"person": person.id, "kept": bool(address)})
    return ("calendar",)


def keep(
    directory: Directory, person: Person, preferences: Preferences, *, by: Teller, now: datetime
) -> tuple[str, ...]:
    """Write what is different from before, as a new version; returns its names. The caller plans again."""
    changed = _written(directory, person, preferences, by, now)
    if changed:
        log.info("preferences.changed", extra={"person": person.id, "by": by.value})
    return changed


def _written(
    directory: Directory, person: Person, preferences: Preferences, by: Teller, now: datetime
) -> tuple[str, ...]:
    before = directory.get(person.id) or person
    changed = differences(before, directory.preferences_of(person.id), person, preferences)
    if changed:
        if person.shared != before.shared:
            directory.share(person, now)
        directory.put(person)
        directory.prefer(person.id, preferences, by=by, fields=changed, now=now)
    return changed


def shown(engine: Engine, person_id: str, now: datetime) -> Held:
    """What is held of somebody, for HR: with their history, and what is confidential.

    Raises:
        NotFound: no such person.
    """
    with engine.store.read() as books:
        held = _held(engine, books, _known(Directory(books), person_id), now)
        return replace(held, history=tuple(books.preferences.history(person_id)))


def exclude(engine: Engine, one: str, other: str, now: datetime, *, apart: bool = True) -> Excluded:
    """Never match two people, in either direction; with `apart` False, let them be matched again.

    Raises:
        NotFound: one of them is not known.
        BadRecord: they are the same person.
    """
    if one == other:
        raise BadRecord("nobody can be kept apart from themselves: name two people")
    with engine.store.begin() as books:
        books.preferences.hold()
        directory = Directory(books)
        for near, far in ((one, other), (other, one)):
            person = _known(directory, near)
            said = directory.preferences_of(person.id)
            excluded = said.excluded | {far} if apart else said.excluded - {far}
            _written(directory, person, replace(said, excluded=excluded), Teller.HR, now)
        log.info("preferences.changed", extra={"by": Teller.HR.value})  # two ids together would tell the pair
        changed = replan_touched(engine, books, directory, {one, other}, now)
        held = still(books, now.date() - JOURNEY_LENGTH) if apart else []
        theirs = (each for each in held if {each.hire_id, each.person_id} == {one, other})
        return Excluded(hires=changed, still=tuple(theirs))


def pause(engine: Engine, person_id: str, until: date | None, now: datetime) -> list[str]:
    """Match somebody no more until a day on which they take part again; None ends a pause.

    Returns the hires whose plans changed.

    Raises:
        NotFound: no such person.
        BadRecord: the day is not in the future.
    """
    with engine.store.begin() as books:
        books.preferences.hold()
        directory = Directory(books)
        person = _known(directory, person_id)
        if until is not None and until <= Calendar.of(person).day_of(now):
            raise BadRecord("a pause must end in the future: name the day on which they take part again")
        says = replace(directory.preferences_of(person_id), paused_until=until)
        keep(directory, person, says, by=Teller.HR, now=now)
        return replan_touched(engine, books, directory, {person_id}, now)


def takes_part_in(held: Held) -> tuple[str, ...]:
    """The programmes in which somebody takes part, pauses aside, in the order in which they are shown."""
    said = held.preferences
    if held.person.opted_out:
        return ()
    return tuple(
        one for one in PROGRAMMES if one not in said.opted_out and (one != COFFEE or one in said.opted_in)
    )


def _held(engine: Engine, books: Books, person: Person, now: datetime) -> Held:
    said = books.preferences.get(person.id)
    return Held(
        person=person,
        preferences=said,
        silent=round_members.is_silent(books, person, said, now),
        today=Calendar.of(person).day_of(now),
        link=engine.links.preferences(person.id),
        way_out=engine.links.unsubscribe(person.id),
        feed=feeds.address(engine, books, person.id),
        profile=engine.links.profile(person.id, link_ends(now.date())),
        calendar=masked(books.busy.addresses([person.id]).get(person.id, "")),
    )


def _of_link(engine: Engine, books: Books, token: str) -> Person:
    person = books.people.get(engine.links.read_preferences(token))
    if person is None:
        raise NotFound("this person is not known any more")
    if not person.active:
        raise Expired("this person has left, so that nobody matches them")
    return person


def _known(directory: Directory, person_id: str) -> Person:
    person = directory.get(person_id)
    if person is None:
        raise NotFound(f"there is no person {person_id}; `onboarding people list` names them")
    return person
