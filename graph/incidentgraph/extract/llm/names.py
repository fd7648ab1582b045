"""The entities of an answer in, a table of the places where their names stand out, with what the lists know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from incidentgraph.extract import gazetteers
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.llm.answer import EntityAnswer
from incidentgraph.extract.llm.quotes import Quotes, Tally
from incidentgraph.extract.mentions import NameMention
from incidentgraph.records import EntityType, GroupKind, Span
from incidentgraph.spelling import fold

_AROUND = 40  # characters before a name in which the lists may have met the same name with more words


def build_table(entities: Sequence[EntityAnswer], quotes: Quotes, tally: Tally, known: EntityTable) -> EntityTable:
    """Return the mentions of the entities, keyed by the answer's ids; what overlaps belongs to the longest name."""
    found: list[tuple[Span, bool, EntityAnswer]] = []
    for entity in entities:
        for name in entity.names:
            spans = quotes.find_all(name.words)
            inside = [span for span in spans if quotes.number_of(span) in name.sentences]
            found += [(span, bool(inside), entity) for span in inside or spans]
            tally.counted(spans or None)
    # where two entities have one name, the one that was given these sentences has it here
    found.sort(key=lambda item: (item[0].start - item[0].end, not item[1], item[0].start))
    taken = bytearray(len(quotes.text))
    mentions = []
    for span, _, entity in found:
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            mentions.append(_mention(span, entity, quotes.text, known))
    mentions.sort(key=lambda mention: mention.start)
    table = EntityTable(text=quotes.text, mentions=_alike(mentions), country=known.country)
    for mention in table.mentions:
        table.ids.setdefault((mention.type, mention.key), f"e{len(table.ids) + 1}")
    ids = {key: number for (_, key), number in table.ids.items()}
    for entity in entities:
        for reference in entity.references:
            standing = tally.counted(quotes.find(reference.words, reference.sentence))
            if standing is not None and entity.id in ids:
                table.nominals.append((standing, ids[entity.id]))
    return table


def _mention(span: Span, entity: EntityAnswer, text: str, known: EntityTable) -> NameMention:
    spelled, kind = text[span.start : span.end], EntityType(entity.type)
    same = [
        mention
        for mention in known.between(max(0, span.start - _AROUND), span.end)
        if mention.end > span.start and fold(mention.text) == fold(spelled)
    ]
    listed = next((mention for mention in same if mention.type is kind), None)
    country = gazetteers.country_index().get(spelled) if entity.group_kind is GroupKind.STATE else None
    group_kind = entity.group_kind or GroupKind.OTHER
    if listed is not None and listed.known_id and listed.group_kind:
        group_kind = listed.group_kind
    return NameMention(
        start=span.start,
        end=span.end,
        text=spelled,
        type=kind,
        key=entity.id,
        group_kind=group_kind if kind is EntityType.GROUP else None,
        known_id=listed.known_id if listed else None,
        country=country.iso2 if country else (listed.country if listed else None),
    )


def _alike(mentions: Sequence[NameMention]) -> list[NameMention]:
    """Return the mentions with what is known of one of them known of all of the same entity."""
    best: dict[str, NameMention] = {}
    for mention in mentions:
        known = best.get(mention.key)
        if known is None or (mention.known_id and not known.known_id):
            best[mention.key] = mention
    return [
        replace(
            mention,
            known_id=best[mention.key].known_id,
            country=best[mention.key].country or mention.country,
            group_kind=best[mention.key].group_kind,
        )
        for mention in mentions
    ]
