"""Two Extractions of one article, predicted and gold -> which items of one are which of the other, one to one.

Every matching is optimal: the assignment with the highest total is taken (Kuhn 1955, Munkres 1957, as scipy's
`linear_sum_assignment`), so that neither order nor ids matter.

Two attacks are alike by the sum of these points, and never matched below `ATTACK_FLOOR`:

| feature  | weight | from -1 to 1                                                                       |
|----------|--------|------------------------------------------------------------------------------------|
| evidence | 4      | characters of evidence shared, of the shorter evidence                             |
| trigger  | 2      | 1 where the triggers overlap                                                       |
| place    | 2      | 1 same most specific place, 0.5 compatible, -1 incompatible, 0 where one has none  |
| actors   | 2      | perpetrators, targets and victims shared, of the shorter list                      |
| kind     | 1      | 1 where they have a kind in common                                                 |
| figures  | 1      | figures shared, of the shorter list                                                |
| date     | 1      | 1 compatible, -1 incompatible, 0 where one has none                                |

The same trigger in the same sentences is thus always the same attack, whatever else is wrong with it (4 + 2 - 2 - 1),
and so are attacks of one kind in one place (2 + 1) that were read from different sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Generic, TypeVar

import numpy as np
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from scipy.optimize import linear_sum_assignment

from incidentgraph.errors import UsageError
from incidentgraph.records import (
    AttackReport,
    ClaimReport,
    Entity,
    Extraction,
    Figure,
    Harm,
    Party,
    RelationReport,
    Span,
)

ATTACK_WEIGHTS = {"evidence": 4, "trigger": 2, "place": 2, "actors": 2, "kind": 1, "figures": 1, "date": 1}
ATTACK_FLOOR = 3.0
HALF = 0.5  # of the content words of a claim about no attack
PARTIES = ("perpetrators", "targets", "victims")
CONTAINMENT = {"partOf", "within"}
SYMMETRIC = {"alliedWith", "opponentOf", "aliasOf"}

_POSSESSIVE = re.compile(r"(?<=\w)['’](?:s\b|(?!\w))")
_JOINED = re.compile(r"[.'’‘`ʼʻʿʾ]")  # U.S. is US, Qa'ida is Qaida
_DAY = r"\d{2}[\dX]{2}(?:-(?:\d\d|XX)){0,2}"
_EDTF = re.compile(rf"{_DAY}|(?:{_DAY}|\.\.)/(?:{_DAY}|\.\.)")  # others, as `2026-X2`, trip the parser or make it print
_NOBODY = re.compile(r"(?i)\s*(?:$|no\b|nobody\b|none\b)")
_NOT_WORD = re.compile(r"[\W_]+")
_PRONOUNS = re.compile(r"[Hh](?:e|er|im|is)|[Ss]he|[Ii]ts?|[Tt]he(?:y|m|ir)|[Ww]e|us|[Oo]urs?|[Ww]ho")  # not US, WHO
_STOP = re.compile(
    r"an?|and|are|as|at|be|been|by|for|from|ha[ds]|have|he|her|his|in|is|its?|of|on|or|she|that|the|their|they|this|to|"
    r"was|were|which|with"
)
# Lines of a page that name people and agencies without being about them.
_CREDITS = re.compile(
    r"""(?mx)
    ^[ \t]*(?:By|BY)[ ](?=[A-Z])[^\n.!?]{2,90}$                            # By Jane Doe and John Roe, City
    | (?:^[ \t]*|\()(?i:(?:additional[ ])?reporting|writing|editing|translat(?:ed|ion)|compiled)[ ]by[ ][^\n]*
    | ^[ \t]*(?:Photo(?:graph)?|Image|Picture|Source|Credit)s?(?:[ ](?:by|credit))?:[^\n]*
    | ^[^\n(]{0,60}(?P<agency>\([^\n)]{2,30}\))(?=[ ]?[-–—])               # KABUL, March 3 (AFP) -
    | ©[^\n]*
    """,
)

Item = TypeVar("Item")
Bounds = tuple[tuple[float, ...], tuple[float, ...]]
Names = dict[str, frozenset[str]]  # local id of an entity -> its folded names


@dataclass(frozen=True, slots=True)
class Matching(Generic[Item]):
    """Pairs (gold, predicted), and what is left on either side."""

    pairs: tuple[tuple[Item, Item], ...]
    missed: tuple[Item, ...]
    spurious: tuple[Item, ...]


def match(gold: Sequence[Item], predicted: Sequence[Item], score: Callable[[Item, Item], float]) -> Matching[Item]:
    """Return the one-to-one matching with the highest sum of scores; a pair that scores 0 is never made."""
    scores = np.array([[score(one, other) for other in predicted] for one in gold]).reshape(len(gold), len(predicted))
    rows, columns = linear_sum_assignment(scores, maximize=True)
    found = [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if scores[row, column] > 0]
    left, right = {row for row, _ in found}, {column for _, column in found}
    return Matching(
        pairs=tuple((gold[row], predicted[column]) for row, column in found),
        missed=tuple(item for row, item in enumerate(gold) if row not in left),
        spurious=tuple(item for column, item in enumerate(predicted) if column not in right),
    )


# --- what counts as the same ------------------------------------------------------------------------------------------


def fold_name(name: str) -> str:
    """Return the name without case, punctuation, possessive ending and leading "the"."""
    text = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", name).casefold())
    words = _NOT_WORD.sub(" ", _JOINED.sub("", text)).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words) or text.strip()


def content_words(text: str) -> frozenset[str]:
    """Return the folded words of the text that carry meaning."""
    return frozenset(word for word in fold_name(text).split() if not _STOP.fullmatch(word))


def texts_agree(gold: str, predicted: str) -> bool:
    """Tell whether two descriptions say the same: one holds all words of the other, or they share half of all."""
    first, second = content_words(gold), content_words(predicted)
    if not first or not second:
        return fold_name(gold) == fold_name(predicted)
    return first <= second or second <= first or 2 * len(first & second) >= len(first | second)


def dates_agree(gold: str, predicted: str) -> bool:
    """Tell whether two EDTF dates are compatible: one lies within the other; an unknown year fits any."""
    first, second = (re.sub("[?~%]", "", value) for value in (gold, predicted))
    known = re.search(r"\d{4}", f"{first} {second}")
    year = known[0] if known else "2024"  # any leap year
    one, other = _bounds(first.replace("XXXX", year)), _bounds(second.replace("XXXX", year))
    if one is None or other is None:
        return first == second
    return (one[0] <= other[0] and other[1] <= one[1]) or (other[0] <= one[0] and one[1] <= other[1])


@lru_cache(maxsize=4096)
def _bounds(value: str) -> Bounds | None:
    if not _EDTF.fullmatch(value):
        return None
    try:
        date = parse_edtf(value)
    except EDTFParseException:
        return None
    # An open end (`2026/..`) comes as an infinite float instead of a struct_time.
    ends = (date.lower_strict(), date.upper_strict())
    lower, upper = ((end,) if isinstance(end, float) else tuple(end[:3]) for end in ends)
    return lower, upper


def numbers(figure: Figure) -> tuple[int | None, int | None]:
    """Return low and high, or the best figure as both where the text bounds it on neither side."""
    return (figure.best, figure.best) if figure.low is None and figure.high is None else (figure.low, figure.high)


def overlap(first: Span, second: Span) -> bool:
    return max(first.start, second.start) < min(first.end, second.end)


@lru_cache(maxsize=4096)
def forms(entity: Entity) -> frozenset[str]:
    """Return the folded names of the entity, pronouns left out."""
    return frozenset(
        fold_name(form)
        for form in (entity.name, *entity.surface_forms)
        if form.strip() and not _PRONOUNS.fullmatch(form)
    )


# --- the alignment of one article -------------------------------------------------------------------------------------


class Alignment:
    """What of `predicted` is what of `gold`, both read from one article."""

    def __init__(self, predicted: Extraction, gold: Extraction) -> None:
        if predicted.article.id != gold.article.id or predicted.article.text != gold.article.text:
            raise UsageError(f"{gold.article.id}: predicted and gold are not about the same text")
        self.predicted, self.gold = predicted, gold
        self._gold_names: Names = {entity.id: forms(entity) for entity in gold.entities}
        self._predicted_names: Names = {entity.id: forms(entity) for entity in predicted.entities}
        self.entities = self._align_entities()
        attacks = sorted(gold.attacks, key=_attack_key), sorted(predicted.attacks, key=_attack_key)
        self.attacks = match(*attacks, self._attack_score)
        self.claims, self.claims_strict = self._align_claims(strict=False), self._align_claims(strict=True)
        ours = self._counted(gold.relations, self._gold_names)
        theirs = self._counted(predicted.relations, self._predicted_names)
        self.relations = match(ours, theirs, partial(self._same_relation, strict=False))
        self.relations_strict = match(ours, theirs, partial(self._same_relation, strict=True))

    def same_entity(self, gold: str | None, predicted: str | None) -> bool:
        """Tell whether two local ids share a name. Types are not asked: a wrong one is counted with the entities."""
        if gold is None or predicted is None:
            return gold is predicted
        return bool(self._gold_names.get(gold, frozenset()) & self._predicted_names.get(predicted, frozenset()))

    def same_party(self, gold: Party, predicted: Party) -> bool:
        """Tell whether two parties are one: by name where either is named, else by description or place in the text."""
        if gold.actor is None and predicted.actor is None and overlap(gold.span, predicted.span):
            return True
        return self._same_who(gold.actor, gold.text, predicted.actor, predicted.text)

    def same_first_place(self, gold: AttackReport, predicted: AttackReport) -> bool:
        """Tell whether the most specific places are the same."""
        return self.same_entity(gold.locations[0].entity, predicted.locations[0].entity)

    def places_agree(self, gold: AttackReport, predicted: AttackReport) -> bool:
        """Tell whether the most specific place of one is among the places of the other, or around one of them."""
        ours, theirs = _chain(self.gold, gold), _chain(self.predicted, predicted)
        inner, outer = gold.locations[0].entity, predicted.locations[0].entity
        within = any(self.same_entity(place, outer) for place in ours)
        return within or any(self.same_entity(inner, place) for place in theirs)

    def _same_who(self, actor: str | None, text: str, other: str | None, other_text: str) -> bool:
        if actor is not None and other is not None:
            return self.same_entity(actor, other)
        if actor is None and other is None:
            return texts_agree(text, other_text)
        # One is named, the other only described: the description must hold the name.
        names = self._gold_names.get(actor or "", frozenset()) | self._predicted_names.get(other or "", frozenset())
        words = content_words(other_text if actor is not None else text)
        return any(content_words(name) and content_words(name) <= words for name in names)

    def is_furniture(self, entity: Entity) -> bool:
        """Tell whether the entity is the outlet itself or stands in bylines and credits only."""
        article = self.gold.article
        if article.outlet and fold_name(article.outlet) in forms(entity):
            return True
        lines = _credits(article.text)
        return bool(entity.mentions) and all(any(overlap(span, line) for line in lines) for span in entity.mentions)

    def _align_entities(self) -> Matching[Entity]:
        def score(one: Entity, other: Entity) -> float:
            shared, mentions = forms(one) & forms(other), set(one.mentions) & set(other.mentions)
            alike = len(shared) / max(len(forms(one) | forms(other)), 1) + len(mentions) / max(len(one.mentions), 1)
            return 1 + alike / 2 / ties if shared and one.type is other.type else 0.0

        gold, predicted = (sorted(side.entities, key=_entity_key) for side in (self.gold, self.predicted))
        ties = min(len(gold), len(predicted)) + 1  # what only breaks ties never sums up to one match
        found = match(gold, predicted, score)
        return Matching(
            pairs=tuple(pair for pair in found.pairs if not all(self.is_furniture(entity) for entity in pair)),
            missed=tuple(entity for entity in found.missed if not self.is_furniture(entity)),
            spurious=tuple(entity for entity in found.spurious if not self.is_furniture(entity)),
        )

    def attack_features(self, gold: AttackReport, predicted: AttackReport) -> dict[str, float]:
        """Return how alike two attacks are, feature by feature, as in the table above."""
        parties = [(getattr(gold, role), getattr(predicted, role)) for role in PARTIES]
        shared = sum(len(match(one, other, self.same_party).pairs) for one, other in parties)
        tolls, others = _tolls(gold), _tolls(predicted)
        place = date = 0.0
        if gold.locations and predicted.locations:
            place = 0.5 if self.places_agree(gold, predicted) else -1.0
            place = 1.0 if self.same_first_place(gold, predicted) else place
        if gold.date and predicted.date:
            date = 1.0 if dates_agree(gold.date.value, predicted.date.value) else -1.0
        return {
            "evidence": _shared_evidence(gold.evidence, predicted.evidence),
            "trigger": float(overlap(gold.trigger, predicted.trigger)),
            "place": place,
            "actors": shared / max(sum(min(len(one), len(other)) for one, other in parties), 1),
            "kind": float(bool(set(gold.kinds) & set(predicted.kinds))),
            "figures": len(tolls & others) / max(min(len(tolls), len(others)), 1),
            "date": date,
        }

    def _attack_score(self, gold: AttackReport, predicted: AttackReport) -> float:
        total = sum(ATTACK_WEIGHTS[name] * value for name, value in self.attack_features(gold, predicted).items())
        return total if total >= ATTACK_FLOOR else 0.0

    def _align_claims(self, *, strict: bool) -> Matching[ClaimReport]:
        def score(one: ClaimReport, other: ClaimReport) -> float:
            alike = _dice(content_words(one.content), content_words(other.content))
            if one.about is None and other.about is None:
                same = alike >= HALF
            else:
                same = (one.about, other.about) in same_attack
            if not same or (strict and one.kind is not other.kind) or not self._same_speaker(one, other):
                return 0.0
            return 1 + (alike + (one.kind is other.kind)) / 2 / ties

        gold, predicted = (sorted(side.claims, key=_claim_key) for side in (self.gold, self.predicted))
        ties = min(len(gold), len(predicted)) + 1
        same_attack = {(one.id, other.id) for one, other in self.attacks.pairs}
        return match(gold, predicted, score)

    def _same_speaker(self, gold: ClaimReport, predicted: ClaimReport) -> bool:
        # "No group has claimed it" has no claimant; whether those words are noted is a matter of taste.
        nobody = [one.claimant is None and _NOBODY.match(one.claimant_text) for one in (gold, predicted)]
        if any(nobody):
            return all(nobody)
        return self._same_who(gold.claimant, gold.claimant_text, predicted.claimant, predicted.claimant_text)

    def _same_relation(self, gold: RelationReport, predicted: RelationReport, *, strict: bool) -> bool:
        if strict and gold.predicate != predicted.predicate:
            return False
        ends = self.same_entity(gold.subject, predicted.subject) and self.same_entity(gold.object, predicted.object)
        turned = self.same_entity(gold.subject, predicted.object) and self.same_entity(gold.object, predicted.subject)
        return ends or (turned and (not strict or gold.predicate in SYMMETRIC))

    def _counted(self, relations: Iterable[RelationReport], names: Names) -> list[RelationReport]:
        """Return the relations once each, without those that only say what the places of an attack say already."""
        places = [
            [own.get(place.entity, frozenset()) for place in attack.locations]
            for side, own in ((self.gold, self._gold_names), (self.predicted, self._predicted_names))
            for attack in side.attacks
        ]
        out: dict[tuple[str, str, str], RelationReport] = {}
        for relation in relations:
            ends = [names.get(end, frozenset()) for end in (relation.subject, relation.object)]
            given = any(all(any(end & place for place in chain) for end in ends) for chain in places)
            if not (given and relation.predicate in CONTAINMENT):
                out.setdefault((relation.subject, relation.predicate, relation.object), relation)
        return list(out.values())


def _chain(extraction: Extraction, attack: AttackReport) -> set[str]:
    """Return the places of the attack and those that the article says lie around its most specific one."""
    around, new = set[str](), {attack.locations[0].entity}
    while new:
        around |= new
        new = {
            relation.object
            for relation in extraction.relations
            if relation.predicate in CONTAINMENT and relation.subject in new
        } - around
    return around | {place.entity for place in attack.locations}


def _tolls(attack: AttackReport) -> set[tuple[object, ...]]:
    return {(harm, numbers(figure), figure.side) for harm in Harm for figure in attack.figures(harm)}


def _shared_evidence(first: Sequence[Span], second: Sequence[Span]) -> float:
    one, other = ({at for span in spans for at in range(span.start, span.end)} for spans in (first, second))
    return len(one & other) / max(min(len(one), len(other)), 1)


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


@lru_cache(maxsize=64)
def _credits(text: str) -> tuple[Span, ...]:
    spans = (found.span("agency") if found["agency"] else found.span() for found in _CREDITS.finditer(text))
    return tuple(Span(start=start, end=end) for start, end in spans)


# Sorting by content, never by id, makes equally good matchings come out the same whatever the order of the input.
def _entity_key(entity: Entity) -> tuple[object, ...]:
    return entity.type, sorted(forms(entity)), entity.mentions


def _attack_key(attack: AttackReport) -> tuple[object, ...]:
    return attack.trigger, attack.evidence, attack.kinds, attack.status, attack.role


def _claim_key(claim: ClaimReport) -> tuple[object, ...]:
    return claim.cue, claim.evidence, claim.kind, claim.claimant_text, claim.content
