"""The two layers: every fact taken from text shows its sentence, and nothing depends on the order of articles."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import permutations
from typing import Any

import pandas as pd
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from factories import (
    example,
    make_article,
    make_attack,
    make_extraction,
    make_hostile,
    make_radio,
    make_resolution,
    make_wire,
    span,
)
from incidentgraph.export.nquads import write_nquads
from incidentgraph.ids import DEFAULT_BASE
from incidentgraph.kg.build import article_quads, merged_quads
from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.records import (
    ClaimKind,
    ClaimReport,
    Extraction,
    Figure,
    Party,
    PerpetratorStatus,
    RelationReport,
    Resolution,
    Side,
)
from incidentgraph.vocab import EDTF, GEO, IG, SCHEMA, WGS84

ID = DEFAULT_BASE
WIRE = f"{ID}article/wire%2F1"
ATTACK = URIRef(f"{ID}attack/mayadin-2026-02-22")

# What is not taken from the words of an article: types, derived labels, what a figure counts, links between layers.
NOT_FROM_TEXT = {
    RDF.type, RDFS.label, IG.inArticle, IG.groupKind, IG.harm, IG.side, IG.earliest, IG.latest, IG.mergedFrom,
    IG.reportedIn, IG.mergeDecision, IG.territory, IG.countryCode, IG.placeKind, IG.isoCode, IG.within, WGS84.lat,
    WGS84.long, GEO.asWKT, SKOS.exactMatch,
}  # fmt: skip
NO_TEXT_CLASSES = {IG.Article, IG.Evidence, IG.MergeDecision}


def graph_of(*extractions: Extraction, resolution: Resolution | None = None) -> IncidentGraph:
    return IncidentGraph.from_records(extractions, resolution or Resolution())


def local(extraction: Extraction) -> Graph:
    graph = Graph()
    for subject, predicate, value, _ in article_quads(extraction):
        graph.add((subject, predicate, value))
    return graph


def merged(*extractions: Extraction, resolution: Resolution | None = None) -> Graph:
    graph = Graph()
    found = make_resolution(extractions) if resolution is None else resolution
    for subject, predicate, value, name in merged_quads(found, extractions):
        assert name is None
        graph.add((subject, predicate, value))
    return graph


def shown(graph: Graph) -> dict[Any, list[str]]:
    """Return the words that each triple rests on, and check that every piece of evidence is sound."""
    texts = {extraction.article.id: extraction.article.text for extraction in example()}
    found: dict[Any, list[str]] = {}
    for node in graph.subjects(RDF.type, IG.Evidence):
        triple: Any = tuple(graph.value(node, predicate) for predicate in (RDF.subject, RDF.predicate, RDF.object))
        assert triple in graph, triple
        article = graph.value(node, IG.inArticle)
        text = texts[str(graph.value(article, DCTERMS.identifier))]
        positions = (IG.start, IG.end, IG.spanStart, IG.spanEnd)
        start, end, first, last = (int(str(graph.value(node, predicate))) for predicate in positions)
        assert text[start:end] == str(graph.value(node, IG.quote))
        assert start <= first < last <= end
        assert str(graph.value(node, IG.extractor)) == "hand-1"
        found.setdefault(triple, []).append(text[first:last])
    return found


def unshown(graph: Graph) -> set[Any]:
    """Return the triples taken from text that have no evidence."""
    known = shown(graph)
    missing: set[Any] = set()
    for subject, predicate, value in graph:
        classes = set(graph.objects(subject, RDF.type))
        derived_label = predicate == SKOS.prefLabel and classes & {IG.AttackReport, IG.Claim, IG.Attack}
        if predicate in NOT_FROM_TEXT or classes & NO_TEXT_CLASSES or derived_label:
            continue
        if (subject, predicate, value) not in known:
            missing.add((subject, predicate, value))
    return missing


@pytest.mark.parametrize("extraction", example(), ids=["wire", "radio", "hostile"])
def test_every_fact_of_an_article_shows_its_sentence(extraction: Extraction) -> None:
    assert unshown(local(extraction)) == set()


def test_every_fact_of_the_merged_layer_shows_its_sentence() -> None:
    place = URIRef(f"{ID}location/")
    from_gazetteer = {
        (URIRef(f"{ID}group/syria"), SKOS.prefLabel, Literal("Syria")),
        (URIRef(f"{ID}location/syria"), SKOS.prefLabel, Literal("Syria")),
        (place + "deir-ez-zor", IG.partOf, place + "syria"),
    }
    assert unshown(merged(*example())) == from_gazetteer


def test_words_are_the_exact_ones() -> None:
    known = shown(local(make_wire()))
    attack = URIRef(f"{WIRE}#a1")
    assert known[attack, IG.location, URIRef(f"{WIRE}#e1")] == ["Mayadin"]
    assert known[attack, IG.date, Literal("2026-02-22", datatype=EDTF)] == ["Sunday"]
    assert known[attack, IG.kind, IG.bombing] == ["tore through"]
    assert known[URIRef(f"{WIRE}#c2"), IG.content, Literal("Our fighters did it")] == ["Our fighters did it"]
    [leads] = known[URIRef(f"{WIRE}#e2"), IG.leaderOf, URIRef(f"{WIRE}#e3")]
    assert " ".join(leads.split()) == "Omar Haddad, who leads the Syrian Interior Ministry"


def test_derived_tolls_show_the_figures_they_come_from() -> None:
    known = shown(merged(*example()))

    def words(name: str, number: int) -> list[str]:
        return sorted(known[ATTACK, IG[name], Literal(number, datatype=XSD.nonNegativeInteger)])

    assert words("killedHigh", 30) == ["Up to 30 people"]
    assert set(words("killedBest", 26)) == {"at least 26 people", "kills 26"}
    assert set(words("attackersKilledLow", 2)) == {"Two attackers"}


def test_evidence_of_the_merged_layer_names_the_local_evidence() -> None:
    layers = [local(extraction) for extraction in example()]
    origins = set(merged(*example()).objects(None, PROV.wasDerivedFrom))
    assert origins
    assert all(any((origin, RDF.type, IG.Evidence) in layer for layer in layers) for origin in origins)


def test_claims_keep_their_node_and_point_to_canonical_ones() -> None:
    graph = merged(*example())
    claim = URIRef(f"{WIRE}#c2")
    assert set(graph.objects(claim, IG.claimant)) == {URIRef(f"{ID}group/islamic-state")}
    assert set(graph.objects(claim, IG.about)) == {ATTACK}
    assert set(graph.objects(claim, IG.channel)) == {URIRef(f"{ID}group/amaq")}
    assert set(graph.objects(claim, IG.assertsPerpetrator)) == {URIRef(f"{ID}group/islamic-state")}
    assert graph.value(claim, IG.content) == Literal("Our fighters did it")
    assert set(local(make_wire()).objects(claim, IG.claimant)) == {URIRef(f"{WIRE}#e4")}


def test_a_denial_is_no_evidence_of_who_did_it() -> None:
    wire = make_wire()
    denial = replace(wire.claims[1], kind=ClaimKind.DENIAL)
    graph = merged(replace(wire, claims=(wire.claims[0], denial), attacks=(replace(wire.attacks[0], perpetrators=()),)))
    known = shown_of(graph)
    assert (ATTACK, IG.perpetrator, URIRef(f"{ID}group/islamic-state")) not in known
    graph = merged(replace(wire, attacks=(replace(wire.attacks[0], perpetrators=()),)))
    assert (ATTACK, IG.perpetrator, URIRef(f"{ID}group/islamic-state")) in shown_of(graph)


def shown_of(graph: Graph) -> set[tuple[object, ...]]:
    return {
        tuple(graph.value(node, predicate) for predicate in (RDF.subject, RDF.predicate, RDF.object))
        for node in graph.subjects(RDF.type, IG.Evidence)
    }


def test_places_have_their_ancestors() -> None:
    graph = merged(*example())
    mayadin = URIRef(f"{ID}location/mayadin")
    assert set(graph.objects(mayadin, IG.within)) == {
        URIRef(f"{ID}location/deir-ez-zor"),
        URIRef(f"{ID}location/syria"),
    }
    assert graph.value(mayadin, GEO.asWKT) == Literal("POINT(40.4515 35.0197)", datatype=GEO.wktLiteral)
    assert graph.value(mayadin, WGS84.lat) == Literal("35.0197", datatype=XSD.decimal)


def test_a_ring_of_places_ends() -> None:
    resolution = make_resolution()
    ring = tuple(replace(place, part_of=resolution.locations[0].id) for place in resolution.locations)
    graph = merged(*example(), resolution=replace(resolution, locations=ring))
    assert URIRef(ring[0].id) not in set(graph.objects(URIRef(f"{ID}{ring[0].id}"), IG.within))


def test_what_is_not_stated_is_absent() -> None:
    text = "A bomb went off."
    graph = local(make_extraction(make_article("x", text), attacks=(make_attack(text, "went off", text),)))
    attack = URIRef(f"{ID}article/x#a1")
    for predicate in (IG.date, IG.location, IG.perpetrator, IG.perpetratorDescription, IG.weapon, IG.figure):
        assert graph.value(attack, predicate) is None
    article = URIRef(f"{ID}article/x")
    for predicate in (DCTERMS.title, DCTERMS.issued, SCHEMA.url, IG.outlet, DCTERMS.language):
        assert graph.value(article, predicate) is None


def test_published_is_a_date_only_if_it_is_a_full_one() -> None:
    wire, radio = local(make_wire()), local(make_radio())
    assert wire.value(URIRef(WIRE), IG.publishedOn) == Literal("2026-02-23", datatype=XSD.date)
    assert radio.value(URIRef(f"{ID}article/radio"), DCTERMS.issued) == Literal("2026-02", datatype=EDTF)


def test_a_described_party_is_text_and_a_named_one_a_node() -> None:
    text = "Gunmen from the car bomb unit hit the market."
    parties = (
        Party(text="Gunmen", span=span(text, "Gunmen"), status=PerpetratorStatus.SUSPECTED),
        Party(text="car bomb unit", span=span(text, "car bomb unit"), actor="missing"),
    )
    graph = local(
        make_extraction(make_article("x", text), attacks=(make_attack(text, "hit", text, perpetrators=parties),))
    )
    attack = URIRef(f"{ID}article/x#a1")
    assert set(graph.objects(attack, IG.perpetratorDescription)) == {Literal("Gunmen"), Literal("car bomb unit")}
    assert graph.value(attack, IG.perpetratorStatus) == IG.suspected


def test_words_outside_the_evidence_get_their_own_sentence() -> None:
    text = "A bomb went off. It was on Monday, in Foo. More."
    attack = make_attack(text, "went off", "A bomb went off.", victims=(Party(text="Foo", span=span(text, "Foo")),))
    graph = local(make_extraction(make_article("x", text), attacks=(attack,)))
    quotes = {str(graph.value(node, IG.quote)) for node in graph.subjects(RDF.predicate, IG.victimDescription)}
    quotes |= {
        str(graph.value(node, IG.quote))
        for node in graph.subjects(RDF.predicate, None)
        if (node, None, Literal("Foo")) in graph
    }
    assert quotes == {"It was on Monday, in Foo."}


def figure_of(bounds: tuple[int | None, ...], side: Side = Side.VICTIM) -> Figure:
    low, best, high = bounds
    return Figure(low=low, best=best, high=high, who="", span=span("They said so.", "so"), side=side)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([(26, 26, 26)], (26, 26, 26)),
        ([(20, 20, 20), (26, 26, 26)], (20, None, 26)),
        ([(None, 50, None)], (None, 50, None)),
        ([(60, None, None), (None, None, 30)], (None, None, None)),
        ([(60, None, None), (None, 50, None)], (60, None, None)),
    ],
)
def test_a_claim_gives_the_range_over_its_figures(
    figures: list[tuple[int | None, ...]], expected: tuple[int | None, ...]
) -> None:
    text = "They said so."
    killed = (*(figure_of(bounds) for bounds in figures), figure_of((1, 1, 1), Side.ATTACKER))
    claim = ClaimReport(
        id="c1", kind=ClaimKind.OTHER, claimant=None, claimant_text="", content="", cue=span(text, "said"),
        evidence=(span(text, text),), killed=killed,
    )  # fmt: skip
    graph = local(make_extraction(make_article("x", text), claims=(claim,)))
    node = URIRef(f"{ID}article/x#c1")
    values = [graph.value(node, predicate) for predicate in (IG.killedLow, IG.killedBest, IG.killedHigh)]
    found = tuple(None if value is None else int(str(value)) for value in values)
    assert found == expected
    assert graph.value(node, IG.attackersKilledBest) == Literal(1, datatype=XSD.nonNegativeInteger)
    assert graph.value(node, IG.content) == Literal(text)  # a claim always has content


def test_a_relation_is_shown_once_for_each_sentence() -> None:
    radio = make_radio()
    sentences = (radio.attacks[0].evidence[0], radio.claims[1].evidence[0])
    relation = RelationReport(id="r1", subject="e1", predicate="partOf", object="e2", evidence=sentences)
    known = shown(local(replace(radio, relations=(relation,))))
    node = f"{ID}article/radio"
    assert known[URIRef(f"{node}#e1"), IG.partOf, URIRef(f"{node}#e2")][0] == "al-Mayadeen, a town in Deir ez-Zor"


@pytest.mark.parametrize(
    "value", ["2026-02-30", "20260223", "2026-02-2X", "2026?", "2026-W08-1", "2026-02-21/2026-02-22"]
)
def test_what_is_no_calendar_day_is_edtf(value: str) -> None:
    graph = local(make_extraction(make_article("x", published=value)))
    assert graph.value(URIRef(f"{ID}article/x"), IG.publishedOn) == Literal(value, datatype=EDTF)


def test_duplicates_and_decisions_are_told() -> None:
    graph = merged(*example())
    assert (URIRef(f"{ID}article/radio"), IG.duplicateOf, URIRef(WIRE)) in graph
    [decision] = graph.objects(ATTACK, IG.mergeDecision)
    assert graph.value(decision, IG.score) == Literal("0.93", datatype=XSD.decimal)
    assert set(graph.objects(decision, IG.reason)) == {Literal("same day"), Literal("places 0 km apart")}


def test_the_order_of_articles_does_not_matter() -> None:
    written = set()
    for ordered in permutations(example()):
        out = io.BytesIO()
        write_nquads(IncidentGraph.from_records(ordered, make_resolution()), out)
        written.add(out.getvalue())
    assert len(written) == 1


def test_another_base() -> None:
    quads = [*article_quads(make_hostile(), base="urn:x:"), *merged_quads(make_resolution(), example(), base="urn:x:")]
    assert not [quad for quad in quads if any(str(term).startswith(ID) for term in quad)]


def test_half_a_surrogate_pair_keeps_its_place() -> None:
    text = "A \ud800 bomb went off."
    graph = graph_of(make_extraction(make_article("x", text), attacks=(make_attack(text, "went off", text),)))
    quotes = graph.sparql("SELECT DISTINCT ?q { GRAPH ?g { ?e ig:quote ?q } }")
    assert isinstance(quotes, pd.DataFrame)
    assert list(quotes["q"]) == ["A \ufffd bomb went off."]
