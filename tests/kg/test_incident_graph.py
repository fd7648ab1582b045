from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from rdflib import Graph

from factories import HOSTILE
from incidentgraph.errors import QueryError, StoreError
from incidentgraph.export.nquads import write_nquads
from incidentgraph.ids import DEFAULT_BASE
from incidentgraph.kg.graph import IncidentGraph

ATTACK = f"{DEFAULT_BASE}attack/mayadin-2026-02-22"
TABLES = ("attacks", "actors", "claims", "locations", "articles", "evidence")


def test_attacks(example_graph: IncidentGraph) -> None:
    table = example_graph.attacks().set_index("attack")
    row = table.loc[ATTACK]
    assert row["kinds"] == ("bombing",)
    assert row["perpetrators"] == ("Islamic State",)
    assert row["perpetrator_status"] == "claimed"
    assert row["locations"] == ("Mayadin",)
    assert (row["killed_low"], row["killed_best"], row["killed_high"]) == (26, 26, 30)
    assert row["earliest"] == pd.Timestamp("2026-02-22")
    assert row["articles"] == ("radio", "wire/1")
    assert (row["reports"], row["claims"]) == (2, 4)
    other = table.loc[f"{DEFAULT_BASE}attack/hostile"]
    assert other["label"] == HOSTILE[:40]
    assert other["locations"] == ()
    assert pd.isna(other["killed_best"])
    assert pd.isna(other["earliest"])


def test_other_tables(example_graph: IncidentGraph) -> None:
    actors = example_graph.actors().set_index("label")
    assert actors.loc["Islamic State", "aliases"] == ("ISIS", "The Islamic State")
    assert actors.loc["Islamic State", "wikidata"] == "Q2429253"
    assert actors.loc["Omar Haddad", "leader_of"] == ("Syrian Interior Ministry",)
    assert actors.loc["Islamic State", "attacks"] == 1
    claims = example_graph.claims()
    assert set(claims["kind"]) == {"casualty_report", "responsibility", "attribution", "denial", "other"}
    assert claims.loc[claims["kind"] == "casualty_report", "killed_low"].to_list() == [26]
    places = example_graph.locations().set_index("label")
    assert places.loc["Mayadin", "within"] == ("Deir ez-Zor", "Syria")
    assert places.loc["Syria", "attacks"] == 1
    articles = example_graph.articles().set_index("identifier")
    assert articles.loc["radio", "duplicate_of"] == "wire/1"
    assert articles.loc["radio", "published"] == "2026-02"
    evidence = example_graph.evidence()
    assert "killedBest" in set(evidence["predicate"])
    assert all(row.quote for row in evidence.itertuples())


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_an_empty_graph_have_their_columns(name: str, example_graph: IncidentGraph) -> None:
    empty, full = getattr(IncidentGraph(), name)(), getattr(example_graph, name)()
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert list(empty.dtypes) == list(full.dtypes)


def test_select_gives_plain_values(example_graph: IncidentGraph) -> None:
    table = example_graph.sparql(
        "SELECT ?label ?best ?earliest ?none { ?a ig:killedBest ?best ; skos:prefLabel ?label ; ig:earliest ?earliest }"
    )
    assert isinstance(table, pd.DataFrame)
    assert list(table.columns) == ["label", "best", "earliest", "none"]
    assert table["best"].to_list() == [26]
    assert str(table["earliest"][0]) == "2026-02-22"
    assert table["none"][0] is None


def test_ask_construct_and_describe(example_graph: IncidentGraph) -> None:
    assert example_graph.sparql("ASK { ?s a ig:Attack }") is True
    assert example_graph.sparql("ASK { ?s a ig:AttackReport }") is False
    assert example_graph.sparql(f"ASK {{ GRAPH <{DEFAULT_BASE}article/radio> {{ ?s a ig:AttackReport }} }}") is True
    built = example_graph.sparql("CONSTRUCT { ?s a ig:Attack } WHERE { ?s a ig:Attack }")
    assert isinstance(built, Graph)
    assert len(built) == 2
    assert isinstance(example_graph.sparql(f"DESCRIBE <{ATTACK}>"), Graph)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:9/> AS ?x) SERVICE ?x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p 5SERVICE:x { ?s ?p ?o } }",
        "SELECT * { ?s ?p 5SERVICE<http://127.0.0.1:9/> { ?s ?p ?o } }",
        'SELECT * { ?s ?p "\\u0022#" SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
        "SELECT * { ?s ?p '''#''' SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p <http://x/#> SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { # '\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } # '\n }",
        "SELECT * { FILTER(?a<?b) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } FILTER(?a>?b) }",
    ],
)
def test_service_is_refused(query: str, example_graph: IncidentGraph) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        example_graph.sparql(query)


@pytest.mark.parametrize(
    "query",
    [
        'ASK { FILTER("SERVICE" = "SERVICE") } # SERVICE',
        "ASK { BIND(1 AS ?service) }",
        "PREFIX x: <http://x/service/> ASK { FILTER(x:service = <http://x/service/service>) }",
    ],
)
def test_the_word_service_is_not_refused(query: str, example_graph: IncidentGraph) -> None:
    assert example_graph.sparql(query) is True


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:a> <a:b> <a:c> }", "DROP ALL", "PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }", "LOAD <http://x/>"],
)
def test_updates_are_refused(update: str, example_graph: IncidentGraph) -> None:
    before = len(example_graph.store)
    with pytest.raises(QueryError, match="updates are not allowed"):
        example_graph.sparql(update)
    assert len(example_graph.store) == before


def test_a_malformed_query_says_where(example_graph: IncidentGraph) -> None:
    with pytest.raises(QueryError, match="line 2, column"):
        example_graph.sparql("SELECT * {\n ?s ?p }")
    with pytest.raises(QueryError, match="prefix foo:"):
        example_graph.sparql("SELECT * { ?s foo:bar ?o }")


def test_written_and_read_again(example_graph: IncidentGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    with path.open("wb") as out:
        write_nquads(example_graph, out)
    again, out_again = IncidentGraph.read(path), io.BytesIO()
    write_nquads(again, out_again)
    assert out_again.getvalue() == path.read_bytes()
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name)(), getattr(example_graph, name)())


def test_a_damaged_file_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("this is no quad\n")
    with pytest.raises(StoreError, match=r"graph\.nq: not readable"):
        IncidentGraph.read(path)
    with pytest.raises(StoreError, match="missing"):
        IncidentGraph.read(tmp_path / "missing")
