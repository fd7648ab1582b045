"""An article in, its words out as the network meets them: pieces, sentences, and what rules and lists know of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incidentgraph import lexicon
from incidentgraph.extract.annotator import Annotator
from incidentgraph.extract.dates import FoundDate, find_dates
from incidentgraph.extract.entities import EntityTable, find_entities
from incidentgraph.extract.network_labels import FEATURES
from incidentgraph.extract.numbers import CARDINAL
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.lexicon import SHIPPED, WordLists
from incidentgraph.records import EntityType, Span

Ints = NDArray[np.int64]

WINDOW, OVERLAP = 512, 96  # word pieces
MAX_WORDS = 20_000  # beyond this an article is a dump; the extractor refuses it
_QUOTES = {"“": 1, "”": -1, "«": 1, "»": -1}
_NUMBER = re.compile(rf"(?ix)(?<![\w-])(?:{CARDINAL}|dozens|scores|hundreds|several|both)(?![\w])")


@dataclass(frozen=True, slots=True)
class Words:
    """An article cut into words (as the tokenizer's: punctuation stands alone), with what rules know of each."""

    text: str
    starts: Ints
    ends: Ints
    pieces: Ints  # ids of the word pieces
    owner: Ints  # the word of each piece
    sentence: Ints  # the sentence of each word
    features: Ints  # word x feature
    sentences: tuple[Span, ...]
    table: EntityTable  # what the rules take for names
    dates: tuple[FoundDate, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, first: int, last: int) -> Span:
        return Span(start=int(self.starts[first]), end=int(self.ends[last]))

    def cover(self, span: Span) -> tuple[int, int] | None:
        """Return the first and last word that share characters with the span; None if none does."""
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        last = int(np.searchsorted(self.starts, span.end, side="left")) - 1
        return (first, last) if first <= last < len(self) else None


@lru_cache(maxsize=8)
def _trigger_pattern(lists: WordLists) -> tuple[re.Pattern[str], dict[str, bool]]:
    weak: dict[str, bool] = {}
    for word in lists.triggers:
        weak[word.form] = weak.get(word.form, True) and word.is_weak
    return _alternatives(weak), weak


@cache
def _party_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    return _alternatives(lexicon.parties()), lexicon.parties()


@lru_cache(maxsize=8)
def _word_patterns(lists: WordLists) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return weapon_pattern(lists), _alternatives(lists.claim_verbs)


@lru_cache(maxsize=8)
def weapon_pattern(lists: WordLists) -> re.Pattern[str]:
    """Return what finds the lists' weapons, the longest of those that begin alike."""
    return _alternatives(lists.weapons)


def _alternatives(forms: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w])", re.IGNORECASE)


def trigger_words(text: str) -> list[Span]:
    """Return where the lexicon's words for attacks stand."""
    return [Span(start=match.start(), end=match.end()) for match in _trigger_pattern(SHIPPED)[0].finditer(text)]


def read_words(
    text: str,
    tokenizer: Any,
    gazetteer: Gazetteer,
    *,
    published: str | None,
    annotator: Annotator | None = None,
    lists: WordLists = SHIPPED,
) -> Words:
    """Return the words of an article with their features; the network has its own words, sentences may be another's."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    starts: list[int] = []
    ends: list[int] = []
    owner: list[int] = []
    pieces: list[int] = []
    last = None
    for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
        if word != last:
            if len(starts) == MAX_WORDS:
                break
            starts.append(start)
            ends.append(end)
            last = word
        ends[-1] = max(ends[-1], end)
        owner.append(len(starts) - 1)
        pieces.append(piece)
    first, final = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    annotated = (annotator or Annotator()).read(text)
    sentences = tuple(annotated.sentences)
    sentence = np.zeros(len(first), dtype=np.int64)
    if sentences:
        begins = np.array([span.start for span in sentences])
        sentence = np.maximum(np.searchsorted(begins, first, side="right") - 1, 0)
    table = find_entities(text, list(sentences), gazetteer, given=annotated.names)
    dates = tuple(find_dates(text, published=published))
    return Words(
        text=text,
        starts=first,
        ends=final,
        pieces=np.array(pieces, dtype=np.int64),
        owner=np.array(owner, dtype=np.int64),
        sentence=sentence,
        features=_features(text, first, final, sentence, table, dates, lists),
        sentences=sentences,
        table=table,
        dates=dates,
    )


def _features(
    text: str,
    starts: Ints,
    ends: Ints,
    sentence: Ints,
    table: EntityTable,
    dates: Sequence[FoundDate],
    lists: WordLists,
) -> Ints:
    out = np.zeros((len(starts), len(FEATURES)), dtype=np.int64)

    def mark(column: int, start: int, end: int, value: int, inside: int | None = None) -> None:
        first = int(np.searchsorted(ends, start, side="right"))
        last = int(np.searchsorted(starts, end, side="left"))
        out[first:last, column] = value if inside is None else inside
        out[first : first + 1, column] = value

    names = {EntityType.PERSON: 1, EntityType.GROUP: 3, EntityType.LOCATION: 5}
    for mention in table.mentions:
        if mention.type in names:
            mark(0, mention.start, mention.end, names[mention.type], names[mention.type] + 1)
    pattern, weak = _trigger_pattern(lists)
    for match in pattern.finditer(text):
        mark(2, match.start(), match.end(), 2 if weak.get(match.group().lower()) else 1)
    for found in dates:
        mark(3, found.span.start, found.span.end, 1)
    for match in _NUMBER.finditer(text):
        mark(4, match.start(), match.end(), 1)
    party, sides = _party_pattern()
    for match in party.finditer(text):
        mark(7, match.start(), match.end(), 1 if sides.get(match.group().lower()) == "attacker" else 2)
    for column, words in zip((8, 9), _word_patterns(lists), strict=True):
        for match in words.finditer(text):
            mark(column, match.start(), match.end(), 1)
    quoted = False
    for index, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        word = text[start:end]
        out[index, 1] = _shape(word)
        if word == '"':
            quoted = not quoted
        elif word in _QUOTES:
            quoted = _QUOTES[word] > 0
        if "\n" in text[int(ends[index - 1]) if index else 0 : start]:
            quoted = word in {"“", '"', "«"}
        out[index, 5] = quoted
    out[:, 6] = np.searchsorted(np.array([1, 2, 4, 8, 14]), sentence, side="right")
    return out


def _shape(word: str) -> int:
    if word.isdigit():
        return 4
    if not word[:1].isalpha():
        return 5
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 3
    return 1 if word[1:].islower() else 6


def windows(words: Words) -> list[tuple[int, int]]:
    """Return the ranges of pieces that the encoder reads at once, overlapping so that every piece has context."""
    size, total = WINDOW - 2, len(words.pieces)
    out = [(0, min(size, total))]
    while out[-1][1] < total:
        start = out[-1][1] - OVERLAP
        out.append((start, min(start + size, total)))
    return out


def kept(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return which pieces of each window count, so that each is taken where it has most context."""
    out = []
    for index, (start, end) in enumerate(spans):
        low = start if index == 0 else (spans[index - 1][1] + start) // 2
        high = end if index + 1 == len(spans) else (end + spans[index + 1][0]) // 2
        out.append((low, high))
    return out
