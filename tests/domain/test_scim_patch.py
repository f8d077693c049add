"""Does an account become what Okta and Entra say, and does nothing else of what they send stay?"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.scim import patch
from onboarding.domain.scim.agreement import Scim
from onboarding.domain.scim.fitting import MOST_ENTRIES
from onboarding.domain.scim.refused import ScimRefused
from onboarding.domain.scim.schema import CORE, ENTERPRISE

ACME = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"
SHAPE = Scim(tokens=("t",), start_date=f"{ACME}:startDate", time_zone=f"{ACME}:zone").shape
DOCUMENTED = Path(__file__).parents[2].parent / "shared" / "data" / "hris"
ADA: dict[str, Any] = {
    "userName": "ada@example.com",
    "externalId": "x-1",
    "name": {"givenName": "Ada", "familyName": "Quill"},
    "title": "Designer",
    "active": True,
    "emails": [
        {"value": "ada@example.com", "type": "work", "primary": True},
        {"value": "ada@example.org", "type": "home"},
    ],
    ENTERPRISE: {"department": "Product", "manager": {"value": "m-1", "displayName": "Max Quill"}},
}
WORK, HOME = ADA["emails"]


def after(*operations: dict[str, Any], before: dict[str, Any] = ADA) -> dict[str, Any]:
    return patch.patched(SHAPE, before, {"Operations": list(operations)})


def op(word: str, path: str | None = None, value: Any = ...) -> dict[str, Any]:
    given = {"op": word, "path": path, "value": value}
    return {name: one for name, one in given.items() if one is not None or name == "value" if one is not ...}


def refusal(*operations: Any, before: dict[str, Any] = ADA) -> tuple[int, str]:
    with pytest.raises(ScimRefused) as caught:
        after(*operations, before=before)
    return caught.value.status, caught.value.scim_type


def test_only_what_is_on_the_allow_list_stays_of_a_post() -> None:
    tree = {
        **ADA,
        "password": "hush",
        "phoneNumbers": [{"value": "555"}],
        "photos": [{"value": "https://example.com/p"}],
        "groups": [],
        "roles": [{"value": "admin"}],
        "x509Certificates": [{"value": "MII"}],
        "id": "chosen",
        "meta": {"resourceType": "User"},
        "schemas": [CORE],
        "birthday": "1990-01-01",
        "emails": [{**WORK, "display": "Ada"}, HOME, {"value": "old@example.net", "type": "other"}],
        "addresses": [{"type": "work", "country": "DE", "locality": "Berlin", "streetAddress": "Nowhere 1"}],
        "name": {**ADA["name"], "nonsense": "x"},
        ENTERPRISE: {**ADA[ENTERPRISE], "costCenter": "7", "salary": 1},
        "urn:example:unknown:User": {"secret": "x"},
    }
    address = {"type": "work", "country": "DE", "locality": "Berlin"}
    assert patch.made(SHAPE, tree) == {**ADA, "addresses": [address]}


def test_letter_case_of_names_does_not_count_and_is_mended() -> None:
    tree = {"USERNAME": "ada", "Name": {"GIVENNAME": "Ada"}, ENTERPRISE.upper(): {"DEPARTMENT": "Product"}}
    assert patch.made(SHAPE, tree) == {
        "userName": "ada",
        "name": {"givenName": "Ada"},
        "active": True,
        ENTERPRISE: {"department": "Product"},
    }


def test_the_attributes_of_the_company_are_kept_under_their_urn() -> None:
    tree = {"userName": "ada", ACME: {"startDate": "2027-01-04", "zone": "Asia/Manila", "other": "x"}}
    assert patch.made(SHAPE, tree)[ACME] == {"startDate": "2027-01-04", "zone": "Asia/Manila"}


@pytest.mark.parametrize(
    ("active", "kept"),
    [(True, True), ("tRUE", True), ("false", False), ("False", False), (None, True), ("", True)],
)
def test_active_may_be_text_and_is_true_when_a_post_says_nothing(active: Any, kept: bool) -> None:  # noqa: FBT001 -- a table
    assert patch.made(SHAPE, {"userName": "ada", "active": active})["active"] is kept


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"userName": ""},
        {"userName": " "},
        {"userName": None},
        {"userName": True},
        {"userName": ["a", "b"]},
        {"userName": "a" * 257},
        {"userName": "a\x00b"},
        {"userName": "a\nb"},
        {"userName": "\ud800"},
        {"userName": "a", "active": "perhaps"},
        {"userName": "a", "active": 0},
        {"userName": "a", "name": "Ada"},
        {"userName": "a", "name": [1]},
        {"userName": "a", "emails": [3]},
        {"userName": "a", "emails": 3},
        {"userName": "a", "title": {"value": "x"}},
        {"userName": "a", "title": "t" * 1025},
        {"userName": "a", ENTERPRISE: "x"},
        {"userName": "a", "emails": [{"value": f"{number}@example.com"} for number in range(MOST_ENTRIES + 1)]},
    ],
)
def test_a_value_that_its_attribute_cannot_hold_is_refused(tree: dict[str, Any]) -> None:
    with pytest.raises(ScimRefused) as caught:
        patch.made(SHAPE, tree)
    assert (caught.value.status, caught.value.scim_type) == (400, "invalidValue")


@pytest.mark.parametrize("tree", [None, [], "x", 3, True])
def test_a_body_that_is_no_object_is_refused(tree: object) -> None:
    with pytest.raises(ScimRefused) as made:
        patch.made(SHAPE, tree)
    with pytest.raises(ScimRefused) as patched:
        patch.patched(SHAPE, ADA, tree)
    assert (made.value.scim_type, patched.value.scim_type) == ("invalidSyntax", "invalidSyntax")


def test_a_number_becomes_text_and_a_lone_value_a_list() -> None:
    tree = {"userName": 7, "emails": {"value": "a@example.com", "type": "work"}, ENTERPRISE: {"manager": "m-1"}}
    assert patch.made(SHAPE, tree) == {
        "userName": "7",
        "active": True,
        "emails": [{"value": "a@example.com", "type": "work"}],
        ENTERPRISE: {"manager": {"value": "m-1"}},
    }


def test_a_put_replaces_everything_but_an_active_that_it_does_not_name() -> None:
    left = {**ADA, "active": False}
    assert patch.replaced(SHAPE, left, {"userName": "ada"}) == {"userName": "ada", "active": False}
    assert patch.replaced(SHAPE, ADA, {"userName": "ada", "active": "False"}) == {
        "userName": "ada",
        "active": False,
    }


@pytest.mark.parametrize("word", ["add", "replace", "Add", "Replace", "REPLACE"])
@pytest.mark.parametrize("value", [False, "fALSE", "false", [{"$ref": None, "value": "False"}]])
@pytest.mark.parametrize("path", ["active", "ACTIVE", f"{CORE}:active", None])
def test_every_way_of_switching_an_account_off_is_understood(word: str, value: Any, path: str | None) -> None:
    operation = op(word, path, value if path else {"active": value})
    assert after(operation) == {**ADA, "active": False}


def test_an_active_that_is_removed_says_nothing_and_nobody_is_switched_on_by_it() -> None:
    left = {**ADA, "active": False}
    assert after(op("remove", "active"), before=left) == left
    assert after(op("replace", "active", None), before=left) == left


def test_a_path_changes_one_thing_and_leaves_the_rest() -> None:
    assert after(op("Replace", "name.familyName", "Stone"))["name"] == {"givenName": "Ada", "familyName": "Stone"}
    assert after(op("Add", "nickName", "Adi"))["nickName"] == "Adi"
    assert after(op("Add", f"{ENTERPRISE}:employeeNumber", "1042"))[ENTERPRISE]["employeeNumber"] == "1042"
    assert "title" not in after(op("Remove", "title"))
    assert "title" not in after(op("replace", "title", ""))


def test_a_value_without_path_may_have_dotted_keys_and_keys_with_a_urn() -> None:
    value = {
        "name.givenName": "Adele",
        "displayName": "Adele Quill",
        f"{ENTERPRISE}:department": "Sales",
        f"{ENTERPRISE}:manager": {"value": "m-2"},
        f"{ACME.upper()}:startDate": "2027-02-01",
        'emails[type eq "work"].value': "adele@example.com",
        'phoneNumbers[type eq "work"].value': "555",
        "not a path at all [": "x",
        "schemas": [CORE],
        "id": "x",
    }  # fmt: skip
    assert after(op("replace", value=value)) == {
        **ADA,
        "name": {"givenName": "Adele", "familyName": "Quill"},
        "displayName": "Adele Quill",
        "emails": [{**WORK, "value": "adele@example.com"}, HOME],
        ENTERPRISE: {"department": "Sales", "manager": {"value": "m-2", "displayName": "Max Quill"}},
        ACME: {"startDate": "2027-02-01"},
    }


def test_a_whole_extension_is_added_to_and_removed() -> None:
    assert after(op("add", value={ENTERPRISE: {"division": "D"}}))[ENTERPRISE] == {
        **ADA[ENTERPRISE],
        "division": "D",
    }
    assert after(op("replace", ENTERPRISE, {"division": "D", CORE: {"title": "x"}}))["title"] == "Designer"
    assert ENTERPRISE not in after(op("remove", ENTERPRISE))


@pytest.mark.parametrize("value", ["m-2", {"value": "m-2"}, [{"$ref": None, "value": "m-2"}]])
def test_a_manager_may_be_an_object_or_a_bare_text_as_entra_sends_it(value: Any) -> None:
    assert after(op("Add", f"{ENTERPRISE}:manager", value))[ENTERPRISE]["manager"]["value"] == "m-2"


def test_a_manager_is_taken_away() -> None:
    assert after(op("Remove", f"{ENTERPRISE}:manager"))[ENTERPRISE] == {"department": "Product"}
    assert after(op("replace", f"{ENTERPRISE}:manager", ""))[ENTERPRISE] == {"department": "Product"}


def test_parts_that_a_complex_value_does_not_name_stay() -> None:
    assert after(op("replace", "name", {"givenName": "Adele"}))["name"] == {
        "givenName": "Adele",
        "familyName": "Quill",
    }


def test_the_work_address_is_replaced_by_its_filter() -> None:
    changed = after(op("Replace", 'emails[type eq "work"].value', "new@example.com"))
    assert changed["emails"] == [{**WORK, "value": "new@example.com"}, HOME]
    again = after(op("replace", 'EMAILS[Type EQ "Work" and primary eq true]', {"value": "new@example.com"}))
    assert again["emails"] == [{"type": "Work", "primary": True, "value": "new@example.com"}, HOME]


def test_a_filter_that_picks_nothing_is_refused_for_replace_makes_an_entry_for_add_and_nothing_for_remove() -> (
    None
):
    bare = {"userName": "ada", "active": True}
    path = 'emails[type eq "work"].value'
    assert refusal(op("replace", path, "a@example.com"), before=bare) == (400, "noTarget")
    added = after(op("Add", path, "a@example.com"), before=bare)
    assert added["emails"] == [{"type": "work", "value": "a@example.com"}]
    assert after(op("remove", path), before=bare) == bare


def test_two_operations_may_make_one_entry() -> None:
    bare = {"userName": "ada", "active": True}
    operations = [
        op("Add", 'emails[type eq "work"].primary', "True"),
        op("Add", 'emails[type eq "work"].value', "a@example.com"),
    ]
    assert after(*operations, before=bare)["emails"] == [
        {"type": "work", "primary": True, "value": "a@example.com"}
    ]
    assert after(operations[0], before=bare) == bare


def test_an_entry_of_a_type_that_is_not_kept_is_dropped_without_a_word() -> None:
    for word in ("Add", "Replace", "Remove"):
        assert after(op(word, 'emails[type eq "other"].value', "x@example.com")) == ADA
        assert after(op(word, 'phoneNumbers[type eq "mobile"].value', "555")) == ADA
        assert after(op(word, "urn:example:unknown:User:thing", "x")) == ADA
        assert after(op(word, 'addresses[type eq "work"].streetAddress', "x")) == ADA


def test_adding_to_a_list_appends_and_never_doubles() -> None:
    third = {"value": "third@example.com", "type": "work"}
    assert after(op("add", "emails", [third]))["emails"] == [WORK, HOME, third]
    assert after(op("add", "emails", {"value": "ADA@example.com", "type": "work"}))["emails"] == [
        {**WORK, "value": "ADA@example.com"},
        HOME,
    ]


def test_an_entry_that_becomes_primary_takes_it_from_the_other() -> None:
    added = after(op("add", "emails", [{**HOME, "primary": True}]))
    assert added["emails"] == [{"value": WORK["value"], "type": "work"}, {**HOME, "primary": True}]
    pathed = after(op("Replace", 'emails[type eq "home"].primary', "True"))
    assert pathed["emails"] == added["emails"]


def test_a_list_is_replaced_as_a_whole() -> None:
    assert after(op("replace", "emails", [HOME]))["emails"] == [HOME]
    assert "emails" not in after(op("replace", "emails", []))


def test_removing_from_a_list_takes_all_or_those_that_are_named() -> None:
    assert "emails" not in after(op("remove", "emails"))
    assert after(op("Remove", "emails", [{"value": HOME["value"]}]))["emails"] == [WORK]
    assert after(op("remove", 'emails[type eq "home"]'))["emails"] == [WORK]
    assert after(op("remove", 'emails[value eq "ada@example.org"].value'))["emails"] == [WORK]
    assert after(op("remove", 'emails[type eq "home" and value eq "no"]')) == ADA


def test_the_part_of_every_entry_can_be_meant() -> None:
    assert [entry["value"] for entry in after(op("replace", "emails.value", "x@example.com"))["emails"]] == [
        "x@example.com"
    ] * 2


def test_the_last_of_two_operations_on_one_attribute_counts() -> None:
    assert after(op("replace", "active", False), op("replace", "active", "True")) == ADA


REFUSED: list[tuple[Any, str]] = [
    ({"op": "remove"}, "noTarget"),
    ({"op": "Remove", "path": " "}, "noTarget"),
    ({"op": "move", "path": "title"}, "invalidSyntax"),
    ({"op": 3}, "invalidSyntax"),
    ({}, "invalidSyntax"),
    ("add", "invalidSyntax"),
    ({"op": "add", "value": "x"}, "invalidValue"),
    ({"op": "add"}, "invalidValue"),
    ({"op": "add", "path": 3, "value": "x"}, "invalidPath"),
    ({"op": "add", "path": "emails[", "value": "x"}, "invalidPath"),
    ({"op": "add", "path": "a b", "value": "x"}, "invalidPath"),
    ({"op": "add", "path": "a.b.c", "value": "x"}, "invalidPath"),
    ({"op": "add", "path": 'emails[type gt "x"].value', "value": "x"}, "invalidFilter"),
    ({"op": "add", "path": "emails[type]", "value": "x"}, "invalidFilter"),
    ({"op": "add", "path": 'emails[type eq "work" or type eq "home"]', "value": "x"}, "invalidFilter"),
    ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
    ({"op": "replace", "path": "meta", "value": {}}, "mutability"),
    ({"op": "remove", "path": "userName"}, "mutability"),
    ({"op": "replace", "path": "userName", "value": None}, "mutability"),
    ({"op": "replace", "path": "active", "value": "no"}, "invalidValue"),
    ({"op": "replace", "path": "emails", "value": [None, 3]}, "invalidValue"),
    ({"op": "replace", "path": ENTERPRISE, "value": "x"}, "invalidValue"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "scim_type"), REFUSED)
def test_an_operation_that_cannot_be_obeyed_is_refused_and_none_of_the_others_counts(
    operation: Any, scim_type: str
) -> None:
    before = deepcopy(ADA)
    assert refusal(op("replace", "active", False), operation, before=before) == (400, scim_type)
    assert before == ADA


@pytest.mark.parametrize("tree", [{}, {"Operations": []}, {"Operations": "x"}, {"Operations": [1]}])
def test_a_patch_without_operations_is_refused(tree: Any) -> None:
    with pytest.raises(ScimRefused, match="Operations must be a list"):
        patch.patched(SHAPE, ADA, tree)


def test_a_patch_has_an_end() -> None:
    assert refusal(*[op("replace", "title", "x")] * (patch.MOST_OPERATIONS + 1)) == (413, "")
    path = "emails[" + " and ".join(['type eq "work"'] * 11) + "].value"
    assert refusal(op("replace", path, "x")) == (400, "invalidFilter")


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("work"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "type", "primary", "name", "emails", "active", "userName", ENTERPRISE, ACME])
            | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
PATHS = st.sampled_from(
    ["active", "emails", "emails.value", 'emails[type eq "work"].value', "name", "name.givenName", "userName",
     "addresses[primary eq true]", f"{ENTERPRISE}:manager", f"{ENTERPRISE}:manager.value", ENTERPRISE, ACME, CORE,
     'emails[value eq "x"]', "emails[primary eq null].type"]
) | st.text(max_size=12)  # fmt: skip
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["Add", "replace", "Remove"])}, optional={"path": PATHS, "value": TREES}
)


@given(operations=st.lists(OPERATIONS, min_size=1, max_size=4))
def test_whatever_a_patch_holds_it_gives_a_resource_that_is_kept_or_a_refusal(operations: list[Any]) -> None:
    before = deepcopy(ADA)
    try:
        result = patch.patched(SHAPE, before, {"Operations": operations})
    except ScimRefused:
        result = before
    assert patch.replaced(SHAPE, {}, json.loads(json.dumps(result))) == result
    assert len([one for one in result.get("emails", []) if one.get("primary")]) <= 1
    assert before == ADA


@given(tree=TREES)
def test_whatever_a_body_holds_it_is_pared_once_and_for_all_or_refused(tree: Any) -> None:
    try:
        result = patch.made(SHAPE, tree)
    except ScimRefused:
        return
    assert patch.made(SHAPE, json.loads(json.dumps(result))) == result


def documented(name: str) -> Any:
    file = DOCUMENTED / name
    if not file.is_file():
        pytest.skip("the documented payloads are not on this machine")
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name",
    [
        "scim-entra-post-users.json",
        "scim-okta-post-users.json",
        "scim-okta-put-user.json",
        "scim-rfc7643-8.3-enterprise_user.json",
        "scim-rfc7644-3.3-user-post_request.json",
        "scim-rfc7644-3.5.1-user-put_request.json",
    ],
)
def test_the_documented_users_are_taken_and_pared(name: str) -> None:
    tree = documented(name)
    result = patch.made(SHAPE, tree)
    assert result["userName"] == tree["userName"]
    assert result["active"] is True
    assert not {"password", "groups", "roles", "phoneNumbers", "photos", "x509Certificates"} & set(result)


@pytest.mark.parametrize("name", ["scim-entra-patch-disable-documented.json", "scim-okta-patch-deactivate.json"])
def test_the_documented_ways_of_switching_off_switch_off(name: str) -> None:
    assert patch.patched(SHAPE, ADA, documented(name))["active"] is False
