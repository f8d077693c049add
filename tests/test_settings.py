from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from onboarding.domain.errors import BadAddress, BadSettings
from onboarding.settings import load, sender

ROOT = Path(__file__).parents[1]
SECRETS = {
    "ONBOARDING_SECRET_KEY": "sentinel-secret-key",
    "ONBOARDING_SMTP_URL": "smtp://user:sentinel-smtp@mail.example.com",
    "ONBOARDING_SENDGRID_API_KEY": "SG.sentinel-sendgrid",
    "ONBOARDING_HR_EMAIL": "hr@example.com",
    "ONBOARDING_REPLIES_MAILBOX": "imaps://people:sentinel-mailbox@mail.example.com",
    "ONBOARDING_REPLIES_PATHS": '["sentinel-end-of-the-address"]',
    "ONBOARDING_WEBHOOK_SECRETS": '{"standard": "sentinel-webhook-secret"}',
    "ONBOARDING_DATABASE_URL": "postgresql+psycopg://user:sentinel-database@db.example.com/onboarding",
    "PREFECT_API_AUTH_STRING": "admin:sentinel-prefect",
    "PREFECT_API_KEY": "pnu_sentinel-prefect-key",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problems(**given: object) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        load(**given)
    return refused.value.problems


def test_nothing_needs_to_be_said_to_start_on_a_laptop() -> None:
    said = load()
    assert (said.mailer, said.journey, said.time_zone) == ("folder", "remote", "UTC")
    assert said.database == f"sqlite:///{Path('.onboarding/onboarding.db').absolute()}"
    assert said.outbox == Path(".onboarding/outbox")


def test_the_environment_is_read_and_what_is_given_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBOARDING_COMPANY_NAME", "Lighthouse Ltd")
    monkeypatch.setenv("ONBOARDING_TIME_ZONE", "Asia/Manila")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    said = load(company_name="Harbour Ltd")
    assert (said.company_name, said.time_zone) == ("Harbour Ltd", "Asia/Manila")
    assert said.prefect_api_url == "http://127.0.0.1:4200/api"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("ONBOARDING_TIME_ZONE", "Berlin", "not an IANA time zone"),
        ("ONBOARDING_COUNTRY", "Germany", "two-letter country code"),
        ("ONBOARDING_COUNTRY", "XX-BE", "two-letter country code"),
        ("ONBOARDING_COUNTRY", "DE-ZZ", "'ZZ' is no part of DE whose public holidays are known"),
        ("ONBOARDING_COUNTRY", "DE-AT-9", "'AT-9' is no part of DE"),
        ("ONBOARDING_COUNTRY", "DE-", "'' is no part of DE"),
        ("ONBOARDING_COUNTRY", "DE-Berlin", "is no part of DE"),
        ("ONBOARDING_MAILER", "pigeon", "'folder', 'smtp' or 'sendgrid'"),
        ("ONBOARDING_HR_EMAIL", "people", "not an e-mail address"),
        ("ONBOARDING_MAIL_FROM", "People Team", "write it as: People Team <people@your-company>"),
        ("ONBOARDING_PUBLIC_URL", "onboarding.example.com", "starts with https://"),
        ("ONBOARDING_PUBLIC_URL", "http://onboarding.example.com", "need https://"),
        ("ONBOARDING_VIDEO_URL", "meet.example.com/{meeting}", "starts with https://"),
        ("ONBOARDING_VIDEO_URL", "javascript:alert(1)", "starts with https://"),
        ("ONBOARDING_VIDEO_URL", "https://meet.example.com/{room}", "only {meeting} may stand in it"),
        ("ONBOARDING_VIDEO_URL", "https://meet.example.com/{meeting", "only {meeting} may stand in it"),
        ("ONBOARDING_SENDGRID_URL", "ftp://example.com", "starts with https://"),
        ("ONBOARDING_TEMPLATES", "nowhere", "onboarding init nowhere"),
        ("ONBOARDING_SECRET_KEY", "short", "at least 16 characters"),
        ("ONBOARDING_WEBHOOK_SECRETS", '{"standard": "short"}', "at least 16 characters"),
        ("ONBOARDING_WEBHOOK_SECRETS", '{"standard": []}', "at least 16 characters"),
        ("ONBOARDING_WEBHOOK_SECRETS", "whsec_not-json", "not JSON"),
        ("ONBOARDING_WEBHOOK_SECRETS", '["a list"]', "valid dictionary"),
        ("ONBOARDING_OFFICE_ZONES", "{Berlin}", "not JSON"),
        ("ONBOARDING_OFFICE_ZONES", '{"HQ": "Mars/Olympus"}', "'Mars/Olympus' of 'HQ'"),
    ],
)
def test_a_problem_names_its_variable_and_what_would_do(
    variable: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    (problem,) = problems()
    assert problem.startswith(f"{variable}: ")
    assert words in problem


def test_every_problem_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "ONBOARDING_TIME_ZONE": "Berlin",
        "ONBOARDING_WEBHOOK_SECRETS": "{",
        "ONBOARDING_PUBLIC_URL": "x",
        "ONBOARDING_HR_EMAIL": "y",
    }
    for variable, value in wrong.items():
        monkeypatch.setenv(variable, value)
    assert {one.partition(":")[0] for one in problems()} == set(wrong)


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"mailer": "smtp"}, "ONBOARDING_SMTP_URL"),
        ({"mailer": "smtp", "smtp_url": "https://mail.example.com"}, "ONBOARDING_SMTP_URL"),
        ({"mailer": "sendgrid"}, "ONBOARDING_SENDGRID_API_KEY"),
    ],
)
def test_a_mailer_that_sends_for_real_needs_its_service_and_an_address_of_ones_own(
    given: dict[str, object], variable: str
) -> None:
    found = problems(**given, time_zone="Nowhere/Atall")
    named = {problem.partition(":")[0] for problem in found}
    assert named == {variable, "ONBOARDING_MAIL_FROM", "ONBOARDING_TIME_ZONE"}


def test_a_mailer_with_all_it_needs_is_taken() -> None:
    said = load(mailer="smtp", smtp_url="smtps://mail.example.org", mail_from="People <people@lighthouse.test>")
    assert said.mailer == "smtp"


def test_no_secret_is_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)
    said = load()
    assert "sentinel" not in repr(said) + str(said)
    assert said.webhook_secrets == {"standard": ["sentinel-webhook-secret"]}


def test_no_secret_is_shown_when_settings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("ONBOARDING_TIME_ZONE", "Berlin")
    monkeypatch.setenv("ONBOARDING_WEBHOOK_SECRETS", "sentinel that is not JSON")
    monkeypatch.setenv("ONBOARDING_SECRET_KEY", "sentinel")
    with pytest.raises(BadSettings) as refused:
        load()
    assert "sentinel" not in str(refused.value)
    assert "sentinel" not in str(refused.value.__cause__)


def test_several_secrets_of_a_source_are_taken_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBOARDING_WEBHOOK_SECRETS", json.dumps({"standard": ["n" * 16, "o" * 16]}))
    assert load().webhook_secrets == {"standard": ["n" * 16, "o" * 16]}


class TestOwnKey:
    def test_it_is_made_once_and_nobody_else_may_read_it(self, tmp_path: Path) -> None:
        first, second = load(home=tmp_path / "home"), load(home=tmp_path / "home")
        file = tmp_path / "home" / "secret_key"
        assert first.secret_key == second.secret_key == file.read_text(encoding="ascii")
        assert len(first.secret_key) >= 48
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [one.name for one in (tmp_path / "home").iterdir()] == ["secret_key"]

    def test_another_home_has_another_key(self, tmp_path: Path) -> None:
        assert load(home=tmp_path / "a").secret_key != load(home=tmp_path / "b").secret_key

    def test_a_key_that_was_said_is_written_nowhere(self, tmp_path: Path) -> None:
        assert load(home=tmp_path / "home", secret_key="k" * 16).secret_key == "k" * 16
        assert not (tmp_path / "home").exists()

    @pytest.mark.slow
    def test_processes_that_start_at_once_agree_on_one_key(self, tmp_path: Path) -> None:
        code = "from onboarding import settings; print(settings.load(home='home').secret_key)"
        command = [sys.executable, "-c", code]
        started = [
            subprocess.Popen(
                command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
            )
            for _ in range(3)
        ]
        assert len({one.communicate()[0] for one in started}) == 1
        assert {one.returncode for one in started} == {0}

    def test_a_home_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="ascii")
        assert problems(home=tmp_path / "file") == ["ONBOARDING_HOME cannot be written to: File exists"]


class TestSender:
    @pytest.mark.parametrize(
        ("text", "name", "email"),
        [
            ("people@example.com", "", "people@example.com"),
            ("People Team <people@example.com>", "People Team", "people@example.com"),
            ('"People Team" <people@example.com> ', "People Team", "people@example.com"),
        ],
    )
    def test_a_name_and_an_address_are_read(self, text: str, name: str, email: str) -> None:
        assert (sender(text).name, sender(text).email) == (name, email)

    @pytest.mark.parametrize("text", ["", "People", "<>", "a@b <", "People\nBcc: x@example.com <a@example.com>"])
    def test_what_is_neither_is_refused(self, text: str) -> None:
        with pytest.raises(BadAddress):
            sender(text)


def test_it_has_an_address_or_none() -> None:
    assert (load().it_email, load(it_email="it@example.com").it_email) == ("", "it@example.com")
    assert problems(it_email="helpdesk") == [
        "ONBOARDING_IT_EMAIL: this is not an e-mail address that can be written to"
    ]
    assert problems(hr_email="") == ["ONBOARDING_HR_EMAIL: this is not an e-mail address that can be written to"]


def test_mails_that_come_back_need_secrets_that_are_long_and_somebody_else_who_reads_them() -> None:
    assert "at least 16" in problems(replies_paths=["short"], hr_email="hr@example.com")[0]
    assert "a-z" in problems(replies_paths=["a secret/end of it"], hr_email="hr@example.com")[0]
    assert "must not be the sender" in problems(replies_paths=["a-secret-end-of-the-address"])[0]
    assert "must not be the sender" in problems(replies_key="MFkw", mail_from="HR <People-Team@example.com>")[0]
    assert "imaps://" in problems(replies_mailbox="imap://user:secret@mail.example.com")[0]
    assert "five parts" in problems(replies_cron="often")[0]
    assert load(replies_mailbox="maildir:/srv/mail").replies_mailbox == "maildir:/srv/mail"
