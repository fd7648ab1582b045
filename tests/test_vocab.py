"""`vocab.py` names what the ontology declares, and finds the concept of every closed value."""

from __future__ import annotations

from enum import StrEnum

import pytest
from rdflib import RDF, SKOS, Graph, URIRef

from incidentgraph import resources, vocab
from incidentgraph.records import AttackKind, AttackStatus, ClaimKind, EntityType, GroupKind, Harm, PerpetratorStatus
from incidentgraph.vocab import IG, PREFIXES, concept


def test_name_that_is_no_term_raises() -> None:
    with pytest.raises(AttributeError, match="killedMost"):
        _ = IG.killedMost


def test_terms_are_iris_in_the_namespace() -> None:
    assert URIRef("https://w3id.org/incidentgraph/ontology#memberOf") == IG.memberOf
    assert URIRef("https://w3id.org/incidentgraph/ontology#count") == IG.count


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (AttackKind.AIR_STRIKE, IG.air_strike),
        (AttackStatus.FOILED, IG.foiled),
        (PerpetratorStatus.UNKNOWN, IG.unknown),
        (ClaimKind.CASUALTY_REPORT, IG.casualty_report),
        (GroupKind.STATE_FORCE, IG.state_force),
    ],
)
def test_concept_of_a_closed_value(value: StrEnum, expected: URIRef) -> None:
    assert concept(value) == expected


def test_every_closed_value_has_a_declared_concept() -> None:
    ontology = Graph().parse(resources.path("ontology", "incident.ttl"))
    for enum in (AttackKind, AttackStatus, PerpetratorStatus, ClaimKind, GroupKind):
        for value in enum:
            assert (concept(value), RDF.type, SKOS.Concept) in ontology


@pytest.mark.parametrize("value", [Harm.KILLED, EntityType.WEAPON])
def test_value_that_is_a_literal_has_no_concept(value: StrEnum) -> None:
    with pytest.raises(AttributeError):
        concept(value)


def test_prefixes_are_those_of_the_ontology() -> None:
    ontology = Graph(bind_namespaces="none").parse(resources.path("ontology", "incident.ttl"))
    declared = {prefix: str(namespace) for prefix, namespace in ontology.namespaces()}
    assert {prefix: declared.get(prefix) for prefix in PREFIXES} == PREFIXES


def test_namespaces_agree_with_the_prefixes() -> None:
    assert PREFIXES["schema"] == vocab.SCHEMA
    assert PREFIXES["sem"] == vocab.SEM
    assert PREFIXES["geo"] == vocab.GEO
    assert PREFIXES["wgs84"] == vocab.WGS84
    assert URIRef(PREFIXES["geo"] + "wktLiteral") == vocab.WKT
