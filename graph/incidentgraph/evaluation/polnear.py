"""Articles with attributions in (JSON lines as the PolNeAR folder has them), scores of cues and sources out.

A cue is right where it shares characters with a cue of the annotation, one to one; a source where, besides, it shares
characters with the source of that cue. `.exact` asks for the same characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from incidentgraph.errors import UsageError
from incidentgraph.evaluation.metrics import Count
from incidentgraph.records import Span

Attribution = tuple[Span, Span | None]  # cue and source
ROWS = ("cue", "cue.exact", "source", "source.exact")


@dataclass(frozen=True, slots=True)
class Document:
    """A text and who says what in it, by the first annotator; empty where nobody annotated it."""

    id: str
    text: str
    attributions: tuple[Attribution, ...]


def read_documents(path: Path) -> list[Document]:
    """Return the articles of a file."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            stored = json.loads(line)
            annotations = stored.get("annotations") or [{}]
            found = annotations[0].get("attributions") or []
            attributions = tuple(
                (_span(item["cue"]), _span(item["source"]) if item.get("source") else None)
                for item in found
                if item.get("cue")
            )
            out.append(Document(str(stored["doc_id"]), str(stored["text"]), attributions))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise UsageError(f"{path}:{number}: not an article with doc_id, text and annotations ({error})") from error
    return out


def _span(part: dict[str, list[list[int]]]) -> Span:
    """Return from the first to the last character; parts of one phrase may stand apart."""
    return Span(start=min(start for start, _ in part["spans"]), end=max(end for _, end in part["spans"]))


def score(pairs: Iterable[tuple[Sequence[Attribution], Sequence[Attribution]]]) -> dict[str, Count]:
    """Return the counts of cues and sources, for pairs of what was said and gold."""
    counts = dict.fromkeys(ROWS, Count())
    for said, gold in pairs:
        shared = np.array([[_shared(one[0], two[0]) for two in gold] for one in said]).reshape(len(said), len(gold))
        rows, columns = linear_sum_assignment(-shared)
        matched = [
            (said[row], gold[column]) for row, column in zip(rows, columns, strict=True) if shared[row, column] > 0
        ]
        right = {
            "cue": len(matched),
            "cue.exact": sum(one[0] == two[0] for one, two in matched),
            "source": sum(
                one[1] is not None and two[1] is not None and _shared(one[1], two[1]) > 0 for one, two in matched
            ),
            "source.exact": sum(one[1] is not None and one[1] == two[1] for one, two in matched),
        }
        for row, number in right.items():
            ours, theirs = said, gold
            if row.startswith("source"):
                ours, theirs = ([item for item in side if item[1] is not None] for side in (said, gold))
            counts[row] += Count(right=number, said=len(ours), found=number, gold=len(theirs))
    return counts


def _shared(one: Span, other: Span) -> float:
    """Return the characters that both have, of those that either has."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0, both) / (max(one.end, other.end) - min(one.start, other.start))
