"""A model folder and the public sets' dev parts in, the thresholds of the public layers in its `model.json` out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from incidentgraph.evaluation import muc4, polnear, re3d
from incidentgraph.extract.public import PublicReader, make_reader
from incidentgraph.training.export import write_card
from incidentgraph.training.public_gum import Document, read_attributions

# What is tried for MUC-4, one setting after the other; the order is that of their weight.
_SHARES = tuple(number / 20 for number in range(1, 20))
MUC4_GRID: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("muc4_mix", (0.0, 0.3, 0.5, 0.7, 1.0)),
    *((f"muc4_{role}", _SHARES) for role in muc4.ROLES),
    ("muc4_gate", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)),
    ("muc4_same", (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)),
)
ATTRIBUTION_GRID = (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
RE3D_GRID = (-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def tune_fillers(reader: PublicReader, documents: Sequence[muc4.Document], *, rounds: int = 3) -> float:
    """Choose the thresholds of MUC-4's fillers and return the F1 that they reach."""
    views = [(reader.view_fillers(reader.see(document.text)), document.fillers) for document in documents]

    def f1() -> float:
        pairs = (
            ({role: [(item.text,) for item in items] for role, items in reader.fillers(view).items()}, gold)
            for view, gold in views
        )
        return muc4.score(pairs)["fillers"].f1 or 0.0

    for _ in range(rounds):
        for name, values in MUC4_GRID:
            _choose(reader, name, values, f1)
    return f1()


def tune_entities(reader: PublicReader, sentences: Sequence[re3d.Sentence]) -> float:
    """Choose the bias of re3d's entities and return the F1 that it reaches."""
    seen = [(*reader.see_tokens(sentence.tokens), re3d.entities_of(sentence.tags)) for sentence in sentences]

    def f1() -> float:
        return re3d.score((reader.entities(view, tokens), gold) for view, tokens, gold in seen)["entities"].f1 or 0.0

    _choose(reader, "re3d", RE3D_GRID, f1)
    return f1()


def tune_attributions(reader: PublicReader, documents: Sequence[Document]) -> float:
    """Choose the biases of cues and sources and return the mean of their F1."""
    seen = [
        (reader.see(item.text), [(cue, source) for cue, source in item.attributions if cue is not None])
        for item in documents
    ]

    def f1() -> float:
        counts = polnear.score((reader.attributions(view), gold) for view, gold in seen)
        return (counts["cue"].f1 or 0.0) + (counts["source"].f1 or 0.0)

    for name in ("cues", "sources", "cues"):
        _choose(reader, name, ATTRIBUTION_GRID, f1)
    return f1() / 2


def _choose(reader: PublicReader, name: str, values: Sequence[float], f1: Callable[[], float]) -> None:
    """Set what does best; of equals what is nearest to the present value."""
    before = reader.settings[name]
    best = (-1.0, before)
    for value in sorted({*values, before}, key=lambda value: abs(value - before)):
        reader.settings[name] = value
        best = max(best, (f1(), value), key=lambda found: found[0])
    reader.settings[name] = best[1]


def tune_public(model: Path, folder: Path, *, skip: Sequence[str] = ()) -> dict[str, float]:
    """Tune the public layers on the dev parts that the folder has, write them down, and return the F1 of each set."""
    reader = make_reader(model)
    scores = {}
    if "re3d" not in skip and (file := folder / "re3d" / "bio_dev.txt").is_file():
        scores["re3d"] = tune_entities(reader, re3d.read_sentences(file))
    if "muc4" not in skip and (file := folder / "muc4" / "grit_dev.jsonl").is_file():
        scores["muc4"] = tune_fillers(reader, muc4.read_documents(file))
    if "gum" not in skip and (attributed := read_attributions(folder / "gum", "dev")):
        scores["gum"] = tune_attributions(reader, attributed)
    card = json.loads((model / "model.json").read_text(encoding="utf-8"))
    notes = {name: value for name, value in card.items() if name not in {"version", "encoder", "heads", "files"}}
    settings = notes.pop("settings", {})
    write_card(model, settings=settings, notes={**notes, "public": reader.settings})
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--public", type=Path, required=True)
    given = parser.parse_args()
    print(tune_public(given.model, given.public))


if __name__ == "__main__":
    main()
