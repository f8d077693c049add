from __future__ import annotations

import pytest

from onboarding import paths
from onboarding.domain.facts import hire_facts
from onboarding.domain.fields import (
    ALL_VERBS,
    FIELDS,
    FORM_FIELDS,
    IN_CONDITIONS,
    empty,
    fields_of,
    fields_of_message,
    sample,
)
from onboarding.domain.journey import Verb
from onboarding.domain.people import Person


def test_a_field_is_there_once_and_says_what_it_means() -> None:
    paths = [one.path for one in FIELDS]
    assert len(paths) == len(set(paths))
    assert all(one.meaning for one in FIELDS)


@pytest.mark.parametrize(
    ("verb", "own"),
    [
        (Verb.ASK, {"ask", "exchange", "todo"}),
        (Verb.WRITE, {"notes", "peers", "channels", "profile", "exchange"}),
        (Verb.MEET, {"meeting", "other"}),
        (Verb.WATCH, {"watch"}),
    ],
)
def test_each_verb_has_the_common_fields_and_its_own(verb: Verb, own: set[str]) -> None:
    roles = {"manager", "buddy", "partner", "work_partner", "mentor"}
    common = {"company", "you", "hire", *roles, "preferences_url", "profile_url"}
    assert set(empty(verb)) == common | own


def test_a_match_writes_to_nobody() -> None:
    assert Verb.MATCH not in ALL_VERBS
    assert fields_of(Verb.MATCH) == ()


def test_empty_fields_hold_nothing_and_samples_hold_something() -> None:
    assert empty(Verb.WRITE)["notes"] == []
    assert empty(Verb.MEET)["meeting"] == {
        "when": "",
        "when_other": "",
        "minutes": 0,
        "video_url": "",
        "agenda": [],
        "guide": [],
        "icebreaker": "",
        "moved": "",
        "cancelled": False,
        **dict.fromkeys(("answer_url", "accept_url", "another_url", "decline_url"), ""),
        "in_hours": False,
        "calendars_unread": False,
    }
    assert sample(fields_of(Verb.WATCH))["watch"] == {
        "title": "Check-in after 30 days",
        "person": "Noor Haddad",
        "tasks": [{"text": "Welcome! I look forward to working with you.", "by": "Friday 4 September 2026"}],
        "answers": [
            {
                "question": "What would make the next month better?",
                "answer": "More time with the team.",
                "fell_from": "5/5",
            }
        ],
        "take_url": "https://onboarding.example.com/ask/sample?taken=yes",
        "again": False,
        "somebody_else": True,
        "told": "Ines Costa",
        "told_at": "Tuesday 8 September 2026, 10:00 (Amman)",
        "refused": False,
    }


def test_a_message_of_two_verbs_has_what_they_have_in_common() -> None:
    both = {one.path for one in fields_of_message("low", [Verb.WATCH, Verb.WRITE])}
    assert "hire.name" in both
    assert not both & {"watch.title", "notes"}


def test_the_messages_outside_journeys_have_their_own_fields() -> None:
    assert "ask.url" in {one.path for one in fields_of_message("reminder", [])}
    assert "other.name" in {one.path for one in fields_of_message("coffee_round", [])}
    assert "coffee.skip_url" in {one.path for one in fields_of_message("coffee_warning", [])}
    assert "coffee.skip_url" not in {one.path for one in fields_of_message("coffee_pause", [])}
    digest = sample(fields_of_message("daily_review", []))
    assert set(digest) == {"company", "you", "review"}


def test_forms_know_the_hire_the_reader_and_the_company() -> None:
    assert {one.path.partition(".")[0] for one in FORM_FIELDS} == {"company", "you", "hire", "exchange"}
    assert {one.path for one in FORM_FIELDS if one.path.startswith("exchange")} == {
        "exchange.others",
        "exchange.icebreaker",
    }


def test_conditions_know_of_a_hire_what_planning_tells_them() -> None:
    assert set(hire_facts(Person(id="noor", first_name="Noor"))) == IN_CONDITIONS


def test_the_guide_for_hr_lists_every_field_with_its_verbs() -> None:
    guide = (paths.shipped_templates() / "README.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in guide.splitlines()
        if line.startswith("| `")
    ]
    told = {row[0].strip("`"): row[1] for row in rows if len(row) == 3}
    verbs = [verb for verb in Verb if verb in ALL_VERBS]
    for one in FIELDS:
        if one.verbs:
            assert told.get(one.path) == ", ".join(verb for verb in verbs if verb in one.verbs), one.path


def test_only_addresses_may_be_the_target_of_a_link() -> None:
    assert {one.path for one in FIELDS if one.is_url} == {
        *("ask.url", "exchange.url", "meeting.video_url", "preferences_url", "profile_url", "watch.take_url"),
        *(f"meeting.{part}_url" for part in ("answer", "accept", "another", "decline")),
        *(f"ask.{said}_url" for said in ("yes", "no", "move", "agree", "not_now")),
        *("coffee.skip_url", "coffee.yes_url", "coffee.no_url", "coffee.back_url"),
    }
