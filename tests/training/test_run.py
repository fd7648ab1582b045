"""The whole training run on a toy encoder: resumable, and the same every time."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("safetensors")

import torch
from safetensors.torch import save_file

from incidentgraph import resources
from incidentgraph.errors import UsageError
from incidentgraph.extract.model import MODEL
from incidentgraph.training.run import Plan, run
from incidentgraph.training.train import Settings, _windows, train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # torch and its exporter warn of their own ways
]
_SIZE, _INNER = 32, 48


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of a pretrained encoder, with one small layer of chance."""
    folder = tmp_path_factory.mktemp("pretrained")
    config = {
        "vocab_size": 30522,
        "hidden_size": _SIZE,
        "max_position_embeddings": 512,
        "num_attention_heads": 2,
        "intermediate_size": _INNER,
        "num_hidden_layers": 1,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copy(MODEL / "tokenizer.json", folder / "tokenizer.json")
    torch.manual_seed(1)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (30522, _SIZE),
        "embeddings.position_embeddings.weight": (512, _SIZE),
        "embeddings.token_type_embeddings.weight": (2, _SIZE),
    }
    layer = "encoder.layer.0"
    for name, out, inside in (
        (f"{layer}.attention.self.query", _SIZE, _SIZE),
        (f"{layer}.attention.self.key", _SIZE, _SIZE),
        (f"{layer}.attention.self.value", _SIZE, _SIZE),
        (f"{layer}.attention.output.dense", _SIZE, _SIZE),
        (f"{layer}.intermediate.dense", _INNER, _SIZE),
        (f"{layer}.output.dense", _SIZE, _INNER),
    ):
        shapes |= {f"{name}.weight": (out, inside), f"{name}.bias": (out,)}
    for name in ("embeddings.LayerNorm", f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"):
        shapes |= {f"{name}.weight": (_SIZE,), f"{name}.bias": (_SIZE,)}
    weights = {name: torch.randn(shape) * 0.02 for name, shape in shapes.items()}
    weights |= {name: torch.ones(_SIZE) for name in weights if name.endswith("LayerNorm.weight")}
    save_file(weights, folder / "model.safetensors")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for file in sorted((resources.root() / "seeds" / "annotated").glob("*.gold"))[:12]:
        shutil.copy(file, folder / file.name)
    return folder


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    (folder / "re3d").mkdir()
    (folder / "muc4").mkdir()
    key = {"PerpInd": [[["guerrillas", 0]]], "Weapon": [[["bomb", 20], ["dynamite bomb", 40]]]}
    document = {"docid": "A", "doctext": "guerrillas planted a bomb, a dynamite bomb, today.", "extracts": key}
    for part in ("train", "dev"):
        (folder / "re3d" / f"bio_{part}.txt").write_text("In\tO\nHama\tB-Location\n", encoding="utf-8")
        (folder / "muc4" / f"grit_{part}.jsonl").write_text(json.dumps(document) + "\n", encoding="utf-8")
    return folder


def test_a_run_is_done_once_and_not_mixed_with_another(
    pretrained: Path, corpus: Path, public: Path, tmp_path: Path
) -> None:
    settings = Settings(epochs=1, copies=0, batch=2, threads=1, public_share=1.0)
    plan = Plan(
        corpus=corpus,
        pretrained=pretrained,
        out=tmp_path / "out",
        public=public,
        first_epochs=1,
        rounds=0,
        settings=settings,
    )
    summary = run(plan)
    assert set(summary["public_dev"]) == {"re3d", "muc4"}
    card = json.loads((tmp_path / "out" / "model" / "model.json").read_text(encoding="utf-8"))
    assert {"encoder.onnx", "heads.npz", "tokenizer.json"} == set(card["files"])
    assert "muc4_gate" in card["public"]
    made = (tmp_path / "out" / "weights" / "model.pt").stat().st_mtime_ns
    assert run(plan) == summary
    assert (tmp_path / "out" / "weights" / "model.pt").stat().st_mtime_ns == made
    with pytest.raises(UsageError, match="other options"):
        run(replace(plan, settings=replace(settings, seed=8)))


def test_an_interrupted_training_goes_on_as_if_it_had_not_been(
    pretrained: Path, corpus: Path, public: Path, tmp_path: Path
) -> None:
    settings = Settings(epochs=2, copies=1, batch=2, threads=1, public_share=1.0)
    whole = train(corpus, tmp_path / "whole", pretrained, settings, public=public)
    train(corpus, tmp_path / "parts", pretrained, replace(settings, minutes=1e-6), public=public)
    parts = train(corpus, tmp_path / "parts", pretrained, settings, public=public)
    ours, theirs = (torch.load(file)["model"] for file in (whole, parts))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_a_training_can_be_told_to_end_in_time(pretrained: Path, corpus: Path, tmp_path: Path) -> None:
    settings = Settings(epochs=10_000, copies=0, batch=4, threads=1, within=0.02)
    train(corpus, tmp_path / "short", pretrained, settings)
    assert torch.load(tmp_path / "short" / "checkpoint.pt", weights_only=False)["epoch"] < 10_000


def test_windows_are_of_one_length_and_cover_all() -> None:
    for total in (1, 510, 511, 900, 3000):
        windows = _windows(total)
        assert windows[0][0] == 0
        assert windows[-1][1] == total
        assert max(end - start for start, end in windows) <= 510
        assert all(second[0] < first[1] for first, second in pairwise(windows))
