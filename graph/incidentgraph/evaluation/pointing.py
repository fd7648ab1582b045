"""Words as a writer points at them (`he@s3`) in, spans of the text out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from incidentgraph.evaluation.notation import REFERENCE
from incidentgraph.evaluation.sentences import sentence_at, split_sentences
from incidentgraph.records import Span


class Pointer:
    """Finds words in one text and reports to `problem` (line, message) what it cannot find or tell apart."""

    def __init__(self, text: str, problem: Callable[[int, str], None]) -> None:
        self.text = text
        self.sentences = split_sentences(text)
        self.problem = problem

    def occurrences(self, words: str) -> list[Span]:
        """Return every place where the words stand as whole words."""
        pattern = re.escape(words)
        before = r"(?<!\w)" if words[:1].isalnum() else ""
        after = r"(?!\w)" if words[-1:].isalnum() else ""
        return [
            Span(start=found.start(), end=found.end()) for found in re.finditer(before + pattern + after, self.text)
        ]

    def number_of(self, span: Span) -> int:
        """Return the sentence number that writers see."""
        return sentence_at(self.sentences, span.start) + 1

    def locate_all(self, value: str, line: int, *, near: Span | None = None, many: bool = False) -> list[Span]:
        """Return the spans of `words`, `words@2`, `words@s4`, `words@s4.2,s5` or `words@*`; problems are noted."""
        match = REFERENCE.fullmatch(value)
        words, refs = (match["words"].strip(), match["refs"]) if match else (value.strip(), "")
        found = self.occurrences(words) if words else []
        if not found:
            self.problem(line, f"the words {words!r} are not in the text{self._hint(words)}")
            return []
        if refs == "*" or (many and not refs):
            return found
        if refs:
            return [span for ref in refs.split(",") if (span := self._referred(words, ref, found, line)) is not None]
        if len(found) > 1 and near is not None:
            close = [span for span in found if self.number_of(span) == self.number_of(near)]
            found = close if len(close) == 1 else found
        if len(found) > 1:
            places = ", ".join(f"@s{self.number_of(span)}" for span in found[:12])
            self.problem(line, f"{words!r} stands {len(found)} times in the text; say which: {places}")
            return []
        return found

    def locate(self, value: str, line: int, *, near: Span | None = None) -> Span | None:
        """Return the one span meant; where the words stand more than once, the one in the sentence of `near`."""
        found = self.locate_all(value, line, near=near)
        return found[0] if found else None

    def _referred(self, words: str, ref: str, found: list[Span], line: int) -> Span | None:
        if ref.startswith("s"):
            number, _, nth = ref[1:].partition(".")
            inside = [span for span in found if self.number_of(span) == int(number)]
            index = int(nth or 1) - 1
            if index < len(inside) and (nth or len(inside) == 1):
                return inside[index]
            where = ", ".join(f"s{self.number_of(span)}" for span in found[:12])
            why = f"stands {len(inside)} times there; add .1, .2 …" if len(inside) > 1 else f"it stands in {where}"
            self.problem(line, f"{words!r}@{ref}: {why}")
            return None
        if int(ref) <= len(found) and int(ref) > 0:
            return found[int(ref) - 1]
        self.problem(line, f"{words!r}@{ref}: the words stand only {len(found)} times in the text")
        return None

    def _hint(self, words: str) -> str:
        loose = re.sub(r"[’'‘`]", "[’'‘`]", re.sub(r"[“”\"]", '[“”"]', re.escape(words))).replace("\\ ", r"\s+")
        found = re.search(loose, self.text, re.IGNORECASE)
        return (
            f"; did you mean {found.group()!r} (s{self.number_of(Span(start=found.start(), end=found.end()))})?"
            if found
            else ""
        )

    def sentence_of(self, value: str, line: int) -> Span | None:
        """Return the sentence meant by `s3` or by words that stand in it."""
        if match := re.fullmatch(r"s(\d+)", value.strip()):
            number = int(match[1])
            if 1 <= number <= len(self.sentences):
                return self.sentences[number - 1]
            self.problem(line, f"there is no sentence s{number}; the last is s{len(self.sentences)}")
            return None
        span = self.locate(value, line)
        return self.sentences[self.number_of(span) - 1] if span else None

    def holding(self, spans: Iterable[Span | None]) -> tuple[Span, ...]:
        """Return the sentences that hold the spans, in order."""
        return tuple(sorted({self.sentences[self.number_of(span) - 1] for span in spans if span is not None}))
