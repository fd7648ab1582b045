"""Annotated articles in, the trained network out.

    python -m incidentgraph.training.train --corpus seeds/annotated --pretrained DIR --out DIR

A run is a function of the corpus, the settings and the seed; it can be stopped and taken up again.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from incidentgraph import resources
from incidentgraph.evaluation.authoring import Gold, GoldError
from incidentgraph.evaluation.gold import gold_files, read_gold
from incidentgraph.evaluation.split import Part, part_of
from incidentgraph.extract.network_labels import FEATURES
from incidentgraph.extract.network_words import OVERLAP, WINDOW, Words, kept
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.training.augment import Augmenter
from incidentgraph.training.examples import Example, build_example
from incidentgraph.training.heads import Model, make_model
from incidentgraph.training.losses import article_losses
from incidentgraph.training.public_losses import batch_losses
from incidentgraph.training.public_sets import SHARES, PublicExample, PublicSets, alike, read_public_sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    epochs: int = 10
    batch: int = 4  # articles
    encoder_rate: float = 2.5e-4
    head_rate: float = 1e-3
    warmup: float = 0.08
    copies: int = 2  # augmented copies of each article, used in turn with the original
    feature_dropout: float = 0.15  # articles whose gazetteer features are hidden
    seed: int = 7
    threads: int = 2
    minutes: float = 0  # stop early after so many, to be taken up again; 0 is never
    within: float = 0  # end within so many minutes, the learning rate falling with the time; 0 is never
    public_share: float = 0.5  # batches of the public sets for each batch of articles, where they are given
    without: tuple[str, ...] = ()  # public sets that are left out
    whole: tuple[str, ...] = ()  # public sets whose dev parts are trained on, too


def read_corpus(folder: Path) -> dict[Part, list[Gold]]:
    """Return the articles of each part; files that cannot be compiled are named and left out."""
    out: dict[Part, list[Gold]] = {part: [] for part in Part}
    for file in gold_files([folder]):
        try:
            gold = read_gold(file)
        except GoldError as error:
            print(f"left out: {error}"[:160], flush=True)
            continue
        out[part_of(gold)].append(gold)
    return out


def _windows(total: int) -> list[tuple[int, int]]:
    """Return as many windows as reading takes, but of one length, so that less of a batch is padding."""
    room = WINDOW - 2
    count = max(1, -(-(total - OVERLAP) // (room - OVERLAP)))
    size = -(-(total + (count - 1) * OVERLAP) // count)
    return [(at * (size - OVERLAP), min(at * (size - OVERLAP) + size, total)) for at in range(count)]


def encode(model: Model, words: Sequence[Words], ends: tuple[int, int], *, hide: Sequence[bool]) -> list[Tensor]:
    """Return a vector for each word of each article; all windows run as one batch."""
    rows: list[tuple[int, int, int]] = []
    for index, article in enumerate(words):
        rows += [(index, start, end) for start, end in _windows(len(article.pieces))]
    length = max(end - start for _, start, end in rows) + 2
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    features = torch.zeros(len(rows), length, len(FEATURES), dtype=torch.long)
    mask = torch.full((len(rows), 1, 1, length), -1e4)
    for row, (index, start, end) in enumerate(rows):
        article = words[index]
        size = end - start
        ids[row, 0], ids[row, size + 1] = ends
        ids[row, 1 : size + 1] = torch.from_numpy(article.pieces[start:end])
        seen = article.features[article.owner[start:end]]
        if hide[index]:
            seen = seen.copy()
            seen[:, [0, 2, 7, 8, 9]] = 0
        features[row, 1 : size + 1] = torch.from_numpy(seen)
        mask[row, 0, 0, : size + 2] = 0
    hidden = model.encoder(ids, features, mask)
    out = []
    for index, article in enumerate(words):
        spans = [(start, end) for at, start, end in rows if at == index]
        first = next(row for row, (at, _, _) in enumerate(rows) if at == index)
        pieces = torch.cat(
            [
                hidden[first + row, 1 + low - start : 1 + high - start]
                for row, ((start, _), (low, high)) in enumerate(zip(spans, kept(spans), strict=True))
            ]
        )
        owner = torch.from_numpy(article.owner)
        sums = torch.zeros(len(article), pieces.shape[1]).index_add(0, owner, pieces)
        out.append(sums / torch.bincount(owner, minlength=len(article))[:, None])
    return out


def train(
    corpus: Path,
    out: Path,
    pretrained: Path,
    settings: Settings,
    *,
    start: Path | None = None,
    public: Path | None = None,
    everything: bool = False,
) -> Path:
    """Train on the corpus's train part (`everything`: dev too) and the public sets; return the weights' file."""
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(pretrained / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ends = (int(tokenizer.token_to_id("[CLS]") or 0), int(tokenizer.token_to_id("[SEP]") or 0))
    gazetteer = Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))
    parts = read_corpus(corpus)
    golds = parts[Part.TRAIN] + (parts[Part.DEV] if everything else [])
    print({part.value: len(items) for part, items in parts.items()}, flush=True)
    augmenter = Augmenter(parts[Part.TRAIN], seed=settings.seed)
    began = time.time()
    variants: list[list[Example]] = []
    for gold in golds:
        own = [build_example(gold, tokenizer, gazetteer)]
        for copy in range(settings.copies):
            try:
                own.append(build_example(augmenter.swap(gold, copy), tokenizer, gazetteer))
            except (GoldError, ValueError) as error:
                print(f"no copy of {gold.path.name}: {error}"[:160])
        variants.append(own)
    print(f"examples after {time.time() - began:.0f} s", flush=True)
    sets = []
    if public is not None:
        sets = read_public_sets(public, tokenizer, gazetteer, whole=settings.whole, without=settings.without)
        print({own.name: len(own) for own in sets}, flush=True)
    others = PublicSets(sets, seed=settings.seed)
    own_batches = -(-len(golds) // settings.batch)
    wanted = round(settings.public_share * own_batches)
    other_batches = others.batches(wanted)
    model = make_model(pretrained)
    if start is not None:
        model.load_state_dict(torch.load(start)["model"], strict=False)  # heads that are new stay fresh
    model.encoder.word.weight.requires_grad_(False)
    encoder = [value for name, value in model.named_parameters() if name.startswith("encoder.") and value.requires_grad]
    heads = [value for name, value in model.named_parameters() if not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": settings.encoder_rate}, {"params": heads, "lr": settings.head_rate}],
        weight_decay=0.01,
    )
    steps = settings.epochs * (own_batches + other_batches)
    warm = max(1, int(settings.warmup * steps))
    done, spent_before, began = 0, 0.0, time.time()

    def passed() -> float:
        """Return the share of the time that is spent."""
        return (spent_before + time.time() - began) / (60 * settings.within) if settings.within else 0.0

    def rate(step: int) -> float:
        left = min((steps - step) / max(1, steps - warm), 1 - passed())
        return min((step + 1) / warm, max(0.02, left))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["epoch"]
        spent_before = state["spent"]
        rng.setstate(state["random"])
        torch.set_rng_state(state["torch"])

    def step(total: Tensor) -> None:
        optimiser.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]  # torch ships no type for it
        torch.nn.utils.clip_grad_norm_([*encoder, *heads], 1.0)
        optimiser.step()
        schedule.step()

    began = time.time()
    for epoch in range(done, settings.epochs if passed() < 1 else done):
        model.train()
        order = list(range(len(golds)))
        rng.shuffle(order)
        sums: dict[str, float] = defaultdict(float)
        plan: list[list[int] | tuple[str, list[PublicExample]]] = [
            *alike(order, [len(variants[index][0].words.pieces) for index in order], settings.batch, rng)
        ]
        for number, other in enumerate(others.epoch(epoch, wanted)):  # spread evenly between our own
            plan.insert(round((number + 0.5) * own_batches / max(1, other_batches)) + number, other)
        for chosen in plan:
            if passed() >= 1:
                break
            if isinstance(chosen, tuple):
                name, examples = chosen
                hide = [rng.random() < settings.feature_dropout for _ in examples]
                vectors = encode(model, [example.words for example in examples], ends, hide=hide)
                total = torch.zeros(())
                for key, loss in batch_losses(model, name, vectors, examples).items():
                    total = total + loss
                    sums[key] += float(loss.detach()) / other_batches
                step(total)
                continue
            batch = []
            for index in chosen:
                own = variants[index]
                # the original in every other epoch, then the copies in turn
                batch.append(own[0] if epoch % 2 == 0 or len(own) == 1 else own[1 + (epoch // 2) % (len(own) - 1)])
            hide = [rng.random() < settings.feature_dropout for _ in batch]
            vectors = encode(model, [example.words for example in batch], ends, hide=hide)
            total = torch.zeros(())
            for example, hidden in zip(batch, vectors, strict=True):
                for name, loss in article_losses(
                    model, hidden, example, own_spans=epoch >= 2 or start is not None
                ).items():
                    total = total + loss / len(batch)
                    sums[name] += float(loss.detach()) / len(golds)
            step(total)
        spent = time.time() - began
        shown = " ".join(f"{name}={value:.2f}" for name, value in sorted(sums.items()))
        print(f"epoch {epoch + 1} {spent:.0f}s total={sum(sums.values()):.2f} {shown}", flush=True)
        state = {
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "epoch": epoch + 1,
            "spent": spent_before + spent,
            "random": rng.getstate(),
            "torch": torch.get_rng_state(),
        }
        torch.save(state, checkpoint)
        if passed() >= 1 or (settings.minutes and spent > 60 * settings.minutes):
            break
    final = out / "model.pt"
    torch.save({"model": model.state_dict(), "settings": asdict(settings)}, final)
    (out / "articles.json").write_text(json.dumps(sorted(gold.path.name for gold in golds)), encoding="utf-8")
    return final


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--pretrained", type=Path, required=True, help="folder with model.safetensors, config.json, tokenizer.json"
    )
    parser.add_argument("--start", type=Path, help="weights to begin with, instead of fresh heads")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--copies", type=int, default=Settings().copies)
    parser.add_argument("--seed", type=int, default=Settings().seed)
    parser.add_argument("--encoder-rate", type=float, default=Settings().encoder_rate)
    parser.add_argument("--head-rate", type=float, default=Settings().head_rate)
    parser.add_argument("--public", type=Path, help="folder with re3d/, muc4/ and gum/")
    parser.add_argument("--public-share", type=float, default=Settings().public_share)
    parser.add_argument("--without", action="append", default=[], choices=sorted(SHARES), help="leave out a public set")
    parser.add_argument(
        "--whole", action="append", default=[], choices=sorted(SHARES), help="train on this set's dev part, too"
    )
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--everything", action="store_true", help="train on the dev part, too")
    given = parser.parse_args()
    settings = Settings(
        epochs=given.epochs,
        copies=given.copies,
        seed=given.seed,
        minutes=given.minutes,
        encoder_rate=given.encoder_rate,
        head_rate=given.head_rate,
        public_share=given.public_share,
        without=tuple(given.without),
        whole=tuple(given.whole),
    )
    np.random.seed(given.seed)
    weights = train(
        given.corpus,
        given.out,
        given.pretrained,
        settings,
        start=given.start,
        public=given.public,
        everything=given.everything,
    )
    print(weights)


if __name__ == "__main__":
    main()
