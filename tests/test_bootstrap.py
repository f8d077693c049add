"""Does what a company says reach the engine?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onboarding import bootstrap, settings
from onboarding.domain.errors import BadSettings, NotFound
from onboarding.services.engine import Engine
from tests.ports.sources.vendors_hris import BAMBOO_ACCOUNT, BOB_ACCOUNT, PERSONIO_ACCOUNT
from tests.worlds import SECRET

KEY = "a-secret-of-sixteen"
END = "the-secret-end-of-the-address"
ACME = """
[acme]
authentication = { kind = "bearer" }
event = { name = "type", created = "hired", external_id = "id" }
person = { first_name = "first", work_email = "mail", start_date = "start" }
"""
OPEN = """
[open]
authentication = { kind = "path" }
event = { name = "type", withdrawn = "left", external_id = "id" }
"""


@pytest.fixture
def built(tmp_path: Path) -> Any:
    """Builds the engine of some settings; it is closed again."""

    def build(*, declared: str = "", **said: object) -> Engine:
        if declared:
            (tmp_path / "sources.toml").write_text(declared, encoding="utf-8")
        engine = bootstrap.build(settings.load(home=tmp_path, **said))
        engine.close()
        return engine

    return build


def problems(built: Any, **said: object) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        built(**said)
    return caught.value.problems


def test_hr_is_written_to_in_the_language_and_zone_of_the_settings(built: Any) -> None:
    engine = built(language="de", time_zone="Europe/Berlin", country="de-be")
    assert (engine.company.hr.language, engine.company.hr.time_zone) == ("de", "Europe/Berlin")
    assert {(one.country, one.subdivision) for one in engine.company.desks.values()} == {("DE", "BE")}


def test_the_room_of_a_call_follows_from_the_secret_of_the_company_and_not_from_a_meeting_alone(
    built: Any,
) -> None:
    secrets = ("a" * 40, "b" * 40)
    rooms = [built(video_url="https://v.example.com/{meeting}", secret_key=one).company for one in secrets]
    one, other = (company.video_of("m1") for company in rooms)
    assert one.startswith("https://v.example.com/")
    assert one != other
    assert "m1" not in one + other
    assert rooms[0].video_of("m2") != one
    assert secrets[0] not in repr(rooms[0])
    assert built().company.video_of("m1") == ""


class TestSources:
    def test_a_company_that_said_nothing_hears_nobody(self, built: Any) -> None:
        engine = built()
        assert (engine.sources, engine.rosters, engine.paths, engine.scim) == ({}, {}, {}, None)

    def test_every_system_with_what_it_needs_is_heard(self, built: Any) -> None:
        accounts = {"bamboohr": BAMBOO_ACCOUNT, "hibob": BOB_ACCOUNT, "personio": PERSONIO_ACCOUNT}
        signing = ("greenhouse", "ashby", "workable", "bamboohr", "hibob", "acme")
        engine = built(
            declared=ACME + OPEN,
            webhook_secrets={"standard": SECRET, **dict.fromkeys([*signing, "personio"], KEY)},
            webhook_paths={"gusto": END, "personio": [END, KEY], "open": END},
            hris_accounts=accounts,
            people_csv="people.csv",
            people_csv_dates="mdy",
            office_zones={"Berlin": "Europe/Berlin"},
        )
        assert sorted(engine.sources) == sorted(["standard", *signing, "gusto", "personio", "open"])
        assert {name for name, source in engine.sources.items() if source.name != name} == set()
        assert engine.paths == {"gusto": [END], "personio": [END, KEY], "open": [END]}
        assert sorted(engine.rosters) == ["bamboohr", "csv", "hibob"]

    def test_an_account_alone_lets_a_system_be_asked_though_it_sends_nothing(self, built: Any) -> None:
        engine = built(hris_accounts={"bamboohr": BAMBOO_ACCOUNT})
        assert (list(engine.sources), list(engine.rosters)) == ([], ["bamboohr"])

    def test_a_signing_system_may_have_a_secret_end_too(self, built: Any) -> None:
        assert list(built(webhook_secrets={"greenhouse": KEY}, webhook_paths={"greenhouse": END}).sources) == [
            "greenhouse"
        ]


class TestMistakes:
    def test_names_that_nobody_knows_are_told_for_all_three_settings_at_once(self, built: Any) -> None:
        found = problems(
            built,
            webhook_secrets={"stanard": SECRET, "greenhose": KEY, "greenhouse": KEY},
            webhook_paths={"perosnio": END},
            hris_accounts={"bamboo": BAMBOO_ACCOUNT},
        )
        assert [line.partition("; there are: ")[0] for line in found] == [
            "ONBOARDING_WEBHOOK_SECRETS: there is no source greenhose, stanard",
            "ONBOARDING_WEBHOOK_PATHS: there is no source perosnio",
            "ONBOARDING_HRIS_ACCOUNTS: there is no source bamboo",
        ]
        known = "ashby, bamboohr, greenhouse, gusto, hibob, personio, standard, workable"
        assert all(line.endswith(known) for line in found)

    def test_declared_systems_are_among_those_that_there_are(self, built: Any) -> None:
        (line,) = problems(built, declared=ACME, webhook_secrets={"amce": KEY})
        assert line.startswith("ONBOARDING_WEBHOOK_SECRETS: there is no source amce; there are: acme, ashby")

    @pytest.mark.parametrize("name", ["gusto", "personio", "open"])
    def test_what_proves_nothing_needs_the_secret_end_of_its_address(self, built: Any, name: str) -> None:
        accounts = {"personio": PERSONIO_ACCOUNT} if name == "personio" else {}
        found = problems(built, declared=OPEN, webhook_secrets={name: KEY}, hris_accounts=accounts)
        assert found == [f"ONBOARDING_WEBHOOK_PATHS: {name} needs the secret end of its address"]

    @pytest.mark.parametrize("name", ["greenhouse", "acme"])
    def test_what_signs_needs_a_secret_although_its_address_has_one(self, built: Any, name: str) -> None:
        found = problems(built, declared=ACME, webhook_paths={name: END})
        assert found == [f"ONBOARDING_WEBHOOK_SECRETS: {name} needs a secret"]

    @pytest.mark.parametrize("name", ["greenhouse", "bamboohr", "scim", "csv", "schema"])
    def test_a_declared_system_may_not_take_a_name_that_has_a_meaning(self, built: Any, name: str) -> None:
        found = problems(built, declared=ACME.replace("[acme]", f"[{name}]"))
        assert found == [f"sources.toml, {name}: the engine knows this system itself; choose another name"]

    def test_every_mistake_in_the_file_is_told_with_its_place(self, built: Any) -> None:
        broken = ACME.replace('"bearer"', '"bear"').replace("external_id", "extrenal_id")
        found = problems(built, declared=broken, webhook_secrets={"acme": KEY})
        assert len(found) >= 3
        assert all(line.startswith("sources.toml, acme: ") for line in found)
        (line,) = problems(built, declared="[acme\n")
        assert line.startswith("sources.toml is not TOML: ")

    def test_whatever_is_wrong_is_told_at_once_and_only_once(self, built: Any) -> None:
        found = problems(
            built,
            declared=ACME.replace('"bearer"', '"bear"'),
            webhook_secrets={"bamboohr": KEY},
            hris_accounts={"bamboohr": {}, "hibob": {"token": "x"}},
        )
        assert sorted({line.split(":")[0] for line in found}) == ["ONBOARDING_HRIS_ACCOUNTS", "sources.toml, acme"]
        assert "ONBOARDING_HRIS_ACCOUNTS: hibob needs the key service_user_id" in found
        assert "ONBOARDING_HRIS_ACCOUNTS: bamboohr needs the key api_key" in found
        assert len(found) == len(set(found))

    def test_a_bad_secret_and_a_missing_one_are_told_together(self, built: Any) -> None:
        found = problems(
            built,
            webhook_secrets={"standard": "sixteen letters that are no base64"},
            webhook_paths={"greenhouse": END},
        )
        assert [line.partition(":")[0] for line in found] == [
            "ONBOARDING_WEBHOOK_SECRETS",
            "ONBOARDING_WEBHOOK_SECRETS, a secret of standard",
        ]

    def test_an_account_of_a_system_that_is_never_heard_is_a_mistake(self, built: Any) -> None:
        found = problems(built, hris_accounts={"ashby": {"api_key": KEY}, "bamboohr": BAMBOO_ACCOUNT})
        assert found == [
            "ONBOARDING_HRIS_ACCOUNTS: ashby is never heard: it has no secret and no end of its address"
        ]

    def test_no_secret_is_repeated(self, built: Any) -> None:
        said = {"webhook_secrets": {"stanard": KEY}, "webhook_paths": {"nobody": END}}
        text = json.dumps(problems(built, **said, hris_accounts={"bamboohr": {"api_key": KEY}}))
        assert KEY not in text
        assert END not in text


class TestScim:
    def test_with_a_token_accounts_are_a_source_of_their_own(self, built: Any) -> None:
        attribute = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:startDate"
        engine = built(scim_tokens=[KEY, SECRET], scim_start_date=attribute)
        assert engine.scim is not None
        assert engine.scim.admits(f"Bearer {SECRET}")
        assert (list(engine.sources), engine.scim.start_date) == (["scim"], attribute)

    def test_without_one_there_are_none(self, built: Any) -> None:
        engine = built(scim_start_date="urn:x:startDate")
        assert (engine.scim, list(engine.sources)) == (None, [])


class TestReplies:
    def test_a_company_that_said_nothing_takes_no_mails(self, built: Any) -> None:
        assert (built().reply_door, built().mailbox) == (None, None)

    def test_a_mailbox_is_a_maildir_or_speaks_imap(self, built: Any, tmp_path: Path) -> None:
        for part in ("new", "cur"):
            (tmp_path / part).mkdir()
        assert repr(built(replies_mailbox=f"maildir:{tmp_path}").mailbox) == "MaildirMailbox()"
        imap = built(replies_mailbox="imaps://people:password@mail.example.com/INBOX", replies_done="Taken")
        assert repr(imap.mailbox) == "ImapMailbox(mail.example.com)"
        assert "no Maildir" in problems(built, replies_mailbox=f"maildir:{tmp_path / 'nothing'}")[0]

    def test_the_door_for_mails_opens_with_its_secret_end_only(self, built: Any) -> None:
        door = built(replies_paths=[END], hr_email="hr@example.com").reply_door
        assert door.admit(END) > 0
        with pytest.raises(NotFound):
            door.admit("")
