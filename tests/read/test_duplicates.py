"""Copies of one text are found; two reports of one event are not copies."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from incidentgraph.read import find_duplicates
from incidentgraph.records import Article

WORDS = [
    "gunmen",
    "army",
    "soldiers",
    "market",
    "convoy",
    "governor",
    "hospital",
    "claimed",
    "attack",
    "town",
    "road",
    "province",
    "killed",
    "wounded",
    "police",
    "village",
    "night",
    "morning",
    "helicopter",
    "witnesses",
    "statement",
    "spokesman",
    "ministry",
    "militants",
    "border",
    "patrol",
    "bridge",
    "school",
    "river",
    "checkpoint",
]


def text(seed: int, count: int = 300) -> list[str]:
    return random.Random(seed).choices(WORDS, k=count)  # noqa: S311 (the same words each time)


def article(name: str, words: list[str], published: str | None = None) -> Article:
    return Article(id=name, text=" ".join(words), published=published)


def changed(words: list[str], count: int) -> list[str]:
    places = random.Random(0).sample(range(len(words)), count)  # noqa: S311
    return [f"other{i}" if i in places else word for i, word in enumerate(words)]


def test_exact_copies_whatever_their_punctuation() -> None:
    first = Article(id="b", text="Three died. The army came, it said.")
    assert find_duplicates([first, Article(id="a", text="THREE DIED — the army came; it said")]) == {"b": "a"}


def test_changed_words_an_added_lead_and_a_cut_tail() -> None:
    base = text(1)
    copies = [
        article("words", changed(base, 12)),
        article("lead", text(2, 60) + base),
        article("cut", base[:150]),
        article("original", base, "2024-03-03"),
    ]
    assert find_duplicates(copies) == {"words": "original", "lead": "original", "cut": "original"}


def test_reports_with_a_common_quote_are_no_copies() -> None:
    quote = text(3, 40)
    assert not find_duplicates([article("a", text(4, 150) + quote), article("b", quote + text(5, 200))])


def test_a_digest_that_takes_in_a_short_report_is_no_copy() -> None:
    assert not find_duplicates([article("short", text(6, 80)), article("digest", text(6, 80) + text(7, 600))])


def test_the_earliest_stands_for_all_and_undated_come_last() -> None:
    copies = [article("a", text(8)), article("c", text(8), "2024-03-03"), article("b", text(8), "2024-03-04")]
    assert find_duplicates(copies) == {"a": "c", "b": "c"}


def test_nothing_and_empty_texts() -> None:
    assert find_duplicates([]) == {}
    assert find_duplicates([Article(id="a", text="!"), Article(id="b", text="one two three")]) == {}


@settings(max_examples=20, deadline=None)
@given(st.permutations(["p", "q", "r", "s", "t", "u"]))
def test_the_order_does_not_matter(order: list[str]) -> None:
    base = text(9, 120)
    articles = {
        "p": article("p", base, "2024-03-05"), "q": article("q", changed(base, 4)), "r": article("r", base[:80]),
        "s": article("s", text(10)), "t": article("t", text(10), "2024"), "u": article("u", text(11)),
    }  # fmt: skip
    assert find_duplicates([articles[name] for name in order]) == {"q": "p", "r": "p", "s": "t"}
