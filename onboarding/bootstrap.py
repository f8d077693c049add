"""Which adapters serve this company? The only place where settings become an engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from onboarding import paths
from onboarding.adapters.alarms import NullAlarms, PrefectAlarms
from onboarding.adapters.links import SignedLinks
from onboarding.adapters.mailers.folder import FolderMailer
from onboarding.adapters.mailers.sendgrid import SendGridMailer
from onboarding.adapters.mailers.sendgrid_news import SendGridNews
from onboarding.adapters.mailers.smtp import SmtpMailer
from onboarding.adapters.sources.greenhouse import GreenhouseSource
from onboarding.adapters.sources.standard import StandardSource
from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate as migrate_database
from onboarding.adapters.words import FolderWords
from onboarding.domain.errors import BadSettings
from onboarding.ports import Alarms, Mailer, Source
from onboarding.services.engine import Company, Engine
from onboarding.settings import Settings, sender

IN_MEMORY = "sqlite://"


def build(settings: Settings) -> Engine:
    """The engine of this company; nothing is started or written yet.

    Raises:
        BadSettings: when a secret is set for a source that is not known.
    """
    return Engine(
        store=SqlStore(settings.database),
        words=FolderWords(folder_of_words(settings)),
        mailer=_mailer(settings),
        alarms=_alarms(settings),
        links=SignedLinks(settings.secret_key, settings.public_url),
        company=company(settings),
        sources=_sources(settings),
        mail_news=SendGridNews(settings.sendgrid_event_key) if settings.sendgrid_event_key else None,
    )


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
    )


def folder_of_words(settings: Settings) -> Path:
    """The company's own words, else the shipped ones."""
    return settings.templates or paths.shipped_templates()


def company(settings: Settings) -> Company:
    """What the company said of itself."""
    return Company(
        name=settings.company_name,
        hr_email=settings.hr_email,
        sender=sender(settings.mail_from),
        public_url=settings.public_url,
        video_url=settings.video_url,
        time_zone=settings.time_zone,
        language=settings.language,
        journey=settings.journey,
    )


def _mailer(settings: Settings) -> Mailer:
    choices: dict[str, Callable[[], Mailer]] = {
        "folder": lambda: FolderMailer(settings.outbox),
        "smtp": lambda: SmtpMailer(settings.smtp_url),
        "sendgrid": lambda: SendGridMailer(settings.sendgrid_api_key, settings.sendgrid_url),
    }
    return choices[settings.mailer]()


def _alarms(settings: Settings) -> Alarms:
    if not settings.prefect_api_url:
        return NullAlarms()
    return PrefectAlarms(settings.prefect_api_url, settings.prefect_api_auth_string, settings.prefect_api_key)


def _sources(settings: Settings) -> Mapping[str, Source]:
    makers: dict[str, Callable[[Sequence[str]], Source]] = {
        "standard": StandardSource,
        "greenhouse": lambda secrets: GreenhouseSource(secrets, settings.office_zones),
    }
    unknown = sorted(set(settings.webhook_secrets) - set(makers))
    if unknown:
        known = ", ".join(sorted(makers))
        names = ", ".join(unknown)
        raise BadSettings([f"ONBOARDING_WEBHOOK_SECRETS: there is no source {names}; there are: {known}"])
    return {name: makers[name](secrets) for name, secrets in settings.webhook_secrets.items()}
