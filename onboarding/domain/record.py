"""What does the canonical record of a newcomer look like, and what is wrong with one that does not fit?

The fields are an allow-list: whatever else an HR system sends is dropped here and never kept in a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from onboarding.domain import mistaken, values
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Fact, Told
from onboarding.domain.people import Person, WorkingHours

HIRE_NEEDS = ("id", "first_name", "start_date", "time_zone")
"""What a new hire's record must say, besides one of the two e-mail addresses."""
PERSON_NEEDS = ("id", "first_name", "time_zone")
"""What a record of the directory must say, besides one of the two e-mail addresses."""
NEEDS: Mapping[object, tuple[str, ...]] = {Told.CREATED: HIRE_NEEDS, Told.KNOWN: PERSON_NEEDS}
"""What each kind of event must say; an update says what it likes, a withdrawal only the id."""
KEPT = ("first_name", "start_date", "time_zone")
"""Fields that an update may change and must not empty."""

_Line = Annotated[str, BeforeValidator(values.one_line)]
_Name = Annotated[_Line, Field(max_length=100)]
_Words = Annotated[_Line, Field(max_length=200)]
_Id = Annotated[
    str,
    BeforeValidator(values.identifier),
    WithJsonSchema({"type": "string", "pattern": values.ID_PATTERN}),
]
_Email = Annotated[
    str,
    BeforeValidator(values.email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": values.LONGEST_EMAIL}),
]
_ClockTime = Annotated[
    time,
    BeforeValidator(values.clock_time),
    WithJsonSchema({"type": "string", "pattern": values.CLOCK_PATTERN}),
]
_Day = Annotated[date, BeforeValidator(values.day), WithJsonSchema({"type": "string", "format": "date"})]
_Moment = Annotated[
    datetime, BeforeValidator(values.moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
_Interests = Annotated[
    list[str],
    BeforeValidator(values.interests),
    WithJsonSchema(
        {
            "type": "array",
            "maxItems": values.MOST_INTERESTS,
            "items": {"type": "string", "maxLength": values.LONGEST_INTEREST},
        }
    ),
]

_Languages = Annotated[
    list[str],
    BeforeValidator(values.languages),
    WithJsonSchema({"type": "array", "maxItems": values.MOST_LANGUAGES, "items": {"type": "string"}}),
]
_Level = Annotated[
    int,
    BeforeValidator(values.seniority),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": values.HIGHEST_LEVEL}),
]


class Hours(BaseModel):
    """The local hours of a working day."""

    start: _ClockTime = Field(description="When the working day starts, local time.", examples=["09:00"])
    end: _ClockTime = Field(description="When the working day ends, local time.", examples=["17:30"])

    @model_validator(mode="after")
    def _start_lies_before_end(self) -> Hours:
        if self.start >= self.end:
            raise PydanticCustomError("order", "must start before they end")
        return self


class HireRecord(BaseModel):
    """One person, in our words. Empty text or null means "not known"; fields that are not listed are dropped."""

    model_config = ConfigDict(extra="ignore")

    id: _Id = Field(
        description="The person's id; never reused, never an e-mail address: it appears in logs and in Prefect.",
        examples=["emp-1042"],
    )
    first_name: _Name | None = Field(None, description="Given name.", examples=["Amihan"])
    last_name: _Name | None = Field(None, description="Family name.", examples=["Reyes"])
    preferred_name: _Name | None = Field(None, description="What colleagues call them.", examples=["Ami"])
    work_email: _Email | None = Field(
        None,
        description="Address at the company; used as soon as it is known.",
        examples=["ami.reyes@example.com"],
    )
    personal_email: _Email | None = Field(
        None, description="Private address; used while there is no other.", examples=["ami@example.org"]
    )
    start_date: _Day | None = Field(
        None, description="The first working day, local date.", examples=["2026-03-02"]
    )
    time_zone: Annotated[str, BeforeValidator(values.zone)] | None = Field(
        None, description="Where they work: an IANA time zone.", examples=["Asia/Manila"]
    )
    country: Annotated[str, BeforeValidator(values.country)] | None = Field(
        None, description="Whose public holidays count: ISO 3166-1 alpha-2.", examples=["PH"]
    )
    subdivision: Annotated[str, BeforeValidator(values.subdivision)] | None = Field(
        None, description="The part of the ISO 3166-2 code after the hyphen.", examples=["BY"]
    )
    language: Annotated[str, BeforeValidator(values.language)] | None = Field(
        None, description="The language of their mails: a tag such as en, es, pt-br.", examples=["en"]
    )
    languages: _Languages | None = Field(
        None, description="Further languages that they speak: tags as above.", examples=[["es", "tl"]]
    )
    job_title: _Words | None = Field(
        None, description="What they are called in the company.", examples=["Designer"]
    )
    craft: _Words | None = Field(
        None, description="What they do, where the job title says it badly.", examples=["Interaction design"]
    )
    seniority: _Level | None = Field(
        None, description="How senior they are, from 1 to 10; 0 when it is not known.", examples=[4]
    )
    department: _Words | None = Field(None, description="Department.", examples=["Product"])
    team: _Words | None = Field(None, description="Team.", examples=["Checkout"])
    location: _Words | None = Field(
        None, description="City or office, for colleagues to read.", examples=["Manila"]
    )
    manager_id: _Id | None = Field(None, description="The manager's id in the directory.", examples=["emp-7"])
    manager_email: _Email | None = Field(
        None, description="The manager's work address, when there is no id.", examples=["ines.duarte@example.com"]
    )
    interests: _Interests | None = Field(
        None, description="What they like to talk about.", examples=[["climbing", "bread"]]
    )
    working_hours: Hours | None = Field(None, description="Local working hours; 09:00 to 17:00 when not known.")

    @model_validator(mode="before")
    @classmethod
    def _blank_means_not_known(cls, tree: object) -> object:
        if not isinstance(tree, dict):
            return tree
        known = {name: tree[name] for name in cls.model_fields if name in tree}
        blank = {name: None if mistaken.blank(value) else value for name, value in known.items()}
        if blank.get("id", "") is None:
            del blank["id"]
        return blank


class DirectoryRecord(HireRecord):
    """A colleague of the directory; `opt_out` means: never choose them for a newcomer."""

    opt_out: bool | None = Field(None, description="Does not want to be chosen as buddy, peer, partner or mentor.")


Model = TypeVar("Model", bound=BaseModel)
_ONE_ADDRESS: dict[str, Any] = {"anyOf": [{"required": ["work_email"]}, {"required": ["personal_email"]}]}
_WHEN_TOLD: list[dict[str, Any]] = [
    {
        "if": {"properties": {"type": {"const": told}}},
        "then": {"properties": {"data": {"required": list(needs), **_ONE_ADDRESS}}},
    }
    for told, needs in ((Told.CREATED.value, HIRE_NEEDS), (Told.KNOWN.value, PERSON_NEEDS))
]


class HireEvent(BaseModel):
    """Something happened to a hire. `hire.created` needs id, first name, start date, time zone and one address.

    `person.known` says how somebody stands now: whoever starts soon is a hire, anybody else a colleague.
    """

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [*_WHEN_TOLD]},
    )

    type: Told = Field(description="What happened.", examples=["hire.created"])
    timestamp: _Moment | None = Field(
        None, description="When it happened, with its offset; the time of receipt when missing."
    )
    data: DirectoryRecord


ORDER = (*HireEvent.model_fields, *DirectoryRecord.model_fields)
"""The order in which mistakes are listed."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `HireEvent`."""
    return HireEvent.model_json_schema()


def read_event(tree: object, received_at: datetime) -> Fact:
    """Read one event in our own words.

    The source's `timestamp` counts unless it lies after `received_at` (UTC): a clock that is ahead must not make
    later news look old.

    Raises:
        BadRecord: with one sentence for each field that does not fit, all at once.
    """
    tree = _pared(tree)
    event, mistakes = _read(HireEvent, tree)
    told, data = (tree.get("type"), tree.get("data")) if isinstance(tree, dict) else (None, None)
    if isinstance(data, dict):
        needs = NEEDS.get(told) if isinstance(told, str) else None
        mistakes |= mistaken.missing(data, needs) if needs else {}
        mistakes |= mistaken.emptied(data, KEPT) if told == Told.UPDATED else {}
        mistakes |= mistaken.contradictions(data)
    if event is None or mistakes:
        raise BadRecord(mistaken.sentences(mistakes, ORDER))
    hire_id = event.data.id
    person = None if event.type is Told.WITHDRAWN else _person(event.data)
    given = _given(event.data, emptied=event.type is not Told.CREATED) if person else frozenset()
    at = min(event.timestamp or received_at, received_at)
    return Fact(told=event.type, external_id=hire_id, hire_id=hire_id, at=at, person=person, given=given)


def read_person(tree: object, needs: Iterable[str] | None = PERSON_NEEDS) -> Person:
    """Read one record without an envelope: a colleague of the directory, or a hire with `needs=HIRE_NEEDS`.

    With None it is somebody who is known, of whom the record says what it likes.

    Raises:
        BadRecord: with one sentence for each field that does not fit, all at once.
    """
    record, mistakes = _read(DirectoryRecord, tree)
    if isinstance(tree, dict):
        mistakes |= {} if needs is None else mistaken.missing(tree, needs)
        mistakes |= mistaken.contradictions(tree)
    if record is None or mistakes:
        raise BadRecord(mistaken.sentences(mistakes, ORDER))
    return _person(record)


def _pared(tree: object) -> object:
    """Without an empty timestamp; of a withdrawal only the id, so that no other field can hinder it."""
    if not isinstance(tree, dict):
        return tree
    pared = {name: value for name, value in tree.items() if name != "timestamp" or value not in ("", None)}
    data = tree.get("data")
    if tree.get("type") == Told.WITHDRAWN and isinstance(data, dict):
        pared["data"] = {name: value for name, value in data.items() if name == "id"}
    return pared


def _read(model: type[Model], tree: object) -> tuple[Model | None, dict[str, str]]:
    """The record, or what is wrong with it: field -> how the sentence goes on."""
    try:
        return model.model_validate(tree), {}
    except ValidationError as error:
        return None, mistaken.named(error.errors(include_url=False, include_input=False))


def _given(record: HireRecord, *, emptied: bool) -> frozenset[str]:
    """The fields that the source really gave; with `emptied`, those that it gave as empty too."""
    named = record.model_fields_set - {"id"}
    given = {name for name in named if emptied or getattr(record, name) is not None}
    return frozenset("opted_out" if name == "opt_out" else name for name in given)


def _person(record: HireRecord) -> Person:
    known = {field.name for field in fields(Person)}
    found = {name: getattr(record, name) for name in record.model_fields_set & known}
    found = {name: value for name, value in found.items() if value is not None}
    if "subdivision" in found:
        found["subdivision"] = found["subdivision"].rpartition("-")[2]
    found |= {name: tuple(found[name]) for name in ("languages", "interests") if name in found}
    if record.working_hours is not None:
        found["working_hours"] = WorkingHours(start=record.working_hours.start, end=record.working_hours.end)
    if isinstance(record, DirectoryRecord):
        found["opted_out"] = bool(record.opt_out)
    return Person(**{"first_name": "", **found})
