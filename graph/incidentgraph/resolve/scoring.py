"""How surely two reports tell of one attack: features with weights, each with the sentence that users read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from incidentgraph.records import AttackKind, AttackReport, AttackStatus, Figure, Harm, PerpetratorStatus, Side
from incidentgraph.resolve.dates import Period

# Reports whose weights add up to this are one attack. Chosen on seeds/articles: the same town, group and week are not
# enough (5.0 needs a date or a figure besides), the same day and place with nothing against it are.
THRESHOLD = 4.0
_SURE = 50.0  # a contradiction that no agreement outweighs

_VAGUE_KINDS = frozenset((AttackKind.UNKNOWN, AttackKind.OTHER, AttackKind.ASSASSINATION, AttackKind.RAID))
_NOT_DONE = frozenset((AttackStatus.ATTEMPTED, AttackStatus.FOILED))


@dataclass(frozen=True, slots=True)
class Report:
    """An attack report with its ends resolved: canonical ids instead of local ones."""

    attack: AttackReport
    places: tuple[str, ...]  # most specific first
    ancestors: frozenset[str]  # what the most specific place lies in
    is_point: bool  # the most specific place is a town or smaller
    period: Period | None
    perpetrators: frozenset[str]
    targets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Feature:
    """One ground for or against a merge; `why` is written for users."""

    weight: float
    why: str


def compare(first: Report, second: Report) -> tuple[float, tuple[str, ...]]:
    """Return the sum of all weights and the grounds, the weightiest first."""
    features = [feature for compared in _FEATURES for feature in compared(first, second)]
    total = sum(feature.weight for feature in features)
    ordered = sorted(features, key=lambda feature: (-abs(feature.weight), feature.why))
    return total, tuple(f"{feature.why} ({feature.weight:+.1f})" for feature in ordered)


def probability(total: float) -> float:
    """Return the sum of weights as a score from 0 to 1 that is 0.5 at the threshold."""
    return round(1 / (1 + math.exp(THRESHOLD - total)), 4)


def _place(first: Report, second: Report) -> Iterator[Feature]:
    if not first.places or not second.places:
        return
    one, other = first.places[0], second.places[0]
    if one == other:
        yield Feature(3.0 if first.is_point else 1.5, "same place")
    elif _contains(first, second) or _contains(second, first):
        yield Feature(1.0, "one place lies in the other")
    elif one in second.places or other in first.places:
        yield Feature(2.0, "one report names the other's place")
    else:
        yield Feature(-_SURE, "different places")


def _contains(outer: Report, inner: Report) -> bool:
    """Tell whether the place of one report lies in that of the other, by the gazetteer or by what both name."""
    return outer.places[0] in inner.ancestors or (not outer.is_point and bool(set(outer.places) & set(inner.places)))


def _date(first: Report, second: Report) -> Iterator[Feature]:
    if first.period is None or second.period is None:
        return
    gap = first.period.gap(second.period)
    exact = first.period.days == 1 and second.period.days == 1
    if exact and gap == 0:
        yield Feature(2.5, "same day")
    elif exact and gap == 1:
        yield Feature(1.0, "one day apart")
    elif gap == 0:
        yield Feature(0.5, "dates that can be one")
    else:
        yield Feature(-_SURE, f"dates {gap} days apart")


def _kind(first: Report, second: Report) -> Iterator[Feature]:
    ones, others = set(first.attack.kinds), set(second.attack.kinds)
    common = (ones & others) - {AttackKind.UNKNOWN}
    if common:
        yield Feature(1.0, f"both {min(common, key=lambda kind: (-len(kind.wider), kind.value)).label}")
    elif {kind.listed for kind in ones} - _VAGUE_KINDS and {kind.listed for kind in others} - _VAGUE_KINDS:
        yield Feature(-1.5, "different kinds of attack")


def _status(first: Report, second: Report) -> Iterator[Feature]:
    if (first.attack.status in _NOT_DONE) != (second.attack.status in _NOT_DONE):
        yield Feature(-2.0, "carried out in one report, not in the other")


def _count(first: Report, second: Report) -> Iterator[Feature]:
    one, other = first.attack.count, second.attack.count
    if one == other > 1:
        yield Feature(2.0, f"both count {one}")
    elif one != other:
        yield Feature(-_SURE if min(one, other) > 1 else -4.0, "different numbers of attacks")


def _perpetrators(first: Report, second: Report) -> Iterator[Feature]:
    if first.perpetrators & second.perpetrators:
        yield Feature(1.5, "same perpetrator")
    elif first.perpetrators and second.perpetrators:
        claimed = PerpetratorStatus.CLAIMED
        rival = first.attack.perpetrator_status is claimed and second.attack.perpetrator_status is claimed
        yield Feature(-3.0 if rival else -1.0, "different perpetrators")


def _targets(first: Report, second: Report) -> Iterator[Feature]:
    if first.targets & second.targets:
        yield Feature(1.0, "same target or victim")


def _figures(first: Report, second: Report) -> Iterator[Feature]:
    for harm, word in ((Harm.KILLED, "killed"), (Harm.INJURED, "injured"), (Harm.ABDUCTED, "abducted")):
        ones, others = _bounds(first.attack.figures(harm)), _bounds(second.attack.figures(harm))
        if not ones or not others:
            continue
        if ones & others:
            number = max(best or low or 0 for low, best, _ in ones & others)
            # "one killed" agrees by chance, 22 hardly
            yield Feature(1.5 if number > 1 else 0.5, f"same number {word}")
        elif min(_least(ones), _least(others)) * 10 < max(_least(ones), _least(others)):
            yield Feature(-1.0, f"very different numbers {word}")


def _bounds(figures: tuple[Figure, ...]) -> set[tuple[int | None, int | None, int | None]]:
    return {(figure.low, figure.best, figure.high) for figure in figures if figure.side is Side.VICTIM}


def _least(bounds: set[tuple[int | None, int | None, int | None]]) -> int:
    return max(best or low or 0 for low, best, _ in bounds)


def _weapons(first: Report, second: Report) -> Iterator[Feature]:
    ones = {weapon.value.lower().rstrip("s") for weapon in first.attack.weapons}
    others = {weapon.value.lower().rstrip("s") for weapon in second.attack.weapons}
    if ones & others:
        yield Feature(0.5, "same weapon")


_FEATURES = (_place, _date, _kind, _status, _count, _perpetrators, _targets, _figures, _weapons)
