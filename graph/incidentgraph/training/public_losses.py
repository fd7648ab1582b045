"""What the network said of a batch of a public set against what it should have said -> numbers to lower, by task."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from incidentgraph.evaluation.muc4 import folded
from incidentgraph.extract.network import decode_tags
from incidentgraph.extract.network_labels import MUC4_ROLES, PUBLIC_LAYERS, Candidate
from incidentgraph.extract.public import ROLE_TYPES
from incidentgraph.training.heads import Model
from incidentgraph.training.losses import choice, pool
from incidentgraph.training.public_sets import BATCH, PublicExample

WEIGHTS = {"muc4": 1.0, "re3d": 2.0, "gum": 0.5}
# The scorers learn from what the tags may say, not only from what they do say.
_BIAS = 2.0  # towards fillers
_SOURCE_BIAS = 1.5


def batch_losses(model: Model, name: str, vectors: list[Tensor], batch: list[PublicExample]) -> dict[str, Tensor]:
    """Return the losses of a batch, by task."""
    out: dict[str, Tensor] = {}
    per = 40 * (4 if name == "re3d" else BATCH[name])  # as an article's tags count in a batch of our own
    for hidden, example in zip(vectors, batch, strict=True):
        scores = model.public_scores(hidden)
        losses = {
            layer: functional.cross_entropy(scores[layer], torch.from_numpy(tags), reduction="sum") / per
            for layer, tags in example.tags.items()
        }
        if example.fillers is not None:
            losses |= {key: loss / BATCH[name] for key, loss in _fillers(model, hidden, example, scores).items()}
        if example.sources:
            losses["attribution"] = _sources(model, hidden, example, scores["attribution.source"]) / BATCH[name]
        for key, loss in losses.items():
            out[key] = out.get(key, torch.zeros(())) + WEIGHTS[name] * loss
    return out


def _fillers(model: Model, hidden: Tensor, example: PublicExample, scores: dict[str, Tensor]) -> dict[str, Tensor]:
    fillers = example.fillers or []
    has = torch.tensor([float(bool(fillers))])
    out = {"muc4.gate": functional.binary_cross_entropy_with_logits(model.article_score(hidden, gate=True), has)}
    wanted: dict[str, set[int]] = {}
    items: dict[tuple[int, int], tuple[Candidate, str]] = {}
    for filler in fillers:
        wanted.setdefault(filler.text, set()).add(filler.role)
        for item in filler.spans:
            items[item.first, item.last] = (item, filler.text)
    for role in MUC4_ROLES:
        said = scores[f"muc4.{role}"].detach().log_softmax(-1).numpy().astype(np.float32)
        for first, last, _, _ in decode_tags(said, (role,), bias=_BIAS):
            span = example.words.span(first, last)
            text = folded(example.words.text[span.start : span.end])
            items.setdefault((first, last), (Candidate(first, last, ROLE_TYPES[role]), text))
    if items:
        spans = [item for item, _ in items.values()]
        keys = list(dict.fromkeys(text for _, text in items.values()))
        owner = torch.tensor([keys.index(text) for _, text in items.values()])
        pooled = pool(model.span_scores("muc4", hidden, spans)[None], owner, len(keys))
        gold = torch.zeros(len(keys), len(MUC4_ROLES))
        for row, key in enumerate(keys):
            gold[row, sorted(wanted.get(key, ()))] = 1
        loss = functional.binary_cross_entropy_with_logits(pooled, gold, reduction="sum")
        out["muc4.role"] = loss / (gold.sum() + 1 + len(keys) / 4)
    firsts = [filler.spans[0] for filler in fillers]
    if len(firsts) > 1:
        same = model.pair_scores("muc4_same", hidden, example.words, firsts, firsts)[:, :, 0]
        roles = torch.tensor([filler.role for filler in fillers])
        owners = torch.tensor([filler.entity for filler in fillers])
        pairs = torch.triu_indices(len(firsts), len(firsts), 1)
        pairs = pairs[:, roles[pairs[0]] == roles[pairs[1]]]
        if pairs.shape[1]:
            both = (same + same.T)[pairs[0], pairs[1]] / 2
            out["muc4.same"] = functional.binary_cross_entropy_with_logits(
                both, (owners[pairs[0]] == owners[pairs[1]]).float()
            )
    return out


def _sources(model: Model, hidden: Tensor, example: PublicExample, scores: Tensor) -> Tensor:
    speakers = list(dict.fromkeys(source for _, source in example.sources if source is not None))
    taken = {position for item in speakers for position in range(item.first, item.last + 1)}
    said = scores.detach().log_softmax(-1).numpy().astype(np.float32)
    for first, last, _, _ in decode_tags(said, PUBLIC_LAYERS["attribution.source"], bias=_SOURCE_BIAS):
        if not taken.intersection(range(first, last + 1)):
            speakers.append(Candidate(first, last, "Speaker"))
    if not speakers:
        return torch.zeros(())
    cues = [cue for cue, _ in example.sources]
    pairs = model.pair_scores("attribution", hidden, example.words, cues, speakers)[:, :, 0]
    losses = [
        choice(pairs[row], model.null["attribution"], torch.tensor([item == source for item in speakers]))
        for row, (_, source) in enumerate(example.sources)
    ]
    return torch.stack(losses).mean()
