from __future__ import annotations

import re
from dataclasses import replace

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import BadAddress
from onboarding.domain.people import Hire, Person
from onboarding.domain.words import Fields
from onboarding.services.fields import address_of, calendar_address, display_name, person_fields
from onboarding.services.letters import message_id
from onboarding.services.photos import of_mail, without
from tests.worlds import COMPANY, MANILA, World, at, person, world

BOTH = person("n1", MANILA, work_email="ami@example.com", personal_email="ami@example.org")


def hire(here: World) -> Hire:
    here.enrol()
    with here.engine.store.read() as books:
        known = books.hires.get("n1")
    assert known is not None
    return known


def test_a_hire_is_written_to_privately_until_the_morning_of_the_first_day_there() -> None:
    with world() as here:
        first = hire(here)
        before, after = at("2027-01-03 15:59"), at("2027-01-03 16:00")  # midnight in Manila
        assert address_of(first, BOTH, before).email == "ami@example.org"
        assert address_of(first, BOTH, after).email == "ami@example.com"
        assert calendar_address(BOTH).email == "ami@example.com"


@pytest.mark.parametrize("missing", ["work_email", "personal_email"])
def test_the_other_address_is_taken_when_there_is_only_one(missing: str) -> None:
    one = replace(BOTH, work_email="" if missing == "work_email" else BOTH.work_email)
    one = replace(one, personal_email="" if missing == "personal_email" else BOTH.personal_email)
    with world() as here:
        first = hire(here)
        emails = {address_of(first, one, at(moment)).email for moment in ("2026-12-20 00:00", "2027-02-01 00:00")}
        assert len(emails | {calendar_address(one).email}) == 1


def test_colleagues_are_always_written_to_at_work() -> None:
    pal = replace(BOTH, id="pal")
    with world() as here:
        assert address_of(hire(here), pal, at("2026-12-20 00:00")).email == "ami@example.com"


def test_somebody_without_an_address_cannot_be_written_to() -> None:
    with world() as here, pytest.raises(BadAddress):
        address_of(hire(here), replace(BOTH, work_email="", personal_email=""), here.now)


def test_a_display_name_holds_no_sign_that_phishers_use() -> None:
    assert display_name("Quill, Ami; ceo@example.com ") == "Quill Ami ceo example.com"


def test_a_message_id_is_the_same_on_every_retry_and_tells_nothing() -> None:
    one, other = (
        message_id(COMPANY, key) for key in ("n1/profile/hire/n1/once", "n1/profile/hire/n1/once.reminder")
    )
    assert one == message_id(COMPANY, "n1/profile/hire/n1/once")
    assert one != other
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", one)


def test_answers_go_to_hr_unless_hr_is_the_sender() -> None:
    with world() as here:
        hire(here)
        here.walk_to(here.row("profile").due_at)
        (mail,) = here.mail.letters
        assert mail.reply_to is not None
        assert mail.reply_to.email == COMPANY.hr_email
    with world() as here:
        same = replace(COMPANY, hr_email=COMPANY.sender.email)
        here.engine = replace(here.engine, company=same)
        hire(here)
        here.walk_to(here.row("profile").due_at)
        assert [one.reply_to for one in here.mail.letters] == [None]


def test_nobody_is_plain_empty_text_for_a_template() -> None:
    nobody, somebody = person_fields(None), person_fields(Person(id="x", first_name="Ami", interests=("tea",)))
    assert set(nobody) == set(somebody)
    assert not [one for one in nobody.values() if one]


def test_photos_beyond_the_size_of_a_mail_are_left_out_and_nothing_is_broken() -> None:
    with SqlStore("sqlite://").begin() as books:
        names = [books.photos.put(f"p{number}", bytes(60_000), at("2027-01-04 08:00")) for number in range(5)]
        html = "".join(f'<img src="cid:{name}@photo">' for name in (names[0], *names, "0abc"))
        pictures, left_out = of_mail(books, html)
    assert [one.content_id for one in pictures] == [f"{name}@photo" for name in names[:3]]
    assert left_out == {f"cid:{name}@photo" for name in (*names[3:], "0abc")}
    fields: Fields = {
        "notes": [{"photo": f"cid:{name}@photo", "text": "x"} for name in names],
        "buddy": {"photo": "cid:0abc@photo"},
    }
    kept = without(fields, left_out)
    assert [one["photo"] != "" for one in kept["notes"]] == [True] * 3 + [False] * 2  # type: ignore[attr-defined]  # tables
    assert kept["buddy"] == {"photo": ""}
