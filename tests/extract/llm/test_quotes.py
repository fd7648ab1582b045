"""Words that a model copied are found where they stand, at the offsets of the real text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentgraph.extract.llm.quotes import Quotes
from incidentgraph.records import Span


def quotes(*sentences: str) -> Quotes:
    text, spans = "", []
    for sentence in sentences:
        spans.append(Span(start=len(text), end=len(text) + len(sentence)))
        text += sentence + " "
    return Quotes(text, spans)


def found(known: Quotes, words: str, sentence: int = 1) -> tuple[int, str] | None:
    span = known.find(words, sentence)
    return (known.number_of(span), known.text[span.start : span.end]) if span else None


@pytest.mark.parametrize(
    ("words", "real"),
    [
        ('the "soldiers" won', "the “soldiers”  won"),
        ("It's a well-known car bomb", "It’s a well–known car\u200b\nbomb"),
        ("  car bomb. ", "car\u200b\nbomb"),
        ("«soldiers»", "“soldiers”"),
    ],
)
def test_white_space_quotation_marks_and_dashes_are_folded(words: str, real: str) -> None:
    known = quotes("the “soldiers”  won.", "It’s a well–known car\u200b\nbomb")
    assert (span := known.find(words, 1)) is not None
    assert known.text[span.start : span.end] == real


@pytest.mark.parametrize("words", ["", " ", "the cars", "bom", "Car", "car ... bomb", "bomb car", "mb"])
def test_nothing_else_is(words: str) -> None:
    assert quotes("The car hid a bomb.").find(words, 1) is None


def test_the_sentence_decides_between_the_same_words_and_the_nearest_is_taken_else() -> None:
    known = quotes("A bomb.", "No bomb.", "He slept.", "Another bomb.")
    assert [found(known, "bomb", number) for number in (1, 2, 3, 4, 9)] == [
        (1, "bomb"), (2, "bomb"), (2, "bomb"), (4, "bomb"), (4, "bomb"),
    ]  # fmt: skip


def test_words_of_two_sentences_have_both_as_evidence() -> None:
    known = quotes("A bomb.", "It killed two.", "Rain fell.")
    span = known.find("bomb. It killed", 1)
    assert span is not None
    assert known.holding([span]) == tuple(known.sentences[:2])
    assert (known.sentence(0), known.sentence(4)) == (None, None)


WORDS = st.text(alphabet="ab“”‘\"'–- .,\u200b\n", min_size=1).filter(lambda words: words.strip(" .,\n\u200b"))


@given(st.text(), WORDS, st.text())
def test_whatever_is_copied_is_found(before: str, words: str, after: str) -> None:
    text = f"{before} {words} {after}"
    known = Quotes(text, [Span(start=0, end=len(text))])
    places = known.find_all(words)
    assert any(span.start <= len(before) + 1 + len(words) and span.end >= len(before) + 1 for span in places)
    assert all(0 <= span.start < span.end <= len(text) for span in places)
