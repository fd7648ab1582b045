from __future__ import annotations

import io
from pathlib import Path

from incidentgraph.export.nquads import write_nquads
from incidentgraph.ids import DEFAULT_BASE
from incidentgraph.kg.graph import IncidentGraph

ATTACK = f"{DEFAULT_BASE}attack/mayadin-2026-02-22"
GROUP = f"{DEFAULT_BASE}group/islamic-state"
CLAIM = f"{DEFAULT_BASE}article/wire%2F1#c2"
KEYS = {"article", "title", "outlet", "published", "url", "start", "end", "quote", "span_start", "span_end"}


def test_nodes_have_facts_with_evidence(example_graph: IncidentGraph) -> None:
    network = example_graph.network()
    node = network.nodes[ATTACK]
    assert (node["label"], node["cls"]) == ("Car bomb in Mayadin, 22 February 2026", "Attack")
    facts = {(name, value): evidence for name, value, evidence in node["facts"]}
    assert facts["kind", "bombing"]
    assert [piece["quote"][:5] for piece in facts["killedHigh", 30]] == ["Up to"]
    assert facts["earliest", "2026-02-22"] == ()
    assert "killed: at least 26 (people), according to Omar Haddad" in {v for n, v in facts if n == "figure"}
    assert "mergedFrom" in {name for name, _ in facts}
    assert all(set(piece) == KEYS for piece in node["evidence"])
    assert {piece["article"] for piece in node["evidence"]} == {"wire/1", "radio"}


def test_edges_have_evidence_and_claims_are_nodes(example_graph: IncidentGraph) -> None:
    network = example_graph.network()
    assert network.nodes[CLAIM]["cls"] == "Claim"
    assert set(network[CLAIM][GROUP]) == {"claimant", "assertsPerpetrator"}
    assert set(network[CLAIM][ATTACK]) == {"about"}
    edge = network[ATTACK][GROUP]["perpetrator"]
    assert edge["predicate"] == "perpetrator"
    assert {piece["article"] for piece in edge["evidence"]} == {"wire/1", "radio"}
    assert {data["cls"] for _, data in network.nodes(data=True)} == {"Person", "Group", "Location", "Attack", "Claim"}


def test_within_is_left_to_the_chain_of_places(example_graph: IncidentGraph) -> None:
    network = example_graph.network()
    keys = {key for _, _, key in network.edges(keys=True)}
    assert "partOf" in keys
    assert "within" not in keys
    assert "mergedFrom" not in keys


def test_the_network_needs_the_rdf_only(example_graph: IncidentGraph, tmp_path: Path) -> None:
    out = io.BytesIO()
    write_nquads(example_graph, out)
    (tmp_path / "graph.nq").write_bytes(out.getvalue())
    one, other = example_graph.network(), IncidentGraph.read(tmp_path / "graph.nq").network()
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(other.edges(keys=True, data=True))


def test_an_empty_graph_is_an_empty_network() -> None:
    assert len(IncidentGraph().network()) == 0
