"""A triple and the words that state it -> its `ig:Evidence` node.

One node speaks of one triple and one stretch of one article; its IRI is a hash of these, so that the same reading
always gives the same node.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import PROV, RDF
from rdflib.term import Node

from incidentgraph.ids import content_hash, local_iri
from incidentgraph.kg.facts import Fact, Page, decimal, plain, whole
from incidentgraph.vocab import IG

Triple = tuple[URIRef, URIRef, Node]


def evidence_iri(page: Page, fact: Fact) -> URIRef:
    """Return the IRI of the evidence of a fact in the article's own graph."""
    spans = [f"{span.start}-{span.end}" for span in (fact.sentence, fact.words) if span is not None]
    kind = fact.object.datatype if isinstance(fact.object, Literal) else "IRI"
    digest = content_hash(fact.subject, fact.predicate, str(fact.object), str(kind), str(fact.confidence), *spans)
    return URIRef(local_iri(page.iri, f"ev-{digest[:12]}"))


def article_evidence(page: Page, fact: Fact) -> Iterator[Triple]:
    """Yield the evidence node of a fact about local nodes."""
    yield from _evidence(evidence_iri(page, fact), page, fact)


def merged_evidence(page: Page, local: Fact, fact: Fact, *, base: str) -> Iterator[Triple]:
    """Yield the evidence node of a canonical fact that rests on the words of a local one."""
    origin = evidence_iri(page, local)
    digest = content_hash(origin, fact.subject, fact.predicate, str(fact.object))
    node = URIRef(f"{base}evidence/{digest[:20]}")
    yield from _evidence(node, page, fact)
    yield node, PROV.wasDerivedFrom, origin


def _evidence(node: URIRef, page: Page, fact: Fact) -> Iterator[Triple]:
    words, sentence = fact.words, fact.sentence
    if words is None or sentence is None:
        raise ValueError(f"{fact.subject} {fact.predicate} is not taken from the text")
    yield node, RDF.type, IG.Evidence
    yield node, RDF.subject, fact.subject
    yield node, RDF.predicate, fact.predicate
    yield node, RDF.object, fact.object
    yield node, IG.inArticle, page.iri
    yield node, IG.start, whole(sentence.start)
    yield node, IG.end, whole(sentence.end)
    yield node, IG.quote, plain(page.text[sentence.start : sentence.end])
    yield node, IG.spanStart, whole(words.start)
    yield node, IG.spanEnd, whole(words.end)
    yield node, IG.extractor, plain(page.extraction.extractor)
    if fact.confidence is not None:
        yield node, IG.confidence, decimal(fact.confidence)
