"""Extractions in, Resolution out: one node for each real person, group, place and attack. Order does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incidentgraph.records import Extraction, Resolution
from incidentgraph.resolve.actors import resolve_actors
from incidentgraph.resolve.attacks import resolve_attacks
from incidentgraph.resolve.claims import resolve_claims, resolve_relations
from incidentgraph.resolve.places import Places


def resolve(extractions: Sequence[Extraction], *, duplicates: Mapping[str, str] | None = None) -> Resolution:
    """Return the world according to these extractions; `duplicates` maps copies of articles to their originals."""
    ordered = sorted(extractions, key=lambda extraction: extraction.article.id)
    places = Places(ordered)
    actors = resolve_actors(ordered, places)
    attacks = resolve_attacks(ordered, actors, places)
    return Resolution(
        actors=actors.records,
        locations=places.records(),
        attacks=attacks.records,
        claims=resolve_claims(ordered, actors, attacks),
        relations=resolve_relations(ordered, actors, places),
        duplicates=dict(sorted((duplicates or {}).items())),
    )
