"""The facts of one article, said again of canonical nodes: what the merged layer takes over from the article layer.

Claims and figures keep their own node there; entities and attacks are replaced by what they were merged into, and a
fact about those is taken over only where the Resolution says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rdflib import Literal, URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from incidentgraph.kg.evidence import Triple
from incidentgraph.kg.facts import Fact, Page
from incidentgraph.kg.merged import Names
from incidentgraph.records import AttackReport, ClaimKind, Entity, Member, PerpetratorStatus
from incidentgraph.vocab import IG, concept

_LABELS = (SKOS.prefLabel, SKOS.altLabel)
_CARRIED = frozenset({IG.figure, IG.victim, IG.victimDescription})  # of an attack, and not in its Resolution
_ENDS = frozenset({IG.claimant, IG.about, IG.channel, IG.assertsPerpetrator})  # of a claim, settled by Resolution
_BOUNDS = {IG.low, IG.best, IG.high}
_STATUS_SHOWN_BY = {
    ClaimKind.RESPONSIBILITY: concept(PerpetratorStatus.CLAIMED),
    ClaimKind.ATTRIBUTION: concept(PerpetratorStatus.ATTRIBUTED),
}


class Stated:
    """What the Resolution states, to be asked by subject and predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[URIRef, URIRef], list[Node]] = {}
        for subject, predicate, value in triples:
            self._values.setdefault((subject, predicate), []).append(value)

    def values(self, subject: URIRef, predicate: URIRef) -> list[Node]:
        return self._values.get((subject, predicate), [])

    def like(self, subject: URIRef, predicate: URIRef, value: Node) -> list[Node]:
        """Return the value itself if it is stated, else for plain text the values that differ in case only."""
        values = self.values(subject, predicate)
        if value in values:
            return [value]
        if not isinstance(value, Literal) or value.datatype is not None:
            return []
        folded = value.casefold()
        return [other for other in values if isinstance(other, Literal) and other.casefold() == folded]


class Restatement:
    """One article's facts in canonical terms: pairs of the local fact and what it says of the merged layer."""

    def __init__(self, page: Page, names: Names, stated: Stated) -> None:
        self.page, self.names, self.stated = page, names, stated
        article = page.extraction.article.id
        records: tuple[Entity | AttackReport, ...] = (*page.extraction.entities, *page.extraction.attacks)
        self.canonical = {
            page.node(record.id): names.canonical[member]
            for record in records
            if (member := Member(article=article, local=record.id)) in names.canonical
        }
        self.primary = {page.node(attack.id): concept(attack.kind) for attack in page.extraction.attacks}
        self.claims: dict[URIRef, URIRef | None] = {}  # to the attack it is about
        for report in page.extraction.claims:
            claim = names.claims.get(Member(article=article, local=report.id))
            if claim is not None:
                self.claims[page.node(report.id)] = names.iri(claim.about) if claim.about else None
        self.kinds = {page.node(report.id): report.kind for report in page.extraction.claims}
        self.figures: dict[URIRef, URIRef] = {}  # to the report that gives it
        self.tolls: dict[URIRef, str] = {}  # figure to the prefix of its toll
        self.relations = {
            page.node(r.id): names.relations[member]
            for r in page.extraction.relations
            if (member := Member(article=article, local=r.id)) in names.relations
        }

    def pairs(self, facts: Iterable[Fact]) -> Iterator[tuple[Fact, Fact]]:
        facts = list(facts)
        self._place_figures(facts)
        shown: set[tuple[Node, ...]] = set()
        for local in facts:
            for fact in self._said_again(local):
                shown.add((fact.subject, fact.predicate, fact.object))
                yield local, fact
        for local in facts:  # an end that Resolution found by other means rests on the words that make the claim
            if local.predicate == IG.claimKind and local.subject in self.claims:
                for predicate in sorted(_ENDS):
                    for end in self.stated.values(local.subject, predicate):
                        if (local.subject, predicate, end) not in shown:
                            yield local, replace(local, predicate=predicate, object=end)

    def _place_figures(self, facts: Iterable[Fact]) -> None:
        side = {fact.subject: str(fact.object) for fact in facts if fact.predicate == IG.side}
        for fact in facts:
            if fact.predicate == IG.figure and isinstance(fact.object, URIRef):
                if fact.subject in self.canonical or fact.subject in self.claims:
                    self.figures[fact.object] = fact.subject
            elif fact.predicate == IG.harm and fact.subject in side:
                attackers = side[fact.subject] == "attacker"
                self.tolls[fact.subject] = f"attackers{str(fact.object).title()}" if attackers else str(fact.object)

    def _said_again(self, local: Fact) -> Iterator[Fact]:
        subject, predicate, value = local.subject, local.predicate, local.object
        if local.relation is not None:
            if (triple := self.relations.get(local.relation)) is not None:
                yield replace(local, subject=triple[0], predicate=triple[1], object=triple[2])
        elif subject in self.claims:
            if predicate not in _ENDS:
                yield local
            elif (end := self._end(value)) is not None and end in self.stated.values(subject, predicate):
                yield replace(local, object=end)
            yield from self._shown_by_claim(local)
        elif subject in self.figures:
            if (end := self._end(value)) is not None:
                yield replace(local, object=end)
            yield from self._toll(local)
        elif subject in self.canonical:
            yield from self._of_canonical(local, self.canonical[subject])

    def _of_canonical(self, local: Fact, node: URIRef) -> Iterator[Fact]:
        if local.words is None or (end := self._end(local.object)) is None:
            return
        if local.predicate in _CARRIED:
            yield replace(local, subject=node, object=end)
            return
        predicates: tuple[URIRef, ...] = (local.predicate,)
        if local.predicate in _LABELS:
            predicates = _LABELS
        elif local.predicate == IG.kind and local.object != self.primary.get(local.subject):
            predicates = (IG.kind, IG.primaryKind)
        for predicate in predicates:
            for stated in self.stated.like(node, predicate, end):
                yield replace(local, subject=node, predicate=predicate, object=stated)

    def _shown_by_claim(self, local: Fact) -> Iterator[Fact]:
        """Yield what a claim says of the attack it is about: its perpetrator, and how surely."""
        attack = self.claims[local.subject]
        if attack is None or local.words is None:
            return
        kind = self.kinds[local.subject]
        named = local.predicate == IG.assertsPerpetrator and kind is not ClaimKind.DENIAL
        if named or (local.predicate == IG.claimant and kind is ClaimKind.RESPONSIBILITY):
            end = self._end(local.object)
            if end is not None and end in self.stated.values(attack, IG.perpetrator):
                yield replace(local, subject=attack, predicate=IG.perpetrator, object=end)
        if local.predicate == IG.claimKind:
            status = _STATUS_SHOWN_BY.get(kind)
            if status is not None and status in self.stated.values(attack, IG.perpetratorStatus):
                yield replace(local, subject=attack, predicate=IG.perpetratorStatus, object=status)

    def _toll(self, local: Fact) -> Iterator[Fact]:
        """Yield the derived numbers of the attack that this figure gives."""
        report, prefix = self.figures[local.subject], self.tolls.get(local.subject)
        attack = self.claims[report] if report in self.claims else self.canonical[report]
        if attack is None or local.predicate not in _BOUNDS or prefix is None:
            return
        for bound in ("Low", "Best", "High"):
            predicate: URIRef = IG[f"{prefix}{bound}"]
            if local.object in self.stated.values(attack, predicate):
                yield replace(local, subject=attack, predicate=predicate)

    def _end(self, value: Node) -> Node | None:
        """Return the value as the merged layer has it; None for a local node that it does not have."""
        if not isinstance(value, URIRef) or not value.startswith(f"{self.page.iri}#"):
            return value
        if value in self.claims or value in self.figures:
            return value
        return self.canonical.get(value)

    def keeps_node(self, fact: Fact) -> bool:
        """Return whether the fact's node or value is the article's own also in the merged layer."""
        return fact.subject in self.claims or fact.subject in self.figures or fact.predicate in _CARRIED
