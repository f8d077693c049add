"""Why does somebody suit a hire, and why does nobody? In one sentence, without figures of our own making."""

from __future__ import annotations

from collections import Counter
from datetime import date

from onboarding.domain.alike import craft, different, hours_together, likings, same, shared_minutes, tongues
from onboarding.domain.candidates import SAID, Colleague, Need, Rule, Wanted
from onboarding.domain.matching_weights import COUNTED_HOURS, COUNTED_INTERESTS, COUNTED_YEARS
from onboarding.domain.people import Person

PARTS = 4
"""More parts of a sentence than these nobody reads."""

YEAR = 365


def points(need: Need, colleague: Colleague, wanted: Wanted) -> list[tuple[int, str]]:
    """What speaks for somebody, each with its points; their load is not among it."""
    weights, hire, person = wanted.weights, need.hire, colleague.person
    allowed = shared_minutes(hire, person, need.day, need.preferences, colleague.preferences)
    hours, more = hours_together(shared_minutes(hire, person, need.day), allowed)
    by_leave = f"{counted(more, 'common hour')} with what they allow" if more else ""
    theirs = likings(person)
    liked = [written for interest, written in likings(hire).items() if interest in theirs]
    years = _years(person.start_date, need.day)
    speaks = bool(tongues(hire, need.preferences) & tongues(person, colleague.preferences))
    department, team = (hire.department, person.department), (hire.team, person.team)
    return [
        (
            weights.shared_hour * min(hours or bool(more), COUNTED_HOURS),
            by_leave or counted(hours, "common working hour"),
        ),
        (weights.language * speaks, "the same language"),
        (weights.interest * min(len(liked), COUNTED_INTERESTS), f"both like {' and '.join(liked[:2])}"),
        (weights.same_department * same(*department), "the same department"),
        (weights.other_department * different(*department), "another department"),
        (weights.same_team * same(*team), "the same team"),
        (weights.other_team * different(*team), "another team"),
        (weights.same_location * same(hire.location, person.location), f"also in {person.location.strip()}"),
        (weights.same_craft * same(craft(hire), craft(person)), "the same work"),
        (weights.tenure_year * years, f"{counted(years, 'year')} or more with the company"),
        (weights.stay * (person.id in need.chosen), ""),
        (-_mixed(need, person, wanted), ""),
    ]


def _mixed(need: Need, person: Person, wanted: Wanted) -> int:
    """What is taken away for those of the same department or team who were chosen for the hire already."""
    alike = sum(
        same(one.department, person.department) + same(one.team, person.team)
        for one in need.beside
        if one.id != person.id
    )
    return wanted.weights.mixed * alike


def speaks_for(need: Need, colleague: Colleague, wanted: Wanted) -> str:
    """One sentence on why somebody suits a hire: what weighs most comes first."""
    found = sorted(points(need, colleague, wanted), key=lambda part: -part[0])
    return ", ".join([words for worth, words in found if worth and words][:PARTS]) or "is free to help"


def nobody_because(role: str, ruled_out: Counter[Rule]) -> str:
    """One sentence on why a hire has nobody, from how many people each rule took away.

    People whom no rule took away had room for fewer newcomers than wanted them.
    """
    title = role.replace("_", " ")
    could = ruled_out[Rule.MAY]
    counts = sorted((-count, rule) for rule, count in ruled_out.items() if rule in SAID and count)
    if not counts and not could:
        return f"nobody can be {title}: the directory holds no other people"
    parts = [_part(-count, rule, first=not place and not could) for place, (count, rule) in enumerate(counts)]
    if could:
        who = "the one colleague who could be is" if could == 1 else f"the {could} colleagues who could be are"
        parts.insert(0, f"{who} needed by other newcomers")
    rest = sum(-count for count, _ in counts[PARTS:])
    said = ", ".join(parts[:PARTS]) + (f", and {rest} for other reasons" if rest else "")
    return f"nobody {'is left to' if could else 'can'} be {title}: {said}"


def _part(count: int, rule: Rule, *, first: bool) -> str:
    one, many = SAID[rule]
    noun = (" colleague" if count == 1 else " colleagues") if first else ""
    return f"{count}{noun} {one if count == 1 else many}"


def _years(start: date | None, day: date) -> int:
    """Full years with the company, up to those that count; of an unknown start nothing is claimed."""
    return 0 if start is None else max(0, min((day - start).days // YEAR, COUNTED_YEARS))


def counted(number: int, noun: str) -> str:
    """Such as "1 round" or "3 rounds"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
