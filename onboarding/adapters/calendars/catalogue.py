"""Whose calendar is asked how? What `calendars.toml` in the home says, with every mistake at once.

    [berlin]
    kind = "caldav"
    address = "https://dav.example.com/{email}/calendar/"
    mail_domains = ["example.com"]
    locations = ["Berlin"]

Users, passwords and tokens are not in the file: `ONBOARDING_CALENDAR_ACCOUNTS` has them, by the name of the table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from onboarding.adapters.calendars.asking import token_of
from onboarding.adapters.calendars.caldav import CalDavCalendars
from onboarding.adapters.calendars.google import ADDRESS as GOOGLE
from onboarding.adapters.calendars.google import GoogleCalendars
from onboarding.adapters.calendars.graph import ADDRESS as GRAPH
from onboarding.adapters.calendars.graph import GraphCalendars
from onboarding.adapters.calendars.ics import IcsCalendars
from onboarding.adapters.calendars.web import Web, basic
from onboarding.domain.errors import BadSettings
from onboarding.domain.free_busy import OWN
from onboarding.domain.tables import NAME, Table, unknown
from onboarding.ports import FreeBusy, Served

KINDS = ("caldav", "ics", "google", "graph")
KEYS = ("kind", "address", "mail_domains", "locations", "trusted_hosts", "mailbox")
MOST = 50
VARIABLE = "ONBOARDING_CALENDAR_ACCOUNTS"
ACCOUNTS: Mapping[str, tuple[frozenset[str], ...]] = {
    "caldav": (frozenset(), frozenset({"user", "password"}), frozenset({"token"}), frozenset({"token_file"})),
    "ics": (frozenset(), frozenset({"user", "password"}), frozenset({"token"}), frozenset({"token_file"})),
    "google": (frozenset({"token"}), frozenset({"token_file"})),
    "graph": (frozenset({"token"}), frozenset({"token_file"})),
}
"""Which keys an account of each kind may have, together."""

Accounts = Mapping[str, Mapping[str, str]]


def read_calendars_file(file: Path, accounts: Accounts, ours: Callable[[str], bool]) -> tuple[Served, ...]:
    """The calendars that a file declares, in its order; then the one for addresses that people give themselves.

    Without a file there is only that last one, which reaches the open Internet alone.

    Raises:
        BadSettings: with every mistake, each naming the file, the table, the key and what is allowed.
    """
    if not file.exists():
        return read_calendars_text("", accounts, ours, file.name)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([f"{file.name} cannot be read as UTF-8 text"]) from error
    return read_calendars_text(text, accounts, ours, file.name)


def read_calendars_text(
    text: str, accounts: Accounts, ours: Callable[[str], bool], file: str = "calendars.toml"
) -> tuple[Served, ...]:
    """As `read_calendars_file`, of a text in TOML; `file` is how the mistakes call it.

    Raises:
        BadSettings: as there.
    """
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings([f"{file} is not TOML: {error}"]) from error
    mistakes = [f"{VARIABLE}: there is no [{name}] in {file}" for name in accounts if name not in tree]
    found: list[Served] = []
    if len(tree) > MOST:
        mistakes.append(f"{file}: there must be at most {MOST} calendars")
    for name, table in tree.items():
        if not NAME.fullmatch(name):
            mistakes.append(f"{file}: [{name}]: use small letters, digits and _ only, beginning with a letter")
        if not isinstance(table, Mapping):
            mistakes.append(f"{file}: {name} stands outside of a calendar; begin one with [its_name]")
            continue
        reader = _Reader(name=name, table=Table(table=table), account=dict(accounts.get(name, {})), ours=ours)
        served = reader.own() if name == OWN else reader.served()
        mistakes += [f"{file}, {name}: {mistake}" for mistake in reader.table.mistakes]
        found.append(served)
    if mistakes:
        raise BadSettings(mistakes)
    if not any(one.name == OWN for one in found):
        found.append(Served(name=OWN, calendars=IcsCalendars(Web(), ours)))
    return tuple(sorted(found, key=lambda one: one.name == OWN))


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads one table; what is wrong is noted in it."""

    name: str
    table: Table
    account: dict[str, str] = field(repr=False)
    ours: Callable[[str], bool]

    def served(self) -> Served:
        """The calendars of a table, with defaults in the place of whatever is wrong."""
        self.refuse_others(KEYS)
        kind = self.table.choice("kind", KINDS)
        if "kind" not in self.table.table:
            self.table.mistakes.append(f"kind is missing; it is one of {', '.join(KINDS)}")
        hosts = self.texts("trusted_hosts")
        address = self.address(kind, hosts)
        self.refuse_unfit_account(kind)
        if "mailbox" in self.table.table and kind != "graph":
            self.table.mistakes.append("mailbox is for kind graph only")
        web = Web(trusted=hosts)
        return Served(
            name=self.name,
            calendars=self.calendars(kind, web, address),
            mail_domains=frozenset(self.texts("mail_domains")),
            locations=frozenset(self.texts("locations")),
        )

    def own(self) -> Served:
        """The table of addresses that people give themselves: it can only name hosts that are trusted."""
        self.refuse_others(("trusted_hosts",))
        return Served(name=OWN, calendars=IcsCalendars(Web(trusted=self.texts("trusted_hosts")), self.ours))

    def refuse_others(self, allowed: tuple[str, ...]) -> None:
        """Note each key that is not known here."""
        self.table.mistakes += [unknown(key, allowed) for key in self.table.table if key not in allowed]

    def texts(self, key: str) -> list[str]:
        """A list of texts in small letters."""
        given = self.table.table.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
            self.table.mistakes.append(f"{key} must be a list of texts, each in quotation marks")
            return []
        return [str(one).strip().casefold() for one in given]

    def address(self, kind: str, hosts: list[str]) -> str:
        """The address of the server, or of one person's calendar with {email} in it."""
        address = self.table.text("address", required=kind in ("caldav", "ics"))
        if not address:
            return {"google": GOOGLE, "graph": GRAPH}.get(kind, "https://calendar.example.com/")
        try:
            parts = urlsplit(address.replace("{email}", "someone"))
            host, port = (parts.hostname or "").casefold(), parts.port
        except ValueError:
            parts, host, port = urlsplit(""), "", None
        before = address.partition("://")[2].partition("/")[0]
        trusted = host in hosts
        if not host or parts.username or "{" in before or parts.fragment:
            self.table.mistakes.append("address must be https:// and the name of a server; {email} comes after it")
        elif not trusted and (parts.scheme != "https" or port not in (None, 443)):
            self.table.mistakes.append(
                "address must be https:// without a port, unless trusted_hosts lists its host"
            )
        if "{" in address.replace("{email}", "") or ("{email}" in address and kind in ("google", "graph")):
            self.table.mistakes.append("address may hold {email}, for kinds caldav and ics, and no other braces")
        return address

    def refuse_unfit_account(self, kind: str) -> None:
        """Note an account that cannot be used."""
        allowed = ACCOUNTS.get(kind, (frozenset(self.account),))
        if frozenset(self.account) not in allowed or not all(self.account.values()):
            ways = "; or ".join(" and ".join(sorted(one)) or "nothing" for one in allowed)
            self.table.mistakes.append(f"its account in {VARIABLE} must have: {ways}")
        if any(not one.isprintable() or not one.isascii() for one in self.account.values()):
            self.table.mistakes.append(f"its account in {VARIABLE} holds signs that do not fit into a header")

    def calendars(self, kind: str, web: Web, address: str) -> FreeBusy:
        """The adapter of that kind."""
        token = partial(token_of, self.account)
        if kind == "google":
            return GoogleCalendars(web, token, address=address)
        if kind == "graph":
            return GraphCalendars(web, token, address=address, mailbox=self.table.text("mailbox"))
        made = CalDavCalendars if kind == "caldav" else IcsCalendars
        return made(web, self.ours, template=address, authorization=self.authorization)

    def authorization(self) -> str:
        """The value of an Authorization header; "" for none.

        Raises:
            Unavailable: the file with the token cannot be read.
        """
        if "user" in self.account:
            return basic(self.account["user"], self.account.get("password", ""))
        token = token_of(self.account)
        return f"Bearer {token}" if token else ""
