"""An annotated article in, what the network is to say about it out: tags, candidates, and who belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from incidentgraph.evaluation.authoring import Gold
from incidentgraph.extract.network_labels import (
    ATTACK_ROLES,
    BLAMES,
    CLAIM_KINDS,
    FAMILIES,
    GROUP_KINDS,
    KINDS,
    PREDICATES,
    ROLES,
    STATUSES,
    Candidate,
)
from incidentgraph.extract.network_words import Ints, Words, read_words, trigger_words
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import EntityType, Harm, Party, Side, Span

Group = tuple[str, str]


@dataclass(slots=True)
class Incident:
    """One attack: its trigger words and what is said of it; arguments are groups of candidates."""

    triggers: list[Candidate]
    arguments: set[tuple[Group, int]] = field(default_factory=set)
    blame: dict[Group, int] = field(default_factory=dict)
    kinds: list[int] = field(default_factory=list)
    status: int = 0
    role: int = 0


@dataclass(slots=True)
class CueTarget:
    cue: Candidate
    kinds: set[int]
    speaker: Group | None
    about: int | None  # number of the incident


@dataclass(slots=True)
class Example:
    id: str
    words: Words
    tags: dict[str, Ints]
    candidates: list[Candidate]
    groups: list[Group]  # of each candidate
    incidents: list[Incident]
    cues: list[CueTarget]
    relations: set[tuple[Group, int, Group]]
    group_kinds: list[tuple[Candidate, int]]
    not_triggers: list[Candidate]  # the lexicon's words for attacks where no attack is told of


def build_example(gold: Gold, tokenizer: Any, gazetteer: Gazetteer) -> Example:
    """Return the training example of one article."""
    return _Builder(gold, tokenizer, gazetteer).build()


class _Builder:
    def __init__(self, gold: Gold, tokenizer: Any, gazetteer: Gazetteer) -> None:
        self.gold = gold
        article = gold.extraction.article
        self.words = read_words(article.text, tokenizer, gazetteer, published=article.published)
        self.tags = {family: np.zeros(len(self.words), dtype=np.int64) for family in FAMILIES}
        self.found: dict[Candidate, Group] = {}
        self.entity_spans: dict[Span, str] = {}

    def add(self, span: Span, kind: str, group: Group | None = None) -> tuple[Candidate, Group] | None:
        cover = self.words.cover(span)
        if cover is None:
            return None
        item = Candidate(cover[0], cover[1], kind)
        own = group or (kind, f"{cover[0]}-{cover[1]}")
        return item, self.found.setdefault(item, own)

    def tag(self, family: str, label: str, span: Span) -> None:
        cover = self.words.cover(span)
        if cover is None:
            return
        layer, number = self.tags[family], FAMILIES[family].index(label)
        if layer[cover[0] : cover[1] + 1].any():
            return
        layer[cover[0]] = 2 * number + 1
        layer[cover[0] + 1 : cover[1] + 1] = 2 * number + 2

    def build(self) -> Example:
        extraction = self.gold.extraction
        nominals = {span for _, span in self.gold.nominals}
        group_kinds = []
        for entity in extraction.entities:
            group: Group = ("entity", entity.id)
            for span in sorted(entity.mentions, key=lambda span: span.start - span.end):
                kind = "Nominal" if span in nominals else entity.type.value
                self.tag(
                    "weapon" if entity.type is EntityType.WEAPON else "nominal" if kind == "Nominal" else "name",
                    kind,
                    span,
                )
                added = self.add(span, kind, group)
                self.entity_spans[span] = entity.id
                if added and entity.group_kind is not None and kind == "Group":
                    group_kinds.append((added[0], GROUP_KINDS.index(entity.group_kind.value)))
        dates = [(found, self.add(found.span, "Date")) for found in self.words.dates]
        incidents = [self._incident(number, dates) for number in range(len(extraction.attacks))]
        self._leave_open()
        speakers = dict(self.gold.speakers)
        cues: dict[Candidate, CueTarget] = {}
        number_of = {attack.id: number for number, attack in enumerate(extraction.attacks)}
        for claim in extraction.claims:
            cover = self.words.cover(claim.cue)
            if cover is None:
                continue
            self.tag("cue", "Cue", claim.cue)
            cue = Candidate(cover[0], cover[1], "Cue")
            speaker: Group | None = ("entity", claim.claimant) if claim.claimant else None
            words = speakers.get(claim.id)
            if words is not None and speaker is None:
                self.tag("speaker", "Speaker", words)
                added = self.add(words, "Speaker")
                speaker = added[1] if added else None
            target = cues.setdefault(cue, CueTarget(cue, set(), speaker, None))
            target.kinds.add(CLAIM_KINDS.index(claim.kind.value))
            target.speaker = target.speaker or speaker
            if target.about is None and claim.about is not None:
                target.about = number_of[claim.about]
        return Example(
            id=extraction.article.id,
            words=self.words,
            tags=self.tags,
            candidates=list(self.found),
            groups=list(self.found.values()),
            incidents=incidents,
            cues=list(cues.values()),
            relations={
                (("entity", relation.subject), PREDICATES.index(relation.predicate), ("entity", relation.object))
                for relation in extraction.relations
                if relation.predicate in PREDICATES and relation.subject != relation.object
            },
            group_kinds=group_kinds,
            not_triggers=self._not_triggers(),
        )

    def _leave_open(self) -> None:
        """Where a sentence tells of several attacks nobody knows whose the lexicon's words are: they teach nothing."""
        for span in trigger_words(self.words.text):
            cover = self.words.cover(span)
            telling = sum(
                any(sentence.start <= span.start < sentence.end for sentence in attack.evidence)
                for attack in self.gold.extraction.attacks
            )
            if cover is not None and telling > 1 and not self.tags["trigger"][cover[0] : cover[1] + 1].any():
                self.tags["trigger"][cover[0] : cover[1] + 1] = -100

    def _not_triggers(self) -> list[Candidate]:
        told = [span for attack in self.gold.extraction.attacks for span in attack.evidence]
        out = []
        for span in trigger_words(self.words.text):
            cover = self.words.cover(span)
            if cover is not None and not any(sentence.start <= span.start < sentence.end for sentence in told):
                out.append(Candidate(cover[0], cover[1], "Trigger"))
        return out

    def _incident(self, number: int, dates: list[Any]) -> Incident:
        attacks = self.gold.extraction.attacks
        attack = attacks[number]
        others = [span for other in attacks if other is not attack for span in other.evidence]
        own = [span for span in attack.evidence if span not in others]
        spans = [attack.trigger]
        for span in trigger_words(self.words.text):
            inside = any(sentence.start <= span.start < sentence.end for sentence in own)
            if inside and all(span.end <= known.start or known.end <= span.start for known in spans):
                spans.append(span)
        incident = Incident(triggers=[])
        for span in spans:
            self.tag("trigger", "Trigger", span)
            cover = self.words.cover(span)
            if cover is not None:
                incident.triggers.append(Candidate(cover[0], cover[1], "Trigger"))
        incident.kinds = [KINDS.index(kind.value) for kind in attack.kinds]
        incident.status = STATUSES.index(attack.status.value)
        incident.role = ATTACK_ROLES.index(attack.role.value)
        for role, parties in (
            ("perpetrator", attack.perpetrators),
            ("target", attack.targets),
            ("victim", attack.victims),
        ):
            for party in parties:
                group = self._party(party)
                if group is not None:
                    incident.arguments.add((group, ROLES.index(role)))
                    if role == "perpetrator" and party.status is not None:
                        incident.blame[group] = BLAMES.index(party.status.value)
        for place in attack.locations:
            incident.arguments.add((("entity", place.entity), ROLES.index("location")))
        if attack.date is not None:
            for found, added in dates:
                touches = found.span.start < attack.date.span.end and attack.date.span.start < found.span.end
                told = any(span.start <= found.span.start < span.end for span in attack.evidence)
                if added and (touches or (found.value == attack.date.value and told)):
                    incident.arguments.add((added[1], ROLES.index("date")))
        for weapon in attack.weapons:
            entity = next(
                (
                    entity.id
                    for entity in self.gold.extraction.entities
                    if entity.type is EntityType.WEAPON and weapon.span in entity.mentions
                ),
                None,
            )
            if entity is not None:
                incident.arguments.add((("entity", entity), ROLES.index("weapon")))
        for harm in Harm:
            for figure in attack.figures(harm):
                self.tag("figure", harm.value, figure.span)
                added = self.add(figure.span, harm.value)
                if added is not None:
                    role = "figure_attacker" if figure.side is Side.ATTACKER else "figure"
                    incident.arguments.add((added[1], ROLES.index(role)))
        return incident

    def _party(self, party: Party) -> Group | None:
        if party.span in self.entity_spans:
            return ("entity", party.actor) if party.actor else ("entity", self.entity_spans[party.span])
        self.tag("party", "Party", party.span)
        added = self.add(party.span, "Party", ("entity", party.actor) if party.actor else None)
        if party.actor:
            return ("entity", party.actor)
        return added[1] if added else None
