"""The extractor that needs no model: gazetteers, patterns and the order in which they are tried."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Self

from incidentgraph import resources
from incidentgraph.errors import ExtractError
from incidentgraph.extract.annotator import Annotator
from incidentgraph.extract.attacks import build_attack
from incidentgraph.extract.claims import announce, find_claims
from incidentgraph.extract.entities import EntityTable, find_entities
from incidentgraph.extract.incidents import find_incidents
from incidentgraph.extract.places import choose_places
from incidentgraph.extract.relations import find_relations
from incidentgraph.extract.sentences import build_sentences
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.lexicon import SHIPPED, WordLists
from incidentgraph.records import Article, AttackReport, Entity, EntityType, Extraction, Span

# Patterns are linear in a sentence's length at best; beyond this a "sentence" is a table or a dump, and is cut.
_MAX_SENTENCE = 2_000


class RuleExtractor:
    """Reads an article with patterns and gazetteers alone; the same article gives the same extraction always."""

    is_portable = True

    def __init__(self, annotator: Annotator | None = None) -> None:
        self._annotator = annotator or Annotator()
        self.name = self._annotator.versioned("rules-1")
        self._lists = SHIPPED
        self._gazetteer = Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))

    def extended(self, lists: WordLists) -> Self:
        """Return the same extractor with the words of `lists`."""
        other = copy(self)
        other.name, other._lists = f"{self.name}{lists.mark}", lists
        return other

    def extract(self, article: Article) -> Extraction:
        """Return all that the article says; ExtractError if it cannot be read as text at all."""
        text = article.text
        if not text.strip():
            raise ExtractError(article.id, "no text")
        annotated = self._annotator.read(text)
        spans = [piece for span in annotated.sentences for piece in _pieces(text, span)]
        table = find_entities(text, spans, self._gazetteer, given=annotated.names)
        places = choose_places(table, self._gazetteer)
        sentences = build_sentences(text, spans, table, published=article.published, lists=self._lists)
        incidents = find_incidents(sentences, table, places, published=article.published)
        claims = announce(find_claims(sentences, incidents, table), sentences, incidents)
        attacks = tuple(build_attack(incident, number, table) for number, incident in enumerate(incidents, 1))
        relations = tuple(find_relations(sentences, table))
        return Extraction(
            article=article,
            extractor=self.name,
            entities=_with_weapons(table, attacks),
            attacks=attacks,
            claims=tuple(claims),
            relations=relations,
        )


def _pieces(text: str, span: Span) -> list[Span]:
    """Cut an over-long sentence at white space."""
    out = []
    start = span.start
    while span.end - start > _MAX_SENTENCE:
        cut = text.rfind(" ", start + 1, start + _MAX_SENTENCE)
        cut = cut if cut > start else start + _MAX_SENTENCE
        out.append(Span(start=start, end=cut))
        start = cut
    return [*out, Span(start=start, end=span.end)]


def _with_weapons(table: EntityTable, attacks: tuple[AttackReport, ...]) -> tuple[Entity, ...]:
    """Return the entities and one Weapon for each word by which the attacks name their weapons."""
    entities = table.entities()
    weapons: dict[str, Entity] = {}
    number = len(table.ids)
    for stated in (weapon for attack in attacks for weapon in attack.weapons):
        known = weapons.get(stated.value.lower())
        if known is not None:
            spans = tuple(sorted({*known.mentions, stated.span}))
            forms = tuple(dict.fromkeys((*known.surface_forms, stated.value)))
            weapons[stated.value.lower()] = replace(known, mentions=spans, surface_forms=forms)
            continue
        number += 1
        weapons[stated.value.lower()] = Entity(
            id=f"e{number}",
            type=EntityType.WEAPON,
            name=stated.value,
            surface_forms=(stated.value,),
            mentions=(stated.span,),
        )
    return (*entities, *weapons.values())
