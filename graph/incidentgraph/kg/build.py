"""Extractions and a Resolution -> quads: one named graph per article, and the merged layer in the default graph.

The article layer repeats what each article says of its own nodes. The merged layer says it again of the canonical
nodes, and rests every fact that some article states on that article's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD
from rdflib.term import Literal, Node

from incidentgraph.ids import DEFAULT_BASE, content_hash
from incidentgraph.kg.evidence import Triple, article_evidence, merged_evidence
from incidentgraph.kg.facts import Page, edtf, plain
from incidentgraph.kg.kinds import kind_triples
from incidentgraph.kg.merged import Names, resolution_triples
from incidentgraph.kg.reports import article_facts
from incidentgraph.kg.restate import Restatement, Stated
from incidentgraph.records import Article, Extraction, Resolution
from incidentgraph.vocab import IG, SCHEMA

Quad = tuple[URIRef, URIRef, Node, URIRef | None]  # None is the default graph


def article_quads(extraction: Extraction, *, base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Yield the article layer of one article, all in the graph named by its IRI."""
    page = Page(extraction, base=base)
    for triple in _article_triples(page):
        yield (*triple, page.iri)


def merged_quads(
    resolution: Resolution, extractions: Iterable[Extraction], *, base: str = DEFAULT_BASE
) -> Iterator[Quad]:
    """Yield the merged layer: canonical nodes, extensions' kinds, claims, articles, evidence of what these state."""
    names = Names(resolution, base=base)
    extractions = sorted(extractions, key=lambda extraction: extraction.article.id)
    triples = list(dict.fromkeys(resolution_triples(names)))
    for triple in triples:
        yield (*triple, None)
    kinds = {kind for attack in resolution.attacks for kind in attack.kinds}
    kinds |= {kind for extraction in extractions for attack in extraction.attacks for kind in attack.kinds}
    for triple in dict.fromkeys(kind_triples(kinds)):
        yield (*triple, None)
    stated = Stated(triples)
    for extraction in extractions:
        page = Page(extraction, base=base)
        for triple in article_metadata(extraction.article, page.iri):
            yield (*triple, None)
        if original := resolution.duplicates.get(extraction.article.id):
            yield page.iri, IG.duplicateOf, names.article(original), None
        for triple in _merged_article(page, names, stated):
            yield (*triple, None)


def article_metadata(article: Article, iri: URIRef) -> Iterator[Triple]:
    """Yield the article's node with what its source states about it."""
    yield iri, RDF.type, IG.Article
    yield iri, DCTERMS.identifier, plain(article.id)
    yield iri, SKOS.prefLabel, plain(article.title or article.id)
    yield iri, IG.contentHash, plain(content_hash(article.text))
    for predicate, value in ((DCTERMS.title, article.title), (DCTERMS.language, article.language)):
        if value:
            yield iri, predicate, plain(value)
    if article.outlet:
        yield iri, IG.outlet, plain(article.outlet)
    if article.url:
        yield iri, SCHEMA.url, Literal(str(plain(article.url)), datatype=XSD.anyURI, normalize=False)
    if article.published:
        published = date_literal(article.published)
        yield iri, DCTERMS.issued, published
        yield iri, IG.publishedOn, published


def date_literal(value: str) -> Literal:
    """Return a full date as xsd:date, every other EDTF value as it is."""
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError:
        day = ""
    return Literal(value, datatype=XSD.date, normalize=False) if day == value else edtf(value)


def _article_triples(page: Page) -> Iterator[Triple]:
    yield from article_metadata(page.extraction.article, page.iri)
    for fact in article_facts(page):
        yield fact.subject, fact.predicate, fact.object
        if fact.words is not None:
            yield from article_evidence(page, fact)


def _merged_article(page: Page, names: Names, stated: Stated) -> Iterator[Triple]:
    """Yield one article's claims and figures with resolved ends, and its evidence for canonical facts."""
    restatement = Restatement(page, names, stated)
    for local, fact in restatement.pairs(article_facts(page)):
        if restatement.keeps_node(fact):
            yield fact.subject, fact.predicate, fact.object
        if fact.words is not None:
            yield from merged_evidence(page, local, fact, base=names.base)
