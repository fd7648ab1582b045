"""An annotated article in, the same article with other names out; every offset follows.

Names are swapped consistently: all mentions of an entity get the corresponding new name. Actors come from
`seeds/actors.csv`, persons and places from other articles of the training part and from the countries' capitals.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from incidentgraph import lexicon
from incidentgraph.evaluation.authoring import Gold
from incidentgraph.records import Entity, EntityType, GroupKind, Span

_SHARE = 0.6  # of the entities of an article that get another name
_KINDS = {GroupKind.ARMED_GROUP, GroupKind.MONITOR, GroupKind.MEDIA, GroupKind.PARTY, GroupKind.STATE}


class Augmenter:
    """Swaps names; the same seed, article and copy number give the same text."""

    def __init__(self, corpus: Iterable[Gold], *, seed: int) -> None:
        self.seed = seed
        self.persons: list[str] = []
        self.places: list[str] = []
        for gold in corpus:
            for entity in gold.extraction.entities:
                words = entity.name.split()
                if entity.type is EntityType.PERSON and 2 <= len(words) <= 4:
                    self.persons.append(entity.name)
                elif entity.type is EntityType.LOCATION and len(words) <= 2 and "," not in entity.name:
                    self.places.append(entity.name)
        self.groups: dict[GroupKind, list[tuple[str, str | None]]] = {}
        for actor in {actor.id: actor for actor in lexicon.known_actors().values()}.values():
            if actor.type is EntityType.GROUP and actor.group_kind in _KINDS:
                short = next((name for name in actor.names if name.isupper() and 2 < len(name) < 8), None)
                self.groups.setdefault(actor.group_kind, []).append((actor.names[0], short))
            elif actor.type is EntityType.PERSON and len(actor.names[0].split()) > 1:
                self.persons.append(actor.names[0])
        self.persons = sorted(set(self.persons))
        self.places = sorted(set(self.places))

    def swap(self, gold: Gold, copy: int) -> Gold:
        """Return the article with other names."""
        number = hashlib.sha256(f"{self.seed} {copy} {gold.path.name}".encode()).hexdigest()
        rng = random.Random(int(number, 16))
        text = gold.extraction.article.text
        edits: dict[Span, str] = {}
        nominals = {span for _, span in gold.nominals}
        for entity in gold.extraction.entities:
            if rng.random() < _SHARE:
                named = [span for span in entity.mentions if span not in nominals]
                new = self._renamed(entity, {text[span.start : span.end] for span in named}, rng)
                edits |= {
                    span: new[text[span.start : span.end]] for span in named if text[span.start : span.end] in new
                }
        taken: list[tuple[Span, str]] = []
        for span in sorted(edits, key=lambda span: (span.start, -span.end)):
            if not taken or taken[-1][0].end <= span.start:
                taken.append((span, edits[span]))
        pieces, at = [], 0
        starts: list[tuple[int, int, int]] = []  # old start, old end, growth
        for span, name in taken:
            pieces += [text[at : span.start], name]
            starts.append((span.start, span.end, len(name) - (span.end - span.start)))
            at = span.end
        changed = "".join([*pieces, text[at:]])

        def moved(offset: int, *, is_end: bool) -> int:
            shift = 0
            for start, end, growth in starts:
                if offset >= end:
                    shift += growth
                elif offset > start or (offset == start and is_end and offset > start):
                    return start + shift if not is_end else end + shift + growth
            return offset + shift

        def follow(value: Any) -> Any:
            if isinstance(value, Span):
                return Span(start=moved(value.start, is_end=False), end=moved(value.end, is_end=True))
            if isinstance(value, (str, int, float, Enum)) or value is None:
                return value
            if isinstance(value, tuple):
                return tuple(follow(item) for item in value)
            if is_dataclass(value) and not isinstance(value, type):
                return replace(value, **{item.name: follow(getattr(value, item.name)) for item in fields(value)})
            return value

        extraction = follow(replace(gold.extraction, article=replace(gold.extraction.article, text="")))
        article = replace(gold.extraction.article, text=changed)
        return replace(
            gold,
            extraction=replace(extraction, article=article),
            nominals=follow(gold.nominals),
            speakers=follow(gold.speakers),
            contents=follow(gold.contents),
            sentences=follow(gold.sentences),
        )

    def _renamed(self, entity: Entity, forms: set[str], rng: random.Random) -> dict[str, str]:
        """Return the new name of each form; none where the forms follow no pattern that is understood."""
        full = max(forms, key=len, default="")
        if entity.type is EntityType.PERSON:
            other = rng.choice(self.persons).split()
            last = full.split()[-1]
            out = {}
            for form in forms:
                if form == full:
                    out[form] = " ".join(other)
                elif form in (last, full.split()[0]):
                    out[form] = other[-1] if form == last else other[0]
                else:
                    return {}
            return out
        if entity.type is EntityType.LOCATION:
            if len(forms) != 1 or re.search(r"\d", full):
                return {}
            tail = re.search(r"\s(?:province|region|district|state|road|market|airport|county|village)$", full, re.I)
            name = rng.choice(self.places)
            return {full: name.split()[0] + tail[0] if tail else name}
        if entity.type is EntityType.GROUP and entity.group_kind in self.groups:
            name, short = rng.choice(self.groups[entity.group_kind])
            small = [form for form in forms if form.isupper()]
            if len(forms) == 1:
                return {full: short if small and short else name}
            if len(forms) == 2 and len(small) == 1 and short:
                return {form: short if form in small else name for form in forms}
        return {}
