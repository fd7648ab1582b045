"""A model folder and the dev part in, thresholds out: one setting after the other, each by the rows it concerns."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from incidentgraph.evaluation.authoring import Gold
from incidentgraph.evaluation.report import Scores, evaluate
from incidentgraph.evaluation.split import Part
from incidentgraph.extract.model import ModelExtractor, Reading
from incidentgraph.training.export import write_card
from incidentgraph.training.train import read_corpus

# Which rows of the report a setting is chosen by, with their weights, and what is tried.
GRID: tuple[tuple[str, dict[str, float], tuple[float, ...]], ...] = (
    ("names", {"entities": 1}, (-1.0, -0.5, 0, 0.5)),
    ("attack", {"attacks": 1, "attacks.strict": 0.5}, (0.4, 0.5, 0.6, 0.7)),
    ("article", {"attacks": 1, "attacks.strict": 0.5}, (0.2, 0.4, 0.6)),
    ("vague", {"attacks": 1, "attacks.strict": 0.5}, (2, 6)),
    ("same", {"attacks": 1, "attacks.strict": 1}, (0.4, 0.5, 0.6, 0.7)),
    ("same_place", {"attacks": 1, "attacks.strict": 1}, (0, 0.2, 0.4)),
    ("triggers", {"attacks": 1, "attacks.strict": 0.5}, (-0.5, 0, 0.5, 1)),
    ("perpetrator", {"attacks.perpetrators": 1, "attacks.strict": 1}, (0.1, 0.2, 0.3, 0.4, 0.5)),
    ("rival", {"attacks.perpetrators": 1, "attacks.strict": 1}, (0.4, 0.6, 0.8)),
    ("admissions", {"attacks.perpetrator_status": 1, "attacks.strict": 1}, (0, 1)),
    ("location", {"attacks.location": 1, "attacks.strict": 1}, (0.06, 0.15, 0.3)),
    ("elsewhere", {"attacks.location": 1, "attacks.strict": 1}, (0.5, 0.8, 0.95)),
    ("kind", {"attacks.kind": 1}, (0.4, 0.5, 0.6)),
    ("kind_words", {"attacks.kind": 1}, (0.5, 1, 2)),
    ("status_words", {"attacks.status": 1}, (2, 4)),
    ("date", {"attacks.date": 1}, (0.06, 0.15, 0.3, 0.5)),
    ("target", {"attacks.targets": 1}, (0.1, 0.2, 0.35)),
    ("victim", {"attacks.victims": 1}, (0.1, 0.2, 0.35)),
    ("weapon", {"attacks.weapons": 1}, (0.3, 0.5)),
    ("parties", {"attacks.targets": 1, "attacks.victims": 1, "attacks.strict": 1}, (0, 0.5, 1)),
    ("figures", {"killed": 1, "injured": 0.5}, (-0.5, 0, 0.5, 1)),
    ("figure", {"killed": 1, "injured": 0.5}, (0.05, 0.1, 0.2, 0.35)),
    ("figure_attacker", {"killed": 1}, (0.1, 0.2, 0.35)),
    ("cues", {"claims": 1, "claims.strict": 1}, (-0.5, 0, 0.5, 1)),
    ("claim_kind", {"claims": 1, "claims.strict": 1}, (0.3, 0.4, 0.5, 0.6)),
    ("no_speaker", {"claims": 1}, (-2, -1, 0)),
    ("about_nothing", {"claims": 1}, (-2, -1, 0)),
    ("relation", {"relations": 1, "relations.strict": 1}, (0.15, 0.25, 0.35, 0.5)),
)
SHOWN = (
    *(
        "entities",
        "entities.Person",
        "entities.Group",
        "entities.Location",
        "attacks",
        "attacks.strict",
        "attacks.kind",
    ),
    *("attacks.status", "attacks.perpetrators", "attacks.perpetrator_status", "attacks.location", "attacks.date"),
    *("attacks.role", "attacks.targets", "attacks.victims", "attacks.weapons", "killed", "injured", "claims"),
    *("claims.strict", "relations", "relations.strict"),
)


def score(model: ModelExtractor, golds: Sequence[Gold], readings: Sequence[Reading]) -> Scores:
    """Return the scores of the model with its present settings."""
    return evaluate(
        (model.decode(gold.extraction.article, reading), gold.extraction)
        for gold, reading in zip(golds, readings, strict=True)
    )


# What the workers inherit when they are forked; too large to be sent with every question.
_inherited: list[tuple[ModelExtractor, Sequence[Gold], Sequence[Reading]]] = []


def _tried(settings: dict[str, float]) -> dict[str, float]:
    model, golds, readings = _inherited[-1]
    model.settings = settings
    scores = score(model, golds, readings)
    return {row: scores.f1(row) or 0.0 for row in scores.counts}


def tune(model: ModelExtractor, golds: Sequence[Gold], *, rounds: int = 1, workers: int = 2) -> Scores:
    """Set the model's thresholds to those that do best, and return the scores with them."""
    readings = [model.read(gold.extraction.article) for gold in golds]
    _inherited.append((model, golds, readings))
    with get_context("fork").Pool(workers) as pool:
        for _ in range(rounds):
            for name, rows, values in GRID:
                before = model.settings[name]
                options = sorted({float(value) for value in (*values, before)}, key=lambda value: abs(value - before))
                found = pool.map(_tried, [{**model.settings, name: value} for value in options], chunksize=1)
                totals = [sum(weight * scores[row] for row, weight in rows.items()) for scores in found]
                best = max(range(len(options)), key=lambda index: (totals[index], -index))  # the nearest of equals
                model.settings[name] = options[best]
                print(name, options[best], round(totals[best], 4), flush=True)
    _inherited.pop()
    return score(model, golds, readings)


def show(scores: Scores) -> str:
    """Return the rows that matter on one line each."""
    lines = []
    for row in SHOWN:
        count = scores.counts[row]
        parts = [
            f"{value:.3f}" if value is not None else "  -  " for value in (count.precision, count.recall, count.f1)
        ]
        lines.append(f"{row:28s} {' '.join(parts)}")
    lines.append(
        f"invented {scores.invented_attacks} attacks in {scores.articles_with_invented_attacks} "
        f"of {scores.articles_without_attacks} articles"
    )
    return "\n".join(lines)


def tune_folder(folder: Path, golds: Sequence[Gold], *, rounds: int, workers: int = 2) -> Scores:
    """Tune the model in the folder, write its thresholds down and return the scores; 0 rounds only score."""
    model = ModelExtractor(folder)
    scores = tune(model, golds, rounds=rounds, workers=workers)
    if rounds:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        notes = {
            name: value
            for name, value in card.items()
            if name not in {"version", "encoder", "heads", "files", "settings"}
        }
        write_card(folder, settings=model.settings, notes=notes)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--part", type=Part, default=Part.DEV)
    parser.add_argument("--rounds", type=int, default=0, help="0: only score")
    given = parser.parse_args()
    golds = read_corpus(given.corpus)[given.part]
    print(show(tune_folder(given.model, golds, rounds=given.rounds)))


if __name__ == "__main__":
    main()
