from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import span
from incidentgraph.kg.quotes import REACH, sentence_around
from incidentgraph.records import Span


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("One. Two bombs fell! Three.", "bombs", "Two bombs fell!"),
        (
            "It was Gen. Omar of the U.S. Army who spoke. He left.",
            "Omar",
            "It was Gen. Omar of the U.S. Army who spoke.",
        ),
        ('He said: "We did it." Then he left.', "We", 'He said: "We did it."'),
        ("A headline\n\nA bomb fell", "bomb", "A bomb fell"),
        ("- first item\n- second item\n", "second", "- second item"),
        ("First one. Second one.", "one. Second", "First one. Second one."),
        ("Ends here. Next.", "here.", "Ends here."),
        ("وقع انفجار؟ قتل رجل。 爆発。次", "爆", "爆発。"),
    ],
)
def test_sentence_around(text: str, words: str, expected: str) -> None:
    found = sentence_around(text, span(text, words))
    assert text[found.start : found.end] == expected


def test_a_page_without_punctuation_is_cut_at_words() -> None:
    text = "word " * 1000
    found = sentence_around(text, Span(start=2500, end=2504))
    assert found.end - found.start <= 2 * REACH + 4
    assert text[found.start : found.end] == text[found.start : found.end].strip()
    assert set(text[found.start : found.end].split()) == {"word"}


@given(st.text(alphabet='aA .!?\n"U-', max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_a_sentence_always_holds_its_words(text: str, start: int, length: int) -> None:
    words = Span(start=min(start, max(len(text) - 1, 0)), end=min(start + length, len(text)))
    if words.start < words.end:
        found = sentence_around(text, words)
        assert 0 <= found.start <= words.start < words.end <= found.end <= len(text)
