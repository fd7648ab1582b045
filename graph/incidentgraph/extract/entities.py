"""Name mentions in, entities of one article out: short forms, abbreviations and bodies of a state find their owner."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from incidentgraph.extract import gazetteers, names
from incidentgraph.extract.mentions import GivenName, NameMention, find_mentions
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import Entity, EntityType, GroupKind, Span
from incidentgraph.spelling import fold

_DEFINITION = re.compile(
    r"(?:\s+(?:group|movement|organi[sz]ation|militia|party|network))?\s*\((?:known (?:as|by its acronym) |the |or )?[“\"]?"
    r"(?P<short>[A-Z][A-Za-z&/\-]{1,14})[”\"]?(?:,[^)]*)?\)"
)
_ALSO_KNOWN = re.compile(
    r"[\s,(—–-]+(?:(?:also|formerly|previously|better|once|still|widely)\s+)*(?:known\s+(?:as|by (?:his|her|the) (?:nom de guerre|alias|name|nickname)),?|"
    r"a\.?k\.?a\.?|alias|nicknamed|whose real name (?:is|was)|nom de guerre|called)\s+[“\"‘']?$"
)


@dataclass(slots=True)
class EntityTable:
    """The entities of an article while it is read; `mentions` are sorted and do not overlap."""

    text: str
    mentions: list[NameMention]
    ids: dict[tuple[EntityType, str], str] = field(default_factory=dict)
    nominals: list[tuple[Span, str]] = field(default_factory=list)  # "the group" -> entity id
    country: str | None = None  # what the article is about, where one country stands out
    _counts: Counter[str] = field(default_factory=Counter)
    _counted: int = -1

    def id_of(self, mention: NameMention) -> str:
        return self.ids[(mention.type, mention.key)]

    def within(self, span: Span) -> list[NameMention]:
        """Return the mentions that lie in a span, in order."""
        return [mention for mention in self.between(span.start, span.end) if mention.end <= span.end]

    def between(self, start: int, end: int) -> list[NameMention]:
        """Return the mentions that begin at `start` or later and before `end`, in order."""
        first = bisect_left(self.mentions, start, key=lambda mention: mention.start)
        last = bisect_left(self.mentions, end, key=lambda mention: mention.start)
        return self.mentions[first:last]

    def mention_at(self, start: int) -> NameMention | None:
        """Return the mention that covers an offset."""
        position = bisect_right(self.mentions, start, key=lambda mention: mention.start) - 1
        if position >= 0 and self.mentions[position].end > start:
            return self.mentions[position]
        return None

    def counts(self) -> Counter[str]:
        """Return how often each entity is named, by key."""
        if self._counted != len(self.mentions):
            self._counts = Counter(mention.key for mention in self.mentions)
            self._counted = len(self.mentions)
        return self._counts

    def add(self, mention: NameMention) -> str:
        """Add a mention found later (a demonym that acts, "Israeli strike") and return its entity's id."""
        known = self.mention_at(mention.start)
        if known is not None:
            return self.id_of(known)
        insort(self.mentions, mention, key=lambda item: item.start)
        return self.ids.setdefault((mention.type, mention.key), f"e{len(self.ids) + 1}")

    def entities(self) -> tuple[Entity, ...]:
        """Return the entities with their mentions, in the order of their ids."""
        out = []
        named: dict[tuple[EntityType, str], list[NameMention]] = {}
        for mention in self.mentions:
            named.setdefault((mention.type, mention.key), []).append(mention)
        nominals: dict[str, list[Span]] = {}
        for span, owner in self.nominals:
            nominals.setdefault(owner, []).append(span)
        for (entity_type, key), entity_id in self.ids.items():
            mentions = named.get((entity_type, key), [])
            if not mentions:
                continue
            forms = dict.fromkeys(mention.text for mention in mentions)
            for mention in mentions:
                if mention.full_start is not None:
                    forms.setdefault(self.text[mention.full_start : mention.end])
            spans = [mention.span for mention in mentions]
            spans += nominals.get(entity_id, [])
            known_id = next((mention.known_id for mention in mentions if mention.known_id), None)
            out.append(
                Entity(
                    id=entity_id,
                    type=entity_type,
                    name=_best_name(list(forms)),
                    surface_forms=tuple(forms),
                    mentions=tuple(sorted(set(spans))),
                    group_kind=next((mention.group_kind for mention in mentions if mention.group_kind), None),
                    known_id=known_id,
                    country=next((mention.country for mention in mentions if mention.country), None),
                )
            )
        return tuple(out)


def _best_name(forms: list[str]) -> str:
    """Return the first form of several words, else the longest: the text introduces a name in full."""
    return next((form for form in forms if " " in form), max(forms, key=len))


def find_entities(
    text: str, sentences: list[Span], gazetteer: Gazetteer, *, given: Sequence[GivenName] = ()
) -> EntityTable:
    """Return the article's entities by name; nominal references are added by later steps."""
    mentions = find_mentions(text, sentences, gazetteer, given=given)
    mentions = _abbreviations(text, mentions)
    mentions = _short_forms(text, sentences, mentions)
    mentions = _also_known(text, mentions)
    country = _dominant_country(text, sentences, mentions)
    mentions = _bodies(mentions, country)
    table = EntityTable(text=text, mentions=mentions, country=country)
    for mention in mentions:
        table.ids.setdefault((mention.type, mention.key), f"e{len(table.ids) + 1}")
    return table


def _like(owner: NameMention, *, start: int, end: int, text: str) -> NameMention:
    return replace(owner, start=start, end=end, text=text, full_start=None)


def _merged(mentions: Iterable[NameMention]) -> list[NameMention]:
    return sorted(mentions, key=lambda mention: mention.start)


def _abbreviations(text: str, mentions: list[NameMention]) -> list[NameMention]:
    """Make "Syrian Democratic Forces (SDF)" one entity and find the bare "SDF" elsewhere."""
    short: dict[str, NameMention] = {}
    for mention in mentions:
        match = _DEFINITION.match(text, mention.end)
        if match is None or mention.type is EntityType.PERSON:
            continue
        form = match["short"]
        listed = gazetteers.actor_index().get(form)
        spelled = names.initials(mention.text)
        fits = form.isupper() and (
            form.replace("-", "")[:1] in spelled or (listed is not None and listed.id == mention.known_id)
        )
        if fits:
            short[form] = mention
    if not short:
        return mentions
    out = [
        _like(short[mention.text], start=mention.start, end=mention.end, text=mention.text)
        if mention.text in short and mention.type is EntityType.GROUP
        else mention
        for mention in mentions
    ]
    taken = {position for mention in out for position in range(mention.start, mention.end)}
    for form, owner in short.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w])", text):
            if match.start() not in taken:
                out.append(_like(owner, start=match.start(), end=match.end(), text=form))
    return _merged(out)


def _short_forms(text: str, sentences: list[Span], mentions: list[NameMention]) -> list[NameMention]:
    """Find persons named again by the last part of their name ("Sharaa" after "Ahmed al-Sharaa")."""
    owners: dict[str, list[NameMention]] = {}
    for mention in mentions:
        words = mention.text.split()
        if mention.type is EntityType.PERSON and len(words) > 1:
            for size in range(1, min(3, len(words))):
                owners.setdefault(fold(" ".join(words[-size:])), []).append(mention)
    if not owners:
        return mentions
    taken = {position for mention in mentions for position in range(mention.start, mention.end)}
    out = list(mentions)
    # A single name that was taken for a place or a person of its own may be one of these, too.
    for index, mention in enumerate(out):
        if mention.type is EntityType.PERSON and len(mention.text.split()) == 1 and fold(mention.text) in owners:
            out[index] = _like(
                _nearest(owners[fold(mention.text)], mention.start),
                start=mention.start,
                end=mention.end,
                text=mention.text,
            )
    for sentence in sentences:
        spelled = list(names.words_of(text, start=sentence.start, end=sentence.end))
        for first, word in enumerate(spelled):
            start, end = word.start, word.end
            if word.text.lower() in {"al", "el"} and first + 1 < len(spelled):
                end = spelled[first + 1].end
            elif not word.is_capitalised:
                continue
            key = fold(text[start:end])
            if key in owners and start not in taken and end - 1 not in taken:
                out.append(_like(_nearest(owners[key], start), start=start, end=end, text=text[start:end]))
                taken.update(range(start, end))
    return _merged(out)


def _nearest(owners: list[NameMention], start: int) -> NameMention:
    before = [mention for mention in owners if mention.start <= start]
    return before[-1] if before else owners[0]


def _also_known(text: str, mentions: list[NameMention]) -> list[NameMention]:
    """Join names that the text itself equates ("formerly known as …")."""
    same: dict[tuple[EntityType, str], NameMention] = {}
    for first, second in itertools.pairwise(mentions):
        if (
            first.type is second.type
            and first.key != second.key
            and _ALSO_KNOWN.fullmatch(text, first.end, second.start)
        ):
            same.setdefault((second.type, second.key), first)
    out = []
    for mention in mentions:
        owner = same.get((mention.type, mention.key))
        out.append(_like(owner, start=mention.start, end=mention.end, text=mention.text) if owner else mention)
    return out


def _dominant_country(text: str, sentences: list[Span], mentions: list[NameMention]) -> str | None:
    """Return the country that the article speaks of at least half as often again as of any other."""
    counts: Counter[str] = Counter()
    for mention in mentions:
        if mention.country and (mention.type is EntityType.LOCATION or mention.group_kind is not GroupKind.MEDIA):
            counts[mention.country] += 1
    for sentence in sentences:
        words = list(names.words_of(text, start=sentence.start, end=sentence.end))
        for match in gazetteers.demonym_index().find(text, words):
            counts[match.value.iso2] += 1
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 2 or (len(ranked) == 2 and ranked[0][1] < 1.5 * ranked[1][1]):
        return None
    return ranked[0][0]


def _bodies(mentions: list[NameMention], country: str | None) -> list[NameMention]:
    """Give "the army" its country: the one that the article gives to an army, else the article's own."""
    owned: dict[str, set[str]] = {}
    for mention in mentions:
        if mention.key.startswith("body:") and mention.country:
            owned.setdefault(mention.key.split(":", 2)[2], set()).add(mention.country)
    out = []
    for mention in mentions:
        if mention.key.startswith("body::"):
            body = mention.key.split(":", 2)[2]
            candidates = owned.get(body, set())
            owner = next(iter(candidates)) if len(candidates) == 1 else country
            if owner:
                mention = replace(mention, key=f"body:{owner}:{body}", country=owner)
        out.append(mention)
    return out
