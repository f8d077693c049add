"""Which HR systems has the company set up? From what it said to sources and rosters, every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onboarding.adapters.sources.ashby import AshbySource
from onboarding.adapters.sources.bamboohr import BambooRoster, BambooSource
from onboarding.adapters.sources.csv_roster import CsvRoster
from onboarding.adapters.sources.declared.source import DeclaredSource
from onboarding.adapters.sources.declared.values import Declaration
from onboarding.adapters.sources.greenhouse import GreenhouseSource
from onboarding.adapters.sources.gusto import GustoSource
from onboarding.adapters.sources.hibob import HibobRoster, HibobSource
from onboarding.adapters.sources.personio import PersonioSource
from onboarding.adapters.sources.places import Places
from onboarding.adapters.sources.standard import StandardSource
from onboarding.adapters.sources.workable import WorkableSource
from onboarding.domain.errors import BadSettings
from onboarding.domain.sheets.days import Order
from onboarding.ports import Roster, Source

Account = Mapping[str, str]
Maker = Callable[[Sequence[str], Account, Places], Source]

NATIVE: Mapping[str, Maker] = {
    "standard": lambda secrets, _account, _places: StandardSource(secrets),
    "greenhouse": lambda secrets, _account, places: GreenhouseSource(secrets, places),
    "ashby": AshbySource,
    "bamboohr": BambooSource,
    "gusto": GustoSource,
    "hibob": HibobSource,
    "personio": PersonioSource,
    "workable": WorkableSource,
}
"""The systems that we know; `standard` is any that signs by Standard Webhooks and sends the canonical record."""

RESERVED = frozenset({"scim", "csv", "by-hand", "schema"})
"""Names with a meaning of their own."""

ROSTERS: Mapping[str, Callable[[Account, Places], Roster]] = {"bamboohr": BambooRoster, "hibob": HibobRoster}
"""The systems that can be asked for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the company said of its HR systems: by source, secrets, ends of addresses and accounts; its places.

    `people_csv` is a file that is exported again and again, `dates` how it means 1/4/2027.
    """

    secrets: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    accounts: Mapping[str, Account] = field(default_factory=dict, repr=False)
    places: Places = field(default_factory=Places)
    people_csv: Path | None = None
    dates: Order | None = None


def sources(said: Said, declared: Mapping[str, Declaration]) -> dict[str, Source]:
    """Every source for which a secret or an end of its address is set; `declared` are those of `sources.toml`.

    Raises:
        BadSettings: with every problem at once.
    """
    makers = {**{name: _declared(name, one) for name, one in declared.items()}, **NATIVE}
    problems = [f"sources.toml, {name}: the engine knows this system itself; choose another name"
                for name in sorted({*NATIVE, *RESERVED} & set(declared))]  # fmt: skip
    problems += _unknown(said, makers) + _unheard(said, makers)
    found: dict[str, Source] = {}
    for name in sorted({*said.secrets, *said.paths} & set(makers)):
        try:
            found[name] = makers[name](said.secrets.get(name, ()), said.accounts.get(name, {}), said.places)
        except BadSettings as error:
            problems.extend(error.problems)
            continue
        problems.extend(_unproven(name, found[name], said))
    if problems:
        raise BadSettings(problems)
    return found


def rosters(said: Said) -> dict[str, Roster]:
    """Every system with an account that can be asked for everybody, and the file, if there is one.

    Raises:
        BadSettings: accounts do not fit, with every problem at once.
    """
    found: dict[str, Roster] = {}
    problems: list[str] = []
    for name in sorted(set(ROSTERS) & set(said.accounts)):
        try:
            found[name] = ROSTERS[name](said.accounts[name], said.places)
        except BadSettings as error:
            problems.extend(error.problems)
    if problems:
        raise BadSettings(problems)
    if said.people_csv is not None:
        found[CsvRoster.name] = CsvRoster(said.people_csv, said.places, said.dates)
    return found


def _declared(name: str, declaration: Declaration) -> Maker:
    return lambda secrets, account, places: DeclaredSource(name, declaration, secrets, account, places)


def _unknown(said: Said, makers: Mapping[str, Maker]) -> list[str]:
    """Names that nobody knows: a slip of the pen would silently leave a system unheard."""
    known = ", ".join(sorted(makers))
    given = (("WEBHOOK_SECRETS", said.secrets), ("WEBHOOK_PATHS", said.paths), ("HRIS_ACCOUNTS", said.accounts))
    return [
        f"ONBOARDING_{variable}: there is no source {', '.join(unknown)}; there are: {known}"
        for variable, names in given
        if (unknown := sorted(set(names) - set(makers)))
    ]


def _unheard(said: Said, makers: Mapping[str, Maker]) -> list[str]:
    """Accounts of systems that can neither tell us anything nor be asked for everybody."""
    heard = {*said.secrets, *said.paths, *ROSTERS}
    return [
        f"ONBOARDING_HRIS_ACCOUNTS: {name} is never heard: it has no secret and no end of its address"
        for name in sorted(set(said.accounts) & set(makers) - heard)
    ]


def _unproven(name: str, source: Source, said: Said) -> list[str]:
    """What lets messages of a source in without a proof of who sent them."""
    if source.needs_path:
        problems = (
            [] if name in said.paths else [f"ONBOARDING_WEBHOOK_PATHS: {name} needs the secret end of its address"]
        )
        if "signature_header" in said.accounts.get(name, {}) and name not in said.secrets:
            problems.append(
                f"ONBOARDING_WEBHOOK_SECRETS: {name} has a signature_header and no secret to check it with"
            )
        return problems
    if name in said.secrets:
        return []
    return [f"ONBOARDING_WEBHOOK_SECRETS: {name} needs a secret"]
