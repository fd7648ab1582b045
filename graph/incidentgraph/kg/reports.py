"""The attacks and claims of one extraction -> facts, with the values as the article states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rdflib import URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from incidentgraph.kg.facts import Fact, Page, edtf, entity_facts, plain, relation_facts, whole
from incidentgraph.records import (
    AttackReport,
    ClaimReport,
    Figure,
    Harm,
    Party,
    Side,
    Span,
)
from incidentgraph.vocab import IG, concept

BOUNDS = ("Low", "Best", "High")


def article_facts(page: Page) -> Iterator[Fact]:
    """Yield all that the article says, entity by entity, attack by attack, claim by claim."""
    extraction = page.extraction
    for entity in extraction.entities:
        if entity.id in page.entities:
            yield from entity_facts(page, entity)
    for attack in extraction.attacks:
        yield from _Report(page, attack).attack_facts(attack)
    for claim in extraction.claims:
        yield from _Report(page, claim).claim_facts(claim)
    for relation in extraction.relations:
        yield from relation_facts(page, relation)


class _Report:
    """What attacks and claims have in common: one node, its sentences, its parties and its figures."""

    def __init__(self, page: Page, report: AttackReport | ClaimReport) -> None:
        self.page = page
        self.node = page.node(report.id)
        self.report = report

    def fact(self, predicate: URIRef, value: Node, words: Span, *, subject: URIRef | None = None) -> Fact:
        sentence = self.page.sentence(words, self.report.evidence)
        return Fact(subject or self.node, predicate, value, words, sentence, self.report.confidence)

    def attack_facts(self, attack: AttackReport) -> Iterator[Fact]:
        yield Fact(self.node, RDF.type, IG.AttackReport)
        yield Fact(self.node, IG.inArticle, self.page.iri)
        yield Fact(self.node, SKOS.prefLabel, plain(self.attack_label(attack)))
        said = attack.trigger
        yield self.fact(IG.primaryKind, concept(attack.kind), said)
        for kind in dict.fromkeys(attack.kinds):
            yield self.fact(IG.kind, concept(kind), said)
        yield self.fact(IG.status, concept(attack.status), said)
        yield self.fact(IG.role, plain(attack.role), said)
        yield self.fact(IG.count, whole(attack.count), said)
        strongest = attack.perpetrator_status
        words = next((p.span for p in attack.perpetrators if p.status is strongest), said)
        yield self.fact(IG.perpetratorStatus, concept(strongest), words)
        yield from self.parties(attack.perpetrators, IG.perpetrator, IG.perpetratorDescription)
        yield from self.parties(attack.targets, IG.target, IG.targetDescription)
        yield from self.parties(attack.victims, IG.victim, IG.victimDescription)
        for place in attack.locations:
            if place.entity in self.page.entities:
                yield self.fact(IG.location, self.page.node(place.entity), place.span)
        if attack.date is not None:
            yield self.fact(IG.date, edtf(attack.date.value), attack.date.span)
        for weapon in attack.weapons:
            yield self.fact(IG.weapon, plain(weapon.value), weapon.span)
        yield from self.figures()

    def claim_facts(self, claim: ClaimReport) -> Iterator[Fact]:
        page, cue = self.page, claim.cue
        yield Fact(self.node, RDF.type, IG.Claim)
        yield Fact(self.node, IG.inArticle, page.iri)
        yield Fact(self.node, SKOS.prefLabel, plain(self.claim_label(claim)))
        yield self.fact(IG.claimKind, concept(claim.kind), cue)
        if (claimant := page.actor(claim.claimant)) is not None:
            yield self.fact(IG.claimant, claimant, page.naming(claim.claimant, claim.evidence, cue))
        if claim.claimant_text:
            words = page.wording(claim.claimant_text, claim.evidence, cue)
            yield self.fact(IG.claimantDescription, plain(claim.claimant_text), words)
        if claim.about is not None:
            yield self.fact(IG.about, page.node(claim.about), cue)
        if (channel := page.actor(claim.channel_entity)) is not None:
            yield self.fact(IG.channel, channel, page.naming(claim.channel_entity, claim.evidence, cue))
        if claim.channel:
            words = page.wording(claim.channel, claim.evidence, cue)
            yield self.fact(IG.channelDescription, plain(claim.channel), words)
        if claim.stated:
            yield self.fact(IG.statedOn, edtf(claim.stated), cue)
        sentence = page.sentence(cue, claim.evidence)
        content = claim.content or page.text[sentence.start : sentence.end]
        yield self.fact(IG.content, plain(content), page.wording(content, claim.evidence, cue))
        yield from self.parties(claim.perpetrators, IG.assertsPerpetrator, IG.assertsPerpetratorDescription)
        yield from self.figures()
        for figure in (*claim.killed, *claim.injured, *claim.abducted):
            if figure.side is Side.VICTIM and figure.who:
                yield self.fact(IG.victimDescription, plain(figure.who), figure.span)
        for harm in Harm:
            yield from self.bounds(harm.value, [f for f in claim.figures(harm) if f.side is Side.VICTIM])
        yield from self.bounds("attackersKilled", [f for f in claim.killed if f.side is Side.ATTACKER])

    def attack_label(self, attack: AttackReport) -> str:
        place = next((p.entity for p in attack.locations if p.entity in self.page.entities), None)
        where = f" in {self.page.entities[place].name}" if place else ""
        return f"{attack.kind.label}{where}{f', {attack.date.value}' if attack.date else ''}"

    def claim_label(self, claim: ClaimReport) -> str:
        actor = self.page.entities.get(claim.claimant) if claim.claimant else None
        return f"{actor.name if actor else claim.claimant_text or 'nobody named'}: {_words(claim.kind)}"

    def parties(self, parties: Iterable[Party], named: URIRef, described: URIRef) -> Iterator[Fact]:
        for party in parties:
            actor = self.page.actor(party.actor)
            if actor is not None:
                yield self.fact(named, actor, party.span)
            elif party.text:
                yield self.fact(described, plain(party.text), party.span)

    def figures(self) -> Iterator[Fact]:
        """Yield a node for each figure, so that rival figures stand side by side with who gives them."""
        numbered = [(harm, figure) for harm in Harm for figure in self.report.figures(harm)]
        for number, (harm, figure) in enumerate(numbered, start=1):
            node = self.page.node(f"{self.report.id}-f{number}")
            yield Fact(node, RDF.type, IG.Figure)
            yield Fact(node, IG.harm, plain(harm))
            yield Fact(node, IG.side, plain(figure.side))
            yield self.fact(IG.figure, node, figure.span)
            for bound, value in zip((IG.low, IG.best, IG.high), _values(figure), strict=True):
                if value is not None:
                    yield self.fact(bound, whole(value), figure.span, subject=node)
            if figure.who:
                yield self.fact(IG.victimDescription, plain(figure.who), figure.span, subject=node)
            if (source := self.page.actor(figure.according_to)) is not None:
                words = self.page.naming(figure.according_to, self.report.evidence, figure.span)
                yield self.fact(IG.accordingTo, source, words, subject=node)

    def bounds(self, prefix: str, figures: Sequence[Figure]) -> Iterator[Fact]:
        """Yield the range over what one claim asserts; `best` only where its figures agree on one."""
        if not figures:
            return
        lows, bests, highs = (
            {value for figure in figures if (value := _values(figure)[i]) is not None} for i in range(3)
        )
        low, high = min(lows, default=None), max(highs, default=None)
        best = bests.pop() if len(bests) == 1 else None
        if low is not None and high is not None and low > high:  # "at least 60" beside "up to 30" is no range
            low = high = None
        if best is not None and ((low is not None and best < low) or (high is not None and best > high)):
            best = None
        chosen = (low, best, high)
        for i, value in enumerate(chosen):
            for figure in figures:
                if value is not None and _values(figure)[i] == value:
                    yield self.fact(IG[f"{prefix}{BOUNDS[i]}"], whole(value), figure.span)


def _words(value: str) -> str:
    return value.replace("_", " ")


def _values(figure: Figure) -> tuple[int | None, int | None, int | None]:
    return figure.low, figure.best, figure.high
