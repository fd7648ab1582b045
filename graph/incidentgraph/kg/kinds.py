"""Kinds of attack that extensions add -> their SKOS concepts, so that a graph says itself what its kinds mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from incidentgraph.kg.evidence import Triple
from incidentgraph.kg.facts import plain
from incidentgraph.records import Kind, Match, OwnKind
from incidentgraph.vocab import CROSSWALK, IG, concept


def kind_triples(kinds: Iterable[Kind]) -> Iterator[Triple]:
    """Yield the concepts of those kinds, and of their broader ones, that the ontology does not have."""
    own = {wide for kind in kinds for wide in (kind, *kind.wider) if isinstance(wide, OwnKind)}
    for kind in sorted(own, key=lambda kind: kind.iri):
        node = concept(kind)
        yield node, RDF.type, SKOS.Concept
        yield node, SKOS.prefLabel, plain(kind.label)
        yield node, SKOS.notation, plain(kind.value)
        yield node, SKOS.definition, plain(kind.definition)
        yield node, SKOS.inScheme, IG.KindScheme
        yield node, SKOS.broader, concept(kind.broader)
        for match in kind.matches:
            yield node, SKOS[match.relation], URIRef(match.iri)
            yield from _code(match)


def _code(match: Match) -> Iterator[Triple]:
    """Yield what a code of another project is called there, as the ontology does for the codes that it maps to."""
    if match.scheme is None or match.code is None:
        return
    node = URIRef(match.iri)
    yield node, RDF.type, SKOS.Concept
    yield node, SKOS.notation if match.code.isdigit() else SKOS.prefLabel, plain(match.code)
    yield node, SKOS.inScheme, CROSSWALK[match.scheme]
