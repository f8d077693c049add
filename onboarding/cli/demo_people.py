"""How do the people of the sample company answer? Through the real pages behind the links in their mails.

Most answer at once, some only after the reminder, one never, one skips a coffee round, and IT forgets a laptop;
`templates/samples/answers.toml` says who and what.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Protocol

from onboarding.cli.demo_portraits import portrait
from onboarding.domain.errors import Refused
from onboarding.domain.forms import Ask
from onboarding.domain.journey import TAKE_CARE
from onboarding.services import answering, ticking
from onboarding.services.engine import Engine
from onboarding.services.profiles import PROFILE

SEE_OTHER = 303
"""A tick leads back to the list, a photo to the page of the profile."""

Answers = Mapping[str, str | int | list[str]]


class Page(Protocol):
    """What came back."""

    @property
    def text(self) -> str:
        """The HTML."""

    @property
    def status_code(self) -> int:
        """200 when all is well."""

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""


class Browser(Protocol):
    """Fetches pages and sends forms; an `httpx.Client` does."""

    def get(self, url: str, /) -> Page:
        """Fetch a page."""

    def post(
        self,
        url: str,
        /,
        *,
        data: Mapping[str, list[str]] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Page:
        """Send a form, or files of it as (name, content, type)."""


class People:
    """Everybody who gets a mail. `problems` collects what went wrong while they answered."""

    def __init__(self, engine: Engine, browser: Browser, outbox: Path, answers: Path) -> None:
        said = tomllib.loads(answers.read_text(encoding="utf-8"))
        self._engine = engine
        self._browser = browser
        self._outbox = outbox
        self._after_reminder = frozenset(said["behaviour"]["after_reminder"])
        self._never = frozenset(said["behaviour"]["never"])
        self._skips_coffee = frozenset(said["behaviour"]["skips_coffee"])
        self._forgets = {
            (one["list"], one["hire"], one["task"]): one["mails"] for one in said["behaviour"]["forgets"]
        }
        self._after_escalation = frozenset(said["behaviour"]["after_escalation"])
        self._prepared: dict[str, dict[str, Answers]] = said["form"]
        self._pools = {
            form: cycle(said[form].pop("pool")) for said in [said["form"]] for form in said if "pool" in said[form]
        }
        # One page may be linked twice, with either answer filled in: what follows "?" does not tell pages apart.
        self._link = re.compile(re.escape(engine.company.public_url) + r"/(?:ask|coffee)/[^\s<>\"()?]+")
        self._read: set[str] = set()
        self._asked: Counter[str] = Counter()
        self.problems: list[str] = []

    def read_mail(self, now: datetime) -> int:
        """Open every new mail, and answer what asks for an answer; returns how many answers were sent."""
        new = sorted(file.name for file in self._outbox.glob("*.eml") if file.name not in self._read)
        self._read.update(new)
        links = [link for name in new for link in self._links(self._outbox / name)]
        return sum(self._follow(link, now) for link in links)

    def _links(self, mail: Path) -> list[str]:
        message = BytesParser(policy=policy.default).parsebytes(mail.read_bytes())
        text = message.get_body(("plain",))
        found = self._link.findall(text.get_content()) if text else []
        return list(dict.fromkeys(one.partition("?")[0] for one in found))

    def _follow(self, link: str, now: datetime) -> bool:
        token = link.rpartition("/")[2]
        if "/coffee/" in link:
            day, person_id = self._engine.links.read_coffee(token)
            skips = person_id in self._skips_coffee
            return skips and self._send(link, {"choice": "skip"}, f"the coffee round of {day}")
        try:
            view = answering.open_ask(self._engine, token, now)
        except Refused as error:
            self.problems.append(f"a link that was just sent does not open: {error}")
            return False
        ask = view.ask
        self._asked[ask.id] += 1
        reminded = self._asked[ask.id] > 1
        slow = self._after_escalation if ask.form == TAKE_CARE else self._after_reminder
        who = ask.hire_id if ask.form == TAKE_CARE else ask.person_id
        if ask.person_id in self._never or (who in slow and not reminded):
            return False
        if view.form.tasks:
            return self._tick(link, ask, now)
        sent = self._send(link, self._words_of(ask), f"{ask.form} of {ask.hire_id}")
        if sent and ask.form == PROFILE:
            self._give_photo(ask.person_id, view.profile)
        return sent

    def _give_photo(self, person_id: str, page: str) -> None:
        """On the page on which newcomers see what colleagues read about them."""
        photo = portrait(person_id)
        if photo:
            answer = self._browser.post(f"{page}/photo", files={"photo": ("me.png", photo, "image/png")})
            if not (answer.is_success or answer.status_code == SEE_OTHER):
                self.problems.append(f"the photo of {person_id}: refused with {answer.status_code}")

    def _tick(self, link: str, ask: Ask, now: datetime) -> bool:
        """Tick what is due in these days; what somebody forgets, only after so many mails."""
        view = ticking.open_list(self._engine, link.rpartition("/")[2], now)
        near = [one.key for one in (*view.group(ticking.OVERDUE), *view.group(ticking.WEEK))]
        done = [one for one in near if self._asked[ask.id] > self._forgets.get((ask.form, ask.hire_id, one), 0)]
        for task in done:
            answer = self._browser.post(link, data={"list-task": [task], "list-done": ["yes"]})
            if not (answer.is_success or answer.status_code == SEE_OTHER):
                self.problems.append(f"{task} of {ask.form} of {ask.hire_id}: refused with {answer.status_code}")
        return bool(done)

    def _send(self, link: str, given: Answers, what: str) -> bool:
        """Open the page, fill in its fields, send it, and expect its thanks."""
        page = self._browser.get(link)
        fields = fields_of(page.text)
        filled, left_out = fill(fields, given)
        if not page.is_success or left_out:
            self.problems.append(f"{what}: page {page.status_code}, nowhere to write {left_out}")
            return False
        answer = self._browser.post(link, data=filled)
        if not answer.is_success:
            self.problems.append(f"{what}: the answer was refused with {answer.status_code}")
        return answer.is_success

    def _words_of(self, ask: Ask) -> Answers:
        prepared = self._prepared.get(ask.form, {})
        if ask.person_id in prepared:
            return prepared[ask.person_id]
        return next(self._pools[ask.form]) if ask.form in self._pools else prepared.get("default", {})


@dataclass(slots=True, kw_only=True)
class Field:
    """One field of a page; `options` are the values that can be chosen, empty where people write."""

    required: bool = False
    options: list[str] = field(default_factory=list)


def fill(fields: Mapping[str, Field], given: Answers) -> tuple[dict[str, list[str]], list[str]]:
    """What a browser would send, and the names of required fields and answers for which there is no place."""
    filled: dict[str, list[str]] = {}
    for name, value in given.items():
        values = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        place = fields.get(name)
        if place is not None and (not place.options or set(values) <= set(place.options)):
            filled[name] = values
    needed = {name for name, place in fields.items() if place.required} | set(given)
    return filled, sorted(needed - set(filled))


def fields_of(page: str) -> dict[str, Field]:
    """The fields of the form on a page, by name."""
    reader = _FormReader()
    reader.feed(page)
    reader.close()
    return reader.fields


class _FormReader(HTMLParser):
    """Collects inputs, lists to choose from and text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._list = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("input", "textarea", "select") and given.get("name"):
            place = self.fields.setdefault(given["name"], Field())
            place.required = place.required or "required" in given
            if given.get("type") in ("radio", "checkbox"):
                place.options.append(given.get("value", "on"))
            self._list = given["name"] if tag == "select" else self._list
        elif tag == "option" and self._list:
            self.fields[self._list].options.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._list = ""
