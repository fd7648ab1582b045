"""`incidentgraph train`: annotated articles in, a model folder for the trained extractor out."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
from pathlib import Path

import click

from incidentgraph.errors import UsageError

_NEEDED = ("torch", "safetensors", "onnx", "onnxruntime", "tokenizers")
PUBLIC_SETS = ("gum", "muc4", "re3d")
_folder = click.Path(path_type=Path)


@click.command()
@click.option(
    "--corpus", metavar="DIR", type=_folder, required=True, help="Annotated articles; their train part is used."
)
@click.option(
    "--pretrained",
    metavar="DIR",
    type=_folder,
    required=True,
    help="Encoder to begin with: model.safetensors, config.json and tokenizer.json of all-MiniLM-L6-v2.",
)
@click.option("--out", metavar="DIR", type=_folder, required=True, help="Folder for weights, model and log.")
@click.option("--public", metavar="DIR", type=_folder, help="Folder with the public sets re3d, muc4 and gum.")
@click.option("--without", type=click.Choice(PUBLIC_SETS), multiple=True, help="Leave this public set out. Repeatable.")
@click.option(
    "--whole",
    type=click.Choice(PUBLIC_SETS),
    multiple=True,
    help="Train on the dev part of this public set, too; its thresholds then stay as they are. Repeatable.",
)
@click.option("--public-share", type=float, default=0.5, show_default=True, help="Public batches for each of articles.")
@click.option(
    "--first-epochs", type=int, default=3, show_default=True, help="Epochs of the stage before, mostly public."
)
@click.option("--epochs", type=int, default=10, show_default=True, help="Epochs over the articles.")
@click.option(
    "--minutes",
    type=float,
    default=0.0,
    help="Finish within so many minutes, whatever the epochs; what comes out then depends on the machine's speed.",
)
@click.option("--start", metavar="FILE", type=_folder, help="Weights to begin with, in place of the stage before.")
@click.option("--seed", type=int, default=7, show_default=True, help="Seed of all that is drawn.")
@click.option("--rounds", type=int, default=1, show_default=True, help="Rounds of tuning on the dev part; 0 for none.")
@click.option("--threads", type=int, default=2, show_default=True, help="Processor cores to use.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON instead of a table.")
def train(
    corpus: Path,
    pretrained: Path,
    out: Path,
    public: Path | None,
    without: tuple[str, ...],
    whole: tuple[str, ...],
    public_share: float,
    first_epochs: int,
    epochs: int,
    minutes: float,
    start: Path | None,
    seed: int,
    rounds: int,
    threads: int,
    as_json: bool,
) -> None:
    """Train the extractor anew: train, export, and choose thresholds on the dev parts.

    Stopped and called again with the same options, it goes on after the last epoch that was finished.

    \b
      incidentgraph train --corpus seeds/annotated --pretrained MINILM --out trained
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}: pip install 'incidentgraph[train]'")
    from incidentgraph.training.run import Plan, run  # torch takes seconds to import
    from incidentgraph.training.train import Settings

    plan = Plan(
        corpus=corpus,
        pretrained=pretrained,
        out=out,
        public=public,
        start=start,
        first_epochs=first_epochs,
        rounds=rounds,
        settings=Settings(
            epochs=epochs,
            within=minutes,
            seed=seed,
            threads=threads,
            public_share=public_share,
            without=without,
            whole=whole,
        ),
    )
    with contextlib.redirect_stdout(sys.stderr):
        summary = run(plan)
    if as_json:
        click.echo(json.dumps(summary, indent=1))
        return
    click.echo(f"model: {summary['model']}")
    for title, part in (("dev part", summary["dev"]), ("public sets, dev parts", summary["public_dev"] or {})):
        if part:
            click.echo(f"F1, {title}:")
            for row, value in part.items():
                click.echo(f"  {row:28s} {'-' if value is None else f'{value:.3f}'}")
