"""An Alignment -> counts of what is right, said and in the gold, field by field. Counts first; ratios come last.

Coreference and merging are scored as clusters:
- MUC: Vilain et al. 1995, A model-theoretic coreference scoring scheme (https://aclanthology.org/M95-1005)
- B-cubed: Bagga and Baldwin 1998, Algorithms for scoring coreference chains (LREC workshop on linguistic coreference)
- CEAF-e: Luo 2005, On coreference resolution performance metrics (https://aclanthology.org/H05-1004), with phi4
- their mean: Pradhan et al. 2014 (https://aclanthology.org/P14-2006), with predicted mentions as they are
- pairwise: precision and recall over the pairs that share a cluster

Unlike CoNLL-2012, clusters of one member count, because our annotation has them. Over articles all counts are summed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import comb
from typing import TypeVar

from incidentgraph.evaluation.align import (
    PARTIES,
    Alignment,
    Matching,
    content_words,
    dates_agree,
    match,
    numbers,
    overlap,
    texts_agree,
)
from incidentgraph.records import AttackReport, Entity, EntityType, Figure, Harm, Side, Span

Item = TypeVar("Item")
Clusters = Iterable[Iterable[Hashable]]

# Words that say no more of the dead than that they are people, or of dead attackers than that they attacked.
_ANYONE = {
    Side.VICTIM: re.compile(
        r"people|persons?|others?|dead|victims?|casualt(?:y|ies)|killed|injured|wounded|injuries|abducted|kidnapped|"
        r"deaths?|fatalit(?:y|ies)|lives"
    ),
    Side.ATTACKER: re.compile(r"attackers?|assailants?|people|others?|dead|killed|injured|wounded"),
}
_THE = re.compile(r"(?i)the\s+")
_POSSESSIVE = re.compile(r"['’]s?$")
_PLACE_AND_DATE = ("location", "location.specific", "date", "date.exact")
ATTACK_FIELDS = ("kind", "status", "role", *PARTIES, "perpetrator_status", *_PLACE_AND_DATE, "weapons")
_FIGURES = tuple(f"{harm}{part}" for harm in Harm for part in ("", ".source"))
STRICT = ("kind", "location", "perpetrators", "perpetrator_status")


@dataclass(frozen=True, slots=True)
class Count:
    """`right` of `said` and `found` of `gold`; the two numerators differ in B-cubed only."""

    right: float = 0
    said: float = 0
    found: float = 0
    gold: float = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.said + other.said, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float | None:
        """None where nothing was said."""
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        """None where there was nothing to find."""
        return self.found / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean (van Rijsbergen 1979); None where nothing was said and nothing was to be found."""
        if not self.said and not self.gold:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


# --- clusters ---------------------------------------------------------------------------------------------------------


def muc(gold: Clusters, predicted: Clusters) -> Count:
    """Return the links that hold the clusters together: right where the other side joins the same members."""
    ours, theirs, shared = _table(gold, predicted)
    links = sum(shared.values()) - len(shared)
    return Count(links, sum(theirs) - len(theirs), links, sum(ours) - len(ours))


def b_cubed(gold: Clusters, predicted: Clusters) -> Count:
    """Return for every member the share of its cluster that is right, and that was found."""
    ours, theirs, shared = _table(gold, predicted)
    return Count(
        right=sum(size**2 / theirs[column] for (_, column), size in shared.items()),
        said=sum(theirs),
        found=sum(size**2 / ours[row] for (row, _), size in shared.items()),
        gold=sum(ours),
    )


def ceaf_e(gold: Clusters, predicted: Clusters) -> Count:
    """Return the likeness, phi4 = 2|K∩R| / (|K|+|R|), of the clusters that the best one-to-one matching pairs."""
    ours, theirs, shared = _table(gold, predicted)

    def phi4(row: int, column: int) -> float:
        return 2 * shared[row, column] / (ours[row] + theirs[column])

    best = sum(phi4(*pair) for pair in match(range(len(ours)), range(len(theirs)), phi4).pairs)
    return Count(best, len(theirs), best, len(ours))


def pairwise(gold: Clusters, predicted: Clusters) -> Count:
    """Return the pairs of members that are in one cluster."""
    ours, theirs, shared = _table(gold, predicted)
    both = sum(comb(size, 2) for size in shared.values())
    return Count(both, sum(comb(size, 2) for size in theirs), both, sum(comb(size, 2) for size in ours))


COREFERENCE: Mapping[str, Callable[[Clusters, Clusters], Count]] = {"muc": muc, "b_cubed": b_cubed, "ceaf_e": ceaf_e}
MERGING: Mapping[str, Callable[[Clusters, Clusters], Count]] = {**COREFERENCE, "pairwise": pairwise}
ROWS = (
    *("entities", *(f"entities.{kind}" for kind in EntityType)),
    *("mentions", *(f"coreference.{name}" for name in COREFERENCE)),
    *("attacks", "attacks.strict", *(f"attacks.{name}" for name in ATTACK_FIELDS)),
    *_FIGURES,
    *("claims", "claims.strict", "relations", "relations.strict"),
)


def merging(gold: Clusters, predicted: Clusters) -> dict[str, Count]:
    """Return the counts of every merging metric, for clusters of members over many articles."""
    ours, theirs = [list(cluster) for cluster in gold], [list(cluster) for cluster in predicted]
    return {name: metric(ours, theirs) for name, metric in MERGING.items()}


def conll_mean(counts: Mapping[str, Count], prefix: str = "") -> float | None:
    """Return the mean F1 of MUC, B-cubed and CEAF-e (Pradhan et al. 2011), without those that had nothing to count."""
    scores = [score for name in COREFERENCE if (score := counts.get(prefix + name, Count()).f1) is not None]
    return sum(scores) / len(scores) if scores else None


def _table(gold: Clusters, predicted: Clusters) -> tuple[list[int], list[int], Counter[tuple[int, int]]]:
    """Return the sizes of the clusters of either side, and of their overlaps by (gold, predicted) number."""
    ours, theirs = _numbered(gold), _numbered(predicted)
    shared = Counter((row, theirs[member]) for member, row in ours.items() if member in theirs)
    return _sizes(ours), _sizes(theirs), shared


def _numbered(clusters: Clusters) -> dict[Hashable, int]:
    out: dict[Hashable, int] = {}
    number = 0
    for cluster in clusters:
        new = [member for member in cluster if member not in out]  # a member of two clusters stays in the first
        out |= dict.fromkeys(new, number)
        number += bool(new)
    return out


def _sizes(numbered: Mapping[Hashable, int]) -> list[int]:
    sizes = Counter(numbered.values())
    return [sizes[number] for number in range(len(sizes))]


# --- one article ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """How one field of a pair of attacks fares, with what either side says in words."""

    count: Count
    gold: str
    predicted: str

    @property
    def is_right(self) -> bool:
        return self.count.right == self.count.said == self.count.gold


def count_all(alignment: Alignment) -> dict[str, Count]:
    """Return the counts of one article by row of the report."""
    out = {"entities": _items(alignment.entities)}
    for kind in EntityType:
        out[f"entities.{kind}"] = _items(alignment.entities, partial(_is_type, kind))
    out |= count_coreference(alignment)
    out["attacks"] = _items(alignment.attacks)
    fields = [attack_fields(alignment, *pair) for pair in alignment.attacks.pairs]
    strict = sum(all(field[name].is_right for name in STRICT) for field in fields)
    out["attacks.strict"] = Count(strict, out["attacks"].said, strict, out["attacks"].gold)
    for name in ATTACK_FIELDS:
        out[f"attacks.{name}"] = sum((field[name].count for field in fields), Count())
    matching = alignment.attacks
    pairs: list[tuple[AttackReport | None, AttackReport | None]]
    pairs = [*matching.pairs, *((one, None) for one in matching.missed), *((None, one) for one in matching.spurious)]
    for harm in Harm:
        for row, sources in ((harm.value, False), (f"{harm}.source", True)):
            figures = (figure_field(alignment, harm, *pair, sources=sources) for pair in pairs)
            out[row] = sum((field.count for field in figures), Count())
    out |= {"claims": _items(alignment.claims), "claims.strict": _items(alignment.claims_strict)}
    return out | {"relations": _items(alignment.relations), "relations.strict": _items(alignment.relations_strict)}


def attack_fields(alignment: Alignment, gold: AttackReport, predicted: AttackReport) -> dict[str, Field]:
    """Return how each field of a pair of attacks fares. A value where gold has none is said and wrong."""

    def value(right: bool, ours: str, theirs: str) -> Field:
        return Field(Count(int(right), bool(theirs), int(right), bool(ours)), str(ours), str(theirs))

    text = alignment.gold.article.text
    kinds = "+".join(kind.value for kind in gold.kinds), predicted.kind.value
    blame = gold.perpetrator_status, predicted.perpetrator_status
    named = bool(gold.locations and predicted.locations)
    places = [[text[place.span.start : place.span.end] for place in attack.locations] for attack in (gold, predicted)]
    first = [names[0] if names else "" for names in places]
    dates = [attack.date.value if attack.date else "" for attack in (gold, predicted)]
    weapons = [[weapon.value for weapon in attack.weapons] for attack in (gold, predicted)]
    return {
        "kind": value(predicted.kind in gold.kinds, *kinds),
        "status": value(gold.status is predicted.status, gold.status, predicted.status),
        "role": value(gold.role is predicted.role, gold.role, predicted.role),
        **{
            role: _several(
                getattr(gold, role), getattr(predicted, role), alignment.same_party, lambda party: party.text
            )
            for role in PARTIES
        },
        "perpetrator_status": value(blame[0] is blame[1], *blame),
        "location": value(named and alignment.places_agree(gold, predicted), *map(", ".join, places)),
        "location.specific": value(named and alignment.same_first_place(gold, predicted), *first),
        "date": value(all(dates) and dates_agree(*dates), *dates),
        "date.exact": value(all(dates) and dates[0] == dates[1], *dates),
        "weapons": _several(weapons[0], weapons[1], texts_agree, str),
    }


def figure_field(
    alignment: Alignment, harm: Harm, gold: AttackReport | None, predicted: AttackReport | None, *, sources: bool
) -> Field:
    """Return how the distinct figures of one harm fare; without a partner all of them are missed or wrong."""

    def same(one: Figure, other: Figure) -> bool:
        whom = overlap(one.span, other.span) or not (_whom(one) and _whom(other)) or texts_agree(one.who, other.who)
        source = not sources or alignment.same_entity(one.according_to, other.according_to)
        return numbers(one) == numbers(other) and one.side is other.side and whom and source

    def words(figure: Figure) -> str:
        low, high = ("" if bound is None else str(bound) for bound in numbers(figure))
        bounds = low if low == high else f"{low}..{high}"
        return " ".join(filter(None, [bounds, figure.who, f"({figure.side})" if figure.side is Side.ATTACKER else ""]))

    sides = [distinct_figures(attack.figures(harm), sources=sources) if attack else [] for attack in (gold, predicted)]
    return _several(sides[0], sides[1], same, words)


def _several(
    gold: Sequence[Item], predicted: Sequence[Item], agree: Callable[[Item, Item], bool], words: Callable[[Item], str]
) -> Field:
    right = len(match(gold, predicted, agree).pairs)
    ours, theirs = ("; ".join(sorted(map(words, side))) for side in (gold, predicted))
    return Field(Count(right, len(predicted), right, len(gold)), ours, theirs)


def count_coreference(alignment: Alignment) -> dict[str, Count]:
    """Return the counts of mentions (exact words, "the" and possessives aside) and of coreference among them."""
    text = alignment.gold.article.text
    pairs = alignment.entities.pairs
    gold = _mentions(text, [*(one for one, _ in pairs), *alignment.entities.missed])
    predicted = _mentions(text, [*(other for _, other in pairs), *alignment.entities.spurious])
    ours, theirs = set(chain(*gold)), set(chain(*predicted))
    out = {"mentions": Count(len(ours & theirs), len(theirs), len(ours & theirs), len(ours))}
    return out | {f"coreference.{name}": metric(gold, predicted) for name, metric in COREFERENCE.items()}


def _mentions(text: str, entities: Iterable[Entity]) -> list[list[Span]]:
    """Return the mentions of each entity without a leading "the" and a possessive ending, in order of the text."""
    clusters = []
    for entity in entities:
        folded = set()
        for span in entity.mentions:
            the, ending = _THE.match(text, span.start, span.end), _POSSESSIVE.search(text, span.start, span.end)
            folded.add(Span(start=the.end() if the else span.start, end=ending.start() if ending else span.end))
        clusters.append(sorted(folded))
    return sorted(clusters)


def distinct_figures(figures: Sequence[Figure], *, sources: bool = False) -> list[Figure]:
    """Return the figures that differ in numbers, side or whom (or source); "26" is no more than "26 worshippers"."""
    kept: dict[tuple[object, ...], Figure] = {}
    for figure in sorted(figures, key=lambda figure: (figure.span, figure.who)):
        source = figure.according_to if sources else None
        kept.setdefault((numbers(figure), figure.side, source, _whom(figure)), figure)
    named = {key[:-1] for key in kept if key[-1]}
    return [figure for key, figure in kept.items() if key[-1] or key[:-1] not in named]


def _whom(figure: Figure) -> frozenset[str]:
    words = content_words(figure.who)
    return frozenset(word for word in words if not (word.isdigit() or _ANYONE[figure.side].fullmatch(word)))


def _is_type(kind: EntityType, entity: Entity) -> bool:
    return entity.type is kind


def _items(matching: Matching[Item], counts: Callable[[Item], bool] = lambda _: True) -> Count:
    right = sum(counts(one) for one, _ in matching.pairs)
    missed, spurious = sum(map(counts, matching.missed)), sum(map(counts, matching.spurious))
    return Count(right, right + spurious, right, right + missed)
