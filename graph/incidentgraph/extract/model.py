"""The trained extractor: one article in, an Extraction out, by the network in `incidentgraph/model/`.

The network says where names, triggers, phrases and cues stand and which of them belong together; numbers, dates and
places are read by the same rules as without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from incidentgraph import resources
from incidentgraph.errors import ExtractError
from incidentgraph.extract.annotator import Annotator
from incidentgraph.extract.decode_attacks import ArticleView, Groups, build_attacks, find_incidents
from incidentgraph.extract.decode_claims import build_claims, with_admissions, with_sources, with_told_cues
from incidentgraph.extract.decode_links import with_told_triggers
from incidentgraph.extract.decode_names import FoundName, build_table, with_bare_form
from incidentgraph.extract.decode_own import with_own_triggers
from incidentgraph.extract.decode_relations import build_relations, with_patterns
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.kinds import with_own_kinds
from incidentgraph.extract.network import Floats, Network, decode_tags
from incidentgraph.extract.network_labels import FAMILIES, GROUP_KINDS, Candidate
from incidentgraph.extract.network_words import MAX_WORDS, Words, read_words, weapon_pattern
from incidentgraph.extract.places import choose_places
from incidentgraph.extract.sentences import build_sentences
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.lexicon import SHIPPED, WordLists
from incidentgraph.records import Article, Entity, EntityType, Extraction, GroupKind, Span

MODEL = Path(__file__).resolve().parent.parent / "model"

# Chosen on the dev part; `model.json` overrides them, so that they ship with the weights they were chosen for.
DEFAULTS: Mapping[str, float] = {
    "names": 0.0,
    "triggers": 0.0,
    "parties": 0.0,
    "figures": 0.0,
    "cues": 0.0,
    "attack": 0.4,
    "article": 0.3,
    "same": 0.5,
    "same_place": 0.0,
    "series": 12.0,
    "placed": 2.0,
    "vague": 6.0,
    "status_words": 4.0,
    "elsewhere": 0.8,
    "apart_count": 2.0,
    "apart_place": 2.0,
    "apart_date": 1.0,
    "apart_new": 1.0,
    "rival": 0.5,
    "admissions": 1.0,
    "perpetrator": 0.2,
    "target": 0.1,
    "victim": 0.1,
    "location": 0.1,
    "date": 0.1,
    "weapon": 0.3,
    "figure": 0.1,
    "figure_attacker": 0.1,
    "kind": 0.5,
    "kind_words": 1.0,
    "claim_kind": 0.5,
    "no_speaker": 0.0,
    "about_nothing": 0.0,
    "relation": 0.3,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What does not depend on any threshold: the words, their vectors, and the scores of all tags."""

    words: Words
    hidden: Floats
    tags: dict[str, Floats]


class ModelExtractor:
    """Reads an article with the trained network; the same article gives the same extraction always."""

    is_portable = True

    def __init__(self, folder: Path = MODEL, *, annotator: Annotator | None = None) -> None:
        self._annotator = annotator or Annotator()
        self._lists = SHIPPED
        self.network = Network(folder)
        self.name = self._annotator.versioned(self.network.name)
        self._gazetteer = Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))
        self.settings: dict[str, float] = {**DEFAULTS, **self.network.card.get("settings", {})}

    def extended(self, lists: WordLists) -> Self:
        """Return the same extractor with the words of `lists`."""
        other = copy(self)
        other.name, other._lists = f"{self.name}{lists.mark}", lists
        return other

    def extract(self, article: Article) -> Extraction:
        """Return all that the article says; ExtractError if it cannot be read as text at all."""
        if not article.text.strip():
            raise ExtractError(article.id, "no text")
        if sum(1 for _ in re.finditer(r"\w+", article.text)) > MAX_WORDS:
            raise ExtractError(article.id, f"longer than {MAX_WORDS} words: cut it, or use --extractor rules")
        return self.decode(article, self.read(article))

    def read(self, article: Article) -> Reading:
        """Return what the network sees in the article; this is where the time goes."""
        words = read_words(
            article.text,
            self.network.tokenizer,
            self._gazetteer,
            published=article.published,
            annotator=self._annotator,
            lists=self._lists,
        )
        hidden = self.network.encode(words)
        return Reading(words, hidden, self.network.tags(hidden))

    def decode(self, article: Article, reading: Reading) -> Extraction:
        """Return the extraction that the network's scores amount to."""
        words = reading.words
        table = build_table(words, self._names(reading))
        places = choose_places(table, self._gazetteer)
        groups = self._candidates(reading, table)
        sentences = build_sentences(words.text, list(words.sentences), table, published=article.published)
        view = ArticleView(words, reading.hidden, self.network, table, places, groups, self.settings, sentences)
        triggers = self._spans(reading, "trigger", self.settings["triggers"])
        triggers = with_told_triggers(triggers, words, sentences, table, places)
        incidents, dismissed = find_incidents(view, with_own_triggers(triggers, words, self._lists))
        told = [[words.span(item.first, item.last) for item in incident.triggers] for incident in incidents]
        attacks = with_own_kinds(build_attacks(view, incidents), told, words.text, self._lists)
        cues = with_told_cues([item for item, _ in self._spans(reading, "cue", self.settings["cues"])], view)
        claims = build_claims(view, cues, incidents, attacks, dismissed)
        attacks = with_sources(attacks, claims)
        if self.settings["admissions"]:
            attacks = with_admissions(attacks, claims)
        relations = with_patterns(build_relations(view), view)
        return Extraction(
            article=article,
            extractor=self.name,
            entities=(*map(with_bare_form, table.entities()), *_weapons(table, groups, words)),
            attacks=tuple(attacks),
            claims=tuple(claims),
            relations=tuple(relations),
        )

    def _spans(self, reading: Reading, family: str, bias: float = 0.0) -> list[tuple[Candidate, float]]:
        found = decode_tags(reading.tags[family], FAMILIES[family], bias=bias)
        return [(Candidate(first, last, label), certainty) for first, last, label, certainty in found]

    def _names(self, reading: Reading) -> list[FoundName]:
        found = self._spans(reading, "name", self.settings["names"])
        spans = [item for item, _ in found]
        kinds = self.network.unary("group", reading.hidden, spans)
        return [
            FoundName(
                reading.words.span(item.first, item.last),
                EntityType(item.type),
                GroupKind(GROUP_KINDS[int(kinds[row].argmax())]) if item.type == "Group" else None,
                found[row][1],
            )
            for row, item in enumerate(spans)
        ]

    def _candidates(self, reading: Reading, table: EntityTable) -> Groups:
        """Return all words that may play a part; nominal references join the entity that they stand for."""
        words, groups = reading.words, Groups()
        names: list[tuple[Candidate, str]] = []
        for mention in table.mentions:
            cover = words.cover(mention.span)
            if cover is not None:
                item = Candidate(cover[0], cover[1], mention.type.value)
                names.append((item, table.id_of(mention)))
                groups.add(item, table.id_of(mention), table.id_of(mention))
        nominals = [item for item, _ in self._spans(reading, "nominal")]
        standing: dict[int, str] = {}  # last word of a nominal reference -> entity
        for item, owner in zip(nominals, self._antecedents(reading, nominals, names), strict=True):
            if owner is not None:
                standing[item.last] = owner
                groups.add(item, owner, owner)
                entry = (words.span(item.first, item.last), owner)
                if entry not in table.nominals:
                    table.nominals.append(entry)
        for item, _ in self._spans(reading, "party", self.settings["parties"]):
            held = {
                table.id_of(mention)
                for mention in table.within(words.span(item.first, item.last))
                if mention.type is EntityType.GROUP
            }
            owner = held.pop() if len(held) == 1 else standing.get(item.last)
            groups.add(item, owner or f"party:{item.first}", owner)
        for item, _ in self._spans(reading, "weapon"):
            item = _whole_weapon(item, words, self._lists)
            span = words.span(item.first, item.last)
            groups.add(item, f"weapon:{words.text[span.start : span.end].lower()}")
        for found in words.dates:
            cover = words.cover(found.span)
            if cover is not None:
                groups.add(Candidate(cover[0], cover[1], "Date"), f"date:{cover[0]}")
        for item, _ in self._spans(reading, "figure", self.settings["figures"]):
            groups.add(item, f"figure:{item.type}:{item.first}")
        for item, _ in self._spans(reading, "speaker"):
            groups.add(item, f"speaker:{item.first}")
        return groups

    def _antecedents(
        self, reading: Reading, nominals: list[Candidate], names: list[tuple[Candidate, str]]
    ) -> list[str | None]:
        scores = self.network.pairs("antecedent", reading.hidden, reading.words, nominals, [item for item, _ in names])
        null = self.network.null("antecedent")
        out: list[str | None] = []
        for row in range(len(nominals)):
            totals: dict[str, float] = {}
            for column, (_, owner) in enumerate(names):
                totals[owner] = float(np.logaddexp(totals.get(owner, -1e4), scores[row, column, 0]))
            best = max(totals, key=lambda owner: totals[owner], default=None)
            out.append(best if best is not None and totals[best] > null else None)
        return out


def _whole_weapon(item: Candidate, words: Words, lists: WordLists) -> Candidate:
    """Return the weapon as long as the lexicon knows it: "machine guns", not "machine"."""
    span = words.span(item.first, item.last)
    for match in weapon_pattern(lists).finditer(words.text, max(0, span.start - 30), span.end + 30):
        cover = words.cover(Span(start=match.start(), end=match.end()))
        if match.start() <= span.start and span.end <= match.end() and cover is not None:
            return Candidate(*cover, item.type)
    return item


def _weapons(table: EntityTable, groups: Groups, words: Words) -> list[Entity]:
    """Return a Weapon for each word that names one."""
    spans: dict[str, set[Span]] = {}
    for item in groups.candidates:
        if item.type == "Weapon":
            span = words.span(item.first, item.last)
            spans.setdefault(words.text[span.start : span.end].lower(), set()).add(span)
    out = []
    for number, key in enumerate(sorted(spans, key=lambda key: min(spans[key])), len(table.ids) + 1):
        spelled = tuple(dict.fromkeys(words.text[span.start : span.end] for span in sorted(spans[key])))
        out.append(
            Entity(
                id=f"e{number}",
                type=EntityType.WEAPON,
                name=spelled[0],
                surface_forms=spelled,
                mentions=tuple(sorted(spans[key])),
            )
        )
    return out
