"""Public corpora in, examples for the layers and scorers of their own on the shared encoder out.

A folder of sets holds `re3d/bio_train.txt`, `muc4/grit_train.jsonl` and `gum/` as described in docs/evaluation.md;
what is not there is not trained. Reading is lazy: words are made when an example is first drawn.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from incidentgraph.evaluation import muc4, re3d
from incidentgraph.extract.network_labels import MUC4_ROLES, PUBLIC_LAYERS, Candidate
from incidentgraph.extract.network_words import Ints, Words, read_words
from incidentgraph.extract.public import ROLE_TYPES, read_tokens
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import Span
from incidentgraph.training.public_gum import Document, read_attributions

Item = TypeVar("Item")

# How the public batches are shared out, and how many examples make a batch.
SHARES = {"muc4": 0.66, "re3d": 0.28, "gum": 0.06}
BATCH = {"muc4": 4, "re3d": 16, "gum": 2}


@dataclass(slots=True)
class Filler:
    """One mention of an entity that fills a role, wherever its words stand in the document."""

    role: int
    entity: int
    text: str
    spans: list[Candidate]


@dataclass(slots=True)
class PublicExample:
    words: Words
    tags: dict[str, Ints]
    fillers: list[Filler] | None = None  # None: not a document of MUC-4
    sources: list[tuple[Candidate, Candidate | None]] = field(default_factory=list)  # of each cue


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set's examples, each made when it is asked for."""

    name: str
    makers: list[Callable[[], PublicExample]]

    def __len__(self) -> int:
        return len(self.makers)


class PublicSets:
    """Batches of the sets; what is drawn depends on the seed and the number of the draw alone."""

    def __init__(self, sets: list[PublicSet], *, seed: int) -> None:
        self.sets = [own for own in sets if len(own)]
        self.seed = seed
        self._made: dict[tuple[str, int], PublicExample] = {}

    def batches(self, wanted: int) -> int:
        """Return how many batches an epoch has where `wanted` come from all sets; one left out is not made up for."""
        return len(self._plan(wanted))

    def _plan(self, wanted: int) -> list[PublicSet]:
        return [own for own in self.sets for _ in range(round(wanted * SHARES[own.name]))]

    def epoch(self, number: int, wanted: int) -> Iterator[tuple[str, list[PublicExample]]]:
        """Yield the batches of an epoch; over the epochs every example of a set is met equally often."""
        rng = random.Random(f"{self.seed} {number}")
        plan = self._plan(wanted)
        batches: dict[str, list[list[PublicExample]]] = {}
        for own in self.sets:
            size, count = BATCH[own.name], plan.count(own)
            drawn = [self._draw(own, number * count * size + place) for place in range(count * size)]
            batches[own.name] = alike(drawn, [len(item.words.pieces) for item in drawn], size, rng)
        rng.shuffle(plan)
        for own in plan:
            yield own.name, batches[own.name].pop()

    def _draw(self, own: PublicSet, number: int) -> PublicExample:
        turn, place = divmod(number, len(own))
        order = list(range(len(own)))
        random.Random(f"{self.seed} {own.name} {turn}").shuffle(order)
        key = (own.name, order[place])
        if key not in self._made:
            self._made[key] = own.makers[order[place]]()
        return self._made[key]


def alike(items: Sequence[Item], lengths: Sequence[int], size: int, rng: random.Random) -> list[list[Item]]:
    """Return batches of items of like length, in random order."""
    out = []
    for at in range(0, len(items), 8 * size):
        chunk = sorted(range(at, min(at + 8 * size, len(items))), key=lambda index: lengths[index])
        out += [[items[index] for index in chunk[start : start + size]] for start in range(0, len(chunk), size)]
    rng.shuffle(out)
    return out


def read_public_sets(
    folder: Path, tokenizer: Any, gazetteer: Gazetteer, *, whole: Sequence[str] = (), without: Sequence[str] = ()
) -> list[PublicSet]:
    """Return the sets of the folder: their train parts, of those in `whole` the dev parts too."""

    def files(name: str, pattern: str) -> list[Path]:
        parts = ("train", "dev") if name in whole else ("train",)
        return [file for part in parts if (file := folder / name / pattern.format(part)).is_file()]

    sentences = [item for file in files("re3d", "bio_{}.txt") for item in re3d.read_sentences(file)]
    documents = [item for file in files("muc4", "grit_{}.jsonl") for item in muc4.read_documents(file)]
    attributed = [
        item
        for part in (("train", "dev") if "gum" in whole else ("train",))
        for item in read_attributions(folder / "gum", part)
    ]
    sets = [
        PublicSet("re3d", [partial(entity_example, item, tokenizer, gazetteer) for item in sentences]),
        PublicSet("muc4", [partial(filler_example, item, tokenizer, gazetteer) for item in documents]),
        PublicSet("gum", [partial(attribution_example, item, tokenizer, gazetteer) for item in attributed]),
    ]
    return [own for own in sets if own.name not in without]


def entity_example(sentence: re3d.Sentence, tokenizer: Any, gazetteer: Gazetteer) -> PublicExample:
    """Return the example of one sentence of re3d."""
    words, spans = read_tokens(sentence.tokens, tokenizer, gazetteer)
    layer = np.zeros(len(words), dtype=np.int64)
    for kind, first, last in re3d.entities_of(sentence.tags):
        _tag(layer, words.cover(Span(start=spans[first].start, end=spans[last].end)), PUBLIC_LAYERS["re3d"].index(kind))
    return PublicExample(words, {"re3d": layer})


def filler_example(document: muc4.Document, tokenizer: Any, gazetteer: Gazetteer) -> PublicExample:
    """Return the example of one document of MUC-4: a filler is tagged wherever its words stand."""
    words = read_words(document.text, tokenizer, gazetteer, published=None)
    tags = {f"muc4.{role}": np.zeros(len(words), dtype=np.int64) for role in MUC4_ROLES}
    fillers = []
    number = 0
    for index, role in enumerate(MUC4_ROLES):
        for entity in document.fillers[role]:
            number += 1
            for mention in sorted(entity, key=len, reverse=True):
                spans = []
                for found in re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", document.text):
                    cover = words.cover(Span(start=found.start(), end=found.end()))
                    _tag(tags[f"muc4.{role}"], cover, 0)
                    if cover is not None:
                        spans.append(Candidate(*cover, ROLE_TYPES[role]))
                if spans:
                    fillers.append(Filler(index, number, muc4.folded(mention), spans))
    return PublicExample(words, tags, fillers)


def attribution_example(document: Document, tokenizer: Any, gazetteer: Gazetteer) -> PublicExample:
    """Return the example of one document of GUM."""
    words = read_words(document.text, tokenizer, gazetteer, published=None)
    tags = {name: np.zeros(len(words), dtype=np.int64) for name in ("attribution.cue", "attribution.source")}
    sources = []
    for cue, source in document.attributions:
        covers = [words.cover(span) if span is not None else None for span in (cue, source)]
        for name, cover in zip(tags, covers, strict=True):
            _tag(tags[name], cover, 0)
        if covers[0] is not None:
            speaker = Candidate(*covers[1], "Speaker") if covers[1] is not None else None
            sources.append((Candidate(*covers[0], "Cue"), speaker))
    return PublicExample(words, tags, sources=sources)


def _tag(layer: Ints, cover: tuple[int, int] | None, label: int) -> None:
    if cover is not None and not layer[cover[0] : cover[1] + 1].any():
        layer[cover[0]] = 2 * label + 1
        layer[cover[0] + 1 : cover[1] + 1] = 2 * label + 2
