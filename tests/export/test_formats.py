from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Graph, Literal
from rdflib.compare import isomorphic
from rdflib.namespace import XSD

from factories import example, make_hostile, make_resolution, make_wire
from incidentgraph.export import EXPORTERS
from incidentgraph.export.flat import xml_text
from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.records import Extraction
from incidentgraph.vocab import IG

pytestmark = [  # rdflib's own parsers still call what rdflib deprecates
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]


def written(graph: IncidentGraph, name: str) -> bytes:
    out = io.BytesIO()
    EXPORTERS[name].write(graph, out)
    return out.getvalue()


def plain(graph: Graph) -> Graph:
    """Return the graph with xsd:string left off, as in RDF 1.1."""
    found = Graph()
    for s, p, o in graph:
        found.add((s, p, Literal(str(o)) if isinstance(o, Literal) and o.datatype == XSD.string else o))
    return found


def resolution_named(name: str) -> Iterator[IncidentGraph]:
    resolution = make_resolution()
    actors = tuple(replace(actor, name=name, aliases=(name[::-1],)) for actor in resolution.actors)
    attacks = tuple(replace(attack, label=name, weapons=(name,)) for attack in resolution.attacks)
    yield IncidentGraph.from_records(example(), replace(resolution, actors=actors, attacks=attacks))


@pytest.mark.parametrize("name", EXPORTERS)
def test_bytes_do_not_depend_on_order(name: str, example_graph: IncidentGraph) -> None:
    other = IncidentGraph.from_records(reversed(example()), make_resolution())
    assert written(other, name) == written(example_graph, name)


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_empty_graph_can_be_written(name: str) -> None:
    assert written(IncidentGraph(), name) is not None


def test_suffixes_are_distinct() -> None:
    assert max(Counter(exporter.suffix for exporter in EXPORTERS.values()).values()) == 1


@pytest.mark.parametrize(("name", "syntax"), [("turtle", "turtle"), ("jsonld", "json-ld")])
def test_the_merged_layer_comes_back(name: str, syntax: str, example_graph: IncidentGraph) -> None:
    again = plain(Graph().parse(data=written(example_graph, name), format=syntax))
    assert isomorphic(again, example_graph.merged())


@pytest.mark.parametrize(("name", "syntax"), [("trig", "trig"), ("nquads", "nquads")])
def test_both_layers_come_back(name: str, syntax: str, example_graph: IncidentGraph) -> None:
    again = Dataset()
    again.parse(data=written(example_graph, name), format=syntax)
    assert isomorphic(plain(again.default_graph), example_graph.merged())
    for iri, graph in example_graph.article_graphs():
        assert isomorphic(plain(again.graph(iri)), graph)
    named = {str(graph.identifier) for graph in again.graphs() if len(graph)}
    assert len(named - {str(again.default_graph.identifier)}) == 3


@pytest.mark.parametrize(("name", "syntax"), [("turtle", ox.RdfFormat.TURTLE), ("trig", ox.RdfFormat.TRIG)])
def test_oxigraph_reads_it_as_well(name: str, syntax: ox.RdfFormat, example_graph: IncidentGraph) -> None:
    again = ox.Store()
    again.load(written(example_graph, name), format=syntax)
    wanted = {q for q in example_graph.store if name == "trig" or q.graph_name == ox.DefaultGraph()}
    assert set(again) == wanted


def test_numbers_are_what_the_ontology_says(example_graph: IncidentGraph) -> None:
    for name in ("turtle", "nquads", "trig"):
        text = written(example_graph, name).decode()
        assert "XMLSchema#integer" not in text
        assert "xsd:integer" not in text
    values = set(example_graph.merged().objects(None, IG.killedBest))
    assert values == {Literal(26, datatype=XSD.nonNegativeInteger)}


def test_a_text_that_looks_like_a_number_stays_a_text() -> None:
    trick = '"5"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    [graph] = resolution_named(trick)
    again = ox.Store()
    again.load(written(graph, "nquads"), format=ox.RdfFormat.N_QUADS)
    assert set(again) == set(graph.store)


def test_turtle_is_grouped_for_reading(example_graph: IncidentGraph) -> None:
    classes = re.findall(r"^    a ig:(\w+)", written(example_graph, "turtle").decode(), re.MULTILINE)
    assert list(dict.fromkeys(classes)) == [
        "Group", "Person", "Location", "Attack", "Figure", "Claim", "MergeDecision", "Article", "Evidence",
    ]  # fmt: skip
    assert b"AttackReport" not in written(example_graph, "turtle")


def test_jsonld_reads_like_json(example_graph: IncidentGraph) -> None:
    document = json.loads(written(example_graph, "jsonld"))
    attack = next(node for node in document["@graph"] if node["type"] == "Attack" and "killedBest" in node)
    assert attack["kind"] == ["bombing"]
    assert attack["killedBest"] == 26
    assert attack["date"] == "2026-02-22"


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_networks_come_back(name: str, example_graph: IncidentGraph) -> None:
    read = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[name]
    again, network = read(io.BytesIO(written(example_graph, name))), example_graph.network()
    assert set(again.nodes) == {xml_text(node) for node in network.nodes}
    assert again.number_of_edges() == network.number_of_edges()
    labels = {node: data["label"] for node, data in again.nodes(data=True)}
    assert labels == {node: xml_text(data["label"]) for node, data in network.nodes(data=True)}


def test_gexf_has_no_clock(example_graph: IncidentGraph) -> None:
    assert b"lastmodified" not in written(example_graph, "gexf")


def test_members(example_graph: IncidentGraph) -> None:
    document = json.loads(written(example_graph, "members"))
    assert {tuple(attack["members"]) for attack in document["attacks"]} == {("radio:a1", "wire/1:a1"), ("bad #1?:a1",)}
    entities = {entity["name"]: entity["members"] for entity in document["entities"]}
    assert entities["Islamic State"] == ["radio:e4", "wire/1:e4"]
    assert "Syria" in entities
    assert all(entity["members"] for entity in document["entities"])


@pytest.mark.parametrize("extraction", [make_wire(), make_hostile()], ids=["wire", "hostile"])
def test_every_format_takes_a_single_article(extraction: Extraction) -> None:
    graph = IncidentGraph.from_records([extraction], make_resolution((extraction,)))
    for name in EXPORTERS:
        assert written(graph, name)


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_any_name_survives_every_format(name: str) -> None:
    [graph] = resolution_named(name)
    for fmt, syntax in (("turtle", ox.RdfFormat.TURTLE), ("nquads", ox.RdfFormat.N_QUADS)):
        again = ox.Store()
        again.load(written(graph, fmt), format=syntax)
        assert set(again.quads_for_pattern(None, None, None, ox.DefaultGraph())) == set(
            graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        )
    assert set(plain(Graph().parse(data=written(graph, "jsonld"), format="json-ld"))) == set(graph.merged())
    nx.read_graphml(io.BytesIO(written(graph, "graphml")))
    nx.read_gexf(io.BytesIO(written(graph, "gexf")))
