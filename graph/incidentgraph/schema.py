"""Extraction records as JSON and back: the schema that `extract` prints and that the store keeps.

The keys are the published schema, version 1. Beyond it every value that has its own words in the text carries their
offsets (`start`, `end`, `spans`), so that reading the JSON back gives the same records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from incidentgraph.records import (
    Article,
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    ClaimKind,
    ClaimReport,
    Entity,
    EntityType,
    Extraction,
    Figure,
    GroupKind,
    Kind,
    Located,
    OwnKind,
    Party,
    PerpetratorStatus,
    RelationReport,
    Side,
    Span,
    Stated,
)

SCHEMA_VERSION = 1

Json = dict[str, Any]


def to_json(extraction: Extraction) -> Json:
    """Return the extraction as one JSON object of the published schema."""
    article = extraction.article
    return {
        "schema": SCHEMA_VERSION,
        "extractor": extraction.extractor,
        "article": {
            "id": article.id,
            "url": article.url,
            "outlet": article.outlet,
            "title": article.title,
            "published": article.published,
            "language": article.language,
            "text": article.text,
        },
        "entities": [_entity(entity) for entity in extraction.entities],
        "attacks": [_attack(attack) for attack in extraction.attacks],
        "claims": [_claim(claim) for claim in extraction.claims],
        "relations": [_relation(relation) for relation in extraction.relations],
    }


def from_json(data: Mapping[str, Any], *, own_kinds: Iterable[OwnKind] = ()) -> Extraction:
    """Return the extraction that `to_json` wrote; KeyError, TypeError or ValueError if it is something else.

    `own_kinds` are the kinds of attack beside the listed ones that it may name.
    """
    kinds: dict[str, Kind] = {kind.value: kind for kind in own_kinds}
    if data["schema"] != SCHEMA_VERSION:
        raise ValueError(f"schema version {data['schema']!r}, expected {SCHEMA_VERSION}")
    return Extraction(
        article=Article(**data["article"]),
        extractor=data["extractor"],
        entities=tuple(_read_entity(item) for item in data["entities"]),
        attacks=tuple(_read_attack(item, kinds) for item in data["attacks"]),
        claims=tuple(_read_claim(item) for item in data["claims"]),
        relations=tuple(_read_relation(item) for item in data["relations"]),
    )


# --- writing ----------------------------------------------------------------------------------------------------------


def _span(span: Span) -> Json:
    return {"start": span.start, "end": span.end}


def _spans(spans: Sequence[Span]) -> list[Json]:
    return [_span(span) for span in spans]


def _entity(entity: Entity) -> Json:
    out: Json = {
        "id": entity.id,
        "type": entity.type.value,
        "name": entity.name,
        "surface_forms": list(entity.surface_forms),
        "mentions": _spans(entity.mentions),
    }
    if entity.group_kind is not None:
        out["group_kind"] = entity.group_kind.value
    return out | _present(known_id=entity.known_id, country=entity.country)


def _party(party: Party) -> Json:
    out: Json = {"actor": party.actor, "text": party.text}
    if party.status is not None:
        out["status"] = party.status.value
    return out | _span(party.span)


def _figure(figure: Figure) -> Json:
    return {
        "low": figure.low,
        "best": figure.best,
        "high": figure.high,
        "who": figure.who,
        "side": figure.side.value,
        "according_to": figure.according_to,
        **_span(figure.span),
    }


def _attack(attack: AttackReport) -> Json:
    return {
        "id": attack.id,
        "kind": attack.kind.value,
        "kinds": [kind.value for kind in attack.kinds],
        "count": attack.count,
        "status": attack.status.value,
        "role": attack.role.value,
        "perpetrators": [_party(party) for party in attack.perpetrators],
        "perpetrator_status": attack.perpetrator_status.value,
        "targets": [_party(party) for party in attack.targets],
        "victims": [_party(party) for party in attack.victims],
        "locations": [place.entity for place in attack.locations],
        "date": attack.date.value if attack.date else None,
        "weapons": [weapon.value for weapon in attack.weapons],
        "killed": [_figure(figure) for figure in attack.killed],
        "injured": [_figure(figure) for figure in attack.injured],
        "abducted": [_figure(figure) for figure in attack.abducted],
        "evidence": _spans(attack.evidence),
        "spans": {
            "trigger": _span(attack.trigger),
            "locations": _spans([place.span for place in attack.locations]),
            "date": _span(attack.date.span) if attack.date else None,
            "weapons": _spans([weapon.span for weapon in attack.weapons]),
        },
        **_present(confidence=attack.confidence),
    }


def _claim(claim: ClaimReport) -> Json:
    return {
        "id": claim.id,
        "kind": claim.kind.value,
        "claimant": claim.claimant,
        "claimant_text": claim.claimant_text,
        "about": claim.about,
        "content": claim.content,
        "channel": claim.channel,
        "stated": claim.stated,
        "asserts": {
            "perpetrators": [_party(party) for party in claim.perpetrators],
            "killed": [_figure(figure) for figure in claim.killed],
            "injured": [_figure(figure) for figure in claim.injured],
            "abducted": [_figure(figure) for figure in claim.abducted],
        },
        "evidence": _spans(claim.evidence),
        "spans": {"cue": _span(claim.cue)},
        **_present(channel_entity=claim.channel_entity, confidence=claim.confidence),
    }


def _relation(relation: RelationReport) -> Json:
    return {
        "id": relation.id,
        "subject": relation.subject,
        "predicate": relation.predicate,
        "object": relation.object,
        "evidence": _spans(relation.evidence),
        **_present(confidence=relation.confidence),
    }


def _present(**values: object) -> Json:
    return {name: value for name, value in values.items() if value is not None}


# --- reading ----------------------------------------------------------------------------------------------------------


def _read_span(data: Mapping[str, Any]) -> Span:
    return Span(start=data["start"], end=data["end"])


def _read_spans(data: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(_read_span(item) for item in data)


def _read_entity(data: Mapping[str, Any]) -> Entity:
    kind = data.get("group_kind")
    return Entity(
        id=data["id"],
        type=EntityType(data["type"]),
        name=data["name"],
        surface_forms=tuple(data["surface_forms"]),
        mentions=_read_spans(data["mentions"]),
        group_kind=GroupKind(kind) if kind else None,
        known_id=data.get("known_id"),
        country=data.get("country"),
    )


def _read_party(data: Mapping[str, Any]) -> Party:
    status = data.get("status")
    return Party(
        text=data["text"],
        span=_read_span(data),
        actor=data["actor"],
        status=PerpetratorStatus(status) if status else None,
    )


def _read_parties(data: Sequence[Mapping[str, Any]]) -> tuple[Party, ...]:
    return tuple(_read_party(item) for item in data)


def _read_figures(data: Sequence[Mapping[str, Any]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            low=item["low"],
            best=item["best"],
            high=item["high"],
            who=item["who"],
            span=_read_span(item),
            side=Side(item["side"]),
            according_to=item["according_to"],
        )
        for item in data
    )


def _read_kind(name: str, own: Mapping[str, Kind]) -> Kind:
    if name not in own and name not in list(AttackKind):
        raise ValueError(f"no kind of attack {name!r}; is it one of an extension?")
    return own.get(name) or AttackKind(name)


def _read_attack(data: Mapping[str, Any], own: Mapping[str, Kind]) -> AttackReport:
    spans = data["spans"]
    return AttackReport(
        id=data["id"],
        kinds=tuple(_read_kind(kind, own) for kind in data["kinds"]),
        status=AttackStatus(data["status"]),
        role=AttackRole(data["role"]),
        trigger=_read_span(spans["trigger"]),
        evidence=_read_spans(data["evidence"]),
        count=data["count"],
        perpetrators=_read_parties(data["perpetrators"]),
        targets=_read_parties(data["targets"]),
        victims=_read_parties(data["victims"]),
        locations=tuple(
            Located(entity=entity, span=_read_span(span))
            for entity, span in zip(data["locations"], spans["locations"], strict=True)
        ),
        date=Stated(value=data["date"], span=_read_span(spans["date"])) if data["date"] else None,
        weapons=tuple(
            Stated(value=value, span=_read_span(span))
            for value, span in zip(data["weapons"], spans["weapons"], strict=True)
        ),
        killed=_read_figures(data["killed"]),
        injured=_read_figures(data["injured"]),
        abducted=_read_figures(data["abducted"]),
        confidence=data.get("confidence"),
    )


def _read_claim(data: Mapping[str, Any]) -> ClaimReport:
    asserts = data["asserts"]
    return ClaimReport(
        id=data["id"],
        kind=ClaimKind(data["kind"]),
        claimant=data["claimant"],
        claimant_text=data["claimant_text"],
        content=data["content"],
        cue=_read_span(data["spans"]["cue"]),
        evidence=_read_spans(data["evidence"]),
        about=data["about"],
        channel=data["channel"],
        channel_entity=data.get("channel_entity"),
        stated=data["stated"],
        perpetrators=_read_parties(asserts["perpetrators"]),
        killed=_read_figures(asserts["killed"]),
        injured=_read_figures(asserts["injured"]),
        abducted=_read_figures(asserts["abducted"]),
        confidence=data.get("confidence"),
    )


def _read_relation(data: Mapping[str, Any]) -> RelationReport:
    return RelationReport(
        id=data["id"],
        subject=data["subject"],
        predicate=data["predicate"],
        object=data["object"],
        evidence=_read_spans(data["evidence"]),
        confidence=data.get("confidence"),
    )
