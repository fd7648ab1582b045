"""Sentences with one tag a token in (the BIO files made from re3d), entity scores out, as seqeval counts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from incidentgraph.errors import UsageError
from incidentgraph.evaluation.metrics import Count

Entity = tuple[str, int, int]  # type, first and last token


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens with their tags; a file without tags gives O for each."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of a file: a token and its tag on each line, an empty line after each sentence."""
    out: list[Sentence] = []
    rows: list[tuple[str, str]] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8-sig").split("\n"), ""], 1):
        parts = line.split("\t") if "\t" in line else line.split()
        if not line.strip():
            if rows:
                out.append(Sentence(tuple(token for token, _ in rows), tuple(tag for _, tag in rows)))
            rows = []
            continue
        tag = (parts[-1].strip() if len(parts) > 1 else "") or "O"
        if tag != "O" and tag[:2] not in {"B-", "I-"}:
            raise UsageError(f"{path}:{number}: not a token and its B-, I- or O tag")
        rows.append((parts[0], tag))
    return out


def entities_of(tags: Sequence[str]) -> set[Entity]:
    """Return the entities that the tags spell; an I- tag without a beginning begins one."""
    out: set[Entity] = set()
    start, kind = 0, ""
    for index, tag in enumerate([*tags, "O"]):
        if kind and (tag == "O" or tag[:2] == "B-" or tag[2:] != kind):
            out.add((kind, start, index - 1))
            kind = ""
        if tag != "O" and not kind:
            start, kind = index, tag[2:]
    return out


def tags_of(entities: Iterable[Entity], length: int) -> list[str]:
    """Return the tags that spell the entities."""
    tags = ["O"] * length
    for kind, first, last in entities:
        tags[first : last + 1] = [f"B-{kind}", *[f"I-{kind}"] * (last - first)]
    return tags


def score(pairs: Iterable[tuple[set[Entity], set[Entity]]]) -> dict[str, Count]:
    """Return the counts of all entities (`entities`) and of each type, for pairs of what was said and gold."""
    counts = {"entities": Count()}
    for said, gold in pairs:
        counts["entities"] += _count(said, gold)
        for kind in sorted({kind for kind, _, _ in said | gold}):
            own = [{entity for entity in side if entity[0] == kind} for side in (said, gold)]
            counts[kind] = counts.get(kind, Count()) + _count(own[0], own[1])
    return counts


def _count(said: set[Entity], gold: set[Entity]) -> Count:
    right = len(said & gold)
    return Count(right=right, said=len(said), found=right, gold=len(gold))
