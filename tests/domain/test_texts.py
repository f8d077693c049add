"""Is what people write kept as they mean it, and can nobody hide or hold up anything with it?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.folding import folded, folded_name
from onboarding.domain.texts import MOST_MARKS, clean, composed, stream_safe
from onboarding.domain.values import one_line

MARKS = st.sampled_from("\u0301\u0327\u0323\u05b4\u0345")
marked = st.lists(st.text(max_size=5) | st.text(MARKS, max_size=90), max_size=6).map("".join)


def longest_run(text: str) -> int:
    longest = run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        longest = max(longest, run)
    return longest


@given(marked)
def test_no_more_marks_stand_in_a_row_than_a_text_needs_and_nothing_else_is_lost(text: str) -> None:
    safe = stream_safe(text)
    assert longest_run(safe) <= MOST_MARKS
    assert [one for one in safe if not unicodedata.combining(one)] == [
        one for one in text if not unicodedata.combining(one)
    ]
    assert stream_safe(safe) == safe
    if longest_run(text) <= MOST_MARKS:
        assert composed(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("made", [clean, one_line, folded_name, folded])
def test_a_hundred_thousand_marks_are_put_in_order_nowhere(made: object) -> None:
    assert callable(made)
    read = made("a" + "\u0301\u0327" * 50_000 + "b")  # a quarter of a minute, when all of them are sorted
    assert len(read) <= MOST_MARKS + 2


@pytest.mark.parametrize("word", ["Nguyễn Thị Ánh", "שָׁלוֹם", "हिन्दी", "กำลัง", "Z̴̡̧̛͍̮͔", "👩🏽\u200d🔬"])
def test_words_of_any_language_stay_as_they_are(word: str) -> None:
    assert clean(word) == unicodedata.normalize("NFC", word)
