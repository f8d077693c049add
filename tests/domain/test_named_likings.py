"""Does a sentence of reasons forget what somebody takes back, however it is spelled, and nothing else?"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.named_likings import compared, without_likings

SPELLINGS: list[Callable[[str], str]] = [
    str.upper, str.lower, str.title, str.casefold, str.swapcase,
    *(lambda text, form=form: unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")),
    lambda text: "\u00a0 ".join(text.split()),
]  # fmt: skip
"""What another person, another keyboard or another system makes of the same words."""

LETTERS = st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Mn", "Nd"]) | st.sampled_from(
    "ßſﬁﬀİıßẞΣςᾳŉǰﬅéêÅñ가\uff46"
)
WORD = st.text(LETTERS, min_size=1, max_size=8).filter(lambda text: not unicodedata.combining(text[0]))
INTEREST = st.lists(WORD, min_size=1, max_size=2).map(" ".join)
OTHER_REASONS = ("the same team", "3 common working hours", "also in Zürich")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("both like hiking", "is free to help"),
        ("the same team, both like Hiking and rock, paper, also in Oslo", "the same team, paper, also in Oslo"),
        ("both like rock, paper and hiking, also in Oslo", "also in Oslo"),
        ("both like hikings and tea, also in Oslo", "both like hikings and tea, also in Oslo"),
        ("hiking is not why, in place of jo: hiking", "hiking is not why, in place of jo: hiking"),
        ("both like tea, also in Hiking", "both like tea, also in Hiking"),
    ],
)
def test_the_part_that_names_an_interest_goes_and_the_rest_stays(before: str, after: str) -> None:
    assert without_likings(before, ["hiking", " "]) == after


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("Fußball", "FUSSBALL"), ("FUSSBALL", "fußball"), ("ﬁshing", "Fishing"), ("fishing", "ﬁshing"),
        ("İzmir köfte", "i\u0307zmir KÖFTE"), ("İzmir köfte", "İZMIR KO\u0308FTE"), ("café", "cafe\u0301"),
        ("cafe\u0301", "CAFÉ"), ("q\u0323\u0307", "q\u0307\u0323"), ("\uff54\uff45\uff41", "tea"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("C++", "c++"), ("#hiking", "#Hiking"), ("rock  climbing", "Rock climbing"),
    ],
)  # fmt: skip
def test_letters_that_mean_the_same_are_the_same(told: str, written: str) -> None:
    for sentence in (
        f"the same team, both like {written}, also in Oslo",
        f"the same team, both like {written} and tea leaves, also in Oslo",
        f"the same team, both like tea leaves and {written}, also in Oslo",
    ):
        assert without_likings(sentence, [told]) == "the same team, also in Oslo"


@pytest.mark.parametrize(
    ("told", "written"),
    [("cafe", "café"), ("cafe", "cafe\u0301"), ("o", "ßoß"), ("s", "ß"), ("f", "ﬁ"), ("cole", "école")],
)  # fmt: skip
def test_another_word_with_these_letters_in_it_is_another_word(told: str, written: str) -> None:
    sentence = f"both like {written}, also in Oslo"
    assert without_likings(sentence, [told]) == sentence


@given(
    first=INTEREST,
    second=INTEREST,
    spelling=st.sampled_from(SPELLINGS),
    reasons=st.lists(st.sampled_from(OTHER_REASONS), unique=True),
    at=st.integers(0, 3),
    swapped=st.booleans(),
)
def test_no_spelling_of_what_is_gone_is_left_and_other_reasons_stay(
    first: str, second: str, spelling: Callable[[str], str], reasons: list[str], at: int, *, swapped: bool
) -> None:
    written = spelling(first)
    if compared(written) != compared(first):  # Turkish and Greek letters that another case changes for good
        written = first
    liked = f"both like {' and '.join([second, written] if swapped else [written, second])}"
    sentence = ", ".join([*reasons[:at], liked, *reasons[at:]])
    assert without_likings(sentence, [first]) == (", ".join(reasons) or "is free to help")


@given(interest=INTEREST, gone=INTEREST)
def test_what_is_not_named_changes_nothing(interest: str, gone: str) -> None:
    sentence = f"the same team, both like {interest}, also in Oslo"
    if not set(compared(gone).split()) & set(compared(interest).split()):
        assert without_likings(sentence, [gone]) == sentence
