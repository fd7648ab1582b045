"""The network as torch trains it: the encoder with word features, the tag layers, and scorers of spans and pairs.

Names of parameters are those that `extract/network.py` looks up in the shipped file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from incidentgraph.extract.network import distance_buckets
from incidentgraph.extract.network_labels import (
    CANDIDATE_TYPES,
    DISTANCES,
    FAMILIES,
    FEATURES,
    PAIRS,
    PUBLIC_LAYERS,
    PUBLIC_PAIRS,
    PUBLIC_UNARY,
    UNARY,
    Candidate,
)
from incidentgraph.extract.network_words import Words

INNER = 128


class Layer(nn.Module):
    """One transformer layer of BERT (post-norm)."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.mix = (nn.Linear(size, size) for _ in range(4))
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norm1, self.norm2 = nn.LayerNorm(size, eps=1e-12), nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, size = hidden.shape

        def split(values: Tensor) -> Tensor:
            return values.view(batch, length, self.heads, size // self.heads).transpose(1, 2)

        query, key, value = split(self.query(hidden)), split(self.key(hidden)), split(self.value(hidden))
        context = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        context = context.transpose(1, 2).reshape(batch, length, size)
        hidden = self.norm1(hidden + self.dropout(self.mix(context)))
        out: Tensor = self.norm2(hidden + self.dropout(self.down(functional.gelu(self.up(hidden)))))
        return out


class Encoder(nn.Module):
    """MiniLM with the word features added to its input; at the start they add nothing."""

    def __init__(self, config: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        size = config["hidden_size"]
        self.word = nn.Embedding(config["vocab_size"], size)
        self.position = nn.Embedding(config["max_position_embeddings"], size)
        self.segment = nn.Parameter(torch.zeros(size))
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.features = nn.ModuleList(nn.Embedding(count, size) for count in FEATURES)
        for table in self.features.parameters():
            nn.init.zeros_(table)
        self.layers = nn.ModuleList(
            Layer(size, config["num_attention_heads"], config["intermediate_size"], dropout)
            for _ in range(config["num_hidden_layers"])
        )

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden: Tensor = self.word(ids) + self.position(places)[None] + self.segment
        for number, table in enumerate(self.features):
            hidden = hidden + table(features[:, :, number])
        hidden = self.dropout(self.norm(hidden))
        for layer in self.layers:
            hidden = layer(hidden, mask)
        return hidden

    def load_pretrained(self, folder: Path) -> None:
        """Take the weights of the pretrained encoder."""
        stored = load_file(folder / "model.safetensors")
        stored = {name.removeprefix("bert."): value for name, value in stored.items()}
        own = self.state_dict()
        own["word.weight"] = stored["embeddings.word_embeddings.weight"]
        own["position.weight"] = stored["embeddings.position_embeddings.weight"]
        own["segment"] = stored["embeddings.token_type_embeddings.weight"][0]
        for part in ("weight", "bias"):
            own[f"norm.{part}"] = stored[f"embeddings.LayerNorm.{part}"]
            for number in range(len(self.layers)):
                there, here = f"encoder.layer.{number}", f"layers.{number}"
                for name, source in (
                    ("query", "attention.self.query"),
                    ("key", "attention.self.key"),
                    ("value", "attention.self.value"),
                    ("mix", "attention.output.dense"),
                    ("norm1", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm2", "output.LayerNorm"),
                ):
                    own[f"{here}.{name}.{part}"] = stored[f"{there}.{source}.{part}"]
        self.load_state_dict(own)


class PairScorer(nn.Module):
    def __init__(self, size: int, outputs: int) -> None:
        super().__init__()
        self.left = nn.Linear(2 * size, INNER)
        self.right = nn.Linear(2 * size, INNER, bias=False)
        self.kind = nn.Embedding(2 * len(CANDIDATE_TYPES), INNER)
        self.near = nn.Embedding(DISTANCES, INNER)
        self.far = nn.Embedding(DISTANCES, INNER)
        for table in (self.kind, self.near, self.far):
            nn.init.normal_(table.weight, std=0.1)
        self.out = nn.Linear(INNER, outputs)
        nn.init.constant_(self.out.bias, -3.0 if outputs > 1 else 0.0)  # most pairs have nothing to do with each other


class Model(nn.Module):
    def __init__(self, config: dict[str, int]) -> None:
        super().__init__()
        size = config["hidden_size"]
        self.encoder = Encoder(config)
        self.tags = nn.Linear(size, sum(2 * len(labels) + 1 for labels in FAMILIES.values()))
        self.unary = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(2 * size, INNER), nn.ReLU(), nn.Linear(INNER, outputs))
                for name, outputs in {**UNARY, **PUBLIC_UNARY}.items()
            }
        )
        pairs = {**PAIRS, **PUBLIC_PAIRS}
        self.pair = nn.ModuleDict({name: PairScorer(size, outputs) for name, outputs in pairs.items()})
        self.null = nn.ParameterDict({name: nn.Parameter(torch.zeros(1)) for name in pairs})
        self.article = nn.Linear(2 * size, 1)
        self.public = nn.Linear(size, sum(2 * len(labels) + 1 for labels in PUBLIC_LAYERS.values()))
        self.gate = nn.Linear(2 * size, 1)
        self.dropout = nn.Dropout(0.2)

    def tag_scores(self, hidden: Tensor) -> dict[str, Tensor]:
        return _split(self.tags(self.dropout(hidden)), FAMILIES)

    def public_scores(self, hidden: Tensor) -> dict[str, Tensor]:
        return _split(self.public(self.dropout(hidden)), PUBLIC_LAYERS)

    def article_score(self, hidden: Tensor, *, gate: bool = False) -> Tensor:
        pooled = torch.cat((hidden.amax(0), hidden.mean(0)))
        score: Tensor = (self.gate if gate else self.article)(self.dropout(pooled))
        return score

    def ends(self, hidden: Tensor, spans: Sequence[Candidate]) -> Tensor:
        first = torch.tensor([item.first for item in spans])
        last = torch.tensor([item.last for item in spans])
        out: Tensor = self.dropout(torch.cat((hidden[first], hidden[last]), dim=-1))
        return out

    def span_scores(self, name: str, hidden: Tensor, spans: Sequence[Candidate]) -> Tensor:
        scores: Tensor = self.unary[name](self.ends(hidden, spans))
        return scores

    def pair_scores(
        self, name: str, hidden: Tensor, words: Words, left: Sequence[Candidate], right: Sequence[Candidate]
    ) -> Tensor:
        scorer = self.pair[name]
        assert isinstance(scorer, PairScorer)  # noqa: S101 - tells mypy what the ModuleDict holds
        kinds = {kind: number for number, kind in enumerate(CANDIDATE_TYPES)}
        one = scorer.left(self.ends(hidden, left)) + scorer.kind(torch.tensor([kinds[item.type] for item in left]))
        two = scorer.right(self.ends(hidden, right)) + scorer.kind(
            torch.tensor([len(kinds) + kinds[item.type] for item in right])
        )
        near, far = distance_buckets(words, left, right)
        inner = one[:, None] + two[None] + torch.tanh(one)[:, None] * two[None]
        inner = inner + scorer.near(torch.from_numpy(near)) + scorer.far(torch.from_numpy(far))
        scores: Tensor = scorer.out(self.dropout(functional.relu(inner)))
        return scores


def _split(scores: Tensor, layers: Mapping[str, Sequence[str]]) -> dict[str, Tensor]:
    sizes = [2 * len(labels) + 1 for labels in layers.values()]
    return dict(zip(layers, scores.split(sizes, dim=-1), strict=True))


def make_model(pretrained: Path) -> Model:
    """Return a model with the pretrained encoder and fresh heads."""
    config = json.loads((pretrained / "config.json").read_text(encoding="utf-8"))
    model = Model(config)
    model.encoder.load_pretrained(pretrained)
    return model
