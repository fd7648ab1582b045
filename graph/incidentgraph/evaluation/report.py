"""Pairs of Extractions -> Scores: a table for people, JSON for gates, and a list of what went wrong for developers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from incidentgraph.evaluation.align import Alignment
from incidentgraph.evaluation.metrics import (
    ROWS,
    Count,
    attack_fields,
    conll_mean,
    count_all,
    figure_field,
)
from incidentgraph.records import AttackReport, ClaimReport, Entity, Extraction, Harm, RelationReport

_DIGITS = 6  # of ratios in JSON; sums of fractions differ beyond that with the order of the articles
_HEAD = ("said", "right", "gold", "precision", "recall", "F1")


class Problem(StrEnum):
    MISSED = "missed"
    SPURIOUS = "spurious"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Error:
    """One thing that lowered a score: what gold has, what was said; empty where there is nothing."""

    article: str
    row: str
    problem: Problem
    gold: str = ""
    predicted: str = ""

    def __str__(self) -> str:
        if self.problem is Problem.DIFFERS:
            said, gold = (repr(words) if words else "nothing" for words in (self.predicted, self.gold))
            return f"{self.article}: {self.row}: said {said}, gold {gold}"
        return f"{self.article}: {self.row}: {self.problem} {self.gold or self.predicted}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Counts by row, summed over articles, with the attacks found in articles that have none."""

    counts: Mapping[str, Count]
    articles: int
    articles_without_attacks: int
    articles_with_invented_attacks: int
    invented_attacks: int
    errors: tuple[Error, ...] = ()

    def f1(self, row: str) -> float | None:
        return self.counts[row].f1

    def as_dict(self, *, errors: bool = False) -> dict[str, Any]:
        """Return everything as plain JSON values; a ratio over nothing is None."""
        out: dict[str, Any] = {
            "articles": self.articles,
            "scores": {row: _json(count) for row, count in self.counts.items()},
            "coreference_conll_f1": _rounded(conll_mean(self.counts, "coreference.")),
            "invented": {
                "articles_without_attacks": self.articles_without_attacks,
                "articles": self.articles_with_invented_attacks,
                "attacks": self.invented_attacks,
            },
        }
        if errors:
            out["errors"] = [
                {"article": error.article, "row": error.row, "problem": error.problem.value}
                | {"gold": error.gold, "predicted": error.predicted}
                for error in self.errors
            ]
        return out

    def table(self) -> str:
        """Return the scores as aligned plain text; `-` stands for nothing to count."""
        lines = [("", *_HEAD), *(_line(row, count) for row, count in self.counts.items())]
        conll = ("  conll mean", "", "", "", "", "", _ratio(conll_mean(self.counts, "coreference.")))
        last = max((at for at, row in enumerate(self.counts, 2) if row.startswith("coreference.")), default=len(lines))
        lines.insert(last, conll)
        invented = (
            f"attacks invented in articles that have none: {self.invented_attacks} "
            f"in {self.articles_with_invented_attacks} of {self.articles_without_attacks} articles"
        )
        return "\n".join([*_aligned(lines), "", invented, f"articles: {self.articles}"])

    def error_list(self) -> str:
        """Return the errors one per line, then how many there are of each sort."""
        sums = Counter((error.row, error.problem) for error in self.errors)
        ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        return "\n".join([*map(str, self.errors), *(f"{size} {row} {problem}" for (row, problem), size in ranked)])


def table_of(counts: Mapping[str, Count]) -> str:
    """Return counts as aligned plain text, a row each."""
    return "\n".join(_aligned([("", *_HEAD), *(_line(row, count) for row, count in counts.items())]))


def json_of(counts: Mapping[str, Count]) -> dict[str, dict[str, float | None]]:
    """Return counts and ratios as plain values."""
    return {row: _json(count) for row, count in counts.items()}


def evaluate(pairs: Iterable[tuple[Extraction, Extraction]]) -> Scores:
    """Return the scores of (predicted, gold) pairs, each about one article; UsageError if a pair has two texts."""
    counts = dict.fromkeys(ROWS, Count())
    errors: list[Error] = []
    articles = without = invented_articles = invented_attacks = 0
    for predicted, gold in pairs:
        alignment = Alignment(predicted, gold)
        for row, count in count_all(alignment).items():
            counts[row] += count
        errors += find_errors(alignment)
        articles += 1
        if not gold.attacks:
            without += 1
            invented_articles += bool(predicted.attacks)
            invented_attacks += len(predicted.attacks)
    return Scores(
        counts=counts,
        articles=articles,
        articles_without_attacks=without,
        articles_with_invented_attacks=invented_articles,
        invented_attacks=invented_attacks,
        errors=tuple(sorted(errors)),
    )


def find_errors(alignment: Alignment) -> Iterator[Error]:
    """Yield what is missed, what is spurious, and where a pair differs."""
    article = alignment.gold.article.id
    sides = _Words(alignment.gold), _Words(alignment.predicted)
    for row in ("entities", "attacks", "claims", "relations"):
        matching = getattr(alignment, row)
        for item in matching.missed:
            yield Error(article=article, row=row, problem=Problem.MISSED, gold=sides[0].describe(item))
        for item in matching.spurious:
            yield Error(article=article, row=row, problem=Problem.SPURIOUS, predicted=sides[1].describe(item))
    for row in ("claims", "relations"):
        strict = getattr(alignment, f"{row}_strict")
        for pair in getattr(alignment, row).pairs:
            if pair[0] in strict.missed:
                ours, theirs = map(_Words.describe, sides, pair)
                yield Error(article=article, row=f"{row}.strict", problem=Problem.DIFFERS, gold=ours, predicted=theirs)
    for pair in alignment.attacks.pairs:
        fields = {f"attacks.{name}": field for name, field in attack_fields(alignment, *pair).items()}
        for harm in Harm:
            fields[harm.value] = figure_field(alignment, harm, *pair, sources=False)
            fields[f"{harm}.source"] = figure_field(alignment, harm, *pair, sources=True)
        for row, field in fields.items():
            # `date.exact` cannot be right where `date` is wrong: said once.
            broader = fields.get(row.rpartition(".")[0])
            if not field.is_right and (broader is None or broader.is_right):
                yield Error(
                    article=article, row=row, problem=Problem.DIFFERS, gold=field.gold, predicted=field.predicted
                )


class _Words:
    """Says in a few words which item of one extraction is meant."""

    def __init__(self, extraction: Extraction) -> None:
        self.text = extraction.article.text
        self.names = {entity.id: entity.name for entity in extraction.entities}

    def describe(self, item: Entity | AttackReport | ClaimReport | RelationReport) -> str:
        if isinstance(item, Entity):
            return f"{item.type} {item.name!r}"
        if isinstance(item, AttackReport):
            places = "".join(f" in {self.names.get(place.entity, place.entity)}" for place in item.locations[:1])
            kinds = "+".join(kind.value for kind in item.kinds)
            return f"{kinds} {self.text[item.trigger.start : item.trigger.end]!r}{places}"
        if isinstance(item, ClaimReport):
            return f"{item.kind} of {item.claimant_text or 'nobody'!r} on {item.about or 'no attack'}: {item.content!r}"
        ends = (self.names.get(end, end) for end in (item.subject, item.object))
        return f" {item.predicate} ".join(ends)


def _aligned(lines: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD) + 1)]
    text = (
        line[0].ljust(widths[0])
        + "".join(f"  {cell:>{width}}" for cell, width in zip(line[1:], widths[1:], strict=True))
        for line in lines
    )
    return [line.rstrip() for line in text]


def _line(row: str, count: Count) -> tuple[str, ...]:
    name = f"  {row.partition('.')[2]}" if "." in row else row
    whole = (
        ["", "", ""] if row.startswith("coreference.") else [f"{n:g}" for n in (count.said, count.right, count.gold)]
    )
    return (name, *whole, *map(_ratio, (count.precision, count.recall, count.f1)))


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _json(count: Count) -> dict[str, float | None]:
    numbers = {"said": count.said, "right": count.right, "found": count.found, "gold": count.gold}
    ratios = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
    return {name: _rounded(value) for name, value in (numbers | ratios).items()}
