"""Which adapters serve this company? The only place where settings become an engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from onboarding import paths
from onboarding.adapters.alarms import NullAlarms, PrefectAlarms
from onboarding.adapters.calendars.catalogue import read_calendars_file
from onboarding.adapters.links import SignedLinks
from onboarding.adapters.mailboxes import ImapMailbox, MaildirMailbox
from onboarding.adapters.mailers.folder import FolderMailer
from onboarding.adapters.mailers.sendgrid import SendGridMailer
from onboarding.adapters.mailers.sendgrid_news import SendGridNews
from onboarding.adapters.mailers.sendgrid_replies import SendGridReplies
from onboarding.adapters.mailers.smtp import SmtpMailer
from onboarding.adapters.pictures import PillowPictures
from onboarding.adapters.sources import catalogue
from onboarding.adapters.sources.declared.file import read_file
from onboarding.adapters.sources.places import Places
from onboarding.adapters.sources.scim import ScimSource
from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate as migrate_database
from onboarding.adapters.words import FolderWords
from onboarding.domain.errors import BadSettings
from onboarding.domain.free_busy import uids_of
from onboarding.domain.scim.agreement import Scim
from onboarding.domain.sheets.days import Order
from onboarding.ports import Alarms, Mailbox, Mailer, ReplyDoor, Roster, Served, Source
from onboarding.services.engine import Company, Engine
from onboarding.settings import Settings, sender

IN_MEMORY = "sqlite://"
SOURCES = "sources.toml"
"""The file in the home that declares HR systems which nobody here has seen."""


CALENDARS = "calendars.toml"
"""The file in the home that says whose calendar is asked how."""


def build(settings: Settings) -> Engine:
    """The engine of this company; nothing is started or written yet.

    Raises:
        BadSettings: when what is said of the HR systems or of calendars cannot work, with every problem at once.
    """
    sources, rosters = _hr_systems(settings)
    calendars = calendars_of(settings)
    return Engine(
        store=SqlStore(settings.database),
        words=FolderWords(folder_of_words(settings)),
        mailer=_mailer(settings),
        alarms=_alarms(settings),
        links=SignedLinks(settings.secret_key, settings.public_url),
        company=company(settings),
        pictures=PillowPictures(),
        sources=sources,
        paths=settings.webhook_paths,
        rosters=rosters,
        scim=_scim(settings),
        calendars=calendars,
        mail_news=SendGridNews(settings.sendgrid_event_key) if settings.sendgrid_event_key else None,
        reply_door=_reply_door(settings),
        mailbox=_mailbox(settings),
    )


def calendars_of(settings: Settings) -> tuple[Served, ...]:
    """The calendars that `calendars.toml` in the home declares, and those whose addresses people give themselves.

    Raises:
        BadSettings: with every problem at once.
    """
    ours = uids_of(sender(settings.mail_from).email.rpartition("@")[2])
    return read_calendars_file(settings.home / CALENDARS, settings.calendar_accounts, ours)


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema; safe when two do it at once."""
    settings.home.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database)


def rehearsal(settings: Settings, outbox: Path) -> Engine:
    """An engine that remembers nothing after it is closed, mails to a folder and wakes nobody."""
    return Engine(
        store=SqlStore(IN_MEMORY),
        words=FolderWords(folder_of_words(settings)),
        mailer=FolderMailer(outbox),
        alarms=NullAlarms(),
        links=SignedLinks(settings.secret_key, settings.public_url),
        company=company(settings),
        pictures=PillowPictures(),
    )


def folder_of_words(settings: Settings) -> Path:
    """The company's own words, else the shipped ones."""
    return settings.templates or paths.shipped_templates()


def company(settings: Settings) -> Company:
    """What the company said of itself."""
    country, _, subdivision = settings.country.partition("-")
    return Company(
        name=settings.company_name,
        hr_email=settings.hr_email,
        it_email=settings.it_email,
        sender=sender(settings.mail_from),
        public_url=settings.public_url,
        video_url=settings.video_url,
        video_key=settings.secret_key,
        time_zone=settings.time_zone,
        country=country,
        subdivision=subdivision,
        language=settings.language,
        journey=settings.journey,
        escalation_email=settings.escalation_email,
    )


def _mailer(settings: Settings) -> Mailer:
    choices: dict[str, Callable[[], Mailer]] = {
        "folder": lambda: FolderMailer(settings.outbox),
        "smtp": lambda: SmtpMailer(settings.smtp_url),
        "sendgrid": lambda: SendGridMailer(settings.sendgrid_api_key, settings.sendgrid_url),
    }
    return choices[settings.mailer]()


def _reply_door(settings: Settings) -> ReplyDoor | None:
    if not settings.replies_paths and not settings.replies_key:
        return None
    return SendGridReplies(paths=settings.replies_paths, public_key=settings.replies_key)


def _mailbox(settings: Settings) -> Mailbox | None:
    said = settings.replies_mailbox
    if not said:
        return None
    if said.startswith("maildir:"):
        return MaildirMailbox(Path(said.removeprefix("maildir:")))
    return ImapMailbox(said, done=settings.replies_done)


def _alarms(settings: Settings) -> Alarms:
    if not settings.prefect_api_url:
        return NullAlarms()
    return PrefectAlarms(settings.prefect_api_url, settings.prefect_api_auth_string, settings.prefect_api_key)


def said_of_sources(settings: Settings) -> catalogue.Said:
    """What the company said of its HR systems."""
    return catalogue.Said(
        secrets=settings.webhook_secrets,
        paths=settings.webhook_paths,
        accounts=settings.hris_accounts,
        places=Places(offices=settings.office_zones),
        people_csv=settings.people_csv,
        dates=Order(settings.people_csv_dates) if settings.people_csv_dates else None,
    )


def _hr_systems(settings: Settings) -> tuple[dict[str, Source], dict[str, Roster]]:
    """Whom we hear, `sources.toml` in the home and the directory protocol included, and whom we ask for everybody.

    Raises:
        BadSettings: with every problem at once. Which names there are is not known while `sources.toml` is wrong.
    """
    said, file = said_of_sources(settings), settings.home / SOURCES
    problems: list[str] = []
    sources: dict[str, Source] = {}
    rosters: dict[str, Roster] = {}
    try:
        sources = catalogue.sources(said, read_file(file) if file.exists() else {})
    except BadSettings as error:
        problems += error.problems
    try:
        rosters = catalogue.rosters(said)
    except BadSettings as error:
        problems += error.problems
    if problems:
        raise BadSettings(list(dict.fromkeys(problems)))
    scim = _scim(settings)
    return sources | ({ScimSource.name: ScimSource(scim, said.places)} if scim else {}), rosters


def _scim(settings: Settings) -> Scim | None:
    if not settings.scim_tokens:
        return None
    return Scim(
        tokens=tuple(settings.scim_tokens),
        start_date=settings.scim_start_date,
        time_zone=settings.scim_time_zone,
    )
