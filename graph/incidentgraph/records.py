"""The records that pass between stages; standard library only.

RawItem --read--> Article --extract--> Extraction --resolve--> Resolution --kg--> graph.
An `Extraction` speaks of one article in that article's own local ids (e1, a1, c1); a `Resolution` speaks of the world.
All offsets are characters in `Article.text`, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class EntityType(StrEnum):
    PERSON = "Person"
    GROUP = "Group"
    LOCATION = "Location"
    WEAPON = "Weapon"


class GroupKind(StrEnum):
    ARMED_GROUP = "armed_group"
    STATE = "state"
    STATE_FORCE = "state_force"
    GOVERNMENT_BODY = "government_body"
    COALITION = "coalition"
    MONITOR = "monitor"
    MEDIA = "media"
    PARTY = "party"
    OTHER = "other"


class AttackKind(StrEnum):
    BOMBING = "bombing"
    ARMED_ASSAULT = "armed_assault"
    ASSASSINATION = "assassination"
    KIDNAPPING = "kidnapping"
    AIR_STRIKE = "air_strike"
    SHELLING = "shelling"
    ARSON = "arson"
    VEHICLE_ATTACK = "vehicle_attack"
    RAID = "raid"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")

    @property
    def listed(self) -> AttackKind:
        """The kind of the vocabulary's own list that this one falls under: itself."""
        return self

    @property
    def wider(self) -> tuple[Kind, ...]:
        """The broader kinds, the next one first: none."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a kind corresponds to elsewhere: `relation` is a SKOS mapping property, `code` one of `scheme`."""

    relation: str
    iri: str
    scheme: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKind:
    """A kind of attack that an extension adds; it says itself what its concept in the graph says."""

    value: str  # its name, as `AttackKind` members have one
    label: str
    definition: str
    broader: Kind
    iri: str
    matches: tuple[Match, ...] = ()

    @property
    def listed(self) -> AttackKind:
        return self.broader.listed

    @property
    def wider(self) -> tuple[Kind, ...]:
        return (self.broader, *self.broader.wider)


Kind: TypeAlias = AttackKind | OwnKind


class AttackStatus(StrEnum):
    OCCURRED = "occurred"
    ATTEMPTED = "attempted"
    FOILED = "foiled"
    THREATENED = "threatened"
    ALLEGED = "alleged"


class AttackRole(StrEnum):
    MAIN = "main"
    BACKGROUND = "background"


class PerpetratorStatus(StrEnum):
    CLAIMED = "claimed"
    ATTRIBUTED = "attributed"
    SUSPECTED = "suspected"
    UNKNOWN = "unknown"


class ClaimKind(StrEnum):
    RESPONSIBILITY = "responsibility"
    DENIAL = "denial"
    ATTRIBUTION = "attribution"
    CONFIRMATION = "confirmation"
    CASUALTY_REPORT = "casualty_report"
    THREAT = "threat"
    CONDEMNATION = "condemnation"
    OTHER = "other"


class Side(StrEnum):
    VICTIM = "victim"
    ATTACKER = "attacker"


class Harm(StrEnum):
    """What a figure counts."""

    KILLED = "killed"
    INJURED = "injured"
    ABDUCTED = "abducted"


# --- read -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """Bytes of one document as a source found them, not yet understood.

    `name` is what messages call it (a path, `-`, or `file.jsonl:12`); `format` is one of text, markdown, html, json;
    `metadata` holds what the source itself states about the document (id, url, outlet, published, title, language).
    """

    name: str
    stem: str
    format: str
    data: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The cleaned text of one article with what its source states about it; None is "not stated".

    `published` is an EDTF date (`2026-02-22`, `2026-02`, `2026`).
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    language: str | None = None


# --- extract ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One actor, place or weapon within one article, with all its mentions (names first of all)."""

    id: str
    type: EntityType
    name: str
    surface_forms: tuple[str, ...]
    mentions: tuple[Span, ...]
    group_kind: GroupKind | None = None
    known_id: str | None = None  # id in the actor or place gazetteer, where one candidate only was left
    country: str | None = None  # ISO 3166-1 alpha-2, where the text or the gazetteer says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A perpetrator, target or victim: as named (`actor`) or only described (`actor` None)."""

    text: str
    span: Span
    actor: str | None = None
    status: PerpetratorStatus | None = None  # perpetrators only


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count of people, as stated; None is "no bound given". `according_to` is a local entity id."""

    low: int | None
    best: int | None
    high: int | None
    who: str
    span: Span
    side: Side = Side.VICTIM
    according_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A place of an attack: the local id of a Location entity and the mention that says so."""

    entity: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A plain value (EDTF date, weapon) and the words that state it."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackReport:
    """One attack as one article tells it (`ig:AttackReport`)."""

    id: str
    kinds: tuple[Kind, ...]  # primary first, never empty
    status: AttackStatus
    role: AttackRole
    trigger: Span
    evidence: tuple[Span, ...]  # sentences
    count: int = 1
    perpetrators: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    victims: tuple[Party, ...] = ()
    locations: tuple[Located, ...] = ()  # most specific first
    date: Stated | None = None
    weapons: tuple[Stated, ...] = ()
    killed: tuple[Figure, ...] = ()
    injured: tuple[Figure, ...] = ()
    abducted: tuple[Figure, ...] = ()
    confidence: float | None = None  # 0 to 1, from extractors that know it; None for rules

    @property
    def kind(self) -> Kind:
        return self.kinds[0]

    @property
    def perpetrator_status(self) -> PerpetratorStatus:
        """The strongest status of the perpetrators, `unknown` if none is named or described."""
        stated = {party.status for party in self.perpetrators}
        return next((status for status in PerpetratorStatus if status in stated), PerpetratorStatus.UNKNOWN)

    def figures(self, harm: Harm) -> tuple[Figure, ...]:
        return {Harm.KILLED: self.killed, Harm.INJURED: self.injured, Harm.ABDUCTED: self.abducted}[harm]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReport:
    """Someone's statement as one article tells it; `about` is a local attack id, or None."""

    id: str
    kind: ClaimKind
    claimant: str | None
    claimant_text: str
    content: str
    cue: Span  # the verb or phrase that makes it a claim
    evidence: tuple[Span, ...]
    about: str | None = None
    channel: str | None = None  # as named in the text
    channel_entity: str | None = None
    stated: str | None = None  # EDTF
    perpetrators: tuple[Party, ...] = ()
    killed: tuple[Figure, ...] = ()
    injured: tuple[Figure, ...] = ()
    abducted: tuple[Figure, ...] = ()
    confidence: float | None = None

    def figures(self, harm: Harm) -> tuple[Figure, ...]:
        return {Harm.KILLED: self.killed, Harm.INJURED: self.injured, Harm.ABDUCTED: self.abducted}[harm]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationReport:
    """A relation between two entities as stated; `predicate` is the local name of an ontology property."""

    id: str
    subject: str
    predicate: str
    object: str
    evidence: tuple[Span, ...]
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one article says; every id in it is local to the article."""

    article: Article
    extractor: str  # name and version, as in `rules-1`
    entities: tuple[Entity, ...] = ()
    attacks: tuple[AttackReport, ...] = ()
    claims: tuple[ClaimReport, ...] = ()
    relations: tuple[RelationReport, ...] = ()

    def entity(self, entity_id: str) -> Entity:
        return next(entity for entity in self.entities if entity.id == entity_id)


# --- resolve ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Member:
    """A local node of one article: `ARTICLE:LOCAL`."""

    article: str
    local: str

    def __str__(self) -> str:
        return f"{self.article}:{self.local}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why two local nodes were taken for one thing, in words, with the score from 0 to 1 it was decided on."""

    first: Member
    second: Member
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One real person or group over all articles."""

    id: str  # the IRI without its base: `person/…` or `group/…`
    type: EntityType  # PERSON or GROUP
    name: str
    aliases: tuple[str, ...]  # every spelling met, without `name`
    members: tuple[Member, ...]
    group_kind: GroupKind | None = None
    country: str | None = None
    known_id: str | None = None  # id in seeds/actors.csv
    territory: str | None = None  # id of the Location that a state rules
    wikidata: str | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One real place over all articles, or an ancestor of one."""

    id: str  # `location/…`
    name: str
    aliases: tuple[str, ...]
    members: tuple[Member, ...]  # empty for an ancestor that no article names
    kind: str  # city, province, country, region, site, or unknown
    country: str | None = None  # ISO 3166-1 alpha-2
    iso: str | None = None
    lat: float | None = None
    lon: float | None = None
    geonames_id: int | None = None
    part_of: str | None = None  # id of the next larger Location
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """A figure over all reports, as UCDP does: `best` the most credible one, low and high the range."""

    low: int | None
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One incident in the world over all articles. Ids in it are those of Actors and Locations."""

    id: str  # `attack/…`
    label: str
    kinds: tuple[Kind, ...]
    status: AttackStatus
    count: int
    members: tuple[Member, ...]
    perpetrators: tuple[str, ...] = ()
    perpetrator_status: PerpetratorStatus = PerpetratorStatus.UNKNOWN
    targets: tuple[str, ...] = ()
    target_descriptions: tuple[str, ...] = ()
    perpetrator_descriptions: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()  # most specific first
    weapons: tuple[str, ...] = ()
    date: str | None = None  # EDTF
    earliest: str | None = None  # YYYY-MM-DD
    latest: str | None = None
    killed: Toll | None = None
    injured: Toll | None = None
    abducted: Toll | None = None
    attackers_killed: Toll | None = None
    reasons: tuple[Reason, ...] = ()

    def toll(self, harm: Harm) -> Toll | None:
        return {Harm.KILLED: self.killed, Harm.INJURED: self.injured, Harm.ABDUCTED: self.abducted}[harm]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One article's claim with its ends resolved; the claim itself stays the article's own node (`member`)."""

    member: Member
    claimant: str | None = None  # Actor id
    about: str | None = None  # Attack id
    channel: str | None = None  # Actor id
    asserted_perpetrators: tuple[str, ...] = ()  # Actor ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation between two nodes of the merged layer and the local relations that state it."""

    subject: str  # Actor or Location id
    predicate: str
    object: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The world according to all extractions; every tuple is sorted by id."""

    actors: tuple[Actor, ...] = ()
    locations: tuple[Location, ...] = ()
    attacks: tuple[Attack, ...] = ()
    claims: tuple[Claim, ...] = ()
    relations: tuple[Relation, ...] = ()
    duplicates: Mapping[str, str] = field(default_factory=dict)  # article id -> the article it copies
