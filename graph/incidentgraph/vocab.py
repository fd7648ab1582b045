"""The terms of `ontology/incident.ttl` as Python names, and the prefixes that every serialisation uses.

`IG.killedBest` is an IRI; a name that the ontology does not declare raises AttributeError.
"""

# ruff: noqa: N815 - the names are those of the ontology

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rdflib import Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD, DefinedNamespace

from incidentgraph.records import OwnKind


class IG(DefinedNamespace):
    """The incidentgraph vocabulary, class by class as in the ontology."""

    _NS = Namespace("https://w3id.org/incidentgraph/ontology#")
    _fail = True

    Actor: URIRef
    Person: URIRef
    Group: URIRef
    Location: URIRef
    Attack: URIRef
    Claim: URIRef

    Article: URIRef
    Evidence: URIRef
    AttackReport: URIRef
    ActorMention: URIRef
    LocationMention: URIRef
    Figure: URIRef
    MergeDecision: URIRef

    # Person
    memberOf: URIRef
    leaderOf: URIRef
    formerLeaderOf: URIRef
    formerMemberOf: URIRef
    spokespersonOf: URIRef
    founderOf: URIRef
    officialOf: URIRef
    formerOfficialOf: URIRef

    # Group
    groupKind: URIRef
    partOf: URIRef
    affiliateOf: URIRef
    alliedWith: URIRef
    opponentOf: URIRef
    splitFrom: URIRef
    territory: URIRef
    aliasOf: URIRef

    # Location
    within: URIRef
    placeKind: URIRef
    countryCode: URIRef
    isoCode: URIRef

    # Attack and AttackReport
    kind: URIRef
    primaryKind: URIRef
    status: URIRef
    count: URIRef
    role: URIRef
    perpetrator: URIRef
    perpetratorStatus: URIRef
    perpetratorDescription: URIRef
    target: URIRef
    targetDescription: URIRef
    victim: URIRef
    victimDescription: URIRef
    location: URIRef
    weapon: URIRef
    date: URIRef
    earliest: URIRef
    latest: URIRef
    killedLow: URIRef
    killedBest: URIRef
    killedHigh: URIRef
    injuredLow: URIRef
    injuredBest: URIRef
    injuredHigh: URIRef
    abductedLow: URIRef
    abductedBest: URIRef
    abductedHigh: URIRef
    attackersKilledLow: URIRef
    attackersKilledBest: URIRef
    attackersKilledHigh: URIRef
    figure: URIRef

    # Figure
    harm: URIRef
    low: URIRef
    best: URIRef
    high: URIRef
    side: URIRef
    accordingTo: URIRef

    # Claim
    claimant: URIRef
    claimantDescription: URIRef
    claimKind: URIRef
    about: URIRef
    channel: URIRef
    channelDescription: URIRef
    statedOn: URIRef
    assertsPerpetrator: URIRef
    assertsPerpetratorDescription: URIRef
    content: URIRef

    # Article
    outlet: URIRef
    publishedOn: URIRef
    contentHash: URIRef
    duplicateOf: URIRef

    # Evidence
    inArticle: URIRef
    start: URIRef
    end: URIRef
    quote: URIRef
    spanStart: URIRef
    spanEnd: URIRef
    extractor: URIRef
    confidence: URIRef

    # Merging
    mergedFrom: URIRef
    reportedIn: URIRef
    mergeDecision: URIRef
    first: URIRef
    second: URIRef
    score: URIRef
    reason: URIRef

    # Closed lists and their concepts; one concept may be in several lists
    KindScheme: URIRef
    StatusScheme: URIRef
    PerpetratorStatusScheme: URIRef
    ClaimKindScheme: URIRef
    GroupKindScheme: URIRef

    bombing: URIRef
    armed_assault: URIRef
    assassination: URIRef
    kidnapping: URIRef
    air_strike: URIRef
    shelling: URIRef
    arson: URIRef
    vehicle_attack: URIRef
    raid: URIRef
    other: URIRef
    unknown: URIRef

    occurred: URIRef
    attempted: URIRef
    foiled: URIRef
    threatened: URIRef
    alleged: URIRef

    claimed: URIRef
    attributed: URIRef
    suspected: URIRef

    responsibility: URIRef
    denial: URIRef
    attribution: URIRef
    confirmation: URIRef
    casualty_report: URIRef
    threat: URIRef
    condemnation: URIRef

    armed_group: URIRef
    state: URIRef
    state_force: URIRef
    government_body: URIRef
    coalition: URIRef
    monitor: URIRef
    media: URIRef
    party: URIRef


SCHEMA = Namespace("https://schema.org/")
SEM = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
WGS84 = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
GEONAMES = Namespace("https://sws.geonames.org/")
CROSSWALK = Namespace("https://w3id.org/incidentgraph/crosswalk/")  # codes of other projects, which have no IRIs
WIKIDATA = Namespace("http://www.wikidata.org/entity/")

EDTF = URIRef("http://id.loc.gov/datatypes/edtf")  # datatype of every date that may be uncertain or partial
WKT = GEO["wktLiteral"]

# What serialisers bind and what a query may use without declaring it.
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "ig": str(IG),
        "dcterms": str(DCTERMS),
        "foaf": str(FOAF),
        "geo": str(GEO),
        "owl": str(OWL),
        "prov": str(PROV),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "schema": str(SCHEMA),
        "sem": str(SEM),
        "skos": str(SKOS),
        "wgs84": str(WGS84),
        "xsd": str(XSD),
    }
)


def concept(value: StrEnum | OwnKind) -> URIRef:
    """Return the SKOS concept of an enum value in `records` or of a kind of an extension's own.

    AttributeError if the list has no concepts.
    """
    return URIRef(value.iri) if isinstance(value, OwnKind) else IG[value]
