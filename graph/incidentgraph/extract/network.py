"""One article's words in, the trained network's view of it out: a vector for each, and scores for spans and pairs.

The encoder runs in onnxruntime; everything on top of it is small enough for numpy. Nothing here knows what an attack is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incidentgraph.errors import ResourceError
from incidentgraph.extract.network_labels import CANDIDATE_TYPES, FAMILIES, FEATURES, PUBLIC_LAYERS, Candidate
from incidentgraph.extract.network_words import Ints, Words, kept, windows

Floats = NDArray[np.float32]


def distance_buckets(words: Words, left: Sequence[Candidate], right: Sequence[Candidate]) -> tuple[Ints, Ints]:
    """Return, for each pair, the bucket of the words between and of the sentences between."""
    first = np.array([item.first for item in left])[:, None]
    second = np.array([item.first for item in right])[None, :]
    gap = second - first
    size = np.minimum(np.floor(np.log2(np.abs(gap) + 1)), 8).astype(np.int64)
    near = np.where(gap < 0, 8 - size, 8 + size)
    lines = words.sentence[second] - words.sentence[first]
    far = np.clip(lines, -8, 8) + 8
    return near, far.astype(np.int64)


class Network:
    """The shipped network: encoder, tag layers, and scorers of spans and pairs."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self._folder = folder
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ResourceError(
                "the trained extractor needs onnxruntime and tokenizers, which cannot be loaded here"
                f" ({error}): reinstall incidentgraph, or use --extractor rules"
            ) from error
        self.card = _card(folder)
        self.name = f"model-{self.card['version']}"
        files = {name: folder / name for name in self.card["files"]}
        for name, file in files.items():
            _verify(file, self.card["files"][name])
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads:  # else as many as there are cores
            options.intra_op_num_threads = threads
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / self.card["encoder"]), options, providers=["CPUExecutionProvider"]
            )
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            with np.load(folder / self.card["heads"], allow_pickle=False) as stored:
                self.weights: dict[str, Floats] = {name: stored[name].astype(np.float32) for name in stored.files}
        except Exception as error:  # the libraries raise their own, undocumented types
            raise ResourceError(f"the model in {folder} is damaged ({error}): reinstall incidentgraph") from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._first, self._last = (
            np.array([self.tokenizer.token_to_id(token)], dtype=np.int64) for token in ("[CLS]", "[SEP]")
        )

    def __reduce__(self) -> tuple[partial[Network], tuple[Path]]:
        return (partial(Network, threads=1), (self._folder,))  # a copy in another process: one core each

    def encode(self, words: Words) -> Floats:
        """Return one vector for each word."""
        spans = windows(words)
        pieces = np.zeros((len(words.pieces), self.weights["tags.weight"].shape[1]), dtype=np.float32)
        for (start, end), (low, high) in zip(spans, kept(spans), strict=True):
            ids = np.concatenate((self._first, words.pieces[start:end], self._last))[None]
            features = np.zeros((1, end - start + 2, len(FEATURES)), dtype=np.int64)
            features[0, 1:-1] = words.features[words.owner[start:end]]
            hidden = self._session.run(None, {"ids": ids, "features": features})[0][0]
            pieces[low:high] = hidden[1 + low - start : 1 + high - start]
        sums = np.zeros((len(words), pieces.shape[1]), dtype=np.float32)
        np.add.at(sums, words.owner, pieces)
        counts = np.bincount(words.owner, minlength=len(words)).astype(np.float32)
        out: Floats = sums / counts[:, None]
        return out

    def tags(self, hidden: Floats) -> dict[str, Floats]:
        """Return the log-probabilities of the tags of each family."""
        return self._layers("tags", FAMILIES, hidden)

    def public_tags(self, hidden: Floats) -> dict[str, Floats]:
        """Return the log-probabilities of the tags of each layer of the public sets."""
        return self._layers("public", PUBLIC_LAYERS, hidden)

    def gate(self, hidden: Floats) -> float:
        """Return the probability that a MUC-4 document has any filler."""
        return self._whole("gate", hidden)

    def _layers(self, name: str, layers: Mapping[str, Sequence[str]], hidden: Floats) -> dict[str, Floats]:
        scores = hidden @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        out = {}
        at = 0
        for layer, labels in layers.items():
            size = 2 * len(labels) + 1
            out[layer] = log_softmax(scores[:, at : at + size])
            at += size
        return out

    def unary(self, name: str, hidden: Floats, spans: Sequence[Candidate]) -> Floats:
        """Return the scores of single spans."""
        inner = np.maximum(
            self._ends(hidden, spans) @ self._w(f"unary.{name}.0") + self.weights[f"unary.{name}.0.bias"], 0
        )
        out: Floats = inner @ self._w(f"unary.{name}.2") + self.weights[f"unary.{name}.2.bias"]
        return out

    def pairs(
        self, name: str, hidden: Floats, words: Words, left: Sequence[Candidate], right: Sequence[Candidate]
    ) -> Floats:
        """Return the scores of every pair: left x right x outputs."""
        outputs = len(self.weights[f"pair.{name}.out.bias"])
        if not left or not right:
            return np.zeros((len(left), len(right), outputs), dtype=np.float32)
        one = self._ends(hidden, left) @ self._w(f"pair.{name}.left") + self.weights[f"pair.{name}.left.bias"]
        two = self._ends(hidden, right) @ self._w(f"pair.{name}.right")
        kinds = self.weights[f"pair.{name}.kind.weight"]
        one = one + kinds[[CANDIDATE_TYPES.index(item.type) for item in left]]
        two = two + kinds[[len(CANDIDATE_TYPES) + CANDIDATE_TYPES.index(item.type) for item in right]]
        near, far = distance_buckets(words, left, right)
        out = np.empty((len(left), len(right), outputs), dtype=np.float32)
        for row in range(len(left)):  # one row at a time keeps the memory of a long article small
            inner = one[row][None] + two + np.tanh(one[row][None]) * two
            inner = inner + self.weights[f"pair.{name}.near.weight"][near[row]]
            inner = inner + self.weights[f"pair.{name}.far.weight"][far[row]]
            out[row] = np.maximum(inner, 0) @ self._w(f"pair.{name}.out") + self.weights[f"pair.{name}.out.bias"]
        return out

    def article(self, hidden: Floats) -> float:
        """Return the probability that the article tells of any attack."""
        return self._whole("article", hidden)

    def _whole(self, name: str, hidden: Floats) -> float:
        if f"{name}.weight" not in self.weights or not len(hidden):
            return 1.0
        pooled = np.concatenate((hidden.max(axis=0), hidden.mean(axis=0)))[None]
        return float(sigmoid(pooled @ self._w(name) + self.weights[f"{name}.bias"])[0, 0])

    @property
    def knows_public_sets(self) -> bool:
        """Tell whether the file has weights for the public sets' labels."""
        return "public.weight" in self.weights

    def knows(self, name: str) -> bool:
        """Tell whether the file has weights for this scorer of spans."""
        return f"unary.{name}.0.weight" in self.weights

    def null(self, name: str) -> float:
        """Return the score of "none of them" for a choice among pairs."""
        return float(self.weights[f"null.{name}"][0])

    def _w(self, name: str) -> Floats:
        weight: Floats = self.weights[f"{name}.weight"].T
        return weight

    @staticmethod
    def _ends(hidden: Floats, spans: Sequence[Candidate]) -> Floats:
        if not spans:
            return np.zeros((0, 2 * hidden.shape[1]), dtype=np.float32)
        out: Floats = np.concatenate(
            (hidden[[item.first for item in spans]], hidden[[item.last for item in spans]]), axis=1
        )
        return out


def log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    out: Floats = (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))).astype(np.float32)
    return out


def sigmoid(scores: Floats) -> Floats:
    out: Floats = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
    return out


def decode_tags(scores: Floats, labels: Sequence[str], *, bias: float = 0.0) -> list[tuple[int, int, str, float]]:
    """Return the spans of the best tag sequence in which I only follows B or I of its label (Viterbi 1967).

    `bias` is taken from O: more than 0 finds more spans. The last value is the mean probability of the tags.
    """
    count, tags = scores.shape
    if not count:
        return []
    scores = scores.copy()
    scores[:, 0] -= bias
    allowed = np.zeros((tags, tags), dtype=np.float32)
    for label in range(len(labels)):
        inside = 2 * label + 2
        allowed[:, inside] = -1e4
        allowed[[inside - 1, inside], inside] = 0
    best = scores[0].copy()
    best[2::2] = -1e4
    back = np.zeros((count, tags), dtype=np.int64)
    for index in range(1, count):
        total = best[:, None] + allowed
        back[index] = total.argmax(axis=0)
        best = total.max(axis=0) + scores[index]
    path = [int(best.argmax())]
    for index in range(count - 1, 0, -1):
        path.append(int(back[index][path[-1]]))
    path.reverse()
    out: list[tuple[int, int, str, float]] = []
    start = -1
    for index, tag in enumerate([*path, 0]):
        if start >= 0 and (tag == 0 or tag % 2 == 1):
            mean = float(np.exp(scores[np.arange(start, index), path[start:index]]).mean())
            out.append((start, index - 1, labels[(path[start] - 1) // 2], mean))
            start = -1
        if tag % 2 == 1:
            start = index
    return out


def _card(folder: Path) -> dict[str, Any]:
    file = folder / "model.json"
    try:
        card = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(card, dict) or not {"encoder", "heads", "files", "version"} <= card.keys():
            raise ValueError("not a model description")
    except FileNotFoundError as error:
        raise ResourceError(f"{file} is missing: reinstall incidentgraph, or use --extractor rules") from error
    except (OSError, ValueError) as error:
        raise ResourceError(
            f"{file} is damaged ({error}): reinstall incidentgraph, or use --extractor rules"
        ) from error
    return card


def _verify(file: Path, expected: str) -> None:
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ResourceError(f"{file} is missing: reinstall incidentgraph, or use --extractor rules") from error
    if found != expected:
        raise ResourceError(
            f"{file} is damaged (its checksum is not the one in model.json): reinstall incidentgraph,"
            " or use --extractor rules"
        )
