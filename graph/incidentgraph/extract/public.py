"""Texts of public corpora in, answers in the corpora's own terms out, by the network that `extract` uses.

Their label sets differ from ours, so each has layers of its own on the shared encoder: re3d's entities, MUC-4's role
fillers, and who says what (attribution).
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from incidentgraph import resources
from incidentgraph.errors import ResourceError
from incidentgraph.extract.model import MODEL
from incidentgraph.extract.network import Floats, Network, decode_tags, sigmoid
from incidentgraph.extract.network_labels import MUC4_ROLES, PUBLIC_LAYERS, Candidate
from incidentgraph.extract.network_words import Words, read_words
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import Span

# What a filler counts as where the pair scorer asks for the kind of its candidates.
ROLE_TYPES = {"PerpInd": "Party", "PerpOrg": "Group", "Target": "Nominal", "Victim": "Person", "Weapon": "Weapon"}

# Chosen on the dev parts; `model.json` overrides them.
DEFAULTS: Mapping[str, float] = {
    "re3d": 0.0,  # bias towards entities
    "muc4_tags": 2.0,  # bias towards fillers; the scorer then chooses among them
    "muc4_gate": 0.5,  # below this the document has no fillers
    "muc4_mix": 0.5,  # how much the scorer counts against the tags
    "muc4_same": 0.5,  # above this two fillers are one
    **{f"muc4_{role}": 0.5 for role in MUC4_ROLES},
    "cues": 0.0,
    "sources": 1.5,
    "no_source": 0.0,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What does not depend on any threshold."""

    words: Words
    hidden: Floats
    tags: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Filler:
    """Words that may fill a role: the best of the places where they stand."""

    role: str
    key: str
    text: str
    start: int  # in the document
    item: Candidate
    tagged: float  # by the tag layer
    scored: float  # by the scorer

    def probability(self, mix: float) -> float:
        return mix * self.scored + (1 - mix) * self.tagged


@dataclass(frozen=True, slots=True)
class FillerView:
    """What is known of a document's fillers before any threshold but the tags' is applied."""

    gate: float
    fillers: list[Filler]
    same: Floats


def read_tokens(tokens: Sequence[str], tokenizer: Any, gazetteer: Gazetteer) -> tuple[Words, list[Span]]:
    """Return the words of a sentence that comes in tokens, and where each token stands."""
    spans, at = [], 0
    for token in tokens:
        spans.append(Span(start=at, end=at + len(token)))
        at += len(token) + 1
    return read_words(" ".join(tokens), tokenizer, gazetteer, published=None), spans


class PublicReader:
    """Answers in the terms of re3d, MUC-4 and of attribution corpora."""

    def __init__(self, network: Network, gazetteer: Gazetteer) -> None:
        if not network.knows_public_sets:
            raise ResourceError("this model was trained without the public sets: it has no layers for their labels")
        self.network = network
        self.name = network.name
        self.settings: dict[str, float] = {**DEFAULTS, **network.card.get("public", {})}
        self._gazetteer = gazetteer

    def see(self, text: str) -> Seen:
        """Return what the network sees in a text."""
        return self._seen(read_words(text, self.network.tokenizer, self._gazetteer, published=None))

    def see_tokens(self, tokens: Sequence[str]) -> tuple[Seen, list[Span]]:
        """Return what the network sees in a sentence of tokens, and where each stands."""
        words, spans = read_tokens(tokens, self.network.tokenizer, self._gazetteer)
        return self._seen(words), spans

    def _seen(self, words: Words) -> Seen:
        if not len(words):
            return Seen(words, np.zeros((0, 0), dtype=np.float32), {})
        hidden = self.network.encode(words)
        return Seen(words, hidden, self.network.public_tags(hidden))

    def entities(self, seen: Seen, tokens: Sequence[Span]) -> set[tuple[str, int, int]]:
        """Return re3d's entities: type, first and last token."""
        if not seen.tags:
            return set()
        starts = np.array([span.start for span in tokens])
        out: set[tuple[str, int, int]] = set()
        taken: set[int] = set()
        found = decode_tags(seen.tags["re3d"], PUBLIC_LAYERS["re3d"], bias=self.settings["re3d"])
        for first, last, label, _ in found:
            begin = int(np.searchsorted(starts, seen.words.starts[first], side="right")) - 1
            end = int(np.searchsorted(starts, seen.words.starts[last], side="right")) - 1
            if not taken.intersection(range(begin, end + 1)):  # two parts of one token
                taken.update(range(begin, end + 1))
                out.add((label, begin, end))
        return out

    def view_fillers(self, seen: Seen) -> FillerView:
        """Return all that may fill a role of MUC-4, with scores."""
        if not seen.tags:
            return FillerView(0.0, [], np.zeros((0, 0), dtype=np.float32))
        out: list[Filler] = []
        for index, role in enumerate(MUC4_ROLES):
            found = decode_tags(seen.tags[f"muc4.{role}"], (role,), bias=self.settings["muc4_tags"])
            spans = [Candidate(first, last, ROLE_TYPES[role]) for first, last, _, _ in found]
            scores = sigmoid(self.network.unary("muc4", seen.hidden, spans))
            best: dict[str, Filler] = {}
            for row, item in enumerate(spans):
                span = seen.words.span(item.first, item.last)
                text = seen.words.text[span.start : span.end]
                filler = Filler(role, _key(text), text, span.start, item, found[row][3], float(scores[row, index]))
                known = best.get(filler.key)
                if filler.key and (known is None or filler.probability(0.5) > known.probability(0.5)):
                    best[filler.key] = filler
            out += best.values()
        items = [filler.item for filler in out]
        same = self.network.pairs("muc4_same", seen.hidden, seen.words, items, items)[:, :, 0]
        return FillerView(self.network.gate(seen.hidden), out, sigmoid((same + same.T) * np.float32(0.5)))

    def fillers(self, view: FillerView) -> dict[str, list[Filler]]:
        """Return the fillers of each role, one mention for each entity."""
        out: dict[str, list[Filler]] = {role: [] for role in MUC4_ROLES}
        if view.gate < self.settings["muc4_gate"]:
            return out
        mix = self.settings["muc4_mix"]
        order = sorted(range(len(view.fillers)), key=lambda row: (-view.fillers[row].probability(mix), row))
        taken: list[int] = []
        for row in order:
            filler = view.fillers[row]
            if filler.probability(mix) < self.settings[f"muc4_{filler.role}"]:
                continue
            rivals = [other for other in taken if view.fillers[other].role == filler.role]
            if any(
                view.same[row, other] > self.settings["muc4_same"] or _within(filler.key, view.fillers[other].key)
                for other in rivals
            ):
                continue
            taken.append(row)
            out[filler.role].append(filler)
        return out

    def attributions(self, seen: Seen) -> list[tuple[Span, Span | None]]:
        """Return who says what: the words of each cue and of its source."""
        if not seen.tags:
            return []
        cues, sources = (
            [
                Candidate(first, last, kind)
                for first, last, _, _ in decode_tags(
                    seen.tags[layer], PUBLIC_LAYERS[layer], bias=self.settings[setting]
                )
            ]
            for layer, kind, setting in (
                ("attribution.cue", "Cue", "cues"),
                ("attribution.source", "Speaker", "sources"),
            )
        )
        scores = self.network.pairs("attribution", seen.hidden, seen.words, cues, sources)[:, :, 0]
        null = self.network.null("attribution") + self.settings["no_source"]
        out: list[tuple[Span, Span | None]] = []
        for row, cue in enumerate(cues):
            best = int(scores[row].argmax()) if sources else -1
            source = sources[best] if best >= 0 and scores[row, best] > null else None
            out.append(
                (
                    seen.words.span(cue.first, cue.last),
                    seen.words.span(source.first, source.last) if source is not None else None,
                )
            )
        return out


def _within(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def _key(text: str) -> str:
    """Return the words as MUC-4's scorer compares them."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(str.maketrans("", "", string.punctuation))).split())


def make_reader(folder: Path | None = None) -> PublicReader:
    """Return a reader that runs the shipped model, or the one in the folder."""
    network = Network(folder if folder is not None else MODEL)
    return PublicReader(network, Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite")))
