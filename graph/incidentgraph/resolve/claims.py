"""Claims and relations of all articles in, the same with their ends resolved out; a claim itself is never merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from incidentgraph.records import Claim, Extraction, Member, Relation
from incidentgraph.resolve.actors import ResolvedActors
from incidentgraph.resolve.attacks import ResolvedAttacks
from incidentgraph.resolve.places import Places


def resolve_claims(
    extractions: Sequence[Extraction], actors: ResolvedActors, attacks: ResolvedAttacks
) -> tuple[Claim, ...]:
    """Return every claim, sorted by article and local id."""
    out = []
    for extraction in extractions:
        article = extraction.article.id
        for claim in extraction.claims:
            asserted = {found for party in claim.perpetrators if (found := actors.id_of(article, party.actor))}
            out.append(
                Claim(
                    member=Member(article=article, local=claim.id),
                    claimant=actors.id_of(article, claim.claimant),
                    about=attacks.id_of(article, claim.about),
                    channel=actors.id_of(article, claim.channel_entity),
                    asserted_perpetrators=tuple(sorted(asserted)),
                )
            )
    return tuple(sorted(out, key=lambda claim: claim.member))


def resolve_relations(
    extractions: Sequence[Extraction], actors: ResolvedActors, places: Places
) -> tuple[Relation, ...]:
    """Return each relation between two nodes once, with all local relations that state it."""
    found: dict[tuple[str, str, str], list[Member]] = defaultdict(list)
    for extraction in extractions:
        article = extraction.article.id
        for relation in extraction.relations:
            ends = [
                actors.id_of(article, local) or places.id_of(Member(article=article, local=local))
                for local in (relation.subject, relation.object)
            ]
            if ends[0] and ends[1] and ends[0] != ends[1]:
                found[(ends[0], relation.predicate, ends[1])].append(Member(article=article, local=relation.id))
    return tuple(
        Relation(subject=subject, predicate=predicate, object=target, members=tuple(sorted(members)))
        for (subject, predicate, target), members in sorted(found.items())
    )
