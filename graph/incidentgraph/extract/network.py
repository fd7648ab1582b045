"""One article in, the trained network's view of it out: words, a vector for each, and scores for spans and pairs.

The encoder runs in onnxruntime; everything on top of it is small enough for numpy. Nothing here knows what an attack is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incidentgraph import lexicon
from incidentgraph.errors import ResourceError
from incidentgraph.extract.dates import FoundDate, find_dates
from incidentgraph.extract.entities import EntityTable, find_entities
from incidentgraph.extract.nlp import split_sentences
from incidentgraph.extract.numbers import CARDINAL
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import AttackKind, AttackRole, AttackStatus, ClaimKind, EntityType, GroupKind, Harm, Span
from incidentgraph.records import PerpetratorStatus as Blame

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# What is tagged: one B/I/O layer for each family, since phrases of different families overlap.
FAMILIES: dict[str, tuple[str, ...]] = {
    "name": ("Person", "Group", "Location"),
    "weapon": ("Weapon",),
    "party": ("Party",),
    "nominal": ("Nominal",),
    "figure": tuple(harm.value for harm in Harm),
    "trigger": ("Trigger",),
    "cue": ("Cue",),
    "speaker": ("Speaker",),
}
CANDIDATE_TYPES = (
    *("Person", "Group", "Location", "Weapon", "Party", "Nominal", "Speaker", "Date"),
    *(harm.value for harm in Harm),
    *("Trigger", "Cue"),
)
ROLES = ("perpetrator", "target", "victim", "location", "date", "weapon", "figure", "figure_attacker")
BLAMES = tuple(status.value for status in Blame)
KINDS = tuple(kind.value for kind in AttackKind)
STATUSES = tuple(status.value for status in AttackStatus)
ATTACK_ROLES = tuple(role.value for role in AttackRole)
CLAIM_KINDS = tuple(kind.value for kind in ClaimKind)
GROUP_KINDS = tuple(kind.value for kind in GroupKind)
PREDICATES = (
    *("memberOf", "leaderOf", "officialOf", "spokespersonOf", "founderOf", "formerLeaderOf", "formerMemberOf"),
    *("formerOfficialOf", "partOf", "affiliateOf", "alliedWith", "opponentOf", "splitFrom"),
)
# Scores of one span, and of two: name -> number of outputs.
UNARY = {
    "kind": len(KINDS),
    "status": len(STATUSES),
    "role": len(ATTACK_ROLES),
    "claim": len(CLAIM_KINDS),
    "group": len(GROUP_KINDS),
}
PAIRS = {
    "argument": len(ROLES) + len(BLAMES),
    "same": 1,
    "speaker": 1,
    "about": 1,
    "antecedent": 1,
    "relation": len(PREDICATES),
}
FEATURES = (7, 7, 3, 2, 2, 2, 6, 3, 2, 2)  # how many values each word feature has
WINDOW, OVERLAP = 512, 96  # word pieces
DISTANCES = 17  # buckets of words between two spans, and of sentences
_MAX_WORDS = 60_000  # beyond this an article is a dump, and only its beginning is read
_QUOTES = {"“": 1, "”": -1, "«": 1, "»": -1}
_NUMBER = re.compile(rf"(?ix)(?<![\w-])(?:{CARDINAL}|dozens|scores|hundreds|several|both)(?![\w])")


@dataclass(frozen=True, slots=True)
class Words:
    """An article cut into words (as the tokenizer's: punctuation stands alone), with what rules know of each."""

    text: str
    starts: Ints
    ends: Ints
    pieces: Ints  # ids of the word pieces
    owner: Ints  # the word of each piece
    sentence: Ints  # the sentence of each word
    features: Ints  # word x feature
    sentences: tuple[Span, ...]
    table: EntityTable  # what the rules take for names
    dates: tuple[FoundDate, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, first: int, last: int) -> Span:
        return Span(start=int(self.starts[first]), end=int(self.ends[last]))

    def cover(self, span: Span) -> tuple[int, int] | None:
        """Return the first and last word that share characters with the span; None if none does."""
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        last = int(np.searchsorted(self.starts, span.end, side="left")) - 1
        return (first, last) if first <= last < len(self) else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may play a part; `first` and `last` are word numbers."""

    first: int
    last: int
    type: str


@cache
def _trigger_pattern() -> tuple[re.Pattern[str], dict[str, bool]]:
    weak: dict[str, bool] = {}
    for word in lexicon.triggers():
        weak[word.form] = weak.get(word.form, True) and word.is_weak
    return _alternatives(weak), weak


@cache
def _party_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    return _alternatives(lexicon.parties()), lexicon.parties()


@cache
def _word_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _alternatives(lexicon.weapons()), _alternatives(lexicon.claim_verbs())


def _alternatives(forms: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w])", re.IGNORECASE)


def trigger_words(text: str) -> list[Span]:
    """Return where the lexicon's words for attacks stand."""
    return [Span(start=match.start(), end=match.end()) for match in _trigger_pattern()[0].finditer(text)]


def read_words(text: str, tokenizer: Any, gazetteer: Gazetteer, *, published: str | None) -> Words:
    """Return the words of an article with their features."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    starts: list[int] = []
    ends: list[int] = []
    owner: list[int] = []
    pieces: list[int] = []
    last = None
    for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
        if word != last:
            if len(starts) == _MAX_WORDS:
                break
            starts.append(start)
            ends.append(end)
            last = word
        ends[-1] = max(ends[-1], end)
        owner.append(len(starts) - 1)
        pieces.append(piece)
    first, final = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    sentences = tuple(split_sentences(text))
    sentence = np.zeros(len(first), dtype=np.int64)
    if sentences:
        begins = np.array([span.start for span in sentences])
        sentence = np.maximum(np.searchsorted(begins, first, side="right") - 1, 0)
    table = find_entities(text, list(sentences), gazetteer)
    dates = tuple(find_dates(text, published=published))
    return Words(
        text=text,
        starts=first,
        ends=final,
        pieces=np.array(pieces, dtype=np.int64),
        owner=np.array(owner, dtype=np.int64),
        sentence=sentence,
        features=_features(text, first, final, sentence, table, dates),
        sentences=sentences,
        table=table,
        dates=dates,
    )


def _features(
    text: str, starts: Ints, ends: Ints, sentence: Ints, table: EntityTable, dates: Sequence[FoundDate]
) -> Ints:
    out = np.zeros((len(starts), len(FEATURES)), dtype=np.int64)

    def mark(column: int, start: int, end: int, value: int, inside: int | None = None) -> None:
        first = int(np.searchsorted(ends, start, side="right"))
        last = int(np.searchsorted(starts, end, side="left"))
        out[first:last, column] = value if inside is None else inside
        out[first : first + 1, column] = value

    names = {EntityType.PERSON: 1, EntityType.GROUP: 3, EntityType.LOCATION: 5}
    for mention in table.mentions:
        if mention.type in names:
            mark(0, mention.start, mention.end, names[mention.type], names[mention.type] + 1)
    pattern, weak = _trigger_pattern()
    for match in pattern.finditer(text):
        mark(2, match.start(), match.end(), 2 if weak.get(match.group().lower()) else 1)
    for found in dates:
        mark(3, found.span.start, found.span.end, 1)
    for match in _NUMBER.finditer(text):
        mark(4, match.start(), match.end(), 1)
    party, sides = _party_pattern()
    for match in party.finditer(text):
        mark(7, match.start(), match.end(), 1 if sides.get(match.group().lower()) == "attacker" else 2)
    for column, words in zip((8, 9), _word_patterns(), strict=True):
        for match in words.finditer(text):
            mark(column, match.start(), match.end(), 1)
    quoted = False
    for index, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        word = text[start:end]
        out[index, 1] = _shape(word)
        if word == '"':
            quoted = not quoted
        elif word in _QUOTES:
            quoted = _QUOTES[word] > 0
        if "\n" in text[int(ends[index - 1]) if index else 0 : start]:
            quoted = word in {"“", '"', "«"}
        out[index, 5] = quoted
    out[:, 6] = np.searchsorted(np.array([1, 2, 4, 8, 14]), sentence, side="right")
    return out


def _shape(word: str) -> int:
    if word.isdigit():
        return 4
    if not word[:1].isalpha():
        return 5
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 3
    return 1 if word[1:].islower() else 6


def windows(words: Words) -> list[tuple[int, int]]:
    """Return the ranges of pieces that the encoder reads at once, overlapping so that every piece has context."""
    size, total = WINDOW - 2, len(words.pieces)
    out = [(0, min(size, total))]
    while out[-1][1] < total:
        start = out[-1][1] - OVERLAP
        out.append((start, min(start + size, total)))
    return out


def kept(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return which pieces of each window count, so that each is taken where it has most context."""
    out = []
    for index, (start, end) in enumerate(spans):
        low = start if index == 0 else (spans[index - 1][1] + start) // 2
        high = end if index + 1 == len(spans) else (end + spans[index + 1][0]) // 2
        out.append((low, high))
    return out


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

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ResourceError(
                "the trained extractor needs onnxruntime and tokenizers: pip install 'incidentgraph[model]',"
                " or use --extractor rules"
            ) from error
        self.card = _card(folder)
        files = {name: folder / name for name in self.card["files"]}
        for name, file in files.items():
            _verify(file, self.card["files"][name])
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        threads = int(self.card.get("threads", 0))
        if threads:
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
        self._cls, self._sep = (self.tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))

    def encode(self, words: Words) -> Floats:
        """Return one vector for each word."""
        spans = windows(words)
        pieces = np.zeros((len(words.pieces), self.weights["tags.weight"].shape[1]), dtype=np.float32)
        for (start, end), (low, high) in zip(spans, kept(spans), strict=True):
            ids = np.concatenate(([self._cls], words.pieces[start:end], [self._sep]))[None]
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
        scores = hidden @ self.weights["tags.weight"].T + self.weights["tags.bias"]
        out = {}
        at = 0
        for family, labels in FAMILIES.items():
            size = 2 * len(labels) + 1
            out[family] = log_softmax(scores[:, at : at + size])
            at += size
        return out

    def unary(self, name: str, hidden: Floats, spans: Sequence[Candidate]) -> Floats:
        """Return the scores of single spans."""
        inner = np.maximum(self._ends(hidden, spans) @ self._w(f"unary.{name}.0") + self.weights[f"unary.{name}.0.bias"], 0)
        out: Floats = inner @ self._w(f"unary.{name}.2") + self.weights[f"unary.{name}.2.bias"]
        return out

    def pairs(
        self, name: str, hidden: Floats, words: Words, left: Sequence[Candidate], right: Sequence[Candidate]
    ) -> Floats:
        """Return the scores of every pair: left x right x outputs."""
        if not left or not right:
            return np.zeros((len(left), len(right), PAIRS[name]), dtype=np.float32)
        one = self._ends(hidden, left) @ self._w(f"pair.{name}.left") + self.weights[f"pair.{name}.left.bias"]
        two = self._ends(hidden, right) @ self._w(f"pair.{name}.right")
        kinds = self.weights[f"pair.{name}.kind.weight"]
        one = one + kinds[[CANDIDATE_TYPES.index(item.type) for item in left]]
        two = two + kinds[[len(CANDIDATE_TYPES) + CANDIDATE_TYPES.index(item.type) for item in right]]
        near, far = distance_buckets(words, left, right)
        out = np.empty((len(left), len(right), PAIRS[name]), dtype=np.float32)
        for row in range(len(left)):  # one row at a time keeps the memory of a long article small
            inner = one[row][None] + two + np.tanh(one[row][None]) * two
            inner = inner + self.weights[f"pair.{name}.near.weight"][near[row]]
            inner = inner + self.weights[f"pair.{name}.far.weight"][far[row]]
            out[row] = np.maximum(inner, 0) @ self._w(f"pair.{name}.out") + self.weights[f"pair.{name}.out.bias"]
        return out

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
    out: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def sigmoid(scores: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
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
        raise ResourceError(f"{file} is damaged ({error}): reinstall incidentgraph, or use --extractor rules") from error
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
