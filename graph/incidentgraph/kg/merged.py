"""Resolution -> the triples of the merged layer that it states by itself: canonical nodes and what joins them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SKOS, XSD
from rdflib.term import Literal

from incidentgraph.ids import article_iri, content_hash, local_iri
from incidentgraph.kg.evidence import Triple
from incidentgraph.kg.facts import decimal, edtf, plain, whole
from incidentgraph.records import Actor, Attack, Claim, EntityType, Harm, Location, Member, Reason, Resolution, Toll
from incidentgraph.vocab import GEO, GEONAMES, IG, WGS84, WIKIDATA, WKT, concept

_WIKIDATA_ID = re.compile(r"Q[1-9][0-9]*")


class Names:
    """The IRIs of the merged layer, and which canonical node each local node was merged into."""

    def __init__(self, resolution: Resolution, *, base: str) -> None:
        self.base = base
        self.resolution = resolution
        nodes: tuple[Actor | Location | Attack, ...] = (*resolution.actors, *resolution.locations, *resolution.attacks)
        self.canonical = {member: self.iri(node.id) for node in nodes for member in node.members}
        self.claims = {claim.member: claim for claim in resolution.claims}
        self.relations = {
            member: (self.iri(relation.subject), IG[relation.predicate], self.iri(relation.object))
            for relation in resolution.relations
            for member in relation.members
        }

    def iri(self, record_id: str) -> URIRef:
        return URIRef(f"{self.base}{record_id}")

    def article(self, article_id: str) -> URIRef:
        return URIRef(article_iri(article_id, base=self.base))

    def local(self, member: Member) -> URIRef:
        return URIRef(local_iri(self.article(member.article), member.local))


def resolution_triples(names: Names) -> Iterator[Triple]:
    """Yield actors, locations, attacks, the ends of claims, and relations."""
    resolution = names.resolution
    parents = {place.id: place.part_of for place in resolution.locations}
    for actor in resolution.actors:
        yield from _actor(actor, names)
    for place in resolution.locations:
        yield from _location(place, names, parents)
    for attack in resolution.attacks:
        yield from _attack(attack, names)
    for claim in resolution.claims:
        yield from _claim_ends(claim, names)
    for relation in resolution.relations:
        yield names.iri(relation.subject), IG[relation.predicate], names.iri(relation.object)


def _actor(actor: Actor, names: Names) -> Iterator[Triple]:
    node = names.iri(actor.id)
    yield node, RDF.type, IG.Person if actor.type is EntityType.PERSON else IG.Group
    yield from _labels(node, actor.name, actor.aliases)
    if actor.group_kind is not None:
        yield node, IG.groupKind, concept(actor.group_kind)
    if actor.country:
        yield node, IG.countryCode, plain(actor.country)
    if actor.territory:
        yield node, IG.territory, names.iri(actor.territory)
    if actor.wikidata and _WIKIDATA_ID.fullmatch(actor.wikidata):
        yield node, SKOS.exactMatch, WIKIDATA[actor.wikidata]
    yield from _merging(node, actor.members, actor.reasons, names)


def _location(place: Location, names: Names, parents: dict[str, str | None]) -> Iterator[Triple]:
    node = names.iri(place.id)
    yield node, RDF.type, IG.Location
    yield from _labels(node, place.name, place.aliases)
    yield node, IG.placeKind, plain(place.kind)
    if place.country:
        yield node, IG.countryCode, plain(place.country)
    if place.iso:
        yield node, IG.isoCode, plain(place.iso)
    if place.lat is not None and place.lon is not None:
        lat, lon = decimal(place.lat), decimal(place.lon)
        yield node, WGS84.lat, lat
        yield node, WGS84.long, lon
        yield node, GEO.asWKT, Literal(f"POINT({lon} {lat})", datatype=WKT, normalize=False)
    if place.geonames_id is not None:
        yield node, SKOS.exactMatch, GEONAMES[f"{place.geonames_id}/"]
    if place.part_of:
        yield node, IG.partOf, names.iri(place.part_of)
    for ancestor in _ancestors(place.id, parents):
        yield node, IG.within, names.iri(ancestor)
    yield from _merging(node, place.members, place.reasons, names)


def _attack(attack: Attack, names: Names) -> Iterator[Triple]:
    node = names.iri(attack.id)
    yield node, RDF.type, IG.Attack
    yield node, RDFS.label, plain(attack.label)
    yield node, SKOS.prefLabel, plain(attack.label)
    yield node, IG.primaryKind, concept(attack.kinds[0])
    for kind in attack.kinds:
        yield node, IG.kind, concept(kind)
    yield node, IG.status, concept(attack.status)
    yield node, IG.count, whole(attack.count)
    yield node, IG.perpetratorStatus, concept(attack.perpetrator_status)
    for predicate, ids in (
        (IG.perpetrator, attack.perpetrators),
        (IG.target, attack.targets),
        (IG.location, attack.locations),
    ):
        for record_id in ids:
            yield node, predicate, names.iri(record_id)
    for predicate, texts in (
        (IG.perpetratorDescription, attack.perpetrator_descriptions),
        (IG.targetDescription, attack.target_descriptions),
        (IG.weapon, attack.weapons),
    ):
        for text in texts:
            yield node, predicate, plain(text)
    if attack.date:
        yield node, IG.date, edtf(attack.date)
    for predicate, day in ((IG.earliest, attack.earliest), (IG.latest, attack.latest)):
        if day:
            yield node, predicate, Literal(day, datatype=XSD.date, normalize=False)
    for harm in Harm:
        yield from _toll(node, harm.value, attack.toll(harm))
    yield from _toll(node, "attackersKilled", attack.attackers_killed)
    for article in sorted({member.article for member in attack.members}):
        yield node, IG.reportedIn, names.article(article)
    yield from _merging(node, attack.members, attack.reasons, names)


def _claim_ends(claim: Claim, names: Names) -> Iterator[Triple]:
    node = names.local(claim.member)
    for predicate, end in ((IG.claimant, claim.claimant), (IG.about, claim.about), (IG.channel, claim.channel)):
        if end:
            yield node, predicate, names.iri(end)
    for actor in claim.asserted_perpetrators:
        yield node, IG.assertsPerpetrator, names.iri(actor)


def _labels(node: URIRef, name: str, aliases: Iterable[str]) -> Iterator[Triple]:
    yield node, SKOS.prefLabel, plain(name)
    for alias in aliases:
        if alias != name:
            yield node, SKOS.altLabel, plain(alias)


def _toll(node: URIRef, prefix: str, toll: Toll | None) -> Iterator[Triple]:
    if toll is not None:
        for bound, value in (("Low", toll.low), ("Best", toll.best), ("High", toll.high)):
            if value is not None:
                yield node, IG[f"{prefix}{bound}"], whole(value)


def _ancestors(place: str, parents: dict[str, str | None]) -> Iterator[str]:
    """Yield every place that holds this one; a ring of containment, which would be an error, ends the walk."""
    seen = {place}
    parent = parents.get(place)
    while parent and parent not in seen:
        seen.add(parent)
        yield parent
        parent = parents.get(parent)


def _merging(node: URIRef, members: Iterable[Member], reasons: Iterable[Reason], names: Names) -> Iterator[Triple]:
    for member in members:
        yield node, IG.mergedFrom, names.local(member)
    for reason in reasons:
        digest = content_hash(str(reason.first), str(reason.second), str(decimal(reason.score)), *reason.why)
        decision = names.iri(f"decision/{digest[:20]}")
        yield node, IG.mergeDecision, decision
        yield decision, RDF.type, IG.MergeDecision
        yield decision, IG.first, names.local(reason.first)
        yield decision, IG.second, names.local(reason.second)
        yield decision, IG.score, decimal(reason.score)
        for why in reason.why:
            yield decision, IG.reason, plain(why)
