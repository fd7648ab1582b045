"""IncidentGraph -> Turtle: the merged layer with its claims and evidence, complete in itself.

The writer is our own: its bytes depend on nothing but the triples, a million of them take seconds, and the nodes come
in the order in which a reader wants them (actors, places, attacks, claims, articles, then the evidence).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS, SKOS, XSD

from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.kg.terms import datatype_of
from incidentgraph.vocab import IG, PREFIXES

CLASS_ORDER = (
    "Group", "Person", "ActorMention", "Location", "LocationMention", "Attack", "AttackReport", "Figure", "Claim",
    "MergeDecision", "Article", "Evidence",
)  # fmt: skip
_RANK = {str(IG[name]): rank for rank, name in enumerate(CLASS_ORDER)}
_FIRST = {str(RDF.type): 0, str(SKOS.prefLabel): 1, str(RDFS.label): 2, str(SKOS.altLabel): 3}
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")

Described = dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]]


def write_turtle(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write the merged layer of `graph` to `out`."""
    out.write(prefixes().encode())
    for block in Writer().blocks(graph.store, ox.DefaultGraph()):
        out.write(f"\n{block}\n".encode())


def prefixes() -> str:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def described(store: ox.Store, name: ox.NamedNode | ox.DefaultGraph) -> Described:
    """Return the nodes of one graph with their properties, in the order in which they are written."""
    found: Described = {}
    for quad in store.quads_for_pattern(None, None, None, name):
        subject = found.setdefault(str(quad.subject)[1:-1], {})
        subject.setdefault(quad.predicate.value, []).append(quad.object)
    ordered = sorted(found, key=lambda iri: (_rank(found[iri].get(str(RDF.type), ())), iri))
    return {
        iri: {p: sorted(found[iri][p], key=str) for p in sorted(found[iri], key=lambda p: (_FIRST.get(p, 9), p))}
        for iri in ordered
    }


def _rank(types: Iterable[object]) -> int:
    return min((_RANK.get(str(found)[1:-1], len(_RANK)) for found in types), default=len(_RANK))


class Writer:
    """Terms and nodes as Turtle text; remembers how each IRI is abbreviated."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {str(RDF.type): "a"}
        self._namespaces = {namespace: prefix for prefix, namespace in PREFIXES.items()}

    def blocks(self, store: ox.Store, name: ox.NamedNode | ox.DefaultGraph) -> Iterator[str]:
        """Yield one block of text for each node of one graph."""
        for iri, properties in described(store, name).items():
            lines = [
                f"    {self.iri(predicate)} {', '.join(map(self.term, values))}"
                for predicate, values in properties.items()
            ]
            text = " ;\n".join(lines)
            yield f"<{iri}>\n{text} ."

    def iri(self, iri: str) -> str:
        name = self._names.get(iri)
        if name is None:
            cut = max(iri.rfind("#"), iri.rfind("/")) + 1
            prefix = self._namespaces.get(iri[:cut])
            local = iri[cut:]
            short = prefix is not None and _LOCAL.fullmatch(local)
            name = f"{prefix}:{local}" if short else f"<{iri}>"
            if short:
                self._names[iri] = name
        return name

    def term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        if isinstance(term, ox.NamedNode):
            return "rdf:type" if term.value == str(RDF.type) else self.iri(term.value)
        if not isinstance(term, ox.Literal):
            raise TypeError(f"no blank nodes and no triple terms here: {term}")
        datatype = datatype_of(term)
        if datatype == str(XSD.string) or term.language:
            return str(term)
        if datatype == str(XSD.decimal) and _DECIMAL.fullmatch(term.value):
            return term.value
        return f"{ox.Literal(term.value)}^^{self.iri(datatype)}"
