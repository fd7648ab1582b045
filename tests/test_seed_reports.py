"""The graph of our own tellings of the two Syrian reports holds what a reader of them would expect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import incidentgraph as ig
from incidentgraph.kg.validate import validate

Ask = Callable[[str], pd.DataFrame]

WIRE = """Islamic State Claims New Attacks on Syrian Army

Menu

Search

  |   Politics

Islamic State (IS) has claimed responsibility for two new attacks on Syrian army personnel in the north and east of Syria.

According to a statement released by IS through its Dabiq news outlet, the group carried out a pistol attack in the city of Mayadin in Deir al-Zor province. In a separate assault in Raqqa, militants opened fire with machine guns on two Syrian army personnel. Syria’s Defence Ministry confirmed that a soldier and a civilian were killed on Saturday by unidentified assailants. A source told Reuters that the soldier was a member of the Syrian army’s 42nd Division.

Sharaa, a former al Qaeda leader, led a coalition that overthrew former President Bashar al-Assad. President Ahmed al-Sharaa met President Donald Trump in the United States. In an audio statement, IS spokesperson Abu Hudhayfa al-Ansari spoke, vowing continued attacks. The group has now claimed six attacks since the fall of Assad.

A report from the U.N. Office of Counter-Terrorism revealed that Sharaa and two senior cabinet ministers survived five foiled assassination attempts by IS.

Sign up for daily updates for the most important
stories unfolding in the global economy.
"""

NOTE = """Islamic State turns on the Syrian government

0
4

The Islamic State group (IS) has called on supporters to launch attacks against Syria’s government, according to an audio message. In the recording, circulated through IS media channels, spokesman Abu Huzaifa al-Ansari named President Ahmed al-Sharaa.

Al-Sharaa — formerly known as Abu Mohammed al-Jolani — became Syria’s interim president in January 2025 after the removal of longtime ruler Bashar al-Assad in December 2024. He founded the al-Nusra Front, al-Qaeda’s Syrian affiliate, in 2012, which later fought IS. Syria formally joined the US-led global coalition against IS in November.

Soon after the message, IS claimed responsibility for an attack in Raqqa that reportedly killed two members of the Syrian army. The group also said it carried out an earlier assault in Deir al-Zor that left one interior ministry security member dead and another wounded.

A report published last week by the UN Office of Counter-Terrorism said IS had conducted five unsuccessful assassination attempts targeting al-Sharaa and two senior cabinet ministers.

LEAVE A REPLY

Please enter your comment!
Please enter your name here
"""


@pytest.fixture(scope="module", params=[None, "2026-02-22"], ids=["undated", "published"])
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ig.IncidentGraph:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "wire.txt").write_text(WIRE, encoding="utf-8")
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    return ig.build([folder], published=request.param)


def names(graph: ig.IncidentGraph, query: str) -> set[tuple[object, ...]]:
    answer = graph.sparql(query)
    assert isinstance(answer, pd.DataFrame)
    return set(answer.itertuples(index=False, name=None))


def labels(graph: ig.IncidentGraph, name: str) -> set[str]:
    rows = names(graph, f'SELECT ?l WHERE {{ ?n skos:prefLabel "{name}" ; skos:prefLabel|skos:altLabel ?l }}')
    return {str(row[0]) for row in rows}


def test_actors_with_all_their_spellings(graph: ig.IncidentGraph) -> None:
    assert {"Islamic State", "IS"} <= labels(graph, "Islamic State")
    assert {"Ahmed al-Sharaa", "Sharaa", "Abu Mohammed al-Jolani"} <= labels(graph, "Ahmed al-Sharaa")
    assert {"Abu Hudhayfa al-Ansari", "Abu Huzaifa al-Ansari"} <= labels(graph, "Abu Hudhayfa al-Ansari")
    groups = {str(row[0]) for row in names(graph, "SELECT ?l WHERE { ?g a ig:Group ; skos:prefLabel ?l }")}
    assert {"Syrian Army", "42nd Division", "Dabiq", "Syria’s Defence Ministry"} <= groups
    assert any("Counter-Terrorism" in group for group in groups)


def test_places_with_coordinates(graph: ig.IncidentGraph) -> None:
    rows = names(
        graph,
        """SELECT ?city ?province ?country WHERE {
             ?c a ig:Location ; skos:prefLabel ?city ; wgs84:lat ?lat ; ig:partOf ?p .
             ?p skos:prefLabel ?province ; wgs84:lat ?other ; ig:partOf/skos:prefLabel ?country }""",
    )
    assert any(
        city in {"Mayadin", "Al Mayadin"} and "Deir" in str(province) and country == "Syria"
        for city, province, country in rows
    )
    assert any(city == "Raqqa" and country == "Syria" for city, _, country in rows)


def test_four_attacks_two_of_them_told_twice(graph: ig.IncidentGraph) -> None:
    attacks = graph.attacks()
    assert len(attacks) == 4
    by_place = {place: row for row in attacks.to_dict("records") for place in row["locations"]}
    assert by_place["Raqqa"]["reports"] == 2
    assert "pistol" in by_place["Mayadin"]["weapons"]
    deir = next(row for row in attacks.to_dict("records") if row["injured_best"] == 1)
    assert (deir["killed_best"], deir["reports"]) == (1, 1)
    (series,) = [row for row in attacks.to_dict("records") if row["count"] == 5]
    assert series["status"] in {"attempted", "foiled"}
    assert series["reports"] == 2
    assert all("Islamic State" in row["perpetrators"] for row in attacks.to_dict("records"))


def test_who_claimed_confirmed_and_reported(graph: ig.IncidentGraph) -> None:
    rows = names(
        graph,
        """SELECT ?who ?kind ?quote WHERE {
             ?c a ig:Claim ; ig:claimant ?a ; ig:claimKind ?kind . ?a skos:prefLabel ?who .
             ?e rdf:subject ?c ; ig:quote ?quote }""",
    )
    said = {(str(who), str(kind).rsplit("#", 1)[-1]) for who, kind, quote in rows if quote}
    assert ("Islamic State", "responsibility") in said
    assert {("Syria’s Defence Ministry", "confirmation"), ("Syria’s Defence Ministry", "casualty_report")} & said
    assert any("Counter-Terrorism" in who and kind == "attribution" for who, kind in said)


@pytest.mark.parametrize(
    ("subject", "predicate", "target"),
    [
        ("Ahmed al-Sharaa", "leaderOf", "Syria"),
        ("Ahmed al-Sharaa", "formerLeaderOf", "al-Qaeda"),
        ("Ahmed al-Sharaa", "founderOf", "al-Nusra Front"),
        ("Bashar al-Assad", "formerLeaderOf", "Syria"),
        ("Abu Hudhayfa al-Ansari", "spokespersonOf", "Islamic State"),
        ("al-Nusra Front", "affiliateOf", "al-Qaeda"),
        ("al-Nusra Front", "opponentOf", "Islamic State"),
        ("42nd Division", "partOf", "Syrian Army"),
        ("Syria", "memberOf", "Global Coalition to Defeat ISIS"),
        ("Global Coalition to Defeat ISIS", "opponentOf", "Islamic State"),
    ],
)
def test_relation(graph: ig.IncidentGraph, subject: str, predicate: str, target: str) -> None:
    query = f'ASK {{ ?s skos:prefLabel "{subject}" ; ig:{predicate} ?o . ?o skos:prefLabel "{target}" }}'
    assert graph.sparql(query) is True


def test_nothing_is_made_of_furniture(graph: ig.IncidentGraph) -> None:
    text = " ".join(graph.evidence()["quote"])
    for furniture in ("Menu", "Search", "Sign up", "LEAVE A REPLY", "Please enter"):
        assert furniture not in text


def test_the_graph_is_valid(graph: ig.IncidentGraph) -> None:
    assert validate(graph).results == ()


def test_every_fact_from_text_shows_its_sentence(seeds_graph_dir: Path) -> None:
    """Walk the graph of all seed articles: each quote stands at its offsets and the quote holds the words."""
    from incidentgraph.kg.store import open_store, read_extractions

    texts = {item.article.id: item.article.text for item in read_extractions(open_store(seeds_graph_dir))}
    graph = ig.load(seeds_graph_dir)
    pieces = graph.sparql(
        """SELECT ?id ?start ?end ?quote ?first ?last WHERE {
             ?e a ig:Evidence ; ig:inArticle/dcterms:identifier ?id ; ig:start ?start ; ig:end ?end ; ig:quote ?quote
             OPTIONAL { ?e ig:spanStart ?first ; ig:spanEnd ?last } }"""
    )
    assert isinstance(pieces, pd.DataFrame)
    assert len(pieces) > 500
    for piece in pieces.itertuples():
        assert texts[piece.id][piece.start : piece.end] == piece.quote
        if not pd.isna(piece.first):
            assert piece.start <= piece.first < piece.last <= piece.end
    facts = [
        "perpetrator",
        "target",
        "victim",
        "location",
        "weapon",
        "date",
        "kind",
        "status",
        "claimant",
        "about",
        "content",
        "leaderOf",
        "memberOf",
        "partOf",
    ]
    for fact in facts:
        bare = graph.sparql(
            f"""SELECT ?s ?o WHERE {{ ?s ig:{fact} ?o . {{ ?s a ig:Attack }} UNION {{ ?s a ig:Claim }} UNION {{ ?s a ig:Person }}
                  FILTER NOT EXISTS {{ ?e rdf:subject ?s ; rdf:predicate ig:{fact} ; rdf:object ?o }} }}"""
        )
        assert isinstance(bare, pd.DataFrame)
        if fact != "date":  # a date agreed on by several reports may be one that none states in full
            assert bare.empty, (fact, bare)
