"""IncidentGraph -> a SHACL report: what `ontology/shapes.ttl` finds wrong.

The layers are validated apart, because a claim is one node in both and has its ends in each. Article graphs share no
nodes, so many are validated together: pySHACL costs more per call than per triple.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import SH, SKOS
from rdflib.term import Node

from incidentgraph import resources
from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.vocab import IG, PREFIXES

BATCH = 50  # article graphs at a time: some 50,000 triples, 100 MB of rdflib graph


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One thing that is wrong: the node (with its name), the property, why, and the value."""

    focus: str
    path: str
    message: str
    value: str


@dataclass(frozen=True, slots=True)
class Report:
    """What SHACL validation found."""

    conforms: bool
    results: tuple[Result, ...] = ()


def validate(graph: IncidentGraph, *, shapes: Path | None = None) -> Report:
    """Return the report on both layers of `graph`, by our shapes unless others are given."""
    shapes_graph = Graph().parse(shapes or resources.path("ontology", "shapes.ttl"), format="turtle")
    found: set[Result] = set()
    for part in _parts(graph):
        found.update(_validate(part, shapes_graph))
    return Report(conforms=not found, results=tuple(sorted(found)))


def _parts(graph: IncidentGraph) -> Iterator[Graph]:
    merged = graph.merged()
    own_kinds = Graph()  # of extensions: they are declared once, in the merged layer, and hold in both
    for kind in merged.subjects(SKOS.inScheme, IG.KindScheme):
        own_kinds += merged.triples((kind, None, None))
    yield merged
    articles = graph.article_graphs()
    while batch := [part for _, part in islice(articles, BATCH)]:
        together = batch[0]
        for part in (*batch[1:], own_kinds):
            together += part
        yield together


def _validate(data: Graph, shapes: Graph) -> Iterator[Result]:
    import pyshacl

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report!r}")
    for result in report.objects(None, SH.result):
        focus = report.value(result, SH.focusNode)
        yield Result(
            focus=_named(data, focus),
            path=_short(report.value(result, SH.resultPath)),
            message=str(report.value(result, SH.resultMessage) or ""),
            value=_short(report.value(result, SH.value)),
        )


def _named(data: Graph, node: Node | None) -> str:
    label = data.value(node, SKOS.prefLabel) if node is not None else None
    return f"{label} <{node}>" if label else f"<{node}>"


def _short(term: Node | None) -> str:
    """Return a property or value as `ig:kind` where it has a prefix, as text otherwise."""
    if isinstance(term, URIRef):
        for prefix, namespace in PREFIXES.items():
            if term.startswith(namespace):
                return f"{prefix}:{term[len(namespace) :]}"
    return "" if term is None else str(term)
