"""Trained weights in, the shipped model out: an ONNX encoder with int8 weights, the heads, the tokenizer, the card."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from incidentgraph.extract.network_labels import FEATURES
from incidentgraph.training.heads import Encoder, Model

VERSION = "2"


class _Plain(nn.Module):
    """The encoder as it is exported: attention written out, one window at a time, no mask."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, features: Tensor) -> Tensor:
        hidden: Tensor = self.encoder(ids, features)
        return hidden


def export(weights: Path, pretrained: Path, out: Path, *, settings: dict[str, float], notes: dict[str, Any]) -> None:
    """Write the model folder."""
    config = json.loads((pretrained / "config.json").read_text(encoding="utf-8"))
    model = Model(config)
    model.load_state_dict(torch.load(weights)["model"], strict=False)
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (1, 40))
    features = torch.zeros(1, 40, len(FEATURES), dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "encoder.onnx"
        torch.onnx.export(
            _Plain(model.encoder),
            (ids, features),
            str(plain),
            input_names=["ids", "features"],
            output_names=["hidden"],
            dynamic_axes={"ids": {1: "length"}, "features": {1: "length"}, "hidden": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        shutil.copy(plain, out.parent / f"{out.name}-fp32.onnx")
        quantize_dynamic(plain, out / "encoder.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    heads = {
        name: value.numpy().astype(np.float16)
        for name, value in model.state_dict().items()
        if not name.startswith("encoder.")
    }
    np.savez_compressed(out / "heads.npz", **heads)
    tokenizer = json.loads((pretrained / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    write_card(out, settings=settings, notes=notes)


def write_card(out: Path, *, settings: dict[str, float], notes: dict[str, Any]) -> None:
    """Write model.json: what the files are, their checksums, and the thresholds chosen for these weights."""
    names = ("encoder.onnx", "heads.npz", "tokenizer.json")
    card = {
        "version": VERSION,
        "encoder": "encoder.onnx",
        "heads": "heads.npz",
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names},
        "settings": settings,
        **notes,
    }
    (out / "model.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--pretrained", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    export(given.weights, given.pretrained, given.out, settings={}, notes={})


if __name__ == "__main__":
    main()
