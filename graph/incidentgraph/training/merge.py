"""Weights of a run on the corpus and of a run on the public sets in, weights to begin the last stage with out.

    python -m incidentgraph.training.merge --pretrained DIR --own A.pt --public B.pt --out C.pt

What each run changed in the pretrained encoder is added up, with a weight (Ilharco et al. 2023, Editing models
with task arithmetic, https://arxiv.org/abs/2212.04089); each head is taken from the run that trained it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from incidentgraph.training.heads import make_model

# Better than halves on the dev parts (attacks 0.667 against 0.606, MUC-4 0.424 against 0.420); nothing else was tried.
OWN, PUBLIC = 0.75, 0.6
_PUBLIC_HEADS = ("public.", "gate.", "unary.muc4.", "pair.muc4_same.", "pair.attribution.", "null.muc4", "null.attr")


def merge(pretrained: Path, own: Path, public: Path, out: Path) -> None:
    """Write the merged weights."""
    merged = make_model(pretrained).state_dict()
    ours, theirs = (torch.load(file)["model"] for file in (own, public))
    for name, value in merged.items():
        if name.startswith("encoder."):
            merged[name] = value + OWN * (ours[name] - value) + PUBLIC * (theirs[name] - value)
        else:
            merged[name] = theirs[name] if name.startswith(_PUBLIC_HEADS) or name not in ours else ours[name]
    torch.save({"model": merged}, out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pretrained", "own", "public", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    merge(given.pretrained, given.own, given.public, given.out)


if __name__ == "__main__":
    main()
