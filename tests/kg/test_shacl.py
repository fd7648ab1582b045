from __future__ import annotations

import pyoxigraph as ox

from factories import example, make_resolution
from incidentgraph.ids import DEFAULT_BASE
from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.kg.validate import validate
from incidentgraph.vocab import IG


def test_the_example_conforms(example_graph: IncidentGraph) -> None:
    report = validate(example_graph)
    assert report.results == ()
    assert report.conforms


def test_what_is_wrong_is_named() -> None:
    graph = IncidentGraph.from_records(example(), make_resolution())
    attack = ox.NamedNode(f"{DEFAULT_BASE}attack/mayadin-2026-02-22")
    graph.store.add(ox.Quad(attack, ox.NamedNode(IG.status), ox.NamedNode(IG.bombing)))
    report = ox.NamedNode(f"{DEFAULT_BASE}article/radio#a1")
    graph.store.add(
        ox.Quad(report, ox.NamedNode(IG.role), ox.Literal("leading"), ox.NamedNode(f"{DEFAULT_BASE}article/radio"))
    )
    found = validate(graph)
    assert not found.conforms
    assert {result.path for result in found.results} == {"ig:status", "ig:role"}
    assert f"Car bomb in Mayadin, 22 February 2026 <{attack.value}>" in {result.focus for result in found.results}
    assert "ig:bombing" in {result.value for result in found.results}
