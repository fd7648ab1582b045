"""Names of the actor and country lists found in text: fast look-up of word runs under a folded key."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from incidentgraph import lexicon
from incidentgraph.extract.names import Word
from incidentgraph.lexicon import Country, KnownActor
from incidentgraph.spelling import fold

_MAX_WORDS = 9

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    start: int
    end: int
    text: str
    value: T


class NameIndex(Generic[T]):
    """Values under all spellings of their names; the longest run of words wins, the first value under a key stays."""

    def __init__(self, names: Iterator[tuple[str, T]]) -> None:
        self._exact: dict[str, T] = {}  # acronyms: "IS" is not "is"
        self._folded: dict[str, T] = {}
        for name, value in names:
            if _is_acronym(name):
                self._exact.setdefault(name.replace(".", ""), value)
            elif key := fold(name):
                self._folded.setdefault(key, value)
        self._openers = {key.split(" ", 1)[0] for key in self._folded}

    def get(self, name: str) -> T | None:
        """Return the value of a whole name."""
        if _is_acronym(name):
            return self._exact.get(name.replace(".", ""))
        return self._folded.get(fold(name))

    def find(self, text: str, words: list[Word]) -> Iterator[Match[T]]:
        """Yield the names among consecutive words of `text`, left to right, not overlapping."""
        position = 0
        while position < len(words):
            match = self._longest(text, words, position)
            if match is None:
                position += 1
                continue
            length, value = match
            start, end = words[position].start, words[position + length - 1].end
            yield Match(start, end, text[start:end], value)
            position += length

    def _longest(self, text: str, words: list[Word], position: int) -> tuple[int, T] | None:
        first = words[position]
        opener = fold(first.text).split(" ", 1)[0]
        is_article = first.text.lower() in {"al", "el"}
        if opener not in self._openers and not is_article and first.text.replace(".", "") not in self._exact:
            return None
        for length in range(min(_MAX_WORDS, len(words) - position), 0, -1):
            run = words[position : position + length]
            if not any(word.is_capitalised for word in run) or (is_article and length == 1):
                continue
            if any(text[a.end : b.start] not in _GAPS for a, b in itertools.pairwise(run)):
                continue
            value = self.get(text[run[0].start : run[-1].end])
            if value is not None:
                return length, value
        return None


_GAPS = frozenset((" ", "-", "\n", " - ", "–", "‑", "’s ", "'s ", "’ ", "' "))


def _is_acronym(name: str) -> bool:
    letters = [letter for letter in name if letter.isalpha()]
    return 1 < len(letters) <= 6 and " " not in name and all(letter.isupper() for letter in letters)


@cache
def actor_index() -> NameIndex[KnownActor]:
    return NameIndex((name, actor) for actor in lexicon.known_actors().values() for name in actor.names)


@cache
def country_index() -> NameIndex[Country]:
    """Return the index of country names."""
    return NameIndex((name, country) for country in lexicon.countries() for name in country.names)


@cache
def demonym_index() -> NameIndex[Country]:
    """Return the index of adjectives and nouns for a country's people; the country's acronyms count as adjectives."""
    return NameIndex((name, country) for country in lexicon.countries() for name in country.demonyms)


@cache
def countries_by_code() -> Mapping[str, Country]:
    return {country.iso2: country for country in lexicon.countries()}


@cache
def first_names() -> frozenset[str]:
    """Return the given names of the persons in the actor list, folded: a sign that an unknown name is a person's."""
    return frozenset(
        fold(name).split(" ", 1)[0]
        for actor in lexicon.known_actors().values()
        if actor.type == "Person"
        for name in actor.names
        if " " in name
    )
