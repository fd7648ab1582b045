"""IncidentGraph -> JSON that lists which local nodes of which articles were merged into one."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, BinaryIO
from urllib.parse import unquote

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, SKOS

from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.vocab import IG


def write_members(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write `{"attacks": […], "entities": […]}` to `out`."""
    out.write(json.dumps(members(graph), ensure_ascii=False, indent=1).encode())
    out.write(b"\n")


def members(graph: IncidentGraph) -> dict[str, list[dict[str, Any]]]:
    """Return the merged nodes with their members as `ARTICLE:LOCAL`, sorted; ancestors of places have none."""
    identifiers = _values(graph.store, DCTERMS.identifier)
    names = _values(graph.store, SKOS.prefLabel)
    attacks = {str(q.subject)[1:-1] for q in _quads(graph.store, None, ox.NamedNode(IG.Attack))}
    merged: dict[str, list[str]] = defaultdict(list)
    for quad in _quads(graph.store, ox.NamedNode(IG.mergedFrom), None):
        article, _, local = str(quad.object)[1:-1].rpartition("#")
        identifier = identifiers.get(article, unquote(article.rsplit("/", 1)[-1]))
        merged[str(quad.subject)[1:-1]].append(f"{identifier}:{unquote(local)}")
    return {
        "attacks": [{"id": iri, "members": sorted(merged[iri])} for iri in sorted(merged) if iri in attacks],
        "entities": [
            {"id": iri, "name": names.get(iri, iri), "members": sorted(merged[iri])}
            for iri in sorted(merged)
            if iri not in attacks
        ],
    }


def _quads(store: ox.Store, predicate: ox.NamedNode | None, value: ox.NamedNode | None) -> list[ox.Quad]:
    return list(store.quads_for_pattern(None, predicate, value, ox.DefaultGraph()))


def _values(store: ox.Store, predicate: str) -> dict[str, str]:
    found = _quads(store, ox.NamedNode(predicate), None)
    return {str(quad.subject)[1:-1]: quad.object.value for quad in found if isinstance(quad.object, ox.Literal)}
