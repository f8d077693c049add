"""What did the company say? The only reader of the environment."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from onboarding.domain import values
from onboarding.domain.errors import BadAddress, BadSettings
from onboarding.domain.mail import Address

MIN_SECRET = 16
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")
MAILBOX_SCHEMES = ("imaps://", "imap+starttls://", "maildir:")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _read(value: object) -> object:
    """What a variable says in JSON; read here, so that a slip of the pen is one problem among the others."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON: {error.msg} at character {error.pos + 1}") from None


def _nothing(value: object) -> object:
    """An empty variable says nothing: a path made of it would be the folder that we stand in."""
    return None if value == "" else value


def _listed(value: object) -> object:
    value = _read(value)
    if isinstance(value, dict):
        return {key: [one] if isinstance(one, str) else one for key, one in value.items()}
    return value


class Settings(BaseSettings):
    """Everything a company says, from `ONBOARDING_*` variables; validated together at start.

    `webhook_secrets` and `webhook_paths` are JSON: source -> secret or list of secrets, the newest first;
    `hris_accounts` is JSON: source -> what it takes to ask that HR system; `calendar_accounts` the same for
    calendars. `home` holds the database, the outbox, logs and the generated secret. `time_zone` is where HR sits,
    `country` whose public holidays they have: a country such as DE, or a part of one such as DE-BE.
    """

    model_config = SettingsConfigDict(
        env_prefix="ONBOARDING_",
        extra="ignore",
        validate_default=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    home: Path = Path(".onboarding")
    database_url: str = Field(default="", repr=False)
    templates: Annotated[Path | None, BeforeValidator(_nothing)] = None
    journey: str = "remote"
    mailer: Literal["folder", "smtp", "sendgrid"] = "folder"
    smtp_url: str = Field(default="", repr=False)
    sendgrid_api_key: str = Field(default="", repr=False)
    sendgrid_url: str = "https://api.sendgrid.com"
    sendgrid_event_key: str = ""
    hr_email: str = "people-team@example.com"
    it_email: str = ""
    escalation_email: str = ""
    mail_from: str = "People Team <people-team@example.com>"
    replies_paths: Annotated[list[str], NoDecode, BeforeValidator(_read)] = Field(default=[], repr=False)
    replies_key: str = ""
    replies_mailbox: str = Field(default="", repr=False)
    replies_done: str = ""
    replies_cron: str = "*/10 * * * *"
    company_name: str = "Example Company"
    public_url: str = "http://127.0.0.1:8400"
    video_url: str = ""
    time_zone: str = "UTC"
    country: str = ""
    language: str = "en"
    office_zones: Annotated[dict[str, str], NoDecode, BeforeValidator(_read)] = {}
    webhook_secrets: Annotated[dict[str, list[str]], NoDecode, BeforeValidator(_listed)] = Field(
        default={}, repr=False
    )
    webhook_paths: Annotated[dict[str, list[str]], NoDecode, BeforeValidator(_listed)] = Field(
        default={}, repr=False
    )
    hris_accounts: Annotated[dict[str, dict[str, str]], NoDecode, BeforeValidator(_read)] = Field(
        default={}, repr=False
    )
    calendar_accounts: Annotated[dict[str, dict[str, str]], NoDecode, BeforeValidator(_read)] = Field(
        default={}, repr=False
    )
    people_csv: Annotated[Path | None, BeforeValidator(_nothing)] = None
    people_csv_dates: Literal["", "dmy", "mdy"] = ""
    scim_tokens: Annotated[list[str], NoDecode, BeforeValidator(_read)] = Field(default=[], repr=False)
    scim_start_date: str = ""
    scim_time_zone: str = ""
    coffee_cron: str = "0 6 * * 3"
    save_as_you_go: bool = True
    metrics_token: str = Field(default="", repr=False)
    secret_key: str = Field(default="", repr=False)
    clock_file: Annotated[Path | None, BeforeValidator(_nothing)] = None
    prefect_api_url: str = Field(default="", validation_alias="PREFECT_API_URL")
    prefect_api_auth_string: str = Field(default="", validation_alias="PREFECT_API_AUTH_STRING", repr=False)
    prefect_api_key: str = Field(default="", validation_alias="PREFECT_API_KEY", repr=False)

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not an IANA time zone such as Europe/Berlin")
        return value

    @field_validator("country")
    @classmethod
    def _country_exists(cls, value: str) -> str:
        named, hyphen, part = value.upper().partition("-")
        country = values.country(named) if value else ""
        if hyphen and not _is_part(country, part):
            raise ValueError(f"{part!r} is no part of {country} whose public holidays are known, such as BE of DE")
        return f"{country}{hyphen}{part}"

    @field_validator("office_zones")
    @classmethod
    def _zones_of_offices_exist(cls, value: dict[str, str]) -> dict[str, str]:
        known = available_timezones()
        unknown = [f"{zone!r} of {office!r}" for office, zone in value.items() if zone not in known]
        if unknown:
            raise ValueError(f"no IANA time zone such as Europe/Berlin: {', '.join(unknown)}")
        return value

    @field_validator("hr_email", "it_email", "escalation_email")
    @classmethod
    def _can_be_written_to(cls, value: str, around: ValidationInfo) -> str:
        try:
            if value or around.field_name == "hr_email":
                Address(email=value)
        except BadAddress as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender_is_an_address(cls, value: str, around: ValidationInfo) -> str:
        try:
            sender(value)
        except BadAddress as error:
            raise ValueError(f"{error}; write it as: People Team <people@your-company>") from error
        if around.data.get("mailer") in ("smtp", "sendgrid") and value.rstrip(">").endswith("@example.com"):
            raise ValueError("it must be your own address when mails really leave")
        return value

    @field_validator("public_url", "sendgrid_url")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("this must be an address that starts with https://")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("links with people's answers need https:// (http:// is for 127.0.0.1 only)")
        return value.rstrip("/")

    @field_validator("video_url")
    @classmethod
    def _is_a_call(cls, value: str) -> str:
        if not value:
            return value
        room = value.replace("{meeting}", "room")
        if "{" in room or "}" in room:
            raise ValueError("only {meeting} may stand in it, as in https://meet.example.com/{meeting}")
        parts = urlsplit(room)
        if parts.scheme != "https" or not parts.hostname or any(sign.isspace() for sign in room):
            raise ValueError("this must be an address that starts with https://")
        return value

    @field_validator("templates")
    @classmethod
    def _folder_exists(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"there is no folder {value}; `onboarding init {value}` writes one")
        return value

    @field_validator("webhook_secrets", "webhook_paths")
    @classmethod
    def _secrets_are_long_enough(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        for source, keys in value.items():
            if not keys or any(len(key) < MIN_SECRET for key in keys):
                raise ValueError(f"each secret of {source!r} needs at least {MIN_SECRET} characters")
        return value

    @field_validator("webhook_paths")
    @classmethod
    def _paths_fit_into_an_address(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        if not all(re.fullmatch(r"[A-Za-z0-9._~-]+", key) for keys in value.values() for key in keys):
            raise ValueError("the end of an address is made of letters a-z, digits, dots, hyphens and underscores")
        return value

    @field_validator("scim_tokens")
    @classmethod
    def _tokens_are_long_enough(cls, value: list[str]) -> list[str]:
        if any(len(token) < MIN_SECRET for token in value):
            raise ValueError(f"each token needs at least {MIN_SECRET} characters")
        return value

    @field_validator("replies_paths")
    @classmethod
    def _ends_are_long_enough(cls, value: list[str]) -> list[str]:
        if not all(re.fullmatch(rf"[A-Za-z0-9._~-]{{{MIN_SECRET},}}", one) for one in value):
            raise ValueError(
                f"each needs at least {MIN_SECRET} letters a-z, digits, dots, hyphens and underscores"
            )
        return value

    @field_validator("replies_paths", "replies_key")
    @classmethod
    def _what_is_sent_on_leads_elsewhere(cls, value: list[str] | str, around: ValidationInfo) -> list[str] | str:
        with suppress(BadAddress):
            ours = sender(around.data.get("mail_from", "")).email.casefold()
            if value and ours == str(around.data.get("hr_email", "")).casefold():
                raise ValueError(
                    "what is for a human is sent on to ONBOARDING_HR_EMAIL: it must not be the sender"
                )
        return value

    @field_validator("replies_mailbox")
    @classmethod
    def _is_a_mailbox(cls, value: str) -> str:
        if value and not value.startswith(MAILBOX_SCHEMES):
            raise ValueError("it must start with imaps://, imap+starttls:// or maildir:")
        return value

    @field_validator("coffee_cron", "replies_cron")
    @classmethod
    def _is_a_schedule(cls, value: str) -> str:
        if value and not re.fullmatch(r"[0-9A-Za-z*/,#-]+( [0-9A-Za-z*/,#-]+){4}", value):
            raise ValueError("it must be five parts as cron has them, such as 0 6 * * 3, or empty for never")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _token_is_long_enough(cls, value: str) -> str:
        if value and len(value) < MIN_SECRET:
            raise ValueError(f"it needs at least {MIN_SECRET} characters")
        return value

    @field_validator("secret_key")
    @classmethod
    def _key_is_long_enough(cls, value: str) -> str:
        if value and len(value) < MIN_SECRET:
            raise ValueError(f"it needs at least {MIN_SECRET} characters")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_has_its_server(cls, value: str, around: ValidationInfo) -> str:
        if around.data.get("mailer") == "smtp" and urlsplit(value).scheme not in MAIL_SCHEMES:
            raise ValueError(
                "it must start with smtp://, smtp+starttls:// or smtps:// when ONBOARDING_MAILER=smtp"
            )
        return value

    @field_validator("sendgrid_api_key")
    @classmethod
    def _sendgrid_has_its_key(cls, value: str, around: ValidationInfo) -> str:
        if around.data.get("mailer") == "sendgrid" and not value:
            raise ValueError("it is needed when ONBOARDING_MAILER=sendgrid")
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the store; an SQLite file in `home` unless said otherwise."""
        return self.database_url or f"sqlite:///{(self.home / 'onboarding.db').absolute()}"

    @property
    def outbox(self) -> Path:
        """Where the folder mailer puts its mails."""
        return self.home / "outbox"


def _is_part(country: str, part: str) -> bool:
    from onboarding.domain.subdivisions import is_part  # noqa: PLC0415 -- half a second, needed for a part only

    return is_part(country, part)


def sender(text: str) -> Address:
    """Read `Name <address>` or a bare address.

    Raises:
        BadAddress: when it is neither.
    """
    name, bracket, rest = text.rpartition("<")
    if bracket:
        return Address(email=rest.rstrip().removesuffix(">"), name=name.strip().strip('"'))
    return Address(email=text.strip())


def load(**given: object) -> Settings:
    """Read the environment; `given` overrides it (tests, the demo).

    The secret key is generated into `home` at the first start when none is set.

    Raises:
        BadSettings: with every problem at once, each naming its variable.
    """
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic validates what it is given
        return (
            settings
            if settings.secret_key
            else settings.model_copy(update={"secret_key": _own_key(settings.home)})
        )
    except ValidationError as error:
        raise BadSettings([_sentence(problem["loc"], problem["msg"]) for problem in error.errors()]) from error
    except OSError as error:
        raise BadSettings([f"ONBOARDING_HOME cannot be written to: {error.strerror}"]) from error


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    name = str(place[0]) if place else ""
    if not name:
        return message
    variable = name if name.isupper() else f"ONBOARDING_{name.upper()}"
    return f"{variable}: {message}"


def _own_key(home: Path) -> str:
    """The key in `home/secret_key`, made at the first start; two first starts at once agree on one."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / "secret_key"
    if not file.exists():
        draft = home / f".secret_key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    return file.read_text(encoding="ascii").strip()
