"""`incidentgraph evaluate`: annotated articles in, scores of an extractor out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from incidentgraph.cli import shared
from incidentgraph.cli.public_sets import SETS
from incidentgraph.errors import UsageError
from incidentgraph.evaluation.gold import SUFFIX, gold_files, read_gold
from incidentgraph.evaluation.report import evaluate as score
from incidentgraph.evaluation.report import json_of, table_of
from incidentgraph.evaluation.split import Part, part_of
from incidentgraph.extension import Extension, read_extensions
from incidentgraph.extract import Extractor, extended
from incidentgraph.records import Extraction
from incidentgraph.schema import from_json


@click.command()
@click.option(
    "--gold",
    "gold",
    metavar="FILE",
    multiple=True,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Annotated articles: .gold files, a folder of them, or JSON lines as `extract` prints. Repeat for more.",
)
@click.option(
    "--set",
    "public_set",
    type=click.Choice(sorted(SETS)),
    help="The files are of a public set, in its own format; the trained model is scored by the set's own measure.",
)
@click.option(
    "--predictions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --set: also write what the model says, in the set's own format, for another scorer.",
)
@click.option(
    "--part",
    type=click.Choice([part.value for part in Part]),
    help="Only the articles of this part of the corpus; the split is fixed, by cluster and real event.",
)
@shared.extractor_options
@shared.extension_option
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON instead of a table.")
@click.option("--errors", is_flag=True, help="Name each item that was missed, invented or read otherwise.")
def evaluate(
    gold: tuple[Path, ...],
    public_set: str | None,
    predictions: Path | None,
    part: str | None,
    extractor: Extractor,
    extensions: tuple[Path, ...],
    as_json: bool,
    errors: bool,
) -> None:
    """Read the annotated articles with an extractor and score what it says against the annotation.

    \b
      incidentgraph evaluate --gold seeds/annotated --part dev --extractor rules
      incidentgraph evaluate --set muc4 --gold grit_dev.jsonl --predictions said.jsonl
    """
    if public_set is not None:
        if part is not None or errors:
            raise UsageError("--part and --errors do not go with --set")
        _evaluate_set(public_set, gold, predictions, as_json=as_json)
        return
    if predictions is not None:
        raise UsageError("--predictions goes with --set; `extract` prints what an extractor says of articles")
    extension = read_extensions(extensions)
    reader = extended(extractor, extension.lists)
    golds = _annotated(gold, part, extension)
    scores = score((reader.extract(annotated.article), annotated) for annotated in golds)
    if as_json:
        click.echo(json.dumps(scores.as_dict(errors=errors), indent=1, ensure_ascii=False))
        return
    click.echo(scores.table())
    if errors:
        click.echo(scores.error_list())


def _evaluate_set(name: str, paths: tuple[Path, ...], predictions: Path | None, *, as_json: bool) -> None:
    from incidentgraph.extract.public import make_reader  # it loads the trained model

    if folder := next((path for path in paths if path.is_dir()), None):
        raise UsageError(f"{folder} is a folder: name the files of the set")
    counts, said = SETS[name](make_reader(), paths)
    if predictions is not None:
        try:
            predictions.write_text(said, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {predictions}: {error.strerror}") from error
    click.echo(json.dumps(json_of(counts), indent=1) if as_json else table_of(counts))


def _annotated(paths: tuple[Path, ...], part: str | None, extension: Extension) -> Iterator[Extraction]:
    for path in paths:
        if path.is_dir() or path.suffix == SUFFIX:
            golds = (read_gold(file) for file in gold_files([path]))
            yield from (gold.extraction for gold in golds if part is None or part_of(gold) == part)
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    yield from_json({"extractor": "gold"} | json.loads(line), own_kinds=extension.kinds)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise UsageError(f"{path}:{number}: not an annotated article ({error})") from error
