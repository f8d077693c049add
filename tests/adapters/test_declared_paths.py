"""Where in a message does a value stand?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.adapters.sources.declared.paths import ABSENT, Only, find, look, project, read_spot, read_steps

TREE = {
    "person": {
        "name": {"first": "Amihan"},
        "emails": [
            {"type": "Work", "value": "ami@example.com", "verified": True},
            {"type": "personal", "value": "ami@example.org"},
        ],
        "tags": ["a", "b"],
        "manager": None,
        "urn:acme:1.0": {"team": "Checkout"},
        "fields": [
            {"meta": {"key": "Salary"}, "value": 1},
            {"meta": {"key": "Time zone"}, "value": "Asia/Manila"},
        ],
    }
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("person.name.first", "Amihan"),
        ("person.emails.1.value", "ami@example.org"),
        ("person.emails[type=work].value", "ami@example.com"),
        ("person.emails[verified=true].value", "ami@example.com"),
        ("person.emails[type=home].value", ABSENT),
        ("person.fields[meta.key=Time zone].value", "Asia/Manila"),
        ('person."urn:acme:1.0".team', "Checkout"),
        ("person.name[first=Amihan].first", "Amihan"),
        ("person.tags.0", "a"),
        ("person.tags.2", ABSENT),
        ("person.tags.first", ABSENT),
        ("person.manager.id", None),
        ("person.name.first.letter", ABSENT),
        ("nobody.name", ABSENT),
    ],
)
def test_a_path_leads_to_its_value(path: str, value: object) -> None:
    assert look(TREE, read_steps(path)) == value


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "a..b",
        "a.",
        ".a",
        "a[b]",
        "a[b=c",
        "a]b",
        "a b[=c]",
        "a.*",
        "{a}",
        'a"b',
        "a.b[c=d]e",
        "a" + ".a" * 12,
    ],
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"path|deeper"):
        read_steps(path)


@pytest.mark.parametrize(
    ("text", "origin", "written"),
    [
        ("a.b", "", "a.b"),
        ("body:a.b", "body", "body:a.b"),
        ("header:X-Event", "header", "header:x-event"),
        ("employee:emails[type=work].value", "employee", "employee:emails[type=work].value"),
        ('"urn:x".team', "", '"urn:x".team'),
    ],
)
def test_a_spot_is_written_as_it_is_read(text: str, origin: str, written: str) -> None:
    spot = read_spot(text)
    assert (spot.origin, str(spot)) == (origin, written)
    assert read_spot(str(spot)) == spot


def test_a_header_has_the_name_of_a_header() -> None:
    with pytest.raises(ValueError, match="names no header"):
        read_spot("header:x y")


def kept(*paths: str) -> object:
    return project(TREE, [read_steps(path) for path in paths])


def test_only_the_named_values_stay() -> None:
    assert kept("person.name.first", "person.tags") == {
        "person": {"name": {"first": "Amihan"}, "tags": ["a", "b"]}
    }


def test_entries_that_a_filter_does_not_mean_leave_nothing_but_their_place() -> None:
    assert kept("person.fields[meta.key=time zone].value") == {
        "person": {"fields": [None, {"meta": {"key": "Time zone"}, "value": "Asia/Manila"}]}
    }


def test_a_value_and_a_name_below_it_can_both_be_meant() -> None:
    steps = [read_steps("manager"), read_steps("manager.id")]
    assert project({"manager": "7"}, steps) == {"manager": "7"}
    assert project({"manager": {"id": 7, "name": "Ines Duarte"}}, steps) == {"manager": {"id": 7}}


def test_null_stays_because_it_says_that_something_was_taken_away() -> None:
    assert kept("person.manager.id") == {"person": {"manager": None}}


def test_the_first_path_that_holds_something_counts() -> None:
    spots = [read_spot("person.manager"), read_spot("person.name.first")]
    value, spot = find({"": TREE}, spots)
    assert (value, str(spot)) == ("Amihan", "person.name.first")
    assert find({"": TREE}, spots[:1])[0] is None
    assert find({"": TREE}, [read_spot("nothing")]) == (ABSENT, None)
    assert find({}, spots) == (ABSENT, None)


names = st.sampled_from(["a", "b", "type", "value", "0", "1"])
paths = st.lists(
    st.one_of(names, st.builds(lambda name: Only(names=(name,), value="x"), names)), min_size=1, max_size=4
).map(tuple)
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.just("x"), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=4)),
    max_leaves=12,
)


@given(tree=trees, wanted=st.lists(paths, max_size=3))
def test_what_is_kept_reads_as_what_was_sent(tree: object, wanted: list[tuple[str | Only, ...]]) -> None:
    small = project(tree, wanted)
    for steps in wanted:
        value = look(tree, steps)
        if value is None or isinstance(value, str | int | bool):
            assert look(small, steps) == value


@given(text=st.text(max_size=40))
def test_any_text_is_a_spot_or_a_sentence(text: str) -> None:
    try:
        spot = read_spot(text)
    except ValueError:
        return
    assert read_spot(str(spot)) == spot
