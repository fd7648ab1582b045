"""What the network says of triggers and their arguments in, attacks out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from incidentgraph import lexicon
from incidentgraph.extract.decode_figures import parse_figure
from incidentgraph.extract.decode_links import Clue, find_clues, one_place, told_apart
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.figures import FoundFigure
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.network import Floats, Network, log_softmax, sigmoid
from incidentgraph.extract.network_labels import ATTACK_ROLES, BLAMES, KINDS, ROLES, STATUSES, Candidate
from incidentgraph.extract.network_words import Ints, Words
from incidentgraph.extract.places import PlaceChoice
from incidentgraph.extract.sentences import Sentence
from incidentgraph.records import (
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    EntityType,
    Figure,
    Harm,
    Located,
    Party,
    PerpetratorStatus,
    Side,
    Span,
    Stated,
)

_ACTORS = {EntityType.PERSON, EntityType.GROUP}
_MOST = 150  # triggers of one article; an article has twenty, and joining them takes the cube of their number
_SURE = 0.3  # of a place, before it says anything about whether two triggers tell of one attack
_PRONOUNS = frozenset(
    (
        "he",
        "she",
        "it",
        "they",
        "we",
        "him",
        "her",
        "them",
        "us",
        "who",
        "which",
        "his",
        "its",
        "their",
        "our",
        "i",
        "you",
        "those",
    )
)
HARMLESS = {AttackStatus.ATTEMPTED, AttackStatus.FOILED, AttackStatus.THREATENED}
_PLACE_NOTHING = 1  # rank of a place that the gazetteer lacks


@dataclass(slots=True)
class Groups:
    """The candidates of an article and which of them are one: an entity, a weapon, or words that stand alone."""

    candidates: list[Candidate] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    entities: list[str | None] = field(default_factory=list)  # of each group, its entity
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, item: Candidate, key: str, entity: str | None = None) -> None:
        if key not in self._numbers:
            self._numbers[key] = len(self.entities)
            self.entities.append(entity)
        self.candidates.append(item)
        self.owner.append(self._numbers[key])

    def __len__(self) -> int:
        return len(self.entities)


@dataclass(slots=True)
class Incident:
    """The triggers of one attack and the scores of its arguments: group x output, and which candidate gave them."""

    triggers: list[Candidate]
    certainty: float
    scores: Floats
    best: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    clues: list[Clue]  # of its triggers


@dataclass(frozen=True, slots=True)
class ArticleView:
    """All that the decoders need of one article."""

    words: Words
    hidden: Floats
    network: Network
    table: EntityTable
    places: PlaceChoice
    groups: Groups
    settings: Mapping[str, float]
    sentences: Sequence[Sentence]


def find_incidents(
    view: ArticleView, triggers: Sequence[tuple[Candidate, float]]
) -> tuple[list[Incident], list[Candidate]]:
    """Return the attacks, triggers that tell of one together with the scores of all candidates, and other triggers."""
    if len(triggers) > _MOST:
        triggers = sorted(sorted(triggers, key=lambda item: -item[1])[:_MOST], key=lambda item: item[0].first)
    spans = [item for item, _ in triggers]
    network, words = view.network, view.words
    if not spans or network.article(view.hidden) < view.settings["article"]:
        return [], spans
    certain = [score for _, score in triggers]
    clues = find_clues(spans, words, view.sentences, view.table, view.places)
    if network.knows("real"):
        told = [
            view.settings["series"] * (clue.count > 1)
            + view.settings["placed"] * bool(clue.places)
            - view.settings["vague"] * clue.is_vague
            for clue in clues
        ]
        certain = sigmoid(network.unary("real", view.hidden, spans)[:, 0] + np.array(told, dtype=np.float32)).tolist()
    same = network.pairs("same", view.hidden, words, spans, spans)[:, :, 0]
    scores = network.pairs("argument", view.hidden, words, spans, view.groups.candidates)
    owner = np.array(view.groups.owner, dtype=np.int64)
    likeness = sigmoid(((same + same.T) / 2).astype(np.float32))
    likeness += np.float32(view.settings["same_place"]) * _places_agree(view, scores, owner)
    likeness += told_apart(clues, view.places, view.settings)
    joined = _joined(likeness, [clue.is_vague for clue in clues], view.settings["same"])
    out: list[Incident] = []
    dismissed: list[Candidate] = []
    for members in joined:
        certainty = max(certain[index] for index in members)
        if certainty < view.settings["attack"]:
            dismissed += [spans[index] for index in members]
            continue
        rows = scores[members].max(axis=0)
        pooled = np.full((len(view.groups), scores.shape[-1]), -30, dtype=np.float32)
        best = np.zeros(pooled.shape, dtype=np.int64)
        for index, group in enumerate(owner.tolist()):
            better = rows[index] > pooled[group]
            pooled[group][better] = rows[index][better]
            best[group][better] = index
        own = [clues[index] for index in members]
        out.append(Incident([spans[index] for index in members], certainty, pooled, best, own))
    return out, dismissed


def _places_agree(view: ArticleView, scores: Floats, owner: Ints) -> Floats:
    """Return for each pair of triggers 1 where their likeliest places are one, -1 where they are two, else 0."""
    column = ROLES.index("location")
    places = [index for index, item in enumerate(view.groups.candidates) if item.type == "Location"]
    out = np.zeros((len(scores), len(scores)), dtype=np.float32)
    if not places:
        return out
    own: Floats = sigmoid(scores[:, places, column]).astype(np.float32)
    best = owner[places][own.argmax(axis=1)]
    sure = np.where(own.max(axis=1) > _SURE, own.max(axis=1), 0)
    both: Floats = np.minimum(sure[:, None], sure[None]) * np.where(best[:, None] == best[None], 1, -1)
    return both.astype(np.float32)


def cluster(likeness: Floats, threshold: float) -> list[list[int]]:
    """Return clusters by average linkage: the two most alike are joined until none are alike enough."""
    clusters = [[index] for index in range(len(likeness))]
    while len(clusters) > 1:
        top, pair = threshold, None
        for first in range(len(clusters)):
            for second in range(first + 1, len(clusters)):
                score = float(likeness[np.ix_(clusters[first], clusters[second])].mean())
                if score > top:
                    top, pair = score, (first, second)
        if pair is None:
            break
        clusters[pair[0]] = sorted(clusters[pair[0]] + clusters.pop(pair[1]))
    return sorted(clusters)


def _joined(likeness: Floats, vague: Sequence[bool], threshold: float) -> list[list[int]]:
    """Return clusters of triggers; vague ones ("two new attacks") join the likeliest, and so bring no two together."""
    plain = [index for index, is_vague in enumerate(vague) if not is_vague]
    clusters = [[plain[index] for index in members] for members in cluster(likeness[np.ix_(plain, plain)], threshold)]
    loose = []
    for index in (index for index, is_vague in enumerate(vague) if is_vague):
        best = max(clusters, key=lambda members: float(likeness[index, members].mean()), default=None)
        if best is not None and float(likeness[index, best].mean()) > threshold:
            best.append(index)
        else:
            loose.append(index)
    further = cluster(likeness[np.ix_(loose, loose)], threshold)
    return sorted(
        [sorted(members) for members in clusters] + [[loose[index] for index in members] for members in further]
    )


def build_attacks(view: ArticleView, incidents: Sequence[Incident]) -> list[AttackReport]:
    """Return the records of the attacks, in the order of their first triggers."""
    probabilities = [sigmoid(incident.scores[:, : len(ROLES)]) for incident in incidents]
    # words that stand for nobody named, and figures, belong to the incident that wants them most
    alone = [entity is None for entity in view.groups.entities]
    total = np.stack([item.max(axis=1) for item in probabilities]) if incidents else np.zeros((0, 0))
    out = []
    for number, incident in enumerate(incidents):
        own = probabilities[number].copy()
        for group in range(len(view.groups)):
            shared = not alone[group] or view.groups.candidates[int(incident.best[group, 0])].type in {"Weapon", "Date"}
            if not shared and total[:, group].argmax() != number:
                own[group] = 0
        others = [clue for other in incidents if other is not incident for clue in other.clues]
        writer = _Writer(view, incident, own, [place for clue in others for place in clue.places[:1]])
        out.append(writer.report(f"a{number + 1}"))
    return out


@cache
def _trigger_kinds() -> dict[str, set[AttackKind]]:
    out: dict[str, set[AttackKind]] = {}
    for word in lexicon.triggers():
        if word.kind is not AttackKind.UNKNOWN:
            out.setdefault(word.form, set()).add(word.kind.listed)
    return out


class _Writer:
    def __init__(
        self, view: ArticleView, incident: Incident, scores: Floats, taken: Sequence[NameMention] = ()
    ) -> None:
        self.view, self.incident, self.scores = view, incident, scores
        self.taken = {place.key for place in taken}  # where clauses put other attacks
        self.stated: list[Span] = []
        self.types = {entity: kind for (kind, _), entity in view.table.ids.items()}

    def chosen(self, role: str) -> list[tuple[int, float, Candidate]]:
        """Return the groups that play the role, most certain first, each with the words that say so."""
        column = ROLES.index(role)
        threshold = self.view.settings[role]
        found = [
            (
                group,
                float(self.scores[group, column]),
                self.view.groups.candidates[int(self.incident.best[group, column])],
            )
            for group in range(len(self.view.groups))
            if self.scores[group, column] > threshold
        ]
        return sorted(found, key=lambda item: (-item[1], item[2].first))

    def note(self, item: Candidate) -> Span:
        span = self.view.words.span(item.first, item.last)
        self.stated.append(span)
        return span

    def report(self, local: str) -> AttackReport:
        view, incident = self.view, self.incident
        triggers = incident.triggers
        perpetrators = self.perpetrators()
        targets = self.parties("target")
        victims = self.parties("victim")
        if not targets and not victims:
            targets = self.told_targets()
        locations = self.locations()
        date = self.date()
        weapons = self.weapons()
        figures = {harm: self.figures(harm) for harm in Harm}
        for trigger in triggers:
            self.note(trigger)
        kind = sigmoid(view.network.unary("kind", view.hidden, triggers).mean(axis=0) + self.kind_words(weapons))
        status = view.network.unary("status", view.hidden, triggers).mean(axis=0) + self.status_words()
        role = view.network.unary("role", view.hidden, triggers).mean(axis=0)
        became = AttackStatus(STATUSES[int(status.argmax())])
        if became in HARMLESS:  # whoever was meant is a target, and no figure counts victims
            targets, victims = targets or victims, ()
            figures = {
                harm: tuple(figure for figure in found if figure.side is Side.ATTACKER)
                for harm, found in figures.items()
            }
        return AttackReport(
            id=local,
            kinds=_kinds(kind, view.settings["kind"]),
            status=became,
            role=AttackRole(ATTACK_ROLES[int(role.argmax())]),
            trigger=view.words.span(triggers[0].first, triggers[0].last),
            evidence=sentences_of(view.words, self.stated),
            count=max(clue.count for clue in incident.clues),
            perpetrators=perpetrators,
            targets=targets,
            victims=victims,
            locations=locations,
            date=date,
            weapons=weapons,
            killed=figures[Harm.KILLED],
            injured=figures[Harm.INJURED],
            abducted=figures[Harm.ABDUCTED],
            confidence=round(incident.certainty, 3),
        )

    def kind_words(self, weapons: Sequence[Stated]) -> Floats:
        """Return what the lexicon's words among triggers and weapons add to the score of each kind."""
        out = np.zeros(len(KINDS), dtype=np.float32)
        for item in self.incident.triggers:
            span = self.view.words.span(item.first, item.last)
            for kind in _trigger_kinds().get(self.view.words.text[span.start : span.end].lower(), ()):
                out[KINDS.index(kind.value)] += 1 / len(self.incident.triggers)
        for clue in self.incident.clues:
            for listed in {kind.listed for kind in clue.kinds if clue.count > 1}:
                out[KINDS.index(listed.value)] += self.view.settings["series"]
        for weapon in weapons:
            known = lexicon.weapons().get(weapon.value.lower())
            if known is not None:
                out[KINDS.index(known.value)] += 1 / len(weapons)
        bonus: Floats = out * np.float32(self.view.settings["kind_words"])
        return bonus

    def status_words(self) -> Floats:
        """Return what "failed", "foiled", "vowed to" beside the triggers add to the score of each status."""
        out = np.zeros(len(STATUSES), dtype=np.float32)
        told = [clue for clue in self.incident.clues if clue.status is not None]
        for clue in told:
            weight = self.view.settings["series" if clue.count > 1 else "status_words"]
            out[STATUSES.index(str(clue.status))] += weight / len(told)
        return out

    def perpetrators(self) -> tuple[Party, ...]:
        named: list[Party] = []
        described: list[Party] = []
        top = 0.0
        for group, score, item in self.chosen("perpetrator"):
            entity = self.view.groups.entities[group]
            blame = log_softmax(self.incident.scores[group, len(ROLES) :])
            status = PerpetratorStatus(BLAMES[int(blame.argmax())])
            if entity is not None and self.types.get(entity) not in _ACTORS:
                continue
            if entity is None and (item.type != "Party" or self.is_pronoun(item)):
                continue
            top = top or score
            if score < self.view.settings["rival"] * top:
                continue
            if entity is not None and status is PerpetratorStatus.UNKNOWN:
                status = PerpetratorStatus.ATTRIBUTED
            span = self.view.words.span(item.first, item.last)
            party = Party(text=self.view.words.text[span.start : span.end], span=span, actor=entity, status=status)
            (named if entity else described).append(party)
        parties = named or described[:1] or self.told_perpetrators()
        self.stated += [party.span for party in parties]
        return tuple(parties)

    def told_perpetrators(self) -> list[Party]:
        """Return those that the patterns see in the clauses of the triggers."""
        told = {party.actor or party.text.lower(): party for clue in self.incident.clues for party in clue.perpetrators}
        return [party for party in told.values() if party.actor] or [*told.values()][:1]

    def told_targets(self) -> tuple[Party, ...]:
        """Return at whom or what the patterns see the attack aimed, in the clauses of the triggers."""
        told = {party.actor or party.text.lower(): party for clue in self.incident.clues for party in clue.targets}
        self.stated += [party.span for party in told.values()]
        return tuple(told.values())

    def parties(self, role: str) -> tuple[Party, ...]:
        out: dict[str, Party] = {}
        for group, _, item in self.chosen(role):
            entity = self.view.groups.entities[group]
            if (entity is not None and self.types.get(entity) not in _ACTORS) or (
                entity is None and (item.type != "Party" or self.is_pronoun(item))
            ):
                continue
            span = self.note(item)
            text = self.view.words.text[span.start : span.end]
            out.setdefault(entity or text.lower(), Party(text=text, span=span, actor=entity))
        return tuple(sorted(out.values(), key=lambda party: party.span))

    def is_pronoun(self, item: Candidate) -> bool:
        span = self.view.words.span(item.first, item.last)
        return self.view.words.text[span.start : span.end].lower() in _PRONOUNS

    def locations(self) -> tuple[Located, ...]:
        found = []
        for group, score, item in self.chosen("location"):
            entity = self.view.groups.entities[group]
            if entity is None or self.types.get(entity) is not EntityType.LOCATION:
                continue
            mention = self.view.table.mention_at(int(self.view.words.starts[item.first]))
            if mention is not None and self.is_elsewhere(mention):
                is_taken = mention.key in self.taken
                if is_taken or score < self.view.settings["elsewhere"]:
                    continue
            rank = self.view.places.specificity(mention) if mention else _PLACE_NOTHING
            found.append((rank, -score, Located(entity=entity, span=self.note(item))))
        return tuple(place for _, _, place in sorted(found, key=lambda item: item[:2]))

    def is_elsewhere(self, mention: NameMention) -> bool:
        """Tell whether the clauses of the triggers name places of their own, and none that this one can be."""
        own = [place for clue in self.incident.clues for place in clue.places[:1]]
        return bool(own) and not any(one_place((mention,), (place,), self.view.places) for place in own)

    def date(self) -> Stated | None:
        values = {found.span.start: found.value for found in self.view.words.dates}
        for _, _, item in self.chosen("date"):
            if item.type != "Date":
                continue
            span = self.view.words.span(item.first, item.last)
            value = next((value for start, value in values.items() if span.start <= start < span.end), None)
            if value is not None:
                self.stated.append(span)
                return Stated(value=value, span=span)
        return None

    def weapons(self) -> tuple[Stated, ...]:
        out: dict[str, Stated] = {}
        for _, _, item in self.chosen("weapon"):
            if item.type == "Weapon":
                span = self.note(item)
                value = self.view.words.text[span.start : span.end]
                out.setdefault(value.lower(), Stated(value=value, span=span))
        return tuple(sorted(out.values(), key=lambda weapon: weapon.span))

    def figures(self, harm: Harm) -> tuple[Figure, ...]:
        out: dict[Span, Figure] = {}
        attackers = ROLES.index("figure_attacker")
        for role in ("figure", "figure_attacker"):
            for group, score, item in self.chosen(role):
                other = float(self.scores[group, ROLES.index("figure") if role == "figure_attacker" else attackers])
                if item.type != harm.value or other > score:
                    continue
                span = self.view.words.span(item.first, item.last)
                text = self.view.words.text
                parsed = parse_figure(text[span.start : span.end], before=text[max(0, span.start - 25) : span.start])
                if parsed is None or span in out:
                    continue
                self.stated.append(span)
                bounds, who = parsed
                side = Side.ATTACKER if role == "figure_attacker" else Side.VICTIM
                out[span] = Figure(low=bounds.low, best=bounds.best, high=bounds.high, who=who, span=span, side=side)
        if not out:
            out = {found.span: _figure(found) for found in self.told_figures(harm)}
            self.stated += out
        return tuple(out[span] for span in sorted(out))

    def told_figures(self, harm: Harm) -> list[FoundFigure]:
        """Return the figures that the patterns see in the clauses of the triggers."""
        return [found for clue in self.incident.clues for found in clue.figures if found.harm is harm]


def _figure(found: FoundFigure) -> Figure:
    bounds = found.range
    return Figure(low=bounds.low, best=bounds.best, high=bounds.high, who=found.who, span=found.span, side=found.side)


def sentences_of(words: Words, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the sentences that hold the spans, in order."""
    numbers = set()
    for span in spans:
        cover = words.cover(span)
        if cover is not None:
            numbers.add(int(words.sentence[cover[0]]))
    return tuple(words.sentences[number] for number in sorted(numbers) if number < len(words.sentences))


def _kinds(scores: Floats, threshold: float) -> tuple[AttackKind, ...]:
    ranked = sorted(range(len(KINDS)), key=lambda index: -scores[index])
    kinds = [AttackKind(KINDS[index]) for index in ranked if scores[index] > threshold][:3] or [
        AttackKind(KINDS[ranked[0]])
    ]
    known = [kind for kind in kinds if kind is not AttackKind.UNKNOWN]
    # the means come before the purpose
    return tuple(sorted(known, key=lambda kind: kind is AttackKind.ASSASSINATION)) or (AttackKind.UNKNOWN,)
