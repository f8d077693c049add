"""What does one step of a journey file say, and what is wrong with it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.domain import conditions
from onboarding.domain.conditions import ANY_FIELD, OF_ANSWERS, Allowed
from onboarding.domain.errors import BadWords
from onboarding.domain.fields import IN_CONDITIONS
from onboarding.domain.journey import EXCHANGE, NEXT, Count, Span, Step, Unit, Verb
from onboarding.domain.people import MATCHED_ROLES, Role
from onboarding.domain.tables import Table, unknown

COMMON_KEYS = ("key", "title", "day", "count", "at", "grace", "only_if", "weeks", "after")
"""The keys that every step may have, besides that of its verb."""

VERB_KEYS: dict[Verb, tuple[str, ...]] = {
    Verb.MATCH: ("how_many", "capacity", "other_department"),
    Verb.ASK: ("of", "remind_after", "closes_after", "optional", "needs", "waits_for", "declines_when", "silence"),
    Verb.WRITE: ("to", "notes_of", "without", "needs", "waits_for", "optional", "unless_met"),
    Verb.MEET: ("with", "within", "minutes", "without_common_hour"),
    Verb.WATCH: ("of", "tell", "when", "escalate_after"),
}
"""The keys that belong to one verb."""

NEVER = "never"
"""`remind_after = "never"`: an ask without a reminder."""

SKIP = "skip"
WITHOUT_AN_HOUR = (SKIP, EXCHANGE)
"""What becomes of a meeting of people who share no working hour."""

FIRST_DAY, LAST_DAY = -120, 400
LAST_WEEK = 60
WEEK_DAYS = 5

_SPAN = re.compile(r"(\d{1,4}) (hour|day|working day|week)s?")


def parse_span(text: str) -> Span:
    """Read a length of time such as `3 working days`.

    Raises:
        BadWords: naming the units, when it is none or when it is 0.
    """
    found = _SPAN.fullmatch(" ".join(text.split()))
    if not found or int(found[1]) == 0:
        units = ", ".join(Unit)
        raise BadWords(f'"{text}" is not a length of time; write a number and one of: {units}')
    return Span(count=int(found[1]), unit=Unit(f"{found[2]}s"))


@dataclass(slots=True, kw_only=True)
class StepReader(Table):
    """Reads one `[[step]]`, the `number`-th of its file; what is wrong is in `mistakes`."""

    number: int

    @property
    def place(self) -> str:
        """How mistakes call the step: its key, or its number when it has none."""
        key = self.table.get("key")
        return f'step "{key}"' if isinstance(key, str) and key else f"step number {self.number}"

    def step(self) -> Step | None:
        """The step, or None when it has no verb; whatever else is wrong is in `mistakes`."""
        key = self.name("key")
        title = self.text("title", required=True)
        verb = self.verb()
        if verb is None:
            return None
        self.refuse_other_keys(verb)
        common = {
            "day": self.day(),
            "count": Count(self.choice("count", list(Count)) or Count.WORKING),
            "at": self.moment("at"),
            "only_if": self.condition("only_if", {"hire": IN_CONDITIONS}),
            "weeks": self.weeks(),
            "after": self.text("after"),
        }
        if "grace" in self.table:
            common["grace"] = self.span("grace")
        self.refuse_contradictions(verb)
        return Step(key=key, title=title, verb=verb, **common, **self.of_verb(verb))  # type: ignore[arg-type]  # each reader returns what its field holds

    def verb(self) -> Verb | None:
        """Exactly one key is a verb."""
        found = [verb for verb in Verb if verb in self.table]
        if len(found) == 1:
            return found[0]
        what = f"has {' and '.join(found)}" if found else "has no verb"
        self.mistakes.append(f"{what}; exactly one of: {', '.join(Verb)}")
        self.refuse_other_keys(*found)
        return None

    def refuse_other_keys(self, *verbs: Verb) -> None:
        """Note each key that is unknown or belongs to another verb."""
        own = [*COMMON_KEYS, *verbs, *(key for verb in verbs or VERB_KEYS for key in VERB_KEYS[verb])]
        for key in self.table:
            owners = [verb for verb, keys in VERB_KEYS.items() if key in keys]
            if key in own or key in list(Verb):
                continue
            if owners:
                self.mistakes.append(f"{key} belongs to {' and '.join(owners)}, not to {verbs[0]}")
            else:
                self.mistakes.append(unknown(key, own))

    def of_verb(self, verb: Verb) -> dict[str, object]:
        """The subject, the roles and what only this verb has."""
        match verb:
            case Verb.MATCH:
                return self.of_match()
            case Verb.ASK:
                return self.of_ask()
            case Verb.WRITE:
                return self.of_write()
            case Verb.MEET:
                roles = self.roles("with", at_least=2)
                own = {"within": self.span("within")} if "within" in self.table else {}
                return {
                    "subject": self.name(verb),
                    "roles": roles,
                    "minutes": self.whole("minutes", 25, 5, 240),
                    "without_common_hour": self.choice("without_common_hour", WITHOUT_AN_HOUR) or SKIP,
                    **own,
                }
            case Verb.WATCH:
                return self.of_watch()

    def of_match(self) -> dict[str, object]:
        """A match chooses one of the roles that can be matched; its only recipient is the hire."""
        return {
            "subject": self.choice("match", sorted(MATCHED_ROLES)),
            "roles": (Role.HIRE,),
            "how_many": self.whole("how_many", 1, 1, 20),
            "capacity": self.whole("capacity", 2, 1, 50),
            "other_department": self.yes_no("other_department"),
        }

    def of_write(self) -> dict[str, object]:
        """A write goes to the people of some roles."""
        return {
            "subject": self.name("write"),
            "roles": self.roles("to"),
            "notes_of": self.text("notes_of"),
            "needs": self.roles("needs") if "needs" in self.table else (),
            "waits_for": self.text("waits_for"),
            "without": self.name("without") if "without" in self.table else SKIP,
            "optional": self.yes_no("optional"),
            "unless_met": self.span("unless_met") if "unless_met" in self.table else None,
        }

    def of_ask(self) -> dict[str, object]:
        """An ask goes to the people of one role."""
        roles = self.roles("of")
        if len(roles) > 1:
            self.mistakes.append("of is one role; write another step for another role")
        own: dict[str, object] = {}
        if self.table.get("remind_after") == NEVER:
            own["remind_after"] = None
        elif "remind_after" in self.table:
            own["remind_after"] = self.span("remind_after")
        if "closes_after" in self.table:
            own["closes_after"] = self.span("closes_after")
        declines = self.condition("declines_when", {"answer": ANY_FIELD})
        if declines and roles and roles[0] not in MATCHED_ROLES:
            self.mistakes.append(
                f"declines_when is for a role that is matched: {', '.join(sorted(MATCHED_ROLES))}"
            )
        return {
            "subject": self.name("ask"),
            "roles": roles,
            "optional": self.yes_no("optional"),
            "needs": self.roles("needs") if "needs" in self.table else (),
            "waits_for": self.text("waits_for"),
            "declines_when": declines,
            "silence": self.silence(roles),
            **own,
        }

    def silence(self, roles: Sequence[Role]) -> str:
        """What becomes of whoever does not answer; only somebody who was matched can give way."""
        given = self.choice("silence", ("keep", NEXT)) or "keep"
        if given == NEXT and roles and roles[0] not in MATCHED_ROLES:
            self.mistakes.append(
                f'silence = "{NEXT}" is for a role that is matched: {", ".join(sorted(MATCHED_ROLES))}'
            )
        return given

    def of_watch(self) -> dict[str, object]:
        """A watch looks at another step; which names its condition may use depends on that step's verb."""
        of_steps: Allowed = dict.fromkeys(("answered", "met", "missed", "overdue"))
        allowed: Allowed = {**OF_ANSWERS, "hire": IN_CONDITIONS, **of_steps}
        when = self.condition("when", allowed)
        if not self.table.get("when"):
            self.mistakes.append('when is missing, such as when = "not answered"')
        roles = self.roles("tell")
        if "escalate_after" in self.table and roles and Role.HR not in roles:
            self.mistakes.append('escalate_after is for a step that tells "hr": somebody there takes care of it')
        return {
            "subject": self.name("watch"),
            "roles": roles,
            "watches": self.text("of", required=True),
            "when": when,
            "escalate_after": self.span("escalate_after") if "escalate_after" in self.table else None,
        }

    def roles(self, key: str, at_least: int = 1) -> tuple[Role, ...]:
        """One role, or a list of roles."""
        value = self.table.get(key, [])
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or len(given) < at_least:
            what = "a role, or a list of roles" if at_least == 1 else f"a list of at least {at_least} roles"
            self.mistakes.append(f"{key} must be {what}: {', '.join(Role)}")
            return ()
        bad = [str(role) for role in given if role not in list(Role)]
        self.mistakes += [f"{key}: {unknown(role, list(Role))}" for role in bad]
        if len({str(role) for role in given}) < len(given):
            self.mistakes.append(f"{key} names a role twice")
        return tuple(dict.fromkeys(Role(role) for role in given if role in list(Role)))

    def day(self) -> int:
        """The day, never 0."""
        if "day" not in self.table:
            self.mistakes.append("day is missing; 1 is the first day, -5 is five working days before it")
            return 1
        day = self.whole("day", 1, FIRST_DAY, LAST_DAY)
        if day == 0:
            self.mistakes.append("day must not be 0; 1 is the first day, -1 the working day before it")
            return 1
        return day

    def weeks(self) -> tuple[int, ...]:
        """The weeks of the journey in which the step is repeated."""
        value = self.table.get("weeks", [])
        given = value if isinstance(value, list) else [value]
        if any(type(week) is not int or not 1 <= week <= LAST_WEEK for week in given) or (
            "weeks" in self.table and not given
        ):
            self.mistakes.append(f"weeks must be a list of numbers from 1 to {LAST_WEEK}, such as [2, 3, 4]")
            return ()
        return tuple(sorted(set(given)))

    def span(self, key: str) -> Span:
        """A length of time."""
        try:
            return parse_span(str(self.table[key]))
        except BadWords as error:
            self.mistakes += [f"{key}: {mistake}" for mistake in error.mistakes]
            return Span(count=1, unit=Unit.DAYS)

    def condition(self, key: str, allowed: Allowed) -> str:
        """A condition in its own words; "" when it is not given."""
        text = self.text(key)
        if text:
            try:
                conditions.parse(text, allowed)
            except BadWords as error:
                self.mistakes += [f"{key}: {mistake}" for mistake in error.mistakes]
        return text

    def refuse_contradictions(self, verb: Verb) -> None:
        """Note values that are fine alone but mean nothing together."""
        day = self.table.get("day")
        calendar = self.table.get("count") == Count.CALENDAR
        after, weeks = "after" in self.table, "weeks" in self.table
        if isinstance(day, int) and (after or weeks) and day < 0:
            self.mistakes.append(f"day must be 1 or more together with {'after' if after else 'weeks'}")
        if isinstance(day, int) and weeks and not after and day > WEEK_DAYS:
            self.mistakes.append(f"day is the working day inside the week, 1 to {WEEK_DAYS}, together with weeks")
        if calendar and (after or weeks):
            self.mistakes.append(f'count = "calendar" means nothing together with {"after" if after else "weeks"}')
        if verb is Verb.WRITE and "without" in self.table and "notes_of" not in self.table:
            self.mistakes.append("without means nothing unless notes_of is there")
