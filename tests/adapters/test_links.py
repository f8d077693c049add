from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from onboarding.adapters.links import SignedLinks
from onboarding.domain.errors import BadLink, Expired

NOW = datetime(2031, 3, 3, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=5)
ASK = "noor/first_week/hire/noor/once"


def links(*secrets: str) -> SignedLinks:
    return SignedLinks(secrets or "a secret of sixteen", "https://people.example.com/")


def token(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_leads_to_its_ask_until_it_ends() -> None:
    url = links().ask(ASK, LATER)
    assert url.startswith("https://people.example.com/ask/")
    assert links().read_ask(token(url), NOW) == ASK
    assert links().read_ask(token(url), LATER - timedelta(seconds=1)) == ASK
    with pytest.raises(Expired):
        links().read_ask(token(url), LATER)
    assert links().read_closed_ask(token(url)) == ASK


def test_a_way_out_does_not_end() -> None:
    url = links().unsubscribe("bo")
    assert url.startswith("https://people.example.com/optional/")
    assert links().read_unsubscribe(token(url)) == "bo"


def test_the_page_of_preferences_does_not_end() -> None:
    url = links().preferences("bo")
    assert url.startswith("https://people.example.com/preferences/")
    assert links().read_preferences(token(url)) == "bo"


def test_the_page_of_what_colleagues_see_ends_and_is_no_other_page() -> None:
    url = links().profile("bo", LATER)
    assert url.startswith("https://people.example.com/profile/")
    assert links().read_profile(token(url), NOW) == "bo"
    with pytest.raises(Expired):
        links().read_profile(token(url), LATER)
    assert links().read_old_profile(token(url)) == ("bo", LATER)
    for other in (links().preferences("bo"), links().ask(ASK, LATER), "x/forged"):
        with pytest.raises(BadLink):
            links().read_profile(token(other), NOW)
    with pytest.raises(BadLink):
        links().read_preferences(token(url))


def test_the_page_of_a_coffee_round_does_not_end() -> None:
    url = links().coffee(date(2031, 3, 10), "bo")
    assert url.startswith("https://people.example.com/coffee/")
    assert links().read_coffee(token(url)) == (date(2031, 3, 10), "bo")


def test_the_page_of_an_invitation_does_not_end_and_is_nothing_else() -> None:
    url = links().meeting("m1", "bo")
    assert url.startswith("https://people.example.com/meetings/")
    assert links().read_meeting(token(url)) == ("m1", "bo")
    for other in (links().ask(ASK, LATER), links().coffee(date(2031, 3, 10), "bo"), "x/forged"):
        with pytest.raises(BadLink):
            links().read_meeting(token(other))


def test_the_address_of_a_calendar_names_its_person_and_its_number() -> None:
    url = links().calendar("bo", 3)
    assert url.startswith("https://people.example.com/calendar/")
    assert url.endswith(".ics")
    assert links().read_calendar(token(url).removesuffix(".ics")) == ("bo", 3)
    for other in (links().meeting("m1", "bo"), links().preferences("bo"), "x/forged"):
        with pytest.raises(BadLink):
            links().read_calendar(token(other))


def test_a_link_for_something_else_is_none_for_a_coffee_round() -> None:
    signed = links()._coffee.dumps(["next Monday", "bo"])
    others = [links().ask(ASK, LATER), links().preferences("bo"), f"x/{signed!s}", "x/forged", "x/" + "a" * 5000]
    for other in others:
        with pytest.raises(BadLink):
            links().read_coffee(token(other))
    with pytest.raises(BadLink):
        links().read_preferences(token(links().coffee(date(2031, 3, 10), "bo")))


def test_a_link_for_one_purpose_is_refused_for_the_other() -> None:
    for other in (links().unsubscribe("bo"), links().ask(ASK, LATER)):
        with pytest.raises(BadLink):
            links().read_preferences(token(other))
    with pytest.raises(BadLink):
        links().read_unsubscribe(token(links().preferences("bo")))
    with pytest.raises(BadLink):
        links().read_unsubscribe(token(links().ask(ASK, LATER)))
    with pytest.raises(BadLink):
        links().read_ask(token(links().unsubscribe("bo")), NOW)


def test_the_first_secret_signs_and_all_of_them_verify() -> None:
    old, both, new = (
        links("the old secret 1"),
        links("the new secret 2", "the old secret 1"),
        links("the new secret 2"),
    )
    assert both.read_ask(token(old.ask(ASK, LATER)), NOW) == ASK
    assert new.read_ask(token(both.ask(ASK, LATER)), NOW) == ASK
    with pytest.raises(BadLink):
        old.read_ask(token(both.ask(ASK, LATER)), NOW)


def test_every_change_of_a_token_is_refused() -> None:
    good = token(links().ask(ASK, LATER))
    for place in range(len(good)):
        other = "A" if good[place] != "A" else "Q"
        try:
            read = links().read_ask(good[:place] + other + good[place + 1 :], NOW)
        except BadLink:
            continue
        # The last sign of base64 carries bits that mean nothing: the same signature, not another one.
        assert (place, read) == (len(good) - 1, ASK)


@pytest.mark.parametrize("bad", ["", ".", "..", "a.b", "é", "a" * 5000, "%00", "none.none", ".eJw.x", "\n"])
def test_what_is_no_token_is_refused(bad: str) -> None:
    with pytest.raises(BadLink):
        links().read_ask(bad, NOW)
    with pytest.raises(BadLink):
        links().read_unsubscribe(bad)
    with pytest.raises(BadLink):
        links().read_preferences(bad)


def test_what_we_signed_for_something_else_long_ago_is_refused() -> None:
    ours = links()
    for odd in ("text", [ASK], [ASK, "soon"], {"ask": ASK}):
        with pytest.raises(BadLink):
            ours.read_ask(str(ours._asks.dumps(odd)), NOW)
    with pytest.raises(BadLink):
        ours.read_unsubscribe(str(ours._optional.dumps(["bo"])))
    with pytest.raises(BadLink):
        ours.read_preferences(str(ours._preferences.dumps(["bo"])))


def test_a_token_is_short_and_holds_ids_only() -> None:
    good = token(links().ask(ASK, LATER))
    assert len(good) < 150
    body = good.partition(".")[0]
    assert base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode().startswith(f'["{ASK}",')


def test_a_link_needs_a_secret_and_a_moment_with_a_zone() -> None:
    with pytest.raises(ValueError, match="secret"):
        SignedLinks("", "https://people.example.com")
    with pytest.raises(ValueError, match="secret"):
        SignedLinks([], "https://people.example.com")
    with pytest.raises(ValueError, match="zone"):
        links().ask(ASK, NOW.replace(tzinfo=None))
