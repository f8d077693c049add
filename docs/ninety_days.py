"""What do the ninety days look like? `python docs/ninety_days.py` draws the shipped journey."""  # noqa: INP001 -- a script

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from pathlib import Path

from onboarding.adapters.words import FolderWords
from onboarding.domain.cast import Cast
from onboarding.domain.facts import Facts
from onboarding.domain.journey import REMINDER, Journey, Verb
from onboarding.domain.people import Hire, Person, Role
from onboarding.domain.plan import plan
from onboarding.paths import shipped_templates

PICTURE = Path(__file__).with_name("ninety-days.svg")
MONDAY = datetime(2029, 10, 1, tzinfo=UTC)
"""The first day of the picture: a Monday, for somebody without public holidays."""

WIDTH, TOP, LANE, LEFT = 1140, 98, 66, 132
APART = 17
"""The least distance of two marks in a lane."""

STOPS = ((-15, LEFT), (0, 312), (7, 592), (28, 806), (107, WIDTH - 14))
"""Where a day (0 is the first) lies: near the first day there is most to show, so days are wider there."""

PHASES = ((-15, "Before the first day"), (0, "First week"), (7, "Weeks 2 to 4"), (28, "Until day 90"))

TICKS = ((-14, "day -10"), (0, "day 1"), (4, "day 5"), (30, "day 30"), (60, "day 60"), (90, "day 90"))

LANES: tuple[tuple[str, frozenset[Role]], ...] = (
    ("Newcomer", frozenset({Role.HIRE})),
    ("Buddy", frozenset({Role.BUDDY})),
    ("Colleagues", frozenset({Role.PEER, Role.PARTNER, Role.WORK_PARTNER})),
    ("Mentor", frozenset({Role.MENTOR})),
    ("Manager", frozenset({Role.MANAGER})),
    ("People team, IT", frozenset({Role.HR, Role.IT})),
)

CAPTIONS = {
    (0, "profile"): "first questions",
    (0, "welcome_card"): "card",
    (0, "channels"): "channels",
    (0, "first_week"): "first week?",
    (0, "check_in_30"): "30 days?",
    (0, "check_in_60"): "60 days?",
    (0, "check_in_90"): "90 days?",
    (1, "buddy"): "chosen, asked, a guide",
    (1, "buddy_introduction"): "introduction, coffee",
    (1, "buddy_week_1"): "ideas: weeks 1, 2, 4, 8",
    (1, "buddy_coffee"): "coffee in weeks 6, 9, 12",
    (1, "buddy_thanks"): "thanks",
    (2, "welcome_notes"): "their own words",
    (2, "partner_coffee"): "coffee across departments",
    (3, "mentor"): "chosen, asked, introduced, first talk",
    (4, "manager_tasks"): "lists",
    (4, "first_item"): "first work?",
    (4, "talk_30"): "with a yes: summary, talk",
    (5, "it_list"): "IT's list",
    (5, "buddy_silent"): "silence?",
    (5, "low_first_week"): "low answer?",
    (5, "low_30"): "low answer? silence?",
}
"""What stands below the first mark of a step in a lane."""

WORDS = {
    Verb.MATCH: "somebody is chosen",
    Verb.ASK: "a question",
    Verb.WRITE: "a letter",
    Verb.MEET: "a meeting",
    Verb.WATCH: "a human is told, when needed",
}

STYLE = """
  svg { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
  .page { fill: #ffffff; stroke: #d0d7de; } .band { fill: #f3f6f9; } .line { stroke: #c4ccd4; }
  text { fill: #1f2328; } .quiet { fill: #57606a; font-size: 12px; } .who { font-weight: 600; }
  .title { font-size: 17px; font-weight: 600; } .match { fill: #8250df; } .ask { fill: #bc4c00; }
  .write { fill: #0969da; } .meet { fill: #1a7f37; } .watch { fill: none; stroke: #cf222e; stroke-width: 2.4; }
  .together { stroke: #1a7f37; stroke-width: 1.6; opacity: .45; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #30363d; } .band { fill: #161b22; } .line { stroke: #3d444d; }
    text { fill: #e6edf3; } .quiet { fill: #9da7b1; } .match { fill: #bc8cff; } .ask { fill: #f0883e; }
    .write { fill: #58a6ff; } .meet { fill: #3fb950; } .watch { stroke: #ff7b72; } .together { stroke: #3fb950; }
  }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step in one lane; `x` is where it lies."""

    lane: int
    step: str
    occasion: str
    verb: Verb
    title: str
    x: float


def main() -> None:
    """Write the picture."""
    journey = FolderWords(shipped_templates()).journey("remote")
    PICTURE.write_text(draw(journey), encoding="utf-8")


def draw(journey: Journey) -> str:
    """The picture as SVG."""
    rows = marks(journey)
    missing = set(CAPTIONS) - {(one.lane, one.step) for one in rows}
    if missing:
        raise ValueError(f"the journey has no such steps to write below: {sorted(missing)}")
    height = TOP + LANE * len(LANES) + 52
    parts = [*_ground(height), *_together(rows), *map(_shape, rows), *_captions(rows), *_legend(height)]
    box = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-labelledby="title desc">',
            '<title id="title">The first ninety days of somebody who works remotely</title>',
            f'<desc id="desc">{_story(journey)}</desc>',
            f"<style>{STYLE}\n</style>",
            *parts,
            "</svg>\n",
        )
    )


def marks(journey: Journey) -> list[Mark]:
    """Every step of the journey's own plan, once a lane, at least `APART` from its neighbours.

    A step stands at one place in all its lanes, so that those who meet are seen to meet.
    """
    found: list[Mark] = []
    right = [0.0] * len(LANES)
    wishes = [one for one in plan(journey, _facts()) if not one.occasion.endswith(REMINDER)]
    first = {(one.step, one.occasion): one.due_at for one in sorted(wishes, key=lambda one: one.due_at)[::-1]}
    for (key, occasion), due_at in sorted(first.items(), key=lambda item: item[1]):
        step = journey.step(key)
        if step is None:
            continue
        roles = (Role(step.subject),) if step.verb is Verb.MATCH else step.roles
        lanes = sorted({_lane(role) for role in roles})
        x = max(_x((due_at - MONDAY).total_seconds() / 86400), *(right[lane] + APART for lane in lanes))
        for lane in lanes:
            right[lane] = x
            found.append(Mark(lane=lane, step=key, occasion=occasion, verb=step.verb, title=step.title, x=x))
    return found


def _lane(role: Role) -> int:
    return next(number for number, (_, roles) in enumerate(LANES) if role in roles)


def _facts() -> Facts:
    """A newcomer for whom every role is filled."""
    people = {role.value: Person(id=role, first_name=role.value) for role in Role}
    hire = Hire(
        id=Role.HIRE,
        source="picture",
        external_id=Role.HIRE,
        journey="remote",
        first_day=MONDAY.date(),
        enrolled_at=MONDAY,
        told_at=MONDAY,
    )
    newcomer = Person(id=Role.HIRE, first_name="hire", manager_id=Role.MANAGER)
    cast = Cast(people=people | {"hire": newcomer}, roles={(role, "once"): (role.value,) for role in Role})
    return Facts(hire=hire, person=newcomer, cast=cast)


def _x(day: float) -> float:
    for (start, left), (end, right) in pairwise(STOPS):
        if day <= end:
            return left + (day - start) * (right - left) / (end - start)
    return float(STOPS[-1][1])


def _y(lane: int) -> float:
    return TOP + LANE * lane + 24


def _ground(height: int) -> Iterator[str]:
    yield f'<rect class="page" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>'
    yield '<text class="title" x="18" y="32">Ninety days, and nobody has to remember</text>'
    for number, (day, name) in enumerate(PHASES):
        left, right = _x(day), float(STOPS[number + 1][1])
        if number % 2 == 0:
            yield f'<rect class="band" x="{left:.0f}" y="46" width="{right - left:.0f}" height="{height - 98}"/>'
        yield f'<text class="who" x="{left + 8:.0f}" y="66">{name}</text>'
    for day, name in TICKS:
        yield f'<text class="quiet" x="{_x(day) + 8:.0f}" y="84">{name}</text>'
    for lane, (name, _) in enumerate(LANES):
        yield f'<line class="line" x1="{LEFT}" x2="{WIDTH - 14}" y1="{_y(lane)}" y2="{_y(lane)}"/>'
        yield f'<text class="who" x="18" y="{_y(lane) + 5}">{name}</text>'


def _together(rows: list[Mark]) -> Iterator[str]:
    """A line between the people of each meeting."""
    meetings = [one for one in rows if one.verb is Verb.MEET]
    for newcomer in (one for one in meetings if one.lane == 0):
        same = [one.lane for one in meetings if (one.step, one.occasion) == (newcomer.step, newcomer.occasion)]
        ends = f'y1="{_y(0)}" y2="{_y(max(same))}"'
        yield f'<line class="together" x1="{newcomer.x:.1f}" x2="{newcomer.x:.1f}" {ends}/>'


def _shape(mark: Mark) -> str:
    return f"<g><title>{escape(mark.title)}</title>{_sign(mark.verb, mark.x, _y(mark.lane))}</g>"


def _sign(verb: Verb, x: float, y: float) -> str:
    """The sign of a verb; shapes differ too, for readers who do not tell colours apart."""
    shapes = {
        Verb.MATCH: f'<path class="match" d="M{x:.1f} {y - 8}l8 8l-8 8l-8-8z"/>',
        Verb.ASK: f'<path class="ask" d="M{x:.1f} {y - 8}l8 14h-16z"/>',
        Verb.WRITE: f'<rect class="write" x="{x - 7:.1f}" y="{y - 5.5}" width="14" height="11" rx="1.5"/>',
        Verb.MEET: f'<circle class="meet" cx="{x:.1f}" cy="{y}" r="7.5"/>',
        Verb.WATCH: f'<circle class="watch" cx="{x:.1f}" cy="{y}" r="6"/>',
    }
    return shapes[verb]


def _captions(rows: list[Mark]) -> Iterator[str]:
    for key, caption in CAPTIONS.items():
        mark = next(one for one in rows if (one.lane, one.step) == key)
        yield f'<text class="quiet" x="{mark.x - 8:.1f}" y="{_y(mark.lane) + 25}">{escape(caption)}</text>'


def _legend(height: int) -> Iterator[str]:
    x = 30.0
    for verb, words in WORDS.items():
        yield _sign(verb, x, height - 26)
        yield f'<text x="{x + 15:.0f}" y="{height - 21}"><tspan class="who">{verb}</tspan>: {words}</text>'
        x += 56 + 7.3 * (len(verb) + len(words))


def _story(journey: Journey) -> str:
    """The steps in words, for those who listen."""
    steps = "; ".join(step.title for step in journey.steps)
    lanes = ", ".join(name for name, _ in LANES)
    return escape(f"A timeline from day -10 to day 100 with a line for each of: {lanes}. The steps: {steps}.")


if __name__ == "__main__":
    main()
