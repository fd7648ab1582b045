"""GUM's rhetorical structure in, attributions out: the cue's words and those of the source that it names.

The signals of an attribution relation point at the source (`semantic-attribution_source-12-46`) and at the cue
(`lexical-indicative_word-48`) by numbers of tokens in the document, from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from incidentgraph.records import Span

_SOURCE = re.compile(r"semantic-attribution_source-([\d,-]+)-")
_CUE = re.compile(r"lexical-indicative_(?:word|phrase)-([\d,-]+)-")


@dataclass(frozen=True, slots=True)
class Document:
    text: str
    attributions: tuple[tuple[Span | None, Span | None], ...]  # cue and source


def read_attributions(folder: Path, part: str) -> list[Document]:
    """Return the documents of a part that attribute anything."""
    out = []
    for file in sorted((folder / part).glob("*.conllu")):
        relations = folder / f"rst_{part}" / f"{file.stem}.rsd"
        if relations.is_file():
            text, tokens = _text(file)
            found = []
            for line in relations.read_text(encoding="utf-8").splitlines():
                columns = line.split("\t")
                if len(columns) > 9 and columns[7].startswith("attribution"):
                    cue, source = (_span(pattern.search(columns[9]), tokens) for pattern in (_CUE, _SOURCE))
                    if cue is not None or source is not None:
                        found.append((cue, source))
            if found:
                out.append(Document(text, tuple(found)))
    return out


def _text(file: Path) -> tuple[str, list[Span]]:
    """Return the running text and where each token stands in it."""
    pieces: list[str] = []
    tokens: list[Span] = []
    at = 0
    joined = 0  # tokens that a word like "don't" still spans
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar") and pieces:
            pieces.append("\n\n")
            at += 2
        columns = line.split("\t")
        if len(columns) < 10 or "." in columns[0]:
            continue
        if "-" in columns[0]:
            first, last = map(int, columns[0].split("-"))
            joined, whole = last - first + 1, "SpaceAfter=No" not in columns[9]
            continue
        tokens.append(Span(start=at, end=at + len(columns[1])))
        pieces.append(columns[1])
        at += len(columns[1])
        space = "SpaceAfter=No" not in columns[9]
        if joined:
            joined -= 1
            space = whole and joined == 0
        if space:
            pieces.append(" ")
            at += 1
    return "".join(pieces), tokens


def _span(found: re.Match[str] | None, tokens: list[Span]) -> Span | None:
    """Return the characters of the first run of tokens that the signal names."""
    if found is None:
        return None
    first, _, last = found[1].split(",")[0].partition("-")
    start, end = int(first), int(last or first)
    if not 1 <= start <= end <= len(tokens) or end - start > 25:
        return None
    return Span(start=tokens[start - 1].start, end=tokens[end - 1].end)
