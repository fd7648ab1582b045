"""The ontology, the shapes, the JSON-LD context and `vocab.py` say the same, and the shapes catch what they should."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from incidentgraph import resources
from incidentgraph.records import (
    AttackKind,
    AttackRole,
    AttackStatus,
    ClaimKind,
    GroupKind,
    Harm,
    PerpetratorStatus,
    Side,
)
from incidentgraph.vocab import EDTF, IG, PREFIXES, SCHEMA

IG_NAMESPACE = Namespace(str(IG))  # also for names that may be no term
SHAPES = Namespace("https://w3id.org/incidentgraph/shapes#")
ONTOLOGY = URIRef("https://w3id.org/incidentgraph/ontology")
SCHEMES: dict[URIRef, type[StrEnum]] = {
    IG.KindScheme: AttackKind,
    IG.StatusScheme: AttackStatus,
    IG.PerpetratorStatusScheme: PerpetratorStatus,
    IG.ClaimKindScheme: ClaimKind,
    IG.GroupKindScheme: GroupKind,
}
PATH_SCHEMES = {
    IG.kind: IG.KindScheme,
    IG.primaryKind: IG.KindScheme,
    IG.status: IG.StatusScheme,
    IG.perpetratorStatus: IG.PerpetratorStatusScheme,
    IG.claimKind: IG.ClaimKindScheme,
    IG.groupKind: IG.GroupKindScheme,
}
ALIGNMENTS = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.inverseOf,
    SKOS.closeMatch,
    SKOS.exactMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    SKOS.editorialNote,
)
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty)

PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items()) + (
    "PREFIX edtf: <http://id.loc.gov/datatypes/>\n"
    "PREFIX art: <https://w3id.org/incidentgraph/id/article/n1#>\n"
    + "".join(
        f"PREFIX {kind}: <https://w3id.org/incidentgraph/id/{kind}/>\n"
        for kind in ("article", "attack", "evidence", "group", "location", "merge", "person")
    )
)
ARTICLE = """
    article:n1 a ig:Article ;
        skos:prefLabel "Blast in Kidal" ; dcterms:title "Blast in Kidal" ; dcterms:identifier "n1" ;
        schema:url "https://example.org/n1"^^xsd:anyURI ; ig:outlet "Harbour Post" ; dcterms:language "en" ;
        dcterms:issued "2026-02-23"^^xsd:date ; ig:publishedOn "2026-02-23"^^xsd:date ;
        ig:contentHash "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" .
    article:n2 a ig:Article ;
        skos:prefLabel "Blast in Kidal (copy)" ; dcterms:identifier "n2" ;
        dcterms:issued "2026-02"^^edtf:edtf ; ig:publishedOn "2026-02"^^edtf:edtf ;
        ig:contentHash "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" ;
        ig:duplicateOf article:n1 .
"""
MERGED = (
    PROLOGUE
    + ARTICLE
    + """
    person:ag-one a ig:Person ;
        skos:prefLabel "Ag One" ; skos:altLabel "Agh Won"@en ; ig:countryCode "ML" ;
        ig:memberOf group:blue-front ;
        ig:leaderOf group:red-army , location:kidal ;
        ig:mergedFrom art:e1 ; ig:reportedIn article:n1 .
    group:blue-front a ig:Group ;
        skos:prefLabel "Blue Front" ; ig:groupKind ig:armed_group ;
        ig:opponentOf group:red-army ;
        ig:mergedFrom art:e2 ; ig:mergeDecision merge:1 .
    group:red-army a ig:Group ;
        skos:prefLabel "Red Army" ; ig:groupKind ig:state ;
        ig:territory location:mali .
    location:kidal a ig:Location ;
        skos:prefLabel "Kidal" ; ig:placeKind "city" ; ig:countryCode "ML" ; wgs84:lat 18.44 ; wgs84:long 1.41 ;
        geo:asWKT "POINT(1.41 18.44)"^^geo:wktLiteral ; skos:exactMatch <https://sws.geonames.org/2455290/> ;
        ig:partOf location:mali ; ig:within location:mali .
    location:mali a ig:Location ;
        skos:prefLabel "Mali" ; ig:placeKind "country" ; ig:countryCode "ML" ; ig:isoCode "ML" .
    attack:1 a ig:Attack ;
        skos:prefLabel "Bombing in Kidal, 22 February 2026" ;
        ig:kind ig:bombing , ig:armed_assault ; ig:primaryKind ig:bombing ; ig:status ig:occurred ;
        ig:count "1"^^xsd:nonNegativeInteger ;
        ig:perpetrator group:blue-front ; ig:perpetratorStatus ig:claimed ;
        ig:target group:red-army ; ig:targetDescription "an army convoy" ;
        ig:location location:kidal ; ig:weapon "car bomb" ;
        ig:date "2026-02-22"^^edtf:edtf ; ig:earliest "2026-02-22"^^xsd:date ; ig:latest "2026-02-22"^^xsd:date ;
        ig:killedLow "8"^^xsd:nonNegativeInteger ; ig:killedBest "10"^^xsd:nonNegativeInteger ;
        ig:killedHigh "12"^^xsd:nonNegativeInteger ;
        ig:mergedFrom art:a1 ; ig:reportedIn article:n1 .
    art:c1 a ig:Claim ;
        skos:prefLabel "Blue Front: we did it" ; ig:claimKind ig:responsibility ; ig:content "we did it" ;
        ig:claimant group:blue-front ;
        ig:about attack:1 ; ig:statedOn "2026-02-23"^^edtf:edtf ;
        ig:assertsPerpetrator group:blue-front ; ig:channelDescription "on Telegram" ;
        ig:killedLow "12"^^xsd:nonNegativeInteger ; ig:inArticle article:n1 .
    evidence:1 a ig:Evidence ;
        rdf:subject attack:1 ; rdf:predicate ig:kind ; rdf:object ig:bombing ;
        ig:inArticle article:n1 ; ig:extractor "rules-1" ;
        ig:start "20"^^xsd:nonNegativeInteger ; ig:end "60"^^xsd:nonNegativeInteger ; ig:confidence 0.9 ;
        ig:spanStart "22"^^xsd:nonNegativeInteger ; ig:spanEnd "30"^^xsd:nonNegativeInteger ;
        ig:quote "A car bomb hit an army convoy in Kidal." ; prov:wasDerivedFrom art:v1 .
    merge:1 a ig:MergeDecision ;
        ig:first art:e2 ; ig:second <https://w3id.org/incidentgraph/id/article/n2#e1> ; ig:score 0.97 ;
        ig:reason "same name" , "same country" .
"""
)
LOCAL = (
    PROLOGUE
    + ARTICLE
    + """
    art:e1 a ig:ActorMention ; skos:prefLabel "Ag One" ; ig:memberOf art:e2 ; ig:leaderOf art:e3 .
    art:e2 a ig:ActorMention ; skos:prefLabel "Blue Front" ; ig:groupKind ig:armed_group .
    art:e3 a ig:LocationMention ; skos:prefLabel "Kidal" .
    art:a1 a ig:AttackReport ; skos:prefLabel "bombing" ;
        ig:kind ig:bombing ; ig:primaryKind ig:bombing ; ig:status ig:occurred ; ig:role "main" ; ig:count 1 ;
        ig:perpetratorDescription "gunmen" ; ig:perpetratorStatus ig:suspected ;
        ig:location art:e3 ; ig:date "2026-02-22"^^edtf:edtf ; ig:figure art:f1 .
    art:a2 a ig:AttackReport ; skos:prefLabel "earlier raid" ;
        ig:kind ig:raid ; ig:status ig:occurred ; ig:role "background" ; ig:count 1 ; ig:perpetratorStatus ig:unknown .
    art:f1 a ig:Figure ; ig:harm "killed" ; ig:side "victim" ; ig:victimDescription "soldiers" ; ig:accordingTo art:e1 ;
        ig:low "8"^^xsd:nonNegativeInteger .
    art:c1 a ig:Claim ;
        skos:prefLabel "Blue Front: we did it" ; ig:claimKind ig:responsibility ; ig:content "we did it" ;
        ig:claimant art:e2 ; ig:about art:a1 ; ig:inArticle article:n1 .
    art:v1 a ig:Evidence ;
        rdf:subject art:a1 ; rdf:predicate ig:kind ; rdf:object ig:bombing ; ig:extractor "rules-1" ;
        ig:inArticle article:n1 ; ig:start 20 ; ig:end 60 ;
        ig:quote "A car bomb hit an army convoy in Kidal." .
"""
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resources.path("ontology", "incident.ttl"))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(resources.path("ontology", "shapes.ttl"))


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resources.path("ontology", "context.jsonld").read_text(encoding="utf-8"))
    return content


def json_ld(text: str) -> Graph:
    """Return the graph of a JSON-LD document."""
    with warnings.catch_warnings():
        # rdflib 7's own parser makes one of these, whatever it is given.
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
        return Graph().parse(data=text, format="json-ld")


def turtle(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def ig_terms(graph: Graph) -> set[Node]:
    return {node for triple in graph for node in triple if isinstance(node, URIRef) and node in IG_NAMESPACE}


def declared(ontology: Graph) -> set[Node]:
    return set(ontology.subjects(RDFS.isDefinedBy, ONTOLOGY))


# --- one vocabulary in four files -------------------------------------------------------------------------------------


def test_ontology_uses_only_terms_it_declares(ontology: Graph) -> None:
    assert ig_terms(ontology) == declared(ontology)


def test_vocab_names_every_term_and_no_other(ontology: Graph) -> None:
    assert {URIRef(term) for term in dir(IG)} == declared(ontology)


def test_context_has_every_term_and_no_other(ontology: Graph, context: dict[str, Any]) -> None:
    entries = {key: entry if isinstance(entry, str) else entry["@id"] for key, entry in definitions(context)}
    ig_entries = {key: iri.removeprefix("ig:") for key, iri in entries.items() if iri.startswith("ig:")}
    assert all(key == name for key, name in ig_entries.items())
    assert {IG_NAMESPACE[name] for name in ig_entries.values()} == declared(ontology)


def definitions(context: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, entry) for key, entry in context["@context"].items() if not key.startswith("@"))


def test_context_has_the_prefixes_of_vocab(context: dict[str, Any]) -> None:
    assert {prefix: context["@context"].get(prefix) for prefix in PREFIXES} == PREFIXES


def test_context_types_follow_the_ontology(ontology: Graph, context: dict[str, Any]) -> None:
    aliases = {"edtf": EDTF} | {f"xsd:{name}": XSD[name] for name in ("date", "decimal", "nonNegativeInteger")}
    for key, entry in definitions(context):
        term = IG_NAMESPACE[key]
        if (term, RDF.type, OWL.ObjectProperty) in ontology:
            concepts = (term, RDFS.range, SKOS.Concept) in ontology or term in PATH_SCHEMES
            assert entry["@type"] == ("@vocab" if concepts else "@id"), key
        elif (term, RDF.type, OWL.DatatypeProperty) in ontology:
            ranges = {*ontology.objects(term, RDFS.range), *ontology.objects(term, SCHEMA.rangeIncludes)}
            stated = entry.get("@type", "") if isinstance(entry, dict) else ""
            assert aliases.get(stated, XSD.string) in ranges, key


def test_shapes_use_only_declared_terms(ontology: Graph, shapes: Graph) -> None:
    assert ig_terms(shapes) <= declared(ontology)


# --- each term is explained -------------------------------------------------------------------------------------------


def test_every_term_has_one_english_label_and_definition(ontology: Graph) -> None:
    for term in declared(ontology):
        label = SKOS.prefLabel if (term, RDF.type, SKOS.Concept) in ontology else RDFS.label
        for predicate in (label, SKOS.definition):
            values = list(ontology.objects(term, predicate))
            assert [value.language for value in values if isinstance(value, Literal)] == ["en"], (term, predicate)


def test_definitions_are_sentences(ontology: Graph) -> None:
    for term in declared(ontology):
        assert str(ontology.value(term, SKOS.definition)).endswith("."), term


def test_every_class_property_and_list_is_aligned_or_says_why_not(ontology: Graph) -> None:
    for term in declared(ontology):
        if (term, RDF.type, SKOS.Concept) in ontology:
            continue  # stands under its list, which is checked here
        targets = {target for predicate in ALIGNMENTS for target in ontology.objects(term, predicate)}
        assert {target for target in targets if target not in declared(ontology)}, term


def test_every_kind_of_attack_is_mapped_or_says_why_not(ontology: Graph) -> None:
    for concept in ontology.subjects(SKOS.inScheme, IG.KindScheme):
        assert any(ontology.value(concept, predicate) for predicate in ALIGNMENTS), concept


def test_properties_are_either_object_or_datatype(ontology: Graph) -> None:
    for term in declared(ontology):
        name = str(term).rpartition("#")[2]
        kinds = [kind for kind in PROPERTY_TYPES if (term, RDF.type, kind) in ontology]
        is_property = name[0].islower() and (term, RDF.type, SKOS.Concept) not in ontology
        assert len(kinds) == int(is_property), term


def test_mapping_targets_have_a_code_and_a_list(ontology: Graph) -> None:
    crosswalk = {
        target
        for predicate in ALIGNMENTS
        for target in ontology.objects(None, predicate)
        if str(target).startswith("https://w3id.org/incidentgraph/crosswalk/")
    }
    assert crosswalk
    for target in crosswalk:
        assert (target, RDF.type, SKOS.Concept) in ontology, target
        for predicate in (SKOS.prefLabel, SKOS.notation, SKOS.inScheme):
            assert ontology.value(target, predicate) is not None, (target, predicate)
    listed = {concept for concept in ontology.subjects(RDF.type, SKOS.Concept) if concept not in declared(ontology)}
    assert listed == crosswalk


@pytest.mark.parametrize("scheme", SCHEMES)
def test_list_holds_exactly_the_values_of_the_enum(ontology: Graph, scheme: URIRef) -> None:
    concepts = set(ontology.subjects(SKOS.inScheme, scheme))
    assert concepts == {IG_NAMESPACE[value] for value in SCHEMES[scheme]}
    assert concepts == set(ontology.objects(scheme, SKOS.hasTopConcept))
    assert {str(ontology.value(concept, SKOS.notation)) for concept in concepts} == set(SCHEMES[scheme])


def test_every_concept_is_in_a_list(ontology: Graph) -> None:
    concepts = {term for term in declared(ontology) if (term, RDF.type, SKOS.Concept) in ontology}
    assert concepts == {IG_NAMESPACE[value] for enum in SCHEMES.values() for value in enum}


# --- shapes and ontology agree ----------------------------------------------------------------------------------------


def test_paths_are_properties_and_classes_are_classes(ontology: Graph, shapes: Graph) -> None:
    comparisons = (SH.path, SH.lessThan, SH.lessThanOrEquals, SH.equals, SH.disjoint, SH.targetSubjectsOf)
    paths = {path for predicate in comparisons for path in shapes.objects(None, predicate)}
    for path in paths & ig_terms(shapes):
        assert any((path, RDF.type, kind) in ontology for kind in PROPERTY_TYPES), path
    for predicate in (SH["class"], SH.targetClass):
        for name in shapes.objects(None, predicate):
            assert (name, RDF.type, OWL.Class) in ontology, name


def test_every_class_has_a_shape(ontology: Graph, shapes: Graph) -> None:
    classes = {term for term in declared(ontology) if (term, RDF.type, OWL.Class) in ontology}
    assert classes - {IG.Actor} == set(shapes.objects(None, SH.targetClass))


def test_every_property_is_constrained(ontology: Graph, shapes: Graph) -> None:
    properties = {term for term in declared(ontology) for kind in PROPERTY_TYPES if (term, RDF.type, kind) in ontology}
    assert properties <= set(shapes.objects(None, SH.path))


def test_allowed_values_are_the_whole_list(ontology: Graph, shapes: Graph) -> None:
    checked = set()
    for path, scheme in PATH_SCHEMES.items():
        shape = shapes.value(None, SH.path, path)
        allowed = list(values_allowed_by(shape, shapes))
        assert allowed, path
        for members in allowed:
            assert set(Collection(shapes, members)) == set(ontology.subjects(SKOS.inScheme, scheme)), path
            checked.add(members)
    for members in set(shapes.objects(None, SH["in"])) - checked:
        assert not set(Collection(shapes, members)) & declared(ontology)


def values_allowed_by(shape: Node | None, shapes: Graph) -> Iterator[Node]:
    """Yield the lists of values of a shape and of those that it refers to."""
    yield from shapes.objects(shape, SH["in"])
    for predicate in (SH.node, SH.property, SH.qualifiedValueShape):
        for other in shapes.objects(shape, predicate):
            yield from values_allowed_by(other, shapes)


@pytest.mark.parametrize(("name", "enum"), [("role", AttackRole), ("harm", Harm), ("side", Side)])
def test_allowed_literals_are_those_of_the_enum(shapes: Graph, name: str, enum: type[StrEnum]) -> None:
    members = shapes.value(SHAPES[name], SH["in"])
    assert members is not None
    assert {str(value) for value in Collection(shapes, members)} == set(enum)


def test_every_shape_is_used_and_has_a_message(shapes: Graph) -> None:
    named = {shape for shape in shapes.subjects() if isinstance(shape, URIRef) and shape in SHAPES}
    used = {*shapes.objects(None, SH.property), *shapes.subjects(RDF.type, SH.NodeShape)}
    assert named == {shape for shape in used if isinstance(shape, URIRef)}
    for shape in named:
        assert str(shapes.value(shape, SH.message) or "").endswith("."), shape


def test_shapes_are_core_shacl(shapes: Graph) -> None:
    assert SH.sparql not in set(shapes.predicates())
    conforms, _, text = validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


# --- what the shapes catch --------------------------------------------------------------------------------------------


def failing_shapes(data: Graph, shapes: Graph) -> set[Node]:
    conforms, report, text = validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph), text
    failing = set(report.objects(None, SH.sourceShape))
    assert conforms == (not failing)
    return failing


@pytest.mark.parametrize("text", [MERGED, LOCAL], ids=["merged", "article"])
def test_good_graph_conforms(text: str, shapes: Graph) -> None:
    conforms, _, report = validate(turtle(text), shacl_graph=shapes)
    assert conforms, report


def test_good_graphs_have_every_class_and_no_other_term(ontology: Graph) -> None:
    merged, local = turtle(MERGED), turtle(LOCAL)
    assert ig_terms(merged + local) <= declared(ontology)
    classes = {term for term in declared(ontology) if (term, RDF.type, OWL.Class) in ontology}
    assert {*merged.objects(None, RDF.type), *local.objects(None, RDF.type)} == classes - {IG.Actor}


def test_both_layers_together_have_two_claimants(shapes: Graph) -> None:
    assert SHAPES.claimant in failing_shapes(turtle(MERGED) + turtle(LOCAL), shapes)


A = "attack:1"
N = "article:n1"
P = "person:ag-one"
G = "group:blue-front"
K = "location:kidal"
E = "evidence:1"
M = "merge:1"
# (layer, triples taken out, triples put in, the shape that must complain)
DEFECTS = [
    (MERGED, f'{P} skos:prefLabel "Ag One"', "", "label"),
    (MERGED, f"{A} ig:kind ig:bombing , ig:armed_assault", "", "kind"),
    (MERGED, "", f"{A} ig:kind ig:foiled", "kind"),
    (MERGED, f"{A} ig:status ig:occurred", "", "status"),
    (MERGED, "", f"{A} ig:status ig:alleged", "status"),
    (MERGED, f'{A} ig:count "1"^^xsd:nonNegativeInteger', f"{A} ig:count 0", "count"),
    (MERGED, f"{A} ig:perpetratorStatus ig:claimed", "", "perpetratorStatus"),
    (MERGED, f"{A} ig:perpetratorStatus ig:claimed", f"{A} ig:perpetratorStatus ig:unknown", "Attack"),
    (MERGED, f"{A} ig:perpetrator {G}", "", "Attack"),
    (MERGED, f"{A} ig:mergedFrom art:a1", "", "mergedFromSome"),
    (MERGED, f"{A} ig:reportedIn {N}", "", "reportedInSome"),
    (MERGED, "", f"{A} ig:reportedIn {G}", "reportedIn"),
    (
        MERGED,
        f'{A} ig:killedBest "10"^^xsd:nonNegativeInteger',
        f'{A} ig:killedBest "13"^^xsd:nonNegativeInteger',
        "killedBest",
    ),
    (
        MERGED,
        f'{A} ig:killedLow "8"^^xsd:nonNegativeInteger',
        f'{A} ig:killedLow "11"^^xsd:nonNegativeInteger',
        "killedLow",
    ),
    (MERGED, "", f'{A} ig:injuredBest "many"', "injuredBest"),
    (MERGED, f'{A} ig:earliest "2026-02-22"^^xsd:date', f'{A} ig:earliest "2026-02-23"^^xsd:date', "earliest"),
    (MERGED, f'{A} ig:date "2026-02-22"^^edtf:edtf', f'{A} ig:date "2026-02-22"', "date"),
    (MERGED, "", f"{A} ig:location {G}", "attack-location"),
    (MERGED, "", f"{A} ig:target art:e1", "attack-target"),
    (MERGED, "", f"{P} ig:memberOf {K}", "memberOf"),
    (MERGED, "", f"{P} ig:leaderOf {A}", "leaderOf"),
    (MERGED, "", f"{G} ig:founderOf {G}", "PersonRelation"),
    (MERGED, "", f"{P} ig:opponentOf {G}", "GroupRelation"),
    (MERGED, "", f"{P} a ig:Group", "Person"),
    (MERGED, "", f"{G} ig:groupKind ig:bombing", "groupKind"),
    (MERGED, "", f"{G} ig:partOf {K}", "group-partOf"),
    (MERGED, f"{K} wgs84:lat 18.44", f"{K} wgs84:lat 118.44", "lat"),
    (MERGED, f"{K} wgs84:lat 18.44", "", "Location"),
    (MERGED, f'{K} ig:countryCode "ML"', f'{K} ig:countryCode "Mali"', "countryCode"),
    (MERGED, "", f'{K} ig:isoCode "466"', "isoCode"),
    (MERGED, f'{K} ig:placeKind "city"', f'{K} ig:placeKind "village"', "placeKind"),
    (MERGED, "", f"{K} ig:partOf {G}", "location-partOf"),
    (MERGED, "art:c1 ig:claimKind ig:responsibility", "", "claimKind"),
    (MERGED, f"art:c1 ig:inArticle {N}", "", "inArticle"),
    (MERGED, 'art:c1 ig:content "we did it"', "", "content"),
    (MERGED, "", f"art:c1 ig:claimant {P}", "claimant"),
    (MERGED, f"art:c1 ig:about {A}", f"art:c1 ig:about {K}", "about"),
    (MERGED, f"{E} rdf:subject {A}", "", "subject"),
    (MERGED, f"{E} rdf:object ig:bombing", "", "object"),
    (MERGED, f'{E} ig:start "20"^^xsd:nonNegativeInteger', f"{E} ig:start 60", "start"),
    (MERGED, f'{E} ig:end "60"^^xsd:nonNegativeInteger', "", "end"),
    (MERGED, f'{E} ig:spanEnd "30"^^xsd:nonNegativeInteger', f"{E} ig:spanEnd 61", "spanEnd"),
    (MERGED, f'{E} ig:quote "A car bomb hit an army convoy in Kidal."', "", "quote"),
    (MERGED, f"{E} ig:confidence 0.9", f"{E} ig:confidence 1.9", "confidence"),
    (MERGED, f"{M} ig:score 0.97", f"{M} ig:score 97.0", "score"),
    (MERGED, f"{M} ig:first art:e2", f"{M} ig:first <https://w3id.org/incidentgraph/id/article/n2#e1>", "first"),
    (MERGED, f'{N} ig:publishedOn "2026-02-23"^^xsd:date', "", "publishedOn"),
    (MERGED, "", f'{N} ig:contentHash "abc"', "contentHash"),
    (LOCAL, 'art:a1 ig:role "main"', 'art:a1 ig:role "lead"', "role"),
    (LOCAL, "art:a1 ig:location art:e3", f"art:a1 ig:location {K} . {K} a ig:Location", "report-location"),
    (LOCAL, 'art:a1 ig:perpetratorDescription "gunmen"', "", "AttackReport"),
    (LOCAL, "", "art:e1 ig:memberOf art:e3", "local-memberOf"),
    (LOCAL, "", "art:e2 a ig:Group", "ActorMention"),
    (LOCAL, 'art:f1 ig:low "8"^^xsd:nonNegativeInteger', "", "bound"),
    (LOCAL, 'art:f1 ig:harm "killed"', 'art:f1 ig:harm "dead"', "harm"),
    (LOCAL, 'art:f1 ig:side "victim"', "", "side"),
    (LOCAL, "", "art:f1 ig:high 7", "low"),
]


@pytest.mark.parametrize(
    ("text", "without", "added", "shape"), DEFECTS, ids=[f"{d[3]}-{i}" for i, d in enumerate(DEFECTS)]
)
def test_defect_is_reported(text: str, without: str, added: str, shape: str, shapes: Graph) -> None:
    graph = turtle(text)
    removed = turtle(f"{PROLOGUE}{without} .") if without else Graph()
    assert all(triple in graph for triple in removed)
    graph -= removed
    if added:
        graph += turtle(f"{PROLOGUE}{added} .")
    assert SHAPES[shape] in failing_shapes(graph, shapes)


OWN_KIND = """
    attack:1 ig:kind <https://example.org/kinds#cattle_raid> .
    <https://example.org/kinds#cattle_raid> a skos:Concept ; skos:prefLabel "cattle raid" ;
        skos:definition "Livestock is taken by force." ; skos:inScheme ig:KindScheme ; skos:broader ig:raid .
"""


@pytest.mark.parametrize(
    ("without", "shape"),
    [
        ("", None),
        ('skos:prefLabel "cattle raid"', "label"),
        ('skos:definition "Livestock is taken by force."', "definition"),
        ("skos:inScheme ig:KindScheme", "inKindScheme"),
        ("skos:broader ig:raid", "kind"),
    ],
)
def test_kind_of_an_extension_conforms_if_the_graph_declares_it(without: str, shape: str | None, shapes: Graph) -> None:
    graph = turtle(MERGED + OWN_KIND)
    if without:
        graph -= turtle(f"{PROLOGUE}<https://example.org/kinds#cattle_raid> {without} .")
    expected = set() if shape is None else {SHAPES[shape]}
    assert expected <= failing_shapes(graph, shapes)
    assert bool(failing_shapes(graph, shapes)) == bool(expected)


def test_kind_that_is_narrower_than_no_attack_is_refused(shapes: Graph) -> None:
    graph = turtle(MERGED + OWN_KIND.replace("ig:raid", "ig:denial"))
    assert SHAPES.kind in failing_shapes(graph, shapes)


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [MERGED, LOCAL], ids=["merged", "article"])
def test_json_ld_round_trip(text: str, context: dict[str, Any]) -> None:
    graph = turtle(text)
    data = graph.serialize(format="json-ld", context=context["@context"])
    assert isomorphic(json_ld(data), graph)


def test_json_ld_is_readable(context: dict[str, Any]) -> None:
    document = json.loads(turtle(MERGED).serialize(format="json-ld", context=context["@context"]))
    nodes = document["@graph"]
    unnamed = {key for node in nodes for key in node if ":" in key}
    assert unnamed == {"dcterms:issued", "ig:publishedOn"}  # of the copy, whose date is a month and no day
    attack = next(node for node in nodes if node["type"] == "Attack")
    assert set(attack["kind"]) == {"bombing", "armed_assault"}
    assert attack["primaryKind"] == "bombing"
    assert attack["date"] == "2026-02-22"
    assert attack["weapon"] == ["car bomb"]


def test_json_numbers_and_names_are_understood(context: dict[str, Any]) -> None:
    document = {
        **context,
        "id": "https://example.org/a",
        "type": "Attack",
        "label": "An attack",
        "kind": ["bombing"],
        "status": "occurred",
        "killedLow": 8,
        "earliest": "2026-02-22",
    }
    graph = json_ld(json.dumps(document))
    attack = URIRef("https://example.org/a")
    assert (attack, RDF.type, IG.Attack) in graph
    assert (attack, IG.kind, IG.bombing) in graph
    assert (attack, IG.status, IG.occurred) in graph
    assert (attack, IG.killedLow, Literal("8", datatype=XSD.nonNegativeInteger)) in graph
    assert (attack, IG.earliest, Literal("2026-02-22", datatype=XSD.date)) in graph
