"""Words that a model copied in, where they stand in the text out: the offsets are always those of the real text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from incidentgraph.records import Span

# What copying changes without meaning to: the shape of quotation marks and dashes. All else must be as in the text.
_FOLDED = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—−", "-"))
_T = TypeVar("_T")
_EDGES = " \"'.,;:"


def is_invisible(character: str) -> bool:
    """Tell whether a character shows nothing: a control or format character other than white space."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} and not character.isspace()


@dataclass(slots=True)
class Tally:
    """How many facts of an answer have their words in the text, and how many were dropped since they have not."""

    kept: int = 0
    dropped: int = 0

    def counted(self, found: _T | None) -> _T | None:
        """Return what was found, or None, and count it."""
        if found is None:
            self.dropped += 1
        else:
            self.kept += 1
        return found


class Quotes:
    """A text in which words are looked up with white space and quotation marks folded."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self.text = text
        self.sentences = sentences
        self._starts = [span.start for span in sentences]
        self._folded, self._offsets = _fold(text)

    def find(self, words: str, sentence: int) -> Span | None:
        """Return where the words stand, in the sentence of this number (from 1) or else as near to it as there is."""
        found = self.find_all(words) or self.find_all(words.strip(_EDGES))
        if not found:
            return None
        return min(found, key=lambda span: (abs(self.number_of(span) - sentence), span))

    def find_all(self, words: str) -> list[Span]:
        """Return all places where the words stand as whole words."""
        folded, _ = _fold(words)
        folded = folded.strip()
        if not folded:
            return []
        before = r"(?<!\w)" if folded[0].isalnum() else ""
        after = r"(?!\w)" if folded[-1].isalnum() else ""
        return [
            Span(start=self._offsets[match.start()], end=self._offsets[match.end() - 1] + 1)
            for match in re.finditer(f"{before}{re.escape(folded)}{after}", self._folded)
        ]

    def number_of(self, span: Span) -> int:
        """Return the number of the sentence in which a span begins, from 1."""
        return max(bisect_right(self._starts, span.start), 1)

    def sentence(self, number: int) -> Span | None:
        """Return the sentence of this number, None if there is none."""
        return self.sentences[number - 1] if 1 <= number <= len(self.sentences) else None

    def holding(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Return the sentences in which the spans stand, in order; what runs on over several takes all of them."""
        numbers = {
            number
            for span in spans
            for number in range(self.number_of(span), self.number_of(Span(start=span.end - 1, end=span.end)) + 1)
        }
        return tuple(self.sentences[number - 1] for number in sorted(numbers))


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text folded, and for each of its characters the offset of the one that it stands for."""
    out: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character.isspace():
            if out and out[-1] == " ":
                continue
            character = " "
        elif is_invisible(character):
            continue
        out.append(character.translate(_FOLDED))
        offsets.append(offset)
    return "".join(out), offsets
