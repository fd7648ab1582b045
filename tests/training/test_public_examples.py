"""Examples from public sets: what is tagged, and that drawing them is a function of the seed."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers

from incidentgraph import resources
from incidentgraph.evaluation import muc4, re3d
from incidentgraph.extract.model import MODEL
from incidentgraph.extract.network import decode_tags, log_softmax
from incidentgraph.extract.network_labels import PUBLIC_LAYERS
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.training.public_gum import read_attributions
from incidentgraph.training.public_sets import (
    BATCH,
    PublicExample,
    PublicSet,
    PublicSets,
    alike,
    attribution_example,
    entity_example,
    filler_example,
    read_public_sets,
)


@pytest.fixture(scope="module")
def tools() -> tuple[Any, Gazetteer]:
    tokenizer = tokenizers.Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    return tokenizer, Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))


def _spelled(example: PublicExample, layer: str) -> list[tuple[str, str]]:
    """Return the words and label of each tagged span."""

    tags = example.tags[layer]
    scores = np.full((len(tags), 2 * len(PUBLIC_LAYERS[layer]) + 1), -9.0, dtype=np.float32)
    scores[np.arange(len(tags)), tags] = 9
    out = []
    for first, last, label, _ in decode_tags(log_softmax(scores), PUBLIC_LAYERS[layer]):
        span = example.words.span(first, last)
        out.append((example.words.text[span.start : span.end], label))
    return out


def test_entities_are_tagged_over_the_words_of_their_tokens(tools: tuple[Any, Gazetteer]) -> None:
    sentence = re3d.Sentence(
        ("Al-Nusra", "took", "Deir", "ez-Zor", "."),
        ("B-Organisation", "O", "B-Location", "I-Location", "O"),
    )
    assert _spelled(entity_example(sentence, *tools), "re3d") == [
        ("Al-Nusra", "Organisation"),
        ("Deir ez-Zor", "Location"),
    ]


def test_a_filler_is_tagged_wherever_it_stands(tools: tuple[Any, Gazetteer]) -> None:
    text = "a bomb exploded. the bomb killed two priests. bombings go on."
    fillers = {role: [] for role in muc4.ROLES} | {"Weapon": [("bomb",)], "Victim": [("two priests", "priests")]}
    example = filler_example(muc4.Document("A", text, fillers), *tools)
    assert _spelled(example, "muc4.Weapon") == [("bomb", "Weapon"), ("bomb", "Weapon")]
    assert _spelled(example, "muc4.Victim") == [("two priests", "Victim")]
    assert example.fillers is not None
    assert [(item.text, len(item.spans)) for item in example.fillers] == [
        ("two priests", 1),
        ("priests", 1),
        ("bomb", 2),
    ]
    assert len({item.entity for item in example.fillers}) == 2


_CONLLU = """# newpar
1	Ali	_	_	_	_	_	_	_	_
2	said	_	_	_	_	_	_	_	_
3-4	don't	_	_	_	_	_	_	_	_
3	do	_	_	_	_	_	_	_	_
4	n't	_	_	_	_	_	_	_	_
5	go	_	_	_	_	_	_	_	SpaceAfter=No
6	.	_	_	_	_	_	_	_	_
"""
_RSD = "1\tAli said\t0\t_\t_\t_\t2\tattribution-positive_r\t_\tlexical-indicative_word-2-_;semantic-attribution_source-1-_\n"


def test_attributions_are_read_from_rhetorical_structure(tmp_path: Path, tools: tuple[Any, Gazetteer]) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "rst_train").mkdir()
    (tmp_path / "train" / "GUM_news_a.conllu").write_text(_CONLLU, encoding="utf-8")
    (tmp_path / "rst_train" / "GUM_news_a.rsd").write_text(_RSD, encoding="utf-8")
    (document,) = read_attributions(tmp_path, "train")
    assert document.text.strip() == "Ali said don't go."
    example = attribution_example(document, *tools)
    assert _spelled(example, "attribution.cue") == [("said", "Cue")]
    assert _spelled(example, "attribution.source") == [("Ali", "Source")]
    ((cue, source),) = example.sources
    assert source is not None
    assert (cue.first, source.first) == (1, 0)


def test_a_folder_gives_the_sets_it_has(tmp_path: Path, tools: tuple[Any, Gazetteer]) -> None:
    (tmp_path / "re3d").mkdir()
    for part in ("train", "dev"):
        (tmp_path / "re3d" / f"bio_{part}.txt").write_text("Hama\tB-Location\n", encoding="utf-8")
    sizes = {own.name: len(own) for own in read_public_sets(tmp_path, *tools)}
    assert sizes == {"re3d": 1, "muc4": 0, "gum": 0}
    assert len(read_public_sets(tmp_path, *tools, whole=["re3d"])[0]) == 2
    assert "re3d" not in {own.name for own in read_public_sets(tmp_path, *tools, without=["re3d"])}


def _sets(tools: tuple[Any, Gazetteer], seed: int = 3) -> PublicSets:
    sentences = [re3d.Sentence(("Hama",) * (1 + number), ("O",) * (1 + number)) for number in range(10)]
    makers = [lambda item=item: entity_example(item, *tools) for item in sentences]
    return PublicSets([PublicSet("re3d", makers)], seed=seed)


def _drawn(sets: PublicSets, epochs: range) -> list[int]:
    return [len(item.words) for epoch in epochs for _, batch in sets.epoch(epoch, 10) for item in batch]


def test_every_example_is_met_equally_often(tools: tuple[Any, Gazetteer]) -> None:
    sets = _sets(tools)
    per_epoch = sets.batches(10) * BATCH["re3d"]
    counts = Counter(_drawn(sets, range(5)))
    assert sum(counts.values()) == 5 * per_epoch
    assert max(counts.values()) - min(counts.values()) <= 1


def test_a_run_taken_up_again_draws_what_it_would_have_drawn(tools: tuple[Any, Gazetteer]) -> None:
    assert _drawn(_sets(tools), range(4))[-10:] == _drawn(_sets(tools), range(3, 4))[-10:]
    assert _drawn(_sets(tools), range(2)) != _drawn(_sets(tools, seed=4), range(2))


def test_batches_hold_items_of_like_length() -> None:
    batches = alike(list("abcdefgh"), [1, 9, 2, 8, 3, 7, 4, 6], 2, random.Random(1))  # noqa: S311 - order only
    assert {frozenset(batch) for batch in batches} == {
        frozenset("ac"),
        frozenset("eg"),
        frozenset("hf"),
        frozenset("db"),
    }
