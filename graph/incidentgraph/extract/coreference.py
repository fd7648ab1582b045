"""Words that stand for an actor named before: "the group", "the ministry", "it", "he"."""

from __future__ import annotations

import re

from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.mentions import NameMention
from incidentgraph.records import EntityType, GroupKind, Span

_ARMED = re.compile(
    r"(?i)(?:the|this|that)\s+(?:\w+\s+){0,2}?(?:group|militants?|insurgents?|movement|jihadists?|rebels|faction|militia|organi[sz]ation|extremists|affiliate|branch)$"
)
_BODIES = {
    "ministry": re.compile(r"(?i)\bministry|ministry\b"),
    "army": re.compile(r"(?i)\barmy|military|forces"),
    "military": re.compile(r"(?i)\barmy|military|forces"),
    "government": re.compile(r"(?i)\bgovernment"),
    "coalition": re.compile(r"(?i)\bcoalition"),
    "observatory": re.compile(r"(?i)\bobservatory"),
    "agency": re.compile(r"(?i)\bagency"),
    "party": re.compile(r"(?i)\bparty"),
    "monitor": re.compile(r"(?i)\bobservatory|monitor"),
}
_PERSON = re.compile(r"(?i)^(?:he|she|the (?:spokesman|spokeswoman|spokesperson|president|minister|general|leader))$")
# How far back a pronoun or "the group" is believed to reach, in characters: about a paragraph and a half.
_REACH = 900


def find_antecedent(table: EntityTable, words: str, start: int) -> NameMention | None:
    """Return the last mention before `start` that these words can stand for, None if none fits."""
    before = table.between(start - _REACH, start)
    words = words.strip()
    if _PERSON.match(words):
        return _last_subject(table, [mention for mention in before if mention.type is EntityType.PERSON])
    if _ARMED.match(words) or words.lower() in {"it", "they", "its", "which"}:
        armed = [mention for mention in before if mention.group_kind in {GroupKind.ARMED_GROUP, GroupKind.COALITION}]
        return _most_salient(table, armed, start)
    head = words.lower().split()[-1] if words else ""
    body = _BODIES.get(head)
    if body is not None:
        return next((m for m in reversed(before) if m.type is EntityType.GROUP and body.search(m.text)), None)
    return None


def _last_subject(table: EntityTable, persons: list[NameMention]) -> NameMention | None:
    """Return the first person of the nearest sentence that names one: "he" takes up a subject sooner than an object."""
    if not persons:
        return None
    nearest = persons[-1]
    head = max(table.text.rfind(". ", 0, nearest.start), table.text.rfind("\n", 0, nearest.start))
    return next(mention for mention in persons if mention.start > head)


def _most_salient(table: EntityTable, mentions: list[NameMention], start: int) -> NameMention | None:
    """Return the armed group that opens the nearest sentence: subjects are taken up again, objects rarely."""
    if not mentions:
        return None
    paragraph = table.text.rfind("\n", 0, start)
    here = [mention for mention in mentions if mention.start > paragraph]
    pool = here or mentions
    counts = table.counts()
    # the group that the article speaks of most, unless another was named since in this paragraph
    last = pool[-1]
    best = max(pool, key=lambda mention: (counts[mention.key], mention.start))
    return best if counts[best.key] >= 2 * counts[last.key] else last


def note_nominal(table: EntityTable, mention: NameMention, span: Span) -> None:
    """Record that these words stand for the entity of `mention`."""
    entry = (span, table.id_of(mention))
    if entry not in table.nominals:
        table.nominals.append(entry)
