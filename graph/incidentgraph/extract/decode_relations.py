"""What the network says of pairs of names in, relations out, with those that the patterns see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from incidentgraph.extract.decode_attacks import ArticleView
from incidentgraph.extract.network import sigmoid
from incidentgraph.extract.network_labels import PREDICATES, Candidate
from incidentgraph.extract.relations import find_relations
from incidentgraph.records import EntityType, GroupKind, RelationReport

_PERSON, _GROUP, _LOCATION = EntityType.PERSON, EntityType.GROUP, EntityType.LOCATION
_OFFICE = frozenset({(_PERSON, _GROUP), (_PERSON, _LOCATION)})
_MEMBER = frozenset({(_PERSON, _GROUP), (_GROUP, _GROUP)})
_GROUPS = frozenset({(_GROUP, _GROUP)})
# Between what a relation can hold.
_ENDS: Mapping[str, frozenset[tuple[EntityType | None, EntityType | None]]] = {
    "memberOf": _MEMBER,
    "formerMemberOf": _MEMBER,
    "leaderOf": _OFFICE,
    "formerLeaderOf": _OFFICE,
    "officialOf": _OFFICE,
    "formerOfficialOf": _OFFICE,
    "spokespersonOf": frozenset({(_PERSON, _GROUP), (_PERSON, _PERSON)}),
    "founderOf": _MEMBER,
    "partOf": _GROUPS | {(_LOCATION, _LOCATION)},
    "affiliateOf": _GROUPS,
    "alliedWith": _GROUPS,
    "opponentOf": _GROUPS,
    "splitFrom": _GROUPS,
}
_NOT_OF_STATES = {"partOf", "affiliateOf", "splitFrom"}


def with_patterns(relations: list[RelationReport], view: ArticleView) -> list[RelationReport]:
    """Return the relations that the patterns see, and the network's between other pairs."""
    states = _states(view)
    seen = [
        relation
        for relation in find_relations(list(view.sentences), view.table)
        if not (relation.subject in states and relation.predicate in _NOT_OF_STATES)
    ]
    known = {frozenset((relation.subject, relation.object)) for relation in seen if relation.subject != relation.object}
    others = [relation for relation in relations if frozenset((relation.subject, relation.object)) not in known]
    return [replace(relation, id=f"r{number}") for number, relation in enumerate((*seen, *others), 1)]


def _states(view: ArticleView) -> set[str]:
    return {view.table.id_of(mention) for mention in view.table.mentions if mention.group_kind is GroupKind.STATE}


def build_relations(view: ArticleView) -> list[RelationReport]:
    """Return the relations between named entities that one sentence states."""
    words, groups = view.words, view.groups
    by_sentence: dict[int, list[tuple[Candidate, str]]] = {}
    for item, owner in zip(groups.candidates, groups.owner, strict=True):
        entity = groups.entities[owner]
        if entity is not None and item.type in {"Person", "Group", "Location", "Nominal"}:
            by_sentence.setdefault(int(words.sentence[item.first]), []).append((item, entity))
    types = {entity: kind for (kind, _), entity in view.table.ids.items()}
    states = _states(view)
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for sentence, found in sorted(by_sentence.items()):
        if len({entity for _, entity in found}) < 2:
            continue
        spans = [item for item, _ in found]
        scores = sigmoid(view.network.pairs("relation", view.hidden, words, spans, spans))
        for row, (_, subject) in enumerate(found):
            for column, (_, other) in enumerate(found):
                if subject == other:
                    continue
                ends = (types.get(subject), types.get(other))
                fits = [
                    ends in _ENDS[name] and not (subject in states and name in _NOT_OF_STATES) for name in PREDICATES
                ]
                predicate = int(np.where(fits, scores[row, column], 0).argmax())
                score = float(scores[row, column, predicate]) if fits[predicate] else 0.0
                if score > max(view.settings["relation"], best.get((subject, other), (0.0, 0, 0))[0]):
                    best[subject, other] = (score, predicate, sentence)
    out: list[RelationReport] = []
    for (subject, other), (score, predicate, sentence) in sorted(best.items(), key=lambda item: (item[1][2], item[0])):
        if best.get((other, subject), (0.0, 0, 0))[0] > score:
            continue  # one of the two directions
        out.append(
            RelationReport(
                id=f"r{len(out) + 1}",
                subject=subject,
                predicate=PREDICATES[predicate],
                object=other,
                evidence=(words.sentences[sentence],),
                confidence=round(score, 3),
            )
        )
    return out
