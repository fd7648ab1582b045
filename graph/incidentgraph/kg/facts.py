"""Extraction -> facts: the triples of the article layer, each with the words and the sentence that state it.

A fact without words (`words` None) is not taken from the text: a type, a number derived from figures, a link home.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS, XSD
from rdflib.term import Node

from incidentgraph.ids import article_iri, local_iri
from incidentgraph.kg.quotes import sentence_around
from incidentgraph.records import Entity, EntityType, Extraction, RelationReport, Span
from incidentgraph.vocab import EDTF, IG, concept


@dataclass(frozen=True, slots=True)
class Fact:
    """One triple about local nodes; `words` state it, `sentence` is quoted as its evidence."""

    subject: URIRef
    predicate: URIRef
    object: Node
    words: Span | None = None
    sentence: Span | None = None
    confidence: float | None = None
    relation: URIRef | None = None  # the relation that states it, where one does


def plain(text: str) -> Literal:
    """Return `text` as a string literal; half a surrogate pair, which UTF-8 cannot write, becomes U+FFFD."""
    return Literal(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def whole(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.nonNegativeInteger, normalize=False)


def decimal(number: float) -> Literal:
    """Return `number` without exponent, which xsd:decimal does not allow."""
    digits = f"{number:.6f}".rstrip("0")
    return Literal(f"{digits}0" if digits.endswith(".") else digits, datatype=XSD.decimal, normalize=False)


def edtf(value: str) -> Literal:
    return Literal(str(plain(value)), datatype=EDTF, normalize=False)


class Page:
    """One extraction with what its facts need: the IRIs of its nodes and the sentence of any words."""

    def __init__(self, extraction: Extraction, *, base: str) -> None:
        self.extraction = extraction
        self.text = extraction.article.text
        self.iri = URIRef(article_iri(extraction.article.id, base=base))
        self.entities = {entity.id: entity for entity in extraction.entities if entity.type is not EntityType.WEAPON}
        self._sentences: dict[Span, Span] = {}

    def node(self, local: str) -> URIRef:
        return URIRef(local_iri(self.iri, local))

    def actor(self, local: str | None) -> URIRef | None:
        """Return the node of a person or group, None for everything else that a record may point to."""
        entity = self.entities.get(local) if local is not None else None
        return self.node(entity.id) if entity and entity.type is not EntityType.LOCATION else None

    def sentence(self, words: Span, evidence: Iterable[Span] = ()) -> Span:
        """Return the evidence span that holds `words`, else the sentence around them."""
        holding = [span for span in evidence if span.start <= words.start and words.end <= span.end]
        if holding:
            return min(holding, key=lambda span: (span.end - span.start, span))
        if words not in self._sentences:
            self._sentences[words] = sentence_around(self.text, words)
        return self._sentences[words]

    def naming(self, local: str | None, evidence: Sequence[Span], near: Span) -> Span:
        """Return the mention of an entity in these sentences that is nearest to `near`, else `near` itself."""
        entity = self.entities.get(local) if local is not None else None
        mentions = entity.mentions if entity else ()
        inside = [m for m in mentions if any(span.start <= m.start and m.end <= span.end for span in evidence)]
        return min(inside, key=lambda m: (max(m.start - near.end, near.start - m.end), m), default=near)

    def wording(self, words: str, evidence: Sequence[Span], near: Span) -> Span:
        """Return where these sentences have `words` verbatim, else `near`."""
        for span in evidence:
            at = self.text.find(words, span.start, span.end) if words else -1
            if at >= 0:
                return Span(start=at, end=at + len(words))
        return near


def entity_facts(page: Page, entity: Entity) -> Iterator[Fact]:
    """Yield type, labels and kind of a mention node; every spelling is shown where the article has it."""
    node = page.node(entity.id)
    place = entity.type is EntityType.LOCATION
    yield Fact(node, RDF.type, IG.LocationMention if place else IG.ActorMention)
    if entity.group_kind is not None:
        yield Fact(node, IG.groupKind, concept(entity.group_kind))
    for label in dict.fromkeys((entity.name, *entity.surface_forms)):
        if words := _label_words(page.text, entity, label):
            predicate = SKOS.prefLabel if label == entity.name else SKOS.altLabel
            yield Fact(node, predicate, plain(label), words, page.sentence(words))


def _label_words(text: str, entity: Entity, label: str) -> Span | None:
    """Return the mention spelled like `label`, in other case or spacing if need be, else the first mention."""
    written = [(" ".join(text[span.start : span.end].split()), span) for span in entity.mentions]
    for same in (str, str.casefold):
        wanted = same(" ".join(label.split()))
        for words, span in written:
            if same(words) == wanted:
                return span
    return entity.mentions[0] if entity.mentions else None


def relation_facts(page: Page, relation: RelationReport) -> Iterator[Fact]:
    """Yield the relation once for each sentence that states it."""
    if relation.subject not in page.entities or relation.object not in page.entities:
        return
    for sentence in relation.evidence:
        words = _closest(page, relation, sentence)
        yield Fact(
            page.node(relation.subject),
            IG[relation.predicate],
            page.node(relation.object),
            words,
            sentence,
            relation.confidence,
            page.node(relation.id),
        )


def _closest(page: Page, relation: RelationReport, sentence: Span) -> Span:
    """Return the shortest stretch of the sentence with a mention of both ends, the whole sentence if there is none."""
    firsts, seconds = (
        [m for m in page.entities[local].mentions if sentence.start <= m.start and m.end <= sentence.end]
        for local in (relation.subject, relation.object)
    )
    stretches = [Span(start=min(a.start, b.start), end=max(a.end, b.end)) for a in firsts for b in seconds if a != b]
    return min(stretches, key=lambda span: (span.end - span.start, span), default=sentence)
