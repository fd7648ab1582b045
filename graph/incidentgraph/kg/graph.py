"""Quads -> IncidentGraph: the one object that answers questions about a graph, in tables, SPARQL or as a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from incidentgraph.errors import StoreError
from incidentgraph.ids import DEFAULT_BASE
from incidentgraph.kg.build import Quad, article_quads, merged_quads
from incidentgraph.kg.network import build_network
from incidentgraph.kg.sparql import run_query
from incidentgraph.kg.tables import read_table
from incidentgraph.kg.terms import to_rdflib
from incidentgraph.records import Extraction, Resolution
from incidentgraph.vocab import PREFIXES

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


class IncidentGraph:
    """Who did what, where, when, to whom, and which words of which article say so.

    `rdf` is the rdflib Dataset: its default graph is the merged layer, its named graphs are the articles.
    Oxigraph gives whole numbers back as xsd:integer there; exports have xsd:nonNegativeInteger.
    """

    def __init__(self, quads: Iterable[ox.Quad] = ()) -> None:
        self.rdf = Dataset(store="Oxigraph")
        for prefix, namespace in PREFIXES.items():
            self.rdf.bind(prefix, namespace)
        self.store.bulk_extend(quads)

    @classmethod
    def from_records(
        cls, extractions: Iterable[Extraction], resolution: Resolution, *, base: str = DEFAULT_BASE
    ) -> Self:
        """Return the graph of these extractions and of what they were resolved to; their order does not matter."""
        ordered = sorted(extractions, key=lambda extraction: extraction.article.id)

        def quads() -> Iterator[Quad]:
            for extraction in ordered:
                yield from article_quads(extraction, base=base)
            yield from merged_quads(resolution, ordered, base=base)

        return cls(to_oxigraph(quads()))

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Return the graph that was written to an N-Quads file."""
        graph = cls()
        try:
            graph.store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError) as error:
            raise StoreError(f"{path}: not readable as N-Quads: {error}") from error
        return graph

    @property
    def store(self) -> ox.Store:
        """The Oxigraph store under `rdf`."""
        inner = self.rdf.store._inner  # type: ignore[attr-defined]
        if not isinstance(inner, ox.Store):
            raise TypeError(f"not an Oxigraph store: {inner!r}")
        return inner

    def sparql(self, query: str) -> pd.DataFrame | bool | Graph:
        """Return what a SPARQL query finds: a DataFrame for SELECT, a bool for ASK, else an rdflib Graph.

        The prefixes of the vocabulary need no declaration. SERVICE and updates are refused.
        """
        return run_query(self.store, query)

    def attacks(self) -> pd.DataFrame:
        """Return one row per attack."""
        return self._table("attacks")

    def actors(self) -> pd.DataFrame:
        """Return one row per person or group."""
        return self._table("actors")

    def claims(self) -> pd.DataFrame:
        """Return one row per claim."""
        return self._table("claims")

    def locations(self) -> pd.DataFrame:
        """Return one row per place."""
        return self._table("locations")

    def articles(self) -> pd.DataFrame:
        """Return one row per article."""
        return self._table("articles")

    def evidence(self) -> pd.DataFrame:
        """Return one row per fact of the merged layer and stretch of text that states it."""
        return self._table("evidence")

    def network(self) -> nx.MultiDiGraph:
        """Return actors, places, attacks and claims as a networkx graph, each fact with its evidence."""
        return build_network(self.store)

    def merged(self) -> Graph:
        """Return a copy of the merged layer as a plain rdflib Graph."""
        return self._copy(ox.DefaultGraph())

    def article_graphs(self) -> Iterator[tuple[URIRef, Graph]]:
        """Yield the IRI and a plain copy of each article's own graph."""
        for name in sorted(self.store.named_graphs(), key=str):
            if isinstance(name, ox.NamedNode):
                yield URIRef(name.value), self._copy(name)

    def _copy(self, name: ox.NamedNode | ox.DefaultGraph) -> Graph:
        graph = Graph()
        for quad in self.store.quads_for_pattern(None, None, None, name):
            graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        return graph

    def _table(self, name: str) -> pd.DataFrame:
        text = files("incidentgraph.kg").joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")
        return read_table(self.store, text)


def to_oxigraph(quads: Iterable[Quad]) -> Iterator[ox.Quad]:
    """Yield rdflib quads as Oxigraph's; the few predicates and the many repeated nodes are converted once."""
    nodes: dict[URIRef, ox.NamedNode] = {}

    def named(iri: URIRef) -> ox.NamedNode:
        found = nodes.get(iri)
        if found is None:
            found = nodes[iri] = ox.NamedNode(iri)
        return found

    def value(term: Node) -> ox.NamedNode | ox.Literal:
        if isinstance(term, URIRef):
            return named(term)
        if isinstance(term, Literal):
            return ox.Literal(str(term), datatype=named(term.datatype) if term.datatype else None)
        raise TypeError(f"no blank nodes here: {term!r}")

    default = ox.DefaultGraph()
    for subject, predicate, term, name in quads:
        yield ox.Quad(named(subject), named(predicate), value(term), default if name is None else named(name))
